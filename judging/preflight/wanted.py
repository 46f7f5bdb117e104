"""What a preview wants of the account: what is made, where, and on what it stands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, cast

from facts import kinds
from judging.preview import Change, Op, Preview, State, items_of
from stack.ids import ROLE
from stack.pulumi_wire import UNKNOWN, type_of

_REGION: Final = "alicloud:region"
_ENTRIES: Final = frozenset({kinds.FORWARD_ENTRY, kinds.SNAT_ENTRY})
"""Their ids are the table's and the entry's, with a colon between."""


@dataclass(frozen=True)
class Wanted:
    """A preview, as a preflight looks at it."""

    preview: Preview
    default_region: str = ""
    """Where the stack is, if its configuration doesn't say so: what the environment says."""

    @property
    def region(self) -> str:
        """Where the stack is."""
        return str(self.preview.config.get(_REGION) or self.default_region)

    @cached_property
    def made(self) -> Mapping[str, list[State]]:
        """What the cloud is asked to make, by type; what is made anew as well."""
        return _by_type(self._news({Op.CREATE, Op.REPLACE}))

    @cached_property
    def more(self) -> Mapping[str, list[State]]:
        """What the cloud has more of for a while: all that is made before the old one goes."""
        return _by_type(
            change.new
            for change in self._changes({Op.CREATE, Op.REPLACE})
            if change.new and not (change.op is Op.REPLACE and _goes_first(change))
        )

    @cached_property
    def changed(self) -> Mapping[str, list[State]]:
        """What is made or updated, by type, as it will be."""
        return _by_type(self._news({Op.CREATE, Op.REPLACE, Op.UPDATE}))

    @cached_property
    def before(self) -> Mapping[str, State]:
        """What the stack has, by URN."""
        return self.preview.sides()[0]

    @cached_property
    def after(self) -> Mapping[str, State]:
        """What it will have, by URN."""
        return self.preview.sides()[1]

    @cached_property
    def own(self) -> frozenset[str]:
        """The ids in the cloud of what the stack has."""
        return frozenset(
            one.id.rpartition(":")[2] if one.type in _ENTRIES else one.id
            for one in self.before.values()
            if one.id
        )

    def region_of(self, state: State) -> str:
        """Where a resource is."""
        provider = self.after.get(state.provider)
        return (provider.text("region") if provider else "") or self.region

    def target(self, state: State, key: str, kind: str) -> str:
        """What an input names: an id, or the URN of what this run makes; empty where none is."""
        if known := state.text(key):
            return known
        return next((urn for urn in state.comes_from(key) if type_of(urn) == kind), "")

    def _changes(self, ops: set[Op]) -> Iterator[Change]:
        return (change for change in self.preview.changes if change.op in ops)

    def _news(self, ops: set[Op]) -> Iterator[State]:
        return (change.new for change in self._changes(ops) if change.new is not None)


def _goes_first(change: Change) -> bool:
    return any(one is not None and one.replaced_first for one in (change.old, change.new))


def _by_type(states: Iterable[State]) -> Mapping[str, list[State]]:
    found: dict[str, list[State]] = {}
    for state in states:
        found.setdefault(state.type, []).append(state)
    return found


def is_id(target: str) -> bool:
    """Whether a target is there already."""
    return bool(target) and not target.startswith("urn:")


def named_ids(inputs: Mapping[str, Any]) -> Iterator[str]:
    """Every text among inputs that is called an id, or is a role's, however deep it lies."""
    for key, value in inputs.items():
        for one in items_of(value) or [value]:
            if isinstance(one, Mapping):
                yield from named_ids(cast("Mapping[str, Any]", one))
            elif isinstance(one, str) and one != UNKNOWN and _is_id(key, one):
                yield one


def _is_id(key: str, text: str) -> bool:
    return key.endswith(("Id", "Ids")) or ROLE.fits(text)
