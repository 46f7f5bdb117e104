"""Dedicated instances of API Gateway: their groups, whom they let in, and where they log.

A group has its domains and its instance for all of its APIs.
"""

import ipaddress
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from typing_extensions import override

from sandbox.cloud.apigateway.names import check_length, check_name, digest
from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.ids import ACCOUNT_ID
from sandbox.cloud.core.kind import Parent, Provider, Quota
from sandbox.cloud.core.name_checks import matching, parsed

__all__ = [
    "SHARED_INSTANCE",
    "AccessControlList",
    "AclEntryAttachment",
    "GatewayInstance",
    "Group",
    "InstanceAclAttachment",
    "LogConfig",
]

# The instance of whoever has none: shared with other accounts, and nobody's to change.
SHARED_INSTANCE = "api-shared-vpc-001"

_INGRESS_VPC = "ingress_vpc_id"
_INGRESS_VSWITCH = "ingress_vswitch_id"
_INGRESS_OWNER = "ingress_vpc_owner_id"
_LONGEST = {"month": 9, "year": 3}
_OWN_RANGES = ("172.16.0.0/12", "192.168.0.0/16")
_NEEDED_IN_A_VPC = ("user_vpc_id", "instance_cidr", "zone_vswitch_security_group")


class GatewayInstance(Kind):
    name = "api_gateway_instance"
    prefix = "apigateway-"
    not_found = "NotFoundInstance"
    texts: ClassVar = {
        _INGRESS_OWNER: matching("[0-9]+", "InvalidVpcOwnerId", "isn't the number of an account")
    }
    # Minutes in the cloud.
    duration = "instance_seconds"
    dependents = (
        Dependent(
            "api_gateway_group",
            "instance_id",
            "DependencyViolationInstance",
            "{it.id} still has the group {user[name]}.",
        ),
    )
    provider = Provider(
        unsent=frozenset({"egress_ipv6_enable", "ipv6_enabled", "vpc_slb_intranet_enable"}),
        carriers=frozenset({"instance_name", "https_policy"}),
    )

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        if wanted.get("payment_type") == "Subscription":
            _need_stated(wanted, "pricing_cycle", "duration")
            longest = _LONGEST[wanted["pricing_cycle"]]
            if not 1 <= wanted["duration"] <= longest:
                raise CloudError(
                    "InvalidDuration",
                    f"{wanted['duration']} {wanted['pricing_cycle']}s; allowed are 1 to {longest}.",
                )
        if wanted.get("instance_type") == "vpc_connect":
            _need_stated(wanted, *_NEEDED_IN_A_VPC)
            if wanted["instance_cidr"] not in _OWN_RANGES:
                raise CloudError(
                    "InvalidInstanceCidr",
                    f"{wanted['instance_cidr']} isn't one of {', '.join(_OWN_RANGES)}.",
                )
            session.need("vpc", wanted["user_vpc_id"], "NotFoundVpc")

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "connect_cidr_blocks": "",
            "create_time": making.time,
            "instance_cidr": "",
            "instance_type": "normal",
            "status": "RUNNING",
            "support_ipv6": False,
            "zone_id": f"{making.region}-MAZ1(a,b)",
            **wanted,
            **_owner(wanted),
        }

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        vpc, vswitch = asked.get(_INGRESS_VPC), asked.get(_INGRESS_VSWITCH)
        if bool(vpc) != bool(vswitch):
            missing = "IngressVswitchId" if vpc else "IngressVpcId"
            raise CloudError(
                f"Missing{missing}", "An ingress VPC and one of its vSwitches belong together."
            )
        if not vpc:
            return
        session.need("vpc", vpc, "NotFoundVpc")
        found = session.need("vswitch", vswitch)
        if found["vpc_id"] != vpc:
            raise CloudError("InvalidIngressVswitchId", f"{found.id} is in {found['vpc_id']}.")

    @override
    def changed(self, session: Session, resource: Resource, changes: Attributes) -> None:
        if now := session.get(self.name, resource.id):
            owner = {_INGRESS_OWNER: None, **_owner(now.attributes)}
            session.change(now, owner, now.until)


def _need_stated(wanted: Attributes, *names: str) -> None:
    for name in names:
        if not wanted.get(name):
            word = name.replace("_", " ").title().replace(" ", "")
            raise CloudError(f"Missing{word}", f"An instance of this kind needs {name}.")


def _owner(attributes: Mapping[str, Any]) -> Attributes:
    """Whose the VPC is: the cloud says so whether or not it was asked for.

    Whoever names an account means their own, which isn't the simulated one's number.
    """
    owner = attributes.get(_INGRESS_OWNER) or ACCOUNT_ID
    return {_INGRESS_OWNER: owner} if attributes.get(_INGRESS_VPC) else {}


class Group(Kind):
    name = "api_gateway_group"
    not_found = "NotFoundApiGroup"
    texts: ClassVar = {"name": partial(check_name, what="GroupName"), "description": check_length}
    quotas = (
        Quota("api_groups_per_region", "ExceedLimitApiGroup"),
        Quota("api_groups_without_domain", "ExceedLimitApiGroup"),
    )
    indexed = ("name", "instance_id")
    parents = (Parent("api_gateway_instance", "instance_id", instead=(None, "", SHARED_INSTANCE)),)
    dependents = (
        Dependent(
            "api_gateway_api",
            "group_id",
            "DependencyViolationApiGroup",
            "The group {it[name]} still has the API {user[name]}.",
        ),
    )
    unknowable: ClassVar = {"create_time": "when it was made"}

    @override
    def shaped(self, drawn: str) -> str:
        return digest(drawn)

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "base_path": "/",
            "create_time": making.time,
            "instance_id": SHARED_INSTANCE,
            "sub_domain": f"{making.id}-{making.region}.alicloudapi.com",
            **wanted,
            "vpc_domain": _vpc_domain(making.id, making.region, wanted),
        }

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        if not str(asked.get("base_path", "/")).startswith("/"):
            raise CloudError(
                "InvalidBasePath", f"{asked['base_path']!r} doesn't start with a slash."
            )
        if any(one != own for one in session.find(self.name, name=asked.get("name"))):
            raise CloudError(
                "RepeatedGroupName", f"There is a group called {asked['name']!r} already."
            )

    @override
    def changed(self, session: Session, resource: Resource, changes: Attributes) -> None:
        if "vpc_intranet_enable" in changes:
            domain = _vpc_domain(resource.id, resource.region, changes)
            session.change(resource, {"vpc_domain": domain})


def _vpc_domain(identity: str, region: str, asked: Attributes) -> str:
    return f"{identity}-{region}-vpc.alicloudapi.com" if asked.get("vpc_intranet_enable") else ""


_LIST = "api_gateway_access_control_list"
_ENTRY = "api_gateway_acl_entry_attachment"
_USE = "api_gateway_instance_acl_attachment"
_ENTRIES = "acl_entrys"


class AccessControlList(Kind):
    name = _LIST
    prefix = "acl-"
    not_found = "NotFoundAccessControlList"
    texts: ClassVar = {
        "access_control_list_name": matching(
            r"[A-Za-z0-9./_-]{1,30}",
            "InvalidAclName",
            "isn't 1 to 30 letters, digits, '.', '-', '/' and '_'",
        )
    }
    dependents = (
        Dependent(
            _USE, "acl_id", "DependencyViolationAcl", "{user[instance_id]} still heeds {it.id}."
        ),
        Dependent(_ENTRY, "acl_id", goes=True),
    )
    fills: ClassVar = {_ENTRIES: [], "address_ip_version": "ipv4"}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        name = wanted["access_control_list_name"]
        if session.find(_LIST, access_control_list_name=name):
            raise CloudError("RepeatedAclName", f"There is a list called {name!r} already.")


class AclEntryAttachment(Kind):
    """One range of addresses in a list; one that is in it already isn't added."""

    name = _ENTRY
    not_found = "NotFoundAclEntry"
    same_is_one = True
    id_parts = ("acl_id", "entry")
    parents = (Parent(_LIST, "acl_id"),)

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        acl = self.parent(session, wanted, "acl_id")
        words = "{text!r} isn't a range such as 203.0.113.0/24."
        block = parsed(ipaddress.ip_network, wanted["entry"], "InvalidAclEntry", words)
        if f"ipv{block.version}" != acl["address_ip_version"]:
            raise CloudError("InvalidAclEntry", f"{acl.id} is for {acl['address_ip_version']}.")

    @override
    def came_or_went(self, session: Session, resource: Resource) -> None:
        if acl := session.get(_LIST, resource["acl_id"]):
            listed = [
                {"acl_entry_ip": one["entry"], "acl_entry_comment": one.text("comment")}
                for one in session.find(_ENTRY, acl_id=acl.id)
            ]
            session.change(acl, {_ENTRIES: listed})


class InstanceAclAttachment(Kind):
    """An instance that heeds a list: only those in it get in (white), or all others (black).

    It heeds one for each version of addresses.
    """

    name = _USE
    not_found = "NotFoundAclAttachment"
    id_parts = ("instance_id", "acl_id", "acl_type")
    parents = (Parent("api_gateway_instance", "instance_id"), Parent(_LIST, "acl_id"))

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        version = self.parent(session, wanted, "acl_id")["address_ip_version"]
        for use in session.find(_USE, instance_id=wanted["instance_id"]):
            if session.need(_LIST, use["acl_id"])["address_ip_version"] == version:
                raise CloudError(
                    "RepeatedAcl", f"{use['instance_id']} heeds {use['acl_id']} already."
                )


class LogConfig(Kind):
    """Its type is its id. The project and the store in it aren't looked up: they aren't here."""

    name = "api_gateway_log_config"
    not_found = "NotFoundLogConfig"
    id_parts = ("log_type",)
    taken = (
        "RepeatedLogConfig",
        "{same.region} already writes to {same[sls_project]}/{same[sls_log_store]}; it has one.",
    )
