"""Which route of an API a request takes: the gateway's decision, made beforehand.

The first route of the API's routing plugin whose condition holds; where none does, or there is no
such plugin, the API's own backend.
"""

from collections.abc import Iterator

from stack.problems import KeyPath, Problem, choose_from
from topologies.api_gateway.api_settings import ApiSettings
from topologies.api_gateway.conditions import ConditionError, Request, evaluate, parse, values_of
from topologies.api_gateway.plugins.routing import RouteSettings, RoutingSettings
from topologies.api_gateway.release_settings import DEFAULT_ROUTE, SampleSettings
from topologies.api_gateway.settings import SECTION, ApiGatewaySettings


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
