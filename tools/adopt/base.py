"""The stack file's `network`: VPC, vSwitches, and the hosts that entries and servers lead to."""

from typing import Any

from facts.instance_types import eni_limits
from stack.network_rules import parse_address, parse_cidr
from tools.adopt.drafting import Draft, Namer, marker
from tools.adopt.listing import LISTED_KINDS, Entry, entries

NETWORK = "network"


class Base:
    """The network of a draft, by what the rest of it refers to."""

    def __init__(self, draft: Draft) -> None:
        """Write the VPC, the vSwitches and the listed hosts."""
        self._draft = draft
        listed = [*entries(draft.listing)]
        self.vswitches: dict[str, str] = {}
        """Names by id."""
        self._ranges = {
            entry.id: parse_cidr(draft.found(entry).text("cidrBlock"))
            for entry in listed
            if entry.path[0] == "vswitches"
        }
        self._hosts: dict[str, str] = {}
        self._host_names = Namer(draft.stack, [e.name for e in listed if e.path[0] == "hosts"])
        (vpc,) = (entry for entry in listed if entry.path == ("vpc",))
        self._vpc(vpc)
        names = Namer(draft.stack, [e.name for e in listed if e.path[0] == "vswitches"])
        for entry in listed:
            if entry.path[0] == "vswitches":
                self._vswitch(entry, vpc, names)
        for entry in listed:
            if entry.kind.type == LISTED_KINDS["hosts"].type:
                self._instance(entry)

    def _vpc(self, entry: Entry) -> None:
        draft, found = self._draft, self._draft.found(entry)
        cidr: dict[str, Any] = {"cidr": found.text("cidrBlock")}
        if draft.uses(entry.id):
            draft.put((NETWORK, "vpc"), {"id": entry.id, **cidr}, entry)
        else:
            name = draft.named(entry, "vpc", found.text("vpcName"))
            draft.put((NETWORK, "vpc"), {**cidr, **name}, entry)

    def _vswitch(self, entry: Entry, vpc: Entry, names: Namer) -> None:
        draft, found = self._draft, self._draft.found(entry)
        called = found.text("vswitchName")
        name = names.name(entry.name, called, f"vswitch{len(self.vswitches) + 1}")
        if found.text("vpcId") != vpc.id:
            remedy = "list the vSwitches of one VPC; another VPC is another stack"
            draft.refuse(entry, f"it lies in {found.text('vpcId')}, and not in {vpc.id}", remedy)
        self.vswitches[entry.id] = name
        place: dict[str, Any] = {"cidr": found.text("cidrBlock"), "zone": found.text("zoneId")}
        if draft.uses(entry.id):
            value = {"id": entry.id, **place}
        else:
            value = {**place, **draft.named(entry, name, called)}
        draft.put((NETWORK, "vswitches", name), value, entry)

    def _instance(self, entry: Entry) -> None:
        found = self._draft.found(entry)
        address = found.text("privateIp")
        if address in self._hosts:  # listed as a host and as a server
            return
        vswitch = self.vswitch(entry, found.text("vswitchId"), "it lies in")
        name = self._host_names.name(
            entry.name, found.text("instanceName"), f"host-{_dashed(address)}"
        )
        host: dict[str, Any] = {"ip": address, "vswitch": vswitch, "instanceId": entry.id}
        limits = eni_limits(found.text("instanceType"))
        if limits is not None and self._is_server(entry.id):
            host["eniQuantity"] = limits.interfaces
        self._hosts[address] = name
        self._draft.put((NETWORK, "hosts", name), host, entry)
        self._draft.comments[NETWORK, "hosts", name] = "used by its id, never owned"

    def _is_server(self, identity: str) -> bool:
        return any(server.instance == identity for server in self._draft.listing.servers.values())

    def vswitch(self, entry: Entry, identity: str, how: str) -> str:
        """The name of the vSwitch that an entry is about; refused where it isn't listed."""
        if identity not in self.vswitches:
            remedy = f"add {identity} to vswitches"
            self._draft.refuse(entry, f"{how} {identity}, which isn't listed", remedy)
            return identity
        return self.vswitches[identity]

    def _place_of(self, address: str) -> str | None:
        """The name of the vSwitch that an address is in."""
        parsed = parse_address(address)
        for identity, cidr in self._ranges.items():
            if parsed is not None and cidr is not None and parsed in cidr:
                return self.vswitches[identity]
        return None

    def host_of(self, entry: Entry, address: str) -> str:
        """The name of the host with a private address; one that isn't listed is written here."""
        if address not in self._hosts:
            place = self._place_of(address)
            if place is None:
                rule = f"it leads to {address}, which is in none of the listed vSwitches"
                self._draft.refuse(entry, rule, "add the vSwitch of that address to vswitches")
            name = self._host_names.name(None, "", f"host-{_dashed(address)}")
            self._hosts[address] = name
            path = (NETWORK, "hosts", name)
            self._draft.put(path, {"ip": address, "vswitch": place or ""})
            self._draft.comments[path] = f"{marker(entry.id)} leads here"
        return self._hosts[address]


def _dashed(address: str) -> str:
    return address.replace(".", "-")
