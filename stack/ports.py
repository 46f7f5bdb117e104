"""Ports as the stack file writes them (9000-9010) and as the provider takes them (9000/9010)."""

import bisect
import re
from collections.abc import Iterable
from typing import Annotated, Final, NamedTuple

from pydantic import BeforeValidator, WithJsonSchema

from stack.model import broken_rule

LOWEST_PORT, HIGHEST_PORT = 1, 65535
_GAPS_TRIED = 100  # a remedy isn't worth more
# ASCII digits, and few enough that int() takes them.
_PORTS = re.compile(r"\s*([0-9]{1,9})\s*(?:-\s*([0-9]{1,9})\s*)?")
_PROVIDER = re.compile(r"([0-9]{1,5})(?:/([0-9]{1,5}))?")
# As others write them: the cloud and its provider, firewalls, Docker.
_TWO = re.compile(r"([0-9]{1,5})\s*(/|:|\.\.+|to|\u2013)\s*([0-9]{1,5})")
_OF_PROTOCOL = re.compile(r"(?:(tcp|udp)[:/ ])?([0-9]{1,5}(?:[-/][0-9]{1,5})?)(?:[:/ ](tcp|udp))?")
_SEVERAL = re.compile(r"[0-9]{1,5}(-[0-9]{1,5})?([\s,;]+[0-9]{1,5}(-[0-9]{1,5})?)+")
_ALL = frozenset({"any", "all", "*", "-1", "-1/-1", "0/65535", "0:65535"})
_LEFT_OUT = "leave the port out: without it, every port is meant"
_WRITTEN_OUT = f"write {LOWEST_PORT}-{HIGHEST_PORT}"


class PortRange(NamedTuple):
    """One port or several in a row, both ends included."""

    first: int
    last: int

    @classmethod
    def of(cls, text: str) -> "PortRange | None":
        """What the provider writes as "80" or "9000/9010"; None for "any"."""
        match = _PROVIDER.fullmatch(text)
        return cls(int(match[1]), int(match[2] or match[1])) if match is not None else None

    @property
    def size(self) -> int:
        """How many ports these are."""
        return self.last - self.first + 1

    @property
    def text(self) -> str:
        """As the provider takes it: "80" or "9000/9010"."""
        return str(self.first) if self.size == 1 else f"{self.first}/{self.last}"

    def __str__(self) -> str:
        """As the stack file writes it: 80 or 9000-9010."""
        return str(self.first) if self.size == 1 else f"{self.first}-{self.last}"

    @property
    def ends(self) -> str:
        """As a security group's rule takes it: "80/80" or "9000/9010"."""
        return f"{self.first}/{self.last}"

    def meets(self, other: "PortRange") -> bool:
        """Whether the two share a port."""
        return self.first <= other.last and other.first <= self.last


def provider_text(ports: PortRange | None) -> str:
    """Ports as the provider takes them; of a whole address `any`."""
    return ports.text if ports is not None else "any"


EVERY_PORT: Final = PortRange(0, HIGHEST_PORT)
"""What a mapping of a whole address takes, 0 included: nothing else fits beside it."""


class FreePorts:
    """The ports that some ranges leave free, for remedies."""

    def __init__(self, taken: Iterable[PortRange]) -> None:
        """Find the gaps between the ranges taken."""
        self._gaps: list[PortRange] = []
        start = LOWEST_PORT
        for range_ in sorted(taken):
            if range_.first > start:
                self._gaps.append(PortRange(start, range_.first - 1))
            start = max(start, range_.last + 1)
        if start <= HIGHEST_PORT:
            self._gaps.append(PortRange(start, HIGHEST_PORT))

    def after(self, wanted: PortRange) -> PortRange | None:
        """The next free ports that are as many as those wanted; None where no near gap has them."""
        first = bisect.bisect_right(self._gaps, PortRange(wanted.last, HIGHEST_PORT))
        for gap in self._gaps[first : first + _GAPS_TRIED]:
            if gap.size >= wanted.size:
                return PortRange(gap.first, gap.first + wanted.size - 1)
        return None


def _parse(value: object) -> object:
    match value:
        case PortRange():
            return value
        case int() if not isinstance(value, bool):
            ends = (value, value)
        case str() if match := _PORTS.fullmatch(value):
            ends = (int(match[1]), int(match[2] or match[1]))
        case _:
            rule = "a port is a number, or a range of numbers with a dash"
            remedy = _meant(str(value)) or "write 80 or 9000-9010"
            raise broken_rule(rule, remedy, where_needed=remedy.replace(_LEFT_OUT, _WRITTEN_OUT))
    if not all(LOWEST_PORT <= end <= HIGHEST_PORT for end in ends):
        rule = f"ports go from {LOWEST_PORT} to {HIGHEST_PORT}"
        remedy = f"choose a port from {LOWEST_PORT} to {HIGHEST_PORT}"
        every = ends in {(0, HIGHEST_PORT), (0, 0), (-1, -1)}
        or_every = f"{remedy}; or {_LEFT_OUT}" if every else remedy
        raise broken_rule(rule, or_every, where_needed=remedy)
    if ends[0] > ends[1]:
        rule = "a range goes from the lower port to the higher one"
        raise broken_rule(rule, f"write {ends[1]}-{ends[0]}")
    return PortRange(*ends)


def _meant(written: str) -> str | None:
    """What to write instead of ports as other programs write them; None for what isn't any."""
    text = written.strip().casefold()
    remedy = None
    if text in _ALL:
        remedy = _LEFT_OUT
    elif match := _TWO.fullmatch(text):
        first, last = int(match[1]), int(match[3])
        if all(LOWEST_PORT <= end <= HIGHEST_PORT for end in (first, last)):
            remedy = f"write {min(first, last)}-{max(first, last)}"
            if match[2] == ":":
                remedy += f" for a range; or {first}, and hostPort: {last}"
    elif match := _OF_PROTOCOL.fullmatch(text):
        remedy = f"write {match[2].replace('/', '-')}, and protocol: {match[1] or match[3]}"
    elif _SEVERAL.fullmatch(text):
        each = text.replace(",", " ").replace(";", " ").split()
        remedy = f"write an entry for each: {', '.join(each)}"
    return remedy


Ports = Annotated[
    PortRange,
    BeforeValidator(_parse),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": LOWEST_PORT, "maximum": HIGHEST_PORT},
                {"type": "string", "pattern": r"^[0-9]{1,5}(-[0-9]{1,5})?$"},
            ],
            "examples": [80, "9000-9010"],
        }
    ),
]
"""A field of settings that holds a port or a range of ports."""
