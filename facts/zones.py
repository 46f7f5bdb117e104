"""In which zones services are: transit routers, functions' network cards; and regions' areas.

The cloud answers this too (`ListTransitRouterAvailableResource`, `GetAccountSettings`:
`availableAZs`), but a stack file is judged without asking the cloud. A region that isn't here is
unknown, not wrong. Zones come and go: where two editions of CEN's page differ, both count, and who
asks for a function's zone warns rather than refuses.

Source: Cloud Enterprise Network, "What is CEN" (regions and zones supported by transit routers) and
"CreateCenBandwidthPackage" (areas); Function Compute, "Configure network settings", the table of
zones where it is supported (read in 2026), and for cn-hangzhou-b the current pages on databases.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

CHINA: Final = "China"

_ROUTER_ZONES = {
    "cn-hangzhou": "bhijk",
    "cn-shanghai": "bcefglmn",
    "cn-nanjing": "a",
    "cn-fuzhou": "a",
    "cn-shenzhen": "acdef",
    "cn-heyuan": "ab",
    "cn-guangzhou": "ab",
    "cn-qingdao": "bc",
    "cn-beijing": "cfghijkl",
    "cn-zhangjiakou": "abc",
    "cn-huhehaote": "ab",
    "cn-wulanchabu": "abc",
    "cn-chengdu": "ab",
    "cn-hongkong": "bcd",
    "ap-southeast-1": "abc",
    "ap-southeast-3": "abc",
    "ap-southeast-5": "abc",
    "ap-southeast-6": "ab",
    "ap-southeast-7": "ab",
    "ap-northeast-1": "abce",
    "ap-northeast-2": "ab",
    "eu-central-1": "abc",
    "eu-west-1": "ab",
    "us-east-1": "ab",
    "us-west-1": "ab",
    "us-southeast-1": "ab",
    "na-south-1": "a",
    "me-east-1": "ab",
    "me-central-1": "ab",
}
ROUTER_ZONES: Mapping[str, str] = MappingProxyType(_ROUTER_ZONES)
"""The letters of the zones that a transit router can be attached in, by region."""

# Where the front of a region's name says something else than its area.
_EXCEPTIONS = {"cn-hongkong": "Asia-Pacific", "ap-southeast-2": "Australia"}
_AREAS = {
    "cn": CHINA,
    "ap": "Asia-Pacific",
    "eu": "Europe",
    "me": "Middle-East",
    "us": "North-America",
    "na": "North-America",
}


def area_of(region: str) -> str | None:
    """The area that a region lies in, as bandwidth packages name it; None for an unknown one."""
    return _EXCEPTIONS.get(region) or _AREAS.get(region.partition("-")[0])


def takes_router(region: str, zone: str) -> bool:
    """Whether a transit router can be attached to a vSwitch in this zone, as far as is known."""
    letters = ROUTER_ZONES.get(region)
    return letters is None or zone[-1:] in letters


# Region → the last letters of its zones.
_LETTERS: dict[str, str] = {
    "cn-hangzhou": "bfghijk",
    "cn-shanghai": "befglmn",
    "cn-qingdao": "c",
    "cn-beijing": "cefghijkl",
    "cn-zhangjiakou": "abc",
    "cn-huhehaote": "ab",
    "cn-shenzhen": "def",
    "cn-chengdu": "ab",
    "cn-hongkong": "bcd",
    "ap-southeast-1": "abc",
    "ap-southeast-3": "a",
    "ap-southeast-5": "ab",
    "ap-northeast-1": "abc",
    "eu-west-1": "a",
    "eu-central-1": "ab",
    "us-west-1": "ab",
    "us-east-1": "ab",
}


def _zone(region: str, letter: str) -> str:
    """cn-shanghai-b, but ap-southeast-1b."""
    return f"{region}{letter}" if region[-1].isdigit() else f"{region}-{letter}"


FUNCTION_ZONES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    region: tuple(_zone(region, letter) for letter in letters)
    for region, letters in _LETTERS.items()
})  # fmt: skip


def lacks_functions(zone: str) -> bool:
    """Whether functions can't have a vSwitch in this zone; False where nothing is known."""
    zones = FUNCTION_ZONES.get(zone[:-1].removesuffix("-"))
    return zones is not None and zone not in zones


REGIONS: tuple[str, ...] = tuple(sorted(_ROUTER_ZONES.keys() | _LETTERS.keys()))
"""Every region that is known here."""

ZONES: tuple[str, ...] = tuple(
    _zone(region, letter)
    for region in REGIONS
    for letter in sorted({*_ROUTER_ZONES.get(region, ""), *_LETTERS.get(region, "")})
)
"""Every zone that something is known of here."""


def zones_of(region: str) -> tuple[str, ...]:
    """A region's zones, those first that most is known to be in."""
    routers, functions = ROUTER_ZONES.get(region, ""), _LETTERS.get(region, "")
    letters = sorted(
        {*routers, *functions}, key=lambda one: (one not in routers, one not in functions, one)
    )
    return tuple(_zone(region, letter) for letter in letters)
