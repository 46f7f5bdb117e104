"""Accounts to read: a simulated one, called as a function, with what goes wrong on the way."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from judging.account.reading import Call, Reader, RefusedError
from sandbox.api.callers import Callers
from sandbox.api.products import PRODUCTS
from sandbox.api.service import Service
from tests.sandbox.api.api_lab import Api, lab_api

__all__ = ["REGION", "Asked", "filled", "refusing_to"]

REGION = "cn-shanghai"
_QUOTAS = ("eips_per_region", "security_groups_per_region", "forward_entries_per_table")
_PRODUCTS = {product.code.lower(): product for product in PRODUCTS}


@dataclass
class Asked:
    """The API of a simulated account as a reader sends to it, and what was sent."""

    api: Api
    calls: list[Call] = field(default_factory=list[Call])
    waits: list[float] = field(default_factory=list[float])
    before: Callable[[int, Call], object] = lambda _number, _call: None
    """Is told of each call before it is answered, with its number from 1 on; may refuse it."""

    answers: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """What an action is answered whose things the simulated cloud doesn't have."""

    def send(self, call: Call) -> Mapping[str, Any]:
        self.calls.append(call)
        self.before(len(self.calls), call)
        if call.action in self.answers:
            return self.answers[call.action]
        api = self.api.of(_PRODUCTS[call.product])
        said = dict(call.parameters)
        if call.path:
            said |= of_path(api.product.actions[call.action].route, call.path)
            callers = Callers(api.store, lambda: api.now)
            api.service = Service(api.store, call.region, callers, api.lines.append)
        answered = api.answered(call.action, **said)
        told: dict[str, Any] = json.loads(answered.body)
        if answered.status >= 400:
            raise RefusedError(told["Code"], told["Message"])
        return told

    def reader(self) -> Reader:
        return Reader(self.send, self.waits.append)


def filled() -> tuple[Any, Asked]:
    """A network to fill, and its account."""
    lab, api = lab_api()
    for quota in _QUOTAS:
        lab.store.set_quota(quota, 1000)
    return lab, Asked(api)


def refusing_to(action: str, code: str = "Forbidden.RAM") -> Callable[[int, Call], None]:
    """What is asked before each call, where one action is refused."""

    def before(_: int, call: Call) -> None:
        if call.action == action:
            raise RefusedError(code, "no")

    return before


def of_path(route: str, path: str) -> dict[str, str]:
    """What a path says, by the names that its action's route has for it."""
    form = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", route.partition(" ")[2])
    found = re.fullmatch(form, path)
    assert found, path
    return {name: unquote(value) for name, value in found.groupdict().items()}
