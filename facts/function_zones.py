"""In which zones Function Compute puts functions' network cards, region by region.

A vSwitch elsewhere is refused when the function is made or first called. The cloud answers this too
(`GetAccountSettings`: `availableAZs`), but a stack file is judged without asking the cloud. Zones
are added now and then, so callers warn of one that isn't here rather than refuse it; of a region
that isn't here nothing is known.

Source: Function Compute, "Configure network settings", the table of zones where it is supported
(read in 2026), and for cn-hangzhou-b the current pages on databases.
"""

from collections.abc import Mapping
from types import MappingProxyType

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
