"""VPC's VPN gateways, the devices at the other end, and the connections between them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from facts.contract import contract_of_kind
from sandbox.api.actions import (
    ID,
    Action,
    Create,
    Delete,
    Describe,
    Field,
    Get,
    Joined,
    Modify,
    Subject,
    flag,
    if_set,
    number,
    tags,
    with_commas,
)
from sandbox.api.requests import Said
from sandbox.api.structures import Structure
from sandbox.cloud import Attributes, Resource
from sandbox.cloud.core import Session
from sandbox.cloud.core.ids import RESOURCE_GROUP

__all__ = ["CONNECTION", "CUSTOMER", "GATEWAY", "VPN"]

GATEWAY: Final = Subject("vpn_gateway", ("VpnGatewayId",), {"Name": "vpn_gateway_name"})
_MOVED: Final = Subject("vpn_gateway", ("InstanceId",), {"NewResourceGroupId": "resource_group_id"})
CUSTOMER: Final = Subject(
    "vpn_customer_gateway", ("CustomerGatewayId",), {"Name": "customer_gateway_name"}
)
CONNECTION: Final = Subject("vpn_connection", ("VpnConnectionId",), {"Name": "vpn_connection_name"})
_CHARGES: Final[Mapping[str, str]] = {"PREPAY": "PrePaid", "POSTPAY": "PostPaid"}


# --- a connection's settings ----------------------------------------------------------------------


def _alike(*names: str) -> dict[str, str]:
    """`IkeAuthAlg` → `ike_auth_alg`."""
    return {name: CONNECTION.attribute(name) for name in names}


_IKE_NAMES = _alike(
    *("IkeAuthAlg", "IkeEncAlg", "IkeLifetime", "IkeMode", "IkePfs", "IkeVersion", "Psk")
)
_IPSEC: Final = Structure(_alike("IpsecAuthAlg", "IpsecEncAlg", "IpsecLifetime", "IpsecPfs"))
_BGP_NAMES = _alike("LocalAsn", "LocalBgpIp", "TunnelCidr")
_SETTINGS: Final[Mapping[str, Structure]] = {
    "IkeConfig": Structure({**_IKE_NAMES, "LocalId": "ike_local_id", "RemoteId": "ike_remote_id"}),
    "IpsecConfig": _IPSEC,
    "BgpConfig": Structure({**_BGP_NAMES, "EnableBgp": "enable"}),
    "HealthCheckConfig": Structure(_alike("Dip", "Enable", "Interval", "Retry", "Sip")),
}
"""Those of a connection with one tunnel, each a text of JSON."""

_TUNNELS: Final = "TunnelOptionsSpecification"
_TUNNEL: Final = Structure(
    _alike(
        *("CustomerGatewayId", "EnableDpd", "EnableNatTraversal", "Role"),
        *("TunnelBgpConfig", "TunnelIkeConfig", "TunnelIpsecConfig"),
    ),
    {
        "TunnelBgpConfig": Structure(_BGP_NAMES),
        "TunnelIkeConfig": Structure(_IKE_NAMES | _alike("LocalId", "RemoteId")),
        "TunnelIpsecConfig": _IPSEC,
    },
)
_TUNNEL_TOLD: Final = Structure(
    {**_TUNNEL.names, **_alike("InternetIp", "State", "Status", "TunnelId", "ZoneNo")},
    _TUNNEL.inner,
)


def _settings(said: Said) -> Attributes:
    fields = contract_of_kind("vpn_connection").fields
    found: Attributes = {
        attribute: structure.of_json(said, name, fields[attribute])
        for name, structure in _SETTINGS.items()
        if said.text(name) and (attribute := CONNECTION.attribute(name))
    }
    if said.listed(_TUNNELS):
        attribute = CONNECTION.attribute(_TUNNELS)
        found[attribute] = _TUNNEL.of_numbered(said, _TUNNELS, fields[attribute])
    return found


def _told(setting: str) -> Callable[[Resource], object]:
    """One of the settings, where it has any."""
    return lambda one: _SETTINGS[setting].told(one[CONNECTION.attribute(setting)])


def _told_check(one: Resource) -> object:
    told = _SETTINGS["HealthCheckConfig"].told(one["health_check_config"])
    return {**told, "Enable": str(told.get("Enable", False)).lower()}


def _told_bgp(connection: Resource) -> dict[str, Any]:
    told = _SETTINGS["BgpConfig"].told(connection["bgp_config"])
    told.pop("EnableBgp", None)
    return told | ({"LocalAsn": int(told["LocalAsn"])} if "LocalAsn" in told else {})


def _told_bgp_alone(connection: Resource) -> object:
    """The same with whether it is on, which the list of connections doesn't say."""
    held: Attributes = connection["bgp_config"] or {}
    return {**_told_bgp(connection), "EnableBgp": str(bool(held.get("enable"))).lower()}


def _told_tunnels(connection: Resource) -> object:
    held: list[Attributes] = connection[CONNECTION.attribute(_TUNNELS)] or []
    return {"TunnelOptions": [_TUNNEL_TOLD.told(one, as_text=True) for one in held]}


def _state(session: Session, connection: Resource) -> object:
    """Whether it can be worked on; its status says how the negotiation of its tunnel goes."""
    if connection.leaving:
        return "deleting"
    return "updating" if session.is_under_way(connection) else "active"


# --- a gateway's ----------------------------------------------------------------------------------


def _payment(said: Said) -> Attributes:
    name = "InstanceChargeType"
    return {"instance_charge_type": said.choice(name, _CHARGES)} if said.text(name) else {}


def _switch(attribute: str, *, unstated: bool = False) -> Callable[[Resource], object]:
    def tell(gateway: Resource) -> object:
        held = gateway[attribute]
        return "enable" if (unstated if held is None else held) else "disable"

    return tell


def _gateway_status(gateway: Resource) -> object:
    status = gateway.text("status")
    return {"Pending": "provisioning", "Deleting": "deleting"}.get(status, status)


_GATEWAY_FIELDS: Mapping[str, Field] = {
    "VpnGatewayId": ID,
    "Name": "vpn_gateway_name",
    "AutoPropagate": flag("auto_propagate"),
    "BusinessStatus": "business_status",
    "ChargeType": lambda gateway: (
        "Prepay" if gateway["payment_type"] == "Subscription" else "PostpayByFlow"
    ),
    "CreateTime": "create_time",
    "Description": "description",
    "DisasterRecoveryInternetIp": "disaster_recovery_internet_ip",
    "DisasterRecoveryVSwitchId": "disaster_recovery_vswitch_id",
    "InternetIp": "internet_ip",
    "IpsecVpn": _switch("enable_ipsec", unstated=True),
    "NetworkType": "network_type",
    "ResourceGroupId": "resource_group_id",
    "Spec": lambda gateway: f"{gateway['bandwidth']}M",
    "SslMaxConnections": number("ssl_connections"),
    "SslVpn": _switch("enable_ssl"),
    "SslVpnInternetIp": "ssl_vpn_internet_ip",
    "Status": _gateway_status,
    "Tags": tags("Key", "Value"),
    "VSwitchId": "vswitch_id",
    "VpcId": "vpc_id",
    "VpnType": "vpn_type",
}
_CUSTOMER_FIELDS: Mapping[str, Field] = {
    "CustomerGatewayId": ID,
    "Name": "customer_gateway_name",
    "Asn": if_set("asn", int),
    "CreateTime": "create_time",
    "Description": "description",
    "IpAddress": "ip_address",
    "ResourceGroupId": lambda _: RESOURCE_GROUP,
    "Tags": tags("Key", "Value"),
}
_CONNECTION_FIELDS: Mapping[str, Field] = {
    "VpnConnectionId": ID,
    "Name": "vpn_connection_name",
    "CreateTime": "create_time",
    "CustomerGatewayId": "customer_gateway_id",
    "EffectImmediately": flag("effect_immediately"),
    "EnableDpd": flag("enable_dpd"),
    "EnableNatTraversal": flag("enable_nat_traversal"),
    "EnableTunnelsBgp": flag("enable_tunnels_bgp"),
    "IkeConfig": _told("IkeConfig"),
    "IpsecConfig": _told("IpsecConfig"),
    "LocalSubnet": with_commas("local_subnet"),
    "NetworkType": "network_type",
    "RemoteSubnet": with_commas("remote_subnet"),
    "ResourceGroupId": "resource_group_id",
    "State": Joined(_state),
    "Status": "status",
    "TunnelOptionsSpecification": _told_tunnels,
    "VcoHealthCheck": _told_check,
    "VpnBgpConfig": _told_bgp,
    "VpnGatewayId": "vpn_gateway_id",
}
_SETTING: Final = (*_SETTINGS, _TUNNELS)
_CONNECTED: Final = (
    *("AutoConfigRoute", "EffectImmediately", "EnableDpd", "EnableNatTraversal"),
    *("EnableTunnelsBgp", "Name"),
)

VPN: Final[tuple[Action, ...]] = (
    Create(
        name="CreateVpnGateway",
        subject=GATEWAY,
        needs=("Bandwidth", "VpcId"),
        takes=(
            *("AutoPay", "DisasterRecoveryVSwitchId", "EnableIpsec", "EnableSsl", "Name"),
            *("NetworkType", "Period", "ResourceGroupId", "SslConnections", "VSwitchId", "VpnType"),
        ),
        reads=_payment,
        also=("InstanceChargeType",),
        tells={"VpnGatewayId": ID, "Name": "vpn_gateway_name"},
    ),
    Get(
        name="DescribeVpnGateway",
        subject=GATEWAY,
        needs=("VpnGatewayId",),
        fields=_GATEWAY_FIELDS,
    ),
    Describe(
        name="DescribeVpnGateways",
        subject=GATEWAY,
        takes=("Tag",),
        fields=_GATEWAY_FIELDS,
        inside=("VpnGateways", "VpnGateway"),
        filters={name: name for name in ("BusinessStatus", "ResourceGroupId", "Status", "VpcId")},
    ),
    Modify(
        name="ModifyVpnGatewayAttribute",
        subject=GATEWAY,
        needs=("VpnGatewayId",),
        takes=("AutoPropagate", "Description", "Name"),
    ),
    Modify(
        name="MoveVpnResourceGroup",
        subject=_MOVED,
        needs=("InstanceId", "NewResourceGroupId"),
        takes=("NewResourceGroupId",),
        also=("ResourceType",),
    ),
    Delete(name="DeleteVpnGateway", subject=GATEWAY, needs=("VpnGatewayId",)),
    Create(
        name="CreateCustomerGateway",
        subject=CUSTOMER,
        needs=("IpAddress",),
        takes=("Asn", "Description", "Name", "Tags"),
        tells={
            "CustomerGatewayId": ID,
            "CreateTime": "create_time",
            "Description": "description",
            "IpAddress": "ip_address",
            "Name": "customer_gateway_name",
        },
    ),
    Get(
        name="DescribeCustomerGateway",
        subject=CUSTOMER,
        needs=("CustomerGatewayId",),
        fields=_CUSTOMER_FIELDS,
    ),
    Describe(
        name="DescribeCustomerGateways",
        subject=CUSTOMER,
        takes=("Tag",),
        fields=_CUSTOMER_FIELDS,
        inside=("CustomerGateways", "CustomerGateway"),
        filters={},
    ),
    Modify(
        name="ModifyCustomerGatewayAttribute",
        subject=CUSTOMER,
        needs=("CustomerGatewayId",),
        takes=("Description", "Name"),
    ),
    Delete(name="DeleteCustomerGateway", subject=CUSTOMER, needs=("CustomerGatewayId",)),
    Create(
        name="CreateVpnConnection",
        subject=CONNECTION,
        needs=("LocalSubnet", "RemoteSubnet", "VpnGatewayId"),
        takes=(*_CONNECTED, "CustomerGatewayId", "Tags"),
        reads=_settings,
        also=_SETTING,
        tells={
            "VpnConnectionId": ID,
            "CreateTime": "create_time",
            "Name": "vpn_connection_name",
        },
    ),
    Get(
        name="DescribeVpnConnection",
        subject=CONNECTION,
        needs=("VpnConnectionId",),
        fields={
            **_CONNECTION_FIELDS,
            "Tags": tags("Key", "Value"),
            "VpnBgpConfig": _told_bgp_alone,
        },
    ),
    Describe(
        name="DescribeVpnConnections",
        subject=CONNECTION,
        takes=("Tag",),
        fields={**_CONNECTION_FIELDS, "Tag": tags("Key", "Value")},
        inside=("VpnConnections", "VpnConnection"),
        filters={name: name for name in ("CustomerGatewayId", "ResourceGroupId", "VpnGatewayId")},
    ),
    Modify(
        name="ModifyVpnConnectionAttribute",
        subject=CONNECTION,
        needs=("VpnConnectionId",),
        takes=(*_CONNECTED, "LocalSubnet", "RemoteSubnet"),
        reads=_settings,
        also=_SETTING,
    ),
    Delete(name="DeleteVpnConnection", subject=CONNECTION, needs=("VpnConnectionId",)),
)
