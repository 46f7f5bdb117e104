"""The kinds of things that can be taken over: Pulumi's types, and what their ids look like."""

from dataclasses import dataclass
from typing import Final

VPC: Final = "alicloud:vpc/network:Network"
VSWITCH: Final = "alicloud:vpc/switch:Switch"
GATEWAY: Final = "alicloud:vpc/natGateway:NatGateway"
PACKAGE: Final = "alicloud:vpc/commonBandwithPackage:CommonBandwithPackage"
EIP: Final = "alicloud:ecs/eipAddress:EipAddress"
MAPPING: Final = "alicloud:vpc/forwardEntry:ForwardEntry"
EGRESS: Final = "alicloud:vpc/snatEntry:SnatEntry"
INSTANCE: Final = "alicloud:ecs/instance:Instance"
ENI: Final = "alicloud:ecs/ecsNetworkInterface:EcsNetworkInterface"
BINDING: Final = "alicloud:ecs/eipAssociation:EipAssociation"
PACKING: Final = "alicloud:vpc/commonBandwithPackageAttachment:CommonBandwithPackageAttachment"
ATTACHMENT: Final = "alicloud:ecs/ecsNetworkInterfaceAttachment:EcsNetworkInterfaceAttachment"


@dataclass(frozen=True)
class Kind:
    """One kind of listed thing."""

    type: str
    what: str
    """What it is, with its article."""

    form: str
    """What its id looks like, for people."""

    usable: bool = True
    """Whether a stack can use one by its id without owning it."""

    @property
    def prefixes(self) -> tuple[str, ...]:
        """What each part of an id starts with."""
        return tuple(part.rstrip("…") for part in self.form.split(":"))

    def has(self, identity: str) -> bool:
        """Whether this is an id of the kind."""
        parts = identity.split(":")
        return len(parts) == len(self.prefixes) and all(
            part.startswith(prefix) and len(part) > len(prefix)
            for part, prefix in zip(parts, self.prefixes, strict=True)
        )


KINDS: Final = {
    "vpc": Kind(VPC, "a VPC", "vpc-…"),
    "vswitches": Kind(VSWITCH, "a vSwitch", "vsw-…"),
    "hosts": Kind(INSTANCE, "an ECS instance", "i-…", usable=False),
    "natGateway": Kind(GATEWAY, "a NAT gateway", "ngw-…"),
    "bandwidthPackage": Kind(PACKAGE, "a bandwidth package", "cbwp-…"),
    "publicIps": Kind(EIP, "an EIP", "eip-…"),
    "sparePublicIps": Kind(EIP, "an EIP", "eip-…"),
    "portMappings": Kind(MAPPING, "a DNAT entry", "ftb-…:fwd-…", usable=False),
    "egress": Kind(EGRESS, "a SNAT entry", "stb-…:snat-…", usable=False),
    "eni": Kind(ENI, "a network interface", "eni-…", usable=False),
    "instance": Kind(INSTANCE, "an ECS instance", "i-…", usable=False),
}
"""By the key that they are listed under."""

LINK_PARTS: Final = {
    BINDING: ("allocationId", "instanceId"),
    PACKING: ("bandwidthPackageId", "instanceId"),
    ATTACHMENT: ("networkInterfaceId", "instanceId"),
}
"""What only ties two things together: its id is made of theirs, and it has no name."""
