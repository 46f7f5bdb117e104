"""Public addresses (EIPs): what each is bound to, and the bandwidth packages that they share."""

from sandbox.cloud.eip.address import BandwidthPackage, BandwidthPackageAttachment, EipAddress
from sandbox.cloud.eip.association import EipAssociation

KINDS = (EipAddress(), EipAssociation(), BandwidthPackage(), BandwidthPackageAttachment())
