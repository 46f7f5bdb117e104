"""From plain values to settings: every mistake as a problem, and what can still be judged.

The parts that pydantic refused are taken out or, where something has to stand there, replaced by
a placeholder. What the rules then say about these very places only follows from the mistakes, and
is dropped (`stack.file.judge`), so that one report shows everything.

An entry of a map that has a mistake (a mapping whose port can't be read) is left out altogether:
without its port it would mean something else, a whole address, and clash with its neighbours.
Only what it refers to can still be judged, and `with_all_entries` keeps it for that.
"""

import copy
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Generic, TypeVar, cast, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from stack.file.remedies import (
    flow,
    flow_of,
    list_of,
    map_of,
    name_like,
    names_for,
    number_in,
    only_text_of,
    truth_in,
)
from stack.file.schema import choices, choices_at, field_at, model_at
from stack.file.tree import MISSING, at, entries_of
from stack.model import NAME_PATTERN, Model, descriptions, fields_of
from stack.problems import IN_QUOTES, KeyPath, Problem, choose_from, did_you_mean
from stack.secrets import touches
from stack.settings import COMMON_KEYS, CommonSettings
from stack.topology import Topology

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
PLACEHOLDER = "\N{REPLACEMENT CHARACTER}"
"""Starts a text that stands for one that is missing or isn't text; unlike any other in the file."""

_PLACEHOLDER_ENTRY = "name"
_OF_KEYS: Final = frozenset({"missing", "extra_forbidden"})
_SLIP = 0.75  # how alike a key and a missed one are before the one is taken for the other
_ROUNDS = 20  # each takes out or fills one level; settings have about six
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

    warnings: tuple[Problem, ...] = ()
    """What was let pass, and is mentioned."""


def read(
    model: type[M], values: object, path: KeyPath, around: Mapping[str, Any] | None = None
) -> Reading[M]:
    """The settings at `path`, as far as they can be made out, and every problem in them.

    Args:
        model: what they should be.
        values: what the file has there.
        path: where that is.
        around: the whole file's values, for remedies that say which names there are.
    """
    try:
        settings = model.model_validate(values)
    except ValidationError as error:
        place = _Place(model, values, path, around or {})
        problems = tuple(place.problems(error.errors()))
        return Reading(
            _salvaged(model, values, error, keep_entries=False),
            _salvaged(model, values, error, keep_entries=True),
            problems,
        )
    return Reading(settings, settings)


def read_whole(
    values: Mapping[str, Any], topologies: Iterable[Topology[Any]]
) -> tuple[Reading[CommonSettings], dict[str, Reading[BaseModel]]]:
    """A whole stack file: what all stacks have, and the sections that are there by topology."""
    common = {key: values[key] for key in COMMON_KEYS if key in values}
    sections: dict[str, Reading[BaseModel]] = {
        topology.name: read(topology.model, values[topology.section], (topology.section,), values)
        for topology in topologies
        if topology.section in values
    }
    return read(CommonSettings, common, (), values), sections


@dataclass(frozen=True)
class _Place:
    """Where values were refused, and what pydantic's errors mean there."""

    model: type[BaseModel]
    values: object
    path: KeyPath
    around: Mapping[str, Any]

    def problems(self, details: Sequence[ErrorDetails]) -> Iterator[Problem]:
        """Every mistake, each once: keys that aren't known explain those that are missed."""
        keys = defaultdict[KeyPath, _Keys](_Keys)
        for detail in details:
            where = _place_of(detail)
            if detail["type"] == "missing":
                keys[where[:-1]].missing.append(str(where[-1]))
            elif detail["type"] == "extra_forbidden":
                keys[where[:-1]].unknown.append(str(where[-1]))
        foreign = frozenset(owner for owner, found in keys.items() if found.are_foreign)
        for detail in details:
            where = _place_of(detail)
            if detail["type"] not in _OF_KEYS and not touches(where, foreign):
                rule, remedy = self._of_value(detail, where)
                unseen = f"write {self._wanted(where)}"
                yield Problem((*self.path, *where), detail["input"], rule, remedy, unseen=unseen)
        for owner, found in keys.items():
            if not any(touches(owner[:-1], frozenset({other})) for other in foreign if owner):
                yield from self._of_keys(owner, found)

    def _of_keys(self, owner: KeyPath, found: "_Keys") -> Iterator[Problem]:
        """What is wrong with the keys of the map at `owner`."""
        here, model = (*self.path, *owner), model_at(self.model, owner)
        known = fields_of(model) if model is not None else {}
        if found.are_foreign:
            unknown, missing = ", ".join(found.unknown), " and ".join(found.missing)
            rule = f"{unknown} aren't known here, and this needs {missing}"
            needed = ", ".join(f"{key}: {self._wanted((*owner, key))}" for key in found.missing)
            others = ", ".join(sorted(known.keys() - found.missing))
            remedy = f"write {{{needed}}}" + (f", and if needed {others}" if others else "")
            yield Problem((*here, found.unknown[0]), unknown, rule, remedy)
            return
        slips, there = found.slips, at(self.values, owner)
        for key in found.unknown:
            near = slips.get(key) or did_you_mean(key, known)
            remedy = f"did you mean {near}?" if near else choose_from(key, known, "key")
            if near is None and model is not None and issubclass(model, Model):
                remedy = "; ".join(filter(None, (model.not_offered, remedy)))
            meant = (*here, near) if near is not None and near not in there else None
            yield Problem((*here, key), key, "this key isn't known here", remedy, meant=meant)
        for key in found.missing:
            rule, remedy = f"{key} is required here", f"add {key}: {self._wanted((*owner, key))}"
            yield Problem((*here, key), None, rule, remedy)

    def _wanted(self, where: KeyPath) -> str:
        """What belongs at a place: a name that the file has, or an example."""
        field = field_at(self.model, where)
        example: object = field.examples[0] if field is not None and field.examples else None
        names = self._names(where)
        if not names and isinstance(example, dict | list):
            known = {
                key: self._names((*where, key)) or flow(one)
                for key, one in entries_of(example)  # pyright: ignore[reportUnknownArgumentType] - plain values
            }
            return flow_of(known if isinstance(example, dict) else [*known.values()])
        return names or _hint(self.model, where)

    def _names(self, where: KeyPath) -> str:
        return names_for(self.model, where, self.values, self.around)

    def _of_value(self, detail: ErrorDetails, where: KeyPath) -> tuple[str, str]:
        """Rule and remedy for a value that doesn't fit its place."""
        kind, value = detail["type"], detail["input"]
        context: Mapping[str, Any] = detail.get("ctx", {})
        remedy = f"write {self._put_right(kind, value, where) or self._wanted(where)}"
        if kind == "rule":
            field = field_at(self.model, where)
            needed = field is not None and field.is_required()
            rule, remedy = context["rule"], context["where_needed" if needed else "remedy"]
        elif kind in _WANTED:
            rule = f"{_WANTED[kind]} is needed here, not {_kind_of(value)}"
            plain = isinstance(value, bool | int | float)
            plain = plain or (value is None and remedy == "write text")
            if kind == "string_type" and plain:
                remedy = IN_QUOTES
        elif kind in {"enum", "literal_error"}:
            words = str(context["expected"]).replace(" or ", ", ").split(", ")
            allowed = [word.strip("'") for word in words]
            rule = f"one of {', '.join(allowed)} is needed here"
            remedy = choose_from(str(value), allowed, "value")
        elif kind == "string_pattern_mismatch" and context["pattern"] == NAME_PATTERN:
            rule = _NAME_RULE
            remedy = f"choose another name, such as {name_like(value) or 'web or web-2'}"
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

    def _put_right(self, kind: str, value: object, where: KeyPath) -> str | None:
        """The value itself, as its place takes it; None where that can't be told."""
        if kind in {"int_type", "float_type"}:
            owner = model_at(self.model, where[:-1]) if where else None
            about = descriptions(owner).get(str(where[-1]), "") if owner is not None else ""
            number = number_in(value, about)
            return f"{number}, without quotes" if number == value else number
        if kind == "bool_type":
            return truth_in(value)
        if kind == "list_type":
            items = choices_at(self.model, (*where, 0))
            return list_of(value, of_numbers=any(one.type_ is int for one in items))
        if kind == "dict_type":
            return map_of(value)
        if kind == "string_type" and isinstance(value, list):
            return only_text_of(value)  # pyright: ignore[reportUnknownArgumentType] - plain values
        return None


@dataclass
class _Keys:
    """The keys of one map that aren't known, and those that are missed there."""

    unknown: list[str] = field(default_factory=list[str])
    missing: list[str] = field(default_factory=list[str])

    @property
    def slips(self) -> dict[str, str]:
        """The missed keys that unknown ones are misspellings of, by those."""
        near = {key: did_you_mean(key, self.missing, _SLIP) for key in self.unknown}
        return {key: meant for key, meant in near.items() if meant is not None}

    @property
    def are_foreign(self) -> bool:
        """Whether the map is written in words of something else altogether."""
        slips = self.slips
        strange = [key for key in self.unknown if key not in slips]
        return len(strange) > 1 and bool(set(self.missing) - {*slips.values()})


def _entries(count: int) -> str:
    return "1 entry is" if count == 1 else f"{count} entries are"


def _kind_of(value: object) -> str:
    if value is None:
        return "nothing"
    return next((words for type_, words in _KINDS if isinstance(value, type_)), "something else")


def _hint(model: type[BaseModel], where: KeyPath) -> str:
    """An example of what belongs at `where`, from the model's own examples."""
    field = field_at(model, where)
    if where and isinstance(where[-1], int):
        field = field_at(model, where[:-1])
        items: object = field.examples[0] if field is not None and field.examples else "text"
        return flow(cast("list[object]", items)[0] if isinstance(items, list) else items)
    if field is not None and field.examples:
        return flow(field.examples[0])
    if (inner := model_at(model, where)) is not None:
        required = {key: one for key, one in fields_of(inner).items() if one.is_required()}
        return flow({k: one.examples[0] if one.examples else "…" for k, one in required.items()})
    if field is not None and field.annotation is bool:
        return "true or false"
    owner = model_at(model, where[:-1]) if where else None
    texts = descriptions(owner) if owner is not None else {}
    words = re.split("[.;]", texts.get(str(where[-1] if where else "")) or "text")[0]
    return words[:1].lower() + words[1:]


def _salvaged(
    model: type[M], values: object, error: ValidationError, *, keep_entries: bool
) -> M | None:
    """Settings without the parts that `error` refuses, or None where that can't be had."""
    rest: Any = copy.deepcopy(cast("object", values)) if isinstance(values, dict) else {}
    for _ in range(_ROUNDS):
        # From the back, so that removing an item of a list doesn't move those yet to come.
        for detail in sorted(error.errors(), key=_position, reverse=True):
            _mend(model, rest, detail, keep_entries=keep_entries)
        try:
            return model.model_validate(rest)
        except ValidationError as next_error:
            error = next_error
    return None


def _place_of(detail: ErrorDetails) -> KeyPath:
    """Pydantic's location as a path in the file: a bad key is followed by a "[key]" marker."""
    return tuple(part for part in detail["loc"] if part != "[key]")


def _position(detail: ErrorDetails) -> list[tuple[int, str]]:
    return [(p, "") if isinstance(p, int) else (0, p) for p in _place_of(detail)]


def _mend(model: type[BaseModel], rest: Any, detail: ErrorDetails, *, keep_entries: bool) -> None:  # noqa: ANN401 - a tree of plain values
    where, kind = _place_of(detail), detail["type"]
    if kind == "missing":
        _put(rest, where, _placeholder(model, where))
    elif kind == "string_type":
        _put(rest, where, PLACEHOLDER + repr(where))
    elif kind == "too_short":
        _put(rest, where, _one_of(model, where))
    elif not keep_entries and (entry := _entry_of(model, where)) is not None:
        _remove(rest, entry)
    else:
        _remove(rest, where)


def _placeholder(model: type[BaseModel], where: KeyPath) -> object:
    for choice in choices_at(model, where):
        if choice.model is not None:
            return {}
        if choice.items is not None:
            return _one_of(model, where)
        kind: object = choice.type_
        if isinstance(kind, type) and issubclass(kind, Enum):
            return next(iter(kind)).value
        if kind is int:
            return 1
    return PLACEHOLDER + repr(where)


def _one_of(model: type[BaseModel], where: KeyPath) -> object:
    """A map or list with one entry."""
    for choice in choices_at(model, where):
        if get_origin(choice.type_) is dict:
            return {_PLACEHOLDER_ENTRY: _placeholder(model, (*where, _PLACEHOLDER_ENTRY))}
        if get_origin(choice.type_) is list:
            return [_placeholder(model, (*where, 0))]
    return PLACEHOLDER + repr(where)


def _entry_of(model: type[BaseModel], where: KeyPath) -> KeyPath | None:
    """The outermost named entry that `where` is in."""
    for end in range(len(where)):
        for choice in choices_at(model, where[:end]):
            if get_origin(choice.type_) is dict and any(one.model for one in choices(choice.items)):
                return where[: end + 1]
    return None


def _put(values: object, where: KeyPath, new: object) -> None:
    owner = at(values, where[:-1]) if where else None
    if isinstance(owner, dict) or (where and at(values, where) is not MISSING):
        cast("dict[str | int, object]", owner)[where[-1]] = new


def _remove(values: object, where: KeyPath) -> None:
    if where and at(values, where) is not MISSING:
        del at(values, where[:-1])[where[-1]]
