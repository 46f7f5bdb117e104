"""From where an instance of API Gateway takes calls: its lists of addresses, before and after.

A list lets in only those that it has (`white`), or all others (`black`). Without a list, and with
one that has nothing in it, everybody gets in.

Source: API Gateway, "Access control of dedicated instances".
"""

from collections.abc import Iterator, Mapping, Sequence

from facts import kinds
from judging.address_sets import EVERYONE, AddressSet, address_set
from judging.findings import CLOSE_API, LOOSEN_API, OPEN_API, Finding, found
from judging.preview import Change, Op, Preview, State, entries_of
from judging.values import changed_inputs, shown
from judging.ways import Naming, Place

_LISTS = frozenset({kinds.ACCESS_LIST})
_INSTANCES = frozenset({kinds.API_INSTANCE})


class _Lists:
    """The lists of one side of a preview."""

    def __init__(self, states: Mapping[str, State], named: Naming) -> None:
        """Find out what each list has, and which instance is bound to which."""
        self._named = named
        self._ranges: list[tuple[Place, Sequence[object]]] = []
        self.bindings: dict[str, State] = {}
        for urn, state in states.items():
            match state.type:
                case kinds.ACCESS_LIST:
                    place = Place(state.name, frozenset({urn, str(state.outputs.get("id") or urn)}))
                    entries = state.items("aclEntrys")
                    inline = [entries_of(entry).get("aclEntryIp") for entry in entries]
                    self._ranges.append((place, inline))
                case kinds.ACCESS_LIST_RANGE:
                    place = named(state, "aclId", _LISTS)
                    self._ranges.append((place, [state.inputs.get("entry")]))
                case kinds.ACCESS_LIST_BINDING:
                    self.bindings[urn] = state
                case _:
                    pass

    def of(self, instance: Place) -> dict[str, State]:
        """The bindings of an instance."""
        return {
            urn: state
            for urn, state in self.bindings.items()
            if self._named(state, "instanceId", _INSTANCES).is_(instance)
        }

    def has(self, entry: State) -> bool:
        """Whether an entry's list is bound to something."""
        mine = self._named(entry, "aclId", _LISTS)
        return any(
            mine.is_(self._named(binding, "aclId", _LISTS)) for binding in self.bindings.values()
        )

    def let_in(self, instance: Place) -> AddressSet | None:
        """Whom an instance takes calls from; None where that can't be told.

        It has one list for each version of addresses: what one of them lets in gets in.
        """
        allowed: list[object] = []
        refused: list[object] = []
        for state in self.of(instance).values():
            place = self._named(state, "aclId", _LISTS)
            kind = state.text("aclType")
            if kind not in {"white", "black"}:
                return None
            mine = [one for owner, ranges in self._ranges if owner.is_(place) for one in ranges]
            (allowed if kind == "white" else refused).extend(mine)
        white, black = address_set(allowed), address_set(refused)
        if white is None or black is None:
            return None
        return (white if allowed else EVERYONE) - black


def list_findings(preview: Preview, named: Naming) -> Iterator[Finding]:
    """Each instance whose lists let more in than before, or fewer."""
    before, after = (_Lists(states, named) for states in preview.sides())
    changes = {change.urn: change for change in preview.changes}
    seen: list[Place] = []
    for urn, state in (*after.bindings.items(), *before.bindings.items()):
        instance = named(state, "instanceId", _INSTANCES)
        if any(instance.is_(one) for one in seen):
            continue
        seen.append(instance)
        if not instance.names & preview.created:
            yield from _instance(instance, changes[urn], before, after)
            yield from _meanwhile(instance, preview, after, named)
    for change in preview.changes:
        if change.type == kinds.ACCESS_LIST_RANGE:
            yield from _unbound(change, before, after)
        elif change.type == kinds.ACCESS_LIST and change.op is Op.UPDATE and not seen:
            yield from _unbound_list(change)


_NOWHERE = "is bound to an instance that isn't in this preview"


def _unbound_list(change: Change) -> Iterator[Finding]:
    if "aclEntrys" in changed_inputs(change, {}):
        yield found(LOOSEN_API, change, f"changes a list that {_NOWHERE}")


def _instance(instance: Place, binding: Change, before: _Lists, after: _Lists) -> Iterator[Finding]:
    old, new = before.let_in(instance), after.let_in(instance)
    if new is None or old is None:
        if binding.op is not Op.SAME:
            yield found(LOOSEN_API, binding, "lets in whom this preview can't tell")
        return
    if more := new - old:
        rule = OPEN_API if new.everyone and not old.everyone else LOOSEN_API
        yield found(rule, binding, f"lets {more} in to all APIs of {instance.shown}")
    if fewer := old - new:
        yield found(CLOSE_API, binding, f"shuts {fewer} out of all APIs of {instance.shown}")


def _meanwhile(
    instance: Place, preview: Preview, after: _Lists, named: Naming
) -> Iterator[Finding]:
    """What is open while a list is exchanged: the old one goes first."""
    bindings = after.of(instance)
    for change in preview.changes:
        if change.urn in bindings and change.op is Op.REPLACE:
            what = f"lets everybody in to all APIs of {instance.shown} while it is replaced"
            yield found(OPEN_API, change, what)
    lists = [named(binding, "aclId", _LISTS) for binding in bindings.values()]
    entries = [
        change
        for change in preview.changes
        if change.type == kinds.ACCESS_LIST_RANGE
        and change.new is not None
        and any(named(change.new, "aclId", _LISTS).is_(one) for one in lists)
    ]
    if entries and all(entry.op is Op.REPLACE for entry in entries):
        what = f"empties the list of {instance.shown} for a moment, and with it lets everybody in"
        yield found(LOOSEN_API, entries[0], what)


def _unbound(change: Change, before: _Lists, after: _Lists) -> Iterator[Finding]:
    """An entry of a list that isn't bound here: whom it lets in can't be told."""
    state = change.new or change.old
    if state is None or change.op is Op.SAME or before.has(state) or after.has(state):
        return
    entry = shown(state.inputs.get("entry"))
    yield found(LOOSEN_API, change, f"{change.op.value}s {entry} in a list that {_NOWHERE}")
