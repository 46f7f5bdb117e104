"""Security groups, their rules, and who is in them."""

import ipaddress
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Final

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.ids import RESOURCE_GROUP
from sandbox.cloud.core.kind import Parent, Quota, drawn
from sandbox.cloud.core.name_checks import check_description, check_name, parsed

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
    def derive(self, attributes: Mapping[str, Any]) -> Attributes:
        filled = super().derive(attributes)
        if (policy := filled.get("inner_access_policy")) is not None:
            filled["inner_access"] = policy == "Accept"
        elif (inside := filled.get("inner_access")) is not None:
            filled["inner_access_policy"] = "Accept" if inside else "Drop"
        return filled

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "create_time": making.time,
            "inner_access_policy": "Accept",
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


_LONGEST_DESCRIPTION: Final = 512
_EVERY_PORT: Final = "-1/-1"
_LAST_PORT: Final = 65_535
_PORTS_CODE: Final = "InvalidParam.PortRange"
_SOURCES: Final = ("cidr_ip", "ipv6_cidr_ip", "source_security_group_id", "prefix_list_id")
"""What a rule may be about; of several that are stated, the first counts."""
_RANGES: Final = {
    "cidr_ip": partial(ipaddress.IPv4Network, strict=False),
    "ipv6_cidr_ip": partial(ipaddress.IPv6Network, strict=False),
}


def _check_rule_description(description: object) -> None:
    if len(str(description or "")) > _LONGEST_DESCRIPTION:
        raise CloudError(
            "InvalidSecurityGroupDiscription.Malformed",  # The cloud's own spelling.
            f"A rule's description has {_LONGEST_DESCRIPTION} characters at most.",
        )


class SecurityGroupRule(Kind):
    """A rule is what it says: asking for one that exists succeeds and makes nothing."""

    name = "security_group_rule"
    prefix = "sgr-"
    not_found = "InvalidSecurityGroupRuleId.NotFound"
    same_is_one = True
    texts: ClassVar = {"description": _check_rule_description}
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
        source = next(filter(None, map(wanted.get, _SOURCES)), None)
        parts = (
            wanted["security_group_id"],
            wanted["type"],
            wanted["ip_protocol"],
            wanted.get("port_range", _EVERY_PORT),
            wanted.get("nic_type", "intranet"),
            str(source).replace(":", "_"),
            wanted.get("policy", "accept"),
            wanted.get("priority", 1),
        )
        return ":".join(map(str, parts))

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        group = self.parent(session, wanted, "security_group_id")
        _check_ports(str(wanted["ip_protocol"]), str(wanted.get("port_range", _EVERY_PORT)))
        _check_source(wanted)
        if group["vpc_id"] and wanted.get("nic_type", "intranet") != "intranet":
            raise CloudError(
                "InvalidParamter.NicType",  # The cloud's own spelling.
                f"{group.id} is in a VPC, where nic_type is intranet.",
            )


def _check_ports(protocol: str, ports: str) -> None:
    if (protocol in {"tcp", "udp"}) == (ports == _EVERY_PORT):
        raise CloudError(
            _PORTS_CODE,
            f"{protocol} with ports {ports} isn't allowed: tcp and udp need ports, the others take "
            f"{_EVERY_PORT} alone.",
        )
    found = re.fullmatch(r"([0-9]{1,5})/([0-9]{1,5})", ports)
    if ports != _EVERY_PORT and not (found and 1 <= int(found[1]) <= int(found[2]) <= _LAST_PORT):
        raise CloudError(
            _PORTS_CODE, f"{ports!r} are no ports: say two of 1 to 65535, as in 80/80 or 1/200."
        )


def _check_source(wanted: Attributes) -> None:
    if not any(map(wanted.get, _SOURCES)):
        raise CloudError(
            "MissingParameter.Source",
            "A rule needs an address range, a security group or a prefix list that it is about.",
        )
    for name, form in _RANGES.items():
        if text := wanted.get(name):
            # The code is ours.
            parsed(form, text, "InvalidParam.SourceIp", "{text!r} is no range: {problem}.")


_MEMBERS: Final = ("instance", "ecs_network_interface")


def members_of(session: Session, group: Resource) -> list[Resource]:
    """The instances and the network cards that are in a security group."""
    neighbours = [one for kind in _MEMBERS for one in session.find(kind, vpc_id=group["vpc_id"])]
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
    most = "instances_per_security_group"
    # Members are told one by one only where they may be too many.
    crowded = sum(session.count(kind, vpc_id=vpc) for kind in _MEMBERS) >= session.quota(most)
    for identity in groups:
        group = session.need("security_group", identity)
        if group["vpc_id"] != vpc:
            raise CloudError(
                mismatch,
                f"The security group {identity} is in {group['vpc_id']}, the vSwitch in {vpc}.",
            )
        if crowded:
            members = len(members_of(session, group))
            session.check_quota(most, members, "SecurityGroupInstanceLimitExceed")
