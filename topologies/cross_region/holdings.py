"""What the section holds that only one can have: places in a CEN, links of regions, services.

A VPC or a leased line is attached once, two regions are linked once, and a range leads to one
place. So none of them can be given to a new entry while an old one has it (see `stack.claims`).

Resource names here are those that `components.transit_routers` and `components.basic_cen` give.
"""

from collections.abc import Iterable, Iterator, Mapping

from facts import kinds
from stack.claims import Claim, Holder, Holdings
from stack.network_holdings import held_vpc, standing_vswitch
from stack.network_rules import place_of_network
from stack.problems import dotted
from stack.protection import Kept
from stack.settings import CommonSettings, StackSettings
from stack.state import StackState
from topologies.cross_region.joined import Joined, joined
from topologies.cross_region.settings import SECTION, CrossRegionSettings, Edition

_COMPONENT = "cross-region"

_ATTACHED = {
    Edition.TRANSIT_ROUTER: {
        kinds.ROUTER_ATTACHMENT: "vpcId",
        kinds.ROUTER_LINE_ATTACHMENT: "vbrId",
    },
    Edition.BASIC: {kinds.CEN_ATTACHMENT: "childInstanceId"},
}
"""Each edition's kinds of attachments, and the output that says what is attached."""

_SERVICES = {
    kinds.ROUTER_ROUTE: "transitRouterRouteEntryDestinationCidrBlock",
    kinds.CEN_SERVICE: "host",
}
_NEXT_HOPS = {
    kinds.ROUTER_ROUTE: "transitRouterRouteEntryNextHopId",
    kinds.CEN_SERVICE: "hostVpcId",
}


def cross_region_holdings(
    settings: StackSettings, section: CrossRegionSettings, state: StackState
) -> Holdings:
    """Attachments, links and services, as the state holds them and as the section wants them."""
    return Holdings(
        held=(*_held_attachments(state), *_held_links(section, state), *_held_services(state)),
        wanted=(
            *_wanted_attachments(settings, section, state),
            *_wanted_links(section),
            *_wanted_services(section, state),
        ),
    )


def cross_region_kept(
    settings: StackSettings, section: CrossRegionSettings, state: StackState
) -> Iterator[Kept]:
    """The VPN gateways and the bandwidth package that are created."""
    for key, center in section.data_centers.items():
        if center.vpn is not None and center.vpn.gateway is None:
            was = f"vpn-{center.was}-gateway" if center.was is not None else None
            vswitch = standing_vswitch(settings.common, center.vpn.vswitch, state)
            yield Kept(
                kinds.VPN_GATEWAY,
                (f"vpn-{key}-gateway", was),
                (SECTION, "dataCenters", key, "vpn"),
                {
                    "vswitch": ("vswitchId", vswitch),
                    "bandwidth": ("bandwidth", str(center.vpn.bandwidth)),
                },
            )
    package = section.bandwidth_package
    if package is not None and package.id is None:
        fixed = {"chargeType": ("paymentType", package.charge_type.value)}
        path = (SECTION, "bandwidthPackage", "chargeType")
        yield Kept(kinds.CEN_PACKAGE, (f"{_COMPONENT}-package",), path, fixed)


def _held_attachments(state: StackState) -> Iterator[Holder]:
    for edition in Edition:
        for key, identity in held_attachments(edition, state):
            path = (SECTION, "attachments", key)
            yield Holder(path, (_place(identity, identity),), fixed={})


def held_attachments(edition: Edition, state: StackState) -> Iterator[tuple[str, str]]:
    """The attachments of an edition that the state has: names, and ids of what is attached."""
    for kind, output in _ATTACHED[edition].items():
        for key, one in state.all(kind, f"{_COMPONENT}-attachment"):
            yield key, one.text(output)


def _wanted_attachments(
    settings: StackSettings, section: CrossRegionSettings, state: StackState
) -> Iterator[Holder]:
    for key, one in joined(settings, section).items():
        identity, what = _attached(settings.common, section, one, state)
        if identity is not None:  # else it is new, and attached to nothing yet
            path, was = (SECTION, "attachments", key), section.attachments[key].was
            yield Holder(path, (_place(identity, what),), was, fixed={})


def _attached(
    common: CommonSettings, section: CrossRegionSettings, one: Joined, state: StackState
) -> tuple[str | None, str]:
    """The id of what an attachment is to attach, where it has one, and what to call it."""
    if one.data_center is not None:
        return section.data_centers[one.data_center].vbr, f"dataCenters.{one.data_center}"
    return held_vpc(common, one.network, state), dotted(place_of_network(one.network))


def _place(identity: str, what: str) -> Claim:
    return Claim(("attachment", identity), f"the attachment of {what}")


def _held_links(section: CrossRegionSettings, state: StackState) -> Iterator[Holder]:
    regions = _regions_of_routers(section, state)
    for key, link in state.all(kinds.ROUTER_LINK, f"{_COMPONENT}-link"):
        ends = (link.text("transitRouterId"), link.text("peerTransitRouterId"))
        if all(end in regions for end in ends):
            yield _link(key, (regions[end] for end in ends))
    for key, link in state.all(kinds.CEN_LINK, f"{_COMPONENT}-link"):
        yield _link(key, link.outputs.get("regionIds") or ())


def _regions_of_routers(section: CrossRegionSettings, state: StackState) -> Mapping[str, str]:
    created = state.all(kinds.TRANSIT_ROUTER, f"{_COMPONENT}-router")
    return {
        **{router: region for region, router in section.cen.routers.items()},
        **{router.text("transitRouterId"): region for region, router in created},
    }


def _wanted_links(section: CrossRegionSettings) -> Iterator[Holder]:
    for key, link in section.links.items():
        yield _link(key, link.regions, link.was)


def _link(key: str, regions: Iterable[str], was: str | None = None) -> Holder:
    ends = tuple(sorted(regions))
    claim = Claim(("link", *ends), f"the link of {' and '.join(ends)}")
    return Holder((SECTION, "links", key), (claim,), was, fixed={})


def _held_services(state: StackState) -> Iterator[Holder]:
    for kind, output in _SERVICES.items():
        for key, one in state.all(kind, f"{_COMPONENT}-service"):
            leads_to = one.text(_NEXT_HOPS[kind])
            yield _service(key, one.text(output), leads_to)


def _wanted_services(section: CrossRegionSettings, state: StackState) -> Iterator[Holder]:
    for key, service in section.services.items():
        was = section.attachments[service.attachment].was
        leads_to = _next_hop(state, service.attachment, was)
        yield _service(key, service.range, leads_to, service.was)


def _next_hop(state: StackState, *attachments: str | None) -> str:
    """What a service's routes lead to: the attachment, or of the basic edition its VPC."""
    names = [f"{_COMPONENT}-attachment-{key}" for key in attachments if key is not None]
    held = state.find(kinds.ROUTER_ATTACHMENT, *names)
    if held is not None:
        return held.text("transitRouterAttachmentId")
    basic = state.find(kinds.CEN_ATTACHMENT, *names)
    return basic.text("childInstanceId") if basic is not None else ""


def _service(key: str, range_: str, leads_to: str, was: str | None = None) -> Holder:
    claim = Claim(("service", range_), f"the way to {range_}")
    return Holder((SECTION, "services", key), (claim,), was, fixed={"attachment": leads_to})
