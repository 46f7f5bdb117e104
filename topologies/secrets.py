"""Secrets of the stack file, from Pulumi: settings never hold their text."""

import pulumi

from stack.problems import KeyPath
from stack.secret_values import text_at
from stack.secrets import HIDDEN


def secret_of(path: KeyPath) -> pulumi.Output[str]:
    """The secret that the stack file has at `path`, as a secret output."""
    section = pulumi.Config().get_secret_object(str(path[0]))
    if section is None:
        return pulumi.Output.secret(HIDDEN)  # a plan has no secrets to fill in
    return section.apply(lambda tree: _text(tree, path))


def _text(tree: object, path: KeyPath) -> str:
    text = text_at(tree, path[1:])
    if text is None:
        raise LookupError(f"Pulumi's configuration has no secret at {path}")
    return text
