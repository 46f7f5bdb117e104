"""What private calls stand on, built in each way that matters."""

import pulumi

import components as c
from tests.components.builds import TAGS


def data_center_vpn(opts: pulumi.ResourceOptions | None) -> None:
    c.DataCenterVpn(
        "office",
        {
            "vpc_id": "vpc-1",
            "route_table_id": "vtb-1",
            "gateway": {
                "vswitch_id": "vsw-1",
                "backup_vswitch_id": "vsw-2",
                "bandwidth": 20,
                "gateway_name": "shop-office",
            },
            "device_address": "203.0.113.9",
            "backup_device_address": "203.0.113.10",
            "device_name": "office-router",
            "pre_shared_key": "between us",
            "cloud_cidrs": ["192.168.0.0/16"],
            "routes": {
                "servers": {"cidr_block": "10.2.0.0/16", "was": "machines"},
                "desks": {"cidr_block": "10.1.0.0/16"},
            },
            "connection_name": "shop-office",
            "tags": TAGS,
        },
        opts,
    )


def subscribed_vpn(opts: pulumi.ResourceOptions | None) -> None:
    c.DataCenterVpn(
        "office",
        {
            "vpc_id": "vpc-1",
            "route_table_id": "vtb-1",
            "gateway": {
                "vswitch_id": "vsw-1",
                "backup_vswitch_id": "vsw-2",
                "payment_type": "Subscription",
                "months": 12,
            },
            "device_address": "203.0.113.9",
            "pre_shared_key": pulumi.Output.secret("between"),
            "cloud_cidrs": ["192.168.0.0/16"],
            "routes": {"desks": {"cidr_block": "10.1.0.0/16"}},
            "tags": TAGS,
        },
        opts,
    )


def old_vpn(opts: pulumi.ResourceOptions | None) -> None:
    c.DataCenterVpn(
        "office",
        {
            "vpc_id": "vpc-1",
            "route_table_id": "vtb-1",
            "gateway_id": "vpn-1",
            "tunnels": 1,
            "device_address": "203.0.113.9",
            "pre_shared_key": "between",
            "cloud_cidrs": ["192.168.0.0/16"],
            "routes": {"desks": {"cidr_block": "10.1.0.0/16"}},
            "tags": TAGS,
        },
        opts,
    )


def function_network_role(opts: pulumi.ResourceOptions | None) -> None:
    c.FunctionNetworkRole("lookup", {"role_name": "shop-lookup-network", "tags": TAGS}, opts)


def function_network_role_with_its_own_policy(opts: pulumi.ResourceOptions | None) -> None:
    c.FunctionNetworkRole(
        "lookup",
        {
            "role_name": "shop-lookup.network",
            "policy": {"policy_name": "shop-lookup-network"},
            "tags": TAGS,
        },
        opts,
    )


VPN_BUILDS = [
    data_center_vpn,
    subscribed_vpn,
    old_vpn,
    function_network_role,
    function_network_role_with_its_own_policy,
]
