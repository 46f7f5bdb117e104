"""Ports that a preview closes, and ports that it opens: to everyone, or to more than before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from facts import kinds
from judging.findings import CLOSE_EGRESS, CLOSE_PORT, LOOSEN_PORT, OPEN_PORT, Finding, found
from judging.preview import Change, Op, Preview, State
from judging.values import told_input
from judging.ways import Way, behind, naming, ports_text, risks_text, ways_in, without

_BEFORE = {Op.UPDATE, Op.REPLACE, Op.DELETE}
_AFTER = {Op.CREATE, Op.UPDATE, Op.REPLACE}


class _Ways:
    """The ways of all changes, before or after, found by place."""

    def __init__(self, ways: Mapping[str, Sequence[Way]]) -> None:
        self.of = ways
        self._by_place: dict[str, list[tuple[str, Way]]] = defaultdict(list)
        for urn, found_there in ways.items():
            for way in found_there:
                for name in way.place.names:
                    self._by_place[name].append((urn, way))

    def besides(self, urn: str, mine: Sequence[Way]) -> list[Way]:
        """What other resources have at the places of `mine`, without what equals it.

        The cloud takes an equal entry for the same one: it refuses the second, or loses both.
        """
        names = {name for way in mine for name in way.place.names}
        near = [pair for name in sorted(names) for pair in self._by_place.get(name, ())]
        equal = [(way.protocol, way.ports, way.source) for way in mine]
        return [
            way
            for owner, way in near
            if owner != urn and (way.protocol, way.ports, way.source) not in equal
        ]


def port_findings(preview: Preview) -> Iterator[Finding]:
    """Each resource that closes ports, or opens some to everyone.

    Ports are compared as ranges, over all changes: what one entry lets go and another takes up
    stays open.
    """
    named = naming(preview)
    changes, created = preview.changes, preview.created
    before, after = (
        _Ways({one.urn: ways_in(state, named) for one in changes if (state := side(one))})
        for side in (_taken, _given)
    )
    inside = [
        way
        for change in changes
        if change.op in _BEFORE and change.old is not None
        for way in behind(change.old)
    ]
    for change in changes:
        old, new = before.of.get(change.urn, ()), after.of.get(change.urn, ())
        closed = without(old, [*new, *after.besides(change.urn, old)])
        if closed:
            yield found(CLOSE_PORT, change, _closing(closed, old))
        wide = [way for way in new if way.world]
        opened = without(wide, [*old, *before.besides(change.urn, wide)])
        if opened:
            yield found(OPEN_PORT, change, _opening(change, opened))
        elif wide and change.new is not None and (led := without(behind(change.new), inside)):
            yield found(OPEN_PORT, change, _leading(wide, led))
        # What is made anew had nobody in it, so that letting some in takes nothing from it.
        narrow = [way for way in new if not way.world and not way.place.names & created]
        if let_in := without(narrow, [*old, *before.besides(change.urn, narrow)]):
            what = f"opens {ports_text(let_in)} on {let_in[0].place.shown}{_sources(let_in)}"
            yield found(LOOSEN_PORT, change, what)
        if change.type == kinds.SECURITY_GROUP_RULE:
            yield from _other_rules(change, created)


def _taken(change: Change) -> State | None:
    """What a change takes away or alters."""
    retained = change.op is Op.DELETE and not change.goes
    return change.old if change.op in _BEFORE and not retained else None


def _given(change: Change) -> State | None:
    """What it makes, or alters something to."""
    return change.new if change.op in _AFTER else None


def _other_rules(change: Change, created: frozenset[str]) -> Iterator[Finding]:
    """Rules that refuse, rules about calling out, and which of two rules goes first."""
    old, new = _taken(change), _given(change)
    if old is None and (new is None or created & set(new.comes_from("securityGroupId"))):
        return
    if old is not None and new is not None and _said(old) == _said(new):
        keys = [key for key in _RANKS if old.inputs.get(key) != new.inputs.get(key)]
        if keys:
            what = "; ".join(told_input(old, new, key) for key in keys)
            yield found(LOOSEN_PORT, change, f"changes {what}")
        return
    if old is not None and old.text("policy").lower() == "drop":
        yield found(LOOSEN_PORT, change, f"takes away a rule that refuses {_rule(old)}")
    elif old is not None and old.text("type") == _OUT:
        yield found(CLOSE_EGRESS, change, f"takes away a rule that lets {_rule(old)} out")
    if new is not None and new.text("policy").lower() == "drop":
        yield found(CLOSE_PORT, change, f"refuses {_rule(new)}")
    elif new is not None and new.text("type") == _OUT:
        yield found(LOOSEN_PORT, change, f"lets {_rule(new)} out")


_OUT = "egress"
_ENDS = ("cidrIp", "ipv6CidrIp", "sourceSecurityGroupId", "prefixListId")
_RANKS = ("nicType", "priority", "sourceGroupOwnerAccount")
_SAID = ("type", "policy", "ipProtocol", "portRange", *_ENDS)


def _said(rule: State) -> list[str]:
    return [rule.text(key) for key in _SAID]


def _rule(rule: State) -> str:
    end = next((rule.text(key) for key in _ENDS if rule.text(key)), "everyone")
    ports = f"{rule.text('ipProtocol') or 'all'} {rule.text('portRange')}".strip()
    return f"{ports} {'to' if rule.text('type') == _OUT else 'from'} {end}"


def _closing(closed: Sequence[Way], old: Sequence[Way]) -> str:
    ports, whole = ports_text(closed), ports_text(old)
    part = "" if ports == whole else f" (of {whole})"
    return f"closes {ports}{part} on {closed[0].place.shown}{_sources(closed)}"


def _sources(ways: Iterable[Way]) -> str:
    """Who comes in there, where that isn't everyone."""
    narrow = sorted({way.source for way in ways if not way.world})
    return f" to {', '.join(narrow)}" if narrow else ""


def _opening(change: Change, opened: Sequence[Way]) -> str:
    led = behind(change.new) if change.new is not None else []
    to = f", which leads to {led[0].place.shown} {ports_text(led)}" if led else ""
    place = opened[0].place.shown
    return f"opens {ports_text(opened)} on {place} to everyone{to}{_risky([*opened, *led])}"


def _leading(wide: Sequence[Way], led: Sequence[Way]) -> str:
    return (
        f"leads everyone from {ports_text(wide)} on {wide[0].place.shown} "
        f"to {led[0].place.shown} {ports_text(led)}{_risky(led)}"
    )


def _risky(ways: Iterable[Way]) -> str:
    risks = risks_text(ways)
    return f"; risky: {risks}" if risks else ""
