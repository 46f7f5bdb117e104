"""Secrets of the stack file, from Pulumi: settings never hold their text."""

import pulumi

from stack.problems import KeyPath
from stack.secrets import HIDDEN, secret_text


def secret_of(path: KeyPath) -> pulumi.Output[str]:
    """The secret that the stack file has at `path`, as a secret output."""
    section = pulumi.Config().get_secret_object(str(path[0]))
    if section is None:
        return pulumi.Output.secret(HIDDEN)  # a plan has no secrets to fill in
    return section.apply(lambda tree: secret_text(tree, path))
