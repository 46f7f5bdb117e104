"""Groups of servers behind a load balancer, and the servers in them."""

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.kind import Parent

__all__ = ["ServerGroup", "ServerGroupServerAttachment"]

# The codes for a group and a server that aren't there are ours.
_SERVER_MISSING = "InvalidServerId.NotFound"
_ATTACHMENT = "slb_server_group_server_attachment"
_KINDS = {"ecs": "instance", "eni": "ecs_network_interface"}


class ServerGroup(Kind):
    name = "slb_server_group"
    prefix = "rsp-"
    not_found = "InvalidVServerGroupId.NotFound"
    parents = (Parent("slb_load_balancer", "load_balancer_id"),)
    dependents = (
        Dependent(
            "slb_listener",
            "server_group_id",
            "RspoolVipExist",
            "{user.id} still sends requests to {it.id}.",
        ),
        Dependent(_ATTACHMENT, "server_group_id", goes=True),
    )

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "delete_protection_validation": False,
            "name": "tf-server-group",
            "servers": [],
            **wanted,
        }


class ServerGroupServerAttachment(Kind):
    """One port of one server, in a group."""

    name = _ATTACHMENT
    not_found = _SERVER_MISSING
    id_parts = ("server_group_id", "server_id", "port")
    parents = (Parent("slb_server_group", "server_group_id"),)
    # The code is ours.
    taken = (
        "BackendServer.Exists",
        "{same[server_id]}:{same[port]} is in {same[server_group_id]} already.",
    )

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        group = self.parent(session, wanted, "server_group_id")
        kind = _KINDS.get(wanted.get("type", "ecs"), "instance")
        server = session.need(kind, wanted["server_id"], _SERVER_MISSING)
        balancer = session.need("slb_load_balancer", group["load_balancer_id"])
        if balancer["vpc_id"] and balancer["vpc_id"] != server["vpc_id"]:
            raise CloudError(  # The code is ours.
                "InvalidServerId.VpcMismatch",
                f"{server.id} is in {server['vpc_id']}, {balancer.id} in {balancer['vpc_id']}.",
            )
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {"description": "", "type": "ecs", "weight": 100, **wanted}

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
                for one in session.find(_ATTACHMENT, server_group_id=group.id)
            ]
            session.change(group, {"servers": listed})
