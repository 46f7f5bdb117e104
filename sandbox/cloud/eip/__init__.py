"""Public addresses (EIPs): what each is bound to, and the bandwidth packages that they share."""

from sandbox.cloud.eip.address import EipAddress
from sandbox.cloud.eip.association import EipAssociation
from sandbox.cloud.eip.bandwidth import BandwidthPackage, BandwidthPackageAttachment

KINDS = (EipAddress(), EipAssociation(), BandwidthPackage(), BandwidthPackageAttachment())
