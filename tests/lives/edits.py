"""Random edits of a stack's values, as people make them: each for itself, or a few at once.

They know the shape of a stack file (what is a map of named things, which text names one of them)
and nothing of its rules: whoever wants a valid file throws the others away.
"""

import copy
import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, Final, cast

from tests.docs.stack_keys import stack_keys

Values = dict[str, Any]
"""What stands below `config:`, without the project's prefix."""

Path = tuple[str, ...]
Edit = Callable[[Random, Values, "list[Values]"], str | None]
"""Edits the values, and says what it did; None where there is nothing that it could be done to."""

NAME: Final = "<name>"
KEYS: Final = [tuple(key.split(".")) for key, _, _ in stack_keys()]
MAPS: Final = {key[:place] for key in KEYS for place, word in enumerate(key) if word == NAME}
"""Where the names of things stand."""

RENAMED: Final = {key[:-2] for key in KEYS if key[-2:] == (NAME, "was")}
"""Those of them whose things know what they were called."""

TIERS: Final = ("development", "staging", "production")
_RANGE = re.compile(r"(\d+)\.(\d+)\.(\d+)\.(\d+)(/\d+)?")
_ZONE = re.compile(r"([a-z]+-[a-z]+(?:-\d)?)-[a-z]")


def as_map(value: Any) -> Values:
    """The same where it is a map, and an empty one otherwise."""
    return cast("Values", value) if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """The same where it is a list, and an empty one otherwise."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def shape(path: Path) -> Path:
    """A place among the values, with `<name>` for what people have named."""
    found: Path = ()
    for word in path:
        found = (*found, NAME if found in MAPS else word)
    return found


def places(values: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Everything that stands somewhere, with where it does; what a list has is at its list's."""
    yield path, values
    for key, value in as_map(values).items():
        yield from places(value, (*path, str(key)))


def at(values: Values, path: Path) -> Any:
    """What stands there."""
    for word in path:
        values = values[word]
    return values


def names(values: Values) -> dict[Path, list[str]]:
    """The names of things, by where they stand."""
    there = ((path, as_map(value)) for path, value in places(values) if shape(path) in MAPS)
    return {path: list(value) for path, value in there if value}


def _replaced(value: Any, new: dict[str, str]) -> Any:
    """The same with other names, wherever one stands alone."""
    if isinstance(value, dict):
        return {new.get(key, key): _replaced(one, new) for key, one in as_map(value).items()}
    if isinstance(value, list):
        return [_replaced(one, new) for one in as_list(value)]
    return new.get(value, value) if isinstance(value, str) else value


def _rename(random: Random, values: Values, _: list[Values]) -> str | None:
    known = {path: some for path, some in names(values).items() if shape(path) in RENAMED}
    if not known:
        return None
    path = random.choice(list(known))
    old = random.choice(known[path])
    new = f"{old[:12]}-{random.randrange(100)}"
    with_was = random.random() < 0.7
    for where, some in names(values).items():
        if old in some and shape(where) in RENAMED and with_was:
            as_map(at(values, where)[old])["was"] = old
    _become(values, _replaced(values, {old: new}))
    return f"rename {old} to {new}{'' if with_was else ', without was'}"


def _two(random: Random, values: Values) -> tuple[Path, str, str] | None:
    """Where two things stand, and their names; None where there aren't two."""
    known = {path: some for path, some in names(values).items() if len(some) > 1}
    if not known:
        return None
    path = random.choice(list(known))
    one, other = random.sample(known[path], 2)
    return path, one, other


def _swap_names(random: Random, values: Values, _: list[Values]) -> str | None:
    found = _two(random, values)
    if found is None:
        return None
    path, one, other = found
    there = at(values, path)
    there[one], there[other] = there[other], there[one]
    return f"swap what {'.'.join(path)} calls {one} and {other}"


def _swap(random: Random, values: Values, _: list[Values]) -> str | None:
    """Two things exchange a property."""
    found = _two(random, values)
    if found is None:
        return None
    path, *both = found
    one, other = (as_map(at(values, path)[name]) for name in both)
    keys = [key for key in one if key in other and one[key] != other[key] and key != "was"]
    if not keys:
        return None
    key = random.choice(keys)
    one[key], other[key] = other[key], one[key]
    return f"swap {key} of two in {'.'.join(path)}"


def _remove(random: Random, values: Values, _: list[Values]) -> str | None:
    known = names(values)
    path = random.choice(list(known))
    gone = [random.choice(known[path])]
    del at(values, path)[gone[0]]
    # And what can't be without it, as somebody would who means it.
    for _round in range(3):
        for where, some in names(values).items():
            for name in some:
                text = str(at(values, where)[name])
                needs = any(
                    re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", text) for one in gone
                )
                if needs and random.random() < 0.6:
                    del at(values, where)[name]
                    gone.append(name)
    return f"remove {', '.join(gone)}"


def _add(random: Random, values: Values, _: list[Values]) -> str | None:
    """Another one of what is there, a little different."""
    known = names(values)
    path = random.choice(list(known))
    name = random.choice(known[path])
    new = f"{name[:10]}-{random.randrange(100)}x"
    thing = copy.deepcopy(at(values, path)[name])
    as_map(thing).pop("was", None)
    for where, value in list(places(thing)):
        if where and random.random() < 0.7 and not isinstance(value, dict):
            at(thing, where[:-1])[where[-1]] = _other(random, value, (*path, *where), values)
    at(values, path)[new] = thing
    return f"add {new} to {'.'.join(path)}"


def _change(random: Random, values: Values, _: list[Values]) -> str | None:
    """One property: another number, zone, range, address, or another thing that it names."""
    there = [
        (path, value)
        for path, value in places(values)
        if path
        and not isinstance(value, dict)
        and path[-1] not in {"topology", "was", "alicloud:region"}
    ]
    path, value = random.choice(there)
    new = _other(random, value, path, values)
    at(values, path[:-1])[path[-1]] = new
    return f"{'.'.join(path)}: {value!r} → {new!r}" if new != value else None


def _other(random: Random, value: Any, path: Path, values: Values) -> Any:  # noqa: PLR0911
    if isinstance(value, list):
        return _other_list(random, as_list(value), path, values)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return max(1, value + random.choice((-5, -1, 1, 5, value)))
    if not isinstance(value, str):
        return value
    if path[-1] == "tier":
        return random.choice(TIERS)
    namesakes = [some for some in names(values).values() if value in some and len(some) > 1]
    if namesakes:
        return random.choice([one for one in random.choice(namesakes) if one != value])
    if found := _RANGE.fullmatch(value):
        place = random.choice((2, 3) if found[5] is None or found[5] == "/24" else (1, 2))
        parts = [*found.groups()[:4]]
        parts[place] = str(random.randrange(1, 200))
        return ".".join(parts) + (found[5] or "")
    if found := _ZONE.fullmatch(value):
        return f"{found[1]}-{random.choice('abefg')}"
    alike = [v for where, v in places(values) if shape(where) == shape(path) and v != value]
    return random.choice(alike) if alike and random.random() < 0.7 else f"{value}2"


def _other_list(random: Random, value: list[Any], path: Path, values: Values) -> list[Any]:
    if not value:
        return value
    way = random.randrange(4)
    if way == 0 and len(value) > 1:
        return [one for one in value if one != value[0]]
    if way == 1:
        return list(reversed(value))
    place = random.randrange(len(value))
    new = _other(random, value[place], path, values) if not isinstance(value[place], dict) else None
    if new is None:
        return value
    return [*value, new] if way == 2 else [*value[:place], new, *value[place + 1 :]]


def _drop(random: Random, values: Values, _: list[Values]) -> str | None:
    """Leave out a property, or all that stands below one."""
    there = [
        path
        for path, _value in places(values)
        if path and shape(path)[-1] != NAME and path[-1] not in {"topology", "alicloud:region"}
    ]
    path = random.choice(there)
    del at(values, path[:-1])[path[-1]]
    return f"leave out {'.'.join(path)}"


def _bring(random: Random, values: Values, others: list[Values]) -> str | None:
    """A property or a thing that another stack file has, with names that there are here."""
    other = random.choice(others)
    here = {shape(path) for path, value in places(values) if isinstance(value, dict)}
    there = [
        (path, value)
        for path, value in places(other)
        if path and path[-1] not in {"topology", "was", "alicloud:region"}
        if shape(path[:-1]) in here and shape(path)[-1] != "id" and "secure" not in str(value)
    ]
    path, value = random.choice(there)
    homes = [p for p, v in places(values) if shape(p) == shape(path[:-1]) and isinstance(v, dict)]
    new = {
        name: random.choice(ours)
        for where, some in names(other).items()
        for mine, ours in names(values).items()
        if shape(mine) == shape(where)
        for name in some
        if name not in ours
    }
    home = random.choice(homes)
    at(values, home)[path[-1]] = _replaced(copy.deepcopy(value), new)
    return f"bring {'.'.join((*home, path[-1]))}"


def _become(values: Values, new: Values) -> None:
    values.clear()
    values.update(new)


EDITS: Final[tuple[Edit, ...]] = (
    *(_rename, _rename, _swap_names, _swap, _swap, _remove, _add, _add),
    *(_change, _change, _change, _drop, _bring, _bring),
)


def edited(random: Random, values: Values, others: list[Values]) -> tuple[Values, list[str]]:
    """Values after one to three edits, and what they were."""
    new = copy.deepcopy(values)
    done: list[str] = []
    for _ in range(random.choice((1, 1, 2, 2, 3))):
        try:
            said = random.choice(EDITS)(random, new, others)
        except (KeyError, IndexError, TypeError, AttributeError):
            said = None  # nothing there that this edit is about
        if said is not None:
            done.append(said)
    return new, done
