"""A new stack file's text: one of the files beside this module, with what was asked for filled in.

Each is a whole stack file that builds as it is, for a network with one server or an API, and says
in its comments what to put in the place of what. Ranges, addresses and zones follow from the
network's range and the region, so that what is drafted passes the rules wherever it lies.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import islice
from pathlib import Path
from string import Template
from types import MappingProxyType
from typing import Final

from facts.zones import REGIONS, area_of, zones_of
from stack.command_line import ROOT
from stack.tiers import TIERS, Tier

TOPOLOGIES: Final[Mapping[str, str]] = MappingProxyType({
    "shared-bandwidth": "servers share public addresses: ports in, one way out",
    "unified-egress": "servers leave by one address, and are each reached on their own",
    "api-gateway": "APIs that apps call, in front of a service",
    "functions": "code in a folder, called by an API",
    "cross-region": "networks of two regions that reach each other privately",
})  # fmt: skip
"""What can be drafted, each in a file of its name, and what it is for."""

WITHOUT_NETWORK: Final = ("api-gateway", "functions")

_LONGEST_MASK, _SMALLEST_MASK = 24, 29
_AWAY: Final = tuple(map(IPv4Network, ("10.1.0.0/16", "172.16.0.0/16", "192.168.0.0/16")))
_ROLE: Final = ", role: acs:ram::1000000000000001:role/gateway-invokes-functions"
_CODE: Final = ROOT / "examples" / "api-gateway" / "serverless" / "phone-lookup"


@dataclass(frozen=True)
class Wanted:
    """What was asked for."""

    topology: str
    region: str
    tier: Tier
    vpc: IPv4Network


def drafted(wanted: Wanted, file: Path) -> str:
    """The text of the stack file that is to be written to `file`."""
    template = Path(__file__).with_name(f"{wanted.topology}.yaml").read_text("utf-8")
    away = _away_from(wanted.region)
    away_vpc = next((one for one in _AWAY if not one.overlaps(wanted.vpc)), _AWAY[0])
    first, second = _vswitches(wanted.vpc)
    away_first, away_second = _vswitches(away_vpc)
    zones, away_zones = zones_of(wanted.region), zones_of(away)
    host = _host(first)
    return Template(template).substitute(
        schema=_seen_from(file, ROOT / "schemas" / "stack.schema.json"),
        code=_seen_from(file, _CODE),
        role="" if TIERS[wanted.tier].makes_roles else _ROLE,
        region=wanted.region,
        tier=wanted.tier,
        vpc=wanted.vpc,
        first=first,
        second=second,
        zone=zones[0],
        next_zone=zones[-1] if len(zones) == 1 else zones[1],
        host=first[host],
        next_host=first[host + 1],
        away=away,
        away_vpc=away_vpc,
        away_first=away_first,
        away_second=away_second,
        away_zone=away_zones[0],
        away_next_zone=away_zones[-1] if len(away_zones) == 1 else away_zones[1],
    )


def _seen_from(file: Path, other: Path) -> str:
    return os.path.relpath(other, file.resolve().parent).replace(os.sep, "/")


def _away_from(region: str) -> str:
    """Another region of the same area: links between areas are ordered apart."""
    return next(
        one
        for one in sorted(REGIONS, key=lambda one: area_of(one) != area_of(region))
        if one != region and len(zones_of(one)) > 1
    )


def _vswitches(vpc: IPv4Network) -> list[IPv4Network]:
    """Two ranges for vSwitches: of 256 addresses each, or halves of what is there."""
    mask = min(max(_LONGEST_MASK, vpc.prefixlen + 1), _SMALLEST_MASK)
    return [*islice(vpc.subnets(new_prefix=mask), 2)]


def _host(vswitch: IPv4Network) -> int:
    """Which of its addresses a server gets: those of others begin at 1 and end at the last."""
    return min(10, vswitch.num_addresses // 4)
