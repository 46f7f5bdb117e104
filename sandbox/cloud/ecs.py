"""Security groups, their rules, and instances."""

from typing import ClassVar

from typing_extensions import override

from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind, refuse_protected
from sandbox.cloud.making import Making
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.session import Session
from sandbox.cloud.texts import check_description, check_name
from sandbox.cloud.vpc import (
    RESOURCE_GROUP,
    VSwitch,
    check_private_address,
    free_private_address,
)

__all__ = ["Instance", "SecurityGroup", "SecurityGroupRule"]

_GROUP_MISSING = "InvalidSecurityGroupId.NotFound"


class SecurityGroup(Kind):
    name = "security_group"
    prefix = "sg-"
    not_found = _GROUP_MISSING
    twins: ClassVar = {"security_group_name": "name"}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> dict[str, str]:
        if vpc := wanted.get("vpc_id"):
            session.need("vpc", vpc, "InvalidVpcId.NotFound")
        check_name(wanted.get("security_group_name") or wanted.get("name"))
        check_description(wanted.get("description"))
        used = session.count(self.name)
        session.check_quota("security_groups_per_region", used, "QuotaExceeded.SecurityGroup")
        return {}

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
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        check_name(changes.get("security_group_name") or changes.get("name"))
        check_description(changes.get("description"))

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        members = _members(session, resource)
        naming = session.find("security_group_rule", source_security_group_id=resource.id)
        foreign = [one for one in naming if one["security_group_id"] != resource.id]
        if users := members + foreign:
            raise CloudError(
                "DependencyViolation",
                f"The security group {resource.id} is used by {users[0].id}.",
            )

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        for rule in session.find("security_group_rule", security_group_id=resource.id):
            session.remove(rule)


def _members(session: Session, group: Resource) -> list[Resource]:
    neighbours = session.find("instance", vpc_id=group["vpc_id"])
    return [one for one in neighbours if group.id in (one["security_groups"] or ())]


class SecurityGroupRule(Kind):
    """A rule is what it says: asking for one that exists succeeds and makes nothing."""

    name = "security_group_rule"
    prefix = "sgr-"
    not_found = "InvalidSecurityGroupRuleId.NotFound"
    same_is_one = True

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
    def prepare(self, session: Session, wanted: Attributes) -> dict[str, str]:
        group = session.need("security_group", wanted["security_group_id"], _GROUP_MISSING)
        if source := wanted.get("source_security_group_id"):
            session.need("security_group", source, "InvalidSourceGroupId.NotFound")
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
        used = session.count(self.name, security_group_id=group.id)
        session.check_quota("rules_per_security_group", used, "AuthorizationLimitExceed")
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "nic_type": "intranet",
            "policy": "accept",
            "port_range": "-1/-1",
            "prefix_list_id": "",
            "priority": 1,
            "security_group_rule_id": making.new_id(self.prefix),
            **wanted,
        }


class Instance(Kind):
    name = "instance"
    prefix = "i-"
    not_found = "InvalidInstanceId.NotFound"
    twins: ClassVar = {"private_ip": "primary_ip_address"}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> dict[str, str]:
        vswitch = session.need("vswitch", wanted.get("vswitch_id"), VSwitch.not_found)
        self._check_groups(session, vswitch.text("vpc_id"), wanted)
        check_name(wanted.get("instance_name"))
        check_description(wanted.get("description"))
        address = wanted.get("private_ip")
        if address:
            check_private_address(session, vswitch, address)
        return {
            "private_ip": address or free_private_address(session, vswitch),
            "vpc_id": vswitch.text("vpc_id"),
            "availability_zone": vswitch.text("zone_id"),
        }

    def _check_groups(self, session: Session, vpc: str, wanted: Attributes) -> None:
        groups: list[str] = wanted.get("security_groups") or []
        if not groups:
            raise CloudError("MissingParameter", "An instance needs a security group.")
        session.check_quota(
            "security_groups_per_instance", len(groups) - 1, "SecurityGroupInstanceLimitExceed"
        )
        for identity in groups:
            group = session.need("security_group", identity, _GROUP_MISSING)
            if group["vpc_id"] != vpc:
                raise CloudError(  # The code is ours.
                    "InvalidSecurityGroupId.VpcMismatch",
                    f"The security group {identity} is in {group['vpc_id']}, the vSwitch in {vpc}.",
                )
            session.check_quota(
                "instances_per_security_group",
                len(_members(session, group)),
                "SecurityGroupInstanceLimitExceed",
            )

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        address = making.found.get("private_ip") or wanted.get("private_ip", "")
        return {
            "availability_zone": f"{making.region}-a",
            "cpu": 2,
            "create_time": making.time,
            "credit_specification": "",
            "deployment_set_group_no": "",
            "description": "",
            "enable_jumbo_frame": False,
            "expired_time": "2099-12-31T15:59Z",
            "host_name": making.id.replace("-", "") + "Z",
            "http_endpoint": "enabled",
            "http_tokens": "optional",
            "image_id": "",
            "instance_charge_type": "PostPaid",
            "instance_name": "",
            "instance_type": "",
            "internet_charge_type": "PayByTraffic",
            "internet_max_bandwidth_in": -1,
            "internet_max_bandwidth_out": 0,
            "ipv6_addresses": [],
            "key_name": "",
            "maintenance_action": "AutoRecover",
            "memory": 4096,
            "network_interface_id": making.new_id("eni-"),
            "network_interface_traffic_mode": "Standard",
            "os_name": "Alibaba Cloud Linux 3",
            "os_type": "linux",
            "private_ip": address,
            "private_pool_options_match_criteria": "Open",
            "public_ip": self._public_address(wanted, making),
            "queue_pair_number": 1,
            "resource_group_id": "",
            "role_name": "",
            "secondary_private_ips": [],
            "spot_strategy": "NoSpot",
            "start_time": making.time,
            "status": "Running",
            "stopped_mode": "Not-applicable",
            "system_disk_category": "cloud_essd",
            "system_disk_id": making.new_id("d-"),
            "system_disk_performance_level": "PL1",
            "system_disk_size": 40,
            "vpc_id": "",
            **wanted,
            **making.found,
        }

    def _public_address(self, wanted: Attributes, making: Making) -> str:
        return making.new_public_address() if wanted.get("internet_max_bandwidth_out") else ""

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        check_name(changes.get("instance_name"))
        check_description(changes.get("description"))
        if "security_groups" in changes:
            self._check_groups(session, resource.text("vpc_id"), changes)

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        refuse_protected(resource)
        if bound := session.find("eip_association", instance_id=resource.id):
            raise CloudError(  # The code is ours; the cloud unbinds it, and then leaves it idle.
                "DependencyViolation.Eip",
                f"{resource.id} still has {bound[0]['allocation_id']}; unbind it first.",
            )
