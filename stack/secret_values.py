"""Fields of settings that hold a secret: what they look like, and where encrypted values may stand.

Nothing here ever holds a secret's text. A stack file has `{secure: v1:…}` there, which only Pulumi
can decrypt; settings keep no more than that it was encrypted, and whoever builds the resource asks
Pulumi for the text at the field's path. What stands there in plain text is dropped on reading, so
that no report can show it, and refused.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Annotated, Any, cast

from pydantic import BaseModel, PlainValidator, RootModel, WithJsonSchema

from stack.model import broken_rule
from stack.placing import NAMESPACE
from stack.problems import KeyPath, Problem, quoted
from stack.salvage import choices_at
from stack.secrets import HIDDEN, secret_paths

EXAMPLE: dict[str, str] = {"secure": "v1:bm9uY2U=:Y2lwaGVydGV4dA=="}
"""A secret as Pulumi writes it, for the `examples` of fields."""


class SecretState(Enum):
    """What is known of a secret."""

    ENCRYPTED = "encrypted"
    """Pulumi has it, and the file only what it encrypted."""

    PLAIN = "plain"
    """It was written in plain text, and is refused."""


def _state_of(value: object) -> SecretState:
    at_itself = list(secret_paths(value)) == [()]
    return SecretState.ENCRYPTED if at_itself else SecretState.PLAIN


_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "secure": {
            "type": "string",
            "description": "Written by `pulumi config set --secret --path`.",
            "examples": [EXAMPLE["secure"]],
        }
    },
    "required": ["secure"],
    "additionalProperties": False,
    "secret": True,
}

Secret = Annotated[SecretState, PlainValidator(_state_of), WithJsonSchema(_SCHEMA)]
"""A field that holds a secret. It takes whatever is there, and `plain_secret_problems` judges."""


def _text_or_state(value: object) -> str | SecretState:
    if isinstance(value, str):
        return value
    if _state_of(value) is SecretState.ENCRYPTED:
        return SecretState.ENCRYPTED
    raise broken_rule("text is needed here", 'put it in quotes: "1"')


TextOrSecret = Annotated[
    str | SecretState,
    PlainValidator(_text_or_state),
    WithJsonSchema({"anyOf": [{"type": "string"}, _SCHEMA]}),
]
"""A field that holds text, which may be a secret."""


def plain_secret_problems(settings: BaseModel, path: KeyPath) -> Iterator[Problem]:
    """Secrets of `settings`, which stand at `path`, that are written in plain text."""
    for where, state in secrets_of(settings, path):
        if state is SecretState.PLAIN:
            yield Problem(
                where,
                HIDDEN,
                "a secret is never written in plain text: who reads the file would have it",
                "take it out, change it where it was issued (it has been in a file), and run: "
                f"pulumi config set --secret --path {quoted(pulumi_path(where))}",
            )


def secrets_of(settings: BaseModel, path: KeyPath) -> Iterator[tuple[KeyPath, SecretState]]:
    """The secrets of `settings`, which stand at `path`, each with its place."""
    waiting: list[tuple[KeyPath, object]] = [(path, settings)]
    while waiting:
        where, value = waiting.pop()
        if isinstance(value, SecretState):
            yield where, value
        elif isinstance(value, RootModel):
            waiting.append((where, cast("RootModel[object]", value).root))
        elif isinstance(value, BaseModel):
            for name, field in type(value).model_fields.items():
                waiting.append(((*where, field.alias or name), getattr(value, name)))
        elif isinstance(value, dict):
            entries = cast("dict[str, object]", value)
            waiting += [((*where, key), item) for key, item in entries.items()]
        elif isinstance(value, list | tuple):
            items = cast("list[object]", value)
            waiting += [((*where, index), item) for index, item in enumerate(items)]


def takes_secret(model: type[BaseModel], path: KeyPath) -> bool:
    """Whether the field at `path`, counted from `model`, may hold a secret."""
    return SecretState in choices_at(model, path)


def misplaced_secrets(
    paths: Iterable[KeyPath], sections: Mapping[str, type[BaseModel]]
) -> Iterator[KeyPath]:
    """Those of `paths` where no secret belongs, given the models of the sections by their keys."""
    for path in paths:
        model = sections.get(str(path[0])) if path else None
        if model is None or not takes_secret(model, path[1:]):
            yield path


def decrypted_places(
    section: str, model: type[BaseModel], value: object, encrypted: Iterable[KeyPath] | None
) -> list[KeyPath]:
    """Where a section that Pulumi decrypted holds text that was a secret.

    Args:
        section: its key, which the paths start with.
        model: its settings.
        value: what Pulumi has for it.
        encrypted: the places that the stack file has encrypted values at; None where the section
            doesn't come from the file and Pulumi calls all of it secret (an environment's).
    """
    known = None if encrypted is None else frozenset(encrypted)
    return [
        path
        for path in _leaves(value, (section,))
        if (known is None or path in known) and takes_secret(model, path[1:])
    ]


def sealed(values: Mapping[str, Any], places: Iterable[KeyPath]) -> dict[str, Any]:
    """A copy of `values` with the texts at `places` as the file has them: encrypted."""
    copy: dict[str, Any] = dict(values)
    for place in places:
        owner: Any = copy
        for part in place[:-1]:
            owner[part] = list(owner[part]) if isinstance(owner[part], list) else {**owner[part]}
            owner = owner[part]
        owner[place[-1]] = {"secure": HIDDEN}
    return copy


def text_at(tree: object, path: KeyPath) -> str | None:
    """The text at `path` of a tree of plain values; None where there is none."""
    for part in path:
        if isinstance(tree, dict) and part in tree:
            tree = cast("dict[str | int, object]", tree)[part]
        elif isinstance(tree, list) and isinstance(part, int):
            items = cast("list[object]", tree)
            tree = items[part] if part < len(items) else None
        else:
            return None
    return tree if isinstance(tree, str) else None


def pulumi_path(path: KeyPath) -> str:
    """A place as `pulumi config set --path` takes it."""
    first, *rest = path
    text = f"{NAMESPACE}:{first}"
    for part in rest:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f'["{part}"]' if "." in part else f".{part}"
    return text


def _leaves(value: object, path: KeyPath) -> Iterator[KeyPath]:
    if isinstance(value, dict):
        for key, item in cast("dict[str, object]", value).items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            yield from _leaves(item, (*path, index))
    else:
        yield path
