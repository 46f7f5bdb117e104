"""What the gateway holds once: a method and a path of a group.

Resource names here are those that `build` gives.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from stack.claims import Claim, Holder, Holdings
from stack.held import HeldResource, HeldState
from stack.settings import CommonSettings
from stack.topology import Sections
from topologies.api_gateway.api_rules import path_parameters
from topologies.api_gateway.api_settings import Method
from topologies.api_gateway.settings import SECTION, ApiGatewaySettings

API = "alicloud:apigateway/api:Api"
GROUP = "alicloud:apigateway/group:Group"


def api_gateway_holdings(
    _common: CommonSettings, section: ApiGatewaySettings, _sections: Sections, state: HeldState
) -> Holdings:
    """APIs, as the state holds them and as the section wants them."""
    return Holdings(tuple(_held(state)), tuple(_wanted(section, state)))


def _held(state: HeldState) -> Iterator[Holder]:
    for name, api in state.all(API, "api"):
        config = _request(api)
        path, method = config.get("path"), config.get("method")
        if isinstance(path, str) and isinstance(method, str):
            claims = _claims(api.text("groupId"), method, path)
            yield Holder((SECTION, "apis", name.removesuffix("-api")), claims)


def _request(api: HeldResource) -> Mapping[str, Any]:
    config = api.outputs.get("requestConfig")
    return cast("Mapping[str, Any]", config) if isinstance(config, dict) else {}


def _wanted(section: ApiGatewaySettings, state: HeldState) -> Iterator[Holder]:
    for name, api in section.apis.items():
        was = section.groups[api.group].was
        group = state.find(GROUP, f"group-{api.group}-group", f"group-{was}-group" if was else None)
        if group is not None:  # else nothing is held in it yet
            claims = _claims(group.id, api.method.value, api.path)
            yield Holder((SECTION, "apis", name), claims, api.was)


def _claims(group: str, method: str, path: str) -> tuple[Claim, ...]:
    for parameter in path_parameters(path):
        path = path.replace(f"[{parameter}]", "[]")
    methods = [m.value for m in Method] if method == Method.ANY.value else [method]
    return tuple(Claim(("api", group, one, path), f"{method} {path}") for one in methods)
