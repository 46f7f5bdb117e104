"""Secrets of a stack file: where they are, where they may be, and that no report ever shows one.

Pulumi writes `{secure: v1:…}` for a value that was set with `--secret`, and it alone can decrypt
it. A field that holds a secret says so in its type. Settings keep no more than that it was
encrypted, and whoever builds the resource asks Pulumi for the text at the field's path. What stands
there in plain text is dropped on reading, so that no report can show it, and refused.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Annotated, Any, Final

from pydantic import BaseModel, PlainValidator, WithJsonSchema

from stack.file.tree import at, maps, with_values
from stack.model import broken_rule, parts_of
from stack.naming import NAMESPACE
from stack.problems import IN_QUOTES, KeyPath, Problem, quoted

HIDDEN: Final = "[secret]"
_SECRETIVE: Final = re.compile(
    r"(PASSWORD|PASSWD|SECRET|TOKEN|APPCODE|ACCESSKEY|ACCESSKEYID|APIKEY|PRIVATEKEY|CREDENTIALS?)$"
)
"""How names of what holds a secret end, without what stands between their words."""

EXAMPLE: dict[str, str] = {"secure": "v1:bm9uY2U=:Y2lwaGVydGV4dA=="}
"""A secret as Pulumi writes it, for the `examples` of fields."""


def secret_paths(values: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Where encrypted values stand."""
    for where, value in maps(values, path):
        if len(value) == 1 and isinstance(value.get("secure"), str):
            yield where


def touches(path: KeyPath, others: frozenset[KeyPath]) -> bool:
    """Whether `path` is one of `others` or lies below one."""
    return any(path[:end] in others for end in range(len(path) + 1))


def secret_problems(paths: Iterable[KeyPath]) -> Iterator[Problem]:
    """Encrypted values where plain ones are needed, since Pulumi didn't read them."""
    for path in paths:
        rule = "this value is encrypted, and only Pulumi itself can read it"
        yield Problem(
            path, HIDDEN, rule, "write it in plain text: nothing in this setting is secret"
        )


class SecretState(Enum):
    """What is known of a secret."""

    ENCRYPTED = "encrypted"
    """Pulumi has it, and the file only what it encrypted."""

    PLAIN = "plain"
    """It was written in plain text, and is refused."""


def state_of(value: object) -> SecretState:
    """Whether a value is one that Pulumi encrypted."""
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

Secret = Annotated[SecretState, PlainValidator(state_of), WithJsonSchema(_SCHEMA)]
"""A field that holds a secret. It takes whatever is there, and `plain_secret_problems` judges."""


def _text_or_state(value: object) -> str | SecretState:
    if isinstance(value, str):
        return value
    if state_of(value) is SecretState.ENCRYPTED:
        return SecretState.ENCRYPTED
    raise broken_rule("text is needed here", IN_QUOTES)


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
            yield plain_secret_problem(where)


def names_a_secret(name: str) -> bool:
    """Whether what is called so holds a secret: DB_PASSWORD, X-Api-Key."""
    return _SECRETIVE.search(re.sub(r"[-_.]", "", name.upper())) is not None


def plain_secret_problem(path: KeyPath) -> Problem:
    """A secret that is written in plain text at `path`."""
    rule = "a secret is never written in plain text: who reads the file would have it"
    remedy = (
        "take it out, change it where it was issued (it has been in a file), and run: "
        f"pulumi config set --secret --path {quoted(pulumi_path(path))}"
    )
    return Problem(path, HIDDEN, rule, remedy)


def secrets_of(settings: BaseModel, path: KeyPath) -> Iterator[tuple[KeyPath, SecretState]]:
    """The secrets of `settings`, which stand at `path`, each with its place."""
    for where, part in parts_of(settings, path):
        if isinstance(part, SecretState):
            yield where, part


def sealed(values: Mapping[str, Any], places: Iterable[KeyPath]) -> dict[str, Any]:
    """A copy of `values` with the texts at `places` as the file has them: encrypted."""
    return with_values(values, {place: {"secure": HIDDEN} for place in places})


def secret_text(section: object, path: KeyPath) -> str:
    """The text of a secret at `path` of the stack file, in its section as Pulumi decrypted it.

    Raises:
        LookupError: the section has none there; the message has no value.
    """
    text = at(section, path[1:])
    if not isinstance(text, str):
        raise LookupError(f"Pulumi's configuration has no secret at {path}")  # noqa: TRY004 - nothing there
    return text


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
