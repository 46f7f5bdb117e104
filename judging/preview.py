"""A preview as rules see it: what changes, from which state to which.

The names are the engine's own: a step has an operation, and a state before and after. Secrets are
`SECRET` in both, and what nobody can know yet is `UNKNOWN`; the engine writes them so.

Source: Pulumi 3.276, `pulumi preview --json` (`pkg/display/json.go`); 3.256 writes the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, cast

from stack.pulumi_wire import UNKNOWN, name_of

SECRET = "[secret]"  # noqa: S105 - what stands in place of one


class Op(Enum):
    """What happens to a resource."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    SAME = "same"
    """Nothing, or nothing but its options: protection, say."""


def items_of(value: object) -> list[Any]:
    """The items of a list; none of what isn't one."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def several(value: object) -> list[Any]:
    """The items of a list, instead of which one may stand alone, or nothing."""
    if isinstance(value, list):
        return cast("list[Any]", value)
    return [value] if value is not None else []


def entries_of(value: object) -> dict[str, Any]:
    """The entries of an object; none of what isn't one."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


@dataclass(frozen=True)
class State:
    """A resource before or after the change."""

    urn: str
    type: str
    inputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    protect: bool = False
    retained: bool = False
    """Deleting it takes it out of the state and leaves it in the cloud."""

    replaced_first: bool = False
    """It is deleted before its replacement is created, and with it what depends on it."""

    dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """The URNs that each input's value comes from."""

    provider: str = ""
    """The provider's own URN, without the id that changes with it."""

    id: str = ""
    """What Pulumi knows it by in the cloud; empty of what isn't there yet."""

    aliases: tuple[str, ...] = ()
    secret_outputs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its name in the program."""
        return name_of(self.urn)

    def comes_from(self, key: str) -> tuple[str, ...]:
        """The URNs of the resources that an input's value comes from."""
        return self.dependencies.get(key, ())

    def text(self, key: str) -> str:
        """An input as text; empty where there is none, or where it isn't known yet."""
        value = self.inputs.get(key)
        if isinstance(value, bool) or not isinstance(value, str | int):
            return ""
        return "" if value == UNKNOWN else str(value)

    def number(self, key: str) -> float | None:
        """An input as a number, which the provider takes as text too; None where there is none."""
        value = self.inputs.get(key)
        if isinstance(value, str) and value.isdecimal():
            return int(value)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def items(self, key: str) -> list[Any]:
        """The items of an input that is a list; none of any other."""
        return items_of(self.inputs.get(key))


@dataclass(frozen=True)
class Change:
    """What a preview says about one resource."""

    op: Op
    urn: str
    type: str
    old: State | None = None
    new: State | None = None
    differs: frozenset[str] = frozenset()
    """The inputs that the provider says differ; of secrets, nothing else tells."""

    @property
    def name(self) -> str:
        """The resource's name in the program; after a rename, the new one."""
        return name_of(self.urn)

    @property
    def altered(self) -> tuple[State, State] | None:
        """The states of what is updated or replaced, before and after; None of all else."""
        if self.op not in {Op.UPDATE, Op.REPLACE} or self.old is None or self.new is None:
            return None
        return self.old, self.new

    @property
    def goes(self) -> bool:
        """Whether the cloud loses what there is: it is deleted or replaced, and not retained."""
        return self.op in {Op.DELETE, Op.REPLACE} and not (self.old and self.old.retained)


@dataclass(frozen=True)
class Preview:
    """Everything that one run would change."""

    stack: str
    changes: tuple[Change, ...] = ()
    refused: tuple[tuple[str, Op], ...] = ()
    """Protected resources, by URN, at which the engine stopped: more might have come."""

    config: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The stack's configuration, by key; structured values as JSON text."""

    shows_replacements: bool = True
    """Whether the steps of replacements are in it (`--show-replacement-steps`). What is deleted
    along with a replaced resource has no other step."""

    @property
    def created(self) -> frozenset[str]:
        """The URNs of what this run makes: nothing of it was there before, so nothing is let in."""
        return frozenset(change.urn for change in self.changes if change.op is Op.CREATE)

    def sides(self) -> tuple[Mapping[str, State], Mapping[str, State]]:
        """All resources before the run and after it, by the URN that they have in the end.

        What is deleted and retained is there on both sides: the cloud keeps it.
        """
        before: dict[str, State] = {}
        after: dict[str, State] = {}
        for change in self.changes:
            if change.old is not None and change.op is not Op.CREATE:
                before[change.urn] = change.old
                if change.op is Op.DELETE and not change.goes:
                    after[change.urn] = change.old
            if change.new is not None and change.op is not Op.DELETE:
                after[change.urn] = change.new
        return before, after

    def present_urns(self) -> Mapping[str, str]:
        """For each URN that a renamed resource had, the one that it has now."""
        found: dict[str, str] = {}
        for change in self.changes:
            if change.new is not None:
                found |= dict.fromkeys(change.new.aliases, change.urn)
                if change.old is not None and change.old.urn != change.urn:
                    found[change.old.urn] = change.urn
        return found
