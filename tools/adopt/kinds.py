"""The kinds of things that can be taken over: Pulumi's types, and what their ids look like."""

from dataclasses import dataclass
from typing import Final

from facts import kinds


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
    "vpc": Kind(kinds.VPC, "a VPC", "vpc-…"),
    "vswitches": Kind(kinds.VSWITCH, "a vSwitch", "vsw-…"),
    "hosts": Kind(kinds.INSTANCE, "an ECS instance", "i-…", usable=False),
    "natGateway": Kind(kinds.NAT_GATEWAY, "a NAT gateway", "ngw-…"),
    "bandwidthPackage": Kind(kinds.BANDWIDTH_PACKAGE, "a bandwidth package", "cbwp-…"),
    "publicIps": Kind(kinds.EIP, "an EIP", "eip-…"),
    "sparePublicIps": Kind(kinds.EIP, "an EIP", "eip-…"),
    "portMappings": Kind(kinds.FORWARD_ENTRY, "a DNAT entry", "ftb-…:fwd-…", usable=False),
    "egress": Kind(kinds.SNAT_ENTRY, "a SNAT entry", "stb-…:snat-…", usable=False),
    "eni": Kind(kinds.ENI, "a network interface", "eni-…", usable=False),
    "instance": Kind(kinds.INSTANCE, "an ECS instance", "i-…", usable=False),
}
"""By the key that they are listed under."""

LINK_PARTS: Final = {
    kinds.EIP_ASSOCIATION: ("allocationId", "instanceId"),
    kinds.PACKAGE_ATTACHMENT: ("bandwidthPackageId", "instanceId"),
    kinds.ENI_ATTACHMENT: ("networkInterfaceId", "instanceId"),
}
"""What only ties two things together: its id is made of theirs, and it has no name."""
