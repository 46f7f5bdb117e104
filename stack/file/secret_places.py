"""Where a stack file may hold secrets, by the models of its settings."""

from collections.abc import Iterable, Iterator

from stack.file.schema import Schema, choices_at
from stack.file.tree import walk
from stack.problems import KeyPath
from stack.secrets import SecretState


def takes_secret(models: Schema, path: KeyPath) -> bool:
    """Whether the setting at `path` may hold a secret."""
    return any(choice.type_ is SecretState for choice in choices_at(models, path))


def misplaced_secrets(paths: Iterable[KeyPath], models: Schema) -> Iterator[KeyPath]:
    """Those of `paths` where no secret belongs."""
    return (path for path in paths if not takes_secret(models, path))


def decrypted_places(
    section: str, models: Schema, value: object, encrypted: Iterable[KeyPath] | None
) -> list[KeyPath]:
    """Where a section that Pulumi decrypted holds text that was a secret.

    Args:
        section: its key, which the paths start with.
        models: the stack file's.
        value: what Pulumi has for it.
        encrypted: the places that the stack file has encrypted values at; None where the section
            doesn't come from the file and Pulumi calls all of it secret (an environment's).
    """
    known = None if encrypted is None else frozenset(encrypted)
    return [
        path
        for path, leaf in walk(value, (section,))
        if not isinstance(leaf, dict | list)
        and (known is None or path in known)
        and takes_secret(models, path)
    ]
