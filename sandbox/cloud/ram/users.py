"""Users of the account, and the keys with which they sign their calls."""

import secrets
import string
from typing import ClassVar, Final

from typing_extensions import override

from sandbox.cloud.core import (
    Attributes,
    CloudError,
    Dependent,
    Kind,
    Making,
    Quota,
    Resource,
    Session,
)
from sandbox.cloud.core.ids import ACCOUNT_ID
from sandbox.cloud.core.kind import TIME
from sandbox.cloud.core.name_checks import matching
from sandbox.cloud.ram.policies import OF_USER, USER_ATTACHMENT

__all__ = ["AccessKey", "User", "new_secret", "user_arn"]

_LETTERS: Final = string.ascii_letters + string.digits
_SECRET_LETTERS: Final = 30


def user_arn(name: str) -> str:
    """The resource name of one of the account's users."""
    return f"acs:ram::{ACCOUNT_ID}:user/{name}"


def new_secret(letters: int = _SECRET_LETTERS) -> str:
    """A secret that nobody can guess."""
    return "".join(secrets.choice(_LETTERS) for _ in range(letters))


class User(Kind):
    """A user. The cloud lets one be renamed; here a name is for good."""

    name = "ram_user"
    prefix = "2"
    not_found = "EntityNotExist.User"
    scope = "account"
    texts: ClassVar = {
        "name": matching(
            r"[A-Za-z0-9._\-]{1,64}",
            "InvalidParameter.UserName.InvalidChars",
            "can't be a user: 1 to 64 letters, digits, periods, hyphens and underscores",
        ),
        "comments": matching(
            r"(?s).{1,128}", "InvalidParameter.Comments.Length", "is longer than 128 characters"
        ),
        "display_name": matching(
            r"(?s).{1,128}", "InvalidParameter.DisplayName.Length", "is longer than 128 characters"
        ),
    }
    dependents = (
        Dependent(
            "ram_access_key",
            "user_name",
            "DeleteConflict.User.AccessKey",
            "The user {it[name]} still has the key {user.id}.",
            goes=True,
            own="name",
        ),
        Dependent(
            USER_ATTACHMENT,
            "user_name",
            "DeleteConflict.User.Policy",
            "The user {it[name]} still has the policy {user[policy_name]}.",
            goes=True,
            own="name",
        ),
    )
    fills: ClassVar = {"create_time": TIME}
    unknowable: ClassVar = {"create_time": "when it was made"}

    @override
    def shaped(self, drawn: str) -> str:
        return f"2{str(int(drawn, 36))[-17:]}"

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        if session.count(self.name, name=wanted["name"]):
            raise CloudError(
                "EntityAlreadyExists.User", f"There is a user called {wanted['name']} already."
            )

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        if changes.get("name", resource["name"]) != resource["name"]:
            raise CloudError(  # The code is ours.
                "UnsupportedParameter", "Users of the sandbox keep their names."
            )


class AccessKey(Kind):
    """A pair of id and secret. The secret is told once, and kept to check signatures by."""

    name = "ram_access_key"
    prefix = "LTAI5t"
    not_found = "EntityNotExist.User.AccessKey"
    scope = "account"
    parents = (OF_USER,)
    quotas = (Quota("access_keys_per_user", "LimitExceeded.User.AccessKey", per="user_name"),)
    fills: ClassVar = {
        "create_time": TIME,
        "encrypted_secret": "",
        "key_fingerprint": "",
        "status": "Active",
    }
    unknowable: ClassVar = {"secret": "its secret, so that nobody can sign with it"}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {"secret": new_secret(), **super().complete(wanted, making)}
