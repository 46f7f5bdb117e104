"""STS, version 2015-04-01: who calls, and keys for who takes a role for a while."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from sandbox.api.actions import ANYTHING, Action, Call, Own, Product, Subject
from sandbox.api.callers import root_key
from sandbox.api.sessions import Sessions
from sandbox.cloud import ACCOUNT_ID, CloudError, Resource
from sandbox.cloud.core.ids import role_of
from sandbox.cloud.ram import is_trusted
from sandbox.cloud.ram.documents import check_policy

__all__ = ["PRODUCT"]

_ROLE: Final = Subject("ram_role", ("RoleName",))
_SHORTEST, _USUAL = 900, 3600
_LONGEST_POLICY: Final = 2048
_NAME: Final = re.compile(r"[A-Za-z0-9.@\-_]{2,64}")
_EXTERNAL: Final = re.compile(r"[\w+=,.@:/\-]{2,1224}")


def _identity(call: Call) -> dict[str, Any]:
    who = call.caller
    is_role = who.sort == "AssumedRoleUser"
    return {
        "AccountId": ACCOUNT_ID,
        "Arn": who.arn,
        "IdentityType": who.sort,
        "PrincipalId": f"{who.id}:{who.session}" if is_role else who.id,
        ("RoleId" if is_role else "UserId"): who.id,
    }


def _role(call: Call) -> Resource:
    """The role that a call names by its resource name, which is in small letters."""
    arn = call.said.text("RoleArn")
    name = role_of(arn)
    if name is None:
        raise _invalid("RoleArn", f"{arn!r} is no role of this account")
    roles = call.store.view(lambda session: session.find("ram_role"))
    for role in roles:
        if role.id.lower() == name:
            return role
    raise CloudError("EntityNotExist.Role", f"The role doesn't exist: {arn}.")


def _about(call: Call) -> Iterable[tuple[Subject, str]]:
    return [(_ROLE, _role(call).id)]


def _assume(call: Call) -> dict[str, Any]:
    said, who = call.said, call.caller
    name, policy = said.text("RoleSessionName"), said.text("Policy")
    if not _NAME.fullmatch(name):
        raise _invalid("RoleSessionName", "2 to 64 letters, digits and .@-_ are")
    external = said.text("ExternalId")
    if external and not _EXTERNAL.fullmatch(external):
        raise _invalid("ExternalId", "2 to 1224 letters, digits and =,.@:/-_ are")
    if len(policy) > _LONGEST_POLICY:
        raise _invalid("Policy", f"at most {_LONGEST_POLICY} characters are")
    if policy:
        check_policy(policy)
    role = _role(call)
    seconds = said.number("DurationSeconds", _USUAL, int(role["max_session_duration"]))
    if seconds < _SHORTEST:
        raise _invalid("DurationSeconds", f"at least {_SHORTEST} are")
    if who.sort == "Account":
        raise CloudError("NoPermission", "Roles may not be assumed by root accounts.")
    context = {"sts:ExternalId": external} if external else {}
    if not is_trusted(role, "RAM", {f"acs:ram::{ACCOUNT_ID}:root", who.arn}, context):
        raise CloudError(
            "NoPermission",
            "You are not authorized to do this action. You should be authorized by RAM: the role "
            f"{role.id} doesn't trust {who.arn}.",
        )
    until = call.at + seconds
    made = Sessions(root_key(call.store).secret).begun(role.id, name, until, policy)
    return {
        "AssumedRoleUser": {
            "Arn": f"acs:ram::{ACCOUNT_ID}:role/{role.id.lower()}/{name}",
            "AssumedRoleId": f"{role['role_id']}:{name}",
        },
        "Credentials": {
            "AccessKeyId": made.id,
            "AccessKeySecret": made.secret,
            "Expiration": datetime.fromtimestamp(until, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "SecurityToken": made.token,
        },
    }


def _invalid(name: str, allowed: str) -> CloudError:
    return CloudError(f"InvalidParameter.{name}", f"{name} is not valid: {allowed}.")


_TABLE: tuple[Action, ...] = (
    # It takes no right at all.
    Own(name="GetCallerIdentity", subject=ANYTHING, do=_identity, of=lambda _: ()),
    Own(
        name="AssumeRole",
        subject=_ROLE,
        needs=("RoleArn", "RoleSessionName"),
        takes=("DurationSeconds", "ExternalId", "Policy"),
        do=_assume,
        of=_about,
    ),
)

PRODUCT: Final = Product("sts", "2015-04-01", _TABLE)
