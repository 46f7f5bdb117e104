"""What the state holds of a gateway and wants of it that has one holder: sources and bindings.

A source has one SNAT entry on a gateway, and an EIP is bound to one thing. So neither can be given
to a new entry while an old one has it (see `stack.claims`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from facts import kinds
from stack.claims import Claim, Holder, Holdings, lane_orders
from stack.network_holdings import standing_vswitch
from stack.settings import CommonSettings
from stack.state import StackState
from topologies.nat.settings import EgressSettings, NatGatewaySettings, PublicIpSettings


@dataclass(frozen=True)
class Tables:
    """The tables of a gateway; empty of one that is to be created or made anew."""

    forward: str = ""
    snat: str = ""


def tables_of(
    common: CommonSettings, state: StackState, component: str, gateway: NatGatewaySettings
) -> Tables:
    """The tables that a section's entries are wanted in."""
    if gateway.id is not None:
        return Tables(gateway.forward_table_id or "", gateway.snat_table_id or "")
    held = state.find(kinds.NAT_GATEWAY, f"{component}-nat")
    if held is None:
        return Tables()
    lies_in = held.text("vswitchId")
    if lies_in and lies_in != standing_vswitch(common, gateway.vswitch or "", state):
        return Tables()
    return Tables(held.text("forwardTableIds"), held.text("snatTableIds"))


@dataclass(frozen=True)
class EgressOwner:
    """Whose SNAT entries these are."""

    section: str
    """The key of the section that has them under `egress`."""

    component: str
    """The name of the component that has them."""

    table: str
    """The SNAT table that they are wanted in."""

    lanes: int
    """In how many chains they are changed."""


def egress_holdings(
    common: CommonSettings,
    state: StackState,
    egress: Mapping[str, EgressSettings],
    owner: EgressOwner,
) -> Holdings:
    """Sources that a section's egress entries hold and want."""
    held = [
        Holder(
            (owner.section, "egress", key),
            (_source(e.text("snatTableId"), e.text("sourceVswitchId") or e.text("sourceCidr")),),
            fixed={"natGateway": e.text("snatTableId")},
        )
        for key, e in state.all(kinds.SNAT_ENTRY, owner.component)
    ]
    orders = lane_orders(egress, owner.lanes, owner.component)
    wanted = [
        Holder(
            (owner.section, "egress", key),
            (_source(owner.table, source, wanted.vswitch),),
            wanted.was,
            orders[key],
            fixed={"natGateway": owner.table},
        )
        for key, wanted in egress.items()
        # A vSwitch that is new has no id: nothing can leave from it yet.
        if (source := _wanted_source(common, state, wanted)) is not None
    ]
    return Holdings(tuple(held), tuple(wanted))


def _source(table: str, source: str, name: str | None = None) -> Claim:
    return Claim(("source", table, source), f"the source {name or source}")


def _wanted_source(common: CommonSettings, state: StackState, egress: EgressSettings) -> str | None:
    if egress.vswitch is None:
        return egress.cidr
    return standing_vswitch(common, egress.vswitch, state)


def binding_holdings(
    state: StackState,
    section: str,
    component: str,
    addresses: Mapping[str, PublicIpSettings],
    bound: Iterable[str],
) -> Holdings:
    """EIPs that a section's addresses hold bound, and want bound.

    Args:
        state: what is held.
        section: the key of the section that has them under `publicIps`.
        component: the name of the component that has them.
        addresses: the section's addresses.
        bound: names of those that are bound to something.
    """
    held = [
        Holder(
            (section, "publicIps", name.removesuffix("-association")),
            (binding(one.text("allocationId")),),
        )
        for name, one in state.all(kinds.EIP_ASSOCIATION, component)
    ]
    wanted: list[Holder] = []
    for name in bound:
        identity = eip_id(state, component, name, addresses[name])
        if identity is not None:
            path = (section, "publicIps", name)
            wanted.append(Holder(path, (binding(identity),), addresses[name].was))
    return Holdings(tuple(held), tuple(wanted))


def eip_id(state: StackState, component: str, name: str, address: PublicIpSettings) -> str | None:
    """The allocation id of an address; None for one that is to be created."""
    was = f"{component}-{address.was}" if address.was else None
    return address.id or state.id_of(kinds.EIP, f"{component}-{name}", was)


def binding(identity: str) -> Claim:
    """The claim of whatever an EIP is bound to."""
    return Claim(("binding", identity), f"the binding of {identity}", passes=True)
