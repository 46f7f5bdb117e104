"""Calls by the official SDKs' own transport, which signs them and speaks HTTP.

Where a product is called: `ALIBABA_CLOUD_ENDPOINT_<PRODUCT>`, as `make cloud` exports it, or else
the product's address in the region. What is called by path names no region: there the server that
the environment names is asked which address has it. By HTTPS; by HTTP only where the call doesn't
leave this machine.
"""

import functools
import importlib
import ipaddress
from collections.abc import Mapping
from typing import Any, Final

from facts.endpoints import endpoint_of
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

    @functools.cache
    def place_of(product: str, region: str) -> str:
        """Where a product is called by path, whose calls name no region."""
        said = {"Id": region, "ServiceCode": product, "Type": "openAPI"}
        answer = send(Call("location", "DescribeEndpoints", region, said))
        return str(answer["Endpoints"]["Endpoint"][0]["Endpoint"])

    def send(call: Call) -> Mapping[str, Any]:
        place = endpoint(environment, call)
        if call.path and f"{ENDPOINT}LOCATION" in environment:
            place = place_of(call.product, call.region)
        by_path, by_name = ("GET", "ROA", "json"), ("POST", "RPC", "formData")
        method, style, body = by_path if call.path else by_name
        params = models.Params(
            action=call.action,
            version=call.version,
            protocol="HTTPS",
            pathname=call.path or "/",
            method=method,
            auth_type="AK",
            style=style,
            req_body_type=body,
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
    return said or endpoint_of(call.product, call.region)


def _is_here(place: str) -> bool:
    """Whether an address is this machine's own."""
    host = place.rpartition(":")[0] or place
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _no_options() -> Any:  # noqa: ANN401 - the SDK's own, untyped
    return importlib.import_module("darabonba.runtime").RuntimeOptions()
