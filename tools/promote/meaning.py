"""What a stack file says, with defaults filled in: two files that mean the same give the same tree.

Read from the settings that the program itself would use, so `protocol: tcp` where tcp is the
default, a port in quotes, anchors and the order of keys make no difference. Files that a section
names aren't opened: both stacks name the same ones.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Final, TypeAlias, Union, cast, get_args, get_origin

from pydantic import BaseModel, RootModel

from stack.filling import with_stand_ins
from stack.loader import COMMON_KEYS, file_values, settings_of_file
from stack.placing import REGION_KEY, placed
from stack.problems import KeyPath, StackFileError
from stack.secret_values import SecretState
from stack.settings import CommonSettings
from stack.target import Target, shown_path
from stack.validation import read
from stack.yaml_file import YamlFile
from topologies import TOPOLOGIES
from topologies.nat.ports import PortRange
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

    file: YamlFile
    values: Mapping[str, Any]
    """What the file says, without the namespace."""

    meaning: Fields = field(repr=False)

    def raw(self, path: KeyPath) -> object:
        """What is written at `path`; `MISSING` where nothing is."""
        found: object = self.values
        for part in path:
            entries = cast("dict[str | int, object]", found) if isinstance(found, dict) else {}
            if part not in entries:
                return MISSING
            found = entries[part]
        return found


class _Missing(Enum):
    MISSING = "nothing is written there"


MISSING: Final = _Missing.MISSING


def sound_side(target: Target) -> Side:
    """A stack whose file has to pass every rule.

    Raises:
        StackFileError: it doesn't.
    """
    settings_of_file(shown_path(target.file), target.stack, TOPOLOGIES)
    return readable_side(target)


def readable_side(target: Target) -> Side:
    """A stack whose file can be read; entries with mistakes are left out.

    Raises:
        StackFileError: it can't.
    """
    path = shown_path(target.file)
    file = YamlFile.read(path)
    values, problems = file_values(file)
    problems = [*file.problems, *problems]
    whole = with_stand_ins(values, TOPOLOGIES)
    mine = {key: whole[key] for key in COMMON_KEYS if key in whole}
    common = read(CommonSettings, mine, ())
    if common.settings is None or file.problems or not values:
        raise StackFileError(path, placed(problems or common.problems, file, values))
    found: dict[str, Meaning] = {REGION_KEY: cast("Plain", values.get(REGION_KEY))}
    found |= cast("Fields", meaning_of(common.settings)).items
    found[TOPOLOGY] = Named(dict.fromkeys(common.settings.topology, True))
    broken = [problem.path for problem in common.problems]
    for topology in TOPOLOGIES:
        section = read(topology.parts.model, whole.get(topology.section), (topology.section,))
        if topology.section in values and section.settings is not None:
            found[topology.section] = meaning_of(section.settings)
            broken += [problem.path for problem in section.problems]
        else:
            found[topology.section] = None
    meaning: Meaning = Fields(found)
    for place in broken:
        meaning = _without_entry(meaning, place)
    return Side(target.stack, path, file, values, cast("Fields", meaning))


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


def shapes() -> Iterator[tuple[str, ...]]:
    """Every place that a stack file can have, with `*` for names and places in lists."""
    yield (REGION_KEY,)
    yield from _shapes(CommonSettings, (), ())
    for topology in TOPOLOGIES:
        yield (topology.section,)
        yield from _shapes(topology.parts.model, (topology.section,), ())


def _shapes(
    annotation: object, shape: tuple[str, ...], inside: tuple[object, ...]
) -> Iterator[tuple[str, ...]]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation in inside:
            return
        for name, info in annotation.model_fields.items():
            root = issubclass(annotation, RootModel)
            below = shape if root else (*shape, info.alias or name)
            if not root:
                yield below
            yield from _shapes(info.annotation, below, (*inside, annotation))
    elif origin is Annotated:
        yield from _shapes(arguments[0], shape, inside)
    elif origin in {Union, UnionType}:
        for one in arguments:
            yield from _shapes(one, shape, inside)
    elif origin in {dict, list}:
        yield (*shape, "*")
        yield from _shapes(arguments[-1], (*shape, "*"), inside)
