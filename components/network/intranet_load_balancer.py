"""`IntranetLoadBalancer`: one private address in front of several ECS instances.

Owns the Classic Load Balancer, one listener, its server group and the servers in that. Doesn't own
the instances or their security groups. API Gateway authorizes ECS instances and Classic Load
Balancers by id (`ApiVpcAccess`), and no newer kind of load balancer.

Source: Classic Load Balancer, "CreateLoadBalancer" and "End of sale of pay-by-specification"; the
seed document on API Gateway best practices, chapter 4.
"""

from collections.abc import Mapping
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_alicloud import slb

from .._component import Component
from .._options import child, former, in_lanes

NO_LIMIT: Final = -1


class LoadBalancerListenerArgs(TypedDict):
    """What the load balancer listens to."""

    protocol: str
    """"tcp" hands connections on as they are; "http" reads requests. Another one means another
    listener."""

    port: int
    """Its port. Another one means another listener."""

    health_check_path: NotRequired[str]
    """A path that answers 2xx or 3xx where a server is well. Unless given, tcp servers have to take
    connections, and http servers to answer on /."""


class LoadBalancerServerArgs(TypedDict):
    """A server behind the load balancer. Another value of any takes it out and puts it in anew."""

    server_id: pulumi.Input[str]
    """The ECS instance's id."""

    port: int
    """The port that it serves on."""

    weight: NotRequired[int]
    """Its share of the traffic, 0 to 100; 100 unless given."""

    was: NotRequired[str | None]
    """The key that this server had before it was renamed."""


class IntranetLoadBalancerArgs(TypedDict):
    """Arguments of `IntranetLoadBalancer`."""

    vswitch_id: pulumi.Input[str]
    """The vSwitch that its address lies in. Another one means another load balancer."""

    listener: LoadBalancerListenerArgs
    """What it listens to."""

    servers: Mapping[str, LoadBalancerServerArgs]
    """Servers by key; the key becomes part of the resource's name."""

    load_balancer_name: NotRequired[pulumi.Input[str]]
    """The name of the load balancer and its server group, 1 to 80 characters."""

    address: NotRequired[str]
    """Its address; one of the vSwitch's unless given. Another one means another load balancer."""

    deletion_protection: NotRequired[bool]
    """Refuse to delete it, in the cloud and in Pulumi. Off unless given."""

    protect: NotRequired[bool]
    """Refuse to delete or replace it in Pulumi; as `deletion_protection` unless given."""

    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of the load balancer and its server group."""


class IntranetLoadBalancer(Component):
    """A Classic Load Balancer with a private address.

    Children: `<name>-load-balancer`, `<name>-servers`, `<name>-server-<key>` for each server, and
    `<name>-listener`.
    """

    load_balancer_id: pulumi.Output[str]
    """Its id, for `ApiVpcAccess`."""

    address: pulumi.Output[str]
    """Its private address."""

    def __init__(
        self, name: str, args: IntranetLoadBalancerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the load balancer, its servers and then its listener."""
        super().__init__(name, opts)
        self._name = name
        balancer = self._balancer(args)
        group = slb.ServerGroup(
            f"{name}-servers",
            slb.ServerGroupArgs(
                load_balancer_id=balancer.id,
                name=args.get("load_balancer_name"),
                tags=args.get("tags"),
            ),
            opts=child(self, after=()),
        )
        servers = self._servers(args["servers"], group)
        self._listener(args["listener"], balancer, group, servers)
        self.load_balancer_id = balancer.id
        self.address = balancer.address
        self.register_outputs({"loadBalancerId": self.load_balancer_id, "address": self.address})

    def _balancer(self, args: IntranetLoadBalancerArgs) -> "slb.ApplicationLoadBalancer":
        protected = args.get("deletion_protection", False)
        # An address that is given is held by one at a time.
        protect = args.get("protect", protected)
        options = child(
            self,
            protect=protect,
            delete_before_replace="address" in args,
        )
        return slb.ApplicationLoadBalancer(  # a Classic one, despite its name in the provider
            f"{self._name}-load-balancer",
            slb.ApplicationLoadBalancerArgs(
                load_balancer_name=args.get("load_balancer_name"),
                address_type="intranet",
                vswitch_id=args["vswitch_id"],
                address=args.get("address"),
                payment_type="PayAsYouGo",
                instance_charge_type="PayByCLCU",  # by specification isn't sold since June 2025
                delete_protection="on" if protected else "off",
                tags=args.get("tags"),
            ),
            opts=options,
        )

    def _servers(
        self, args: Mapping[str, LoadBalancerServerArgs], group: "slb.ServerGroup"
    ) -> list[pulumi.Resource]:
        made: dict[str, slb.ServerGroupServerAttachment] = {}
        # One after the other: a load balancer that is being configured refuses more of it.
        for key, before in in_lanes(list(args), 1).items():
            server = args[key]
            made[key] = slb.ServerGroupServerAttachment(
                f"{self._name}-server-{key}",
                slb.ServerGroupServerAttachmentArgs(
                    server_group_id=group.id,
                    server_id=server["server_id"],
                    port=server["port"],
                    weight=server.get("weight", 100),
                    type="ecs",
                ),
                # A server and port are in a group once.
                opts=child(
                    self,
                    was=former(f"{self._name}-server", server.get("was")),
                    after=[made[before]] if before is not None else (),
                    delete_before_replace=True,
                ),
            )
        return list(made.values())

    def _listener(
        self,
        args: LoadBalancerListenerArgs,
        balancer: "slb.ApplicationLoadBalancer",
        group: "slb.ServerGroup",
        servers: list[pulumi.Resource],
    ) -> None:
        path = args.get("health_check_path")
        asks_by_http = path is not None and args["protocol"] == "tcp"
        slb.Listener(
            f"{self._name}-listener",
            slb.ListenerArgs(
                load_balancer_id=balancer.id,
                protocol=args["protocol"],
                frontend_port=args["port"],
                server_group_id=group.id,
                bandwidth=NO_LIMIT,
                health_check="on",
                health_check_type="http" if asks_by_http else None,
                health_check_uri=path,
            ),
            # A port has one listener at a time. It listens when there is somebody to answer.
            opts=child(self, after=servers, delete_before_replace=True),
        )
