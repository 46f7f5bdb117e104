"""Security groups, their rules, and who is in them."""

from collections.abc import Sequence
from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.ids import RESOURCE_GROUP
from sandbox.cloud.core.kind import Parent, Quota, drawn
from sandbox.cloud.core.name_checks import check_description, check_name

__all__ = ["SecurityGroup", "SecurityGroupRule", "check_groups", "members_of"]


class SecurityGroup(Kind):
    name = "security_group"
    prefix = "sg-"
    not_found = "InvalidSecurityGroupId.NotFound"
    twins: ClassVar = {"security_group_name": "name"}
    texts: ClassVar = {"security_group_name": check_name, "description": check_description}
    quotas = (Quota("security_groups_per_region", "QuotaExceeded.SecurityGroup"),)
    indexed = ("vpc_id",)
    parents = (Parent("vpc", "vpc_id", instead=(None, "")),)
    dependents = (Dependent("security_group_rule", "security_group_id", goes=True),)

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        policy = wanted.get("inner_access_policy", "Accept")
        return {
            "create_time": making.time,
            "inner_access": policy == "Accept",
            "inner_access_policy": policy,
            "resource_group_id": RESOURCE_GROUP,
            "security_group_name": "",
            "security_group_type": "normal",
            "vpc_id": "",
            **wanted,
        }

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        members = members_of(session, resource)
        naming = session.find("security_group_rule", source_security_group_id=resource.id)
        foreign = [one for one in naming if one["security_group_id"] != resource.id]
        if users := members + foreign:
            raise CloudError(
                "DependencyViolation",
                f"The security group {resource.id} is used by {users[0].id}.",
            )


class SecurityGroupRule(Kind):
    """A rule is what it says: asking for one that exists succeeds and makes nothing."""

    name = "security_group_rule"
    prefix = "sgr-"
    not_found = "InvalidSecurityGroupRuleId.NotFound"
    same_is_one = True
    quotas = (
        Quota("rules_per_security_group", "AuthorizationLimitExceed", per="security_group_id"),
    )
    indexed = ("security_group_id", "source_security_group_id")
    parents = (
        Parent("security_group", "security_group_id"),
        Parent(
            "security_group",
            "source_security_group_id",
            "InvalidSourceGroupId.NotFound",
            instead=(None, ""),
        ),
    )
    fills: ClassVar = {
        "nic_type": "intranet",
        "policy": "accept",
        "port_range": "-1/-1",
        "prefix_list_id": "",
        "priority": 1,
        "security_group_rule_id": drawn("sgr-"),
    }

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        source = (
            wanted.get("cidr_ip")
            or wanted.get("ipv6_cidr_ip")
            or wanted.get("source_security_group_id")
            or wanted.get("prefix_list_id")
        )
        parts = (
            wanted["security_group_id"],
            wanted["type"],
            wanted["ip_protocol"],
            wanted.get("port_range", "-1/-1"),
            wanted.get("nic_type", "intranet"),
            str(source).replace(":", "_"),
            wanted.get("policy", "accept"),
            wanted.get("priority", 1),
        )
        return ":".join(map(str, parts))

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        group = self.parent(session, wanted, "security_group_id")
        ranged = wanted["ip_protocol"] in {"tcp", "udp"}
        if ranged == (wanted.get("port_range", "-1/-1") == "-1/-1"):
            raise CloudError(
                "InvalidParameter.PortRange",
                f"{wanted['ip_protocol']} with ports {wanted.get('port_range', '-1/-1')} isn't "
                "allowed: tcp and udp need ports, the others take -1/-1 alone.",
            )
        if group["vpc_id"] and wanted.get("nic_type", "intranet") != "intranet":
            raise CloudError(
                "InvalidParamter.NicType",  # The cloud's own spelling.
                f"{group.id} is in a VPC, where nic_type is intranet.",
            )


def members_of(session: Session, group: Resource) -> list[Resource]:
    """The instances and the network cards that are in a security group."""
    neighbours = [
        one
        for kind in ("instance", "ecs_network_interface")
        for one in session.find(kind, vpc_id=group["vpc_id"])
    ]
    return [
        neighbour for neighbour in neighbours if group.id in (neighbour["security_groups"] or ())
    ]


def check_groups(session: Session, vpc: str, groups: Sequence[str], *, mismatch: str) -> None:
    """Refuse security groups that an instance or a network card can't be in.

    Args:
        session: the call's session.
        vpc: the VPC that the instance or card is in.
        groups: ids of the groups.
        mismatch: the error code for a group of another VPC.
    """
    if not groups:
        raise CloudError("MissingParameter", "A server or a network card needs a security group.")
    session.check_quota(
        "security_groups_per_instance", len(groups) - 1, "SecurityGroupInstanceLimitExceed"
    )
    for identity in groups:
        group = session.need("security_group", identity)
        if group["vpc_id"] != vpc:
            raise CloudError(
                mismatch,
                f"The security group {identity} is in {group['vpc_id']}, the vSwitch in {vpc}.",
            )
        session.check_quota(
            "instances_per_security_group",
            len(members_of(session, group)),
            "SecurityGroupInstanceLimitExceed",
        )
