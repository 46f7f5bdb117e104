"""What the state holds of a gateway and wants of it that has one holder: sources and bindings.

A source has one SNAT entry on a gateway, and an EIP is bound to one thing. So neither can be given
to a new entry while an old one has it (see `stack.claims`). And what it wants of what is protected.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from facts import kinds
from stack.claims import Claim, Clash, Holder, Holdings, lane_orders
from stack.ids import promised
from stack.network_claims import standing_vswitch
from stack.problems import KeyPath, Problem, dotted
from stack.protection import Kept
from stack.settings import CommonSettings, StackSettings
from stack.state import StackState
from topologies.nat.rules import source_of
from topologies.nat.settings import (
    EgressSettings,
    NatGatewaySettings,
    PackageSettings,
    PublicIpSettings,
)


@dataclass(frozen=True)
class Tables:
    """The tables that a section's entries are wanted in.

    By their ids; of a gateway that is to be created or made anew, by the outputs that will say it.
    """

    forward: str
    snat: str


OUTPUTS = Tables("forwardTableId", "snatTableId")
"""What `sharedBandwidth` puts them out as."""


def tables_of(
    settings: StackSettings,
    state: StackState,
    component: str,
    gateway: NatGatewaySettings,
    outputs: Tables = OUTPUTS,
) -> Tables:
    """The tables of a gateway, whose component and outputs are called so."""
    forward, snat = gateway.forward_table_id, gateway.snat_table_id
    held = state.find(kinds.NAT_GATEWAY, f"{component}-nat") if gateway.id is None else None
    if held is not None:
        stands = standing_vswitch(settings.common, gateway.vswitch or "", state)
        if held.text("vswitchId") in {"", stands}:
            forward, snat = held.text("forwardTableIds"), held.text("snatTableIds")
    return Tables(
        forward or promised(settings.stack, outputs.forward),
        snat or promised(settings.stack, outputs.snat),
    )


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


def egress_claims(
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
            path := (owner.section, "egress", key),
            tuple(_sources(common, state, owner.table, path, wanted)),
            wanted.was,
            orders[key],
            fixed={"natGateway": owner.table},
            shared=owner.table,
        )
        for key, wanted in egress.items()
    ]
    names = [_named((owner.section, "egress", key)) for key in egress]
    return Holdings(tuple(held), (*wanted, *names))


def _sources(
    common: CommonSettings, state: StackState, table: str, path: KeyPath, egress: EgressSettings
) -> Iterator[Claim]:
    """What an entry leaves from: the range, and the id of the vSwitch that has it.

    A vSwitch that is new has no id: nothing can leave from it yet.
    """
    source = source_of(common, egress)
    if source is not None:

        def equal(other: Holder, _: Claim) -> Problem:
            name = dotted(other.path) if other.path[0] != path[0] else other.path[-1]
            rule = f"a source leaves by one egress entry; {name} has {source} already"
            remedy = "remove one of the two, or put all addresses into one entry"
            return Problem(path, str(source), rule, remedy)

        yield _source(table, str(source), clash=equal)
    if egress.vswitch in common.network.vswitches:
        identity = standing_vswitch(common, egress.vswitch or "", state)
        if identity is not None:
            yield _source(table, identity, egress.vswitch)


def _source(table: str, source: str, name: str | None = None, clash: Clash | None = None) -> Claim:
    return Claim(("source", table, source), f"the source {name or source}", clash=clash)


def address_claims(
    state: StackState,
    section: str,
    component: str,
    addresses: Mapping[str, PublicIpSettings],
    bound: Collection[str],
) -> Holdings:
    """EIPs that a section lists, and those that it holds bound and wants bound.

    Args:
        state: what is held.
        section: the key of the section that has them under `publicIps`.
        component: the name of the component that has them.
        addresses: the section's addresses.
        bound: names of those that are bound to a gateway.
    """
    held = [
        Holder(
            (section, "publicIps", name.removesuffix("-association")),
            (binding(one.text("allocationId")),),
        )
        for name, one in state.all(kinds.EIP_ASSOCIATION, component)
    ]
    wanted: list[Holder] = []
    for name, address in addresses.items():
        path = (section, "publicIps", name)
        wanted.append(_named(path))
        if address.id is not None:
            wanted.append(Holder(path, (_listed(path, address.id),), standing=True))
        if name in bound:
            claim = wanted_binding(state, component, name, address)
            wanted.append(Holder(path, (claim,), address.was))
    return Holdings(tuple(held), tuple(wanted))


def _named(path: KeyPath) -> Holder:
    """An entry as its name's holder: maps of several sections under one output are joined."""

    def problem(other: Holder, _: Claim) -> Problem:
        rule = f"a public address has one name in a stack; {other.path[0]} has {path[-1]} already"
        if path[1] == "egress":
            rule = f"an egress has one name in a stack; {other.path[0]} has {path[-1]} already"
        return Problem(path, path[-1], rule, "give one of the two another name")

    claim = Claim((*map(str, path[1:]),), f"the name {path[-1]}", clash=problem)
    return Holder(path, (claim,), standing=True)


def _listed(path: KeyPath, identity: str) -> Claim:
    def problem(other: Holder, _: Claim) -> Problem:
        rule = f"an EIP is listed once; {other.path[-1]} is {identity} already"
        if other.path[0] != path[0]:
            rule = f"an EIP is bound to one thing at a time; {dotted(other.path)} is {identity} "
            rule += "already"
        return Problem((*path, "id"), identity, rule, "remove one of the two")

    return Claim(("eip", identity), identity, clash=problem)


def eip_id(state: StackState, component: str, name: str, address: PublicIpSettings) -> str | None:
    """The allocation id of an address; None for one that is to be created."""
    was = f"{component}-{address.was}" if address.was else None
    return address.id or state.id_of(kinds.EIP, f"{component}-{name}", was)


def binding(identity: str, clash: Clash | None = None) -> Claim:
    """The claim of whatever an EIP is bound to."""
    return Claim(("binding", identity), f"the binding of {identity}", passes=True, clash=clash)


def wanted_binding(
    state: StackState,
    component: str,
    name: str,
    address: PublicIpSettings,
    clash: Clash | None = None,
) -> Claim:
    """The same of an address of the stack file; one that is to be created is bound to nothing."""
    identity = eip_id(state, component, name, address)
    if identity is not None:
        return binding(identity, clash)
    return Claim(("new binding", component, name), f"the binding of {name}", clash=clash)


def kept_gateway(
    common: CommonSettings,
    state: StackState,
    section: str,
    component: str,
    gateway: NatGatewaySettings | None,
) -> Iterator[Kept]:
    """A gateway that is created."""
    if gateway is not None and gateway.id is None:
        vswitch = standing_vswitch(common, gateway.vswitch or "", state)
        yield Kept(
            kinds.NAT_GATEWAY,
            (f"{component}-nat",),
            (section, "natGateway", "vswitch"),
            {"vswitch": ("vswitchId", vswitch)},
        )


def kept_package(section: str, component: str, package: PackageSettings) -> Iterator[Kept]:
    """A package that is created."""
    if package.id is None:
        yield Kept(
            kinds.BANDWIDTH_PACKAGE,
            (f"{component}-package",),
            (section, "bandwidthPackage", "chargeType"),
            {"chargeType": ("internetChargeType", package.charge_type.value)},
        )


def kept_addresses(
    section: str, component: str, addresses: Mapping[str, PublicIpSettings]
) -> Iterator[Kept]:
    """Addresses that are created."""
    for key, one in addresses.items():
        if one.id is None:
            was = f"{component}-{one.was}" if one.was is not None else None
            yield Kept(kinds.EIP, (f"{component}-{key}", was), (section, "publicIps", key))
