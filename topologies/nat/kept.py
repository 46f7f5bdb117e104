"""What a section wants of what is protected: its gateway, its package and its addresses."""

from collections.abc import Iterator, Mapping

from facts import kinds
from stack.network_holdings import standing_vswitch
from stack.protection import Kept
from stack.settings import CommonSettings
from stack.state import StackState
from topologies.nat.settings import NatGatewaySettings, PackageSettings, PublicIpSettings


def kept_gateway(
    common: CommonSettings,
    state: StackState,
    section: str,
    component: str,
    gateway: NatGatewaySettings | None,
) -> Iterator[Kept]:
    """A gateway that is created."""
    if gateway is not None and gateway.id is None:
        vswitch = standing_vswitch(common, gateway.vswitch or "", state)
        yield Kept(
            kinds.NAT_GATEWAY,
            (f"{component}-nat",),
            (section, "natGateway", "vswitch"),
            {"vswitch": ("vswitchId", vswitch)},
        )


def kept_package(section: str, component: str, package: PackageSettings) -> Iterator[Kept]:
    """A package that is created."""
    if package.id is None:
        yield Kept(
            kinds.BANDWIDTH_PACKAGE,
            (f"{component}-package",),
            (section, "bandwidthPackage", "chargeType"),
            {"chargeType": ("internetChargeType", package.charge_type.value)},
        )


def kept_addresses(
    section: str, component: str, addresses: Mapping[str, PublicIpSettings]
) -> Iterator[Kept]:
    """Addresses that are created."""
    for key, one in addresses.items():
        if one.id is None:
            was = f"{component}-{one.was}" if one.was is not None else None
            yield Kept(kinds.EIP, (f"{component}-{key}", was), (section, "publicIps", key))
