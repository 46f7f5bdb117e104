"""A rehearsal: the whole update on a copy, then a preview that has to find nothing left to do."""

import json
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

import pulumi.automation as auto

from sandbox.accounts import EngineRefusedError
from sandbox.cloud import Store
from sandbox.driver import Apart, driver
from sandbox.paths import Paths
from sandbox.rehearsal.copying import UncopiedError, copied, encrypted_anew
from sandbox.rehearsal.events import Failure, Log, Step, gist
from sandbox.rehearsal.existing import Remembered, existing, remembered
from sandbox.rehearsal.provider import attached
from stack.file.references import Outputs
from stack.pulumi_wire import SECRET_SIGNATURE, is_secret, name_of
from stack.settings import StackSettings
from topologies.stack_outputs import known_outputs

__all__ = ["NotRehearsedError", "Rehearsed", "Subject", "rehearsed"]

_NOT_SIMULATED: Final = ("the sandbox doesn't simulate", "no resource plugin")


class NotRehearsedError(Exception):
    """Why there is no rehearsal; `str()` says it. It is no reason against the update."""


@dataclass(frozen=True)
class Subject:
    """What is rehearsed."""

    paths: Paths
    settings: StackSettings
    deployment: Mapping[str, Any]
    """The state, as `pulumi stack export` has it."""

    region: str
    """Of what neither the state nor the stack file places."""

    outputs: Mapping[str, Outputs]
    """Of the stacks that the stack file refers to, by the names that it calls them by."""

    quotas: Mapping[str, int]
    """Those of the simulated cloud that differ from a new account's."""

    config: Mapping[str, str] | None = None
    """What the stack file has encrypted, decrypted, where the state's secrets are as well: the copy
    has a passphrase of its own then."""


@dataclass(frozen=True)
class Rehearsed:
    """How a rehearsal ended."""

    steps: tuple[Step, ...]
    """What the update takes; none where it changes nothing."""

    failures: tuple[Failure, ...]
    left: tuple[Step, ...]
    """What a second update would still do."""

    names: Mapping[str, str]
    """What the stack calls the cloud's things, by their ids."""

    changes_nothing: bool = False
    """Whether the update leaves the state too as it found it: what it would write is there."""

    @property
    def ends_well(self) -> bool:
        """Whether everything was done, and nothing is left to do."""
        return not self.failures and not self.left


def rehearsed(subject: Subject, engine: Path) -> Rehearsed:
    """Carry out a stack's update on copies.

    Raises:
        NotRehearsedError: it can't be.
    """
    own = _own(subject)
    store = Store(":memory:")
    for name, allowed in subject.quotas.items():
        store.set_quota(name, allowed)
    for one in [*existing(subject.settings, own), *own]:
        store.remember(one.kind, one.id, one.attributes, region=one.region)
    try:
        with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
            up, again, state = _carried_out(subject, store, own, Path(folder), engine)
        names = {one.id: name_of(one.urn) for one in own}
        made = {call.id: name_of(call.key) for call in store.calls("create")}
    except UncopiedError as error:
        message = f"the engine doesn't take a copy of the state: {error}"
        raise NotRehearsedError(message) from None
    finally:
        store.close()
    failures = (*up.failures, *again.failures)
    for failure in failures:
        if any(words in failure.reason for words in _NOT_SIMULATED):
            raise NotRehearsedError(failure.reason)
    same = not up.steps and not failures and _gist(state) == _gist(subject.deployment)
    return Rehearsed(tuple(up.steps), failures, tuple(again.steps), {**made, **names}, same)


def _own(subject: Subject) -> list[Remembered]:
    if subject.deployment.get("pending_operations"):
        message = "a run was interrupted, and what it did isn't known yet: settle that first"
        raise NotRehearsedError(message)
    try:
        return list(remembered(subject.deployment, subject.region))
    except LookupError as unknown:
        raise NotRehearsedError(unknown.args[0]) from None


def _carried_out(
    subject: Subject, store: Store, own: list[Remembered], folder: Path, engine: Path
) -> tuple[Log, Log, Mapping[str, Any]]:
    """What the engine told of the update, and of the preview after it; and the state it left."""
    cloud = attached(store, {one.urn for one in own if not one.is_whole})
    said: list[str] = []
    paths, state = subject.paths, subject.deployment
    apart = Apart(cloud, said.append, from_nothing=not state.get("resources"))
    if subject.config is None:
        copy = copied(paths, folder, state)
    else:
        apart = replace(apart, passphrase=secrets.token_urlsafe(), config=subject.config)
        copy = encrypted_anew(paths, folder, state, engine, apart.passphrase)
    up, again = Log(), Log()
    try:
        with (
            known_outputs(subject.outputs),
            driver(copy, engine, apart=apart) as running,
        ):
            running.up(up.heard)
            state = running.deployment()
            if up.steps:
                running.preview(again.heard)
    except (auto.CommandError, EngineRefusedError) as error:
        if not up.failures and not again.failures:
            up.failed(gist("\n".join(said) or str(error)))
    return up, again, state


_WRITTEN_ANYHOW: Final = {"sourcePosition", "stackTrace"}
"""What the engine writes of a resource that tells of the program's files alone."""

_URNS: Final = {"dependencies", "propertyDependencies"}
"""Lists in no order: the program's is another one each time."""


def _gist(deployment: Mapping[str, Any]) -> object:
    """What a state says, but for who wrote it when, and in which order.

    What is encrypted is so anew each time, and never says the same: nobody knows that it is. But
    where the engine had no step, the cloud's answers are kept, and what was asked was the same.
    """
    resources = [
        {
            key: _sorted(value) if key in _URNS else value
            for key, value in (_seen(one) if one["custom"] else one).items()
            if key not in _WRITTEN_ANYHOW
        }
        for one in deployment.get("resources") or ()
    ]
    pending: object = deployment.get("pending_operations") or []
    return sorted(resources, key=lambda one: json.dumps(one, sort_keys=True)), pending


def _seen(resource: Mapping[str, Any]) -> dict[str, Any]:
    """A resource of the cloud, without what the absence of a step says of it."""
    return {
        **{key: value for key, value in resource.items() if key != "outputs"},
        "inputs": _hidden(resource.get("inputs")),
    }


def _hidden(value: object) -> object:
    if is_secret(value):
        return SECRET_SIGNATURE
    if isinstance(value, dict):
        return {key: _hidden(one) for key, one in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_hidden(one) for one in cast("list[object]", value)]
    return value


def _sorted(urns: Mapping[str, list[str]] | list[str]) -> object:
    if isinstance(urns, list):
        return sorted(urns)
    return {key: sorted(some) for key, some in urns.items()}
