"""Roles: what somebody else takes on for a while, a service of the cloud's or a user."""

from collections.abc import Iterable, Mapping
from typing import ClassVar, cast

from typing_extensions import override

from facts.calls import judged
from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Making, Resource, Session
from sandbox.cloud.core.ids import role_arn
from sandbox.cloud.core.name_checks import matching
from sandbox.cloud.ram.documents import check_trust, parsed, statements, texts
from sandbox.cloud.ram.policies import ROLE_ATTACHMENT

__all__ = ["ASSUME_ROLE", "Role", "is_trusted"]

_SESSIONS = range(3600, 43_201)
ASSUME_ROLE = "sts:AssumeRole"


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
            ROLE_ATTACHMENT,
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
        check_trust(asked.get("assume_role_policy_document"))
        seconds = asked.get("max_session_duration") or _SESSIONS.start
        if seconds not in _SESSIONS:
            raise CloudError(
                "InvalidParameter.MaxSessionDuration", f"{seconds} s; allowed are 3600 to 43200."
            )


def is_trusted(
    role: Resource, sort: str, names: Iterable[str], context: Mapping[str, str] | None = None
) -> bool:
    """Whether somebody may take the role.

    Args:
        role: the role.
        sort: what of a principal names them: `Service` or `RAM`.
        names: what they are called there, any of it.
        context: condition keys of the request.
    """
    wanted = {*names}
    about = [
        {**one, "Resource": "*"}
        for one in statements(parsed(role.text("assume_role_policy_document")))
        if wanted & {*texts(cast("Mapping[str, object]", one["Principal"]).get(sort))}
    ]
    return judged([{"Statement": about}], ASSUME_ROLE, "*", context) == "Allowed"
