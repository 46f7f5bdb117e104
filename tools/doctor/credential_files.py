"""What files of credentials say about themselves: mode and end, and nothing of a key."""

import base64
import json
import math
from pathlib import Path
from typing import cast

from tools.doctor.json_files import as_mapping, mapping_in
from tools.doctor.machine import Profile, Token

__all__ = ["profile_of", "token_of"]

_ENDS = ("sts_expiration", "access_token_expire", "oauth_access_token_expire")
"""The CLI writes when tokens end under these names, in seconds since 1970."""

_MODES = {
    *("AK", "StsToken", "RamRoleArn", "EcsRamRole", "RamRoleArnWithEcs", "ChainableRamRoleArn"),
    *("CredentialsURI", "OIDC", "CloudSSO", "External", "OAuth"),
}


def profile_of(name: str, asked_by: str, file: Path) -> Profile:
    """A profile of the Alibaba Cloud CLI."""
    listed = mapping_in(file).get("profiles")
    if not isinstance(listed, list):
        return Profile(name, asked_by, file, readable=False)
    profiles = [as_mapping(one) for one in cast("list[object]", listed)]
    found = next((one for one in profiles if one.get("name") == name), None)
    if found is None:
        return Profile(name, asked_by, file, readable=True)
    # A token of a sign-on ends earlier than the keys that it is traded for; those are renewed.
    ends = [float(found[key]) for key in _ENDS if isinstance(found.get(key), int) and found[key]]
    mode = str(found.get("mode"))
    return Profile(
        name,
        asked_by,
        file,
        readable=True,
        mode=mode if mode in _MODES else "of an unknown mode",
        has_keys=bool(found.get("access_key_id") and found.get("access_key_secret")),
        expires=max(ends, default=None),
    )


def token_of(file: str | None) -> Token | None:
    """The file of an OIDC token; None where no variable names one."""
    if not file:
        return None
    try:
        text = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return Token(there=False)
    return Token(there=bool(text), expires=_end_of(text))


def _end_of(token: str) -> float | None:
    """When a JWT ends: its second part is JSON, in base64 without padding."""
    parts = token.split(".")
    if len(parts) < 2:  # noqa: PLR2004 - head and body
        return None
    try:
        body = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        end = as_mapping(json.loads(body)).get("exp")
    except ValueError:
        return None
    known = isinstance(end, int | float) and not isinstance(end, bool) and math.isfinite(end)
    return float(cast("float", end)) if known else None
