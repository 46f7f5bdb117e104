"""The backendSignature plugin: the gateway signs its requests to the backend.

`APIGW_BACKEND` signs for a server of yours, which checks with the same key and secret.
`APIGW_FRONTEND` signs as an app would, so that the gateway can call another API of a gateway: its
own, another region's or another account's.

API Gateway, "Backend signature plug-ins", and "API Gateway calls itself" of the best practices,
which alone shows `signatureMethod`. That a key has 6 to 20 characters and a secret 6 to 30 is
documented for the console's own signature keys; here it can't be checked, since they are encrypted.
"""

from collections.abc import Iterator
from enum import StrEnum

from pydantic import Field

from stack.model import Model
from stack.problems import KeyPath, Problem
from stack.secrets import EXAMPLE, Secret, plain_secret_problems
from topologies.api_gateway.plugins.data import Data, SecretRef


class SignatureType(StrEnum):
    """Whom the gateway signs for."""

    APIGW_FRONTEND = "APIGW_FRONTEND"
    """An API of a gateway: the key and secret are those of an app that may call it."""

    APIGW_BACKEND = "APIGW_BACKEND"
    """A server that knows the same key and secret."""


class SignatureMethod(StrEnum):
    """How the gateway signs."""

    HMAC_SHA256 = "HmacSHA256"


class BackendSignatureSettings(Model):
    """How the gateway signs its requests to the backend."""

    type: SignatureType = Field(strict=False, examples=["APIGW_FRONTEND"])
    """APIGW_FRONTEND to call an API of a gateway, APIGW_BACKEND for a server of yours."""

    key: Secret = Field(examples=[EXAMPLE])
    """The key: with APIGW_FRONTEND, the AppKey of an app that may call the API. A secret."""

    secret: Secret = Field(examples=[EXAMPLE])
    """The secret that belongs to the key. A secret."""

    signature_method: SignatureMethod | None = Field(
        default=None, strict=False, examples=["HmacSHA256"]
    )
    """With APIGW_FRONTEND; HmacSHA256 unless given."""


def backend_signature_problems(
    path: KeyPath, settings: BackendSignatureSettings
) -> Iterator[Problem]:
    """Everything that a backendSignature plugin may not say."""
    yield from plain_secret_problems(settings, path)
    if settings.type is SignatureType.APIGW_BACKEND and settings.signature_method is not None:
        yield Problem(
            (*path, "signatureMethod"),
            settings.signature_method.value,
            "signatureMethod belongs to type: APIGW_FRONTEND",
            "remove it, or change type",
        )


def backend_signature_data(settings: BackendSignatureSettings, path: KeyPath) -> Data:
    """A backendSignature plugin as the gateway documents it; its secrets as references."""
    data: Data = {
        "type": settings.type.value,
        "key": SecretRef((*path, "key")),
        "secret": SecretRef((*path, "secret")),
    }
    if settings.type is SignatureType.APIGW_FRONTEND:
        method = settings.signature_method or SignatureMethod.HMAC_SHA256
        data["signatureMethod"] = method.value
    return data
