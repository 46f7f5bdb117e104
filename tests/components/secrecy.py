"""How a secret travels to the engine."""

from collections.abc import Mapping
from typing import Any, cast

# Pulumi's wire format: an object with this key and this value under it is a secret.
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"


def is_secret(value: Any) -> bool:
    """Whether an input is marked as a secret."""
    return (
        isinstance(value, Mapping) and cast("Mapping[str, Any]", value).get(_SIGNATURE) == _SECRET
    )
