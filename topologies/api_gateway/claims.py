"""What the gateway holds once: requests of a group, authorizations of ports, ranges of a list."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from facts import kinds
from stack.claims import Claim, Holder, Holdings
from stack.network_claims import server_id, standing_vswitch
from stack.network_rules import place_of_network
from stack.problems import KeyPath, Problem
from stack.protection import Kept
from stack.settings import CommonSettings, StackSettings
from stack.state import StackState, StateResource
from topologies.api_gateway import SECTION
from topologies.api_gateway.apis.settings import path_parameters
from topologies.api_gateway.backends.settings import LoadBalancerSettings, Method
from topologies.api_gateway.names import access_name
from topologies.api_gateway.settings import ApiGatewaySettings

_RANGES: KeyPath = (SECTION, "instance", "acl", "entries")


def api_gateway_claims(
    settings: StackSettings, section: ApiGatewaySettings, state: StackState
) -> Holdings:
    """APIs, authorizations and ranges, as the state holds them and as the section wants them."""
    common = settings.common
    groups = _standing_groups(common, section, state)
    return Holdings(
        held=(
            *_held(state),
            *_held_servers(groups, state),
            *_held_accesses(state),
            *_held_ranges(state),
        ),
        wanted=(
            *_wanted(section, state),
            *_wanted_servers(common, section, groups, state),
            *_wanted_accesses(settings, section, state),
            *_wanted_ranges(section),
        ),
    )


def api_gateway_kept(
    settings: StackSettings, section: ApiGatewaySettings, state: StackState
) -> Iterator[Kept]:
    """The instance and the load balancers that are created."""
    instance = section.instance
    if instance is not None and instance.id is None:
        fixed = {"zone": ("zoneId", instance.zone)} if instance.zone is not None else {}
        path = (SECTION, "instance", "zone")
        yield Kept(kinds.API_INSTANCE, ("api-gateway-instance",), path, fixed)
    for key, one in section.load_balancers.items():
        yield Kept(
            kinds.LOAD_BALANCER,
            _of_balancer(key, one, "load-balancer"),
            (SECTION, "loadBalancers", key, "vswitch"),
            {"vswitch": ("vswitchId", standing_vswitch(settings.common, one.vswitch, state))},
        )


def _held(state: StackState) -> Iterator[Holder]:
    for name, api in state.all(kinds.API, "api"):
        config = _request(api)
        path, method = config.get("path"), config.get("method")
        if isinstance(path, str) and isinstance(method, str):
            claims = _claims(api.text("groupId"), method, path)
            yield Holder((SECTION, "apis", name.removesuffix("-api")), claims, fixed={})


def _request(api: StateResource) -> Mapping[str, Any]:
    config = api.outputs.get("requestConfig")
    return cast("Mapping[str, Any]", config) if isinstance(config, dict) else {}


def _wanted(section: ApiGatewaySettings, state: StackState) -> Iterator[Holder]:
    for name, api in section.apis.items():
        group = held_group(section, api.group, state)
        if group is not None:  # else nothing is held in it yet
            claims = _claims(group.id, api.method.value, api.path)
            yield Holder((SECTION, "apis", name), claims, api.was, fixed={})


def held_group(section: ApiGatewaySettings, key: str, state: StackState) -> StateResource | None:
    """The group of the state that a group of the section is, or carries on."""
    group = section.groups.get(key)
    was = group.was if group is not None else None
    return state.find(kinds.API_GROUP, f"group-{key}-group", f"group-{was}-group" if was else None)


def _claims(group: str, method: str, path: str) -> tuple[Claim, ...]:
    for parameter in path_parameters(path):
        path = path.replace(f"[{parameter}]", "[]")
    methods = [m.value for m in Method] if method == Method.ANY.value else [method]
    return tuple(Claim(("api", group, one, path), f"{method} {path}") for one in methods)


def _of_balancer(key: str, one: LoadBalancerSettings, part: str) -> tuple[str, str | None]:
    """The name of a part of a load balancer, and the one that it may have had before."""
    was = f"balancer-{one.was}-{part}" if one.was is not None else None
    return f"balancer-{key}-{part}", was


def _standing_groups(
    common: CommonSettings, section: ApiGatewaySettings, state: StackState
) -> dict[str, str]:
    """Load balancers that stay, by the ids of their server groups: in others nobody is yet."""
    found: dict[str, str] = {}
    for key, one in section.load_balancers.items():
        balancer = state.find(kinds.LOAD_BALANCER, *_of_balancer(key, one, "load-balancer"))
        group = state.id_of(kinds.SERVER_GROUP, *_of_balancer(key, one, "servers"))
        if balancer is None or group is None:
            continue
        if balancer.text("vswitchId") in {"", standing_vswitch(common, one.vswitch, state)}:
            found[group] = key
    return found


def _held_servers(groups: Mapping[str, str], state: StackState) -> Iterator[Holder]:
    for name, server in state.all(kinds.SERVER_GROUP_SERVER, "balancer"):
        group, port = server.text("serverGroupId"), server.outputs.get("port")
        if group in groups and isinstance(port, int | float):
            balancer = server.parent.removeprefix("balancer-")
            host = name.removeprefix(f"{balancer}-server-")
            path = (SECTION, "loadBalancers", groups[group], "servers", host)
            yield Holder(path, (_behind(group, server.text("serverId"), int(port)),))


def _wanted_servers(
    common: CommonSettings,
    section: ApiGatewaySettings,
    groups: Mapping[str, str],
    state: StackState,
) -> Iterator[Holder]:
    """Servers behind load balancers, which are called after their hosts."""
    for group, key in groups.items():
        for host, port in section.load_balancers[key].servers.items():
            server = server_id(common, host, state)
            if server is not None:
                network, settings = common.every_host[host]
                yield Holder(
                    (SECTION, "loadBalancers", key, "servers", host),
                    (_behind(group, server, port),),
                    settings.was,
                    (f"balancer-{key}",),
                    named=(*place_of_network(network), "hosts", host),
                )


def _behind(group: str, server: str, port: int) -> Claim:
    return Claim(("behind", group, server), f"{server}:{port} in the server group", port, port)


def _held_accesses(state: StackState) -> Iterator[Holder]:
    for name, access in state.all(kinds.VPC_ACCESS, "vpc-access"):
        port = access.outputs.get("port")
        if isinstance(port, int | float):
            claim = _authorization(access.text("instanceId"), int(port))
            key = name.removesuffix("-access")
            fixed = {"name": access.text("name")}
            yield Holder((SECTION, "vpcAccess", key), (claim,), fixed=fixed)


def _wanted_accesses(
    settings: StackSettings, section: ApiGatewaySettings, state: StackState
) -> Iterator[Holder]:
    common = settings.common
    for name, access in section.vpc_access.items():
        instance = access.instance_id
        if access.host is not None:
            instance = server_id(common, access.host, state)
        balancer = section.load_balancers.get(access.load_balancer or "")
        if access.load_balancer is not None and balancer is not None:
            names = _of_balancer(access.load_balancer, balancer, "load-balancer")
            instance = state.id_of(kinds.LOAD_BALANCER, *names)
        if instance is not None:  # else it is new, and nobody holds an authorization for it
            claim = _authorization(instance, access.port)
            path = (SECTION, "vpcAccess", name)
            fixed = {"name": access_name(settings.stack, name, access.name)}
            yield Holder(path, (claim,), access.was, fixed=fixed)


def _held_ranges(state: StackState) -> Iterator[Holder]:
    for key, entry in state.all(kinds.ACCESS_LIST_RANGE, "api-gateway-entry"):
        fixed = {"comment": entry.text("comment")}
        yield Holder((*_RANGES, key), (_range(entry.text("entry")),), fixed=fixed)


def _wanted_ranges(section: ApiGatewaySettings) -> Iterator[Holder]:
    acl = section.instance.acl if section.instance is not None else None
    for key, entry in acl.entries.items() if acl is not None else ():
        fixed = {"comment": entry.comment or ""}
        path = (*_RANGES, key)
        yield Holder(path, (_range(entry.cidr),), entry.was, fixed=fixed, named=path)


def _range(cidr: str) -> Claim:
    return Claim(("range", cidr), cidr)


def _authorization(instance: str, port: int) -> Claim:
    return Claim(("authorization", instance), f"the authorization of {instance}:{port}", port, port)


def api_gateway_changes(
    _settings: StackSettings, section: ApiGatewaySettings, state: StackState
) -> Iterator[Problem]:
    """A created instance that goes while its groups stay.

    Without an instance the provider leaves a group where it is, and the cloud keeps an instance
    that has groups.
    """
    instance = state.id_of(kinds.API_INSTANCE, "api-gateway-instance")
    if instance is None or section.instance is not None:
        return
    for key in section.groups:
        held = held_group(section, key, state)
        if held is not None and held.text("instanceId") == instance:
            yield Problem(
                (SECTION, "groups", key),
                key,
                f"the group is on the instance {instance}, which the stack file no longer has; "
                "a group that is kept stays there, and an instance with groups can't be deleted",
                "give the group another name, without was: it is made anew on the shared instance, "
                "with another domain; or keep apiGateway.instance",
            )
