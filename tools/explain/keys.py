"""A key of the stack file, found in the schema by its path: names of entries are anything there."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeAlias, cast

from stack.command_line import ROOT
from stack.naming import NAMESPACE
from stack.problems import NotDoneError, choose_from, did_you_mean

Schema: TypeAlias = Mapping[str, Any]

NAME: Final = "<name>"
_DEEPEST: Final = 14


@dataclass(frozen=True)
class Key:
    """A key, and what the schema says of its value."""

    path: tuple[str, ...]
    """With <name> for what people name themselves."""

    schema: Schema
    required: bool

    @property
    def dotted(self) -> str:
        """As reports write it."""
        return ".".join(self.path)


class Keys:
    """Every key that a stack file can have."""

    def __init__(self, schema: Schema) -> None:
        """Of the whole file's schema."""
        self._definitions = cast("Mapping[str, Schema]", schema["definitions"])
        config = schema["properties"]["config"]
        required = {one.removeprefix(f"{NAMESPACE}:") for one in config["required"]}
        self._top = {
            name.removeprefix(f"{NAMESPACE}:"): Key(
                (name.removeprefix(f"{NAMESPACE}:"),),
                self._whole(below),
                name.removeprefix(f"{NAMESPACE}:") in required,
            )
            for name, below in config["properties"].items()
        }

    @classmethod
    def read(cls) -> "Keys":
        """Of the schema that editors use."""
        return cls(json.loads((ROOT / "schemas" / "stack.schema.json").read_text("utf-8")))

    def at(self, said: str) -> Key:
        """The key that is said: a path, or its end where that is enough to tell it.

        Raises:
            NotDoneError: there is none, or there are several; says which.
        """
        parts = _parts(said)
        if not parts:
            raise NotDoneError("Say which key: make explain KEY=sharedBandwidth.natGateway.lanes")
        if parts[0] not in self._top:
            return self._ending_with(parts, said)
        key = self._top[parts[0]]
        for part in parts[1:]:
            key = self._below(key, part)
        return key

    def _below(self, key: Key, part: str) -> Key:
        entry = self._entry(key.schema)
        known = self.below(key)
        if part in known:
            return known[part]
        listed = self._items(key.schema)
        if listed is not None:
            inside = Key(key.path, listed, required=False)
            return inside if part.isdigit() or part == "*" else self._below(inside, part)
        if entry is not None:
            return Key((*key.path, NAME), entry, required=False)
        if not known:
            raise NotDoneError(
                f"Nothing stands below {key.dotted}, which is {kind_of(key.schema)}."
            )
        message = f"{key.dotted} has no key {part}: {choose_from(part, known, 'key')}"
        raise NotDoneError(message)

    def _ending_with(self, parts: Sequence[str], said: str) -> Key:
        wanted = tuple(parts)
        found = [key for key in self.every if key.path[-len(wanted) :] == wanted]
        if len(found) == 1:
            return found[0]
        if found:
            paths = "".join(f"\n  make explain KEY='{one.dotted}'" for one in found)
            raise NotDoneError(f"{len(found)} keys end with {said}; say which:{paths}")
        near = did_you_mean(wanted[-1], {key.path[-1] for key in self.every})
        remedy = f"did you mean {near}?" if near else choose_from(wanted[0], self._top, "key")
        raise NotDoneError(f"A stack file has no key {said}: {remedy}")

    @cached_property
    def every(self) -> list[Key]:
        """Every key, each once where it can stand in itself."""
        found: list[Key] = []
        waiting = [*self._top.values()]
        while waiting:
            key = waiting.pop()
            found.append(key)
            if len(key.path) < _DEEPEST:
                waiting += self._inside(key)
        return sorted(found, key=lambda key: key.path)

    def _inside(self, key: Key) -> Iterator[Key]:
        yield from self.below(key).values()
        entry, listed = self._entry(key.schema), self._items(key.schema)
        if listed is not None:
            yield from self.below(Key(key.path, listed, required=False)).values()
        if entry is not None:
            yield from self.below(Key((*key.path, NAME), entry, required=False)).values()

    def below(self, key: Key) -> Mapping[str, Key]:
        """The keys that stand below one, by their names."""
        return {
            name: Key((*key.path, name), self._whole(below), name in branch.get("required", ()))
            for branch in self._branches(key.schema)
            for name, below in self._named(branch)
        }

    def _named(self, schema: Schema) -> Iterator[tuple[str, Schema]]:
        told = schema.get("properties", {})
        yield from told.items()
        for name in schema.get("propertyNames", {}).get("enum", ()):
            if name not in told:
                yield name, {"description": f"{name}, as the provider takes it."}

    def _entry(self, schema: Schema) -> Schema | None:
        """What an entry of a map is."""
        for branch in self._branches(schema):
            more = branch.get("additionalProperties")
            entries = [*branch.get("patternProperties", {}).values()]
            entries += [more] if isinstance(more, dict) and more else []
            if entries:
                return self._whole(entries[0])
        return None

    def _items(self, schema: Schema) -> Schema | None:
        """What an item of a list is."""
        lists = (one["items"] for one in self._branches(schema) if "items" in one)
        return next((self._whole(one) for one in lists), None)

    def _branches(self, schema: Schema) -> list[Schema]:
        """A schema, or what it is a choice of."""
        return [schema, *(self._whole(one) for one in schema.get("anyOf", ()))]

    def _whole(self, schema: Schema) -> Schema:
        """A schema with what it refers to; what it says itself goes before."""
        found: dict[str, Any] = {}
        references = [one["$ref"] for one in (schema, *schema.get("allOf", ())) if "$ref" in one]
        for reference in references:
            found |= self._whole(self._definitions[reference.rpartition("/")[2]])
        return found | {k: v for k, v in schema.items() if k not in {"$ref", "allOf"}}

    def rules(self, schema: Schema) -> list[str]:
        """What a value has to be, as far as it alone decides."""
        parts = self._branches(schema)
        parts += [item for one in parts if (item := self._items(one)) is not None]
        return [*dict.fromkeys(rule for one in parts for rule in _rules(one))]

    def kinds(self, schema: Schema) -> str:
        """What a value is, in words."""
        choices = [self._whole(one) for one in schema.get("anyOf", ())]
        if choices:
            return ", or ".join(dict.fromkeys(self.kinds(one) for one in choices))
        item = self._items(schema)
        return f"{kind_of(schema)} of {self.kinds(item)}" if item else kind_of(schema)


_KINDS: Final = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a section",
}


def kind_of(schema: Schema) -> str:
    """What a value is, in words, whatever it consists of."""
    said = schema.get("type", ())
    types = [said] if isinstance(said, str) else said
    if "object" in types and "properties" not in schema:
        return "a map of entries by their names"
    return ", or ".join(_KINDS[one] for one in types if one in _KINDS) or "as the provider has it"


_SIZES: Final = (("Length", "characters"), ("Items", "items"), ("Properties", "entries"))


def _rules(schema: Schema) -> Iterator[str]:
    words = schema.get("enum", ())
    if words:
        yield f"one of {', '.join(str(one) for one in words if one is not None)}"
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None:
        yield f"{least} to {most}"
    elif least is not None or most is not None:
        yield f"at least {least}" if most is None else f"at most {most}"
    for key, what in _SIZES:
        if f"min{key}" in schema:
            yield f"{what}: at least {schema[f'min{key}']}"
        if f"max{key}" in schema:
            yield f"{what}: at most {schema[f'max{key}']}"
    if schema.get("uniqueItems"):
        yield "each once"
    if "pattern" in schema:
        yield f"of the form {schema['pattern']}"


def _parts(said: str) -> list[str]:
    """A path's parts, however it is written: as in a report, or as in the file."""
    path = said.strip().removeprefix("config.").removeprefix(f"{NAMESPACE}:")
    return [one for one in re.split(r"\.|\[(\d+)\]", path) if one]
