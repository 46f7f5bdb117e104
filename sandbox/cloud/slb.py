"""Classic Load Balancer: load balancers, what they listen on, and the servers behind them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.ids import RESOURCE_GROUP
from sandbox.cloud.core.kind import Parent
from sandbox.cloud.core.name_checks import matching
from sandbox.cloud.vpc.network import ELSEWHERE, check_private_address, free_private_address

__all__ = ["KINDS", "Listener", "LoadBalancer", "ServerGroup", "ServerGroupServerAttachment"]


class LoadBalancer(Kind):
    name = "slb_load_balancer"
    prefix = "lb-"
    not_found = "InvalidLoadBalancerId.NotFound"
    texts: ClassVar = {
        "load_balancer_name": matching(
            r"[A-Za-z\u4e00-\u9fa5][A-Za-z0-9\u4e00-\u9fa5_./-]{0,79}",
            "InvalidParameter",
            "can't be a load balancer's name",
        )
    }
    indexed = ("vswitch_id", "private_ip")
    dependents = (
        Dependent("slb_listener", "load_balancer_id", goes=True),
        Dependent("slb_server_group", "load_balancer_id", goes=True),
    )
    twins: ClassVar = {"load_balancer_name": "name", "load_balancer_spec": "specification"}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        if not _is_private(wanted):
            return {}
        if wanted.get("address_type") == "internet":
            raise CloudError(  # The code is ours.
                "InvalidParameter.AddressType", "A load balancer in a vSwitch is intranet."
            )
        vswitch = session.need("vswitch", wanted.get("vswitch_id"))
        if wanted.get("vpc_id") not in {None, vswitch["vpc_id"]}:
            raise CloudError(
                "InvalidVSwitchId.NotFound", f"{vswitch.id} isn't in {wanted['vpc_id']}."
            )
        address = wanted.get("address")
        if address:
            check_private_address(session, vswitch, address)
        else:
            address = free_private_address(session, vswitch)
        return {
            "address": address,
            "master_zone_id": vswitch.text("zone_id"),
            **self.surroundings(session, {**wanted, "address": address}),
        }

    @override
    def surroundings(self, session: Session, known: Attributes) -> Attributes:
        if not _is_private(known):
            return {}
        vswitch = session.need("vswitch", known.get("vswitch_id"))
        return {"private_ip": known.get("address"), "vpc_id": vswitch.text("vpc_id")}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        address = wanted.get("address") or making.found.get("address")
        if not address:
            address = "" if _is_private(wanted) else making.new_public_address()
        return {
            "address_ip_version": "ipv4",
            "address_type": "intranet" if wanted.get("vswitch_id") else "internet",
            "bandwidth": 1,
            "delete_protection": "off",
            "instance_charge_type": "PayBySpec",
            "internet_charge_type": "PayByTraffic",
            "load_balancer_name": making.id,
            "load_balancer_spec": "slb.s1.small",
            "master_zone_id": f"{making.region}-a",
            "modification_protection_status": "NonProtection",
            "payment_type": "PayAsYouGo",
            "resource_group_id": RESOURCE_GROUP,
            "slave_zone_id": f"{making.region}-b",
            "status": "active",
            "tags": {},
            **wanted,
            **making.found,
            "address": address,
        }

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        if own is not None:
            for server in asked.get("backend_servers") or ():
                _need_server(session, own, server)

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        if resource["delete_protection"] == "on":
            raise CloudError(  # The code is ours.
                "OperationDenied.DeleteProtectionIsOn",
                f"{resource.id} has deletion protection on; turn it off and apply that first.",
            )


def _is_private(wanted: Attributes) -> bool:
    return bool(wanted.get("vswitch_id")) or wanted.get("address_type") == "intranet"


class Listener(Kind):
    """Its id is made of the load balancer, the protocol and the port."""

    name = "slb_listener"
    not_found = "InvalidListener.NotFound"
    id_parts = ("load_balancer_id", "protocol", "frontend_port")
    parents = (Parent("slb_load_balancer", "load_balancer_id"),)

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        port, datagrams = wanted["frontend_port"], wanted["protocol"] == "udp"
        for other in session.find(self.name, load_balancer_id=wanted["load_balancer_id"]):
            # TCP, HTTP and HTTPS share their ports; UDP has its own.
            if other["frontend_port"] == port and (other["protocol"] == "udp") == datagrams:
                raise CloudError("ListenerAlreadyExists", f"{other.id} is there already.")

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "acl_id": "",
            "acl_ids": [],
            "acl_status": "off",
            "bandwidth": -1,
            "enable_http2": "on",
            "established_timeout": 900,
            "gzip": True,
            "health_check": "on",
            "health_check_connect_port": 0,
            "health_check_http_code": "http_2xx",
            "health_check_interval": 2,
            "health_check_method": "head",
            "health_check_timeout": 5,
            "health_check_type": "tcp",
            "health_check_uri": "/",
            "healthy_threshold": 3,
            "idle_timeout": 15,
            "listener_forward": "off",
            "persistence_timeout": 0,
            "proxy_protocol_v2_enabled": False,
            "request_timeout": 60,
            "scheduler": "wrr",
            "server_certificate_id": "",
            "ssl_certificate_id": "",
            # Who makes one starts it; until then it is stopped.
            "status": "running",
            "sticky_session": "off",
            "tls_cipher_policy": "tls_cipher_policy_1_0",
            "unhealthy_threshold": 3,
            **wanted,
            "x_forwarded_for": {"retrive_client_ip": True, **_forwarded(wanted)},
        }

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        group = asked.get("server_group_id")
        # The codes are ours.
        if not group and not asked.get("backend_port") and not asked.get("forward_port"):
            raise CloudError(
                "MissingParam.BackendServerPort",
                "A listener needs a group of servers or their port.",
            )
        if (
            group
            and session.need("slb_server_group", group)["load_balancer_id"]
            != asked["load_balancer_id"]
        ):
            raise CloudError(
                "InvalidVServerGroupId.NotFound", f"{group} belongs to another load balancer."
            )
        if asked.get("protocol") == "https" and not asked.get("server_certificate_id"):
            raise CloudError("MissingParam.ServerCertificateId", "HTTPS needs a certificate.")


def _forwarded(wanted: Attributes) -> Attributes:
    stated = wanted.get("x_forwarded_for")
    unstated = {"retrive_slb_id": False, "retrive_slb_ip": False, "retrive_slb_proto": False}
    return {**unstated, **(stated or {})}


# The codes for a group and a server that aren't there are ours.
_SERVER_MISSING = "InvalidServerId.NotFound"
_SERVER_ATTACHMENT = "slb_server_group_server_attachment"
_KINDS = {"ecs": "instance", "eni": "ecs_network_interface"}


def _need_server(session: Session, balancer: Resource, wanted: Mapping[str, Any]) -> None:
    """Refuse a server that a load balancer can't send requests to."""
    kind = _KINDS.get(wanted.get("type", "ecs"), "instance")
    server = session.need(kind, wanted["server_id"], _SERVER_MISSING)
    if balancer["vpc_id"] and balancer["vpc_id"] != server["vpc_id"]:
        raise CloudError(  # The code is ours.
            "InvalidServerId.VpcMismatch",
            f"{balancer.id} is in {balancer['vpc_id']}, {server.id} in "
            f"{server['vpc_id'] or ELSEWHERE}.",
        )


class ServerGroup(Kind):
    name = "slb_server_group"
    prefix = "rsp-"
    not_found = "InvalidVServerGroupId.NotFound"
    texts: ClassVar = {
        "name": matching(
            r"[A-Za-z0-9\u4e00-\u9fa5_./-]{1,80}", "InvalidParameter", "can't be a group's name"
        )
    }
    parents = (Parent("slb_load_balancer", "load_balancer_id"),)
    dependents = (
        Dependent(
            "slb_listener",
            "server_group_id",
            "RspoolVipExist",
            "{user.id} still sends requests to {it.id}.",
        ),
        Dependent(_SERVER_ATTACHMENT, "server_group_id", goes=True),
    )
    fills: ClassVar = {
        "delete_protection_validation": False,
        "name": "tf-server-group",
        "servers": [],
    }


class ServerGroupServerAttachment(Kind):
    """One port of one server, in a group."""

    name = _SERVER_ATTACHMENT
    not_found = _SERVER_MISSING
    id_parts = ("server_group_id", "server_id", "port")
    parents = (Parent("slb_server_group", "server_group_id"),)
    # The code is ours.
    taken = (
        "BackendServer.Exists",
        "{same[server_id]}:{same[port]} is in {same[server_group_id]} already.",
    )
    fills: ClassVar = {"description": "", "type": "ecs", "weight": 100}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        group = self.parent(session, wanted, "server_group_id")
        _need_server(session, session.need("slb_load_balancer", group["load_balancer_id"]), wanted)

    @override
    def changed(self, session: Session, resource: Resource, changes: Attributes) -> None:
        self.came_or_went(session, resource)

    @override
    def came_or_went(self, session: Session, resource: Resource) -> None:
        if group := session.get("slb_server_group", resource["server_group_id"]):
            listed = [
                {
                    "server_ids": [one["server_id"]],
                    "port": one["port"],
                    "weight": one["weight"],
                    "type": one["type"],
                }
                for one in session.find(_SERVER_ATTACHMENT, server_group_id=group.id)
            ]
            session.change(group, {"servers": listed})


KINDS = (LoadBalancer(), Listener(), ServerGroup(), ServerGroupServerAttachment())
