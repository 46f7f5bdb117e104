"""Pieces of YAML: entries cut out of a text with their comments, or made of plain values."""

import io
import json
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML

from stack.file.yaml_file import YamlFile
from tools.promote.yaml_nodes import FilePath, YamlText

_STEP = "  "


@dataclass(frozen=True)
class Snippet:
    """An entry to put in: as lines without indentation, and its parts for a map in brackets."""

    key: str
    """As it is spelled, quotes included."""

    value: str
    """On one line."""

    lines: tuple[str, ...]

    def within(self, key: str) -> "Snippet":
        """The entry as the only one of a map called `key`."""
        return around(key, [self])


def around(key: str, snippets: Sequence[Snippet]) -> Snippet:
    """Entries as those of a map called `key`."""
    lines = [f"{key}:", *(_STEP + line if line else line for s in snippets for line in s.lines)]
    inside = ", ".join(f"{one.key}: {one.value}" for one in snippets)
    return Snippet(key, f"{{{inside}}}", tuple(lines))


def plain_snippet(key: str, value: object) -> Snippet:
    """An entry made of a plain value, in brackets where it is short enough to be read so."""
    spelled, text = rendered(key), rendered(value)
    line = f"{spelled}: {text}"
    if isinstance(value, dict) and value and len(line) > _LONG:
        parts = [plain_snippet(k, v) for k, v in cast("dict[str, object]", value).items()]
        return Snippet(spelled, text, around(spelled, parts).lines)
    return Snippet(spelled, text, (line,))


_LONG = 90


def cut_snippet(source: YamlText, path: FilePath, value: object) -> Snippet:
    """The entry at `path` as it stands in `source`, with the comments above it and in it.

    Args:
        source: the text.
        path: the entry's place.
        value: what it means, for where its text can't stand alone because of anchors.
    """
    entry = source.entry(path)
    if entry is None or source.anchored(entry):
        return plain_snippet(path[-1], value)
    key = source.text[entry.key_start : entry.key_end]
    line_start = source.line_start(entry.key_start)
    if source.text[line_start : entry.key_start].strip():
        # Inside brackets, where no line is the entry's own.
        return Snippet(key, rendered(value), (f"{key}: {rendered(value)}",))
    cut = source.text[source.comments_above(entry) : source.line_end(entry.end)]
    return Snippet(key, rendered(value), tuple(textwrap.dedent(cut).splitlines()))


def rendered(value: object) -> str:
    """A plain value on one line, such that the stack file's reader finds the same value."""
    writer: Any = YAML(typ="safe", pure=True)
    writer.default_flow_style = True
    writer.width = 1_000_000
    writer.allow_unicode = True
    writer.sort_base_mapping_type_on_output = False
    out = io.StringIO()
    writer.dump({"k": value}, out)  # in a map, so that it can stand in brackets
    text = out.getvalue().strip()
    if "\n" not in text and YamlFile(Path(), text).values == {"k": value}:
        return text[len("{k:") : -1].strip()
    return json.dumps(value, ensure_ascii=False)  # which is YAML too
