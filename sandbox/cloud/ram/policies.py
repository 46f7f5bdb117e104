"""Policies of the account's own with their versions, and which role or user has which policy."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Resource, Session
from sandbox.cloud.core.kind import ID, TIME, Parent
from sandbox.cloud.core.name_checks import matching
from sandbox.cloud.ram.documents import SYSTEM_POLICIES, check_policy

__all__ = [
    "OF_USER",
    "ROLE_ATTACHMENT",
    "USER_ATTACHMENT",
    "RolePolicy",
    "RolePolicyAttachment",
    "UserPolicyAttachment",
    "Version",
    "version_of",
    "versions_of",
    "with_default",
    "with_version",
    "without_version",
]

ROLE_ATTACHMENT: Final = "ram_role_policy_attachment"
USER_ATTACHMENT: Final = "ram_user_policy_attachment"
_MISSING: Final = "EntityNotExist.Policy"
_MISSING_VERSION: Final = "EntityNotExist.Policy.Version"
_MOST_VERSIONS: Final = 5
_ROTATED: Final = "DeleteOldestNonDefaultVersionWhenLimitExceeded"
Version = Mapping[str, str]
"""A version's `id`, `document` and `time`."""


class RolePolicy(Kind):
    """A policy of the account's own; the cloud's are there unasked."""

    name = "ram_policy"
    prefix = "policy-"
    not_found = _MISSING
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
            ROLE_ATTACHMENT,
            "policy_name",
            "DeleteConflict.Policy.Role",  # The code is ours.
            "The role {user[role_name]} still has the policy {it.id}.",
            goes=True,
        ),
        Dependent(
            USER_ATTACHMENT,
            "policy_name",
            "DeleteConflict.Policy.User",
            "The user {user[user_name]} still has the policy {it.id}.",
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
        check_policy(asked.get("policy_document"))

    @override
    def update(self, session: Session, resource: Resource, changes: Mapping[str, Any]) -> Resource:
        filled = self.derive(changes)
        document = filled.get("policy_document")
        if document not in {None, resource["policy_document"]} and "versions" not in filled:
            rotate = filled.get("rotate_strategy", resource["rotate_strategy"])
            time = session.making(resource.id, {}).time
            filled |= with_version(resource, str(document), time, rotate=rotate, default=True)
        return super().update(session, resource, filled)


def with_version(
    policy: Resource, document: str, time: str, *, rotate: object, default: bool
) -> Attributes:
    """What changes of a policy that gets one more version.

    Args:
        policy: as it is.
        document: the version's.
        time: when.
        rotate: the strategy by which one that isn't in force makes room.
        default: whether the new one is in force from now on.

    Raises:
        CloudError: it has as many as one may have.
    """
    check_policy(document)
    kept = versions_of(policy)
    if len(kept) >= _MOST_VERSIONS and rotate == _ROTATED:
        kept.remove(next(one for one in kept if one["id"] != policy["default_version"]))
    if len(kept) >= _MOST_VERSIONS:
        raise CloudError(
            "LimitExceeded.Policy.Version",
            f"The policy {policy.id} has {_MOST_VERSIONS} versions; delete one that isn't in force "
            f"first, or say {_ROTATED}.",
        )
    number = int(policy["last_version"] or policy.text("default_version").removeprefix("v")) + 1
    new = {"id": f"v{number}", "document": document, "time": time}
    changes: Attributes = {"versions": [*kept, new], "last_version": number}
    return {**changes, **(_in_force(new) if default else {})}


def without_version(policy: Resource, identity: str) -> Attributes:
    """What changes of a policy that loses a version."""
    version_of(policy, identity)
    if identity == policy["default_version"]:
        raise CloudError(
            "DeleteConflict.PolicyVersion.Default",  # The code is ours.
            f"{identity} of {policy.id} is in force.",
        )
    return {"versions": [one for one in versions_of(policy) if one["id"] != identity]}


def with_default(policy: Resource, identity: str) -> Attributes:
    """What changes of a policy of which another version is to be in force."""
    return {"versions": versions_of(policy), **_in_force(version_of(policy, identity))}


def versions_of(policy: Resource) -> list[Version]:
    """Every version of a policy, oldest first; they are written down from the second on."""
    only = {
        "id": policy.text("default_version"),
        "document": policy.text("policy_document"),
        "time": policy.text("create_time"),
    }
    return [*(policy["versions"] or [only])]


def version_of(policy: Resource, identity: str) -> Version:
    """One version of a policy."""
    for one in versions_of(policy):
        if one["id"] == identity:
            return one
    raise CloudError(_MISSING_VERSION, f"{policy.id} has no version {identity}.")


def _in_force(version: Version) -> Attributes:
    return {
        "policy_document": version["document"],
        "default_version": version["id"],
        "version_id": version["id"],
    }


OF_USER: Final = Parent(
    "ram_user",
    "user_name",
    "EntityNotExist.User",
    own="name",
    words="There is no user called {name}.",
    # A key that names no user is the account's own.
    instead={None, ""},
)


class _Attachment(Kind):
    """That somebody has a policy."""

    sort: ClassVar[str]
    """What has it, as ids say it: a role, a user."""

    scope = "account"
    fills: ClassVar = {"attach_date": TIME}
    unknowable: ClassVar = {"attach_date": "since when it is attached"}

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        parts = ("policy_name", "policy_type", f"{self.sort}_name")
        return ":".join([self.sort, *(str(wanted[part]) for part in parts)])

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        policy = wanted["policy_name"]
        if wanted["policy_type"] == "Custom":
            session.need("ram_policy", policy)
        elif policy not in SYSTEM_POLICIES:
            raise CloudError(_MISSING, f"The sandbox knows no system policy {policy!r}.")

    @override
    def came_or_went(self, session: Session, resource: Resource) -> None:
        if policy := session.get("ram_policy", resource["policy_name"]):
            named = {"policy_name": policy.id, "policy_type": "Custom"}
            attached = [session.count(kind, **named) for kind in (ROLE_ATTACHMENT, USER_ATTACHMENT)]
            session.change(policy, {"attachment_count": sum(attached)})


class RolePolicyAttachment(_Attachment):
    name = ROLE_ATTACHMENT
    sort = "role"
    not_found = "EntityNotExist.Role.Policy"
    parents = (Parent("ram_role", "role_name"),)
    taken = (
        "EntityAlreadyExists.Role.Policy",
        "{same[role_name]} has {same[policy_name]} already.",
    )


class UserPolicyAttachment(_Attachment):
    name = USER_ATTACHMENT
    sort = "user"
    not_found = "EntityNotExist.User.Policy"
    parents = (OF_USER,)
    taken = (
        "EntityAlreadyExists.User.Policy",
        "{same[user_name]} has {same[policy_name]} already.",
    )
