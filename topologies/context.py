"""What topologies build on, and what they hand on to those that come after them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

from components import ApiGroup, EipAddresses, Function, SharedBandwidth
from stack.settings import StackSettings
from topologies.network import BuiltNetworks
from topologies.regions import Regions


@dataclass(frozen=True)
class Gateway:
    """A NAT gateway, created or not."""

    id: pulumi.Input[str]
    forward_table_id: pulumi.Input[str]
    snat_table_id: pulumi.Input[str]
    made: Sequence[pulumi.Resource] = ()
    """The gateway itself, where it is created."""

    def outputs(self) -> dict[str, pulumi.Input[str]]:
        """Its ids for other stacks; a table's where it is known."""
        found = {
            "natGatewayId": self.id,
            "forwardTableId": self.forward_table_id,
            "snatTableId": self.snat_table_id,
        }
        return {name: value for name, value in found.items() if value != ""}


@dataclass(frozen=True)
class PublicIp:
    """One address, whichever section has it."""

    allocation_id: pulumi.Output[str]
    address: pulumi.Output[str]

    bound_address: pulumi.Output[str] | None
    """The address, known once it is on its gateway, if it is to be on one."""

    binding: pulumi.Output[str] | None
    """URN of what binds it to its gateway, if that is made here."""

    attachment: pulumi.Output[str] | None
    """URN of its place in the bandwidth package, if that is made here."""


def public_ips_of(made: SharedBandwidth | EipAddresses) -> dict[str, PublicIp]:
    """A component's addresses by key."""
    return {
        key: PublicIp(
            made.allocation_ids[key],
            address,
            made.bound_addresses.get(key),
            made.bindings.get(key),
            made.attachments.get(key),
        )
        for key, address in made.addresses.items()
    }


@dataclass(frozen=True)
class SharedGateway:
    """A gateway with its package and addresses, for a topology that comes after its owner."""

    gateway: Gateway
    package_id: pulumi.Input[str]
    public_ips: Mapping[str, PublicIp]
    last_entries: Sequence[pulumi.Resource]
    """What has to be done on the gateway before the next entry."""

    lanes: int

    ground: Sequence[pulumi.Resource]
    """What its entries stand on: what may be moved here or away is registered after all of it."""


@dataclass(frozen=True)
class ApiGround:
    """API Gateway's instance and groups, which stand before functions and APIs do."""

    instance_id: pulumi.Input[str] | None
    groups: Mapping[str, ApiGroup]
    addresses: Mapping[str, pulumi.Output[str]]
    """What APIs are called inside by, without the internet: by the API's name, where its group has
    a domain there."""


@dataclass(frozen=True)
class Built:
    """What a topology has built."""

    outputs: Mapping[str, Any]
    """Its stack outputs. Maps of several topologies under one key are joined."""

    shared: SharedGateway | None = None
    """The gateway that later topologies may stand on."""

    functions: Mapping[str, Function] = field(default_factory=dict[str, Function])
    """The functions that later topologies may call, by name."""


@dataclass(frozen=True)
class Context:
    """What a topology is built on."""

    settings: StackSettings
    networks: BuiltNetworks
    regions: Regions
    """Providers of other regions."""

    apis: ApiGround | None = None
    """What API Gateway's topology has laid as ground."""

    shared: SharedGateway | None = None
    functions: Mapping[str, Function] = field(default_factory=dict[str, Function])
