"""References to outputs of other stacks: found, judged against those outputs, and filled in.

A reference stands where a stack file takes an id (`stack.ids`). It is filled in before the file's
values become settings, so that every rule and every topology sees plain ids. Who knows the outputs
is others' business: the program asks Pulumi for them, the sandbox looks into the other stack's
state, and a plan goes by what the other stack's file promises (`stack.beside`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Annotated, Any, TypeAlias, Union, cast, get_args, get_origin

from pydantic import BaseModel, RootModel

from stack.ids import OTHER, IdKind, ReferenceSettings, unknown
from stack.problems import KeyPath, Problem, choose_from
from stack.validation import read

Models: TypeAlias = Mapping[str, type[BaseModel]]
"""The model of each top-level key's value; of keys that have none of their own, the model of all
such keys together stands under the empty name."""

ALL = ""


@dataclass(frozen=True)
class PlacedReference:
    """A reference, and where it stands."""

    path: KeyPath
    to: ReferenceSettings
    kind: IdKind
    """What is needed there."""


@dataclass(frozen=True)
class Outputs:
    """The outputs of a stack: the values, or what they will be."""

    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """By name; a leaf is a value, or an `IdKind` where only that is known."""

    secret: frozenset[str] = frozenset()
    """Names of those that are secret, wholly or in a part."""

    missing: str = ""
    """Why there are none, where that is so."""

    remedy: str = ""
    """What to do about that."""

    promised: bool = True
    """Whether an output that isn't here can't be had at all."""


@dataclass(frozen=True)
class References:
    """The references of a stack file's values."""

    all: list[PlacedReference] = field(default_factory=list[PlacedReference])
    unreadable: list[KeyPath] = field(default_factory=list[KeyPath])
    """Where maps stand that were meant as references."""

    problems: list[Problem] = field(default_factory=list[Problem])
    """What is wrong with those."""

    @property
    def stacks(self) -> set[str]:
        """The names of the stacks that are referred to."""
        return {reference.to.stack for reference in self.all}


def references_in(values: Mapping[str, Any], models: Models) -> References:
    """The references that stand where ids are needed; a map elsewhere is no reference."""
    found = References()
    for path, value in _maps(values):
        kind = kind_at(models, path) if value.keys() & {"stack", "output"} else None
        if kind is None:
            continue
        reading = read(ReferenceSettings, value, path)
        if reading.settings is None or reading.problems:
            found.unreadable.append(path)
            found.problems.extend(reading.problems)
        else:
            found.all.append(PlacedReference(path, reading.settings, kind))
    return found


def resolved(reference: PlacedReference, outputs: Outputs) -> str | Problem:
    """What a reference comes to: the text that takes its place, or why there is none."""
    stack, name = reference.to.stack, reference.to.output
    if outputs.missing:
        return Problem((*reference.path, "stack"), stack, outputs.missing, outputs.remedy)
    value = output_at(outputs.values, name)
    if value is None and not outputs.promised:
        return unknown(reference.to)
    where = (*reference.path, "output")
    if value is None:
        rule = f"the stack {stack} has no output {name}"
        return Problem(where, name, rule, _choose(reference, outputs))
    if _name_of(outputs.values, name) in outputs.secret:
        rule = f"the output {name} of {stack} is a secret, and an id is read by everybody"
        remedy = f"let {stack} put it out in plain text: nothing in an id is secret"
        return Problem(where, name, rule, remedy)
    if _does(reference.kind, value):
        return value if isinstance(value, str) else unknown(reference.to)
    rule = f"{reference.kind.what} is needed here, and {name} of {stack} is {_told(value)}"
    return Problem(where, name, rule, _choose(reference, outputs))


def _told(value: object) -> str:
    if isinstance(value, IdKind):
        return value.what
    if isinstance(value, Mapping):
        return "a map"
    return value if isinstance(value, str) else "no text"


def output_at(values: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - an output of any kind
    """The output of that name, or the entry of one; names themselves may hold dots."""
    if name in values:
        return values[name]
    for first, rest in _splits(name):
        below = values.get(first)
        if isinstance(below, Mapping):
            found = output_at(cast("Mapping[str, Any]", below), rest)
            if found is not None:
                return found
    return None


def filled(values: Mapping[str, Any], texts: Mapping[KeyPath, str]) -> dict[str, Any]:
    """A copy of `values` with these texts in their places."""
    copy: dict[str, Any] = dict(values)
    for path, text in texts.items():
        owner: Any = copy
        for part in path[:-1]:
            owner[part] = list(owner[part]) if isinstance(owner[part], list) else {**owner[part]}
            owner = owner[part]
        owner[path[-1]] = text
    return copy


def kind_at(models: Models, path: KeyPath) -> IdKind | None:
    """Which id is needed at `path`; None where none is."""
    first, *rest = path
    model = models.get(str(first))
    if model is None:
        model, rest = models.get(ALL), [first, *rest]
    annotation: Any = model
    for part in rest:
        annotation = next(_step(annotation, part), None)
    for choice in _choices(annotation):
        for note in getattr(choice, "__metadata__", ()):
            if isinstance(note, IdKind):
                return note
    return None


def _choose(reference: PlacedReference, outputs: Outputs) -> str:
    """The nearest output that would do; any where none would."""
    leaves = dict(_leaves(outputs.values))
    fit = [name for name, value in leaves.items() if _does(reference.kind, value)]
    below = [name for name in fit if name.startswith(f"{reference.to.output}.")]
    if below:
        return choose_from("", below, "entry")
    if not fit:
        return f"nothing that {reference.to.stack} puts out is {reference.kind.what}: add it there"
    return choose_from(reference.to.output, fit, "output")


def _does(kind: IdKind, value: object) -> bool:
    if isinstance(value, IdKind):
        return kind.takes(value) and value is not OTHER
    return isinstance(value, str) and kind.fits(value)


def _leaves(values: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        where = f"{path}.{name}" if path else name
        if isinstance(value, Mapping):
            yield from _leaves(cast("Mapping[str, Any]", value), where)
        else:
            yield where, value


def _name_of(values: Mapping[str, Any], name: str) -> str:
    """The name of the whole output that `name` leads into."""
    starts = [name, *(first for first, _ in _splits(name))]
    return next((start for start in starts if start in values), name)


def _splits(name: str) -> Iterator[tuple[str, str]]:
    parts = name.split(".")
    for end in range(1, len(parts)):
        yield ".".join(parts[:end]), ".".join(parts[end:])


def _maps(value: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """Every map in a tree of plain values, in the tree's order."""
    entries: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, dict):
        whole = cast("dict[str, Any]", value)
        if path:
            yield path, whole
        entries = whole.items()
    elif isinstance(value, list):
        entries = enumerate(cast("list[object]", value))
    for key, item in entries:
        yield from _maps(item, (*path, key))


def _step(annotation: Any, part: str | int) -> Iterator[Any]:  # noqa: ANN401 - types as values
    for one in _choices(annotation):
        choice = get_args(one)[0] if hasattr(one, "__metadata__") else one
        if isinstance(choice, type) and issubclass(choice, BaseModel):
            for name, known in choice.model_fields.items():
                if (known.alias or name) == part:
                    # Pydantic keeps a field's own notes apart from its type.
                    kept: Any = known.annotation
                    for note in known.metadata:
                        kept = Annotated[kept, note]
                    yield kept
        elif get_origin(choice) is dict:
            yield get_args(choice)[1]
        elif get_origin(choice) is list:
            yield get_args(choice)[0]


def _choices(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 - types as values
    """An annotation's alternatives, each with its notes; those of maps in sections opened."""
    noted = hasattr(annotation, "__metadata__")
    inner = get_args(annotation)[0] if noted else annotation
    if get_origin(inner) in {Union, UnionType}:
        for choice in get_args(inner):
            yield from _choices(choice)
    elif isinstance(inner, type) and issubclass(inner, RootModel):
        yield from _choices(inner.model_fields["root"].annotation)
    elif annotation is not None:
        yield annotation
