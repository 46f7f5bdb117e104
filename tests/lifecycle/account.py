"""A copy of the project and an account in the simulated cloud, worked on with a shell as users do.

`pulumi` there is the real CLI, `make` the project's own Makefile.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.cloud import Store
from sandbox.engine import ENGINE_VARIABLE
from sandbox.paths import SANDBOX_VARIABLE
from sandbox.pulumi_cli import account as account_environment

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_COPIED = (
    ".git",
    ".venv",
    ".sandbox",
    "__pycache__",
    ".*_cache",
    ".hypothesis",
    "tests",
    "docs",
)


@dataclass(frozen=True)
class Ended:
    """How a script ended, and what it printed."""

    code: int
    out: str
    err: str


@dataclass
class Account:
    """A project's folder, and the environment of a shell in it."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def made(cls, folder: Path, engine: Path) -> "Account":
        """A fresh copy of the project in `folder`, which doesn't exist yet.

        `pulumi` is the engine itself, in the environment that `sandbox/bin/pulumi` gives it: that
        script takes half a second, more than the CLI takes for what it is asked most.
        """
        made = cls.with_script(folder, engine)
        directly = folder / "engine-itself"
        directly.mkdir()
        (directly / "pulumi").symlink_to(engine)
        home = folder / ".sandbox" / "account"
        environment = account_environment(made.environment, home)
        url = environment.pop("PULUMI_BACKEND_URL")  # `pulumi login` is to have its say
        known: dict[str, object] = {
            "current": url,
            "accessTokens": {url: ""},
            "accounts": {url: {}},
        }
        (home / "pulumi-home" / "credentials.json").write_text(json.dumps(known), encoding="utf-8")
        environment["PATH"] = os.pathsep.join([str(directly), made.environment["PATH"]])
        return cls(folder, environment)

    @classmethod
    def with_script(cls, folder: Path, engine: Path) -> "Account":
        """The same, where `pulumi` is `sandbox/bin/pulumi`."""
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NOT_COPIED))
        (folder / ".venv").symlink_to(sys.prefix)
        hidden = ("PULUMI_", "ALICLOUD_", "ALIBABA_", "MAKE", "MFLAGS")
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(hidden)}
        environment = {
            **inherited,
            "PATH": os.pathsep.join([str(folder / "sandbox" / "bin"), os.environ["PATH"]]),
            ENGINE_VARIABLE: str(engine),
            SANDBOX_VARIABLE: str(folder / ".sandbox"),
        }
        return cls(folder, environment)

    def start(self, script: str, **more: str) -> subprocess.Popen[str]:
        """Start a script of bash and leave it running, in a process group of its own."""
        return subprocess.Popen(
            ["bash", "-eu", "-o", "pipefail", "-c", script],
            cwd=self.folder,
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, script: str, **more: str) -> Ended:
        """Run a script of bash to its end; `more` are variables of its environment."""
        out, err = (process := self.start(script, **more)).communicate()
        return Ended(process.returncode, out, err)

    def succeed(self, script: str, **more: str) -> str:
        """Run a script that has to succeed; returns its standard output."""
        ended = self.run(script, **more)
        assert ended.code == 0, f"{script}\n{ended.out}\n{ended.err}"
        # What Python says of a program's end would stand in every report.
        assert "RuntimeWarning" not in ended.out + ended.err
        return ended.out

    def file(self, name: str) -> Path:
        """A file of the project's folder."""
        return self.folder / name

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a piece of a file that stands in it once."""
        text = self.file(name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.file(name).write_text(text.replace(old, new), encoding="utf-8")

    def cloud(self, key: str = "account") -> Store:
        """The simulated cloud of `pulumi`, or of `make up` where `key` is a stack's; close it."""
        return Store(self.file(f".sandbox/{key}/cloud.db"))
