"""One stack a test, in a sandbox of its own, driven by the commands that users type.

Commands are run in the test's own process, with the provider in a thread of it: what a process of
its own adds is two seconds of imports. `Stack.start` runs one in a process, for tests about kills,
signals and what goes where.
"""

import hashlib
import io
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any, ClassVar
from unittest import mock

import grpc
import pytest
import yaml
from filelock import FileLock
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2
from typing_extensions import override

from sandbox.accounts import paths_of
from sandbox.cloud import Resource, Store
from sandbox.driver import driver
from sandbox.engine import ENGINE_VARIABLE, find_engine
from sandbox.paths import SANDBOX_VARIABLE
from sandbox.provider import serve
from sandbox.recovery import lock_owners
from stack.command_line import REHEARSE_VARIABLE
from stack.target import target
from tests.cloud_dump import restore
from tests.lifecycle.account import Account
from tools.sandbox.__main__ import main as sandbox_main

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


@contextmanager
def provider_here(store: Path, _root: Path) -> Generator[int]:
    """The simulated cloud's provider in a thread of this process; yields its port."""
    cloud = Store(store)
    server, port = serve(cloud)
    try:
        yield port
    finally:
        server.stop(None)
        cloud.close()


class Programs(LanguageServer):
    """Runs programs as the SDK does, and knows when they have ended.

    Where an update fails, the engine ends before the program, which would go on into the next run.
    """

    started: ClassVar[list[Event]] = []

    @override
    def Run(
        self, request: language_pb2.RunRequest, context: grpc.ServicerContext
    ) -> language_pb2.RunResponse:
        ended = Event()
        self.started.append(ended)
        inherited: Any = super()  # the SDK's server is written without types
        try:
            return inherited.Run(request, context)
        finally:
            ended.set()

    @classmethod
    def wait(cls) -> None:
        while cls.started:
            assert cls.started.pop().wait(60), "the program goes on without its engine"


def run_here(
    main: Callable[[Sequence[str]], int], arguments: Sequence[str], environment: dict[str, str]
) -> Run:
    """Run a command's `main` in this process, as if in one of its own."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        mock.patch("sandbox.driver.provider", provider_here),
        mock.patch("pulumi.automation._stack.LanguageServer", Programs),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = main(arguments)
        Programs.wait()
    return Run(code, out.getvalue(), err.getvalue())


class Stack:
    """A stack file, its sandbox, and the commands that run on it in `environment`.

    Args:
        folder: where the stack file and the sandbox are put.
        engine: the Pulumi CLI.
        bases: where stacks are kept that tests begin with; every worker's.
    """

    def __init__(self, folder: Path, engine: Path, bases: Path) -> None:
        self._engine, self._bases = engine, bases
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
            self._account.mkdir(parents=True, exist_ok=True)
            self._store = Store(self._account / "cloud.db")
        return self._store

    @property
    def _account(self) -> Path:
        """The sandbox's folder for this stack."""
        return self._folder / target(None, str(self.file), ROOT).key

    def open_cloud(self, file: Path) -> Store:
        """Its cloud in a file, where that is there before the stack file is."""
        self._store = Store(file)
        return self._store

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None

    def put_back(self, file: Path, cloud: dict[str, Any], deployment: dict[str, Any]) -> None:
        """Be as a stack was that was kept.

        Args:
            file: its stack file, whose stack this is from now on.
            cloud: what `tests.cloud_dump` made of its cloud.
            deployment: what `pulumi stack export` made of its state.
        """
        self.file, self.text = file, file.read_text(encoding="utf-8")
        self._account.mkdir(parents=True)
        restore(self._account / "cloud.db", cloud)

        def bring(_: Sequence[str]) -> int:
            paths = paths_of(ROOT, target(None, str(self.file), ROOT))
            with driver(paths, self._engine) as running:
                running.replace_deployment(deployment)
            return 0

        assert self.here(bring).code == 0

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
            [sys.executable, "-m", "tools.sandbox", command, "--config", str(self.file), *more],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def kill(self, running: subprocess.Popen[str]) -> None:
        """Kill a command and all that it has started; on a busy machine, not all die at once."""
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
        deadline = time.monotonic() + 60
        while list(lock_owners(self.state / ".pulumi" / "locks")):
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def run(self, command: str, *more: str) -> Run:
        """Run a command to its end."""
        if not self.file.exists():
            self.write(self.text)
        return self.here(sandbox_main, command, "--config", str(self.file), *more)

    def apart(self, command: str, *more: str) -> Run:
        """The same, in a process of its own, with the provider in another that may be killed."""
        out, err = (process := self.start(command, *more)).communicate()
        return Run(process.returncode, out, err)

    def here(self, main: Callable[[Sequence[str]], int], *arguments: str) -> Run:
        """Run another command's `main` to its end."""
        return run_here(main, arguments, self.environment)

    def stand(self, text: str | None = None) -> None:
        """Be as after `up` of this stack file in an empty cloud.

        That `up` runs once in all workers, for each content of the stack file and of what lies
        beside it; what it leaves is copied.
        """
        self.write(self.text if text is None else text)
        assert not self._account.exists()
        base = self._bases / self._digest()
        self._bases.mkdir(exist_ok=True)
        with FileLock(base.with_suffix(".lock")):
            if not base.exists():
                self.succeed("up")
                self.close()
                shutil.copytree(self._account, base)
                return
        shutil.copytree(base, self._account)

    def _digest(self) -> str:
        """Of everything that `up` is given."""
        digest = hashlib.sha256()
        for file in sorted(self.file.parent.rglob("*")):
            if file.is_file():
                digest.update(f"{file.relative_to(self.file.parent)}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()

    def succeed(self, command: str, *more: str) -> Run:
        """Run a command that has to succeed, with a log of calls that starts with it."""
        self.cloud.forget_calls()
        ended = self.run(command, *more)
        assert ended.code == 0, ended.err
        return ended

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
        return self._account / "state"

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


@pytest.fixture(scope="session")
def bases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where stacks that tests begin with are kept, for every worker of this run."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "bases"


@pytest.fixture(autouse=True)
def unrehearsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands don't rehearse: each would run three times. `test_rehearsed` lets them."""
    monkeypatch.setenv(REHEARSE_VARIABLE, "no")


@pytest.fixture
def stack(tmp_path: Path, engine: Path, bases: Path) -> Iterator[Stack]:
    """The dev stack in an empty cloud."""
    made = Stack(tmp_path, engine, bases)
    yield made
    made.close()


@pytest.fixture
def account(tmp_path: Path, engine: Path) -> Iterator[Account]:
    """A copy of the project with `pulumi` on the simulated cloud.

    The cloud's provider is here, so that the engine needn't start one each time.
    """
    made = Account.made(tmp_path / "project", engine)
    with provider_here(made.file(".sandbox/account/cloud.db"), made.folder) as port:
        made.environment["PULUMI_DEBUG_PROVIDERS"] = f"alicloud:{port}"
        yield made
