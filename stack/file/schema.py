"""What may stand at a place of a stack file, by the models of its settings: the one walk over them.

A place is looked up in a model, in a field of one, or in a map of either by the keys at the top of
a stack file (`models_of`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Any, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, RootModel
from pydantic.fields import FieldInfo

from stack.ids import IdKind
from stack.model import fields_of
from stack.problems import KeyPath
from stack.settings import CommonSettings
from stack.topology import Topology

Schema: TypeAlias = Any
"""A type as an annotation has it, a field, or schemas by keys."""


@dataclass(frozen=True)
class Choice:
    """One of the types that a value may have, without its notes."""

    type_: Any
    notes: tuple[object, ...] = ()
    """What `Annotated` says of it."""

    @property
    def model(self) -> type[BaseModel] | None:
        """The model that it is, where it is one."""
        if isinstance(self.type_, type) and issubclass(self.type_, BaseModel):
            return self.type_
        return None

    @property
    def items(self) -> Schema:
        """What a map of names, or a list, holds; None where it is neither."""
        return get_args(self.type_)[-1] if get_origin(self.type_) in {dict, list} else None

    def below(self, part: str | int) -> Schema:
        """What may stand at `part` of it; None where nothing may."""
        return self.items if self.model is None else fields_of(self.model).get(str(part))


def models_of(values: Mapping[str, Any], topologies: Sequence[Topology]) -> Mapping[str, Schema]:
    """The schemas of a stack file's keys; of sections that aren't there, none are loaded."""
    sections = {t.section: t.parts.model for t in topologies if t.section in values}
    return {**fields_of(CommonSettings), **sections}


def choices(schema: Schema, notes: tuple[object, ...] = ()) -> Iterator[Choice]:
    """The alternatives of a schema, its unions and sections that are maps opened."""
    if isinstance(schema, FieldInfo):
        # Pydantic keeps a field's own notes apart from its type.
        yield from choices(schema.annotation, (*notes, *schema.metadata))
    elif hasattr(schema, "__metadata__"):
        yield from choices(get_args(schema)[0], (*notes, *schema.__metadata__))
    elif get_origin(schema) in {Union, UnionType}:
        for choice in get_args(schema):
            yield from choices(choice, notes)
    elif isinstance(schema, type) and issubclass(schema, RootModel):
        yield from choices(schema.model_fields["root"])
    elif schema is not None:
        yield Choice(schema, notes)


def choices_at(schema: Schema, path: KeyPath) -> Iterator[Choice]:
    """The types that a value at `path` may have."""
    for part in path:
        if isinstance(schema, Mapping):
            schema = schema.get(part)  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        else:
            below = (choice.below(part) for choice in choices(schema))
            schema = next((one for one in below if one is not None), None)
    return choices(schema)


def model_at(schema: Schema, path: KeyPath) -> type[BaseModel] | None:
    """The model that describes the map at `path`."""
    models = (choice.model for choice in choices_at(schema, path))
    return next((model for model in models if model is not None), None)


def kind_at(schema: Schema, path: KeyPath) -> IdKind | None:
    """Which id is needed at `path`; None where none is."""
    notes = (note for choice in choices_at(schema, path) for note in choice.notes)
    return next((note for note in notes if isinstance(note, IdKind)), None)


def field_at(schema: type[BaseModel], path: KeyPath) -> FieldInfo | None:
    """The field that a path leads to, where it leads to one."""
    owner = model_at(schema, path[:-1]) if path else None
    return fields_of(owner).get(str(path[-1])) if owner is not None else None


def shapes(
    schema: Schema, shape: tuple[str, ...] = (), inside: tuple[object, ...] = ()
) -> Iterator[tuple[str, ...]]:
    """Every place below `shape`, with `*` for names and places in lists."""
    for choice in choices(schema):
        if choice.model is not None and choice.model not in inside:
            for key, field in fields_of(choice.model).items():
                yield (*shape, key)
                yield from shapes(field, (*shape, key), (*inside, choice.model))
        elif choice.items is not None:
            yield (*shape, "*")
            yield from shapes(choice.items, (*shape, "*"), inside)
