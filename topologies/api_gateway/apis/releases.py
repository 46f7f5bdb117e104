"""A release as what it is to the gateway, a routing plugin with one route; and who takes a route.

The plugin stays bound whatever the traffic, so that promoting and rolling back change its data and
nothing else. A request takes the first route of the API's routing plugin whose condition holds;
where none does, or there is no such plugin, the API's own backend.
"""

from collections.abc import Iterator

from stack.network_rules import cidr_problem
from stack.problems import KeyPath, Problem, choose_from
from topologies.api_gateway import SECTION
from topologies.api_gateway.apis.settings import (
    DEFAULT_ROUTE,
    ApiSettings,
    ReleaseSettings,
    SampleSettings,
    WhoSettings,
)
from topologies.api_gateway.conditions.evaluation import (
    Request,
    evaluate,
    percentage_condition,
    values_of,
)
from topologies.api_gateway.conditions.parser import parse
from topologies.api_gateway.conditions.syntax import ConditionError
from topologies.api_gateway.plugins.routing import RouteSettings, RoutingSettings
from topologies.api_gateway.plugins.settings import PluginSettings
from topologies.api_gateway.settings import ApiGatewaySettings

ROUTE = "release"

# The gateway has no word for always and never.
_ALWAYS, _NEVER = "1 = 1", "1 = 2"
_USER, _VERSION = "releaseUser", "releaseVersion"


def release_plugin(api: str) -> str:
    """The key of an API's release among the plugins."""
    return f"{api}-release"


def with_releases(section: ApiGatewaySettings) -> ApiGatewaySettings:
    """The section with a routing plugin for each release."""
    plugins, apis = dict(section.plugins), dict(section.apis)
    for name, api in section.apis.items():
        if api.release is not None and _wanted(api.release):
            key = release_plugin(name)
            if key in plugins:
                continue  # `release_name_problems` tells
            plugins[key] = PluginSettings(routing=_routing(api.release))
            apis[name] = api.model_copy(update={"plugins": [*api.plugins, key]})
    return section.model_copy(update={"plugins": plugins, "apis": apis})


def release_name_problems(section: ApiGatewaySettings) -> Iterator[Problem]:
    """Plugins of the stack file, before `with_releases`, that are called as a release's is."""
    for name, api in section.apis.items():
        if api.release is not None and release_plugin(name) in section.plugins:
            rule = f"the release of {name} is a plugin called {release_plugin(name)} itself"
            where = (SECTION, "plugins", release_plugin(name))
            yield Problem(where, release_plugin(name), rule, "give this plugin another name")


def release_problems(section: ApiGatewaySettings) -> Iterator[Problem]:
    """What a release may not say."""
    for name, api in section.apis.items():
        if api.release is None:
            continue
        path: KeyPath = (SECTION, "apis", name, "release")
        who = api.release.who
        if api.release.traffic == "some" and who == WhoSettings():
            rule = "with traffic: some, a release says who"
            remedy = "add who: {users: {from: Token:userId, percent: 20}}, or say traffic: all"
            yield Problem((*path, "who"), None, rule, remedy)
        for index, source in enumerate(who.sources):
            problem = cidr_problem((*path, "who", "sources", index), source, range(33))
            if problem is not None:
                yield problem
        yield from _routing_problems(section, path, name, api)


def _routing_problems(
    section: ApiGatewaySettings, path: KeyPath, name: str, api: ApiSettings
) -> Iterator[Problem]:
    key = release_plugin(name)
    for other in api.plugins:
        plugin = section.plugins.get(other)
        if other != key and plugin is not None and plugin.routing is not None:
            rule = f"an API has one routing plugin, which a release is too; {other} is one already"
            remedy = f"make a route of {other} for it, or remove one of the two"
            yield Problem(path, None, rule, remedy)


def _wanted(release: ReleaseSettings) -> bool:
    """Whether a plugin can be made of it; what is wrong otherwise, `release_problems` tells."""
    return release.traffic != "some" or release.who != WhoSettings()


def _routing(release: ReleaseSettings) -> RoutingSettings:
    parameters = {
        name: source.source
        for name, source in ((_USER, release.who.users), (_VERSION, release.who.older_than))
        if source is not None
    }
    route = RouteSettings(name=ROUTE, condition=_condition(release), backend=release.to)
    return RoutingSettings(parameters=parameters, routes=[route])


def _condition(release: ReleaseSettings) -> str:
    if release.traffic == "all":
        return _ALWAYS
    if release.traffic == "none":
        return _NEVER
    who = release.who
    parts = [f"$CaAppId = {app}" for app in who.app_ids]
    parts += [f"$CaClientIp in_cidr '{source}'" for source in who.sources]
    if who.users is not None:
        parts.append(percentage_condition(_USER, who.users.percent))
    if who.older_than is not None:
        parts.append(f"${_VERSION} < '{who.older_than.version}'")
    return " or ".join(parts)


def routing_of(section: ApiGatewaySettings, api: ApiSettings) -> RoutingSettings | None:
    """The routing plugin of an API."""
    plugins = (section.plugins.get(name) for name in api.plugins)
    return next((p.routing for p in plugins if p is not None and p.routing is not None), None)


def route_of(
    section: ApiGatewaySettings, api: ApiSettings, request: Request
) -> RouteSettings | None:
    """The route that a request takes; None for the API's own backend.

    Raises:
        ConditionError: a condition can't be read; the rules of plugins tell which.
    """
    routing = routing_of(section, api)
    if routing is None:
        return None
    values = values_of(request, routing.parameters)
    return next((r for r in routing.routes if evaluate(parse(r.condition), values)), None)


def request_of(api: ApiSettings, sample: SampleSettings) -> Request:
    """A sample as the gateway would see it."""
    return Request(
        method=api.method.value,
        path=api.path,
        query=sample.query,
        headers=sample.headers,
        form=sample.form,
        parameters={name: one for name, one in sample.query.items() if name in api.parameters},
        claims=sample.claims,
        client_ip=sample.client_ip,
        app_id=sample.app_id,
    )


def sample_problems(section: ApiGatewaySettings) -> Iterator[Problem]:
    """Samples that reach something else than they must."""
    for name, api in section.apis.items():
        routing = routing_of(section, api)
        names = [route.name for route in routing.routes] if routing is not None else []
        for key, sample in api.samples.items():
            path: KeyPath = (SECTION, "apis", name, "samples", key)
            if sample.reaches not in {*names, DEFAULT_ROUTE}:
                rule = f"{name} has no route of this name"
                remedy = choose_from(sample.reaches, [*names, DEFAULT_ROUTE], "route")
                yield Problem((*path, "reaches"), sample.reaches, rule, remedy)
                continue
            try:
                route = route_of(section, api, request_of(api, sample))
            except ConditionError:
                continue  # told where the condition stands
            reached = route.name if route is not None else DEFAULT_ROUTE
            if reached != sample.reaches:
                rule = f"this request reaches {reached}"
                remedy = "correct the routes' conditions, or what the sample expects"
                yield Problem((*path, "reaches"), sample.reaches, rule, remedy)
