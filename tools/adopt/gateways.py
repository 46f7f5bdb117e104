"""What stands on a NAT gateway: which topologies it is, and what stands in each section.

Entries on a NAT gateway with a shared package are `shared-bandwidth`; servers with EIPs on network
interfaces of their own are `unified-egress`, on the same gateway where there are both. Without a
package there is only the second, since the first has no addresses outside of one.
"""

from collections.abc import Iterator
from typing import Any, Final

from facts import kinds
from tools.adopt.drafting import Base, Draft, Namer, dashed, described
from tools.adopt.gateways_found import gateway_found
from tools.adopt.listing import Entry, Listing, ServerListing, entries
from tools.adopt.part import Part
from tools.adopt.reading import Wanted
from topologies.nat.settings import PackageChargeType
from topologies.shared_bandwidth.settings import SECTION as SHARED
from topologies.shared_bandwidth.settings import SHARED_BANDWIDTH
from topologies.unified_egress.settings import SECTION as UNIFIED
from topologies.unified_egress.settings import EipMode

_DEFAULT_CHARGE = PackageChargeType.PAY_BY_BANDWIDTH.value


class Doors:
    """The gateway of a draft, its addresses and its ways out."""

    def __init__(self, draft: Draft, base: Base) -> None:
        """Prepare names; nothing is written yet."""
        self.draft, self.base = draft, base
        self.listed = [*entries(draft.listing)]
        eips = [entry for entry in self.listed if entry.kind.type == kinds.EIP]
        self._names = Namer(draft.stack, [entry.name for entry in eips])
        self.addresses: dict[str, str] = {}
        """Names of the gateway's addresses by the address itself."""

    def at(self, *start: str) -> Iterator[Entry]:
        """The entries below a key of the list."""
        return (entry for entry in self.listed if entry.path[: len(start)] == start)

    def gateway(self, section: str, key: str) -> Entry:
        """Write the gateway; its default name in the cloud is `<stack>-<key>`."""
        draft = self.draft
        (entry,) = self.at("natGateway")
        found, path = draft.found(entry), (section, "natGateway")
        for name, wanted, remedy in (
            ("natType", "Enhanced", "upgrade it in the console, which keeps its addresses"),
            ("networkType", "internet", "list an internet NAT gateway"),
        ):
            if found.text(name) != wanted:
                rule = f"its {name} is {found.text(name) or 'not known'}; it has to be {wanted}"
                draft.refuse(entry, rule, remedy)
        (vpc,) = self.at("vpc")
        if found.text("vpcId") != vpc.id:
            rule = f"it lies in {found.text('vpcId')}, and not in {vpc.id}"
            draft.refuse(entry, rule, "list the VPC that it lies in")
        if draft.uses(entry.id):
            tables = {"snatTableId": found.text("snatTableIds")}
            if section == "sharedBandwidth":
                tables["forwardTableId"] = found.text("forwardTableIds")
            draft.put(path, {"id": entry.id, **tables}, entry)
        else:
            vswitch = self.base.vswitch(entry, found.text("vswitchId"), "it lies in")
            name = draft.named(entry, key, found.text("natGatewayName"))
            draft.put(path, {**name, **described(found), "vswitch": vswitch}, entry)
        return entry

    def package(self, section: str, key: str) -> None:
        """Write the bandwidth package, where one is listed."""
        draft, path = self.draft, (section, "bandwidthPackage")
        for entry in self.at("bandwidthPackage"):
            found = draft.found(entry)
            if draft.uses(entry.id):
                draft.put(path, {"id": entry.id}, entry)
                continue
            draft.settings.setdefault(section, {})["bandwidth"] = found.number("bandwidth")
            draft.origins[section, "bandwidth"] = entry
            charge = found.text("internetChargeType")
            value: dict[str, Any] = {
                **draft.named(entry, key, found.text("bandwidthPackageName")),
                **described(found),
                **({"chargeType": charge} if charge != _DEFAULT_CHARGE else {}),
            }
            if value:
                draft.put(path, value, entry)
            else:
                draft.comments[section, "bandwidth"] = entry.id

    def address(self, section: str, entry: Entry, *, alone: bool, spare: bool = False) -> str:
        """Write an address; returns its name. `alone` has a bandwidth of its own."""
        draft, found = self.draft, self.draft.found(entry)
        called = found.text("addressName")
        name = self._names.name(entry.name, called, f"ip-{dashed(found.text('ipAddress'))}")
        self.addresses[found.text("ipAddress")] = name
        if spare and found.text("status") != "Available":
            rule = f"it is {found.text('status')}: a spare address is bound to nothing"
            draft.refuse(entry, rule, "list it where it is bound, or take it off the list")
        value: dict[str, Any] = {"spare": True} if spare else {}
        if draft.uses(entry.id):
            value |= {"id": entry.id, "address": found.text("ipAddress")}
            value |= {"bound": True} if entry.id in draft.listing.bound else {}
        else:
            value |= draft.named(entry, name, called) | described(found)
            if alone:
                value["bandwidth"] = found.number("bandwidth")
        draft.put((section, "publicIps", name), value, entry)
        return name

    def egress(self, section: str, gateway: Entry) -> None:
        """Write the SNAT entries."""
        draft, table = self.draft, self.draft.found(gateway).text("snatTableIds")
        names = Namer(draft.stack, [entry.name for entry in self.at("egress")])
        for entry in self.at("egress"):
            found = draft.found(entry)
            if not in_table(draft, entry, found.text("snatTableId"), table):
                continue
            vswitch, cidr = found.text("sourceVswitchId"), found.text("sourceCidr")
            source = {"cidr": cidr}
            if vswitch:
                how = "what leaves by it is"
                source = {"vswitch": self.base.vswitch(entry, vswitch, how)}
            called = found.text("snatEntryName")
            name = names.name(entry.name, called, source.get("vswitch") or f"from-{cidr}")
            addresses = found.text("snatIp").split(",")
            value = {
                **source,
                "publicIps": [self.bound(entry, address) for address in addresses],
                **draft.named(entry, name, called),
            }
            draft.put((section, "egress", name), value, entry)

    def bound(self, entry: Entry, address: str) -> str:
        """The name of a gateway's address that an entry is about."""
        if address not in self.addresses:
            rule = f"it is an entry of {address}, whose EIP isn't listed under publicIps"
            self.draft.refuse(entry, rule, "add that EIP's id to publicIps")
            return address
        return self.addresses[address]


def in_table(draft: Draft, entry: Entry, table: str, gateways: str) -> bool:
    """Whether an entry is one of the listed gateway; any other is refused."""
    if table != gateways:
        rule = f"it is in the table {table}; that of the listed gateway is {gateways}"
        draft.refuse(entry, rule, "list the entries of one gateway; another is another stack")
    return table == gateways


UNIFIED_EGRESS = "unified-egress"
ANY = "any"


def _compose(draft: Draft, base: Base) -> list[str]:
    """Write what stands on a gateway."""
    listing = draft.listing
    if listing.nat_gateway is None:
        return []
    shared = bool(listing.port_mappings) or listing.bandwidth_package is not None
    shared = shared and not (listing.servers and not listing.port_mappings)
    doors = Doors(draft, base)
    if shared:
        _shared_bandwidth(doors)
    else:
        _unified_gateway(doors)
    for name, server in listing.servers.items():
        _server(doors, name, server, packed=_packed(draft))
    return ([SHARED_BANDWIDTH] if shared else []) + (
        [UNIFIED_EGRESS] if listing.servers or not shared else []
    )


def _packed(draft: Draft) -> bool:
    return draft.listing.bandwidth_package is not None


def _shared_bandwidth(doors: Doors) -> None:
    draft = doors.draft
    if not _packed(draft):
        entry = next(doors.at("portMappings"))
        rule = "ports are mapped on addresses of a bandwidth package, and none is listed"
        draft.refuse(entry, rule, "add bandwidthPackage; where there is none, buy one and put the "
                     "addresses into it first")  # fmt: skip
    doors.package(SHARED, "bandwidth")
    gateway = doors.gateway(SHARED, "gateway")
    _gateway_addresses(doors, SHARED, alone=False)
    _port_mappings(doors, gateway)
    doors.egress(SHARED, gateway)


def _unified_gateway(doors: Doors) -> None:
    doors.package(UNIFIED, "unified-bandwidth")
    gateway = doors.gateway(UNIFIED, "unified-gateway")
    _gateway_addresses(doors, UNIFIED, alone=not _packed(doors.draft))
    doors.egress(UNIFIED, gateway)
    used = {
        name
        for egress in doors.draft.settings[UNIFIED].get("egress", {}).values()
        for name in egress["publicIps"]
    }
    for entry in doors.at("publicIps"):
        name = doors.addresses[doors.draft.found(entry).text("ipAddress")]
        if name not in used:
            rule = "it is bound to the gateway, and no listed SNAT entry leaves by it"
            remedy = "add its SNAT entry to egress, or unbind it and list it as spare"
            doors.draft.refuse(entry, rule, remedy)


def _gateway_addresses(doors: Doors, section: str, *, alone: bool) -> None:
    for entry in doors.at("publicIps"):
        doors.address(section, entry, alone=alone)
    for entry in doors.at("sparePublicIps"):
        doors.address(section, entry, alone=alone, spare=True)


def _port_mappings(doors: Doors, gateway: Entry) -> None:
    draft, table = doors.draft, doors.draft.found(gateway).text("forwardTableIds")
    names = Namer(draft.stack, [entry.name for entry in doors.at("portMappings")])
    for entry in doors.at("portMappings"):
        found = draft.found(entry)
        if not in_table(draft, entry, found.text("forwardTableId"), table):
            continue
        host = doors.base.host_of(entry, found.text("internalIp"))
        protocol = found.text("ipProtocol").lower()
        outside, inside = found.text("externalPort"), found.text("internalPort")
        value: dict[str, Any] = {"publicIp": doors.bound(entry, found.text("externalIp"))}
        if protocol != ANY:
            value |= {"port": _port(outside), "protocol": protocol}
        value["host"] = host
        if protocol != ANY and inside != outside:
            value["hostPort"] = _port(inside)
        called = found.text("forwardEntryName")
        default = host if protocol == ANY else f"{protocol}-{outside.replace('/', '-')}"
        name = names.name(entry.name, called, default)
        draft.put((SHARED, "portMappings", name), value | draft.named(entry, name, called), entry)


def _port(text: str) -> int | str:
    """A port as the stack file writes it."""
    return int(text) if text.isdigit() else text.replace("/", "-")


def _server(doors: Doors, name: str, server: ServerListing, *, packed: bool) -> None:
    draft = doors.draft
    (entry,) = doors.at("servers", name, "eni")
    (instance,) = doors.at("servers", name, "instance")
    found = draft.found(entry)
    own = found.text("primaryIpAddress") or found.text("privateIp")
    bindings = {
        one.id: draft.cloud[kinds.EIP_ASSOCIATION, f"{one.id}:{server.eni}"]
        for one in doors.at("servers", name, "publicIps")
    }
    keys: dict[str, str] = {}
    secondary: dict[str, str | None] = {}
    for one in doors.at("servers", name, "publicIps"):
        keys[one.id] = doors.address(UNIFIED, one, alone=not packed)
        private = bindings[one.id].text("privateIpAddress")
        if len(keys) > 1:
            secondary[keys[one.id]] = private or None
    modes = sorted({binding.text("mode") or EipMode.NAT.value for binding in bindings.values()})
    if len(modes) > 1:
        rule = f"its EIPs are bound in several modes: {', '.join(modes)}"
        draft.refuse(entry, rule, "bind them in one mode, or take it off the list")
    eni: dict[str, Any] = {
        "vswitch": doors.base.vswitch(entry, found.text("vswitchId"), "it lies in"),
        "ip": own,
        **_filled("secondaryIps", sorted(found.outputs.get("privateIpAddresses") or ())),
        "securityGroups": sorted(found.outputs.get("securityGroupIds") or ()),
        **({"mode": modes[0]} if modes != [EipMode.NAT.value] else {}),
        **draft.named(entry, name, found.text("networkInterfaceName")),
    }
    address = draft.found(instance).text("privateIp")
    value: dict[str, Any] = {
        "host": doors.base.host_of(instance, address),
        "publicIp": next(iter(keys.values())),
        **_filled("secondaryPublicIps", secondary),
        "eni": eni,
    }
    draft.put((UNIFIED, "servers", name), value, entry)


def _filled(key: str, value: object) -> dict[str, Any]:
    return {key: value} if value else {}


def _links(listing: Listing) -> Iterator[Wanted]:
    for entry in entries(listing):
        match entry.path:
            case ("publicIps", _) if entry.id in listing.bound:
                pass  # what ties it is another stack's
            case ("publicIps", _):
                yield _binding(entry, listing.nat_gateway)
                yield from _packing(entry, listing)
            case ("sparePublicIps", _):
                yield from _packing(entry, listing)
            case ("servers", name, "publicIps", _):
                eni = listing.servers[str(name)].eni
                yield _binding(entry, eni)
                yield from _packing(entry, listing)
            case ("servers", name, "eni"):
                instance = listing.servers[str(name)].instance
                rule = f"{entry.id} isn't attached to {instance}"
                remedy = "name the instance that it is attached to"
                yield Wanted(
                    kinds.ENI_ATTACHMENT, f"{entry.id}:{instance}", entry.path, rule, remedy
                )
            case _:
                pass


def _binding(entry: Entry, to: str | None) -> Wanted:
    rule = f"{entry.id} isn't bound to {to}"
    remedy = (
        "put it where it belongs: publicIps for the gateway's, servers.<name>.publicIps for a "
        "network interface's, "
        "sparePublicIps for those that are bound to nothing"
    )
    return Wanted(kinds.EIP_ASSOCIATION, f"{entry.id}:{to}", entry.path, rule, remedy)


def _packing(entry: Entry, listing: Listing) -> Iterator[Wanted]:
    package = listing.bandwidth_package
    if package is not None:
        rule = f"{entry.id} isn't in the package {package}: a stack's addresses are, or none is"
        remedy = "put it into the package first, or take it off the list"
        yield Wanted(kinds.PACKAGE_ATTACHMENT, f"{package}:{entry.id}", entry.path, rule, remedy)


GATEWAYS: Final = Part(
    starts={"vpc": "vpc-…", "gateway": "ngw-…"},
    find=gateway_found,
    links=_links,
    compose=_compose,
)
