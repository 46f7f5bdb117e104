"""What a stack file says, with defaults filled in: two files that mean the same give the same tree.

Read from the settings that the program itself would use, so `protocol: tcp` where tcp is the
default, a port in quotes, anchors and the order of keys make no difference. Files that a section
names aren't opened: both stacks name the same ones.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

from pydantic import BaseModel, RootModel

from stack.file.read import read_whole
from stack.file.schema import shapes
from stack.file.source import Source
from stack.file.tree import at
from stack.naming import REGION_KEY
from stack.ports import PortRange
from stack.problems import KeyPath, StackFileError
from stack.secrets import SecretState
from stack.settings import CommonSettings
from stack.stack_file import StackFile
from stack.target import Target, shown_path
from topologies import TOPOLOGIES
from topologies.shared_bandwidth.settings import PortMappingSettings

TOPOLOGY: Final = "topology"


@dataclass(frozen=True)
class Fields:
    """Settings under keys that the program knows; each is there, by its default at least."""

    items: Mapping[str, "Meaning"]


@dataclass(frozen=True)
class Named:
    """Entries under names of the author's choice."""

    items: Mapping[str, "Meaning"]


Plain: TypeAlias = str | int | float | bool | SecretState | None
Meaning: TypeAlias = "Fields | Named | tuple[Meaning, ...] | Plain"


@dataclass(frozen=True)
class Place:
    """Where a setting stands, and which of its parts are names."""

    path: tuple[str, ...] = ()
    shape: tuple[str, ...] = ()
    """The path with `*` for names."""

    def field(self, key: str) -> "Place":
        """The setting `key` below it."""
        return Place((*self.path, key), (*self.shape, key))

    def name(self, key: str) -> "Place":
        """The entry `key` of it."""
        return Place((*self.path, key), (*self.shape, "*"))

    def below(self, owner: Meaning, key: str) -> "Place":
        """What `owner`, which stands here, has under `key`."""
        return self.name(key) if isinstance(owner, Named) else self.field(key)

    def inside(self, owner: "Meaning") -> "Iterator[tuple[Place, Meaning]]":
        """All that `owner`, which stands here, has; what stands in a list is called `*`."""
        if isinstance(owner, Fields | Named):
            yield from ((self.below(owner, key), one) for key, one in owner.items.items())
        elif isinstance(owner, tuple):
            yield from ((self.name("*"), one) for one in owner)


# What a field that isn't written means, where that follows from the fields beside it.
_FOLLOWING: Final[Mapping[type[BaseModel], Mapping[str, Callable[[Any], object]]]] = {
    PortMappingSettings: {
        "protocol": lambda mapping: mapping.effective_protocol,
        "hostPort": lambda mapping: mapping.effective_host_port,
    }
}


def meaning_of(value: object) -> Meaning:  # noqa: PLR0911 - one for each kind of value
    """A settings model, or a value of one, as a tree."""
    match value:
        case RootModel():
            return meaning_of(cast("RootModel[object]", value).root)
        case BaseModel():
            return _fields_of(value)
        case dict():
            entries = cast("dict[str, object]", value)
            return Named({key: meaning_of(item) for key, item in entries.items()})
        case PortRange():
            return value.first if value.size == 1 else str(value)
        case list() | tuple():
            items = [meaning_of(item) for item in cast("list[object]", value)]
            words = all(isinstance(item, str) for item in items)
            return tuple(sorted(items, key=str) if words else items)  # words are a set
        case SecretState():
            return value
        case Enum():
            return cast("str", value.value)
        case _:
            return cast("Plain", value)


def _fields_of(model: BaseModel) -> Fields:
    following = _FOLLOWING.get(type(model), {})
    found: dict[str, Meaning] = {}
    for name, info in type(model).model_fields.items():
        key = info.alias or name
        effective = following.get(key)
        found[key] = meaning_of(effective(model) if effective else getattr(model, name))
    return Fields(found)


@dataclass(frozen=True)
class Side:
    """One of the two stacks."""

    stack: str
    path: Path
    """Its file, as people write its path."""

    source: Source
    meaning: Fields = field(repr=False)

    def raw(self, path: KeyPath) -> object:
        """What is written at `path`; `MISSING` where nothing is."""
        return at(self.source.values, path)


def sound_side(target: Target) -> Side:
    """A stack whose file has to pass every rule.

    Raises:
        StackFileError: it doesn't.
    """
    file = _file_of(target)
    _ = file.settings
    return _side(file)


def readable_side(target: Target) -> Side:
    """A stack whose file can be read; entries with mistakes are left out.

    Raises:
        StackFileError: it can't.
    """
    return _side(_file_of(target))


def _file_of(target: Target) -> StackFile:
    return StackFile(shown_path(target.file), target.stack, TOPOLOGIES)


def _side(file: StackFile) -> Side:
    source = file.source
    common, sections = read_whole(file.references.stood_in_for(source.values), TOPOLOGIES)
    if common.settings is None or source.file.problems or not source.values:
        raise StackFileError(file.path, source.placed(source.problems or common.problems))
    found: dict[str, Meaning] = {REGION_KEY: cast("Plain", source.values.get(REGION_KEY))}
    found |= cast("Fields", meaning_of(common.settings)).items
    found[TOPOLOGY] = Named(dict.fromkeys(common.settings.topology, True))
    for topology in TOPOLOGIES:
        section = sections.get(topology.name)
        settings = section.settings if section is not None else None
        found[topology.section] = meaning_of(settings)
    meaning: Meaning = Fields(found)
    for reading in (common, *sections.values()):
        for problem in reading.problems:
            meaning = _without_entry(meaning, problem.path)
    return Side(file.stack, file.path, source, cast("Fields", meaning))


def _without_entry(tree: Meaning, place: KeyPath) -> Meaning:
    """The tree without the innermost entry that a mistake stands in.

    What could be read of it has stand-ins for what couldn't.
    """
    if not place or not isinstance(tree, Fields | Named):
        return tree
    key = str(place[0])
    if key not in tree.items:
        return tree
    below = _without_entry(tree.items[key], place[1:])
    if below is not tree.items[key]:
        return type(tree)({**tree.items, key: below})
    if isinstance(tree, Named):
        return Named({name: one for name, one in tree.items.items() if name != key})
    return tree


def every_shape() -> Iterator[tuple[str, ...]]:
    """Every place that a stack file can have, with `*` for names and places in lists."""
    yield (REGION_KEY,)
    yield from shapes(CommonSettings)
    for topology in TOPOLOGIES:
        yield (topology.section,)
        yield from shapes(topology.model, (topology.section,))
