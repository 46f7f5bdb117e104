"""Regions, zones and what may be had there, as far as anything is known of it here.

Every instance type that is known is to be had in every zone; nothing is ever sold out.
"""

from collections.abc import Iterable
from typing import Any, Final

from facts.instance_types import ENI_LIMITS
from facts.zones import REGIONS, ZONES
from sandbox.api.actions import ANYTHING, Action, Call, Own
from sandbox.api.ecs.lists import token_page
from sandbox.api.refusals import invalid

__all__ = ["TABLE"]

_DISKS: Final = ("cloud_auto", "cloud_efficiency", "cloud_essd", "cloud_essd_entry", "cloud_ssd")
_MADE_THERE: Final = ("VSwitch", "Instance", "Disk")
_MOST_TYPES: Final = 1600
_THERE: Final = {"Status": "Available", "StatusCategory": "WithStock"}


def _zones(call: Call) -> list[str]:
    """The zones of a region: those that are known, and those that something lies in."""
    used = call.store.ask("vswitch", lambda s: s.find("vswitch"), region=call.region)
    known = (zone for zone in ZONES if zone[:-1].removesuffix("-") == call.region)
    return sorted({*known, *(one.text("zone_id") for one in used)})


def _tell_regions(_: Call) -> dict[str, Any]:
    rows = [
        {
            "LocalName": one,
            "RegionEndpoint": f"ecs.{one}.aliyuncs.com",
            "RegionId": one,
            "Status": "available",
        }
        for one in REGIONS
    ]
    return {"Regions": {"Region": rows}}


def _tell_zones(call: Call) -> dict[str, Any]:
    offered = {
        "AvailableDiskCategories": {"DiskCategories": [*_DISKS]},
        "AvailableInstanceTypes": {"InstanceTypes": [*ENI_LIMITS]},
        "AvailableResourceCreation": {"ResourceTypes": [*_MADE_THERE]},
        "ZoneType": "AvailabilityZone",
    }
    rows = [{"LocalName": one, "ZoneId": one, **offered} for one in _zones(call)]
    return {"Zones": {"Zone": rows}}


def _offered(sort: str, wanted: str) -> Iterable[str]:
    """What of a sort may be had; of instance types the one that is wanted, if one is."""
    match sort:
        case "Zone":
            return ()
        case "InstanceType":
            return [one for one in ENI_LIMITS if wanted in {"", one}]
        case "SystemDisk" | "DataDisk":
            return _DISKS
        case _:
            raise invalid(
                "DestinationResource", "Zone, InstanceType, SystemDisk and DataDisk are known here"
            )


def _tell_available(call: Call) -> dict[str, Any]:
    said = call.said
    sort, wanted = said.text("DestinationResource"), said.text("ZoneId")
    offered = _offered(sort, said.text("InstanceType"))
    resources = [{"Value": one, **_THERE} for one in offered]
    found = {"Type": sort, "SupportedResources": {"SupportedResource": resources}}
    rows = [
        {
            "RegionId": call.region,
            "ZoneId": zone,
            **_THERE,
            "AvailableResources": {"AvailableResource": [found] if resources else []},
        }
        for zone in _zones(call)
        if wanted in {"", zone}
    ]
    return {"AvailableZones": {"AvailableZone": rows}}


def _tell_types(call: Call) -> dict[str, Any]:
    said = call.said
    names, family = said.values("InstanceTypes"), said.text("InstanceTypeFamily")
    number, size = token_page(said, _MOST_TYPES, _MOST_TYPES)
    rows = [
        {
            "EniPrivateIpAddressQuantity": limits.addresses,
            "EniQuantity": limits.interfaces,
            "InstanceTypeFamily": own,
            "InstanceTypeId": name,
        }
        for name, limits in ENI_LIMITS.items()
        if (own := name.rpartition(".")[0].partition("-")[0]) and family in {"", own}
        if not names or name in names
    ]
    last = number * size
    more = f"{number + 1}-{size}" if last < len(rows) else ""
    return {"InstanceTypes": {"InstanceType": rows[last - size : last]}, "NextToken": more}


TABLE: Final[tuple[Action, ...]] = (
    Own(name="DescribeRegions", subject=ANYTHING, takes=("AcceptLanguage",), do=_tell_regions),
    Own(
        name="DescribeZones",
        subject=ANYTHING,
        takes=("AcceptLanguage", "InstanceChargeType", "SpotStrategy", "Verbose"),
        do=_tell_zones,
    ),
    Own(
        name="DescribeAvailableResource",
        subject=ANYTHING,
        needs=("DestinationResource",),
        takes=(
            *("InstanceChargeType", "InstanceType", "IoOptimized", "NetworkCategory"),
            *("ResourceType", "SpotStrategy", "SystemDiskCategory", "ZoneId"),
        ),
        do=_tell_available,
    ),
    Own(
        name="DescribeInstanceTypes",
        subject=ANYTHING,
        takes=("InstanceTypeFamily", "InstanceTypes", "MaxResults", "NextToken"),
        do=_tell_types,
    ),
)
