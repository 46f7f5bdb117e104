"""What a program may state: inputs checked against the contract, defaults filled in.

The real provider's plugin does the same before anything runs, so these are mistakes that a
preview finds. Values that aren't known yet pass.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from facts.contract import Contract, Field, FieldType, camel
from sandbox.provider.values import has_unknown

__all__ = ["Checked", "check_inputs"]

_WORDS: Mapping[FieldType, str] = {
    "String": "a string",
    "Int": "a whole number",
    "Float": "a number",
    "Bool": "true or false",
    "List": "a list",
    "Set": "a list",
    "Map": "a map of strings",
}


@dataclass(slots=True)
class Checked:
    """The inputs with defaults, what is wrong (property, reason), and what is unwise."""

    inputs: dict[str, Any]
    failures: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    warnings: list[str] = field(default_factory=list[str])


def check_inputs(contract: Contract, stated: Mapping[str, Any]) -> Checked:
    """Check what a program states, in `camelCase`, against a resource type."""
    checked = Checked(inputs=dict(stated))
    for name, value in stated.items():
        known = contract.by_camel.get(name)
        if known is None or not known.is_input:
            checked.failures.append((name, _not_an_input(contract, name, known)))
            continue
        if known.deprecated:
            checked.warnings.append(f"{name} of {contract.token} is deprecated")
        if problem := _problem(known, value):
            checked.failures.append((name, problem))
        checked.inputs[name] = _with_defaults(known, value)
    for known in contract.inputs.values():
        _check_presence(known, stated, checked)
    return checked


def _not_an_input(contract: Contract, name: str, known: Field | None) -> str:
    if known is not None:
        return f"{name} is answered by the cloud and can't be set on {contract.token}"
    inputs = [one.camel for one in contract.inputs.values()]
    close = difflib.get_close_matches(name, inputs, n=1)
    hint = f"; did you mean {close[0]}?" if close else ""
    return f"{name} is not an input of {contract.token}{hint}"


def _check_presence(known: Field, stated: Mapping[str, Any], checked: Checked) -> None:
    name = known.camel
    if name in stated:
        for other in map(camel, known.conflicts_with):
            if other in stated:
                checked.failures.append((name, f"{name} and {other} exclude each other"))
    elif known.required:
        checked.failures.append((name, f"{name} is required"))
    elif known.default is not None:
        checked.inputs[name] = known.default
    if known.exactly_one_of:
        choice = [camel(one) for one in known.exactly_one_of]
        if sum(one in stated for one in choice) != 1:
            checked.failures.append((name, f"exactly one of {_list(choice)} must be set"))
    if known.at_least_one_of:
        choice = [camel(one) for one in known.at_least_one_of]
        if not any(one in stated for one in choice):
            checked.failures.append((name, f"at least one of {_list(choice)} must be set"))


def _with_defaults(known: Field, value: object) -> object:
    """The value with what its objects don't state filled in."""
    if known.objects is None:
        return value
    if isinstance(value, list):
        return [_with_defaults(known, one) for one in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    inner = {one.camel: one for one in known.objects.values()}
    filled = {
        name: _with_defaults(inner[name], part) if name in inner else part
        for name, part in cast("dict[str, object]", value).items()
    }
    defaults = {
        name: one.default
        for name, one in inner.items()
        if one.default is not None and filled.get(name) is None
    }
    return {**filled, **defaults}


def _list(words: Iterable[object]) -> str:
    return ", ".join(map(str, words))


def _problem(known: Field, value: object) -> str | None:
    """What is wrong with a value; None when nothing is or when it isn't known yet."""
    if has_unknown(value):
        return None
    if known.is_single_object:
        return _object_problem(known, value)
    if not _has_type(known.type, value):
        return f"{known.camel} must be {_WORDS[known.type]}, got {value!r}"
    if isinstance(value, list):
        return _items_problem(known, cast("list[object]", value))
    rules = _rules(known, value)
    if not rules or any(held for held, _ in rules):
        return None
    wanted = " or ".join(words for _, words in rules)
    return f"{known.camel} must {wanted}, got {value!r}"


def _rules(known: Field, value: object) -> list[tuple[bool, str]]:
    """Each rule of a field, whether the value holds it, and its words; one held is enough."""
    rules: list[tuple[bool, str]] = []
    if known.one_of:
        rules.append((value in known.one_of, f"be one of {_list(known.one_of)}"))
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


def _items_problem(known: Field, items: list[object]) -> str | None:
    if len(items) < known.min_items or (known.max_items and len(items) > known.max_items):
        allowed = f"{known.min_items} to {known.max_items or 'any number of'}"
        return f"{known.camel} holds {len(items)} items; allowed are {allowed}"
    if isinstance(known.elem, str):
        elem = known.elem
        wrong = [one for one in items if not _has_type(elem, one)]
        return f"{known.camel} must hold {_WORDS[elem]} each, got {wrong[0]!r}" if wrong else None
    return next((problem for one in items if (problem := _object_problem(known, one))), None)


def _object_problem(known: Field, value: object) -> str | None:
    if not isinstance(known.elem, Mapping):
        return None
    if not isinstance(value, dict):
        return f"{known.camel} must be an object, got {value!r}"
    inner = {one.camel: one for one in known.elem.values()}
    for name, part in cast("dict[str, object]", value).items():
        if name not in inner:
            return f"{known.camel}.{name} is not known; there are {_list(sorted(inner))}"
        if problem := _problem(inner[name], part):
            return f"{known.camel}.{problem}"
    missing = [one.camel for one in inner.values() if one.required and one.camel not in value]
    return f"{known.camel}.{missing[0]} is required" if missing else None
