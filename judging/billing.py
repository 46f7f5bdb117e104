"""What of a stack is billed, in the units that the cloud bills it in; no prices.

A resource is billed by what it is (a gateway, by the hour), by how much it holds (Mbit/s of a
package), or by what is used of it (traffic), which nobody knows beforehand. What a stack only uses
by its id is whoever's bill it is.

Source: Alibaba Cloud, the billing pages of NAT Gateway, Elastic IP Address, Internet Shared
Bandwidth, Elastic Compute Service, Classic Load Balancer, API Gateway, Function Compute, Cloud
Enterprise Network, VPN Gateway and Flow Logs, as read in November 2026.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from facts import kinds
from judging.preview import State, entries_of


@dataclass(frozen=True)
class Unit:
    """Something that bills count."""

    key: str
    """What a price file calls it."""

    what: str
    """What it is, in the plural, for people."""

    counted: str = ""
    """What the amount counts, where that isn't the thing itself: `Mbit/s`."""

    used: bool = False
    """It goes by what is used, and not by what is held."""

    by: str = ""
    """What its price goes by beside the region: `instance type`."""


NAT_GATEWAY: Final = Unit("natGateway", "Internet NAT gateways")
VPC_NAT_GATEWAY: Final = Unit("vpcNatGateway", "VPC NAT gateways")
NAT_CAPACITY: Final = Unit("natCapacity", "What NAT gateways process", "CU", used=True)
PUBLIC_IP: Final = Unit("publicIp", "Public addresses held, on no server")
PUBLIC_IP_BANDWIDTH: Final = Unit("publicIpBandwidth", "Bandwidth of public addresses", "Mbit/s")
PUBLIC_IP_TRAFFIC: Final = Unit("publicIpTraffic", "Traffic of public addresses", "GB", used=True)
SHARED_BANDWIDTH: Final = Unit("sharedBandwidth", "Bandwidth of packages", "Mbit/s")
SHARED_TRAFFIC: Final = Unit("sharedTraffic", "Traffic of bandwidth packages", "GB", used=True)
SHARED_PEAK: Final = Unit("sharedPeak", "95th percentile of packages", "Mbit/s", used=True)
SERVER: Final = Unit("server", "ECS instances", by="instance type")
DISK: Final = Unit("disk", "Disks", "GiB", by="category")
LOAD_BALANCER: Final = Unit("loadBalancer", "Classic load balancers")
LOAD_BALANCER_SPEC: Final = Unit("loadBalancerSpec", "Their specification", by="specification")
LOAD_BALANCER_CAPACITY: Final = Unit(
    "loadBalancerCapacity", "What load balancers process", "LCU", used=True
)
API_INSTANCE: Final = Unit("apiInstance", "Dedicated API Gateway instances", by="specification")
API_CALLS: Final = Unit("apiCalls", "API calls on the shared instance", "million", used=True)
API_TRAFFIC: Final = Unit("apiTraffic", "Traffic of APIs to the internet", "GB", used=True)
FUNCTION: Final = Unit("function", "What functions use", "CU", used=True)
ROUTER_ATTACHMENT: Final = Unit("routerAttachment", "Attachments of transit routers")
ROUTER_TRAFFIC: Final = Unit("routerTraffic", "What transit routers process", "GB", used=True)
LINK_TRAFFIC: Final = Unit("linkTraffic", "Traffic between regions", "GB", used=True)
CEN_BANDWIDTH: Final = Unit("cenBandwidth", "CEN bandwidth packages", "Mbit/s", by="areas")
VPN_GATEWAY: Final = Unit("vpnGateway", "VPN gateways", by="Mbit/s")
VPN_TRAFFIC: Final = Unit("vpnTraffic", "Traffic of VPN gateways", "GB", used=True)
FLOW_LOGS: Final = Unit("flowLogs", "Flow logs extracted", "GB", used=True)

UNITS: Final = (
    *(NAT_GATEWAY, VPC_NAT_GATEWAY, NAT_CAPACITY),
    *(PUBLIC_IP, PUBLIC_IP_BANDWIDTH, PUBLIC_IP_TRAFFIC),
    *(SHARED_BANDWIDTH, SHARED_TRAFFIC, SHARED_PEAK),
    *(SERVER, DISK, LOAD_BALANCER, LOAD_BALANCER_SPEC, LOAD_BALANCER_CAPACITY),
    *(API_INSTANCE, API_CALLS, API_TRAFFIC, FUNCTION),
    *(ROUTER_ATTACHMENT, ROUTER_TRAFFIC, LINK_TRAFFIC, CEN_BANDWIDTH),
    *(VPN_GATEWAY, VPN_TRAFFIC, FLOW_LOGS),
)
"""All that there are, in the order of tables."""


@dataclass(frozen=True)
class Line:
    """What one resource adds to one line of the bill."""

    unit: Unit
    region: str
    variant: str = ""
    """Which price of the unit: an instance type."""

    amount: float = 1
    """How much is held; 0 of what goes by use."""

    in_advance: bool = False
    """A subscription: its price is that of the order."""


@dataclass(frozen=True)
class Billed:
    """One line of the bill, of all resources that share it."""

    unit: Unit
    region: str
    variant: str
    in_advance: bool
    amounts: tuple[float, ...]
    """What each resource holds: prices may go by steps of it."""

    @property
    def place(self) -> "Place":
        """Which line it is, in the order of bills."""
        return _place(self)

    @property
    def amount(self) -> float:
        """What they hold together."""
        return sum(self.amounts)


Place: TypeAlias = tuple[int, str, str, bool]


def _place(line: Line | Billed) -> Place:
    return UNITS.index(line.unit), line.region, line.variant, line.in_advance


@dataclass(frozen=True)
class Resource:
    """A resource of a stack: as its state has it, or as its program would register it."""

    state: State
    id: str
    """The cloud's; a symbol while it has none. Others' inputs refer to it."""

    region: str


def billed(resources: Iterable[Resource]) -> list[Billed]:
    """What is billed of these resources of one stack, in the order of `UNITS`."""
    those = [*resources]
    joined = _Joined(those)
    amounts: defaultdict[Place, list[float]] = defaultdict(list)
    for resource in those:
        for line in _lines(resource, joined):
            amounts[_place(line)].append(line.amount)
    return [
        Billed(UNITS[index], region, variant, in_advance, tuple(held))
        for (index, region, variant, in_advance), held in sorted(amounts.items())
    ]


class _Joined:
    """What is said of a resource by others."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        those = [*resources]
        servers = {one.id for one in those if one.state.type == kinds.INSTANCE}
        bound = [one.state for one in those if one.state.type == kinds.EIP_ASSOCIATION]
        self.on_servers = {
            state.text("allocationId")
            for state in bound
            if (server := state.text("instanceId")) in servers or server.startswith("i-")
        }
        self.in_packages = {
            one.state.text("instanceId")
            for one in those
            if one.state.type == kinds.PACKAGE_ATTACHMENT
        }


def _lines(resource: Resource, joined: _Joined) -> Iterator[Line]:
    state, region = resource.state, resource.region
    if state.type in kinds.EIPS:
        yield from _public_ip(resource, joined)
    elif state.type in kinds.LOAD_BALANCERS:
        yield from _load_balancer(state, region)
    elif lines := _BY_KIND.get(state.type):
        yield from lines(state, region)


def _public_ip(resource: Resource, joined: _Joined) -> Iterator[Line]:
    state, region = resource.state, resource.region
    if _in_advance(state):
        yield Line(PUBLIC_IP, region, in_advance=True)
        return
    if resource.id not in joined.on_servers:
        yield Line(PUBLIC_IP, region)
    if resource.id in joined.in_packages:
        return  # the package pays for what goes through it
    if state.text("internetChargeType") == "PayByBandwidth":
        yield Line(PUBLIC_IP_BANDWIDTH, region, amount=state.number("bandwidth") or 0)
    else:
        yield Line(PUBLIC_IP_TRAFFIC, region, amount=0)


def _nat_gateway(state: State, region: str) -> Iterator[Line]:
    unit = VPC_NAT_GATEWAY if state.text("networkType") == "intranet" else NAT_GATEWAY
    yield Line(unit, region, in_advance=_in_advance(state))
    yield Line(NAT_CAPACITY, region, amount=0)


def _package(state: State, region: str) -> Iterator[Line]:
    bandwidth = state.number("bandwidth") or 0
    match state.text("internetChargeType"):
        case "PayByTraffic" | "PayByDominantTraffic":
            yield Line(SHARED_TRAFFIC, region, amount=0)
        case "PayBy95":
            yield Line(SHARED_PEAK, region, amount=0)
        case _:
            yield Line(SHARED_BANDWIDTH, region, amount=bandwidth, in_advance=_in_advance(state))


def _server(state: State, region: str) -> Iterator[Line]:
    in_advance = _in_advance(state)
    yield Line(SERVER, region, state.text("instanceType"), in_advance=in_advance)
    disks = [
        (state.text("systemDiskCategory"), state.number("systemDiskSize")),
        *((d.get("category"), d.get("size")) for d in map(entries_of, state.items("dataDisks"))),
    ]
    for category, size in disks:
        if size:
            yield Line(DISK, region, str(category or ""), float(size), in_advance)


def _load_balancer(state: State, region: str) -> Iterator[Line]:
    yield Line(LOAD_BALANCER, region, in_advance=_in_advance(state))
    if state.text("instanceChargeType") == "PayByCLCU":
        yield Line(LOAD_BALANCER_CAPACITY, region, amount=0)
    else:
        yield Line(LOAD_BALANCER_SPEC, region, state.text("loadBalancerSpec"))


def _api_instance(state: State, region: str) -> Iterator[Line]:
    spec, in_advance = state.text("instanceSpec"), _in_advance(state)
    yield Line(API_INSTANCE, region, spec, in_advance=in_advance)


def _api_group(state: State, region: str) -> Iterator[Line]:
    instance = state.text("instanceId")
    if not instance or instance.startswith("api-shared"):
        yield Line(API_CALLS, region, amount=0)
    yield Line(API_TRAFFIC, region, amount=0)


def _vpn_gateway(state: State, region: str) -> Iterator[Line]:
    yield Line(VPN_GATEWAY, region, state.text("bandwidth"), in_advance=_in_advance(state))
    yield Line(VPN_TRAFFIC, region, amount=0)


def _attachment(_: State, region: str) -> Iterator[Line]:
    yield Line(ROUTER_ATTACHMENT, region)
    yield Line(ROUTER_TRAFFIC, region, amount=0)


def _link(state: State, region: str) -> Iterator[Line]:
    if state.text("bandwidthType") == "DataTransfer":
        yield Line(LINK_TRAFFIC, region, amount=0)


def _cen_package(state: State, region: str) -> Iterator[Line]:
    areas = {state.text("geographicRegionAId"), state.text("geographicRegionBId")}
    amount = state.number("bandwidth") or 0
    in_advance = state.text("paymentType") == "PrePaid"
    yield Line(CEN_BANDWIDTH, region, "-".join(sorted(areas)), amount, in_advance)


def _by_use(unit: Unit) -> Callable[[State, str], Iterator[Line]]:
    def lines(_: State, region: str) -> Iterator[Line]:
        yield Line(unit, region, amount=0)

    return lines


_BY_KIND: Final[Mapping[str, Callable[[State, str], Iterator[Line]]]] = {
    kinds.NAT_GATEWAY: _nat_gateway,
    kinds.BANDWIDTH_PACKAGE: _package,
    kinds.INSTANCE: _server,
    kinds.API_INSTANCE: _api_instance,
    kinds.API_GROUP: _api_group,
    kinds.FUNCTION: _by_use(FUNCTION),
    kinds.ROUTER_ATTACHMENT: _attachment,
    kinds.ROUTER_LINE_ATTACHMENT: _attachment,
    kinds.ROUTER_LINK: _link,
    kinds.CEN_PACKAGE: _cen_package,
    kinds.VPN_GATEWAY: _vpn_gateway,
    kinds.FLOW_LOG: _by_use(FLOW_LOGS),
}


def _in_advance(state: State) -> bool:
    """Whether it is a subscription, by any of the names that the provider has for that."""
    said = {state.text("paymentType"), state.text("instanceChargeType")}
    return bool(said & {"PrePaid", "Subscription"})


def of_state(deployment: Mapping[str, Any], home: str) -> list[Resource]:
    """The resources of a state, in the form of `pulumi stack export`.

    Args:
        deployment: the state.
        home: the stack's own region, where the default provider is.
    """
    return [
        Resource(
            State(one["urn"], one["type"], entries_of(one.get("inputs"))),
            str(one.get("id") or ""),
            region_of(one.get("provider") or "", home),
        )
        for one in deployment.get("resources") or ()
        if one.get("custom") and not one.get("delete") and not one.get("external")
    ]


def region_of(provider: str, home: str) -> str:
    """Where a resource is, by its provider's URN; `topologies.regions` gives those their names."""
    found = _OF_A_REGION.search(provider)
    return found[1] if found else home


_OF_A_REGION: Final = re.compile(rf"{kinds.PROVIDER}::alicloud-([^:]+)")
