"""What an account opens, as a typed model, and how the cloud's answers become one.

What NAT gateways open is told here, and the whole is put together: of API Gateway, of functions and
of CENs, their own modules tell.

Names of fields are ours, one for what the cloud has several for. A field is here once something
reads it.

Source: Virtual Private Cloud and Elastic Compute Service, the pages of the actions below.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Final

from facts.endpoints import is_central
from judging.account import apis, functions, links
from judging.account.apis import Apis, apis_of, together
from judging.account.functions import Function, functions_of
from judging.account.links import Cen, cens_of
from judging.account.reading import Gap, Listing, Pages, Reader, side_by_side
from judging.account.reading import number_of as _number
from judging.account.reading import text_of as _text
from judging.preview import entries_of, items_of

__all__ = [
    "CARDS",
    "DNAT",
    "EIPS",
    "GATEWAYS",
    "GROUPS",
    "LISTINGS",
    "PACKAGES",
    "SNAT",
    "VSWITCHES",
    "Account",
    "Card",
    "DnatEntry",
    "Eip",
    "Gateway",
    "Package",
    "Part",
    "Role",
    "Rule",
    "SecurityGroup",
    "SnatEntry",
    "VSwitch",
    "Vpc",
    "account_of",
    "place_of_gateway",
    "regions_of",
]

_REGIONS: Final = Listing("vpc", "DescribeRegions", ("Regions", "Region"), Pages.ONE)
VPCS: Final = Listing("vpc", "DescribeVpcs", ("Vpcs", "Vpc"))
VSWITCHES: Final = Listing("vpc", "DescribeVSwitches", ("VSwitches", "VSwitch"))
GATEWAYS: Final = Listing("vpc", "DescribeNatGateways", ("NatGateways", "NatGateway"))
DNAT: Final = Listing(
    "vpc",
    "DescribeForwardTableEntries",
    ("ForwardTableEntries", "ForwardTableEntry"),
    of="NatGatewayId",
)
SNAT: Final = Listing(
    "vpc", "DescribeSnatTableEntries", ("SnatTableEntries", "SnatTableEntry"), of="NatGatewayId"
)
EIPS: Final = Listing("vpc", "DescribeEipAddresses", ("EipAddresses", "EipAddress"))
PACKAGES: Final = Listing(
    "vpc",
    "DescribeCommonBandwidthPackages",
    ("CommonBandwidthPackages", "CommonBandwidthPackage"),
)
CARDS: Final = Listing(
    "ecs",
    "DescribeNetworkInterfaces",
    ("NetworkInterfaceSets", "NetworkInterfaceSet"),
    Pages.CHAINED,
)
GROUPS: Final = Listing(
    "ecs", "DescribeSecurityGroups", ("SecurityGroups", "SecurityGroup"), Pages.CHAINED
)
_RULES: Final = Listing(
    "ecs",
    "DescribeSecurityGroupAttribute",
    ("Permissions", "Permission"),
    Pages.CHAINED,
    of="SecurityGroupId",
)
LISTINGS: Final = (
    *(_REGIONS, VPCS, VSWITCHES, GATEWAYS, DNAT, SNAT, EIPS, PACKAGES),
    *(CARDS, GROUPS, _RULES),
    *apis.LISTINGS,
    *functions.LISTINGS,
    *links.LISTINGS,
)
"""All that is asked for."""

_HOME: Final = "cn-hangzhou"
"""Where it is asked which regions there are: each region knows."""


class Role(Enum):
    """What an EIP is for."""

    MAPPED = "mapped"
    EGRESS = "egress"
    BOTH = "mapped and egress"
    GATEWAY = "on a gateway, in no entry seen"
    INTERFACE = "interface"
    SERVER = "server"
    BALANCER = "load balancer"
    OTHER = "something else"
    NOTHING = "bound to nothing"


_BY_HOLDER: Final[Mapping[str, Role]] = {
    "": Role.NOTHING,
    "EcsInstance": Role.SERVER,
    "Nat": Role.GATEWAY,
    "NetworkInterface": Role.INTERFACE,
    "SlbInstance": Role.BALANCER,
}
"""By what the cloud calls that to which an EIP is bound. Entries tell more of a gateway's."""


@dataclass(frozen=True)
class Vpc:
    """A network."""

    id: str
    region: str
    name: str
    cidr: str


@dataclass(frozen=True)
class VSwitch:
    """A part of a network, in one zone."""

    id: str
    region: str
    name: str
    vpc: str
    cidr: str
    zone: str


@dataclass(frozen=True)
class DnatEntry:
    """A mapping of a public address to a host; a port is `any` where all are mapped."""

    id: str
    name: str
    public_ip: str
    port: str
    protocol: str
    host_ip: str
    host_port: str
    table: str
    status: str


@dataclass(frozen=True)
class SnatEntry:
    """A way out, by one or several public addresses."""

    id: str
    name: str
    source: str
    """A vSwitch's id, or a range."""

    public_ips: tuple[str, ...]
    table: str
    status: str


@dataclass(frozen=True)
class Gateway:
    """A NAT gateway with its tables."""

    id: str
    region: str
    name: str
    vpc: str
    public: bool
    """It leads to the internet. One of a network alone maps private addresses."""

    dnat: tuple[DnatEntry, ...]
    snat: tuple[SnatEntry, ...]


@dataclass(frozen=True)
class Eip:
    """A public address."""

    id: str
    region: str
    name: str
    address: str
    bandwidth: float
    """In Mbit/s: its own, or its part of a package."""

    package: str
    """The package's id; empty outside of packages."""

    bound_to: str
    """The id of what it is bound to; empty where there is nothing."""

    private_ip: str
    """The address that it stands for there; empty where that has one alone."""

    role: Role
    tags: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True)
class Package:
    """A bandwidth package and the EIPs that share it, by id."""

    id: str
    region: str
    name: str
    bandwidth: float
    eips: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    """A network interface: a server's own, or a further one."""

    id: str
    region: str
    name: str
    vpc: str
    primary: bool
    """It is the server's own first one, and comes and goes with it."""

    server: str
    """The id of the server that it is in; empty in none."""

    address: str
    """Its primary one."""

    addresses: tuple[str, ...]
    """All of them."""

    groups: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A rule of a security group about what comes in."""

    id: str
    protocol: str
    ports: str
    """First and last, as the cloud writes them: `80/80`, and `-1/-1` of all."""

    source: str
    """A range, or the id of a group or of a prefix list."""

    accepts: bool


@dataclass(frozen=True)
class SecurityGroup:
    """A security group of something that is reached from outside, with its rules."""

    id: str
    region: str
    name: str
    vpc: str
    rules: tuple[Rule, ...]


class Part(Enum):
    """What is read of an account: who shows less asks for less."""

    NAT = "NAT gateways, addresses and what they reach"
    APIS = "APIs"
    FUNCTIONS = "functions"
    CENS = "CENs"


@dataclass(frozen=True)
class Account:
    """What an account opens, or some regions of it, or one network."""

    vpcs: tuple[Vpc, ...] = ()
    vswitches: tuple[VSwitch, ...] = ()
    gateways: tuple[Gateway, ...] = ()
    eips: tuple[Eip, ...] = ()
    packages: tuple[Package, ...] = ()
    cards: tuple[Card, ...] = ()
    """Those that are reached: by an entry of a gateway, or by an EIP."""

    groups: tuple[SecurityGroup, ...] = ()
    """Those that stand before what is reached."""

    apis: Apis = field(default_factory=Apis)
    functions: tuple[Function, ...] = ()
    cens: tuple[Cen, ...] = ()

    gaps: tuple[Gap, ...] = ()
    """What this identity may not see."""

    def shows(self, listing: Listing, region: str) -> bool:
        """Whether all of a list may be seen in a region: what isn't there then isn't."""
        return not any((gap.region, gap.right) == (region, listing.right) for gap in self.gaps)


def account_of(
    reader: Reader,
    regions: Collection[str] = (),
    vpc: str = "",
    parts: Collection[Part] = tuple(Part),
    watch: Callable[[int, int], object] = lambda _done, _of: None,
) -> Account:
    """Read an account.

    Args:
        reader: asks it.
        regions: which; all that there are unless given.
        vpc: the one network that it is about; all unless given.
        parts: what of it; all unless given.
        watch: is told how many regions are read, of how many.

    Raises:
        UnreadError: it couldn't be read to its end.
    """
    where = regions_of(reader, regions)
    found = list[Account]()
    for one in side_by_side(where, lambda region: _region(reader, region, vpc, parts)):
        found.append(one)
        watch(len(found), len(where))
    return Account(
        vpcs=tuple(one for region in found for one in region.vpcs),
        vswitches=tuple(one for region in found for one in region.vswitches),
        gateways=tuple(one for region in found for one in region.gateways),
        eips=tuple(one for region in found for one in region.eips),
        packages=tuple(one for region in found for one in region.packages),
        cards=tuple(one for region in found for one in region.cards),
        groups=tuple(one for region in found for one in region.groups),
        apis=together([region.apis for region in found]),
        functions=tuple(one for region in found for one in region.functions),
        cens=cens_of(reader, regions, vpc) if Part.CENS in parts else (),
        gaps=reader.gaps,
    )


def unseen(reader: Reader, region: str) -> tuple[Gap, ...]:
    """What this identity may not list, of what can be asked for by itself: a page of each.

    Raises:
        UnreadError: it couldn't be asked.
    """
    for listing in LISTINGS:
        if not listing.of:
            reader.may_see(listing, "" if is_central(listing.product) else region)
    return reader.gaps


def place_of_gateway(reader: Reader, gateway: str, regions: Iterable[str] = ()) -> tuple[str, str]:
    """The region and the network of a gateway; empty where there is none that may be seen.

    Args:
        reader: asks.
        gateway: its id.
        regions: where to look; everywhere unless given.
    """

    def look(region: str) -> list[tuple[str, str]]:
        found = reader.listed(GATEWAYS, region, NatGatewayId=gateway)
        return [(region, _text(one, "VpcId")) for one in found]

    found = [one for each in side_by_side(regions_of(reader, regions), look) for one in each]
    return found[0] if found else ("", "")


def regions_of(reader: Reader, regions: Iterable[str]) -> list[str]:
    """Those that are named, or all that there are."""
    return [*regions] or sorted(_text(one, "RegionId") for one in reader.listed(_REGIONS, _HOME))


def _region(reader: Reader, region: str, vpc: str, parts: Collection[Part]) -> Account:
    """What one region holds."""
    opened = _opened(reader, region, vpc) if Part.NAT in parts else Account()
    called = apis_of(reader, region) if Part.APIS in parts else Apis()
    return replace(
        opened,
        apis=called.of_network(vpc) if vpc else called,
        functions=functions_of(reader, region, vpc) if Part.FUNCTIONS in parts else (),
    )


def _opened(reader: Reader, region: str, vpc: str) -> Account:
    """What NAT gateways and public addresses open in one region."""

    def listed(listing: Listing, **more: str) -> list[Mapping[str, Any]]:
        return reader.listed(listing, region, **more)

    within = {"VpcId": vpc} if vpc else {}
    vpcs = tuple(_vpc(region, one) for one in listed(VPCS, **within))
    if not vpcs and vpc:
        return Account()
    gateways = tuple(_gateway(reader, region, one) for one in listed(GATEWAYS, **within))
    mapped = {entry.public_ip for one in gateways for entry in one.dnat}
    leaving = {address for one in gateways for entry in one.snat for address in entry.public_ips}
    eips = tuple(_eip(region, one, mapped, leaving) for one in listed(EIPS))
    every = tuple(_card(region, one) for one in listed(CARDS, **within))
    if vpc:
        held = {one.id for one in gateways}
        held |= {name for one in every for name in (one.id, one.server)} - {""}
        shared = {one.package for one in eips if one.bound_to in held} - {""}
        # Those that share bandwidth with the network's own, though they are bound to nothing.
        eips = tuple(one for one in eips if one.bound_to in held or one.package in shared)
    packages = tuple(_package(region, one) for one in listed(PACKAGES))
    mine = {one.package for one in eips}
    cards = _reached(every, gateways, eips)
    before = {group for card in cards for group in card.groups}
    return Account(
        vpcs=vpcs,
        vswitches=tuple(_vswitch(region, one) for one in listed(VSWITCHES, **within)),
        gateways=gateways,
        eips=eips,
        packages=tuple(one for one in packages if not vpc or one.id in mine),
        cards=cards,
        # Rules are a call for each group: those are asked for that stand before something.
        groups=tuple(
            _group(reader, region, one)
            for one in (listed(GROUPS, **within) if before else [])
            if _text(one, "SecurityGroupId") in before
        ),
    )


def _reached(
    cards: Iterable[Card], gateways: Iterable[Gateway], eips: Iterable[Eip]
) -> tuple[Card, ...]:
    """The cards that an entry of a gateway in their network leads to, or that have an EIP."""
    mapped = {(one.vpc, entry.host_ip) for one in gateways if one.public for entry in one.dnat}
    bound = {one.bound_to for one in eips} - {""}
    return tuple(
        card
        for card in cards
        if bound & {card.id, card.server}
        or any((card.vpc, address) in mapped for address in card.addresses)
    )


def _vpc(region: str, answer: Mapping[str, Any]) -> Vpc:
    return Vpc(
        id=_text(answer, "VpcId"),
        region=region,
        name=_text(answer, "VpcName"),
        cidr=_text(answer, "CidrBlock"),
    )


def _vswitch(region: str, answer: Mapping[str, Any]) -> VSwitch:
    return VSwitch(
        id=_text(answer, "VSwitchId"),
        region=region,
        name=_text(answer, "VSwitchName"),
        vpc=_text(answer, "VpcId"),
        cidr=_text(answer, "CidrBlock"),
        zone=_text(answer, "ZoneId"),
    )


def _gateway(reader: Reader, region: str, answer: Mapping[str, Any]) -> Gateway:
    identity = _text(answer, "NatGatewayId")
    dnat = reader.listed(DNAT, region, NatGatewayId=identity)
    snat = reader.listed(SNAT, region, NatGatewayId=identity)
    return Gateway(
        id=identity,
        region=region,
        name=_text(answer, "Name"),
        vpc=_text(answer, "VpcId"),
        public=_text(answer, "NetworkType") != "intranet",
        dnat=tuple(map(_dnat_entry, dnat)),
        snat=tuple(map(_snat_entry, snat)),
    )


def _dnat_entry(answer: Mapping[str, Any]) -> DnatEntry:
    return DnatEntry(
        id=_text(answer, "ForwardEntryId"),
        name=_text(answer, "ForwardEntryName"),
        public_ip=_text(answer, "ExternalIp"),
        port=_text(answer, "ExternalPort"),
        protocol=_text(answer, "IpProtocol").lower(),
        host_ip=_text(answer, "InternalIp"),
        host_port=_text(answer, "InternalPort"),
        table=_text(answer, "ForwardTableId"),
        status=_text(answer, "Status"),
    )


def _snat_entry(answer: Mapping[str, Any]) -> SnatEntry:
    return SnatEntry(
        id=_text(answer, "SnatEntryId"),
        name=_text(answer, "SnatEntryName"),
        source=_text(answer, "SourceVSwitchId") or _text(answer, "SourceCIDR"),
        public_ips=tuple(filter(None, _text(answer, "SnatIp").split(","))),
        table=_text(answer, "SnatTableId"),
        status=_text(answer, "Status"),
    )


def _eip(
    region: str, answer: Mapping[str, Any], mapped: Collection[str], leaving: Collection[str]
) -> Eip:
    address = _text(answer, "IpAddress")
    role = _BY_HOLDER.get(_text(answer, "InstanceType"), Role.OTHER)
    if role is Role.GATEWAY:
        role = {
            (True, True): Role.BOTH,
            (True, False): Role.MAPPED,
            (False, True): Role.EGRESS,
        }.get((address in mapped, address in leaving), role)
    tags = items_of(entries_of(answer.get("Tags")).get("Tag"))
    return Eip(
        id=_text(answer, "AllocationId"),
        region=region,
        name=_text(answer, "Name"),
        address=address,
        bandwidth=_number(answer, "Bandwidth"),
        package=_text(answer, "BandwidthPackageId"),
        bound_to=_text(answer, "InstanceId"),
        private_ip=_text(answer, "PrivateIpAddress"),
        role=role,
        tags={_text(one, "Key"): _text(one, "Value") for one in map(entries_of, tags)},
    )


def _package(region: str, answer: Mapping[str, Any]) -> Package:
    # The cloud's own spelling.
    held = items_of(entries_of(answer.get("PublicIpAddresses")).get("PublicIpAddresse"))
    return Package(
        id=_text(answer, "BandwidthPackageId"),
        region=region,
        name=_text(answer, "Name"),
        bandwidth=_number(answer, "Bandwidth"),
        eips=tuple(_text(entries_of(one), "AllocationId") for one in held),
    )


def _card(region: str, answer: Mapping[str, Any]) -> Card:
    each = items_of(entries_of(answer.get("PrivateIpSets")).get("PrivateIpSet"))
    groups = items_of(entries_of(answer.get("SecurityGroupIds")).get("SecurityGroupId"))
    return Card(
        id=_text(answer, "NetworkInterfaceId"),
        region=region,
        name=_text(answer, "NetworkInterfaceName"),
        vpc=_text(answer, "VpcId"),
        primary=_text(answer, "Type") == "Primary",
        server=_text(answer, "InstanceId"),
        address=_text(answer, "PrivateIpAddress"),
        addresses=tuple(_text(entries_of(one), "PrivateIpAddress") for one in each),
        groups=tuple(map(str, groups)),
    )


def _group(reader: Reader, region: str, answer: Mapping[str, Any]) -> SecurityGroup:
    identity = _text(answer, "SecurityGroupId")
    rules = reader.listed(_RULES, region, SecurityGroupId=identity, Direction="ingress")
    return SecurityGroup(
        id=identity,
        region=region,
        name=_text(answer, "SecurityGroupName"),
        vpc=_text(answer, "VpcId"),
        rules=tuple(map(_rule, rules)),
    )


_SOURCES: Final = ("SourceCidrIp", "Ipv6SourceCidrIp", "SourceGroupId", "SourcePrefixListId")


def _rule(answer: Mapping[str, Any]) -> Rule:
    return Rule(
        id=_text(answer, "SecurityGroupRuleId"),
        protocol=_text(answer, "IpProtocol").lower(),
        ports=_text(answer, "PortRange"),
        source=next(filter(None, (_text(answer, name) for name in _SOURCES)), ""),
        accepts=_text(answer, "Policy").lower() != "drop",
    )
