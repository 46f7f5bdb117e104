"""The routing plugin: requests that fulfil a condition go to another backend.

The gateway tries routes from the first to the last and takes the first whose condition holds; where
none does, the API's own backend answers. So routes are a list: their order means something. How
many a plugin may have isn't documented; its size is (`rules`). Routes of one condition may share
its requests by weights.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from stack.model import Model
from stack.problems import KeyPath, Problem
from stack.secrets import TextOrSecret
from topologies.api_gateway.plugins.backends import PluginBackend, backend_data, pathless
from topologies.api_gateway.plugins.base import (
    BoundApi,
    Data,
    DataValue,
    Expressions,
    Parameters,
    PluginKind,
    SecretRef,
    header_name_problems,
    is_always_true,
    is_random,
    meaning_of,
)

# It is sent to the backend in the header X-Ca-Routing-Name.
_NAME = re.compile(r"[A-Za-z0-9]+")


ConstantLocation = Literal["header", "query"]


class RouteConstant(Model):
    """A parameter that a route adds, the same in every request."""

    location: ConstantLocation = Field(alias="in", examples=["header"])
    """header or query."""

    value: TextOrSecret = Field(examples=["blue"])
    """Its value; a secret, where the backend takes it for a key."""


class RouteSettings(Model):
    """One route: a condition, and the backend for requests that fulfil it."""

    name: str = Field(examples=["backend1"])
    """Letters and digits; the backend gets it in the header X-Ca-Routing-Name."""

    condition: str = Field(examples=["$target = 'resource1'"])
    """When it is taken. `$name` is one of `parameters`, or a system parameter such as $CaAppId."""

    weight: Annotated[int, Field(ge=1, le=100, examples=[80])] | None = None
    """Its share of the requests, among routes that have weights and the same condition."""

    backend: PluginBackend = Field(
        examples=[{"http": {"address": "http://backend1.example.com:8080", "path": "/business1"}}]
    )
    """Where requests go then; it is laid over the API's own backend."""

    constant_parameters: dict[str, RouteConstant] = Field(
        default_factory=dict[str, RouteConstant],
        examples=[{"x-route": {"in": "header", "value": "blue"}}],
    )
    """Parameters that the route adds, by name."""


class RoutingSettings(PluginKind):
    """Other backends for some requests: tenants, grey releases, clients that are too old."""

    parameters: Parameters = Field(
        default_factory=Parameters, examples=[{"target": "Query:target"}]
    )
    """Names for use in conditions, each with where its value comes from."""

    routes: list[RouteSettings] = Field(
        min_length=1,
        examples=[
            [
                {
                    "name": "backend1",
                    "condition": "$target = 'resource1'",
                    "backend": {"http": {"address": "http://backend1.example.com:8080"}},
                }
            ]
        ],
    )
    """The routes in the order in which they are tried."""

    def problems(self, path: KeyPath) -> Iterator[Problem]:
        """Everything that a routing plugin may not say."""
        names: set[str] = set()
        for index, route in enumerate(self.routes):
            where = (*path, "routes", index)
            if not _NAME.fullmatch(route.name):
                rule = "a route's name has letters (A-Z, a-z) and digits only"
                short = re.sub(r"[^A-Za-z0-9]", "", route.name) or "backend1"
                yield Problem((*where, "name"), route.name, rule, f"write {short}")
            if route.name in names:
                rule = "a route's name is its own within a plugin"
                yield Problem((*where, "name"), route.name, rule, "rename one of the two")
            names.add(route.name)
            constants = (*where, "constantParameters")
            yield from header_name_problems(constants, route.constant_parameters)
        yield from _unreachable_problems(path, self)

    def warnings(self, path: KeyPath) -> Iterator[Problem]:
        """What a routing plugin may say, and hardly means."""
        for index, route in enumerate(self.routes):
            if route.weight is not None and self.sharing(route) == [route]:
                rule = f"{route.name} shares with no route: none beside it has its condition"
                where = (*path, "routes", index, "weight")
                yield Problem(where, route.weight, rule, "remove weight, or add another route")

    def sharing(self, route: RouteSettings) -> list[RouteSettings]:
        """The routes that share requests with one by their weights; itself among them."""
        meaning = meaning_of(route.condition)
        if route.weight is None or meaning is None:
            return [route]
        weighted = (one for one in self.routes if one.weight is not None)
        return [one for one in weighted if meaning_of(one.condition) == meaning]

    def expressions(self, path: KeyPath) -> Expressions:
        """What a routing plugin asks of requests."""
        conditions = [
            ((*path, "routes", index, "condition"), route.condition)
            for index, route in enumerate(self.routes)
            if route.weight is None or not _takes_everything(route)  # which is meant there
        ]
        return Expressions(
            self.parameters, conditions, (*path, "parameters"), knows_api_parameters=True
        )

    def backends(self, path: KeyPath) -> Iterator[tuple[KeyPath, PluginBackend]]:
        """Where each route leads."""
        for index, route in enumerate(self.routes):
            yield (*path, "routes", index, "backend"), route.backend

    def binding_warnings(self, path: KeyPath, at: KeyPath, api: BoundApi) -> Iterator[Problem]:
        """Routes that keep the path of an API's own backend, where it has none.

        Backends of imported definitions take the API's path then (API Gateway, "Swagger
        extensions"); that routes do so too isn't documented.
        """
        del at  # the route is what can say a path
        for where, backend in () if api.has_path else self.backends(path):
            kind = pathless(backend)
            if kind is not None:
                rule = (
                    f"the backend of {api.name} has no path that this one could keep: the gateway "
                    "takes the API's, or answers with I504RB"
                )
                yield Problem((*where, kind), None, rule, "say it: path: /business1")

    def written(self) -> Data:
        """A routing plugin as the gateway documents it."""
        data: Data = {}
        if self.parameters:
            data["parameters"] = {**self.parameters}
        data["routes"] = [
            _route_data(route, ("routes", index)) for index, route in enumerate(self.routes)
        ]
        return data


def _takes_everything(route: RouteSettings) -> bool:
    meaning = meaning_of(route.condition)
    return meaning is not None and is_always_true(meaning)


def _route_data(route: RouteSettings, place: KeyPath) -> Data:
    data: Data = {
        "name": route.name,
        "condition": route.condition,
        **({"weight": route.weight} if route.weight is not None else {}),
        "backend": backend_data(route.backend),
    }
    if route.constant_parameters:
        constants: list[DataValue] = []
        for name, constant in route.constant_parameters.items():
            value = constant.value
            if not isinstance(value, str):
                value = SecretRef((*place, "constantParameters", name, "value"))
            constants.append({"name": name, "location": constant.location, "value": value})
        data["constant-parameters"] = constants
    return data


def _unreachable_problems(path: KeyPath, settings: RoutingSettings) -> Iterator[Problem]:
    """Routes that another one before them always takes the requests from."""
    seen: dict[object, str] = {}
    sharing: set[object] = set()
    always: str | None = None
    for index, route in enumerate(settings.routes):
        where, meaning = (*path, "routes", index, "condition"), meaning_of(route.condition)
        if route.weight is not None and meaning in sharing:
            continue
        if always is not None:
            rule = f"this route is never taken: {always} before it takes every request"
            yield Problem(where, route.condition, rule, f"move it before {always}, or remove it")
        elif meaning is None or is_random(meaning):
            continue
        elif meaning in seen:
            rule = f"this route is never taken: {seen[meaning]} before it has the same condition"
            yield Problem(where, route.condition, rule, "change its condition, or remove it")
        else:
            seen[meaning] = route.name
            sharing |= {meaning} if route.weight is not None else set()
            always = route.name if is_always_true(meaning) else None
