"""Groups of servers behind a load balancer, and the servers in them."""

from typing_extensions import override

from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind
from sandbox.cloud.making import Making
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.session import Session
from sandbox.cloud.slb.load_balancer import BALANCER, BALANCER_MISSING

__all__ = ["GROUP", "GROUP_MISSING", "ServerGroup", "ServerGroupServerAttachment"]

GROUP = "slb_server_group"
# The codes for a group and a server that aren't there are ours.
GROUP_MISSING = "InvalidVServerGroupId.NotFound"
_SERVER_MISSING = "InvalidServerId.NotFound"
_ATTACHMENT = "slb_server_group_server_attachment"
_KINDS = {"ecs": "instance", "eni": "ecs_network_interface"}


class ServerGroup(Kind):
    name = GROUP
    prefix = "rsp-"
    not_found = GROUP_MISSING

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        session.need(BALANCER, wanted.get("load_balancer_id"), BALANCER_MISSING)
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "delete_protection_validation": False,
            "name": "tf-server-group",
            "servers": [],
            **wanted,
        }

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        listeners = session.sift("slb_listener", load_balancer_id=resource["load_balancer_id"])
        if using := [one for one in listeners if one["server_group_id"] == resource.id]:
            raise CloudError(
                "RspoolVipExist", f"{using[0].id} still sends requests to {resource.id}."
            )

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        for one in session.sift(_ATTACHMENT, server_group_id=resource.id):
            session.remove(one)


class ServerGroupServerAttachment(Kind):
    """One port of one server, in a group."""

    name = _ATTACHMENT
    not_found = _SERVER_MISSING

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        return f"{wanted['server_group_id']}:{wanted['server_id']}:{wanted['port']}"

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        group = session.need(GROUP, wanted["server_group_id"], GROUP_MISSING)
        kind = _KINDS.get(wanted.get("type", "ecs"), "instance")
        server = session.need(kind, wanted["server_id"], _SERVER_MISSING)
        balancer = session.need(BALANCER, group["load_balancer_id"], BALANCER_MISSING)
        if balancer["vpc_id"] and balancer["vpc_id"] != server["vpc_id"]:
            raise CloudError(  # The code is ours.
                "InvalidServerId.VpcMismatch",
                f"{server.id} is in {server['vpc_id']}, {balancer.id} in {balancer['vpc_id']}.",
            )
        if session.get(self.name, self.identity(session, wanted)):
            raise CloudError(  # The code is ours.
                "BackendServer.Exists", f"{server.id}:{wanted['port']} is in {group.id} already."
            )
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {"description": "", "type": "ecs", "weight": 100, **wanted}

    @override
    def created(self, session: Session, resource: Resource) -> None:
        _list_servers(session, resource)

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        _list_servers(session, resource)


def _list_servers(session: Session, attachment: Resource) -> None:
    if group := session.get(GROUP, attachment["server_group_id"]):
        listed = [
            {
                "server_ids": [one["server_id"]],
                "port": one["port"],
                "weight": one["weight"],
                "type": one["type"],
            }
            for one in session.sift(_ATTACHMENT, server_group_id=group.id)
        ]
        session.change(group, {"servers": listed})
