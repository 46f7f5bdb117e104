"""Every kind of resource that the sandbox knows. A new kind is listed here and nowhere else."""

from collections.abc import Mapping

from sandbox.cloud.bandwidth import BandwidthPackage, BandwidthPackageAttachment
from sandbox.cloud.ecs import Instance, SecurityGroup, SecurityGroupRule
from sandbox.cloud.eip import EipAddress, EipAssociation
from sandbox.cloud.forward import ForwardEntry
from sandbox.cloud.kind import Kind
from sandbox.cloud.nat import NatGateway
from sandbox.cloud.snat import SnatEntry
from sandbox.cloud.vpc import Vpc, VSwitch

__all__ = ["KINDS"]

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Vpc(),
        VSwitch(),
        NatGateway(),
        BandwidthPackage(),
        BandwidthPackageAttachment(),
        EipAddress(),
        EipAssociation(),
        ForwardEntry(),
        SnatEntry(),
        SecurityGroup(),
        SecurityGroupRule(),
        Instance(),
    )
}
