"""VPN gateways: the end of IPsec connections in a VPC."""

from collections.abc import Mapping
from typing import Any, ClassVar

from typing_extensions import override

from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind
from sandbox.cloud.making import Making
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.route_entry import check_no_route_to
from sandbox.cloud.session import Session
from sandbox.cloud.texts import check_description, check_name
from sandbox.cloud.vpc import RESOURCE_GROUP, VSwitch

__all__ = ["GATEWAY_MISSING", "Gateway"]

GATEWAY_MISSING = "InvalidVpnGatewayInstanceId.NotFound"
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
    not_found = GATEWAY_MISSING
    # Minutes in the cloud.
    duration = "instance_seconds"
    twins: ClassVar = {"vpn_gateway_name": "name"}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        vpc = session.need("vpc", wanted.get("vpc_id"), "InvalidVpcId.NotFound")
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
        _check_names(wanted)
        places = [wanted.get("vswitch_id"), wanted.get(_SECOND)]
        if bool(places[0]) != bool(places[1]):
            raise CloudError(  # The code is ours.
                "MissingParam.DisasterRecoveryVSwitchId", "Two tunnels take two vSwitches."
            )
        for place in filter(None, places):
            vswitch = session.need("vswitch", place, VSwitch.not_found)
            if vswitch["vpc_id"] != vpc.id:
                raise CloudError(VSwitch.not_found, f"{vswitch.id} isn't in {vpc.id}.")
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
        _check_names(changes)

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        if resource["payment_type"] == _SUBSCRIPTION:
            raise CloudError("ForbiddenRelease", f"{resource.id} is paid for until it expires.")
        check_settled(session, resource)
        if connections := session.sift("vpn_connection", vpn_gateway_id=resource.id):
            raise CloudError(  # The code is ours.
                "DependencyViolation.VpnConnection",
                f"{resource.id} still has the connection {connections[0].id}.",
            )
        check_no_route_to(session, resource)


def _check_names(asked: Mapping[str, Any]) -> None:
    check_name(asked.get("vpn_gateway_name") or asked.get("name"))
    check_description(asked.get("description"))


def check_settled(session: Session, gateway: Resource) -> None:
    """Refuse while the gateway, or a connection of it, is under way."""
    other = session.busy(("vpn_connection",), "vpn_gateway_id", gateway.id)
    if other or session.is_under_way(gateway):
        raise CloudError("VpnGateway.Configuring", f"{(other or gateway).id} is under way.")
