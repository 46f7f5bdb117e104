"""Where the sandbox keeps things: everything of one account in one folder under `.sandbox/`.

An account belongs to one stack file, or to several whose stacks refer to each other.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from stack.naming import NAMESPACE
from stack.target import Target, said_to_make

PROJECT_FILE = "Pulumi.yaml"

SANDBOX_VARIABLE = "ALICLOUD_GATEWAYS_SANDBOX"
"""Names another folder than `.sandbox/` beside the program."""

BIN = Path(__file__).resolve().parent / "bin"
"""`pulumi` on the simulated cloud, and the plugins that it finds there."""


def backend(state: Path) -> str:
    """The address of Pulumi's file backend in a folder.

    Without `metadata=skip` it writes a file of attributes beside each of its files, and not in one
    step: a run that is killed over it leaves half of one, and a state that nobody can load.
    """
    return f"{state.resolve().as_uri()}?metadata=skip"


def sandbox_folder(root: Path) -> Path:
    """Where a project's sandbox keeps everything."""
    named = os.environ.get(SANDBOX_VARIABLE)
    return Path(named) if named else root / ".sandbox"


def make_private(folder: Path) -> None:
    """Make a folder, if it isn't there, and see to it that its owner alone looks into it.

    States, stack files and the cloud's store are in there, and with them what was encrypted.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


@dataclass(frozen=True)
class Paths:
    """The folders and files of one stack file's sandbox."""

    root: Path
    """The project's folder."""

    target: Target
    folder: Path
    """The account's folder: deleting it forgets its cloud and its states."""

    @property
    def former(self) -> Path | None:
        """The folder of a stack that had an account of its own before it referred to others."""
        own = sandbox_folder(self.root) / self.target.key
        return own if own != self.folder and (own / "cloud.db").exists() else None

    @property
    def said(self) -> str:
        """What make is told to mean this stack: what hints repeat, so that they can be pasted."""
        return said_to_make(self.target, self.root)

    @property
    def cloud(self) -> Path:
        """The simulated cloud's store."""
        return self.folder / "cloud.db"

    @property
    def state(self) -> Path:
        """Pulumi's file backend."""
        return self.folder / "state"

    @property
    def stacks(self) -> Path:
        """Where the file backend keeps the states of the account's stacks."""
        return self.state / ".pulumi" / "stacks" / NAMESPACE

    @property
    def checkpoint(self) -> Path:
        """The stack's state; not there before its first run."""
        return self.stacks / f"{self.target.stack}.json"

    @property
    def work(self) -> Path:
        """Copies of Pulumi.yaml and the stack file: the CLI writes into the folder it works in."""
        return self.folder / "work"

    @property
    def home(self) -> Path:
        """Pulumi's own folder, apart from the user's."""
        return self.folder / "pulumi-home"

    @property
    def locks(self) -> Path:
        """Where the file backend keeps the stack's locks."""
        return self.state / ".pulumi" / "locks" / "organization" / NAMESPACE / self.target.stack

    def prepare(self) -> None:
        """Make the folders, and copy what Pulumi is to work with."""
        for folder in (self.folder, self.state, self.work, self.home):
            make_private(folder)
        shutil.copyfile(self.root / PROJECT_FILE, self.work / PROJECT_FILE)
        shutil.copyfile(self.target.file, self.work / f"Pulumi.{self.target.stack}.yaml")
