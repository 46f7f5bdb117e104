"""From plain values to settings, with pydantic's errors turned into problems.

Where a part of the file is wrong, that part is reported and taken out, so that the rules can still
look at the rest: one report then shows everything.
"""

import copy
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, Final, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from stack.model import Model
from stack.problems import KeyPath, Problem, choose_from

M = TypeVar("M", bound=Model)

_WANTED: Final = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "string_type": "text",
    "list_type": "a list",
    "dict_type": "a map of names to settings",
    "model_type": "a map of settings",
    "model_attributes_type": "a map of settings",
}


def validate(model: type[M], values: object, path: KeyPath) -> tuple[M | None, list[Problem]]:
    """The settings at `path`, as far as they can be made out, and every problem in them.

    None is returned where too little is left to make settings of.
    """
    try:
        return model.model_validate(values), []
    except ValidationError as error:
        problems = [_as_problem(model, detail, path) for detail in error.errors()]
        return _salvage(model, values, error), problems


def _salvage(model: type[M], values: object, error: ValidationError) -> M | None:
    """Settings without the parts that were refused.

    What was refused is removed; where its absence is refused too, what contains it is.
    """
    rest: Any = copy.deepcopy(values)
    while True:
        for detail in error.errors():
            where = _in_values(detail["loc"])
            if detail["type"] == "missing":
                where = where[:-1]
            if not where:
                return None
            _remove(rest, where)
        try:
            return model.model_validate(rest)
        except ValidationError as next_error:
            error = next_error


def _remove(values: Any, where: KeyPath) -> None:  # noqa: ANN401 - a tree of plain values
    for part in where[:-1]:
        try:
            values = values[part]
        except (KeyError, IndexError, TypeError):
            return  # gone with an earlier part
    try:
        del values[where[-1]]
    except (KeyError, IndexError, TypeError):
        return


def _in_values(loc: tuple[str | int, ...]) -> KeyPath:
    """Pydantic's location as a path in the file: a bad key is followed by a "[key]" marker."""
    return tuple(part for part in loc if part != "[key]")


def _as_problem(model: type[Model], detail: ErrorDetails, at: KeyPath) -> Problem:
    where = _in_values(detail["loc"])
    path, kind, value = (*at, *where), detail["type"], detail["input"]
    context: Mapping[str, Any] = detail.get("ctx", {})
    if kind == "extra_forbidden":
        known = _known_keys(model, where[:-1])
        rule = "this key isn't known here"
        return Problem(path, str(where[-1]), rule, choose_from(str(where[-1]), known, "key"))
    if kind == "missing":
        key = str(where[-1])
        return Problem(path, None, f"{key} is required here", f"add {key}: {_hint(model, where)}")
    if kind == "rule":
        return Problem(path, value, context["rule"], context["remedy"])
    if kind in _WANTED:
        rule = f"{_WANTED[kind]} is needed here, not {_kind_of(value)}"
        return Problem(path, value, rule, f"write {_hint(model, where)}")
    if kind in {"enum", "literal_error"}:
        allowed = [word.strip(" '") for word in str(context["expected"]).replace(" or ", ",").split(",")]
        rule = f"one of {', '.join(allowed)} is needed here"
        return Problem(path, value, rule, choose_from(str(value), allowed, "value"))
    if kind == "string_pattern_mismatch":
        rule = f"the form {context['pattern']} is needed here"
        return Problem(path, value, rule, f"write {_hint(model, where)}")
    message = str(detail["msg"])
    rule = message[:1].lower() + message[1:]
    return Problem(path, value, rule, f"write {_hint(model, where)}")


def _kind_of(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case dict():
            return "a map"
        case list():
            return "a list"
        case _:
            return type(value).__name__


def _known_keys(model: type[Model], where: KeyPath) -> list[str]:
    found = _model_at(model, where)
    if found is None:
        return []
    return [field.alias or name for name, field in found.model_fields.items()]


def _hint(model: type[Model], where: KeyPath) -> str:
    """An example of what belongs at `where`, from the model's own examples."""
    owner = _model_at(model, where[:-1])
    if owner is not None:
        for name, field in owner.model_fields.items():
            if (field.alias or name) == where[-1]:
                if field.examples:
                    return str(field.examples[0])
                return (field.description or "a value").split(".")[0].split(";")[0].lower()
    return "a name of letters, digits, '.', '_' or '-', a letter first"


def _model_at(model: type[BaseModel], where: KeyPath) -> type[BaseModel] | None:
    """The model that describes the map at `where`."""
    annotation: Any = model
    for part in where:
        annotation = next(_step(annotation, part), None)
    return next((a for a in _alternatives(annotation) if _is_model(a)), None)


def _step(annotation: Any, part: str | int) -> Iterator[Any]:  # noqa: ANN401 - types as values
    for choice in _alternatives(annotation):
        if _is_model(choice):
            for name, field in choice.model_fields.items():
                if (field.alias or name) == part:
                    yield field.annotation
        elif get_origin(choice) is dict:
            yield get_args(choice)[1]
        elif get_origin(choice) is list:
            yield get_args(choice)[0]


def _alternatives(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 - types as values
    """An annotation without Annotated and with its unions opened."""
    origin = get_origin(annotation)
    if hasattr(annotation, "__metadata__"):
        yield from _alternatives(get_args(annotation)[0])
    elif origin in {Union, UnionType}:
        for choice in get_args(annotation):
            yield from _alternatives(choice)
    elif annotation is not None:
        yield annotation


def _is_model(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
