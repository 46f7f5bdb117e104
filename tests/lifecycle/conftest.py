"""One stack a test, in a sandbox of its own, driven by the commands that users type."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from sandbox.cloud.resource import Resource
from sandbox.cloud.store import Store
from sandbox.engine import ENGINE_VARIABLE, find_engine
from sandbox.paths import SANDBOX_VARIABLE
from tests.lifecycle.account import Account
from tools.target import target

ROOT = Path(__file__).resolve().parent.parent.parent
_TOPOLOGY = "  alicloud-gateways:topology:"


def not_forced(text: str) -> str:
    """A stack file of the tier staging: a gateway with entries left on it can't be deleted.

    In development the cloud would delete them itself, and an order that is missing on the way down
    would go unseen.
    """
    assert text.count(_TOPOLOGY) == 1
    return text.replace(_TOPOLOGY, f"  alicloud-gateways:tier: staging\n{_TOPOLOGY}")


DEV = not_forced((ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Run:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


class Stack:
    """A stack file, its sandbox, and the commands that run on it in `environment`."""

    def __init__(self, folder: Path, engine: Path) -> None:
        self.file = folder / "shop.yaml"
        self.environment = {
            **os.environ,
            SANDBOX_VARIABLE: str(folder / "sandbox"),
            ENGINE_VARIABLE: str(engine),
        }
        self._folder = folder / "sandbox"
        self.text = DEV
        self._store: Store | None = None

    @property
    def cloud(self) -> Store:
        """The stack's simulated cloud; empty before the first run."""
        if self._store is None:
            self.write(self.text)
            folder = self._folder / target(None, str(self.file), ROOT).key
            folder.mkdir(parents=True)
            self._store = Store(folder / "cloud.db")
        return self._store

    def open_cloud(self, file: Path) -> Store:
        """Its cloud in a file, where that is there before the stack file is."""
        self._store = Store(file)
        return self._store

    def close(self) -> None:
        if self._store is not None:
            self._store.close()

    def write(self, text: str) -> None:
        self.text = text
        self.file.write_text(text, encoding="utf-8")

    def edit(self, old: str, new: str) -> None:
        """Replace a piece of the stack file that stands in it once."""
        assert self.text.count(old) == 1, f"{old!r} stands {self.text.count(old)} times"
        self.write(self.text.replace(old, new))

    def start(self, command: str, *more: str) -> subprocess.Popen[str]:
        """Start a command and leave it running."""
        return subprocess.Popen(
            [sys.executable, "-m", "sandbox", command, "--config", str(self.file), *more],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, command: str, *more: str) -> Run:
        if not self.file.exists():
            self.write(self.text)
        out, err = (process := self.start(command, *more)).communicate()
        return Run(process.returncode, out, err)

    def succeed(self, command: str, *more: str) -> Run:
        """Run a command that has to succeed, with a log of calls that starts with it."""
        self.cloud.forget_calls()
        ended = self.run(command, *more)
        assert ended.code == 0, ended.err
        return ended

    def python(self, module: str, *arguments: str) -> Run:
        """Run a module of the project, to its end."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def changes(self) -> list[str]:
        """What the last command changed in the cloud: "create forward_entry web"."""
        return [
            f"{call.operation} {call.kind} {call.key.rsplit('::', 1)[-1]}"
            for call in self.cloud.calls(outcome="OK")
            if call.operation != "read"
        ]

    @property
    def state(self) -> Path:
        """Where Pulumi's file backend keeps the stack's state."""
        return self._folder / target(None, str(self.file), ROOT).key / "state"

    @property
    def region(self) -> str:
        """The stack file's region."""
        config: dict[str, str] = yaml.safe_load(self.text)["config"]
        return config["alicloud:region"]

    def all(self, kind: str | None = None) -> list[Resource]:
        """Everything in the cloud, in the stack's region."""
        return self.cloud.all(kind, region=self.region)

    def kinds(self) -> list[str]:
        """The kinds of everything in the cloud, sorted."""
        return sorted(resource.kind for resource in self.all())

    def ids(self) -> set[str]:
        """The ids of everything in the cloud."""
        return {resource.id for resource in self.all()}


@pytest.fixture(scope="session")
def engine() -> Path:
    """The Pulumi engine, found or built once."""

    def say(line: str) -> None:
        sys.stderr.write(line + "\n")

    return find_engine(say)


@pytest.fixture
def stack(tmp_path: Path, engine: Path) -> Iterator[Stack]:
    """The dev stack in an empty cloud."""
    made = Stack(tmp_path, engine)
    yield made
    made.close()


@pytest.fixture
def account(tmp_path: Path, engine: Path) -> Account:
    """A copy of the project with `pulumi` on the simulated cloud."""
    return Account.made(tmp_path / "project", engine)
