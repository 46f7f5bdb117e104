"""How the engine writes what plain JSON has no word for: URNs, secrets, and what isn't known yet.

The same in a state, in a preview's document and between the engine and its plugins.
"""

from collections.abc import Mapping
from typing import Final, cast

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""By this key a value is marked that isn't a plain one (sdk/go/common/resource, SigKey)."""

SECRET_SIGNATURE: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a constant of the format
"""What `SIGNATURE` says of one that is encrypted (SecretSig)."""

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What stands for a value that nobody can know yet (UnknownStringValue)."""

_START: Final = "urn:pulumi:"
_PARTS: Final = 4


def name_of(urn: object) -> str:
    """`ip1` of `urn:pulumi:dev::shop::alicloud:ecs/eipAddress:EipAddress::ip1`."""
    return str(urn).split("::", _PARTS - 1)[-1]


def type_of(urn: str) -> str:
    """`alicloud:ecs/eipAddress:EipAddress` of the same; parents' types stand before a `$`."""
    _, _, after_stack = urn.partition("::")
    _, _, after_project = after_stack.partition("::")
    return after_project.partition("::")[0].rpartition("$")[-1]


def stack_of(urn: str) -> str:
    """`dev` of the same."""
    return urn.removeprefix(_START).partition("::")[0]


def is_urn(text: str) -> bool:
    """Whether a text is a URN."""
    return text.startswith(_START) and len(text.split("::")) >= _PARTS


def is_secret(value: object) -> bool:
    """Whether a value is encrypted, or any part of it."""
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, object]", value)
        return entries.get(SIGNATURE) == SECRET_SIGNATURE or any(map(is_secret, entries.values()))
    if isinstance(value, list):
        return any(map(is_secret, cast("list[object]", value)))
    return False
