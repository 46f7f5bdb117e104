"""The trafficControl plugin: how often an API may be called, in all and by each caller.

The gateway documents two formats. This is the basic one, whose limits are for the API, for each
app, and for each Alibaba Cloud account that owns apps; limits by a request's own parameters aren't
offered. API Gateway, "Throttling plug-in". The list of exceptions (`specials`: type, policies, key,
value) couldn't be read there and follows the console's export.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from stack.problems import KeyPath, Problem
from topologies.api_gateway.plugins.base import Data, DataValue, PluginKind, documented

Calls = Annotated[int, Field(ge=1)]

_ID = re.compile(r"[0-9]{1,20}")


Unit = Literal["SECOND", "MINUTE", "HOUR", "DAY"]


ControlMode = Literal["FIX_WINDOW"]


BlockingMode = Literal["QUICK_RETURN"]


class TrafficControlSettings(PluginKind):
    """How many calls are allowed in a second, a minute, an hour or a day."""

    not_offered = "limits by a request's own parameters aren't offered here"

    unit: Unit = Field(examples=["SECOND"])
    """The time that the limits are for: SECOND, MINUTE, HOUR or DAY."""

    api_default: Calls = Field(examples=[1000])
    """Calls of each API, whoever calls."""

    control_mode: ControlMode | None = Field(default=None, examples=["FIX_WINDOW"])
    """With SECOND: count in whole seconds, and refuse what is over. Without it the gateway hands
    out tokens, and lets calls wait for one."""

    blocking_mode: BlockingMode | None = Field(default=None, examples=["QUICK_RETURN"])
    """With SECOND: refuse a call that finds no token, instead of letting it wait."""

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

    def problems(self, path: KeyPath) -> Iterator[Problem]:
        """Everything that a trafficControl plugin may not say."""
        app, user, api = self.app_default, self.user_default, self.api_default
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
