"""What the cloud gives to one holder at a time: who of two can't have it, and what to do.

Each topology says once what its entries claim. The claims are compared with each other (two entries
of a stack file), with what the state holds (an update), and with those of stacks that use the same
gateway. Where one isn't known before it is made, a text stands for it: the output that will say it.

Pulumi creates before it deletes, and updates what stays in an order of its own. The cloud never
holds two entries for one port, two vSwitches on one range, two instances on one address. So a
change that ends well can still be impossible to carry out: `new-web` can't be created on a port
that `legacy-web` still has, and fails again at every retry. Preview sees nothing of it.

Given what the state holds and what the stack file wants, `impossible_changes` says which changes
those are, and how to write them so that they work.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from stack.problems import KeyPath, Problem, dotted

_BEFORE_KEY = 2  # section, map; an entry's own key follows, and such an entry can say `was`
_NETWORKS = "networks"  # a map of sections: each network's name stands before its maps


@dataclass(frozen=True)
class Claim:
    """A stretch of something that has one holder: ports of an address, addresses of a VPC."""

    group: tuple[str, ...]
    """What it is a stretch of. Only claims of one group can meet."""

    label: str
    """How to call it: "ip3 tcp 80"."""

    first: int = 0
    last: int = 0
    passes: bool = False
    """Whether it goes from one holder to another in one update: the one lets go of it as it takes
    another of its kind, and the provider tries until the other has it."""

    place: KeyPath = ()
    """Where the stack file says it, if not by the entry as a whole."""

    clash: "Clash | None" = field(default=None, compare=False)
    """What to say of it where an earlier entry of the stack file claims the same; None where rules
    say it."""

    free: "Callable[[], str | None] | None" = field(default=None, compare=False)
    """Says something of its kind that nobody has or wants, for the step between of a swap."""

    def meets(self, other: "Claim") -> bool:
        """Whether both can't be held at once."""
        return self.group == other.group and self.first <= other.last and other.first <= self.last

    def covers(self, other: "Claim") -> bool:
        """Whether who holds this holds the other."""
        return self.group == other.group and self.first <= other.first and other.last <= self.last


Clash = Callable[["Holder", Claim], Problem | None]
"""From the earlier entry and its claim to the problem of the later one, with its remedy; None where
another claim tells it."""


@dataclass(frozen=True)
class Holder:
    """An entry with its claims: as the state has it, or as the stack file wants it."""

    path: KeyPath
    """Its place in the stack file; the last part is its key."""

    claims: tuple[Claim, ...]

    was: str | None = None
    """The key that it is carried over from."""

    order: tuple[str, ...] = ()
    """Wanted holders with equal orders are changed one after the other, by key; with none, in any
    order."""

    fixed: Mapping[str, str] | None = None
    """What can't be changed in place, under the names that the stack file has for it; None where
    it isn't known what that is."""

    standing: bool = False
    """Whether it has what it claims whatever an update does: what exists apart from the stack, and
    names."""

    shared: str = ""
    """What of a gateway its claims are a part of, by its id or the output that will say it, where
    other stacks may have parts of that as well: a table."""

    named: KeyPath = ()
    """The entry whose name it has, where it stands deeper or is named after another one: that is
    where `was` is said."""

    @property
    def key(self) -> str:
        """What to call it: its key in the stack file, with the entry that it stands in."""
        return dotted(self.path[_before_key(self.path) :])


def _before_key(path: KeyPath) -> int:
    """How many parts of an entry's place precede its key."""
    return _BEFORE_KEY + (path[0] == _NETWORKS)


@dataclass(frozen=True)
class Holdings:
    """What the state holds and what the stack file wants."""

    held: tuple[Holder, ...] = ()
    wanted: tuple[Holder, ...] = ()

    def __add__(self, other: "Holdings") -> "Holdings":
        """Both together."""
        return Holdings(self.held + other.held, self.wanted + other.wanted)


def clashes(holders: Iterable[Holder]) -> Iterator[Problem]:
    """Entries of a stack file that claim what another one claims: of two, the later is told.

    In order of first, the wider one before, whoever meets anyone meets the one that reaches
    furthest so far; equal claims are in the order of the holders.
    """
    groups = defaultdict[tuple[str, ...], list[tuple[Claim, Holder]]](list)
    for holder in holders:
        for claim in holder.claims:
            groups[claim.group].append((claim, holder))
    for claims in groups.values():
        claims.sort(key=lambda one: (one[0].first, -one[0].last))
        furthest, owner = claims[0]
        for claim, holder in claims[1:]:
            if claim.clash is not None and claim.meets(furthest):
                problem = claim.clash(owner, furthest)
                if problem is not None:
                    yield problem
            if claim.last > furthest.last:
                furthest, owner = claim, holder


def taken_by_neighbours(
    mine: Iterable[Holder], others: Mapping[str, Iterable[Holder]]
) -> Iterator[tuple[Holder, Claim, str, Holder]]:
    """What a stack and one of `others`, by their names, claim of one and the same gateway.

    Yields an entry and its claim, and the other stack's name and entry.
    """
    taken = {name: _by_group(holders) for name, holders in others.items()}
    for holder in mine:
        for claim in holder.claims:
            for name, groups in taken.items():
                for other in _holders(groups.get((holder.shared, *claim.group), []), claim):
                    yield holder, claim, name, other


def impossible_changes(holdings: Holdings) -> Iterator[Problem]:
    """Changes that no single update can carry out, each with the steps that can."""
    held = {holder.path: holder for holder in holdings.held}
    moving = [holder for holder in holdings.wanted if not holder.standing]
    heirs = {_former_path(wanted, held): wanted for wanted in moving}
    taken = _by_group(holdings.held)
    for wanted in moving:
        own = held.get(_former_path(wanted, held))
        met: set[KeyPath] = set()
        for claim in wanted.claims:
            if own is not None and any(mine.covers(claim) for mine in own.claims):
                continue  # it has that already, so that nobody else does, whatever the state says
            for holder in _holders(taken.get(("", *claim.group), []), claim):
                if holder is own or holder.path in met:
                    continue
                met.add(holder.path)
                problem = _judge(wanted, own, claim, holder, heirs.get(holder.path))
                if problem is not None:
                    yield problem


def _former_path(wanted: Holder, held: dict[KeyPath, Holder]) -> KeyPath:
    """Where the state has what `wanted` carries on."""
    if wanted.path in held or wanted.was is None:
        return wanted.path
    return (*wanted.path[:-1], wanted.was)


_Taken = list[tuple[int, int, Holder]]


def _by_group(holders: Iterable[Holder]) -> dict[tuple[str, ...], _Taken]:
    """Who holds what, by group, in order of first: claims held side by side don't overlap.

    Before the group stands what is shared with other stacks; of a state that is nothing.
    """
    groups: dict[tuple[str, ...], _Taken] = defaultdict(list)
    for holder in holders:
        for claim in holder.claims:
            groups[holder.shared, *claim.group].append((claim.first, claim.last, holder))
    for taken in groups.values():
        taken.sort(key=lambda item: item[:2])
    return groups


def _holders(taken: _Taken, claim: Claim) -> Iterator[Holder]:
    """Who holds a part of `claim`."""
    end = bisect_right(taken, claim.last, key=lambda item: item[0])
    for _, last, holder in reversed(taken[:end]):
        if last < claim.first:
            return
        yield holder


def _judge(
    wanted: Holder, own: Holder | None, claim: Claim, holder: Holder, heir: Holder | None
) -> Problem | None:
    """Whether `wanted` can have what `holder` has now, and what to do if not."""
    if heir is None:
        return _after_removal(wanted, own, claim, holder)
    if any(mine.meets(claim) for mine in heir.claims):
        return None  # told as a clash inside the stack file
    if claim.passes and _takes_another(heir, holder, claim):
        return None  # it has let go of it by then
    if heir.order and heir.order == wanted.order and heir.key < wanted.key:
        return None  # it has moved away by then
    swapped = own is not None and any(
        mine.meets(theirs) for mine in heir.claims for theirs in own.claims
    )
    lanes = heir.order[:1] == wanted.order[:1] and heir.order != wanted.order
    if swapped:
        rule = f"{wanted.key} and {heir.key} swap {claim.label}, which no single update can do"
        last = max(wanted.key, heir.key)
        free = claim.free() if claim.free is not None else None
        between = f" ({free} is free)" if free is not None else ""
        remedy = (
            f"do it in two steps: first move {last} to something free and run up{between}; "
            f"then give both their final places{_IN_ONE_LANE if lanes else ''} and run up again"
        )
    elif lanes and heir.key < wanted.key:
        rule = f"{claim.label} is {holder.key}'s until {heir.key} has moved, side by side with this"
        remedy = f"run up once{_IN_ONE_LANE} and take it out again if you like"
    else:
        rule = (
            f"{claim.label} is {holder.key}'s until {heir.key} has moved, "
            "which may happen after this"
        )
        remedy = (
            f"do it in two steps: first move {heir.key} and run up; "
            f"then add or move {wanted.key} and run up again"
        )
    return Problem(wanted.path, claim.label, rule, remedy)


_IN_ONE_LANE = " with lanes: 1 in natGateway, so that one is changed after the other, by name,"


def _takes_another(heir: Holder, holder: Holder, claim: Claim) -> bool:
    """Whether `heir` wants something of the claim's kind that it hasn't had."""
    before = {mine.group for mine in holder.claims}
    return any(mine.group[0] == claim.group[0] and mine.group not in before for mine in heir.claims)


def _after_removal(wanted: Holder, own: Holder | None, claim: Claim, holder: Holder) -> Problem:
    gone = dotted(holder.path)
    rule = (
        f"{claim.label} is held by {holder.key}, which is deleted only after this has been created"
    )
    siblings = wanted.path[:-1] == holder.path[:-1]
    top = wanted.path if len(wanted.path) == _before_key(wanted.path) + 1 else ()
    named = wanted.named or top
    if siblings and named and own is None and wanted.was is None:
        there = dotted(named[_before_key(named) :])
        remedy = f"say was: {holder.path[-1]} in {there}: {gone} is then {_kept(wanted, holder)}"
        return Problem(wanted.path, claim.label, rule, remedy)
    # Not "remove it": the stack file doesn't have it any more, or never had (tools.settle).
    before, then = (
        (f"with {wanted.key} as it was", "move") if own else (f"without {wanted.key}", "add")
    )
    remedy = (
        f"do it in two steps: first run up {before}, which frees {claim.label}; "
        f"then {then} {wanted.key} and run up again"
    )
    return Problem(wanted.path, claim.label, rule, remedy)


def _kept(wanted: Holder, holder: Holder) -> str:
    """What becomes of an entry that is renamed with `was`."""
    if wanted.fixed is None or holder.fixed is None:
        return "kept"
    before, after = holder.fixed, wanted.fixed
    differs = [name for name in after if before.get(name) and before[name] != after[name]]
    if not differs:
        return "updated in place"
    return f"made anew, the old one deleted first: its {' and '.join(differs)} can't be changed"


def lane_orders(keys: Iterable[str], lanes: int, name: str) -> dict[str, tuple[str, ...]]:
    """The order of each entry of a list, dealt into chains by key: the entries of one wait."""
    return {key: (name, str(rank % lanes)) for rank, key in enumerate(sorted(keys))}
