"""Backends inside plugins: where a route, or a tripped circuit breaker, sends requests instead.

The gateway lays such a backend over the API's own and keeps what it doesn't say. What is still
incomplete then is answered with error I504RB, at run time and to the client; so the parts that
every backend has (an address, an authorization) are required here. (API Gateway, "Backend
routing".)
"""

import re
from collections.abc import Collection, Iterator
from typing import Annotated

from pydantic import Field

from stack.model import Model, NameOf
from stack.problems import KeyPath, Problem
from topologies.api_gateway.backends.settings import GatewayPath, Method, StatusCode, Timeout
from topologies.api_gateway.names import reference_problems
from topologies.api_gateway.plugins.base import AccessRef, Data, GroupRef

_Timeout = Annotated[Timeout, Field(examples=[7000])]

# `#name#` is one of the gateway's own variables, which differ from stage to stage.
_ADDRESS = re.compile(r"https?://(?:[A-Za-z0-9.-]+|#[A-Za-z0-9_-]+#)(?::([0-9]{1,5}))?")
_WITH_PROTOCOL = re.compile(r"https?://", re.IGNORECASE)
_HIGHEST_PORT = 65535


class _Reached(Model):
    """What a backend says of requests to it; the API's own unless given."""

    path: GatewayPath | None = Field(default=None, examples=["/business1"])
    """The path towards the backend; the API's own unless given."""

    method: Method | None = Field(default=None, strict=False, examples=["GET"])
    """The method towards the backend; the API's own unless given."""

    timeout: _Timeout | None = None
    """Milliseconds that the backend may take; the API's own unless given."""


class HttpPluginBackend(_Reached):
    """A backend by its address."""

    address: str = Field(examples=["http://backend1.example.com:8080"])
    """Protocol, host and port, without a path."""


class VpcPluginBackend(_Reached):
    """A backend inside a VPC, through an authorization of `vpcAccess`."""

    access: Annotated[str, NameOf("vpcAccess")] = Field(examples=["ingress"])
    """The name of the authorization."""


class SelfCallPluginBackend(_Reached):
    """An API of one of the stack's groups, which the gateway calls itself, over http."""

    group: str = Field(examples=["business1"])
    """The name of the group; its `selfCallDomain` is called."""


class MockPluginBackend(Model):
    """A fixed answer of the gateway's own."""

    status: StatusCode = Field(examples=[400])
    """The HTTP status."""

    body: str | None = Field(default=None, examples=["This version is no longer supported."])
    """The body; empty unless given."""


class PluginBackend(Model):
    """Where requests go: exactly one of `http`, `vpc`, `selfCall` and `mock`."""

    not_offered = (
        "how a plugin calls a function of Function Compute 3.0 isn't documented; what is known can "
        "be written as it is, in other: {type: routing, data: …}"
    )

    http: HttpPluginBackend | None = None
    """By address."""

    vpc: VpcPluginBackend | None = None
    """Inside a VPC."""

    self_call: SelfCallPluginBackend | None = None
    """Another API of the stack."""

    mock: MockPluginBackend | None = None
    """A fixed answer."""


def backend_problems(
    path: KeyPath, backend: PluginBackend, accesses: Collection[str]
) -> Iterator[Problem]:
    """Everything that a plugin's backend may not say.

    Args:
        path: where it stands.
        backend: its settings.
        accesses: the names of the stack's VPC authorizations.
    """
    kinds = [
        field.alias or kind
        for kind, field in PluginBackend.model_fields.items()
        if getattr(backend, kind) is not None
    ]
    if len(kinds) != 1:
        rule = "a backend is exactly one of http, vpc, selfCall and mock"
        remedy = f"keep one of {', '.join(kinds)}" if kinds else "add http, vpc, selfCall or mock"
        yield Problem(path, ", ".join(kinds) or None, rule, remedy)
    if backend.http is not None:
        yield from address_problems((*path, "http", "address"), backend.http.address)
        yield from path_problems((*path, "http", "path"), backend.http.path)
    if backend.vpc is not None:
        where, name = (*path, "vpc", "access"), backend.vpc.access
        yield from reference_problems(where, name, accesses, "vpcAccess")
        yield from path_problems((*path, "vpc", "path"), backend.vpc.path)
    if backend.self_call is not None:
        yield from path_problems((*path, "selfCall", "path"), backend.self_call.path)


def pathless(backend: PluginBackend) -> str | None:
    """The kind of a backend that says no path and so keeps the API's; None where it says one."""
    for kind, reached in (
        ("http", backend.http),
        ("vpc", backend.vpc),
        ("selfCall", backend.self_call),
    ):
        if reached is not None and reached.path is None:
            return kind
    return None


def backend_data(backend: PluginBackend, mock: str = "MOCK") -> Data:
    """A backend as plugins have it; `mock` is how the plugin spells the type of a fixed answer."""
    data: Data = {}
    if backend.http is not None:
        data = {"type": "HTTP", "address": backend.http.address, **_request(backend.http)}
    elif backend.vpc is not None:
        access = backend.vpc.access
        data = {"type": "HTTP-VPC", "vpcAccessName": AccessRef(access), **_request(backend.vpc)}
    elif backend.self_call is not None:
        group = GroupRef(backend.self_call.group)
        data = {"type": "HTTP", "address": group, **_request(backend.self_call)}
    elif backend.mock is not None:
        data = {"type": mock, "statusCode": backend.mock.status}
        if backend.mock.body is not None:
            data["body"] = backend.mock.body
    return data


def _request(reached: _Reached) -> Data:
    said: Data = {
        "path": reached.path,
        "method": reached.method.value if reached.method is not None else None,
        "timeout": reached.timeout,
    }
    return {key: value for key, value in said.items() if value is not None}


def address_problems(path: KeyPath, address: str) -> Iterator[Problem]:
    """What an address may not be: it has no path."""
    match = _ADDRESS.fullmatch(address)
    if match and int(match[1] or 1) <= _HIGHEST_PORT:
        return
    rule = "an address has a protocol and a host, a port if needed, and nothing else"
    remedy = "write it as http://backend1.example.com:8080"
    if not _WITH_PROTOCOL.match(address) and _ADDRESS.fullmatch(f"http://{address}"):
        remedy = f"write http://{address} or https://{address}"
    elif (head := _ADDRESS.match(address)) and address[head.end() :].startswith("/"):
        tail = address[head.end() :]
        remedy = f"write {head[0]}" + (f", and path: {tail}" if tail != "/" else "")
    yield Problem(path, address, rule, remedy)


def path_problems(path: KeyPath, text: str | None) -> Iterator[Problem]:
    """What a path may not be."""
    if text is not None and not text.startswith("/"):
        yield Problem(path, text, "a path starts with /", f"write /{text}")
