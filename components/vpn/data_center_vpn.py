"""`DataCenterVpn`: a data centre that is joined to a VPC by VPN.

Owns the VPN gateway that it creates, the data centre's device as the cloud knows it, the IPsec
connection and the VPC's routes to the data centre. Doesn't own the VPC, the device itself, or the
routes beyond the VPC: configure the device with `gateway_addresses`, the key, and what
`IKE` and `IPSEC` say.

Source: VPN Gateway, "IPsec-VPN connections support the dual-tunnel mode", "CreateVpnGateway" and
"CreateVpnConnection"; Virtual Private Cloud, "CreateRouteEntry"; the seed document on API Gateway
best practices, chapter 6.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NotRequired, TypedDict

import pulumi
from pulumi_alicloud import vpc, vpn

from .._component import Component
from .._options import child, former, in_lanes

# Minutes in the cloud; the provider gives up creating after 15 and deleting after five.
GATEWAY_TIMEOUTS: Final = pulumi.CustomTimeouts(create="20m", update="10m", delete="15m")
# The gateway takes one change at a time, its other connections' among them.
CONNECTION_TIMEOUTS: Final = pulumi.CustomTimeouts(create="10m", update="10m", delete="10m")

# All of it is stated: what the cloud fills in, the provider sees as a difference at every preview.
IKE: Final[dict[str, Any]] = {
    "ike_version": "ikev2",
    "ike_mode": "main",
    "ike_enc_alg": "aes256",
    "ike_auth_alg": "sha256",
    "ike_pfs": "group14",
    "ike_lifetime": 86_400,  # seconds, the longest
}
"""How phase 1 is negotiated."""

IPSEC: Final[dict[str, Any]] = {
    "ipsec_enc_alg": "aes256",
    "ipsec_auth_alg": "sha256",
    "ipsec_pfs": "group14",
    "ipsec_lifetime": 86_400,
}
"""How phase 2 is."""


class VpnGatewayArgs(TypedDict):
    """A VPN gateway to create: of two tunnels, which is what the cloud sells nearly everywhere."""

    vswitch_id: pulumi.Input[str]
    """The vSwitch that its first tunnel ends in. Another one means another gateway."""

    backup_vswitch_id: pulumi.Input[str]
    """The vSwitch that its second tunnel ends in; in another zone, or a zone's failure takes both
    tunnels."""

    bandwidth: NotRequired[int]
    """Mbit/s: 5, 10, 20, 50, 100, 200, 500 or 1000; 10 unless given. Another one means another
    gateway, with other addresses."""

    gateway_name: NotRequired[pulumi.Input[str]]
    """Its name, 2 to 100 characters."""

    payment_type: NotRequired[str]
    """"PayAsYouGo" unless given. A "Subscription" can't be given back: destroying it takes it out
    of the state and leaves it in the cloud, so it is protected."""

    months: NotRequired[int]
    """Of a subscription: 1 to 9, 12, 24 or 36; 1 unless given."""


class DataCenterRouteArgs(TypedDict):
    """A range of the data centre, and the VPC's route to it."""

    cidr_block: str
    """The range. Another one means another route."""

    was: NotRequired[str]
    """The key that this range had before it was renamed."""


class DataCenterVpnArgs(TypedDict):
    """Arguments of `DataCenterVpn`."""

    vpc_id: pulumi.Input[str]
    """The VPC that the data centre is joined to."""

    route_table_id: pulumi.Input[str]
    """The route table of the VPC that the routes are added to."""

    gateway: NotRequired[VpnGatewayArgs | None]
    """The VPN gateway to create; this or `gateway_id`."""

    gateway_id: NotRequired[pulumi.Input[str] | None]
    """Use the VPN gateway with this id."""

    tunnels: NotRequired[int]
    """How many tunnels the gateway with that id has; 2 unless given. Only old ones have 1."""

    device_address: pulumi.Input[str]
    """The public address of the data centre's device."""

    backup_device_address: NotRequired[pulumi.Input[str]]
    """The public address that the second tunnel leads to; the same unless given."""

    pre_shared_key: pulumi.Input[str]
    """What both ends know: 1 to 100 characters without spaces. Always kept as a secret."""

    cloud_cidrs: Sequence[pulumi.Input[str]]
    """Ranges of the cloud that the data centre reaches, at most 10."""

    routes: Mapping[str, DataCenterRouteArgs]
    """The data centre's ranges by key, at most 10; the key becomes part of the route's name. None
    of them overlaps 100.64.0.0/10, where the cloud has its own services."""

    connection_name: NotRequired[pulumi.Input[str]]
    """The name of the connection, 2 to 100 characters."""

    device_name: NotRequired[pulumi.Input[str]]
    """The name of the data centre's device in the cloud, 2 to 100 characters."""

    deletion_protection: NotRequired[bool]
    """Refuse to delete or replace the gateway, in Pulumi: the cloud has no such switch for it."""

    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of the gateway, the device and the connection."""


class DataCenterVpn(Component):
    """A data centre at the end of a VPN.

    Children: `<name>-gateway` (unless by id), `<name>-device-main`, `<name>-device-backup`
    (with a second address), `<name>-connection`, `<name>-to-<key>` for each range.
    """

    gateway_id: pulumi.Output[str]
    """The VPN gateway's id."""

    gateway_addresses: pulumi.Output[Sequence[str]] | None
    """The addresses that the device connects to, the first tunnel's first; None of a gateway by
    id."""

    connection_id: pulumi.Output[str]
    """The connection's id."""

    pre_shared_key: pulumi.Output[str]
    """The key for the device's side, as a secret."""

    route_ids: Mapping[str, pulumi.Output[str]]
    """The routes' ids by key."""

    def __init__(
        self, name: str, args: DataCenterVpnArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register gateway, device, connection and routes, in this order."""
        super().__init__(name, opts)
        self._name = name
        self._args = args
        self.pre_shared_key = pulumi.Output.secret(args["pre_shared_key"])
        self.gateway_addresses = None
        self.gateway_id = self._gateway()
        connection = self._connection(self._devices())
        self.connection_id = connection.id
        self.route_ids = self._routes(connection)
        self.register_outputs(
            {
                "gatewayId": self.gateway_id,
                "gatewayAddresses": self.gateway_addresses,
                "connectionId": self.connection_id,
                "routeIds": self.route_ids,
            }
        )

    def _gateway(self) -> pulumi.Output[str]:
        existing, args = self._args.get("gateway_id"), self._args.get("gateway")
        if existing is not None:
            return pulumi.Output.from_input(existing)
        if args is None:
            message = f"DataCenterVpn {self._name}: needs a gateway (to create it) or a gateway_id"
            raise ValueError(message)
        payment = args.get("payment_type", "PayAsYouGo")
        protected = self._args.get("deletion_protection", False) or payment == "Subscription"
        options = child(self, protect=protected)
        options.custom_timeouts = GATEWAY_TIMEOUTS
        gateway = vpn.Gateway(
            f"{self._name}-gateway",
            vpn.GatewayArgs(
                vpn_gateway_name=args.get("gateway_name"),
                vpc_id=self._args["vpc_id"],
                vswitch_id=args["vswitch_id"],
                disaster_recovery_vswitch_id=args["backup_vswitch_id"],
                bandwidth=args.get("bandwidth", 10),
                enable_ipsec=True,
                enable_ssl=False,
                # PostPaid and PrePaid are taken too, and read back as another payment.
                payment_type=payment,
                period=args.get("months", 1) if payment == "Subscription" else None,
                tags=self._args.get("tags"),
            ),
            opts=options,
        )
        both = pulumi.Output.all(gateway.internet_ip, gateway.disaster_recovery_internet_ip)
        self.gateway_addresses = both.apply(lambda found: [str(one) for one in found])
        return gateway.id

    def _devices(self) -> list[pulumi.Output[str]]:
        """The device at the end of each tunnel."""
        first = self._device("main", self._args["device_address"])
        if "backup_device_address" not in self._args:
            return [first, first]
        return [first, self._device("backup", self._args["backup_device_address"])]

    def _device(self, key: str, address: pulumi.Input[str]) -> pulumi.Output[str]:
        device = vpn.CustomerGateway(
            f"{self._name}-device-{key}",
            vpn.CustomerGatewayArgs(
                customer_gateway_name=self._args.get("device_name"),
                ip_address=address,
                tags=self._args.get("tags"),
            ),
            opts=child(self, after=()),
        )
        return device.id

    def _connection(self, devices: Sequence[pulumi.Output[str]]) -> "vpn.Connection":
        # The same two ends are connected once.
        options = child(self, delete_before_replace=True)
        options.custom_timeouts = CONNECTION_TIMEOUTS
        # The provider reads the key back from the cloud, and doesn't know that it is secret. A
        # refresh has all that is beside it secret then, so that it is from the start.
        options.additional_secret_outputs = ["ike_config", "tunnel_options_specifications"]
        args = vpn.ConnectionArgs(
            vpn_connection_name=self._args.get("connection_name"),
            vpn_gateway_id=self.gateway_id,
            local_subnets=[*self._args["cloud_cidrs"]],
            remote_subnets=sorted(route["cidr_block"] for route in self._args["routes"].values()),
            # Routes of the gateway itself; it doesn't add them to the VPC's table.
            auto_config_route=True,
            effect_immediately=True,
            tags=self._args.get("tags"),
        )
        if self._args.get("tunnels", 2) == 1:
            _one_tunnel(args, devices[0], self.pre_shared_key)
        else:
            _two_tunnels(args, devices, self.pre_shared_key)
        return vpn.Connection(f"{self._name}-connection", args, opts=options)

    def _routes(self, connection: "vpn.Connection") -> dict[str, pulumi.Output[str]]:
        """One after the other: the cloud adds one route to a table at a time."""
        routes: dict[str, vpc.RouteEntry] = {}
        for key, before in in_lanes(list(self._args["routes"]), 1).items():
            route = self._args["routes"][key]
            routes[key] = vpc.RouteEntry(
                f"{self._name}-to-{key}",
                vpc.RouteEntryArgs(
                    # By its range, not by its key: a renamed route would be replaced for its name.
                    name="to-" + route["cidr_block"].replace(".", "-").replace("/", "-"),
                    route_table_id=self._args["route_table_id"],
                    destination_cidrblock=route["cidr_block"],
                    nexthop_type="VpnGateway",
                    nexthop_id=self.gateway_id,
                ),
                opts=child(
                    self,
                    was=former(f"{self._name}-to", route.get("was")),
                    after=[connection if before is None else routes[before]],
                    # A table has one route to a range.
                    delete_before_replace=True,
                ),
            )
        return {key: route.id for key, route in routes.items()}


def _one_tunnel(
    args: "vpn.ConnectionArgs", device: pulumi.Output[str], key: pulumi.Output[str]
) -> None:
    """Make it a connection of one tunnel, which only old gateways have."""
    args.customer_gateway_id = device
    args.ike_config = pulumi.Output.secret(vpn.ConnectionIkeConfigArgs(**IKE, psk=key))
    args.ipsec_config = vpn.ConnectionIpsecConfigArgs(**IPSEC)


def _two_tunnels(
    args: "vpn.ConnectionArgs", devices: Sequence[pulumi.Output[str]], key: pulumi.Output[str]
) -> None:
    """Make it a connection of a tunnel and one that takes over, each to its device."""
    tunnels = [
        vpn.ConnectionTunnelOptionsSpecificationArgs(
            role=role,
            customer_gateway_id=device,
            enable_dpd=True,
            enable_nat_traversal=True,
            tunnel_ike_config=vpn.ConnectionTunnelOptionsSpecificationTunnelIkeConfigArgs(
                **IKE, psk=key
            ),
            tunnel_ipsec_config=vpn.ConnectionTunnelOptionsSpecificationTunnelIpsecConfigArgs(
                **IPSEC
            ),
        )
        for role, device in zip(("master", "slave"), devices, strict=True)
    ]
    args.tunnel_options_specifications = pulumi.Output.secret(tunnels)
