"""What both sections have: gateway, package, addresses and egress, as the stack file says them."""

from collections.abc import Iterator
from typing import Any

from facts import kinds
from tools.adopt.drafting import Draft, described
from tools.adopt.grounds import Grounds
from tools.adopt.listing import Entry, entries
from tools.adopt.naming import Namer
from topologies.nat.settings import PackageChargeType

_DEFAULT_CHARGE = PackageChargeType.PAY_BY_BANDWIDTH.value


class Doors:
    """The gateway of a draft, its addresses and its ways out."""

    def __init__(self, draft: Draft, grounds: Grounds) -> None:
        """Prepare names; nothing is written yet."""
        self.draft, self.grounds = draft, grounds
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
            vswitch = self.grounds.vswitch(entry, found.text("vswitchId"), "it lies in")
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
        name = self._names.name(entry.name, called, f"ip{len(self.addresses) + 1}")
        self.addresses[found.text("ipAddress")] = name
        if spare and found.text("status") != "Available":
            rule = f"it is {found.text('status')}: a spare address is bound to nothing"
            draft.refuse(entry, rule, "list it where it is bound, or take it off the list")
        value: dict[str, Any] = {"spare": True} if spare else {}
        if draft.uses(entry.id):
            value |= {"id": entry.id, "address": found.text("ipAddress")}
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
                source = {"vswitch": self.grounds.vswitch(entry, vswitch, how)}
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
