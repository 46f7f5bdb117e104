"""What the section opens (each API, who may call it and where it goes), and what it puts out."""

from collections.abc import Iterator
from fractions import Fraction

from stack.ids import API_INSTANCE, BALANCER, OTHER, OutputKinds
from stack.network_rules import CLOUD_RANGE
from stack.reach import ApiRoute, Authorization, Branch, InsideWay, PrivatePath, Reach
from stack.settings import StackSettings
from stack.words import Words
from topologies.api_gateway.apis.rules import routing_of
from topologies.api_gateway.backends.rules import network_of_access
from topologies.api_gateway.backends.settings import BackendSettings, VpcAccessSettings
from topologies.api_gateway.conditions.evaluation import share_of_ids
from topologies.api_gateway.conditions.parser import parse
from topologies.api_gateway.conditions.syntax import parameters_of
from topologies.api_gateway.plugins.backends import PluginBackend
from topologies.api_gateway.plugins.routing import RoutingSettings
from topologies.api_gateway.settings import ApiGatewaySettings


def api_gateway_reach(settings: StackSettings, section: ApiGatewaySettings) -> Reach:
    """Every API, sorted by name, and who reaches which inside."""
    return Reach(
        paths=_paths(settings, section),
        apis=tuple(
            ApiRoute(
                name=name,
                group=api.group,
                domain="public, intranet" if section.groups[api.group].intranet else "public",
                protocol=api.protocol,
                method=api.method.value,
                path=(section.groups[api.group].base_path or "").rstrip("/") + api.path,
                auth=api.auth,
                apps=tuple(sorted(api.apps)),
                plugins=tuple(sorted(api.plugins)),
                backend=backend_text(api.backend),
                branches=tuple(_branches(routing_of(section, api))),
                stage=section.stage,
            )
            for name, api in sorted(section.apis.items())
        ),
        inside=tuple(_inside(section)),
        authorizations=tuple(
            _authorization(settings, section, name, access)
            for name, access in sorted(section.vpc_access.items())
        ),
    )


def _authorization(
    settings: StackSettings, section: ApiGatewaySettings, name: str, access: VpcAccessSettings
) -> Authorization:
    target, servers = str(access.instance_id), dict[str, int]()
    if access.host is not None:
        target, servers = Words("host {}", access.host), {access.host: access.port}
    elif access.load_balancer is not None:
        target = Words("load balancer {}", access.load_balancer)
        servers = section.load_balancers[access.load_balancer].servers
    network = network_of_access(settings, section, access)
    return Authorization(
        name, access.vpc, network, target, access.port, tuple(sorted(servers.items()))
    )


def _paths(settings: StackSettings, section: ApiGatewaySettings) -> tuple[PrivatePath, ...]:
    if not settings.sections.keys() & {"functions", "cross-region"}:
        return ()
    # Brings in the models of both, which APIs alone don't need.
    from topologies.reachability import private_paths  # noqa: PLC0415

    return tuple(private_paths(settings, section))


def _inside(section: ApiGatewaySettings) -> Iterator[InsideWay]:
    """What has to reach hosts: load balancers their servers, the gateway what it is authorized."""
    ways: dict[tuple[str, int], None] = {}
    for balancer in section.load_balancers.values():
        ways.update(dict.fromkeys(balancer.servers.items()))
    for access in section.vpc_access.values():
        if access.host is not None:
            ways[access.host, access.port] = None
    # Load balancers (their health checks too) and API Gateway's instances reach servers from
    # segments of this range (Classic Load Balancer, "FAQ"; API Gateway, "Use resources in a VPC as
    # a backend service").
    for host, port in sorted(ways):
        yield InsideWay(host, "tcp", port, str(CLOUD_RANGE))


def _branches(routing: RoutingSettings | None) -> Iterator[Branch]:
    for route in routing.routes if routing is not None else ():
        condition = parse(route.condition)
        shares = {share_of_ids(condition, name) for name in parameters_of(condition)} - {None}
        share = str(next(iter(shares))) if len(shares) == 1 else ""
        if routing is not None and route.weight is not None:
            whole = sum(one.weight or 0 for one in routing.sharing(route))
            share = str(Fraction(route.weight, whole))
        yield Branch(route.name, route.condition, branch_backend(route.backend), share)


def branch_backend(backend: PluginBackend) -> str:
    """Where a route sends requests, in a few words."""
    if backend.http is not None:
        return f"{backend.http.address}{backend.http.path or ''}"
    if backend.vpc is not None:
        return f"vpc:{backend.vpc.access}:{backend.vpc.path or ''}"
    if backend.self_call is not None:
        return f"self-call:{backend.self_call.group}:{backend.self_call.path or ''}"
    return f"answer {backend.mock.status}" if backend.mock is not None else ""


def backend_text(backend: BackendSettings) -> str:
    """Where requests go, in a few words."""
    if backend.http is not None:
        return backend.http.url
    if backend.vpc is not None:
        return f"vpc:{backend.vpc.access}:{backend.vpc.path}"
    if backend.function is not None:
        return f"function:{backend.function.function}"
    return "mock"


def api_gateway_outputs(settings: StackSettings, section: ApiGatewaySettings) -> OutputKinds:
    """The outputs that `build` makes."""
    del settings
    parts = ("id", "domain", "vpcDomain")
    found: OutputKinds = {
        "apiGroups": {name: dict.fromkeys(parts, OTHER) for name in section.groups},
        "apis": dict.fromkeys(section.apis, OTHER),
        "apiApps": dict.fromkeys(section.apps, OTHER),
    }
    if section.load_balancers:
        found["loadBalancerIds"] = dict.fromkeys(section.load_balancers, BALANCER)
    if section.instance is not None:
        found["apiGatewayInstanceId"] = API_INSTANCE
    return found
