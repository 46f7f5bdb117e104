"""The stack's own provider, which no preview shows: what it was made of, and what it will be.

Pulumi makes it from the stack's `alicloud:` settings, and leaves it out of previews. The state has
what it was; the preview's configuration has what it will be.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from facts import kinds
from judging.findings import CHANGE_PROVIDER
from judging.preview import SECRET
from judging.values import told
from stack.provider_settings import PROVIDER
from stack.pulumi_wire import SIGNATURE, name_of

_DEFAULT: Final = "default"
FINDING: Final = f"{CHANGE_PROVIDER.id}:{_DEFAULT}"
"""By what such a change is allowed."""

_ENGINES_OWN: Final = {"version", "pluginDownloadURL", "__internal"}
_FROM_ENVIRONMENT: Final = {"region", "profile", "ecsRoleName"}
"""What the provider takes from the environment where the stack doesn't say it: that it isn't said
any more needn't mean anything."""


def provider_changes(state: Mapping[str, Any], config: Mapping[str, Any]) -> list[str]:
    """How the stack's own provider changes, each setting in a line; nothing while there is none.

    Args:
        state: the stack's state.
        config: its configuration, as `pulumi preview --json` has it.
    """
    held = [
        cast("Mapping[str, Any]", one.get("inputs") or {})
        for one in state.get("resources") or ()
        if one.get("type") == kinds.PROVIDER and name_of(one["urn"]).startswith(_DEFAULT)
    ]
    prefix = f"{PROVIDER}:"
    new = {
        key.removeprefix(prefix): _plain(value)
        for key, value in config.items()
        if key.startswith(prefix)
    }
    # After an upgrade the state has a provider for each version, the newest one last.
    return [*_differences(held[-1], new)] if held else []


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted({*old, *new} - _ENGINES_OWN):
        before, after = _plain(old.get(key)), new.get(key)
        unsaid = after is None and key in _FROM_ENVIRONMENT
        if before != after and not unsaid:
            yield told(before, after, key)


def _plain(value: object) -> object:
    """A value as its text says it: the provider keeps what isn't text as JSON."""
    if isinstance(value, Mapping):
        return SECRET if SIGNATURE in value else cast("object", value)
    if not isinstance(value, str):
        return value
    try:
        found: object = json.loads(value)
    except ValueError:
        return value
    # An account's number is text, all digits or not.
    return cast("object", found) if isinstance(found, dict | list | bool) else value
