"""A draft as the text of a stack file: maps of entries line by line, each entry on one."""

from collections.abc import Iterator, Mapping
from typing import Final, cast

import yaml

from stack.naming import NAMESPACE, REGION_KEY
from stack.problems import KeyPath
from tools.adopt.drafting import Draft

_WIDTH: Final = 100
_STEP: Final = "  "
_ANY_LENGTH: Final = 1_000_000


def stack_text(draft: Draft, schema: str, source: str) -> str:
    """The stack file of a draft.

    Args:
        draft: the draft.
        schema: where the stack file's schema is, from the file.
        source: what the list is called.
    """
    lines = [
        f"# yaml-language-server: $schema={schema}",
        "#",
        f"# Made of {source}: what exists already. Behind an entry stands what it is in the cloud.",
        "config:",
        f"{_STEP}{REGION_KEY}: {_flow(draft.listing.region)}",
    ]
    for key, value in draft.settings.items():
        lines += _lines(f"{NAMESPACE}:{key}", value, (key,), draft.comments, 1)
    return "\n".join(lines) + "\n"


def _lines(
    key: str, value: object, path: KeyPath, comments: Mapping[KeyPath, str], depth: int
) -> Iterator[str]:
    start, comment = _STEP * depth + f"{key}:", _comment(comments.get(path))
    short = f"{start} {_flow(value)}"
    inner_values = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    if not inner_values or (not _deep(inner_values) and len(short) <= _WIDTH):
        yield short + comment
        return
    yield start + comment
    for name, inner in inner_values.items():
        yield from _lines(_flow(name), inner, (*path, name), comments, depth + 1)


def _deep(value: Mapping[str, object]) -> bool:
    """Whether a map holds others, which then have lines of their own."""
    return any(isinstance(inner, dict) for inner in value.values())


def _comment(text: str | None) -> str:
    return f" # {text}" if text is not None else ""


def _flow(value: object) -> str:
    text: str = yaml.safe_dump(
        value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=_ANY_LENGTH
    )
    return text.removesuffix("\n").removesuffix("\n...").strip()
