"""What the section holds that only one can have: places in a CEN, links of regions, services.

A VPC or a leased line is attached once, two regions are linked once, and a range leads to one
place. So none of them can be given to a new entry while an old one has it (see `stack.claims`).
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from facts import kinds
from stack.claims import Claim, Clash, Holder, Holdings
from stack.network_claims import held_vpc, standing_vswitch
from stack.network_rules import place_of_network
from stack.problems import KeyPath, Problem, dotted
from stack.protection import Kept
from stack.settings import CommonSettings, StackSettings
from stack.state import StackState
from topologies.cross_region.settings import (
    SECTION,
    AttachmentSettings,
    CrossRegionSettings,
    Edition,
)
from topologies.names import CROSS_REGION, VPN

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


def cross_region_claims(
    settings: StackSettings, section: CrossRegionSettings, state: StackState
) -> Holdings:
    """Attachments, links and services, as the state holds them and as the section wants them."""
    return Holdings(
        held=(*_held_attachments(state), *_held_links(section, state), *_held_services(state)),
        wanted=(
            *_wanted_attachments(settings.common, section, state),
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
            was = f"{VPN}-{center.was}-gateway" if center.was is not None else None
            vswitch = standing_vswitch(settings.common, center.vpn.vswitch, state)
            yield Kept(
                kinds.VPN_GATEWAY,
                (f"{VPN}-{key}-gateway", was),
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
        yield Kept(kinds.CEN_PACKAGE, (f"{CROSS_REGION}-package",), path, fixed)


def _held_attachments(state: StackState) -> Iterator[Holder]:
    for edition in Edition:
        for key, identity in held_attachments(edition, state):
            path = (SECTION, "attachments", key)
            yield Holder(path, (_place(identity, identity),), fixed={})


def held_attachments(edition: Edition, state: StackState) -> Iterator[tuple[str, str]]:
    """The attachments of an edition that the state has: names, and ids of what is attached."""
    for kind, output in _ATTACHED[edition].items():
        for key, one in state.all(kind, f"{CROSS_REGION}-attachment"):
            yield key, one.text(output)


def _wanted_attachments(
    common: CommonSettings, section: CrossRegionSettings, state: StackState
) -> Iterator[Holder]:
    for key, attachment in section.attachments.items():
        path = (SECTION, "attachments", key)
        name = attachment.data_center or attachment.network
        clash = partial(_attached_twice, path, name)
        claim = _place(*_attached(common, section, attachment, state), clash)
        yield Holder(path, (claim,), attachment.was, fixed={})


def _attached(
    common: CommonSettings,
    section: CrossRegionSettings,
    attachment: AttachmentSettings,
    state: StackState,
) -> tuple[str, str]:
    """The id of what an attachment is to attach, and what to call it, which stands for the id."""
    known = None
    if attachment.data_center is not None:
        center = section.data_centers.get(attachment.data_center)
        what, known = f"dataCenters.{attachment.data_center}", center.vbr if center else None
    else:
        what = dotted(place_of_network(attachment.network))
        if attachment.network in common.every_network:
            known = held_vpc(common, attachment.network, state)
    return known or what, what


def _attached_twice(path: KeyPath, name: str | None, other: Holder, _: Claim) -> Problem:
    owner = other.path[-1]
    rule = f"what is attached is attached once; {owner} is it already"
    return Problem(path, name, rule, f"remove {path[-1]} or {owner}")


def _place(identity: str, what: str, clash: Clash | None = None) -> Claim:
    return Claim(("attachment", identity), f"the attachment of {what}", clash=clash)


def _held_links(section: CrossRegionSettings, state: StackState) -> Iterator[Holder]:
    regions = _regions_of_routers(section, state)
    for key, link in state.all(kinds.ROUTER_LINK, f"{CROSS_REGION}-link"):
        ends = (link.text("transitRouterId"), link.text("peerTransitRouterId"))
        if all(end in regions for end in ends):
            yield _link(key, [regions[end] for end in ends])
    for key, link in state.all(kinds.CEN_LINK, f"{CROSS_REGION}-link"):
        yield _link(key, link.outputs.get("regionIds") or ())


def _regions_of_routers(section: CrossRegionSettings, state: StackState) -> Mapping[str, str]:
    created = state.all(kinds.TRANSIT_ROUTER, f"{CROSS_REGION}-router")
    return {
        **{router: region for region, router in section.cen.routers.items()},
        **{router.text("transitRouterId"): region for region, router in created},
    }


def _wanted_links(section: CrossRegionSettings) -> Iterator[Holder]:
    for key, link in section.links.items():
        if len(link.pair) > 1:
            yield _link(key, link.regions, link.was)


def _link(key: str, regions: Iterable[str], was: str | None = None) -> Holder:
    path, ends = (SECTION, "links", key), tuple(sorted(regions))
    shown = ", ".join(regions)

    def twice(other: Holder, _: Claim) -> Problem:
        rule = f"two regions have one link; {other.path[-1]} joins these already"
        remedy = f"add its bandwidth to {other.path[-1]}"
        return Problem((*path, "regions"), shown, rule, remedy)

    claim = Claim(("link", *ends), f"the link of {' and '.join(ends)}", clash=twice)
    return Holder(path, (claim,), was, fixed={})


def _held_services(state: StackState) -> Iterator[Holder]:
    for kind, output in _SERVICES.items():
        for key, one in state.all(kind, f"{CROSS_REGION}-service"):
            leads_to = one.text(_NEXT_HOPS[kind])
            yield _service(key, one.text(output), leads_to)


def _wanted_services(section: CrossRegionSettings, state: StackState) -> Iterator[Holder]:
    for key, service in section.services.items():
        attachment = section.attachments.get(service.attachment)
        was = attachment.was if attachment is not None else None
        leads_to = _next_hop(state, service.attachment, was)
        yield _service(key, service.range, leads_to, service.was)


def _next_hop(state: StackState, *attachments: str | None) -> str:
    """What a service's routes lead to: the attachment, or of the basic edition its VPC."""
    names = [f"{CROSS_REGION}-attachment-{key}" for key in attachments if key is not None]
    held = state.find(kinds.ROUTER_ATTACHMENT, *names)
    if held is not None:
        return held.text("transitRouterAttachmentId")
    basic = state.find(kinds.CEN_ATTACHMENT, *names)
    return basic.text("childInstanceId") if basic is not None else ""


def _service(key: str, range_: str, leads_to: str, was: str | None = None) -> Holder:
    path = (SECTION, "services", key)

    def twice(other: Holder, _: Claim) -> Problem:
        owner = other.path[-1]
        rule = f"a range is reached by one way; {owner} has it already"
        return Problem((*path, "range"), range_, rule, f"remove {key} or {owner}")

    claim = Claim(("service", range_), f"the way to {range_}", clash=twice)
    return Holder(path, (claim,), was, fixed={"attachment": leads_to})


def cross_region_changes(
    _settings: StackSettings, section: CrossRegionSettings, state: StackState
) -> Iterator[Problem]:
    """Another edition, while what the former one attached is still attached."""
    (other,) = (edition for edition in Edition if edition is not section.edition)
    held = sorted(key for key, _ in held_attachments(other, state))
    if held and section.attachments:
        yield Problem(
            (SECTION, "edition"),
            section.edition.value,
            f"the state has attachments of the edition {other.value} "
            f"({', '.join(held)}), and what is attached has its routes from one of them",
            f"do it in two steps: first say edition: {other.value}, take attachments, links and "
            "services out, with the functions' calls that need them, and run up; "
            f"then put them back with edition: {section.edition.value} and run up again",
        )
