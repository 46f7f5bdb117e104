"""RAM: roles, policies, and which role has which. They belong to the account, not to a region."""

import json
import re
from typing import ClassVar, cast

from typing_extensions import override

from sandbox.cloud.account import role_arn
from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind
from sandbox.cloud.making import Making
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.session import Session

__all__ = ["Role", "RolePolicy", "RolePolicyAttachment"]

_ROLE = "ram_role"
_POLICY = "ram_policy"
_ATTACHMENT = "ram_role_policy_attachment"
_ROLE_MISSING = "EntityNotExist.Role"
_POLICY_MISSING = "EntityNotExist.Policy"
# Of the cloud's own policies, those that somebody may want here.
_SYSTEM_POLICIES = frozenset({
    "AdministratorAccess",
    "ReadOnlyAccess",
    "AliyunECSNetworkInterfaceManagementAccess",
    *(
        f"Aliyun{product}{access}"
        for product in ("ApiGateway", "CEN", "ECS", "FC", "Log", "OSS", "RAM", "SLB", "VPC")
        for access in ("FullAccess", "ReadOnlyAccess")
    ),
    "AliyunFCInvocationAccess",
    "AliyunFCDefaultRolePolicy",
})  # fmt: skip
_ROLE_NAME = re.compile(r"[A-Za-z0-9.\-]{1,64}")
_POLICY_NAME = re.compile(r"[A-Za-z0-9\-]{1,128}")
_LARGEST_DOCUMENT = 6144
_SESSIONS = range(3600, 43_201)


class Role(Kind):
    name = _ROLE
    not_found = _ROLE_MISSING
    twins: ClassVar = {"role_name": "name", "assume_role_policy_document": "document"}

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        return str(self.derive(wanted).get("role_name") or session.new_id("role-"))

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        asked = self.derive(wanted)
        name = self.identity(session, wanted)
        if not _ROLE_NAME.fullmatch(name):
            raise CloudError(
                "InvalidParameter.RoleName.InvalidChars",
                f"{name!r} can't be a role: 1 to 64 letters, digits, periods and hyphens.",
            )
        _check_role(asked)
        if session.get(_ROLE, name):
            raise CloudError("EntityAlreadyExists.Role", f"There is a role called {name} already.")
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "arn": role_arn(str(wanted.get("role_name") or making.id)),
            "assume_role_policy_document": "",
            "create_time": making.time,
            "max_session_duration": 3600,
            "ram_users": [],
            "role_id": making.new_id("3"),
            "role_name": making.id,
            "services": [],
            **wanted,
        }

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        _check_role({**resource.attributes, **changes})

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        attached = session.sift(_ATTACHMENT, role_name=resource.id)
        if attached and not force:
            raise CloudError(
                "DeleteConflict.Role.Policy",
                f"The role {resource.id} still has the policy {attached[0]['policy_name']}.",
            )

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        for one in session.sift(_ATTACHMENT, role_name=resource.id):
            session.remove(one)
            _count_roles(session, one["policy_name"])


def _check_role(asked: Attributes) -> None:
    _check_document(asked.get("assume_role_policy_document"))
    seconds = asked.get("max_session_duration") or _SESSIONS.start
    if seconds not in _SESSIONS:
        raise CloudError(
            "InvalidParameter.MaxSessionDuration", f"{seconds} s; allowed are 3600 to 43200."
        )


def _check_document(text: object) -> None:
    """The codes are ours, but for that of the length."""
    try:
        read: object = json.loads(str(text))
    except ValueError as problem:
        raise CloudError("MalformedPolicyDocument", f"It isn't JSON: {problem}.") from None
    document = cast("dict[str, object]", read) if isinstance(read, dict) else {}
    if document.get("Version") != "1" or not isinstance(document.get("Statement"), list):
        raise CloudError(
            "MalformedPolicyDocument", 'A policy has "Version": "1" and a list "Statement".'
        )
    if len(str(text)) > _LARGEST_DOCUMENT:
        raise CloudError(
            "InvalidParameter.PolicyDocument.Length", f"At most {_LARGEST_DOCUMENT} bytes fit."
        )


class RolePolicy(Kind):
    """A policy of the account's own; the cloud's are there unasked."""

    name = _POLICY
    not_found = _POLICY_MISSING
    twins: ClassVar = {"policy_name": "name", "policy_document": "document"}

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        return str(self.derive(wanted).get("policy_name") or session.new_id("policy-"))

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        name = self.identity(session, wanted)
        if not _POLICY_NAME.fullmatch(name):
            raise CloudError(
                "InvalidParameter.PolicyName.InvalidChars",
                f"{name!r} can't be a policy: 1 to 128 letters, digits and hyphens.",
            )
        _check_document(self.derive(wanted).get("policy_document"))
        if session.get(_POLICY, name):
            raise CloudError(
                "EntityAlreadyExists.Policy", f"There is a policy called {name} already."
            )
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "attachment_count": 0,
            "create_time": making.time,
            "default_version": "v1",
            "policy_document": "",
            "policy_name": making.id,
            "statement": [],
            "type": "Custom",
            "version_id": "v1",
            **wanted,
        }

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        _check_document({**resource.attributes, **changes}.get("policy_document"))

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        attached = session.sift(_ATTACHMENT, policy_name=resource.id)
        if attached and not force:
            raise CloudError(  # The code is ours.
                "DeleteConflict.Policy.Role",
                f"The role {attached[0]['role_name']} still has the policy {resource.id}.",
            )

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        for one in session.sift(_ATTACHMENT, policy_name=resource.id):
            session.remove(one)


class RolePolicyAttachment(Kind):
    name = _ATTACHMENT
    not_found = "EntityNotExist.Role.Policy"

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        parts = ("policy_name", "policy_type", "role_name")
        return ":".join(["role", *(str(wanted[part]) for part in parts)])

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        role = session.need(_ROLE, wanted["role_name"], _ROLE_MISSING)
        policy = wanted["policy_name"]
        if wanted["policy_type"] == "Custom":
            session.need(_POLICY, policy, _POLICY_MISSING)
        elif policy not in _SYSTEM_POLICIES:
            raise CloudError(_POLICY_MISSING, f"The sandbox knows no system policy {policy!r}.")
        if session.get(self.name, self.identity(session, wanted)):
            raise CloudError("EntityAlreadyExists.Role.Policy", f"{role.id} has {policy} already.")
        return {}

    @override
    def created(self, session: Session, resource: Resource) -> None:
        _count_roles(session, resource["policy_name"])

    @override
    def deleted(self, session: Session, resource: Resource) -> None:
        _count_roles(session, resource["policy_name"])


def _count_roles(session: Session, policy: object) -> None:
    if found := session.get(_POLICY, policy):
        custom = session.sift(_ATTACHMENT, policy_name=policy)
        count = sum(one["policy_type"] == "Custom" for one in custom)
        session.change(found, {"attachment_count": count})
