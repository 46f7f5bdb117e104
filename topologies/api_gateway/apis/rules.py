"""The rules of APIs: paths, parameters, bodies, callers, plugins, releases; who takes a route.

A request takes the first route of the API's routing plugin whose condition holds; where none does,
or there is no such plugin, the API's own backend.

Source: API Gateway, "Create an API" and "Limits".
"""

import re
from collections.abc import Iterator

from stack.network_rules import cidr_problem
from stack.problems import KeyPath, Problem, choose_from
from stack.settings import StackSettings
from topologies.api_gateway import SECTION
from topologies.api_gateway.apis.settings import (
    DEFAULT_ROUTE,
    ApiSettings,
    Location,
    SampleSettings,
    WhoSettings,
    app_in_condition,
    nameless,
    path_parameters,
)
from topologies.api_gateway.backends.rules import (
    backend_path_problems,
    backend_problems,
    function_problems,
)
from topologies.api_gateway.backends.settings import BODILESS, BODY_FORMAT_NEEDED, Method
from topologies.api_gateway.conditions.checks import is_turned, misjudged
from topologies.api_gateway.conditions.evaluation import Request, evaluate, values_of
from topologies.api_gateway.conditions.parser import parse
from topologies.api_gateway.conditions.syntax import ConditionError
from topologies.api_gateway.expand import release_plugin
from topologies.api_gateway.names import reference_problems
from topologies.api_gateway.plugins.base import BoundApi
from topologies.api_gateway.plugins.routing import RouteSettings, RoutingSettings
from topologies.api_gateway.plugins.rules import binding_problems, binding_warnings
from topologies.api_gateway.settings import ApiGatewaySettings

APIS: KeyPath = (SECTION, "apis")
_PATH = re.compile(r"/[A-Za-z0-9_./\-\[\]*~$@!+:,;=%]*")


def api_problems(settings: StackSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    """Everything that APIs may not say."""
    for name, api in section.apis.items():
        path = (*APIS, name)
        yield from _reference_problems(section, path, api)
        yield from _path_problems(path, api)
        yield from backend_problems(section, path, api)
        yield from function_problems(settings, path, api)
        yield from backend_path_problems(path, api)
        yield from _parameter_problems(path, api)
        yield from _body_problems(path, api)
        yield from binding_problems((*path, "plugins"), api.plugins, section.plugins)
    yield from _twice(section)


def api_warnings(section: ApiGatewaySettings) -> Iterator[Problem]:
    """What APIs may say, and probably don't mean."""
    dedicated = section.instance is not None
    for name, api in section.apis.items():
        path = (*APIS, name)
        has_path = api.backend.http is not None or api.backend.vpc is not None
        named = frozenset(api.parameters) if api.mode == "mapping" else frozenset[str]()
        bound = BoundApi(name, api.method, has_path, dedicated, named)
        yield from binding_warnings((*path, "plugins"), api.plugins, section.plugins, bound)
        if api.auth == "app" and not api.apps:
            rule = f"nobody can call {name}: no app is authorized"
            yield Problem((*path, "apps"), None, rule, "name an app, or say auth: anonymous")
        yield from _version_warnings((*path, "release", "who", "olderThan", "version"), api)
        if api.acknowledged:
            continue
        home = section.home_of(name)
        if api.auth == "anonymous":
            rule = f"everybody on the internet may call {name}"
            remedy = f"say auth: app, or acknowledged: true in {home}"
            yield Problem((*path, "auth"), api.auth, rule, remedy)
        if api.scheme_inside == "http":
            group = section.groups.get(api.group)
            rule = f"{name} answers over http, where anybody on the way can read along"
            remedy = f"say protocol: https, or acknowledged: true in {home}"
            if group is not None and group.intranet:
                rule = f"{name} answers over http on its group's public domain too, not only inside"
                remedy = f"close that domain (docs/limits.md), and say acknowledged: true in {home}"
            yield Problem((*path, "protocol"), api.protocol, rule, remedy)


def _reference_problems(
    section: ApiGatewaySettings, path: KeyPath, api: ApiSettings
) -> Iterator[Problem]:
    where = (*path, "group")
    yield from reference_problems(where, api.group, section.groups, "groups")
    for index, app in enumerate(api.apps):
        yield from reference_problems((*path, "apps", index), app, section.apps, "apps")
    if api.app_code is not None and api.auth == "anonymous":
        rule = "an AppCode is an app's, and everybody may call this API without one"
        yield Problem((*path, "appCode"), api.app_code, rule, "say auth: app, or remove appCode")
    if api.apps and api.auth == "anonymous":
        rule = "an API that everybody may call needs no app"
        yield Problem((*path, "apps"), ", ".join(api.apps), rule, "say auth: app, or remove apps")


def _path_problems(path: KeyPath, api: ApiSettings) -> Iterator[Problem]:
    where = (*path, "path")
    if not _PATH.fullmatch(api.path):
        rule = "a path begins with / and has its parameters in brackets"
        yield Problem(where, api.path, rule, "write it as /users/[id]")
        return
    names = path_parameters(api.path)
    declared = {key for key, one in api.parameters.items() if one.location is Location.PATH}
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(where, api.path, f"a path has [{name}] once", "rename one of the two")
    # In the mode passthrough as well, which leaves out paths ("Parameter mapping and verification
    # rules").
    for name in sorted(set(names) - declared):
        rule = f"the path has [{name}], and no parameter of this name is in: path"
        remedy = f"add parameters: {{{name}: {{in: path, required: true}}}}"
        yield Problem(where, api.path, rule, remedy)
    for name in sorted(declared - set(names)):
        rule = f"this parameter is in the path, and the path has no [{name}]"
        remedy = f"write [{name}] in the path, or another in"
        yield Problem((*path, "parameters", name), api.path, rule, remedy)


def _parameter_problems(path: KeyPath, api: ApiSettings) -> Iterator[Problem]:
    outside = (Location.PATH, Location.FORM)
    for key, names in (("constants", api.constants), ("systemParameters", api.system_parameters)):
        for name, one in names.items():
            if one.location in outside:
                rule = "what the gateway adds stands in a header or in the query"
                where = (*path, key, name, "in")
                yield Problem(where, one.location.value, rule, "write header or query")
    for name, parameter in api.parameters.items():
        if name in api.constants:
            rule = f"{name} is a constant already: clients can't send it"
            yield Problem((*path, "parameters", name), name, rule, "remove one of the two")
        if parameter.location is Location.PATH and not parameter.required:
            rule = "a parameter in the path is always there"
            where = (*path, "parameters", name, "required")
            yield Problem(where, parameter.required, rule, "say required: true")
        if parameter.location is Location.FORM and api.method in BODILESS:
            rule = f"{api.method} requests have no form"
            where = (*path, "parameters", name, "in")
            yield Problem(where, "form", rule, "write query, or use POST")


def _body_problems(path: KeyPath, api: ApiSettings) -> Iterator[Problem]:
    """Bodies are read where parameters are mapped, in requests that have one (RequestConfig)."""
    wanted, where = api.body_format, (*path, "bodyFormat")
    forms = [name for name, one in api.parameters.items() if one.location is Location.FORM]
    if wanted is None:
        if api.mode == "mapping" and api.method in BODY_FORMAT_NEEDED and not forms:
            rule = f"{api.method} requests have a body, and the gateway has to know its format"
            remedy = "say bodyFormat: stream (as it comes, such as JSON), or bodyFormat: form"
            yield Problem(where, None, rule, remedy)
        return
    if api.method in BODILESS:
        rule = f"{api.method} requests have no body whose format could be said"
        yield Problem(where, wanted, rule, "remove bodyFormat, or use POST or PUT")
    if api.mode == "passthrough":
        rule = "a body's format is heeded in the mode mapping alone"
        yield Problem(where, wanted, rule, "remove bodyFormat, or say mode: mapping")
    if wanted == "stream" and forms:
        rule = f"parameters are read from forms alone, and {forms[0]} is in: form"
        yield Problem(where, wanted, rule, "remove bodyFormat, or move the parameter")


def _twice(section: ApiGatewaySettings) -> Iterator[Problem]:
    """Two APIs for the same requests; a path's parameters may be called anything."""
    owners: dict[tuple[str, str], list[tuple[Method, str]]] = {}
    apart = "use another path or method"
    apart_of_document = "leave one of the two out (exclude), or say another basePath or group"
    for name, api in section.apis.items():
        group = owners.setdefault((api.group, nameless(api.path)), [])
        for method, other in group:
            if method is api.method or Method.ANY in {method, api.method}:
                rule = (
                    f"a group has one API for a method and a path; {other} takes {method} "
                    f"{api.path} already"
                )
                remedy = apart_of_document if name in section.origins else apart
                yield Problem((*APIS, name, "path"), api.path, rule, remedy)
        group.append((api.method, name))


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
        for index, app in enumerate(who.apps):
            where = (*path, "who", "apps", index)
            if app in section.apps and app not in api.apps:
                rule = f"{app} may not call {name}, so that it never gets the release"
                yield Problem(where, app, rule, f"add {app} to apps of {section.home_of(name)}")
            yield from reference_problems(where, app, section.apps, "apps")
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


def _version_warnings(path: KeyPath, api: ApiSettings) -> Iterator[Problem]:
    """Versions that go the wrong way, unless a sample shows that this is known."""
    older = api.release.who.older_than if api.release is not None else None
    turned = misjudged(older.version) if older is not None else None
    if older is None or turned is None:
        return
    name = "version"
    for sample in api.samples.values():
        sent = values_of(request_of(api, sample), {name: older.source}).get(name)
        if sent is not None and is_turned(sent, older.version):
            return
    rule = f"text compares character by character, as far as we know: {turned}"
    remedy = "send a build number, keep every part of one length, or add a sample of that version"
    yield Problem(path, older.version, rule, remedy)


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
        app_id=sample.app_id if sample.app is None else app_in_condition(sample.app),
    )


def sample_problems(section: ApiGatewaySettings) -> Iterator[Problem]:
    """Samples that reach something else than they must."""
    for name, api in section.apis.items():
        routing = routing_of(section, api)
        names = [route.name for route in routing.routes] if routing is not None else []
        for key, sample in api.samples.items():
            path: KeyPath = (SECTION, "apis", name, "samples", key)
            if sample.app is not None:
                yield from reference_problems((*path, "app"), sample.app, section.apps, "apps")
            if sample.reaches not in {*names, DEFAULT_ROUTE}:
                rule = f"{name} has no route of this name"
                remedy = choose_from(sample.reaches, [*names, DEFAULT_ROUTE], "route")
                yield Problem((*path, "reaches"), sample.reaches, rule, remedy)
                continue
            try:
                route = route_of(section, api, request_of(api, sample))
            except ConditionError:
                continue  # told where the condition stands
            reached = [DEFAULT_ROUTE]
            if routing is not None and route is not None:
                reached = [one.name for one in routing.sharing(route)]
            if sample.reaches not in reached:
                rule = f"this request reaches {' or '.join(reached)}"
                remedy = "correct the routes' conditions, or what the sample expects"
                yield Problem((*path, "reaches"), sample.reaches, rule, remedy)
