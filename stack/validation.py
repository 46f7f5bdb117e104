"""From plain values to settings, with pydantic's errors turned into problems.

What remains to be judged of values with mistakes is `salvage`'s business.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from stack.model import NAME_PATTERN, descriptions
from stack.problems import KeyPath, Problem, choose_from
from stack.salvage import model_at, place_of, salvage

M = TypeVar("M", bound=BaseModel)

_WANTED: Final = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "finite_number": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "string_type": "text",
    "list_type": "a list",
    "dict_type": "a map of names to settings",
    "model_type": "a map of settings",
    "model_attributes_type": "a map of settings",
}
# Rules about a value's size, with the words of pydantic's context for what is allowed.
_SIZES: Final[dict[str, Callable[[Mapping[str, Any]], str]]] = {
    "too_short": lambda c: f"at least {_entries(c['min_length'])} needed here",
    "too_long": lambda c: f"at most {_entries(c['max_length'])} allowed here",
    "string_too_short": lambda c: f"at least {c['min_length']} characters are needed here",
    "string_too_long": lambda c: f"at most {c['max_length']} characters are allowed here",
}
# In this order: Python's bool is an int.
_KINDS: Final[tuple[tuple[type, str], ...]] = (
    (bool, "true or false"),
    (int, "a number"),
    (float, "a number"),
    (str, "text"),
    (dict, "a map"),
    (list, "a list"),
)
_NAME_RULE = (
    "a name has 1 to 63 characters: a letter (A-Z, a-z) first, then letters, digits, "
    "'.', '_' or '-'"
)


@dataclass(frozen=True)
class Reading(Generic[M]):
    """What was made of the values at one path."""

    settings: M | None
    """The settings; without the entries that have mistakes, with placeholders elsewhere."""

    with_all_entries: M | None
    """The same with those entries, as far as they can be read: for references alone."""

    problems: tuple[Problem, ...] = ()
    """Every mistake that was found on the way."""


def read(model: type[M], values: object, path: KeyPath) -> Reading[M]:
    """The settings at `path`, as far as they can be made out, and every problem in them."""
    try:
        settings = model.model_validate(values)
    except ValidationError as error:
        problems = tuple(_as_problem(model, detail, path) for detail in error.errors())
        return Reading(
            salvage(model, values, error, keep_entries=False),
            salvage(model, values, error, keep_entries=True),
            problems,
        )
    return Reading(settings, settings)


def _as_problem(model: type[BaseModel], detail: ErrorDetails, at: KeyPath) -> Problem:
    where, value = place_of(detail), detail["input"]
    key = str(where[-1]) if where else ""
    match detail["type"]:
        case "extra_forbidden":
            value, rule = key, "this key isn't known here"
            remedy = choose_from(key, _known_keys(model, where[:-1]), "key")
        case "missing":
            value, rule, remedy = (
                None,
                f"{key} is required here",
                f"add {key}: {_hint(model, where)}",
            )
        case _:
            rule, remedy = _of_value(detail, _hint(model, where))
    return Problem((*at, *where), value, rule, remedy)


def _of_value(detail: ErrorDetails, hint: str) -> tuple[str, str]:
    """Rule and remedy for a value that doesn't fit its place."""
    kind, value = detail["type"], detail["input"]
    context: Mapping[str, Any] = detail.get("ctx", {})
    remedy = f"write {hint}"
    if kind == "rule":
        rule, remedy = context["rule"], context["remedy"]
    elif kind in _WANTED:
        rule = f"{_WANTED[kind]} is needed here, not {_kind_of(value)}"
    elif kind == "enum":
        words = str(context["expected"]).replace(" or ", ", ").split(", ")
        allowed = [word.strip("'") for word in words]
        rule = f"one of {', '.join(allowed)} is needed here"
        remedy = choose_from(str(value), allowed, "value")
    elif kind == "string_pattern_mismatch" and context["pattern"] == NAME_PATTERN:
        rule, remedy = _NAME_RULE, "choose another name, such as web or web-2"
    elif kind == "string_pattern_mismatch":
        rule = f"the form {context['pattern']} is needed here"
    elif kind == "greater_than_equal":
        rule, remedy = f"the least here is {context['ge']}", f"write {context['ge']} or more"
    elif kind == "less_than_equal":
        rule, remedy = f"the most here is {context['le']}", f"write {context['le']} or less"
    elif kind in _SIZES:
        rule = _SIZES[kind](context)
    else:
        message = str(detail["msg"])
        rule = message[:1].lower() + message[1:]
    return rule, remedy


def _entries(count: int) -> str:
    return "1 entry is" if count == 1 else f"{count} entries are"


def _kind_of(value: object) -> str:
    if value is None:
        return "nothing"
    return next((words for type_, words in _KINDS if isinstance(value, type_)), "something else")


def _known_keys(model: type[BaseModel], where: KeyPath) -> list[str]:
    found = model_at(model, where)
    if found is None:
        return []
    return [field.alias or name for name, field in found.model_fields.items()]


def _hint(model: type[BaseModel], where: KeyPath) -> str:
    """An example of what belongs at `where`, from the model's own examples."""
    wanted = model_at(model, where)
    if where and isinstance(where[-1], int):
        field = _field(model, where[:-1])
        items: object = field.examples[0] if field is not None and field.examples else "text"
        return _flow(cast("list[object]", items)[0] if isinstance(items, list) else items)
    field = _field(model, where)
    if field is not None and field.examples:
        return _flow(field.examples[0])
    if wanted is not None:
        return _flow(_example_of(wanted))
    if field is not None and field.annotation is bool:
        return "true or false"
    owner = model_at(model, where[:-1]) if where else None
    told = descriptions(owner) if owner is not None else {}
    words = told.get(str(where[-1] if where else "")) or "text"
    words = words.split(".")[0].split(";")[0]
    return words[:1].lower() + words[1:]


def _example_of(model: type[BaseModel]) -> dict[str, object]:
    """The settings that must be there, with their examples."""
    return {
        field.alias or name: field.examples[0] if field.examples else "…"
        for name, field in model.model_fields.items()
        if field.is_required()
    }


def _field(model: type[BaseModel], where: KeyPath) -> FieldInfo | None:
    """The field that a path leads to, where it leads to one."""
    owner = model_at(model, where[:-1]) if where else None
    fields = owner.model_fields.items() if owner is not None else ()
    return next((field for name, field in fields if (field.alias or name) == where[-1]), None)


def _flow(value: object) -> str:
    """An example as one would write it on one line of the stack file."""
    if isinstance(value, dict):
        entries = cast("dict[str, object]", value)
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in entries.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in cast("list[object]", value)) + "]"
    return str(value)
