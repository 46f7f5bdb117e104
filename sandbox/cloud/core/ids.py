"""Where new ids, public addresses, resource names and times come from.

Ids look like the cloud's and are drawn from a seed and a counter, both kept in the store, so a
run can be repeated exactly and no id is ever given twice. Public addresses come from the ranges
reserved for documentation, which nobody can own.
"""

import hashlib
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

__all__ = [
    "ACCOUNT_ID",
    "PUBLIC_RANGES",
    "RESOURCE_GROUP",
    "Making",
    "draw_id",
    "function_arn",
    "public_address",
    "role_arn",
    "role_of",
]

ACCOUNT_ID = "1000000000000001"
"""The account that the sandbox belongs to: it stands in resource names and in domains."""

RESOURCE_GROUP = "rg-acfmsandboxdefault"
"""That of whatever names none."""

# RFC 5737. The third only when the first two, which examples and docs speak of, are used up.
PUBLIC_RANGES = tuple(
    ipaddress.IPv4Network(block) for block in ("198.51.100.0/24", "203.0.113.0/24", "192.0.2.0/24")
)
# Network and broadcast address are nobody's.
_USABLE = PUBLIC_RANGES[0].num_addresses - 2

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# The real ids carry a code for the region in front; this one is Shanghai's.
_REGION_MARK = "uf6"
_ID_LENGTH = 17
_ROLES = f"acs:ram::{ACCOUNT_ID}:role/"


def draw_id(prefix: str, seed: str, number: int) -> str:
    """The `number`th id of a store: `ngw-uf6` and seventeen letters and digits."""
    value = int.from_bytes(hashlib.sha256(f"{seed}:{number}".encode()).digest())
    letters = ""
    for _ in range(_ID_LENGTH):
        value, digit = divmod(value, len(_DIGITS))
        letters += _DIGITS[digit]
    return f"{prefix}{_REGION_MARK}{letters}"


def public_address(number: int) -> str | None:
    """The `number`th public address, counted from 0; None when there are no more."""
    which, host = divmod(number, _USABLE)
    if which >= len(PUBLIC_RANGES):
        return None
    return str(PUBLIC_RANGES[which].network_address + host + 1)


def role_arn(name: str) -> str:
    """The resource name of one of the account's RAM roles."""
    # The cloud writes it in small letters whatever the role is called.
    return _ROLES + name.lower()


def role_of(arn: str) -> str | None:
    """The name, in small letters, of the account's role that `arn` means; None for any other."""
    return arn.removeprefix(_ROLES).lower() if arn.startswith(_ROLES) else None


def function_arn(region: str, name: str) -> str:
    """The resource name of one of the account's functions."""
    return f"acs:fc:{region}:{ACCOUNT_ID}:functions/{name}"


@dataclass(frozen=True, slots=True)
class Making:
    """What a kind needs to fill in a new resource's attributes, without access to the store."""

    id: str
    region: str
    now: float
    new_id: Callable[[str], str]
    new_public_address: Callable[[], str]
    # Attributes that the kind's rules worked out from other resources.
    found: Mapping[str, Any]

    @property
    def time(self) -> str:
        """Now, as the cloud writes it."""
        return datetime.fromtimestamp(self.now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def milliseconds(self) -> int:
        """Now, as some products write it: since the epoch."""
        return int(self.now * 1000)
