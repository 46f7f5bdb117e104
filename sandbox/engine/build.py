"""The engine, built from its Go modules as `engine/go.mod` and `engine/go.sum` pin them.

Owns the three steps (which modules are at hand, getting the rest, compiling) and their progress.
`go.sum` is only read: a module that differs from what we pinned ends the build.
"""

from pathlib import Path

from sandbox.engine.cache import EXECUTABLE
from sandbox.engine.errors import ModulesUnreachable, StepFailed
from sandbox.engine.golang import ENGINE_MODULE, go_environment
from sandbox.engine.versions import ENGINE_VERSION
from sandbox.engine.watch import Say, spell, watch

_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"

# Any small module will do: fetching it into an empty folder tells whether the user's module
# proxy answers, whatever their settings are, in one request and within seconds.
_PROBE = "github.com/inconshreveable/mousetrap@v1.1.0"
_PROBE_SECONDS = 20.0


def build(go: Path, workshop: Path, say: Say) -> Path:
    """Build the engine in the workshop, and return its executable.

    Raises:
        ModulesUnreachable: Modules are missing and there is no way to get them.
        StepFailed: The build failed; the reason is the last thing that Go said.
    """
    say(f"engine: building it with {go}; looking which Go modules are at hand")
    packages = _list_packages(go, say, offline=True)
    if packages is None:
        _probe(go, workshop)
        say("engine: getting its Go modules (some 250)")
        packages = _list_packages(go, say, offline=False)
    return _compile(go, workshop, say, packages or 0)


def _list_packages(go: Path, say: Say, *, offline: bool) -> int | None:
    """Count the packages to compile, getting their modules unless `offline`; None: some lack."""
    listed = got = 0

    def count(line: str) -> None:
        nonlocal listed, got
        if line.startswith("go: downloading "):
            got += 1
        else:
            listed += 1

    outcome = watch(
        [go, "list", "-mod=readonly", "-deps", "-f", "{{.ImportPath}}", _PACKAGE],
        cwd=ENGINE_MODULE,
        env=go_environment() | ({"GOPROXY": "off"} if offline else {}),
        on_line=count,
        on_tick=lambda elapsed: say(f"engine: {spell(elapsed)}, {got} modules so far"),
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


def _compile(go: Path, workshop: Path, say: Say, packages: int) -> Path:
    say(f"engine: compiling at most {packages:,} packages; three to six minutes on two cores")
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
            # Without a version the Automation API refuses it; without symbols it is 30 % smaller.
            f"-ldflags=-s -w -X {_VERSION_VARIABLE}=v{ENGINE_VERSION}",
            "-o",
            folder / EXECUTABLE,
            _PACKAGE,
        ],
        cwd=ENGINE_MODULE,
        env=go_environment(),
        on_line=count,
        on_tick=lambda elapsed: say(
            f"engine: {spell(elapsed)}, {compiled:,} packages compiled so far"
        ),
    )
    if outcome.code != 0:
        raise StepFailed(f"the build failed: {outcome.last_line()}")
    return folder / EXECUTABLE
