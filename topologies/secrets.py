"""Secrets of the stack file, from Pulumi: settings never hold their text."""

from collections.abc import Callable

import pulumi

from stack.problems import KeyPath
from stack.secrets import HIDDEN, secret_text


def secret_of(path: KeyPath) -> pulumi.Output[str]:
    """The secret that the stack file has at `path`, as a secret output."""
    return with_secrets(path, lambda secret: secret(()))


def with_secrets(
    path: KeyPath, write: Callable[[Callable[[KeyPath], str]], str]
) -> pulumi.Output[str]:
    """A text that secrets of the stack file stand in, as a secret output.

    Args:
        path: where the stack file has them.
        write: makes the text, given what finds a secret by its place below `path`.
    """
    section = pulumi.Config().get_secret_object(str(path[0]))
    if section is None:
        return pulumi.Output.secret(write(lambda _below: HIDDEN))  # a plan has none to fill in
    return section.apply(lambda tree: write(lambda below: secret_text(tree, (*path, *below))))
