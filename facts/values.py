"""Whether a value is one that an input of the provider takes: its type, its form, its choices.

Owns the rules of one value, all the way down. Which inputs go together is `sandbox.provider`'s, and
what else the cloud refuses `sandbox.cloud`'s.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from facts.contract import Field, FieldType

_WORDS: Mapping[FieldType, str] = {
    "String": "a string",
    "Int": "a whole number",
    "Float": "a number",
    "Bool": "true or false",
    "List": "a list",
    "Set": "a list",
    "Map": "a map of strings",
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """A value that an input doesn't take."""

    path: tuple[str | int, ...]
    """Where it stands, from the input's own name on."""

    rule: str
    """What it breaks, as what follows its name: `must be a string`."""

    value: object
    choices: tuple[str, ...] = ()
    """The names that could stand there instead, where it is one of a few."""

    wanted: FieldType | None = None
    """The type that it hasn't, where that is all."""

    @property
    def name(self) -> str:
        """The input and what is wrong inside of it, without places in lists."""
        return ".".join(part for part in self.path if isinstance(part, str))


def wrong_values(known: Field, value: object) -> Iterator[Wrong]:
    """What is wrong with the value of an input."""
    yield from _wrong(known, value, (known.camel,))


def _wrong(known: Field, value: object, path: tuple[str | int, ...]) -> Iterator[Wrong]:
    if known.is_single_object:
        yield from _wrong_object(known, value, path)
    elif not _has_type(known.type, value):
        yield Wrong(path, f"must be {_WORDS[known.type]}", value, wanted=known.type)
    elif isinstance(value, list):
        yield from _wrong_items(known, cast("list[object]", value), path)
    else:
        rules = _rules(known, value)
        if rules and not any(held for held, _ in rules):
            wanted = " or ".join(words for _, words in rules)
            choices = tuple(str(one) for one in known.one_of)
            yield Wrong(path, f"must {wanted}", value, choices)


def _rules(known: Field, value: object) -> list[tuple[bool, str]]:
    """Each rule of a field, whether the value holds it, and its words; one held is enough."""
    rules: list[tuple[bool, str]] = []
    if known.one_of:
        rules.append((value in known.one_of, f"be one of {', '.join(map(str, known.one_of))}"))
    if known.range and isinstance(value, str):
        low, high = known.range
        rules.append((low <= len(value) <= high, f"have {low} to {high} characters"))
    elif known.range and isinstance(value, (int, float)):
        low, high = known.range
        rules.append((low <= value <= high, f"be {low} to {high}"))
    if known.prefix:
        rules.append((str(value).startswith(known.prefix), f"start with {known.prefix}"))
    if known.pattern:
        rules.append((bool(re.search(known.pattern, str(value))), f"match {known.pattern}"))
    return rules


def _has_type(wanted: FieldType, value: object) -> bool:
    if isinstance(value, bool):
        return wanted == "Bool"
    if isinstance(value, dict):
        items = cast("dict[str, object]", value).values()
        return wanted == "Map" and all(isinstance(one, str) for one in items)
    types: Mapping[FieldType, type | tuple[type, ...]] = {
        "String": str,
        "Int": int,
        "Float": (int, float),
        "List": list,
        "Set": list,
    }
    return wanted in types and isinstance(value, types[wanted])


def _wrong_items(known: Field, items: list[object], path: tuple[str | int, ...]) -> Iterator[Wrong]:
    if len(items) < known.min_items or (known.max_items and len(items) > known.max_items):
        allowed = f"{known.min_items} to {known.max_items or 'any number of'}"
        yield Wrong(path, f"must hold {allowed} items", items)
        return
    for place, item in enumerate(items):
        if not isinstance(known.elem, str):
            yield from _wrong_object(known, item, (*path, place))
        elif not _has_type(known.elem, item):
            rule = f"must hold {_WORDS[known.elem]} each"
            yield Wrong((*path, place), rule, item, wanted=known.elem)


def _wrong_object(known: Field, value: object, path: tuple[str | int, ...]) -> Iterator[Wrong]:
    if known.objects is None:
        return
    if not isinstance(value, dict):
        yield Wrong(path, "must be an object", value)
        return
    inner = {one.camel: one for one in known.objects.values()}
    stated = cast("dict[str, object]", value)
    for name, part in stated.items():
        if name in inner:
            yield from _wrong(inner[name], part, (*path, name))
        else:
            rule = f"is not known; there are {', '.join(sorted(inner))}"
            yield Wrong((*path, name), rule, name, tuple(inner))
    for one in inner.values():
        if one.required and one.camel not in stated:
            yield Wrong((*path, one.camel), "is required", None)
