"""Regions and zones, as several products tell them."""

from collections.abc import Callable
from typing import Any

from facts.zones import REGIONS, ZONES
from sandbox.api.actions import Call

__all__ = ["told_regions", "zones_of"]


def told_regions(product: str) -> Callable[[Call], dict[str, Any]]:
    """Every region, each with where a product is served there."""

    def tell(_: Call) -> dict[str, Any]:
        rows = [
            {"RegionId": one, "LocalName": one, "RegionEndpoint": f"{product}.{one}.aliyuncs.com"}
            for one in REGIONS
        ]
        return {"Regions": {"Region": rows}}

    return tell


def zones_of(region: str) -> list[str]:
    """The zones of a region, in a row up to the last that is known: here none is refused."""
    known = [one for one in ZONES if one[:-1].removesuffix("-") == region]
    last = known[-1] if known else f"{region}-a"
    return [f"{last[:-1]}{chr(one)}" for one in range(ord("a"), ord(last[-1]) + 1)]
