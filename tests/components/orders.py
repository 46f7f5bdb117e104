"""Every order that a program's dependencies leave open, tried in the simulated cloud.

The engine makes and deletes side by side whatever doesn't wait for each other, so one run shows one
order out of many. Here a program runs once, against a store instead of mocks; what it made is then
made again and deleted in other orders, drawn by a seed, each in a cloud of its own. A missing
dependency is an order that the cloud refuses.
"""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs, Mocks

from facts.contract import Contract, contract_of
from sandbox.cloud import Store
from sandbox.provider.checks import check_inputs
from sandbox.provider.quirks import is_only_forgotten, sent_at_creation
from sandbox.provider.resources import outputs_of
from tests.mocked_cloud import last, run

Values = dict[str, Any]
# What another resource answered, when it stands in an input: ids, as the cloud draws them.
_ID = re.compile(r"[a-z]+(-[a-z]+)*-uf6[0-9a-z]{17}")


@dataclass(frozen=True)
class Step:
    """A resource of a program."""

    name: str
    contract: Contract
    region: str
    inputs: Values
    outputs: Values
    after: frozenset[str]


class _Cloud(Mocks):
    """Makes in a store what the program registers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.made: list[Step] = []

    def call(self, args: MockCallArgs) -> Any:
        raise AssertionError(f"a component asked the cloud: {args.token}")

    def new_resource(self, args: MockResourceArgs) -> tuple[str, Values]:
        if not args.custom:
            return "", {}
        # A test's providers are called like their regions.
        region = last((args.provider or "").rpartition("::")[0]) or "cn-shanghai"
        inputs: Values = _whole(cast("Values", args.inputs))
        step = Step(args.name, contract_of(args.typ), region, inputs, {}, frozenset())
        identity, outputs = make(self._store, step, inputs)
        self.made.append(replace(step, outputs={**outputs, "id": identity}))
        return identity, outputs


def _whole(value: Any) -> Any:
    """Numbers as the provider reads them: on the wire all of them are fractions."""
    if isinstance(value, dict):
        return {name: _whole(one) for name, one in cast("Values", value).items()}
    if isinstance(value, list):
        return [_whole(one) for one in cast("list[Any]", value)]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def make(store: Store, step: Step, inputs: Values) -> tuple[str, Values]:
    """Make one resource as the provider would; its cloud id and outputs."""
    checked = check_inputs(step.contract, inputs)
    assert not checked.failures, (step.name, checked.failures)
    kind = step.contract.kind
    wanted = sent_at_creation(kind, step.contract.to_snake(checked.inputs))
    made = store.create(kind, wanted, region=step.region)
    return made.id, outputs_of(step.contract, made, inputs)


class Orders:
    """What a program makes, and the orders in which that can go.

    Args:
        program: registers the resources.
        new_store: a cloud to work in; the same each time, ids included.
    """

    def __init__(self, program: Callable[[], object], new_store: Callable[[], Store]) -> None:
        self._new_store = new_store
        cloud = _Cloud(new_store())
        registered = run(program, cloud=cloud)
        after = {one.name: frozenset(one.after) for one in registered.resources}
        self.steps = {one.name: replace(one, after=after[one.name]) for one in cloud.made}

    def without(self, name: str, before: str) -> "Orders":
        """The same, but that `name` doesn't wait for `before`."""
        step = self.steps[name]
        assert before in step.after
        other = object.__new__(Orders)
        other._new_store = self._new_store
        other.steps = {**self.steps, name: replace(step, after=step.after - {before})}
        return other

    def attempt(self, seed: int) -> Store:
        """Make everything in one order and delete it in another; the cloud afterwards.

        Raises:
            CloudError: the cloud refuses.
        """
        draw = random.Random(seed)
        store = self._new_store()
        made: dict[str, tuple[str, Values]] = {}
        for name in _order({one.name: one.after for one in self.steps.values()}, draw):
            step = self.steps[name]
            made[name] = make(store, step, self._resolved(step.inputs, made))
        dependents = {
            name: frozenset(one.name for one in self.steps.values() if name in one.after)
            for name in self.steps
        }
        for name in _order(dependents, draw):
            step, (identity, outputs) = self.steps[name], made[name]
            if not is_only_forgotten(step.contract.kind, outputs):
                store.delete(step.contract.kind, identity, region=step.region)
        return store

    def _resolved(self, value: Any, made: Mapping[str, tuple[str, Values]]) -> Any:
        """An input with this cloud's ids in place of those of the first run."""
        if isinstance(value, dict):
            items = cast("Values", value).items()
            return {name: self._resolved(one, made) for name, one in items}
        if isinstance(value, list):
            return [self._resolved(one, made) for one in cast("list[Any]", value)]
        if not isinstance(value, str) or not _ID.fullmatch(value):
            return value
        for name, (identity, outputs) in made.items():
            first = self.steps[name].outputs
            if first["id"] == value:
                return identity
            for key, output in first.items():
                if output == value and key in outputs:
                    return outputs[key]
        return value  # the surroundings', which every cloud has


def _order(waits: Mapping[str, frozenset[str]], draw: random.Random) -> list[str]:
    """One of the orders in which everything comes after what it waits for."""
    left, done = sorted(waits), list[str]()
    while left:
        ready = [name for name in left if waits[name] & {*waits} <= {*done}]
        chosen = draw.choice(ready)
        left.remove(chosen)
        done.append(chosen)
    return done
