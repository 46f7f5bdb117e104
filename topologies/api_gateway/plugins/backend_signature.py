"""The backendSignature plugin: the gateway signs its requests to the backend.

`APIGW_BACKEND` signs for a server of yours, which checks with the same key and secret.
`APIGW_FRONTEND` signs as an app would, so that the gateway can call another API of a gateway: its
own, another region's or another account's.

API Gateway, "Backend signature plug-ins", and "API Gateway calls itself" of the best practices,
which alone shows `signatureMethod`. That a key has 6 to 20 characters and a secret 6 to 30 is
documented for the console's own signature keys; here it can't be checked, since they are encrypted.
"""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from stack.problems import KeyPath, Problem
from stack.secrets import EXAMPLE, Secret
from topologies.api_gateway.plugins.base import Data, PluginKind, SecretRef

SignatureType = Literal["APIGW_FRONTEND", "APIGW_BACKEND"]


SignatureMethod = Literal["HmacSHA256"]


class BackendSignatureSettings(PluginKind):
    """How the gateway signs its requests to the backend."""

    type: SignatureType = Field(examples=["APIGW_FRONTEND"])
    """APIGW_FRONTEND to call an API of a gateway, APIGW_BACKEND for a server of yours."""

    key: Secret = Field(examples=[EXAMPLE])
    """The key: with APIGW_FRONTEND, the AppKey of an app that may call the API. A secret."""

    secret: Secret = Field(examples=[EXAMPLE])
    """The secret that belongs to the key. A secret."""

    signature_method: SignatureMethod | None = Field(default=None, examples=["HmacSHA256"])
    """With APIGW_FRONTEND; HmacSHA256 unless given."""

    def problems(self, path: KeyPath) -> Iterator[Problem]:
        """Everything that a backendSignature plugin may not say."""
        if self.type == "APIGW_BACKEND" and self.signature_method is not None:
            yield Problem(
                (*path, "signatureMethod"),
                self.signature_method,
                "signatureMethod belongs to type: APIGW_FRONTEND",
                "remove it, or change type",
            )

    def written(self) -> Data:
        """A backendSignature plugin as the gateway documents it; its secrets as references."""
        data: Data = {
            "type": self.type,
            "key": SecretRef(("key",)),
            "secret": SecretRef(("secret",)),
        }
        if self.type == "APIGW_FRONTEND":
            method = self.signature_method or "HmacSHA256"
            data["signatureMethod"] = method
        return data
