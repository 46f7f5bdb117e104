"""`SnatEgress`: what inside the VPC leaves by which public addresses (SNAT entries).

Owns the SNAT entries of one gateway and their order. Doesn't own the gateway or the addresses. A
host with an EIP of its own leaves by that one, whatever stands here.

Source: NAT Gateway, "Create and manage SNAT entries".
"""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi
from pulumi_alicloud import vpc

from .._component import Component
from .._options import LANES, child, former, in_lanes, last_in_lanes
from .port_mappings import ENTRY_TIMEOUTS


class SnatEntryArgs(TypedDict):
    """One SNAT entry: a source and the addresses that it leaves by."""

    snat_ips: Sequence[pulumi.Input[str]]
    """Public addresses on the gateway, all in one bandwidth package if several:
    `SharedBandwidth.bound_addresses[…]`."""

    bindings: NotRequired[Sequence[pulumi.Input[str]]]
    """URNs of what binds these addresses to the gateway: `SharedBandwidth.bindings[…]`. The
    cloud lets go of them only when no entry uses the address, so the entry is replaced with any."""

    source_vswitch_id: NotRequired[pulumi.Input[str] | None]
    """The vSwitch that leaves; this or `source_cidr`."""

    source_cidr: NotRequired[pulumi.Input[str] | None]
    """The range that leaves; this or `source_vswitch_id`."""

    entry_name: NotRequired[pulumi.Input[str]]
    """Its name, 2 to 128 characters."""

    was: NotRequired[str | None]
    """The key that this entry had before it was renamed."""


class SnatEgressArgs(TypedDict):
    """Arguments of `SnatEgress`."""

    snat_table_id: pulumi.Input[str]
    """The gateway's SNAT table: `NatGateway.snat_table_id`."""

    entries: Mapping[str, SnatEntryArgs]
    """Entries by key; the key becomes part of the resource's name."""

    lanes: NotRequired[int]
    """How many entries are added side by side, 1 to 5; 3 unless given. Changes order only."""


class SnatEgress(Component):
    """The SNAT entries of one NAT gateway. Children: `<name>-<key>` for each entry."""

    entry_ids: Mapping[str, pulumi.Output[str]]
    """The entries' ids in the cloud, by key."""

    last_entries: Sequence[pulumi.Output[str]]
    """URNs of the last entry of each lane: what comes next on the gateway waits for these."""

    def __init__(
        self, name: str, args: SnatEgressArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the entries, each after the one before it in its lane."""
        super().__init__(name, opts)
        entries: dict[str, vpc.SnatEntry] = {}
        for key, before in in_lanes(list(args["entries"]), args.get("lanes", LANES)).items():
            entry = args["entries"][key]
            # A source has one entry at a time.
            options = child(
                self,
                was=former(name, entry.get("was")),
                after=[entries[before]] if before is not None else None,
                replaced_with=entry.get("bindings", ()),
                delete_before_replace=True,
            )
            options.custom_timeouts = ENTRY_TIMEOUTS
            entries[key] = vpc.SnatEntry(
                f"{name}-{key}",
                vpc.SnatEntryArgs(
                    snat_table_id=args["snat_table_id"],
                    snat_entry_name=entry.get("entry_name"),
                    snat_ip=pulumi.Output.all(*entry["snat_ips"]).apply(",".join),
                    source_vswitch_id=entry.get("source_vswitch_id"),
                    source_cidr=entry.get("source_cidr"),
                ),
                opts=options,
            )
        last = last_in_lanes(entries, args.get("lanes", LANES))
        self.last_entries = [entry.urn for entry in last]
        self.entry_ids = {key: entry.snat_entry_id for key, entry in entries.items()}
        self.register_outputs({"entryIds": self.entry_ids})
