"""VPN gateways: the end of IPsec connections in a VPC."""

from collections.abc import Mapping
from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.ids import RESOURCE_GROUP
from sandbox.cloud.core.kind import Parent, Provider
from sandbox.cloud.core.name_checks import check_description, check_name
from sandbox.cloud.vpc.route_entry import ROUTED

__all__ = ["Gateway", "check_settled"]

_SECOND = "disaster_recovery_vswitch_id"
_SUBSCRIPTION, _ON_DEMAND = "Subscription", "PayAsYouGo"
# Mbit/s that are sold, by network type.
_BANDWIDTHS: Mapping[str, tuple[int, ...]] = {
    "public": (5, 10, 20, 50, 100, 200, 500, 1000),
    "private": (200, 1000),
}
# The provider takes both vocabularies and answers in the second.
_PAYMENTS: Mapping[str, str] = {
    "PrePaid": _SUBSCRIPTION,
    "PostPaid": _ON_DEMAND,
    _SUBSCRIPTION: _SUBSCRIPTION,
    _ON_DEMAND: _ON_DEMAND,
}
_CHARGES: Mapping[str, str] = {_SUBSCRIPTION: "PrePaid", _ON_DEMAND: "PostPaid"}


class Gateway(Kind):
    name = "vpn_gateway"
    prefix = "vpn-"
    not_found = "InvalidVpnGatewayInstanceId.NotFound"
    # Minutes in the cloud.
    duration = "instance_seconds"
    twins: ClassVar = {"vpn_gateway_name": "name"}
    texts: ClassVar = {"vpn_gateway_name": check_name, "description": check_description}
    indexed = ("vpc_id", "vswitch_id")
    parents = (Parent("vpc", "vpc_id"),)
    dependents = (
        Dependent(
            "vpn_connection",
            "vpn_gateway_id",
            "DependencyViolation.VpnConnection",  # The code is ours.
            "{it.id} still has the connection {user.id}.",
        ),
        ROUTED,
    )
    provider = Provider(kept_while_paid=_SUBSCRIPTION)

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        network = str(wanted.get("network_type") or "public")
        if wanted["bandwidth"] not in _BANDWIDTHS[network]:
            sold = ", ".join(map(str, _BANDWIDTHS[network]))
            raise CloudError(  # The code is ours.
                "IllegalParam.Bandwidth", f"{wanted['bandwidth']} Mbit/s; there are {sold}."
            )
        if wanted.get("enable_ipsec") is False and not wanted.get("enable_ssl"):
            raise CloudError(  # The code is ours.
                "IllegalParam.EnableIpsec", "A gateway has IPsec-VPN, SSL-VPN or both."
            )
        places = [wanted.get("vswitch_id"), wanted.get(_SECOND)]
        if bool(places[0]) != bool(places[1]):
            raise CloudError(  # The code is ours.
                "MissingParam.DisasterRecoveryVSwitchId", "Two tunnels take two vSwitches."
            )
        for place in filter(None, places):
            vswitch = session.need("vswitch", place)
            if vswitch["vpc_id"] != wanted["vpc_id"]:
                raise CloudError(
                    "InvalidVSwitchId.NotFound", f"{vswitch.id} isn't in {wanted['vpc_id']}."
                )
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        asked = wanted.get("payment_type") or wanted.get("instance_charge_type") or _ON_DEMAND
        payment = _PAYMENTS[asked]
        second = making.new_public_address() if wanted.get(_SECOND) else ""
        return {
            "auto_propagate": False,
            "business_status": "Normal",
            "create_time": int(making.now * 1000),
            "disaster_recovery_internet_ip": second,
            _SECOND: "",
            "internet_ip": making.new_public_address(),
            "network_type": "public",
            "resource_group_id": RESOURCE_GROUP,
            "ssl_connections": 0,
            "ssl_vpn_internet_ip": "",
            "status": "active",
            "vpn_gateway_name": making.id,
            "vpn_type": "Normal",
            "vswitch_id": "",
            **wanted,
            # Whatever it was asked for as.
            "payment_type": payment,
            "instance_charge_type": _CHARGES[payment],
        }

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        check_settled(session, resource)

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        if resource["payment_type"] == _SUBSCRIPTION:
            raise CloudError("ForbiddenRelease", f"{resource.id} is paid for until it expires.")
        check_settled(session, resource)
        super().check_delete(session, resource, force=force)


def check_settled(session: Session, gateway: Resource) -> None:
    """Refuse while the gateway, or a connection of it, is under way."""
    other = session.busy(("vpn_connection",), "vpn_gateway_id", gateway.id)
    if other or session.is_under_way(gateway):
        raise CloudError("VpnGateway.Configuring", f"{(other or gateway).id} is under way.")
