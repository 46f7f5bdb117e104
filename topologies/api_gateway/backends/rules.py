"""The rules of what APIs have behind them: addresses, authorizations, load balancers, functions.

APIs call functions, and functions call APIs of the stack inside: those are there and can be
reached. Source: API Gateway, "Create an API", "Use resources in a VPC as a backend service" and
"Use Function Compute as the backend service"; the seed documents on API Gateway best practices,
chapters 5 and 6, and on calling API Gateway from functions.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from stack.network_rules import host_problems, place_of_network
from stack.problems import KeyPath, Problem, choose_from, dotted
from stack.settings import StackSettings
from topologies.api_gateway import SECTION
from topologies.api_gateway.apis.settings import ApiSettings, Location, path_parameters
from topologies.api_gateway.backends.settings import FunctionBackend, VpcAccessSettings
from topologies.api_gateway.instance import place_problems, region_problems
from topologies.api_gateway.names import reference_problems, slash_problems
from topologies.api_gateway.settings import ApiGatewaySettings
from topologies.functions.rules import made_apart, network_of
from topologies.functions.settings import (
    FUNCTIONS,
    LONGEST,
    FunctionSettings,
    FunctionsSettings,
    function_name,
    invoker_name,
    is_function_name,
)
from topologies.functions.settings import SECTION as FUNCTIONS_SECTION

if TYPE_CHECKING:
    from topologies.reachability import Way

_MILLISECONDS = 1000
_BACKENDS = ("http", "vpc", "function", "mock")


def backend_problems(
    section: ApiGatewaySettings, path: KeyPath, api: ApiSettings
) -> Iterator[Problem]:
    """What an API at `path` may not say about its backend."""
    backend, where = api.backend, (*path, "backend")
    given = [kind for kind in _BACKENDS if getattr(backend, kind) is not None]
    if len(given) != 1:
        rule = "a backend is exactly one of http, vpc, function and mock"
        remedy = f"keep one of {', '.join(given)}" if given else "add one, such as mock: {body: ok}"
        yield Problem(where, ", ".join(given) or None, rule, remedy)
    if backend.http is not None and not _callable(backend.http.url):
        rule = "an address is http:// or https://, a host, a port where needed, and a path"
        remedy = "write it as http://backend1.example.com:8080/business1"
        yield Problem((*where, "http", "url"), backend.http.url, rule, remedy)
    if backend.vpc is not None:
        place, name = (*where, "vpc", "access"), backend.vpc.access
        rule = "a backend in a VPC goes through an authorization of apiGateway.vpcAccess"
        known = section.vpc_access
        for problem in reference_problems(place, name, known, "vpcAccess"):
            yield replace(problem, rule=rule)
        yield from slash_problems((*where, "vpc", "path"), backend.vpc.path)


def backend_path_problems(path: KeyPath, api: ApiSettings) -> Iterator[Problem]:
    """What stands in brackets in the backend's path is what is sent there, and the reverse."""
    backend = api.backend
    if backend.http is not None:
        where, text = (*path, "backend", "http", "url"), backend.http.url
    elif backend.vpc is not None:
        where, text = (*path, "backend", "vpc", "path"), backend.vpc.path
    else:
        return
    sent = {
        one.backend_name or name: name
        for name, one in api.parameters.items()
        if (one.backend_in or one.location) is Location.PATH
    }
    taken, given = set(path_parameters(text)), set(path_parameters(api.path))
    # Where the API's own path and its parameters disagree, that has been told.
    for name in sorted(taken - sent.keys() - (given - api.parameters.keys())):
        rule = f"the backend's path takes [{name}], and no parameter goes there"
        yield Problem(where, text, rule, choose_from(name, sent, "path parameter"))
    for name in sorted(sent.keys() - taken):
        if api.parameters[sent[name]].location is Location.PATH and sent[name] not in given:
            continue
        rule = f"this parameter goes into the backend's path, which has no [{name}]"
        remedy = f"write [{name}] there, or say backendIn: query"
        yield Problem((*path, "parameters", sent[name]), text, rule, remedy)


def _callable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = not parts.query and not parts.fragment and parts.username is None
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and port != 0 and plain


def balancer_problems(settings: StackSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    """What load balancers may not say."""
    for name, balancer in section.load_balancers.items():
        path = (SECTION, "loadBalancers", name)
        yield from place_problems(settings, balancer.vswitch, (*path, "vswitch"))
        own = settings.common.network_of_vswitch(balancer.vswitch)
        for host in balancer.servers:
            where = (*path, "servers", host)
            yield from _server_problems(settings, host, where)
            found = settings.common.network_of_host(host)
            if own is not None and found is not None and own[0] != found[0]:
                rule = f"a load balancer and its servers are in one VPC; {host} is in another"
                remedy = f"use hosts of {dotted(place_of_network(own[0]))}"
                yield Problem(where, host, rule, remedy)


def access_problems(settings: StackSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    """What authorizations may not say."""
    owners: dict[tuple[str, str, int], str] = {}
    for name, access in section.vpc_access.items():
        path = (SECTION, "vpcAccess", name)
        given = [one for one in (access.instance_id, access.host, access.load_balancer) if one]
        if len(given) != 1:
            rule = "an authorization is for one thing: an instanceId, a host or a loadBalancer"
            yield Problem(path, ", ".join(given) or None, rule, "give one of the three")
        if access.load_balancer is not None:
            where, balancer = (*path, "loadBalancer"), access.load_balancer
            known = section.load_balancers
            yield from reference_problems(where, balancer, known, "loadBalancers")
        if access.host is not None:
            yield from _server_problems(settings, access.host, (*path, "host"))
        yield from _vpc_problems(settings, section, path, access)
        target = _target(settings, section, access)
        owner = owners.setdefault(target, name)
        if owner != name:
            rule = f"a port is authorized once; {owner} has {target[1]}:{access.port} already"
            yield Problem((*path, "port"), access.port, rule, f"use {owner} instead")


def network_of_access(
    settings: StackSettings, section: ApiGatewaySettings, access: VpcAccessSettings
) -> str | None:
    """The name of the network that an authorization is for; None is the name of the stack's own."""
    found = None
    if access.host is not None:
        found = settings.common.network_of_host(access.host)
    elif access.load_balancer is not None and access.load_balancer in section.load_balancers:
        balancer = section.load_balancers[access.load_balancer]
        found = settings.common.network_of_vswitch(balancer.vswitch)
    return found[0] if found is not None else access.network


def _vpc_problems(
    settings: StackSettings,
    section: ApiGatewaySettings,
    path: KeyPath,
    access: VpcAccessSettings,
) -> Iterator[Problem]:
    common = settings.common
    if access.network is not None:
        where = (*path, "network")
        if access.vpc is not None:
            rule = "an authorization is for one VPC: by its id or by its network's name"
            yield Problem(where, access.network, rule, "keep vpc or network")
        if access.network not in common.networks:
            rule = "this must name a network of networks"
            remedy = choose_from(access.network, common.networks, "network")
            missing = ("networks", access.network)
            yield Problem(where, access.network, rule, remedy, missing=missing)
            return
        if network_of_access(settings, section, access) != access.network:
            rule = f"what this leads to isn't in {access.network}"
            yield Problem(where, access.network, rule, "remove network: the VPC follows from it")
        if access.vpc is None:
            yield from region_problems(settings, access.network, where, access.network)
    elif access.vpc is None:
        network = network_of_access(settings, section, access)
        if network is None and not common.network.exists:
            rule = "an authorization is for a VPC, and the stack has no network"
            yield Problem((*path, "vpc"), None, rule, "add vpc: vpc-…, or a network")
        elif access.host is not None:
            yield from region_problems(settings, network, (*path, "host"), access.host)


def _target(
    settings: StackSettings, section: ApiGatewaySettings, access: VpcAccessSettings
) -> tuple[str, str, int]:
    """VPC, instance and port: two authorizations for the same are one to the cloud."""
    common, name = settings.common, network_of_access(settings, section, access)
    its_network = common.every_network.get(name)
    vpc = access.vpc or (its_network.vpc.id if its_network is not None else None)
    instance, vpc = access.instance_id, vpc or dotted(place_of_network(name))
    if access.host is not None:
        _, network = common.network_of_host(access.host) or (None, None)
        host = network.hosts[access.host] if network is not None else None
        instance = (host.instance_id if host is not None else None) or access.host
    instance = instance or access.load_balancer
    return vpc, instance or "", access.port


def _server_problems(settings: StackSettings, name: str, path: KeyPath) -> Iterator[Problem]:
    yield from host_problems(settings.common, name, path)
    found = settings.common.network_of_host(name)
    if found is None:
        return
    host = found[1].hosts[name]
    if host.instance is None and host.instance_id is None:
        rule = f"requests go to an ECS instance; of {name} only the address is known"
        place = dotted((*place_of_network(found[0]), "hosts", name))
        remedy = f"add instanceId: i-… to {place}, or an instance to create"
        yield Problem(path, name, rule, remedy)


def functions_of(settings: StackSettings) -> Mapping[str, FunctionSettings]:
    """The stack's own functions, by name."""
    section = settings.sections.get(FUNCTIONS)
    return section.root if isinstance(section, FunctionsSettings) else {}


def called_functions(settings: StackSettings, apis: Mapping[str, ApiSettings]) -> dict[str, bool]:
    """The stack's own functions that APIs call, and whether one of these brings no role for it."""
    own, called = functions_of(settings), dict[str, bool]()
    for api in apis.values():
        backend = api.backend.function
        if backend is not None and backend.function in own:
            called[backend.function] = called.get(backend.function, False) or backend.role is None
    return called


def function_problems(
    settings: StackSettings, path: KeyPath, api: ApiSettings
) -> Iterator[Problem]:
    """What an API at `path` may not say about its function."""
    backend = api.backend.function
    if backend is None:
        return
    where: KeyPath = (*path, "backend", "function")
    function = functions_of(settings).get(backend.function)
    if function is None:
        if backend.role is None:
            yield _unknown(settings, (*where, "function"), backend)
        return
    if backend.role is None:
        name = function_name(settings.stack, backend.function, function)
        yield from _role_problems(settings, where, backend.function, name)
    entry = f"{FUNCTIONS_SECTION}.{backend.function}"
    needed = function.timeout * _MILLISECONDS
    if api.backend.timeout < needed:
        rule = (
            f"the gateway waits at least as long as the function may run: {backend.function} may "
            f"run {function.timeout} s"
        )
        remedy = f"write timeout: {needed} here, or a smaller one in {entry}"
        yield Problem((*path, "backend", "timeout"), api.backend.timeout, rule, remedy)


def _role_problems(
    settings: StackSettings, where: KeyPath, function: str, name: str
) -> Iterator[Problem]:
    """What is wrong with the role that the stack makes for a function to be called by."""
    role = invoker_name(name)
    apart = made_apart(settings, (*where, "role"), role)
    if apart is not None:
        yield apart
    elif is_function_name(name) and len(role) > LONGEST:
        rule = f"the gateway calls it by a role named {role}, and a role's name has {LONGEST}"
        remedy = f"give the function a shorter name: name: … in {FUNCTIONS_SECTION}.{function}"
        yield Problem((*where, "function"), function, rule, remedy)


def _unknown(settings: StackSettings, where: KeyPath, backend: FunctionBackend) -> Problem:
    own = functions_of(settings)
    rule = "without role, this must name a function of functions"
    remedy = choose_from(backend.function, own, "function")
    if FUNCTIONS not in settings.common.topology:
        remedy = (
            "add functions to topology and the function to its section; or, for one that exists, "
            "role: acs:ram::…:role/…"
        )
    missing = (FUNCTIONS_SECTION, backend.function)
    return Problem(where, backend.function, rule, remedy, missing=missing)


def call_problems(settings: StackSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    """Calls that can't arrive."""
    for key, function in functions_of(settings).items():
        for variable, api in function.calls.items():
            where: KeyPath = (FUNCTIONS_SECTION, key, "calls", variable)
            found = section.apis.get(api)
            if found is None:
                yield from reference_problems(where, api, section.apis, "apis")
                continue
            group = section.groups.get(found.group)
            if group is None:
                continue
            if not group.intranet:
                rule = f"{api} is called inside, and its group {found.group} has no domain there"
                remedy = f"say intranet: true in {SECTION}.groups.{found.group}"
                yield Problem(where, api, rule, remedy)
                continue
            way = _way(settings, section, function, api)
            if way is not None and way.broken is not None and not way.for_now:
                rule = f"{api} can't be reached from here: {way.broken}"
                yield Problem(where, api, rule, "put that right, or remove this call")


def call_warnings(settings: StackSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    """Calls that may be given up before they are answered."""
    for key, function in functions_of(settings).items():
        for variable, name in function.calls.items():
            api = section.apis.get(name)
            if api is not None and function.timeout * _MILLISECONDS < api.backend.timeout:
                rule = (
                    f"{key} may run {function.timeout} s, and {name} may take "
                    f"{api.backend.timeout} ms"
                )
                remedy = f"raise timeout in {FUNCTIONS_SECTION}.{key}, or lower the API's"
                yield Problem((FUNCTIONS_SECTION, key, "calls", variable), name, rule, remedy)
            if api is not None and api.scheme_inside == "https" and not api.acknowledged:
                rule = (
                    f"{name} takes https alone, and the cloud's pages disagree whether a domain "
                    "inside a VPC answers by it"
                )
                remedy = (
                    f"say protocol: http,https in {section.home_of(name)}; or acknowledged: true "
                    "there, once a call has been seen to work"
                )
                yield Problem((FUNCTIONS_SECTION, key, "calls", variable), name, rule, remedy)
            way = _way(settings, section, function, name) if api is not None else None
            # The range is known only once the instance is there: the first run is without it.
            if way is not None and way.for_now:
                rule = f"{name} can't be reached from here yet: {way.broken}"
                remedy = "look the range up in API Gateway's console, and add it to services"
                yield Problem((FUNCTIONS_SECTION, key, "calls", variable), name, rule, remedy)


def _way(
    settings: StackSettings, section: ApiGatewaySettings, function: FunctionSettings, api: str
) -> "Way | None":
    """The way of a call; a function without a network is told so elsewhere."""
    if function.network is None:
        return None
    # Brings in the models of what joins networks, which few stacks need.
    from topologies.reachability import way_of_call  # noqa: PLC0415

    return way_of_call(settings, section, network_of(settings.common, function), api)
