"""Ports as the stack file writes them (80, 9000-9010) and as the provider takes them (9000/9010)."""

import re
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, WithJsonSchema

from stack.model import broken_rule

LOWEST_PORT, HIGHEST_PORT = 1, 65535
_RANGE = re.compile(r"^\s*(\d+)\s*-\s*(\d+)\s*$")


class PortRange(NamedTuple):
    """One port or several in a row, both ends included."""

    first: int
    last: int

    @property
    def count(self) -> int:
        """How many ports these are."""
        return self.last - self.first + 1

    @property
    def text(self) -> str:
        """As the provider takes it: "80" or "9000/9010"."""
        return str(self.first) if self.count == 1 else f"{self.first}/{self.last}"

    def __str__(self) -> str:
        """As the stack file writes it: 80 or 9000-9010."""
        return str(self.first) if self.count == 1 else f"{self.first}-{self.last}"

    def meets(self, other: "PortRange") -> bool:
        """Whether the two share a port."""
        return self.first <= other.last and other.first <= self.last


def _parse(value: object) -> object:
    match value:
        case PortRange():
            return value
        case int() if not isinstance(value, bool):
            ends = (value, value)
        case str() if value.strip().isdecimal():
            ends = (int(value), int(value))
        case str() if match := _RANGE.match(value):
            ends = (int(match[1]), int(match[2]))
        case _:
            rule = "a port is a number, or a range of numbers with a dash"
            raise broken_rule(rule, "write 80 or 9000-9010")
    if not all(LOWEST_PORT <= end <= HIGHEST_PORT for end in ends):
        rule = f"ports go from {LOWEST_PORT} to {HIGHEST_PORT}"
        raise broken_rule(rule, f"choose a port from {LOWEST_PORT} to {HIGHEST_PORT}")
    if ends[0] > ends[1]:
        rule = "a range goes from the lower port to the higher one"
        raise broken_rule(rule, f"write {ends[1]}-{ends[0]}")
    return PortRange(*ends)


Ports = Annotated[
    PortRange,
    BeforeValidator(_parse),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": LOWEST_PORT, "maximum": HIGHEST_PORT},
                {"type": "string", "pattern": r"^\d{1,5}(-\d{1,5})?$"},
            ],
            "examples": [80, "9000-9010"],
        }
    ),
]
"""A field of settings that holds a port or a range of ports."""
