"""The engine's place in the user's cache folder, which many runs share.

Layout, for each version and platform:

    <cache>/alicloud-gateways/engine/3.276.0-linux-amd64/pulumi      the engine
    <cache>/alicloud-gateways/engine/3.276.0-linux-amd64/stamp.json  its digest: the entry is whole
    <cache>/alicloud-gateways/engine/3.276.0-linux-amd64.lock        held by the run that makes it
    <cache>/alicloud-gateways/engine/3.276.0-linux-amd64.making-*/   what that run works in

An engine reaches its name only by a rename of a file that is complete, checked and on the disk,
and its stamp follows it. So a run that is killed, whenever, leaves a working folder that the next
one clears away, never something that looks like an engine.
"""

import contextlib
import hashlib
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from sandbox.engine.versions import ENGINE_VERSION, ask_version
from sandbox.engine.watch import TELL_SECONDS, ModulesUnreachable, Say, StepFailed, spell

EXECUTABLE = "pulumi.exe" if sys.platform == "win32" else "pulumi"

Way = tuple[str, Callable[[Path, Say], Path]]
"""How a program is made: its name, and what gets the workshop and returns an executable in it."""

_PROJECT = "alicloud-gateways"
_REPOSITORY = Path(__file__).resolve().parents[2]
_GO_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def user_cache_folder() -> Path:
    """Where this user's programs keep what they can make again, by the platform's convention."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    if Path(named).is_absolute():  # the XDG specification says to ignore a relative one
        return Path(named)
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) if local else Path.home() / "AppData" / "Local"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path.home() / ".cache"


def platform_name() -> str:
    """Name the platform as Go does, such as `linux-amd64` or `darwin-arm64`."""
    machine = platform.machine().lower()
    return f"{platform.system().lower()}-{_GO_ARCHITECTURES.get(machine, machine)}"


@dataclass(frozen=True)
class Entry:
    """One program's place in the cache: this version, for this platform. The engine's, or another.

    Another one is kept beside the engine's folder, and has its own file name and its own check.
    """

    root: Path
    name: str
    file: str
    """The executable's name."""

    check_program: Callable[[Path], None]
    """Raises StepFailed where an executable isn't that program, or doesn't run."""

    @classmethod
    def here(cls, version: str = ENGINE_VERSION) -> "Entry":
        """The engine's, for this user and machine."""
        return cls.of("engine", version, EXECUTABLE, partial(_check_version, version))

    @classmethod
    def of(
        cls, folder: str, version: str, file: str, check_program: Callable[[Path], None]
    ) -> "Entry":
        """A program's, for this user and machine; in the repository where there is no cache.

        The folder keeps it apart from other programs, and the version from other versions.
        """
        name = f"{version}-{platform_name()}"
        # A container may run as a user without a home, or with one that can't be written.
        with contextlib.suppress(OSError, RuntimeError):
            entry = cls(user_cache_folder() / _PROJECT / folder, name, file, check_program)
            if entry.executable.exists():  # a machine image may bring one, read-only
                return entry
            entry.root.mkdir(parents=True, exist_ok=True)
            if os.access(entry.root, os.W_OK):
                return entry
        return cls(_REPOSITORY / ".sandbox" / folder, name, file, check_program)

    @property
    def executable(self) -> Path:
        return self.root / self.name / self.file

    @property
    def stamp(self) -> Path:
        return self.root / self.name / "stamp.json"

    def check(self) -> bool:
        """Tell whether an engine is here: the one that ran, and said its version, when it was made.

        Raises:
            StepFailed: Something is here, but it isn't whole.
        """
        if not self.executable.exists():
            return False
        try:
            stamp = json.loads(self.stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise StepFailed("it was never completed") from None
        if stamp != _stamp_of(self.executable):
            raise StepFailed("its content has changed since it was made")
        return True

    @contextlib.contextmanager
    def locked(self, say: Say) -> Generator[None]:
        """Hold the entry for making it; wait while another run does, saying so."""
        self.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.root / f"{self.name}.lock")
        owner = self.root / f"{self.name}.lock.owner"
        started, patience = time.monotonic(), 0.0
        while not lock.is_locked:
            try:
                lock.acquire(timeout=patience)
            except Timeout:
                waited = spell(time.monotonic() - started)
                say(f"engine: {_owner_text(owner)} is making one; waiting for it, {waited} so far")
                patience = TELL_SECONDS
        try:
            owner.write_text(f"process {os.getpid()}", encoding="utf-8")
            yield
        finally:
            owner.unlink(missing_ok=True)
            lock.release()

    @contextlib.contextmanager
    def workshop(self) -> Generator[Path]:
        """A folder to work in, on the cache's file system; only for the holder of the lock."""
        prefix = f"{self.name}.making-"
        for left_over in self.root.glob(f"{prefix}*"):  # by a run that was killed
            shutil.rmtree(left_over, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=self.root))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def make(self, ways: Sequence[Way], say: Say, name: str) -> Path | None:
        """The program, made by the first way that works, or by another run meanwhile, or by none.

        Args:
            ways: cheapest first.
            say: takes each line of progress.
            name: what progress calls it.
        """
        try:
            with self.locked(say):
                return self._made_meanwhile(say, name) or self._by_one_of(ways, say, name)
        except OSError as error:
            say(f"{name}: the cache folder {self.root} can't be used: {error.strerror or error}")
            return None

    def _made_meanwhile(self, say: Say, name: str) -> Path | None:
        """The one that another run made while we waited; a bad one has been told of already."""
        with contextlib.suppress(StepFailed):
            if self.check():
                say(f"{name}: {self.name}, made meanwhile ({self.executable})")
                return self.executable
        return None

    def _by_one_of(self, ways: Sequence[Way], say: Say, name: str) -> Path | None:
        """Try each way until one works."""
        with self.workshop() as workshop:
            for way, work in ways:
                started = time.monotonic()
                try:
                    executable = self.publish(work(workshop, say))
                except StepFailed as failed:
                    taken = spell(time.monotonic() - started)
                    say(f"{name}: not by {way}, given up after {taken}: {failed}")
                    if isinstance(failed, ModulesUnreachable):
                        break  # another Go would need the same modules
                else:
                    taken = spell(time.monotonic() - started)
                    say(f"{name}: made by {way} in {taken}, kept at {executable}")
                    return executable
        return None

    def publish(self, made: Path) -> Path:
        """Put a finished engine, from the workshop, in its place, with the files beside it.

        The official installer's executable comes with plugins; a built one is alone in its folder.

        Raises:
            StepFailed: It doesn't run, or isn't the version that was asked for.
        """
        self.check_program(made)
        stamp = made.with_name(self.stamp.name)
        stamp.write_text(json.dumps(_stamp_of(made)), encoding="utf-8")
        self.executable.parent.mkdir(parents=True, exist_ok=True)
        self.stamp.unlink(missing_ok=True)
        files = {file for file in made.parent.iterdir() if file.is_file()}
        for file in (
            *(files - {made, stamp}),
            made,
            stamp,
        ):  # the stamp last: it says that the others are here
            _to_disk(file)
            file.replace(self.executable.parent / file.name)
        return self.executable


def _check_version(wanted: str, executable: Path) -> None:
    version = ask_version(executable)
    if str(version) != wanted:
        raise StepFailed(f"it says that it is version {version} instead of {wanted}")


def _stamp_of(executable: Path) -> dict[str, str]:
    with executable.open("rb") as content:  # a tenth of a second for the hundred megabytes
        return {"sha256": hashlib.file_digest(content, "sha256").hexdigest()}


def _to_disk(file: Path) -> None:
    """Wait until the content is on the disk: a rename may otherwise outlive it in a power cut."""
    with file.open("rb+") as content:
        os.fsync(content.fileno())


def _owner_text(owner: Path) -> str:
    try:
        return f"another run ({owner.read_text(encoding='utf-8')})"
    except OSError:  # it has just begun, or just ended
        return "another run"
