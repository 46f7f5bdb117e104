"""VPN Gateway: gateways of VPCs, the data centres' devices, and IPsec connections between them.

Nobody answers at the other end of the sandbox's tunnels, so their negotiation never gets anywhere:
as in the cloud, that is no failure of the connection itself.
"""

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.ids import RESOURCE_GROUP
from sandbox.cloud.core.kind import ID, MILLISECONDS, Parent, Provider, Quota
from sandbox.cloud.core.name_checks import check_description, check_name, is_number, parsed
from sandbox.cloud.vpc.route_entry import ROUTED

__all__ = ["KINDS", "Connection", "CustomerGateway", "Gateway", "check_settled", "customers_of"]

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
    def prepare(self, session: Session, wanted: Attributes) -> None:
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

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        asked = wanted.get("payment_type") or wanted.get("instance_charge_type") or _ON_DEMAND
        payment = _PAYMENTS[asked]
        second = making.new_public_address() if wanted.get(_SECOND) else ""
        return {
            "auto_propagate": False,
            "business_status": "Normal",
            "create_time": making.milliseconds,
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


_ASNS = range(1, 2**32)
_THE_CLOUDS = 45104


class CustomerGateway(Kind):
    name = "vpn_customer_gateway"
    prefix = "cgw-"
    not_found = "InvalidCustomerGatewayInstanceId.NotFound"
    twins: ClassVar = {"customer_gateway_name": "name"}
    texts: ClassVar = {"customer_gateway_name": check_name, "description": check_description}
    fills: ClassVar = {
        "create_time": MILLISECONDS,
        "customer_gateway_name": ID,
    }

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        # The codes of these two are ours.
        words = "{text!r} is no IPv4 address."
        parsed(ipaddress.IPv4Address, wanted.get("ip_address"), "InvalidIpAddress", words)
        asn = wanted.get("asn")
        if asn and (not is_number(str(asn)) or int(asn) not in _ASNS or int(asn) == _THE_CLOUDS):
            raise CloudError(
                "InvalidAsn",
                f"{asn!r} is no autonomous system of yours: 1 to 4294967295, not {_THE_CLOUDS}.",
            )

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        for connection in session.find("vpn_connection"):
            if resource.id in customers_of(connection.attributes):
                raise CloudError(  # The code is ours.
                    "DependencyViolation.VpnConnection",
                    f"{resource.id} is the other end of {connection.id}.",
                )


def customers_of(connection: Mapping[str, Any]) -> list[str]:
    """The customer gateways of a connection, one for each of its tunnels."""
    tunnels = connection.get("tunnel_options_specification") or [connection]
    return [
        str(tunnel["customer_gateway_id"])
        for tunnel in tunnels
        if tunnel.get("customer_gateway_id")
    ]


_TUNNELS = "tunnel_options_specification"
_CUSTOMER = "customer_gateway_id"
_SUBNETS: Mapping[str, str] = {
    "local_subnet": "IllegalParam.LocalSubnet",
    "remote_subnet": "IllegalParam.RemoteSubnet",
}
_NOT_ESTABLISHED = "ike_sa_not_established"
_CLOUD_SERVICES = ipaddress.IPv4Network("100.64.0.0/10")
_ROLES = ["master", "slave"]
_KEY_LENGTHS = range(1, 101)
# What the cloud puts where nothing is said.
_IKE: Attributes = {
    "ike_auth_alg": "sha1",
    "ike_enc_alg": "aes",
    "ike_lifetime": 86_400,
    "ike_mode": "main",
    "ike_pfs": "group2",
    "ike_version": "ikev1",
}
_IPSEC: Attributes = {
    "ipsec_auth_alg": "sha1",
    "ipsec_enc_alg": "aes",
    "ipsec_lifetime": 86_400,
    "ipsec_pfs": "group2",
}


class Connection(Kind):
    name = "vpn_connection"
    prefix = "vco-"
    not_found = "InvalidVpnConnectionInstanceId.NotFound"
    # Minutes in the cloud.
    duration = "instance_seconds"
    twins: ClassVar = {"vpn_connection_name": "name"}
    texts: ClassVar = {"vpn_connection_name": check_name}
    parents = (Parent("vpn_gateway", "vpn_gateway_id"),)
    quotas = (Quota("vpn_connections_per_gateway", "Resource.QuotaFull", per="vpn_gateway_id"),)

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        gateway = self.parent(session, wanted, "vpn_gateway_id")
        check_settled(session, gateway)
        for other in session.find(self.name, vpn_gateway_id=gateway.id):
            if _ends(other.attributes) == _ends(wanted):
                raise CloudError(
                    "InvalidVpnConnection.AlreadyExists", f"{other.id} connects the same ends."
                )
        first = gateway.text("internet_ip")
        return {
            "addresses": [first, gateway.text("disaster_recovery_internet_ip") or first],
            "customers": {one: _address(session, one) for one in customers_of(wanted)},
        }

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        local: Sequence[str] = making.found.get("addresses") or ["", ""]
        remote: Mapping[str, str] = making.found.get("customers") or {}
        made: Attributes = {
            "bgp_config": {"enable": False},
            "create_time": making.milliseconds,
            "enable_dpd": True,
            "enable_nat_traversal": True,
            "enable_tunnels_bgp": False,
            "health_check_config": {"enable": False},
            "resource_group_id": RESOURCE_GROUP,
            "vpn_connection_name": making.id,
            **wanted,
            "status": _NOT_ESTABLISHED,
        }
        stated: list[Attributes] = wanted.get(_TUNNELS) or []
        if stated:
            pairs = zip(stated, local, strict=False)
            made[_TUNNELS] = [_tunnel(one, address, remote, making) for one, address in pairs]
            return made
        ends = {
            "ike_local_id": local[0],
            "ike_remote_id": remote.get(str(wanted.get(_CUSTOMER)), ""),
        }
        key = {"psk": making.new_id("")[:16]}
        made["ike_config"] = {**_IKE, **ends, **key, **(wanted.get("ike_config") or {})}
        made["ipsec_config"] = {**_IPSEC, **(wanted.get("ipsec_config") or {})}
        return made

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        check_settled(session, self.parent(session, resource.attributes, "vpn_gateway_id"))

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        gateway = self.parent(session, asked, "vpn_gateway_id")
        _check_subnets(asked)
        tunnels: list[Attributes] = asked.get(_TUNNELS) or []
        if gateway["disaster_recovery_vswitch_id"]:
            if [one.get("role") for one in tunnels] != _ROLES:
                raise CloudError(  # The code is ours.
                    "IllegalParam.TunnelOptionsSpecification",
                    f"{gateway.id} has two tunnels: say of each what it is, the master first.",
                )
        elif tunnels:
            raise CloudError(  # The code is ours.
                "IllegalParam.TunnelOptionsSpecification", f"{gateway.id} has one tunnel."
            )
        for tunnel in tunnels or [asked]:
            session.need("vpn_customer_gateway", tunnel.get(_CUSTOMER))
            ike: Attributes = tunnel.get("tunnel_ike_config") or tunnel.get("ike_config") or {}
            key = ike.get("psk")
            if key is not None and (len(str(key)) not in _KEY_LENGTHS or " " in str(key)):
                # Not in the message: it is a secret. The code is ours.
                raise CloudError("IllegalParam.Psk", "A key has 1 to 100 characters, none a space.")

    @override
    def changed(self, session: Session, resource: Resource, changes: Attributes) -> None:
        """What isn't said about a tunnel stays as it was."""
        merged: Attributes = {}
        if changes.get(_TUNNELS):
            pairs = zip(resource[_TUNNELS] or (), changes[_TUNNELS], strict=False)
            merged[_TUNNELS] = [_merged(old, new) for old, new in pairs]
        for name in ("ike_config", "ipsec_config"):
            if changes.get(name):
                merged[name] = _merged(resource[name] or {}, changes[name])
        if merged and (now := session.get(self.name, resource.id)):
            session.change(now, merged, now.until)

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        if gateway := session.get("vpn_gateway", resource["vpn_gateway_id"]):
            check_settled(session, gateway)


def _merged(old: Attributes, new: Attributes) -> Attributes:
    both = {**old, **new}
    for name, one in new.items():
        if isinstance(one, dict):
            both[name] = {**(old.get(name) or {}), **cast("Attributes", one)}
    return both


def _tunnel(
    stated: Attributes, address: str, remote: Mapping[str, str], making: Making
) -> Attributes:
    ike: Attributes = stated.get("tunnel_ike_config") or {}
    ends = {"local_id": address, "remote_id": remote.get(str(stated.get(_CUSTOMER)), "")}
    return {
        "enable_dpd": True,
        "enable_nat_traversal": True,
        "state": "active",
        "status": _NOT_ESTABLISHED,
        "tunnel_id": making.new_id("tun-"),
        "internet_ip": address,
        "zone_no": "",
        **stated,
        "tunnel_ike_config": {**_IKE, **ends, "psk": making.new_id("")[:16], **ike},
        "tunnel_ipsec_config": {**_IPSEC, **(stated.get("tunnel_ipsec_config") or {})},
    }


def _ends(connection: Mapping[str, Any]) -> tuple[object, ...]:
    return (
        customers_of(connection),
        sorted(connection.get("local_subnet") or ()),
        sorted(connection.get("remote_subnet") or ()),
    )


def _address(session: Session, customer: str) -> str:
    return session.need("vpn_customer_gateway", customer).text("ip_address")


def _check_subnets(asked: Attributes) -> None:
    for name, code in _SUBNETS.items():
        for text in asked.get(name) or ():
            block = parsed(ipaddress.IPv4Network, text, code, "{text!r} is no IPv4 network.")
            # The gateway's own route to it would take the cloud's services away.
            routed = name == "remote_subnet" and asked.get("auto_config_route")
            if routed and block.overlaps(_CLOUD_SERVICES):
                raise CloudError(
                    code,
                    f"{block} overlaps {_CLOUD_SERVICES}, the cloud's own, and is routed there.",
                )


KINDS = (Gateway(), CustomerGateway(), Connection())
