"""The order in which an engine is looked for; each step is one function, and says what it does.

The first steps cost half a second and say one line. The last ones make an engine, which takes
minutes once; they run under the cache's lock, so that two runs never make it twice.
"""

import os
import shutil
from pathlib import Path

from sandbox.engine import build, official
from sandbox.engine.cache import Entry, Way
from sandbox.engine.versions import ENGINE_VERSION, OLDEST_VERSION, accepted_version
from sandbox.engine.watch import Say, StepFailed
from sandbox.paths import BIN

ENGINE_VARIABLE = "ALICLOUD_GATEWAYS_ENGINE"
"""The environment variable that names the executable to use, before all else."""


class EngineMissing(Exception):  # noqa: N818 - named for what the user lacks
    """There is no engine to use. Its text is exactly three lines, meant for the user as it is."""

    @classmethod
    def nowhere(cls, version: str, go_version: str) -> "EngineMissing":
        """No step found or made an engine; each has said why."""
        return cls(
            f"There is no Pulumi engine here, and none could be made. One of these is enough:\n"
            f"- install the Pulumi CLI, {version} or newer (https://www.pulumi.com/docs/install/);\n"
            f"- or install Go {go_version} or newer (or allow access to PyPI, which has one) and "
            f"allow access to the Go module proxy: the next run then builds the engine."
        )

    @classmethod
    def refused(cls, variable: str, value: str, reason: str, version: str) -> "EngineMissing":
        """The executable that the user named can't be used."""
        return cls(
            f"{variable} names {value!r}, which can't be used as the engine: {reason}.\n"
            f"It has to be the path of a Pulumi CLI, {version} or newer and below 4.\n"
            f"Correct the variable, or unset it: an engine is then looked for."
        )


def find_engine(say: Say) -> Path:
    """Return the path of a Pulumi CLI, making one if need be.

    Args:
        say: Takes each line of progress; they belong on standard error.

    Raises:
        EngineMissing: There is none, and none could be made; or the one named by
            ALICLOUD_GATEWAYS_ENGINE can't be used. Its text is three lines for the user.
    """
    return _named(say) or _on_path(say) or engine_of(ENGINE_VERSION, say)


def engine_of(version: str, say: Say) -> Path:
    """Return the path of a Pulumi CLI of that very version: the one in the cache, or made.

    Args:
        version: one of the two that are pinned.
        say: as above.

    Raises:
        EngineMissing: It could not be made.
    """
    entry = Entry.here(version)
    return _cached(entry, version, say) or _make(entry, version, say)


def _named(say: Say) -> Path | None:
    value = os.environ.get(ENGINE_VARIABLE)
    if not value:
        return None
    found = shutil.which(str(Path(value).expanduser()))
    if found is None:
        reason = "there is no such executable"
        raise EngineMissing.refused(ENGINE_VARIABLE, value, reason, OLDEST_VERSION)
    executable = Path(found).absolute()
    try:
        version = accepted_version(executable)
    except StepFailed as failed:
        raise EngineMissing.refused(ENGINE_VARIABLE, value, str(failed), OLDEST_VERSION) from None
    say(f"engine: Pulumi {version}, named by {ENGINE_VARIABLE} ({executable})")
    return executable


def _on_path(say: Say) -> Path | None:
    found = cli_on_path()
    if found is None:
        return None
    executable = Path(found).absolute()
    try:
        version = accepted_version(executable)
    except StepFailed as failed:
        say(f"engine: passing over {executable} from the PATH: {failed}")
        return None
    say(f"engine: Pulumi {version} from the PATH ({executable})")
    return executable


def cli_on_path() -> str | None:
    """The Pulumi CLI that the user has installed."""
    return shutil.which("pulumi", path=_path_without(BIN))


def _path_without(folder: Path) -> str:
    """The PATH without the sandbox's own `pulumi`, which is no engine: it asks for one here."""
    named = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(part for part in named if Path(part or ".").resolve() != folder)


def _cached(entry: Entry, version: str, say: Say) -> Path | None:
    try:
        if not entry.check():
            return None
    except StepFailed as failed:
        say(f"engine: passing over the one in the cache ({entry.executable}): {failed}")
        return None
    say(f"engine: Pulumi {version} from the cache ({entry.executable})")
    return entry.executable


def _make(entry: Entry, version: str, say: Say) -> Path:
    say(f"engine: none at hand; making Pulumi {version}, once for this user and machine")
    made = entry.make(_ways(version), say, "engine")
    if made is None:
        raise EngineMissing.nowhere(OLDEST_VERSION, build.dotted(build.needed_go()))
    return made


def _ways(version: str) -> tuple[Way, ...]:
    """How an engine is made, cheapest first."""

    def install(workshop: Path, say: Say) -> Path:
        return official.install(workshop, say, version)

    return (("the official installer", install), *build.go_ways(build.engine(version)))
