"""Lists of addresses, what is in them, and which instances heed them."""

import ipaddress

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.kind import Parent

__all__ = ["AccessControlList", "AclEntryAttachment", "InstanceAclAttachment"]

_LIST = "api_gateway_access_control_list"
_ENTRY = "api_gateway_acl_entry_attachment"
_USE = "api_gateway_instance_acl_attachment"
_ENTRIES = "acl_entrys"


class AccessControlList(Kind):
    name = _LIST
    prefix = "acl-"
    not_found = "NotFoundAcl"
    dependents = (
        Dependent(
            _USE, "acl_id", "DependencyViolationAcl", "{user[instance_id]} still heeds {it.id}."
        ),
        Dependent(_ENTRY, "acl_id", goes=True),
    )

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        name = wanted["access_control_list_name"]
        if session.find(_LIST, access_control_list_name=name):
            raise CloudError("RepeatedAclName", f"There is a list called {name!r} already.")
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {_ENTRIES: [], "address_ip_version": "ipv4", **wanted}


class AclEntryAttachment(Kind):
    """One range of addresses in a list."""

    name = _ENTRY
    not_found = "NotFoundAclEntry"
    id_parts = ("acl_id", "entry")
    parents = (Parent(_LIST, "acl_id"),)
    taken = ("RepeatedAclEntry", "{same[entry]} is in {same[acl_id]} already.")

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        acl = self.parent(session, wanted, "acl_id")
        try:
            block = ipaddress.ip_network(wanted["entry"])
        except ValueError:
            raise CloudError(
                "InvalidAclEntry", f"{wanted['entry']!r} isn't a range such as 203.0.113.0/24."
            ) from None
        if f"ipv{block.version}" != acl["address_ip_version"]:
            raise CloudError("InvalidAclEntry", f"{acl.id} is for {acl['address_ip_version']}.")
        return {}

    @override
    def came_or_went(self, session: Session, resource: Resource) -> None:
        if acl := session.get(_LIST, resource["acl_id"]):
            listed = [
                {"acl_entry_ip": one["entry"], "acl_entry_comment": one.text("comment")}
                for one in session.find(_ENTRY, acl_id=acl.id)
            ]
            session.change(acl, {_ENTRIES: listed})


class InstanceAclAttachment(Kind):
    """An instance that heeds a list: only those in it get in (white), or all others (black)."""

    name = _USE
    not_found = "NotFoundAclAttachment"
    id_parts = ("instance_id", "acl_id", "acl_type")
    parents = (Parent("api_gateway_instance", "instance_id"), Parent(_LIST, "acl_id"))
    taken = ("RepeatedAcl", "{same[instance_id]} heeds {same[acl_id]} already.")
