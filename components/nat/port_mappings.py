"""`PortMappings`: what arrives at a public address goes to a host (DNAT, forward entries).

Owns the forward entries of one gateway and their order. Doesn't own the gateway, the addresses or
the hosts' security groups: DNAT doesn't open those.

Source: NAT Gateway, "Create and manage DNAT entries"; the seed document on shared public bandwidth,
step 2.
"""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi
from pulumi_alicloud import vpc

from .._component import Component
from .._options import LANES, child, former, in_lanes, last_in_lanes

# Entries wait for each other, and each takes the provider at least five seconds; a gateway that is
# busy with somebody else's entries shouldn't fail ours.
ENTRY_TIMEOUTS = pulumi.CustomTimeouts(create="10m", update="10m", delete="10m")


class PortMappingArgs(TypedDict):
    """One forward entry. Protocol and ports are as the provider takes them."""

    external_ip: pulumi.Input[str]
    """The public address, on the gateway: `SharedBandwidth.bound_addresses[…]`."""

    external_port: str
    """"80", "9000/9010" or "any"."""

    internal_ip: pulumi.Input[str]
    """The host's private address."""

    internal_port: str
    """As `external_port`, and as many; "any" with "any"."""

    ip_protocol: str
    """"tcp", "udp", or "any" with ports "any"; lower case."""

    port_break: NotRequired[bool | None]
    """Allow a port above 1024 on an address that is used for egress too, now or later. The cloud
    looks at it only when the entry is created or otherwise changed. Off unless given."""

    binding: NotRequired[pulumi.Input[str] | None]
    """URN of what binds the address to the gateway: `SharedBandwidth.bindings[…]`. The cloud
    lets go of it only when no entry uses the address, so the entry is replaced with it."""

    entry_name: NotRequired[pulumi.Input[str]]
    """Its name, 2 to 128 characters."""

    was: NotRequired[str | None]
    """The key that this mapping had before it was renamed."""


class PortMappingsArgs(TypedDict):
    """Arguments of `PortMappings`."""

    forward_table_id: pulumi.Input[str]
    """The gateway's DNAT table: `NatGateway.forward_table_id`."""

    mappings: Mapping[str, PortMappingArgs]
    """Mappings by key; the key becomes part of the resource's name."""

    lanes: NotRequired[int]
    """How many entries are added side by side, 1 to 5; 3 unless given. Changes order only."""


class PortMappings(Component):
    """The forward entries of one NAT gateway. Children: `<name>-<key>` for each mapping."""

    entry_ids: Mapping[str, pulumi.Output[str]]
    """The entries' ids in the cloud, by key."""

    last_entries: Sequence[pulumi.Output[str]]
    """URNs of the last entry of each lane: what comes next on the gateway waits for these."""

    def __init__(
        self, name: str, args: PortMappingsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the entries, each after the one before it in its lane."""
        super().__init__(name, opts)
        entries: dict[str, vpc.ForwardEntry] = {}
        for key, before in in_lanes(list(args["mappings"]), args.get("lanes", LANES)).items():
            mapping = args["mappings"][key]
            binding = mapping.get("binding")
            # Another gateway's table takes the mapping over only when this one has let go of the
            # address. Everything but the table is updated in place.
            options = child(
                self,
                was=former(name, mapping.get("was")),
                after=[entries[before]] if before is not None else None,
                replaced_with=[binding] if binding is not None else (),
                delete_before_replace=True,
            )
            options.custom_timeouts = ENTRY_TIMEOUTS
            entries[key] = vpc.ForwardEntry(
                f"{name}-{key}",
                vpc.ForwardEntryArgs(
                    forward_table_id=args["forward_table_id"],
                    forward_entry_name=mapping.get("entry_name"),
                    external_ip=mapping["external_ip"],
                    external_port=mapping["external_port"],
                    internal_ip=mapping["internal_ip"],
                    internal_port=mapping["internal_port"],
                    ip_protocol=mapping["ip_protocol"],
                    port_break=mapping.get("port_break"),
                ),
                opts=options,
            )
        last = last_in_lanes(entries, args.get("lanes", LANES))
        self.last_entries = [entry.urn for entry in last]
        self.entry_ids = {key: entry.forward_entry_id for key, entry in entries.items()}
        self.register_outputs({"entryIds": self.entry_ids})
