"""A program of Go, built from its modules as a `go.mod` and a `go.sum` of ours pin them.

The engine is one; the tests' checker of workflows is another. Owns the three steps (which modules
are at hand, getting the rest, compiling) and their progress. `go.sum` is only read: a module that
differs from what we pinned ends the build.
"""

from dataclasses import dataclass
from pathlib import Path

from sandbox.engine.cache import EXECUTABLE
from sandbox.engine.errors import ModulesUnreachable, StepFailed
from sandbox.engine.golang import ENGINE_MODULE, go_environment
from sandbox.engine.versions import ENGINE_VERSION, OLDEST_VERSION
from sandbox.engine.watch import Say, spell, watch

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
