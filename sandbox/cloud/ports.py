"""Ports of forward entries: `any`, `80`, or a range `9000/9010`."""

from dataclasses import dataclass

from sandbox.cloud.errors import CloudError

__all__ = ["ANY", "Ports", "read_ports"]

ANY = "any"
_FIRST, _LAST = 1, 65535


@dataclass(frozen=True, slots=True)
class Ports:
    """An inclusive range of ports."""

    low: int
    high: int

    @property
    def count(self) -> int:
        return self.high - self.low + 1

    def overlaps(self, other: "Ports") -> bool:
        return self.low <= other.high and other.low <= self.high


def read_ports(text: str, code: str) -> Ports:
    """The range that `text` names; `any` is all of them.

    Args:
        text: as the API takes it.
        code: the error code when it isn't a port or a range.
    """
    if text == ANY:
        return Ports(_FIRST, _LAST)
    parts = text.split("/")
    if all(part.isascii() and part.isdigit() for part in parts) and len(parts) in {1, 2}:
        low, high = int(parts[0]), int(parts[-1])
        if _FIRST <= low <= high <= _LAST and (len(parts) == 1 or low < high):
            return Ports(low, high)
    raise CloudError(
        code,
        f"{text!r} is not a port. Allowed are 1 to 65535, a rising range such as 9000/9010, "
        f"or {ANY!r} together with protocol {ANY!r}.",
    )
