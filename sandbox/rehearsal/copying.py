"""The copies that a rehearsal works on: a folder of its own, for as long as it lasts.

Nothing in it can be read that couldn't be read before: a state is either copied with its secrets
encrypted as they are, or comes decrypted out of memory and is encrypted anew.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from typing_extensions import override

from sandbox.driver import environment
from sandbox.paths import Paths
from sandbox.rehearsal.events import gist
from stack.naming import NAMESPACE
from stack.pulumi_wire import is_secret
from stack.secrets import secret_paths

__all__ = ["CopyPaths", "UncopiedError", "copied", "encrypted_anew"]

_FORM: Final = 3
_SECRETS: Final = "secrets_providers"
_SALT: Final = "encryptionsalt"
_ENCRYPTION: Final = (_SALT, "encryptedkey", "secretsprovider", "environment")
"""What a stack file says of who encrypts its secrets, or decrypts more of them."""


class UncopiedError(Exception):
    """The engine didn't take a copy of the state; `str()` is what it said."""


@dataclass(frozen=True)
class CopyPaths(Paths):
    """A stack's files, and everything that a run writes in a folder apart."""

    without_secrets: bool = False
    """Whether the copy of the stack file leaves out what is encrypted."""

    @property
    def stack_file(self) -> Path:
        """The copy of the stack file."""
        return self.work / f"Pulumi.{self.target.stack}.yaml"

    @override
    def prepare(self) -> None:
        super().prepare()
        if self.without_secrets:
            document: dict[str, Any] = yaml.safe_load(self.stack_file.read_text("utf-8"))
            left = {key: one for key, one in document.items() if key not in _ENCRYPTION}
            config: dict[str, Any] = left.get("config") or {}
            left["config"] = {k: one for k, one in config.items() if not any(secret_paths(one))}
            self.stack_file.write_text(yaml.safe_dump(left), encoding="utf-8")


def copied(paths: Paths, folder: Path, deployment: Mapping[str, Any]) -> CopyPaths:
    """A copy of a stack in an empty folder, with its state as it is.

    Args:
        paths: the stack's.
        folder: where the copy is put.
        deployment: the state, as `pulumi stack export` has it.
    """
    copy = CopyPaths(paths.root, paths.target, folder)
    _keep(copy, deployment)
    return copy


def encrypted_anew(
    paths: Paths, folder: Path, deployment: Mapping[str, Any], engine: Path, passphrase: str
) -> CopyPaths:
    """The same of a state whose secrets are decrypted, with another passphrase for them.

    Args:
        paths: the stack's.
        folder: where the copy is put.
        deployment: the state, as `pulumi stack export --show-secrets` has it.
        engine: the Pulumi CLI, which encrypts.
        passphrase: what it encrypts by.

    Raises:
        UncopiedError: the engine doesn't take it.
    """
    copy = CopyPaths(paths.root, paths.target, folder, without_secrets=True)
    plain = {key: value for key, value in deployment.items() if key != _SECRETS}
    if not is_secret(plain):
        _keep(copy, plain)
        return copy
    copy.prepare()
    _run(copy, engine, passphrase, "init", "")
    salt = yaml.safe_load(copy.stack_file.read_text("utf-8"))[_SALT]
    plain[_SECRETS] = {"type": "passphrase", "state": {"salt": salt}}
    _run(copy, engine, passphrase, "import", json.dumps({"version": _FORM, "deployment": plain}))
    return copy


def _keep(copy: CopyPaths, deployment: Mapping[str, Any]) -> None:
    """Write what the file backend would have written."""
    copy.stacks.mkdir(parents=True)
    # The layout in which stacks belong to projects.
    (copy.state / ".pulumi" / "meta.yaml").write_text("version: 1\n", encoding="utf-8")
    name = f"organization/{NAMESPACE}/{copy.target.stack}"
    checkpoint = {"stack": name, "latest": dict(deployment) or None}
    text = json.dumps({"version": _FORM, "checkpoint": checkpoint})
    copy.checkpoint.write_text(text, encoding="utf-8")


def _run(copy: CopyPaths, engine: Path, passphrase: str, word: str, given: str) -> None:
    """A command on the copy's stack; what it is given goes through a pipe."""
    done = subprocess.run(
        [str(engine), "stack", word, "--stack", copy.target.stack, "--non-interactive"],
        input=given,
        cwd=copy.work,
        env={**os.environ, **environment(copy, passphrase), "PULUMI_HOME": str(copy.home)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise UncopiedError(gist(done.stderr))
