"""From an account to a list: what hangs together with what adoption starts from.

Unlike a list that somebody wrote, it is made to fit: what another stack holds is used or left out,
and so is what no stack can have. Each is told with its reason, so that nobody takes a part for the
whole. What everything else stands on has to fit: without it there is nothing to adopt.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from facts import kinds
from facts.contract import contract_of
from judging.account.reading import Gap, Reader
from sandbox.provider.quirks import cloud_id
from stack.command_line import tell
from stack.problems import NotDoneError, Problem
from tools.adopt.adopting import Adoption, MisfitError, Replacement, adopt, told_left
from tools.adopt.listing import Entry, Listing, entries
from tools.adopt.part import Left, Sought
from tools.adopt.parts import PARTS, read
from tools.adopt.place import Place
from tools.pipeline.holders import UNKNOWN, UNMANAGED, Holders

_NEEDED: Final = ("vpc", "natGateway", "bandwidthPackage", "cen", "routers", "apiGroups")
"""What isn't left out: all the rest stands on it."""


class NotAdoptedError(NotDoneError):
    """Why nothing is taken over; `str()` says so and what to do."""


@dataclass(frozen=True)
class Found:
    """What there is to adopt."""

    listing: Listing
    left: tuple[Left, ...] = ()
    gaps: tuple[Gap, ...] = ()
    """What this identity may not see."""


def adopt_found(
    sought: Sought, place: Place, stack: str, schema: str
) -> tuple[Adoption, tuple[Left, ...]]:
    """What an account has: what fits of it, and what is left out.

    Args:
        sought: what it starts from.
        place: where it goes on.
        stack: the new stack's name.
        schema: where the stack file's schema is, from the stack file.

    Raises:
        NotAdoptedError: there is nothing to take over.
        UnreadError: the account couldn't be read to its end.
    """
    with place.reader() as reader:
        found = _looked(reader, sought)
    for gap in found.gaps:
        tell(_said(gap))
    holders = place.holders()
    if holders.unread:
        tell(f"Whether these hold any of it isn't known: {', '.join(holders.unread)}")
    found = _beside(found, holders, stack)
    cloud, gone = read(place, found.listing)
    found = _less(found, [Problem(one.path, one.id, one.rule, one.remedy) for one in gone])
    return _fitted(found, lambda listing: adopt(listing, cloud, stack, schema, sought.id))


def _looked(reader: Reader, sought: Sought) -> Found:
    """All that stands on what adoption starts from.

    Raises:
        NotAdoptedError: there is no such thing.
        UnreadError: the account couldn't be read to its end.
    """
    findings = [found for part in PARTS if (found := part.find(reader, sought)).region]
    if not findings:
        where = ", ".join(sought.regions) or "any region"
        gaps = "".join(f"\n{_said(gap)}" for gap in reader.gaps)
        raise NotAdoptedError(
            f"There is no {sought.id} in {where} of this account: check the id, the region, and "
            f"whose credentials these are.{gaps}"
        )
    listed = {key: value for found in findings for key, value in found.listed.items()}
    listing = Listing.model_validate({**listed, "region": findings[0].region})
    return Found(listing, tuple(one for found in findings for one in found.left), reader.gaps)


def _beside(found: Found, holders: Holders, stack: str) -> Found:
    """The same, without what other stacks than `stack` hold; what can be used by its id, is.

    Raises:
        NotAdoptedError: that is what all the rest stands on.
    """
    changed = _Changed(found)
    for entry in entries(found.listing):
        if entry.kind.type == kinds.INSTANCE or entry.id in found.listing.uses:  # not owned
            continue
        holder = holders.of(cloud_id(contract_of(entry.kind.type).kind, entry.id))
        if holder in {UNMANAGED, UNKNOWN, stack}:
            continue
        if entry.kind.usable and entry.path[0] not in {"servers", "sparePublicIps"}:
            changed.use(entry, f"the stack {holder} holds it: it is used by its id")
            if entry.path[0] == "publicIps":
                changed.bound.append(entry.id)
        elif entry.path[0] in _NEEDED:
            raise NotAdoptedError(f"The stack {holder} holds {entry.id} already.")
        else:
            changed.drop(entry, f"the stack {holder} holds it")
    return changed.found()


def _fitted(
    found: Found, adopted: Callable[[Listing], Adoption]
) -> tuple[Adoption, tuple[Left, ...]]:
    """What adoption comes to, without what no stack can have.

    Raises:
        NotAdoptedError: nothing is left, or what all the rest stands on doesn't fit.
    """
    while True:
        try:
            adoption = adopted(found.listing)
        except MisfitError as misfit:
            found = _less(found, misfit.problems)
        else:
            if not adoption.taken:
                raise NotAdoptedError(
                    "\n".join(["Nothing is left to take over.", *told_left(found.left)])
                )
            return adoption, found.left


def _less(found: Found, problems: Iterable[Problem]) -> Found:
    """Without what the problems are about."""
    changed = _Changed(found)
    known = {entry.path: entry for entry in entries(found.listing)}
    hopeless: list[str] = []
    for problem in problems:
        entry = known.get(problem.path)
        usable = isinstance(problem, Replacement) and entry is not None and entry.kind.usable
        if entry is not None and usable and entry.id not in found.listing.uses:
            changed.use(entry, f"it is used by its id, and not owned: {problem.rule}")
        elif entry is not None and entry.path[0] not in _NEEDED:
            changed.drop(entry, problem.rule)
        else:
            hopeless.append(f"  {problem.value or 'what was found'}: {problem.rule}")
            hopeless.append(f"    {problem.remedy}")
    if hopeless:
        told = told_left(found.left)
        raise NotAdoptedError("\n".join(["This can't be taken over:", *hopeless, *told]))
    return changed.found()


class _Changed:
    """A list that is changed, and what is told of that."""

    def __init__(self, found: Found) -> None:
        """Start from what was found."""
        self._before = found
        self._values: dict[str, Any] = found.listing.model_dump(by_alias=True, exclude_none=True)
        self._told = {one.id: one for one in found.left}
        self.bound: list[str] = self._values["bound"]

    def use(self, entry: Entry, why: str) -> None:
        """Use something by its id."""
        if entry.id not in self._values["uses"]:
            self._values["uses"].append(entry.id)
            self._tell(entry, why)

    def drop(self, entry: Entry, why: str) -> None:
        """Leave something out; of a server, the server."""
        self._tell(entry, why)
        key, name = entry.path[:2]
        self._values[str(key)].pop(name, None)

    def _tell(self, entry: Entry, why: str) -> None:
        self._told.setdefault(entry.id, Left(entry.id, entry.kind.what, why))

    def found(self) -> Found:
        """What it has become; uses and bindings are of what is still listed."""
        values = self._values
        there = {entry.id for entry in entries(Listing.model_validate(values))}
        for key in ("uses", "bound"):
            values[key] = [one for one in values[key] if one in there]
        left = tuple(self._told.values())
        return Found(Listing.model_validate(values), left, self._before.gaps)


def _said(gap: Gap) -> str:
    return f"Not seen: {gap.asked} ({gap.code})"
