"""Sets of addresses, as lists of ranges give them: what two lists let in is compared as a whole.

0.0.0.0/1 and 128.0.0.0/1 are everyone, and so is a list of everything but one address.
"""

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from judging.values import first_of

_BITS: Final = {4: 32, 6: 128}
_WIDEST: Final = {4: 24, 6: 112}
"""As many addresses (in bits) as somebody may well mean: a /8, or a /16 of IPv6. More is as good as
everyone: 2000::/3 is the whole internet of IPv6."""

_SHOWN: Final = 4
_Span = tuple[int, int, int]
"""A version, a first and a last address."""


@dataclass(frozen=True)
class AddressSet:
    """Some addresses of both versions: spans that neither meet nor touch, in order."""

    spans: tuple[_Span, ...]

    def __sub__(self, other: "AddressSet") -> "AddressSet":
        """What is left without the other's addresses."""
        left = list(self.spans)
        for version, first, last in other.spans:
            left = [part for span in left for part in _without(span, version, first, last)]
        return AddressSet(tuple(left))

    def __bool__(self) -> bool:
        """Whether there is any address in it."""
        return bool(self.spans)

    @property
    def everyone(self) -> bool:
        """Whether it is everyone of a version, or nearly."""
        return any(
            sum(last - first + 1 for v, first, last in self.spans if v == version) > 1 << bits
            for version, bits in _WIDEST.items()
        )

    def __str__(self) -> str:
        """`203.0.113.0/24, 198.51.100.7/32 and 3 more`; `everyone (…)` where they are so many."""
        text = first_of(map(str, self._networks()), _SHOWN)
        return f"everyone ({text})" if self.everyone else text

    def _networks(self) -> Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]:
        for version, *ends in self.spans:
            kind = ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address  # noqa: PLR2004
            yield from ipaddress.summarize_address_range(*map(kind, ends))


def _without(span: _Span, version: int, first: int, last: int) -> Iterator[_Span]:
    mine, start, end = span
    if mine != version or last < start or end < first:
        yield span
        return
    if start < first:
        yield (mine, start, first - 1)
    if last < end:
        yield (mine, last + 1, end)


EVERYONE: Final = AddressSet(tuple((v, 0, (1 << bits) - 1) for v, bits in _BITS.items()))


def address_set(ranges: Iterable[object]) -> AddressSet | None:
    """The addresses of ranges such as 203.0.113.0/24; None where one of them isn't understood."""
    spans: list[_Span] = []
    for one in ranges:
        try:
            network = ipaddress.ip_network(str(one), strict=False)
        except ValueError:
            return None
        first, last = network.network_address, network.broadcast_address
        spans.append((network.version, int(first), int(last)))
    return AddressSet(tuple(_joined(sorted(spans))))


def _joined(spans: Iterable[_Span]) -> list[_Span]:
    """Spans in order, those that meet or touch as one."""
    found: list[_Span] = []
    for version, first, last in spans:
        if found and found[-1][0] == version and first <= found[-1][2] + 1:
            _, start, end = found.pop()
            found.append((version, start, max(end, last)))
        else:
            found.append((version, first, last))
    return found
