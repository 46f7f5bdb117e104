"""The gateway calling itself: requests of plugins and APIs to APIs of the stack's own groups.

Each has to meet an API there: its path and method, by a protocol that the API takes. Who may call
isn't looked at, since a key that signs such calls is a secret. APIs of other regions and accounts
are called by their public domains, and nothing here knows them.

Source: the seed document on API Gateway best practices, chapter 1.
"""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from stack.problems import KeyPath, Problem, choose_from
from topologies.api_gateway import SECTION
from topologies.api_gateway.apis.settings import ApiSettings, path_values
from topologies.api_gateway.backends.settings import Method
from topologies.api_gateway.names import reference_problems
from topologies.api_gateway.plugins.backends import PluginBackend
from topologies.api_gateway.settings import ApiGatewaySettings


class _Call(NamedTuple):
    """A request to an API of the stack, and where the stack file says so."""

    at: KeyPath
    group: str
    scheme: str
    method: str
    path: str


def self_call_problems(section: ApiGatewaySettings) -> Iterator[Problem]:
    """Calls of the gateway to itself that can't arrive."""
    yield from _group_problems(section)
    for call in dict.fromkeys(_calls(section)):
        takers = [(name, api) for name, api in section.apis.items() if _takes(section, api, call)]
        if not takers:
            known = [
                f"{api.method} {section.path_of(api)}"
                for api in section.apis.values()
                if api.group == call.group
            ]
            rule = f"the gateway calls itself here, and {call.group} has no such API"
            asked = f"{call.method} {call.path}"
            yield Problem(call.at, asked, rule, choose_from(asked, known, "request"))
        elif not any(call.scheme in api.protocol.split(",") for _, api in takers):
            name, api = takers[0]
            rule = f"this call comes by {call.scheme}, and {name} takes {api.protocol} alone"
            remedy = f"say protocol: http,https in {section.home_of(name)}"
            yield Problem(call.at, call.scheme, rule, remedy)


def _group_problems(section: ApiGatewaySettings) -> Iterator[Problem]:
    for at, backend, _ in _backends(section):
        if backend.self_call is None:
            continue
        where, name = (*at, "selfCall", "group"), backend.self_call.group
        yield from reference_problems(where, name, section.groups, "groups")
        if name in section.groups and section.groups[name].self_call_domain is None:
            rule = f"{name} has no domain by which the gateway calls itself"
            remedy = (
                "make it: aliyun cloudapi CreateIntranetDomain --GroupId …, with its id of the "
                f"output apiGroups; then write it into {SECTION}.groups.{name}.selfCallDomain"
            )
            yield Problem(where, name, rule, remedy)


def _backends(
    section: ApiGatewaySettings,
) -> Iterator[tuple[KeyPath, PluginBackend, list[ApiSettings]]]:
    """The backends of plugins, each with its place and the APIs that are bound to it."""
    for key, plugin in section.plugins.items():
        bound = [api for api in section.apis.values() if key in api.plugins]
        for kind, settings in plugin.kinds.items():
            for at, backend in settings.backends((SECTION, "plugins", key, kind)):
                yield at, backend, bound


def _calls(section: ApiGatewaySettings) -> Iterator[_Call]:
    groups = {
        group.self_call_domain: name
        for name, group in section.groups.items()
        if group.self_call_domain is not None
    }
    for at, backend, bound in _backends(section):
        reached, scheme, group = backend.self_call, "http", ""
        kind = "selfCall"
        if reached is not None:
            group = reached.group
        elif backend.http is not None:
            address = urlsplit(backend.http.address)
            reached, scheme, kind = backend.http, address.scheme, "http"
            group = groups.get(address.netloc, "")
        if reached is None or group not in section.groups:
            continue
        for api in bound:
            own = api.backend.http or api.backend.vpc
            method = reached.method or (own.method if own is not None else None) or api.method
            path = reached.path or _own_path(api)
            if path is not None:
                yield _Call((*at, kind, "path"), group, scheme, method.value, path)
    for name, api in section.apis.items():
        if api.backend.http is not None:
            url = urlsplit(api.backend.http.url)
            if url.netloc in groups:
                method = (api.backend.http.method or api.method).value
                at = (SECTION, "apis", name, "backend", "http", "url")
                yield _Call(at, groups[url.netloc], url.scheme, method, _own_path(api) or "/")


def _own_path(api: ApiSettings) -> str | None:
    """The path of an API's own backend, which routes keep that say none; None where it has none."""
    if api.backend.http is not None:
        return urlsplit(api.backend.http.url).path or "/"
    return api.backend.vpc.path if api.backend.vpc is not None else None


def _takes(section: ApiGatewaySettings, api: ApiSettings, call: _Call) -> bool:
    any_method = Method.ANY.value in {api.method.value, call.method}
    return (
        api.group == call.group
        and (any_method or api.method.value == call.method)
        and path_values(section.path_of(api), call.path) is not None
    )
