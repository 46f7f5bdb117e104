"""Other spellings that are taken: put as the documentation has them, and mentioned.

One thing has one name. Where people have reason to write another (a neighbour calls it so, or the
document that they come from), it is taken; rules and topologies never see it.
"""

from collections.abc import Mapping
from typing import Any, Final

from stack.file.schema import Schema, choices_at, model_at
from stack.file.tree import maps, with_values
from stack.model import AlsoWritten, fields_of
from stack.problems import KeyPath, Problem

_OTHER_KEYS: Final = {"result": "body"}
"""Keys, and what the same is called where the documentation has it."""


def as_documented(
    values: Mapping[str, Any], models: Schema
) -> tuple[Mapping[str, Any], list[Problem]]:
    """The values in the documentation's spelling, and a warning for each other one."""
    put, found = dict[KeyPath, object](), list[Problem]()
    for path, value in maps(values):
        renamed = dict(value)
        for key in value:
            if key in _OTHER_KEYS and _is_other_key(key, value, models, path):
                name = _OTHER_KEYS[key]
                renamed = {name if old == key else old: one for old, one in renamed.items()}
                rule = f"{key} is called {name} in the documentation; both are taken"
                found.append(Problem((*path, key), key, rule, f"write {name}"))
        for key, text in value.items():
            if isinstance(text, str) and "{" in text:
                note = _other_spelling((*path, key), models)
                if note is not None and (written := note.pattern.sub(note.written, text)) != text:
                    renamed[key] = written
                    found.append(Problem((*path, key), text, note.rule, f"write {written}"))
        if renamed != value:
            put[path] = renamed
    return (with_values(values, put) if put else values), found


def _is_other_key(key: str, value: Mapping[str, Any], models: Schema, path: KeyPath) -> bool:
    model = model_at(models, path)
    known = fields_of(model) if model is not None else {}
    return _OTHER_KEYS[key] in known and not {_OTHER_KEYS[key]} & value.keys() and key not in known


def _other_spelling(path: KeyPath, models: Schema) -> AlsoWritten | None:
    notes = (note for choice in choices_at(models, path) for note in choice.notes)
    return next((note for note in notes if isinstance(note, AlsoWritten)), None)
