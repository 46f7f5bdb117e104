"""`ApiAccessControl`: from which addresses a dedicated API Gateway instance takes connections.

Owns the list, its entries and its binding to the instance. Doesn't own the instance. It decides for
all APIs on it, before any of them is looked at; the `ipControl` plugin decides API by API.

Source: API Gateway, "Access control of dedicated instances"; the seed document on API Gateway best
practices, chapter 4.
"""

from collections.abc import Mapping
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_alicloud import apigateway

from .._component import Component
from .._options import child, former, in_lanes

ACL_TYPES: Final = {"allow": "white", "deny": "black"}


class ApiAccessEntryArgs(TypedDict):
    """One range of addresses. Another value of any means another entry."""

    cidr: str
    """Such as 203.0.113.0/24."""

    comment: NotRequired[str | None]
    """What it is."""

    was: NotRequired[str | None]
    """The key that this entry had before it was renamed."""


class ApiAccessControlArgs(TypedDict):
    """Arguments of `ApiAccessControl`."""

    instance_id: pulumi.Input[str]
    """The instance: `ApiGatewayInstance.instance_id`."""

    list_name: pulumi.Input[str]
    """The list's name: letters, digits, hyphens and underscores. Another one means another list."""

    mode: str
    """"allow": nobody but these; "deny": everybody but these."""

    entries: Mapping[str, ApiAccessEntryArgs]
    """Ranges by key, at least one; the key becomes part of the resource's name."""


class ApiAccessControl(Component):
    """An access control list of an instance.

    Children: `<name>-acl`, `<name>-acl-attachment`, and `<name>-entry-<key>` for each entry.
    """

    acl_id: pulumi.Output[str]
    """The list's id."""

    def __init__(
        self, name: str, args: ApiAccessControlArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the list, its entries and then its binding."""
        super().__init__(name, opts)
        self._name = name
        if not args["entries"]:
            message = (
                f"ApiAccessControl {name}: needs at least one entry; without any, leave the whole "
                "component out"
            )
            raise ValueError(message)
        acl = apigateway.AccessControlList(
            f"{name}-acl",
            apigateway.AccessControlListArgs(
                access_control_list_name=args["list_name"], address_ip_version="ipv4"
            ),
            opts=child(self),
        )
        entries = self._entries(args["entries"], acl)
        apigateway.InstanceAclAttachment(
            f"{name}-acl-attachment",
            apigateway.InstanceAclAttachmentArgs(
                instance_id=args["instance_id"],
                acl_id=acl.id,
                acl_type=ACL_TYPES[args["mode"]],
            ),
            # Bound when it is complete: an allow list that is still being filled shuts callers out.
            # An instance has one list of a type at a time.
            opts=child(self, after=list(entries.values()), delete_before_replace=True),
        )
        self.acl_id = acl.id
        self.register_outputs({"aclId": self.acl_id})

    def _entries(
        self, args: Mapping[str, ApiAccessEntryArgs], acl: "apigateway.AccessControlList"
    ) -> "dict[str, apigateway.AclEntryAttachment]":
        made: dict[str, apigateway.AclEntryAttachment] = {}
        # One after the other: they all change the same list.
        for key, before in in_lanes(list(args), 1).items():
            entry = args[key]
            made[key] = apigateway.AclEntryAttachment(
                f"{self._name}-entry-{key}",
                apigateway.AclEntryAttachmentArgs(
                    acl_id=acl.id, entry=entry["cidr"], comment=entry.get("comment")
                ),
                # A range stands in a list once.
                opts=child(
                    self,
                    was=former(f"{self._name}-entry", entry.get("was")),
                    after=[made[before]] if before is not None else None,
                    delete_before_replace=True,
                ),
            )
        return made
