"""Values of a preview, compared and written down: what was, what will be, no secret shown.

What the cloud takes as JSON text (a plugin's data, a policy) is compared as what it says, so that a
report has the line that differs instead of two walls of text.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, cast

from judging.preview import SECRET, Change, State
from stack.markdown import visible
from stack.pulumi_wire import UNKNOWN

_ABSENT: Final[tuple[object, ...]] = (None, "", [], {})
_FILLED_IN: Final = "__defaults"
"""Where the provider's bridge notes what it filled in by itself."""

_SENSITIVE: Final = frozenset(
    {
        *("accessKey", "secretKey", "securityToken", "oidcToken"),
        *("password", "kmsEncryptedPassword", "userData", "psk", "secret"),
    }
)
"""Keys whose values aren't shown even where somebody left them plain."""

_UNCOVERED: Final = "a value in plain text"
"""What stands where a secret stood may be the secret."""

_LONGEST: Final = 120
_MOST: Final = 12


def changed_inputs(change: Change, present: Mapping[str, str]) -> list[str]:
    """The inputs that a change gives other values.

    Args:
        change: an update or a replacement.
        present: for each URN that a renamed resource had, the one that it has now.
    """
    if change.old is None or change.new is None:
        return []
    old, new = change.old, change.new
    # A secret that looks the same differs where the provider says so, or where nothing else does.
    differs = change.differs or (frozenset(new.inputs) if old.inputs == new.inputs else frozenset())

    def changed(key: str) -> bool:
        before, after = old.inputs.get(key), new.inputs.get(key)
        if before == after:
            return key in differs and holds(before, SECRET)
        if before in _ABSENT and after in _ABSENT:
            return False
        return not (holds(after, UNKNOWN) and _same_source(old, new, key, present))

    return sorted(key for key in {*old.inputs, *new.inputs} - {_FILLED_IN} if changed(key))


def _same_source(old: State, new: State, key: str, present: Mapping[str, str]) -> bool:
    """Whether a value that nobody knows yet comes from where the old one came from."""
    before, after = (
        {present.get(urn, urn) for urn in state.comes_from(key)} for state in (old, new)
    )
    return bool(after) and after == before


def holds(value: object, mark: str) -> bool:
    """Whether a value is this one, or has it somewhere."""
    if isinstance(value, Mapping):
        return any(holds(one, mark) for one in cast("Mapping[str, object]", value).values())
    if isinstance(value, list):
        return any(holds(one, mark) for one in cast("Sequence[object]", value))
    return isinstance(value, str) and mark in value


def parsed(value: object) -> object:
    """What a JSON text says; any other value as it is."""
    if isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
        try:
            return cast("object", json.loads(value))
        except (ValueError, RecursionError):
            return value
    return value


def differences(old: object, new: object, path: str = "") -> Iterator[str]:
    """`blocks[0]: "203.0.113.0/24" → "0.0.0.0/0"`, for each place where two values differ."""
    old, new = parsed(old), parsed(new)
    key = path.rpartition(".")[-1].partition("[")[0]
    uncovered = holds(old, SECRET) and not holds(new, SECRET)
    after = _UNCOVERED if uncovered else shown(new, key)
    change = f"{path}: {shown(old, key)} → {after}"
    if old == new and not holds(old, SECRET):
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        one, two = cast("Mapping[str, object]", old), cast("Mapping[str, object]", new)
        for name in sorted({*one, *two} - {_FILLED_IN}):
            if one.get(name) != two.get(name):
                inner = f"{path}.{name}" if path else name
                yield from differences(one.get(name), two.get(name), inner)
    elif isinstance(old, list) and isinstance(new, list) and not uncovered:
        yield from _listed(cast("list[object]", old), cast("list[object]", new), path)
    else:
        yield change


def _listed(old: list[object], new: list[object], path: str) -> Iterator[str]:
    if len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            if before != after:
                yield from differences(before, after, f"{path}[{index}]")
        return
    for one in (one for one in old if one not in new):
        yield f"{path}: without {shown(one)}"
    for one in (one for one in new if one not in old):
        yield f"{path}: with {shown(one)}"
    if all(one in new for one in old) and all(one in old for one in new):
        yield f"{path}: {len(old)} → {len(new)} entries"


def told(old: object, new: object, path: str = "") -> str:
    """All differences in a line; the first of them, where there are many."""
    return first_of(differences(old, new, path), _MOST, "; ")


def told_input(old: State, new: State, key: str) -> str:
    """The same of an input."""
    return first_of(input_differences(old, new, key), _MOST, "; ")


def input_differences(old: State, new: State, key: str) -> Iterator[str]:
    """Where an input's values differ."""
    return differences(old.inputs.get(key), new.inputs.get(key), key)


def first_of(texts: Iterable[str], most: int, comma: str = ", ") -> str:
    """As many texts as are worth reading, and how many more there are."""
    listed = list(texts)
    more = len(listed) - most
    return comma.join(listed[:most]) + (f"{comma.strip(', ')} and {more} more" if more > 0 else "")


def shown(value: object, key: str = "") -> str:
    """A value in a line, as JSON writes it, without control characters; no secret."""
    if value == SECRET or (key in _SENSITIVE and value not in _ABSENT):
        return SECRET
    if value is None:
        return "nothing"
    if value == UNKNOWN:
        return "not known yet"
    text = visible(json.dumps(_masked(value), ensure_ascii=False, sort_keys=True))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _masked(value: object) -> Any:  # noqa: ANN401 - whatever JSON has
    if isinstance(value, Mapping):
        return {
            key: SECRET if key in _SENSITIVE and one not in _ABSENT else _masked(one)
            for key, one in cast("Mapping[str, object]", value).items()
        }
    if isinstance(value, list):
        return [_masked(one) for one in cast("list[object]", value)]
    return "not known yet" if value == UNKNOWN else value
