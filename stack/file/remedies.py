"""What to write where a value doesn't fit its place: the file's own value or names, put right."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from stack.file.schema import Schema, choices_at
from stack.file.tree import at, entries_of
from stack.file.yaml_file import YamlFile
from stack.model import NameOf
from stack.problems import KeyPath

_NUMBER = re.compile(r"([0-9][0-9_,]*(?:\.[0-9]+)?)\s*([A-Za-z/%]*)")
_PER_SECOND = re.compile(r"(?:it)?(?:/s|ps)$|it$")
_TIMES: Final = {
    **dict.fromkeys(("ms", "msec", "millis", "millisecond", "milliseconds"), 1),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1000),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60_000),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 3_600_000),
    **dict.fromkeys(("d", "day", "days"), 86_400_000),
}
_RATES: Final = {"kb": 0.001, "k": 0.001, "mb": 1, "m": 1, "gb": 1000, "g": 1000}
_SIZES: Final = {"m": 1, "mb": 1, "mi": 1, "mib": 1, "g": 1024, "gb": 1024, "gi": 1024, "gib": 1024}
# How fields say what they are counted in, and what of the units' tables one of it is.
_COUNTED_IN: Final[tuple[tuple[re.Pattern[str], Mapping[str, float], int], ...]] = (
    (re.compile(r"Mbit/s"), _RATES, 1),
    (re.compile(r"[Mm]illisecond"), _TIMES, 1),
    (re.compile(r"\b[Ss]econds\b"), _TIMES, 1000),
    (re.compile(r"\bMB\b"), _SIZES, 1),
)
_TRUTHS: Final = {
    **dict.fromkeys(("true", "yes", "y", "on", "1"), "true"),
    **dict.fromkeys(("false", "no", "n", "off", "0"), "false"),
}
_WORDS = re.compile(r"[A-Za-z0-9._/-]+(?:[,\s]+[A-Za-z0-9._/-]+)*")
_LISTED = 12  # names, a line's worth


def number_in(value: object, about: str) -> str | None:
    """The number that a text has, in the unit that its field is described by; None without one."""
    match = _NUMBER.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    number = float(re.sub("[_,]", "", match[1]))
    unit = match[2].casefold()
    units = ((table, one) for word, table, one in _COUNTED_IN if word.search(about))
    table, one = next(units, (dict[str, float](), 1))
    if table is _RATES:
        unit = _PER_SECOND.sub("", unit)
    factor = table.get(unit, table.get(unit.rstrip("s"))) if unit else one
    if factor is None:
        return None if table else f"{number:g}"
    scaled = number * factor / one
    return str(int(scaled)) if scaled.is_integer() else None


def truth_in(value: object) -> str | None:
    """What a word for yes or no means."""
    return _TRUTHS.get(str(value).strip().casefold())


def list_of(value: object, *, of_numbers: bool = False) -> str | None:
    """A list of the words that stand where a list belongs."""
    if not isinstance(value, str) or not _WORDS.fullmatch(value):
        return None
    words = value.replace(",", " ").split()
    return flow_of(words) if of_numbers else flow(words)


def only_text_of(values: Sequence[object]) -> str | None:
    """The one word of a list that stands where text belongs."""
    word = values[0] if len(values) == 1 else None
    return flow(f"{word}") if isinstance(word, str | int) else None


def map_of(value: object) -> str | None:
    """A map of the names that stand in a list where a map belongs."""
    names = [one for _, one in entries_of(value)] if isinstance(value, list) else []  # pyright: ignore[reportUnknownArgumentType] - plain values
    if not names or not all(isinstance(name, str) and _WORDS.fullmatch(name) for name in names):
        return None
    return "{" + ", ".join(f"{name}: {{}}" for name in names) + "}"


def flow(value: object) -> str:
    """A value as one would write it on one line of the stack file."""
    if isinstance(value, dict):
        return flow_of({key: flow(one) for key, one in cast("dict[str, object]", value).items()})
    if isinstance(value, list):
        return flow_of([flow(one) for one in cast("list[object]", value)])
    if isinstance(value, str):
        read = YamlFile(Path(), f"[{value}]")
        return value if read.values == [value] else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def flow_of(written: Mapping[Any, str] | Sequence[str]) -> str:
    """A map or a list of what is written already."""
    if isinstance(written, Mapping):
        return "{" + ", ".join(f"{key}: {one}" for key, one in written.items()) + "}"
    return "[" + ", ".join(written) + "]"


def name_like(value: object) -> str | None:
    """A name that is as much like a text as names can be."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", str(value)).strip("-._0123456789")[:63]
    return name if name and name != value else None


def names_for(model: Schema, where: KeyPath, values: object, around: Mapping[str, Any]) -> str:
    """The names that the file has for what belongs at `where`; empty where it has none.

    Args:
        model: of the section.
        where: the place in it.
        values: the section's.
        around: the whole file's, where what isn't in the section is looked for.
    """
    notes = (note for choice in choices_at(model, where) for note in choice.notes)
    wanted = next((note.key for note in notes if isinstance(note, NameOf)), None)
    if wanted is None:
        return ""
    found = next(_maps_called(wanted, where, values), None)
    if found is None:
        networks = around.get("networks")
        places = [around, around.get("network"), *(one for _, one in entries_of(networks))]
        found = {key: one for place in places for key, one in entries_of(at(place, (wanted,)))}
    names = [str(key) for key in found]
    shown = ", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else "")
    return f"one of {shown}" if len(names) > 1 else shown


def _maps_called(key: str, where: KeyPath, values: object) -> Iterator[dict[str, object]]:
    """The maps of this key around a place, the nearest first."""
    for end in range(len(where) - 1, -1, -1):
        found = at(values, (*where[:end], key))
        if isinstance(found, dict) and where[end : end + 1] != (key,):
            yield cast("dict[str, object]", found)
