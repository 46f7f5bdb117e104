"""What a RAM role may do, by the policies that it has, and who may take it.

Resources and conditions of a statement aren't looked at: an action that is allowed on anything
counts as allowed.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import cast

from sandbox.cloud.core import Resource, Session

__all__ = ["NETWORK_ACTIONS", "forbidden", "is_trusted"]

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
    return [one for one in actions if not _matches(one, allowed) or _matches(one, denied)]


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
