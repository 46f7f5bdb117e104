"""The trafficControl plugin: how often an API may be called, in all and by each caller.

The gateway documents two formats. The basic one has limits for the API, for each app, and for each
Alibaba Cloud account that owns apps (`unit`, `apiDefault`); the other one has limits for all
requests and for each value of their parameters (`defaultLimit`, `rules`). API Gateway, "Throttling
plug-in". The list of exceptions (`specials`: type, policies, key, value) couldn't be read there and
follows the console's export; of the other format's keys, only those that a public example has.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from stack.model import Model
from stack.problems import KeyPath, Problem, choose_from
from topologies.api_gateway.plugins.base import (
    Data,
    DataValue,
    Expressions,
    Parameters,
    PluginKind,
    documented,
    once_problems,
)

Calls = Annotated[int, Field(ge=1)]

_BASIC = (
    *("unit", "api_default", "control_mode"),
    *("user_default", "app_default", "special_apps", "special_users"),
)
_BY_PARAMETERS = ("scope", "default_period", "default_retry_after_by_second", "parameters", "rules")
_ID = re.compile(r"[0-9]{1,20}")


Unit = Literal["SECOND", "MINUTE", "HOUR", "DAY"]


ControlMode = Literal["FIX_WINDOW"]


BlockingMode = Literal["QUICK_RETURN"]


Scope = Literal["PLUGIN"]


class ThrottlingRule(Model):
    """A limit for each value of a parameter."""

    name: str = Field(examples=["PerClientIP"])
    """Its name, its own within the plugin."""

    by_parameters: str = Field(examples=["ClientIP"])
    """The name of one of `parameters`: each of its values has calls of its own."""

    bypass_empty_value: bool | None = Field(default=None, examples=[False])
    """Whether requests without a value aren't limited."""

    limit: Calls = Field(examples=[100])
    """Calls for each value."""

    period: Unit = Field(examples=["DAY"])
    """The time that the limit is for: SECOND, MINUTE, HOUR or DAY."""

    retry_after_by_second: Calls | None = Field(default=None, examples=[3600])
    """Seconds after which a refused caller is told to try again."""


class TrafficControlSettings(PluginKind):
    """How many calls are allowed in a second, a minute, an hour or a day."""

    unit: Unit | None = Field(default=None, examples=["SECOND"])
    """The time that the limits are for: SECOND, MINUTE, HOUR or DAY."""

    api_default: Calls | None = Field(default=None, examples=[1000])
    """Calls of each API, whoever calls; with `unit`."""

    control_mode: ControlMode | None = Field(default=None, examples=["FIX_WINDOW"])
    """With SECOND: count in whole seconds, and refuse what is over. Without it the gateway hands
    out tokens, and lets calls wait for one."""

    blocking_mode: BlockingMode | None = Field(default=None, examples=["QUICK_RETURN"])
    """With SECOND, or with `defaultLimit`: refuse a call that finds no token, instead of letting it
    wait."""

    user_default: Calls | None = Field(default=None, examples=[30])
    """Calls by the apps of each Alibaba Cloud account."""

    app_default: Calls | None = Field(default=None, examples=[30])
    """Calls by each app."""

    special_apps: dict[str, Calls] = Field(
        default_factory=dict[str, Calls], examples=[{"4534463": 100}]
    )
    """Apps with a limit of their own, by their ids."""

    special_users: dict[str, Calls] = Field(
        default_factory=dict[str, Calls], examples=[{"123456789012": 200}]
    )
    """Accounts with a limit of their own, by their ids."""

    scope: Scope | None = Field(default=None, examples=["PLUGIN"])
    """With `defaultLimit`: what has one count together. PLUGIN: all APIs of the plugin."""

    default_limit: Calls | None = Field(default=None, examples=[5000])
    """Calls in all, in the other format; instead of `unit` and `apiDefault`."""

    default_period: Unit | None = Field(default=None, examples=["DAY"])
    """The time that `defaultLimit` is for: SECOND, MINUTE, HOUR or DAY."""

    default_retry_after_by_second: Calls | None = Field(default=None, examples=[3600])
    """Seconds after which a refused caller is told to try again."""

    parameters: Parameters = Field(
        default_factory=Parameters, examples=[{"ClientIP": "System:CaClientIp"}]
    )
    """Names for use in `rules`, each with where its value comes from."""

    rules: list[ThrottlingRule] = Field(
        default_factory=list[ThrottlingRule],
        examples=[
            [{"name": "PerClientIP", "byParameters": "ClientIP", "limit": 100, "period": "DAY"}]
        ],
    )
    """Limits for each value of a parameter."""

    def problems(self, path: KeyPath) -> Iterator[Problem]:
        """Everything that a trafficControl plugin may not say."""
        if self.default_limit is None:
            yield from self._basic_problems(path)
        else:
            yield from self._parameter_problems(path)

    def _parameter_problems(self, path: KeyPath) -> Iterator[Problem]:
        """Mistakes of limits by parameters."""
        if self.default_period is None:
            rule = "a limit is for a time"
            yield Problem((*path, "defaultPeriod"), None, rule, "add defaultPeriod: DAY")
        yield from _strange(path, self, _BASIC, "defaultLimit")
        names = [rule.name for rule in self.rules]
        yield from once_problems((*path, "rules"), names, "a rule's name")
        for index, rule in enumerate(self.rules):
            if rule.by_parameters not in self.parameters:
                where = (*path, "rules", index, "byParameters")
                told = f"a rule is for one of parameters, which have no {rule.by_parameters}"
                remedy = choose_from(rule.by_parameters, self.parameters, "parameter")
                yield Problem(where, rule.by_parameters, told, remedy)

    def _basic_problems(self, path: KeyPath) -> Iterator[Problem]:
        """Mistakes of limits by the API, its apps and their accounts."""
        app, user, api = self.app_default, self.user_default, self.api_default
        if self.unit is None or api is None:
            key = "unit" if self.unit is None else "apiDefault"
            rule = "limits are unit and apiDefault, or defaultLimit and defaultPeriod"
            yield Problem((*path, key), None, rule, "add unit: SECOND and apiDefault: 1000")
            return
        yield from _strange(path, self, _BY_PARAMETERS, "apiDefault")
        if user is not None and user > api:
            yield _over((*path, "userDefault"), user, "apiDefault", api)
        if app is not None and user is not None and app > user:
            yield _over((*path, "appDefault"), app, "userDefault", user)
        elif app is not None and app > api:
            yield _over((*path, "appDefault"), app, "apiDefault", api)
        for key, specials in (
            ("specialApps", self.special_apps),
            ("specialUsers", self.special_users),
        ):
            for id_, calls in specials.items():
                if not _ID.fullmatch(id_):
                    rule = "an exception is made for an id, which has digits only (no AppKey)"
                    yield Problem((*path, key, id_), id_, rule, 'write the id in quotes: "4534463"')
                if calls > api:
                    yield _over((*path, key, id_), calls, "apiDefault", api)
        yield from _second_problems(path, self)

    def expressions(self, path: KeyPath) -> Expressions:
        """The parameters that a trafficControl plugin reads."""
        return Expressions(self.parameters, [], (*path, "parameters"))

    def written(self) -> Data:
        """A trafficControl plugin as the gateway documents it."""
        data = documented(self, leave_out=frozenset({"special_apps", "special_users"}))
        specials: list[DataValue] = [
            {"type": kind, "policies": _policies(exceptions)}
            for kind, exceptions in (("APP", self.special_apps), ("USER", self.special_users))
            if exceptions
        ]
        if specials:
            data["specials"] = specials
        return data


def _strange(
    path: KeyPath, settings: TrafficControlSettings, fields: Iterable[str], beside: str
) -> Iterator[Problem]:
    """Keys of the one format beside those of the other."""
    for field in fields:
        value: object = getattr(settings, field)
        if value not in (None, {}, []):
            key = TrafficControlSettings.model_fields[field].alias or field
            rule = f"{key} isn't said with {beside}: a plugin has limits of one format"
            yield Problem((*path, key), value, rule, f"remove {key}, or {beside}")


def _policies(exceptions: Mapping[str, int]) -> list[DataValue]:
    return [{"key": int(id_), "value": calls} for id_, calls in exceptions.items()]


def _over(path: KeyPath, calls: int, key: str, limit: int) -> Problem:
    rule = f"a limit is at most the one around it: {key} is {limit}"
    return Problem(path, calls, rule, f"write {limit} or less, or raise {key}")


def _second_problems(path: KeyPath, settings: TrafficControlSettings) -> Iterator[Problem]:
    modes = {"controlMode": settings.control_mode, "blockingMode": settings.blocking_mode}
    for key, mode in modes.items():
        if mode is not None and settings.unit != "SECOND":
            rule = f"{key} is for limits by the second; longer times are counted in whole ones"
            yield Problem((*path, key), mode, rule, f"remove {key}, or say unit: SECOND")
    if None not in modes.values() and settings.unit == "SECOND":
        rule = "nothing waits where whole seconds are counted, so that blockingMode means nothing"
        value = modes["blockingMode"]
        yield Problem((*path, "blockingMode"), value, rule, "remove one of the two")
