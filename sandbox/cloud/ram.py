"""RAM: roles, policies, which role has which, and what a role may do by them.

They belong to the account, not to a region. Resources and conditions of a statement aren't looked
at: an action that is allowed on anything counts as allowed.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import ClassVar, cast

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.ids import role_arn
from sandbox.cloud.core.kind import ID, TIME, Parent
from sandbox.cloud.core.name_checks import matching

__all__ = [
    "KINDS",
    "NETWORK_ACTIONS",
    "Role",
    "RolePolicy",
    "RolePolicyAttachment",
    "forbidden",
    "is_trusted",
]

_ATTACHMENT = "ram_role_policy_attachment"
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
_POLICY_MISSING = "EntityNotExist.Policy"
_LARGEST_DOCUMENT = 6144
_SESSIONS = range(3600, 43_201)


class Role(Kind):
    name = "ram_role"
    prefix = "role-"
    not_found = "EntityNotExist.Role"
    scope = "account"
    id_parts = ("role_name",)
    texts: ClassVar = {
        "role_name": matching(
            r"[A-Za-z0-9.\-]{1,64}",
            "InvalidParameter.RoleName.InvalidChars",
            "can't be a role: 1 to 64 letters, digits, periods and hyphens",
        )
    }
    taken = ("EntityAlreadyExists.Role", "There is a role called {same.id} already.")
    dependents = (
        Dependent(
            _ATTACHMENT,
            "role_name",
            "DeleteConflict.Role.Policy",
            "The role {it.id} still has the policy {user[policy_name]}.",
            goes=True,
        ),
    )
    twins: ClassVar = {"role_name": "name", "assume_role_policy_document": "document"}

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
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
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

    name = "ram_policy"
    prefix = "policy-"
    not_found = _POLICY_MISSING
    scope = "account"
    id_parts = ("policy_name",)
    texts: ClassVar = {
        "policy_name": matching(
            r"[A-Za-z0-9\-]{1,128}",
            "InvalidParameter.PolicyName.InvalidChars",
            "can't be a policy: 1 to 128 letters, digits and hyphens",
        )
    }
    taken = ("EntityAlreadyExists.Policy", "There is a policy called {same.id} already.")
    dependents = (
        Dependent(
            _ATTACHMENT,
            "policy_name",
            "DeleteConflict.Policy.Role",  # The code is ours.
            "The role {user[role_name]} still has the policy {it.id}.",
            goes=True,
        ),
    )
    twins: ClassVar = {"policy_name": "name", "policy_document": "document"}
    fills: ClassVar = {
        "attachment_count": 0,
        "create_time": TIME,
        "default_version": "v1",
        "policy_document": "",
        "policy_name": ID,
        "statement": [],
        "type": "Custom",
        "version_id": "v1",
    }

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        _check_document(asked.get("policy_document"))


class RolePolicyAttachment(Kind):
    name = _ATTACHMENT
    not_found = "EntityNotExist.Role.Policy"
    parents = (Parent("ram_role", "role_name"),)
    scope = "account"
    taken = (
        "EntityAlreadyExists.Role.Policy",
        "{same[role_name]} has {same[policy_name]} already.",
    )

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        parts = ("policy_name", "policy_type", "role_name")
        return ":".join(["role", *(str(wanted[part]) for part in parts)])

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        policy = wanted["policy_name"]
        if wanted["policy_type"] == "Custom":
            session.need("ram_policy", policy)
        elif policy not in _SYSTEM_POLICIES:
            raise CloudError(_POLICY_MISSING, f"The sandbox knows no system policy {policy!r}.")

    @override
    def came_or_went(self, session: Session, resource: Resource) -> None:
        if policy := session.get("ram_policy", resource["policy_name"]):
            attached = session.find(_ATTACHMENT, policy_name=policy.id, policy_type="Custom")
            session.change(policy, {"attachment_count": len(attached)})


# What AliyunECSNetworkInterfaceManagementAccess allows: all that a service needs to put network
# cards of its own into somebody's vSwitch.
NETWORK_ACTIONS = (
    "vpc:DescribeVSwitchAttributes",
    "ecs:CreateNetworkInterface",
    "ecs:DeleteNetworkInterface",
    "ecs:DescribeNetworkInterfaces",
    "ecs:CreateNetworkInterfacePermission",
    "ecs:DescribeNetworkInterfacePermissions",
    "ecs:DeleteNetworkInterfacePermission",
)
# Of the cloud's own policies, what they allow of the actions that somebody asks about here.
_SYSTEM: Mapping[str, tuple[str, ...]] = {
    "AdministratorAccess": ("*",),
    "AliyunECSNetworkInterfaceManagementAccess": NETWORK_ACTIONS,
    "AliyunECSFullAccess": ("ecs:*", "vpc:DescribeVpcs", "vpc:DescribeVSwitches"),
    "AliyunVPCFullAccess": ("vpc:*",),
}


def forbidden(session: Session, role: Resource, actions: Iterable[str]) -> list[str]:
    """Those of the actions that the role may not take."""
    allowed: list[str] = []
    denied: list[str] = []
    for one in session.find("ram_role_policy_attachment", role_name=role.id):
        if one["policy_type"] == "System":
            allowed += _SYSTEM.get(one.text("policy_name"), ())
        elif policy := session.get("ram_policy", one["policy_name"]):
            for statement in _statements(policy.text("policy_document")):
                (allowed if statement.get("Effect") == "Allow" else denied).extend(
                    _texts(statement.get("Action"))
                )
    return [
        action for action in actions if not _matches(action, allowed) or _matches(action, denied)
    ]


def is_trusted(role: Resource, service: str) -> bool:
    """Whether a service of the cloud may take the role."""
    return any(
        statement.get("Effect") == "Allow"
        and _matches("sts:AssumeRole", _texts(statement.get("Action")))
        and service in _texts(_mapping(statement.get("Principal")).get("Service"))
        for statement in _statements(role.text("assume_role_policy_document"))
    )


def _matches(action: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)


def _statements(document: str) -> Iterator[Mapping[str, object]]:
    """The document was read once before it was taken."""
    for one in cast("list[object]", _mapping(json.loads(document)).get("Statement") or []):
        yield _mapping(one)


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _texts(value: object) -> list[str]:
    """RAM takes one string where it takes many."""
    many = cast("list[object]", value) if isinstance(value, list) else [value]
    return [one for one in many if isinstance(one, str)]


KINDS = (Role(), RolePolicy(), RolePolicyAttachment())
