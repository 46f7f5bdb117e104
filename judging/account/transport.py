"""Calls by the official SDKs' own transport, which signs them and speaks HTTP.

Where a product is called: `ALIBABA_CLOUD_ENDPOINT_<PRODUCT>`, as `make cloud` exports it, or else
the product's address in the region. By HTTPS; by HTTP only where the call doesn't leave this
machine.
"""

import functools
import importlib
import ipaddress
from collections.abc import Mapping
from typing import Any, Final

from judging.account.credentials import credential_of
from judging.account.reading import Call, RefusedError, Send, UnreadError

ENDPOINT: Final = "ALIBABA_CLOUD_ENDPOINT_"
"""How the variable begins that says where a product is called."""

_SDK: Final = "alibabacloud_tea_openapi"
_CONNECT, _READ = 5_000, 20_000
"""In milliseconds: how long is waited for a connection, and for an answer."""


def official(environment: Mapping[str, str]) -> Send:
    """What sends calls as the environment says: where, and by whose credentials.

    Raises:
        UnreadError: it has no credentials.
    """
    try:
        models = importlib.import_module(f"{_SDK}.models")
        client = importlib.import_module(f"{_SDK}.client").Client
        cloud_refusal = importlib.import_module("darabonba.exceptions").ResponseException
        credential = credential_of(environment)
        # Keys that can't be had are told as such, and not as a call that failed.
        credential.get_credential()
    except ImportError as error:
        raise UnreadError(f"{error.name} isn't installed, which accounts are read by.") from None
    except UnreadError:
        raise
    except Exception as error:  # noqa: BLE001 - each way to credentials has errors of its own
        raise UnreadError(
            f"The credentials can't be had: {error}\nmake doctor says which are taken."
        ) from None

    @functools.cache
    def client_of(place: str, region: str) -> Any:  # noqa: ANN401 - the SDK's own, untyped
        protocol = "HTTP" if _is_here(place) else "HTTPS"
        config = models.Config(
            credential=credential,
            endpoint=place,
            protocol=protocol,
            region_id=region,
            connect_timeout=_CONNECT,
            read_timeout=_READ,
        )
        return client(config)

    def send(call: Call) -> Mapping[str, Any]:
        place = endpoint(environment, call)
        params = models.Params(
            action=call.action,
            version=call.version,
            protocol="HTTPS",
            pathname="/",
            method="POST",
            auth_type="AK",
            style="RPC",
            req_body_type="formData",
            body_type="json",
        )
        request = models.OpenApiRequest(query=dict(call.parameters))
        try:
            answer = client_of(place, call.region).call_api(params, request, _no_options())
        except cloud_refusal as refusal:
            raise RefusedError(str(refusal.code), str(refusal.message)) from None
        # The SDK, and what is below it, fail in many ways before there is an answer.
        except Exception as error:  # noqa: BLE001
            raise UnreadError(
                f"{call.action} in {call.region} got no answer from {place} ({error}).\n"
                f"Is that address right ({ENDPOINT}{call.product.upper()}), and can it be reached?"
            ) from None
        told: Mapping[str, Any] = answer["body"]
        return told

    return send


def endpoint(environment: Mapping[str, str], call: Call) -> str:
    """Where a call goes: a host, and a port where one is said."""
    said = environment.get(f"{ENDPOINT}{call.product.upper()}")
    return said or f"{call.product}.{call.region}.aliyuncs.com"


def _is_here(place: str) -> bool:
    """Whether an address is this machine's own."""
    host = place.rpartition(":")[0] or place
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _no_options() -> Any:  # noqa: ANN401 - the SDK's own, untyped
    return importlib.import_module("darabonba.runtime").RuntimeOptions()
