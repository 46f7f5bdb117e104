"""The provider's own settings in a stack file: which of them are taken, and which only encrypted.

They decide who acts, on which account, and whom the provider talks to, so the list is of those that
are let in. What sends calls elsewhere (`endpoints`, `protocol`, `sourceIp`, `credentialsUri`) isn't
in it: one stack file could hand the account's credentials to another host.

Source: the provider's configuration, "Authentication" and "Custom Service Endpoints".
"""

import json
from collections.abc import Mapping
from typing import Final, cast

from stack.problems import Problem, did_you_mean
from stack.secrets import secret_paths

PROVIDER: Final = "alicloud"

PLAIN: Final = frozenset(
    {
        *("accountId", "accountType", "profile", "ecsRoleName", "assumeRole", "assumeRoleWithOidc"),
        *("clientConnectTimeout", "clientReadTimeout", "maxRetryTimeout", "skipRegionValidation"),
    }
)
"""Who acts, by a name that others have to let act, and how long to wait."""

SECRET: Final = frozenset({"accessKey", "secretKey", "securityToken"})
"""Taken where they are encrypted; better left to the environment."""

_INSIDE: Final = "oidcToken"
_LISTED: Final = ", ".join(sorted(PLAIN))
_LEAVE: Final = "leave it to the environment, or set it with pulumi config set --secret"


def setting_problem(name: str, value: object, *, encrypted: bool | None = None) -> Problem | None:
    """What is wrong with a setting of the provider.

    Args:
        name: its key without the namespace.
        value: as the file has it, or as Pulumi does. Never shown.
        encrypted: whether Pulumi has it as a secret; by what the value looks like unless given.
    """
    if encrypted is None:
        encrypted = () in secret_paths(value)
    key = f"{PROVIDER}:{name}"
    if name not in PLAIN | SECRET:
        rule = f"{key} isn't one of the provider's settings that a stack file may have"
        near = did_you_mean(name, PLAIN | SECRET)
        remedy = f"did you mean {PROVIDER}:{near}?" if near else f"remove it; there are {_LISTED}"
    elif name in SECRET and not encrypted:
        rule = f"{key} is a secret, and stands here in plain text"
        remedy = _LEAVE
    elif name in PLAIN and not encrypted and _has_plain_token(value):
        rule = f"{_INSIDE} is a secret, and stands here in plain text"
        remedy = "say oidcTokenFile"
    else:
        return None
    return Problem((key,), key, rule, remedy)


def _has_plain_token(value: object) -> bool:
    """Whether a token stands in a structure, which may be written as JSON text."""
    if isinstance(value, str):
        try:
            value = cast("object", json.loads(value))
        except (ValueError, RecursionError):
            return _INSIDE in value
    if isinstance(value, list):
        return any(_has_plain_token(one) for one in cast("list[object]", value))
    if not isinstance(value, Mapping):
        return False
    token = cast("Mapping[str, object]", value).get(_INSIDE)
    return token is not None and () not in secret_paths(token)
