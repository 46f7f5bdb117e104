"""Lists of addresses, what is in them, and which instances heed them."""

import ipaddress

from typing_extensions import override

from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind
from sandbox.cloud.making import Making
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.session import Session

__all__ = ["AccessControlList", "AclEntryAttachment", "InstanceAclAttachment"]

_LIST = "api_gateway_access_control_list"
_ENTRY = "api_gateway_acl_entry_attachment"
_USE = "api_gateway_instance_acl_attachment"
_LIST_MISSING = "NotFoundAcl"
_ENTRIES = "acl_entrys"


class AccessControlList(Kind):
    name = _LIST
    prefix = "acl-"
    not_found = _LIST_MISSING

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        name = wanted["access_control_list_name"]
        if session.sift(_LIST, access_control_list_name=name):
            raise CloudError("RepeatedAclName", f"There is a list called {name!r} already.")
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {_ENTRIES: [], "address_ip_version": "ipv4", **wanted}

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        if used := session.sift(_USE, acl_id=resource.id):
            raise CloudError(
                "DependencyViolationAcl", f"{used[0]['instance_id']} still heeds {resource.id}."
            )

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        for entry in session.sift(_ENTRY, acl_id=resource.id):
            session.remove(entry)


class AclEntryAttachment(Kind):
    """One range of addresses in a list."""

    name = _ENTRY
    not_found = "NotFoundAclEntry"

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        return f"{wanted['acl_id']}:{wanted['entry']}"

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        acl = session.need(_LIST, wanted["acl_id"], _LIST_MISSING)
        try:
            block = ipaddress.ip_network(wanted["entry"])
        except ValueError:
            raise CloudError(
                "InvalidAclEntry", f"{wanted['entry']!r} isn't a range such as 203.0.113.0/24."
            ) from None
        if f"ipv{block.version}" != acl["address_ip_version"]:
            raise CloudError("InvalidAclEntry", f"{acl.id} is for {acl['address_ip_version']}.")
        if session.get(self.name, self.identity(session, wanted)):
            raise CloudError("RepeatedAclEntry", f"{block} is in {acl.id} already.")
        return {}

    @override
    def created(self, session: Session, resource: Resource) -> None:
        _list_entries(session, resource)

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        _list_entries(session, resource)


def _list_entries(session: Session, entry: Resource) -> None:
    if acl := session.get(_LIST, entry["acl_id"]):
        listed = [
            {"acl_entry_ip": one["entry"], "acl_entry_comment": one.text("comment")}
            for one in session.sift(_ENTRY, acl_id=acl.id)
        ]
        session.change(acl, {_ENTRIES: listed})


class InstanceAclAttachment(Kind):
    """An instance that heeds a list: only those in it get in (white), or all others (black)."""

    name = _USE
    not_found = "NotFoundAclAttachment"

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        return f"{wanted['instance_id']}:{wanted['acl_id']}:{wanted['acl_type']}"

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        instance = session.need("api_gateway_instance", wanted["instance_id"], "NotFoundInstance")
        session.need(_LIST, wanted["acl_id"], _LIST_MISSING)
        if session.get(self.name, self.identity(session, wanted)):
            raise CloudError("RepeatedAcl", f"{instance.id} heeds {wanted['acl_id']} already.")
        return {}
