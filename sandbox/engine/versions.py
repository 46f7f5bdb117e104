"""Which engine we want, and what a given executable says it is.

The version that is made here is the one that `engine/go.mod` pins and all tests run on. An
installed one may be older, down to the oldest, on which `make test-oldest` runs a part of them; or
newer, up to the next major, which the Automation API of the Python SDK refuses. `make doctor` says
where it is newer than what was tested.
"""

import functools
import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple, Self

from sandbox.engine.watch import StepFailed, ask

ENGINE_VERSION = "3.276.0"
"""The version that is installed or built, and the newest one that the tests have been run on."""

OLDEST_VERSION = "3.256.0"
"""The oldest one that is accepted; `engine/oldest` pins it. 3.245 to 3.255 can't write to OSS."""

_ANSWER_SECONDS = 60
"""`pulumi version` takes half a second; a cold disk or a first virus scan takes far longer."""


class Version(NamedTuple):
    """A semantic version, as far as we compare it; a pre-release sorts before its release."""

    major: int
    minor: int
    patch: int
    released: bool = True

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read `3.256.0`, `v3.256.0` or `v3.257.0-alpha.1+build`; None for anything else."""
        match = re.fullmatch(r"v?(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?(\+\S+)?", text.strip())
        if match is None:
            return None
        major, minor, patch = (int(part) for part in match.group(1, 2, 3))
        return cls(major, minor, patch, released=match.group(4) is None)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}{'' if self.released else ' (pre-release)'}"


def parsed(version: str) -> Version:
    """One of the versions above."""
    found = Version.parse(version)
    assert found is not None
    return found


def newer_than_tested(version: Version) -> bool:
    """Whether its minor version is later than the newest one that the tests have been run on."""
    return version[:2] > parsed(ENGINE_VERSION)[:2]


def ask_version(executable: Path) -> Version:
    """Let the executable say its version; once, as long as it stays the same file.

    Raises:
        StepFailed: It doesn't run, doesn't answer, or answers with something else.
    """
    try:
        written = executable.stat().st_mtime_ns
    except OSError as error:
        raise StepFailed(f"it doesn't run ({error.strerror or error})") from None
    return _answer(executable, written)


@functools.cache
def _answer(executable: Path, _written: int) -> Version:
    try:
        # The notice about newer versions would cost a request to the network.
        environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        answer = ask([executable, "version"], _ANSWER_SECONDS, environment)
    except subprocess.TimeoutExpired:
        raise StepFailed(f"it didn't answer `version` within {_ANSWER_SECONDS} s") from None
    except OSError as error:
        raise StepFailed(f"it doesn't run ({error.strerror or error})") from None
    if answer.returncode != 0:
        raise StepFailed(f"its `version` command ended with exit code {answer.returncode}")
    version = Version.parse(answer.stdout)
    if version is None:
        raise StepFailed(f"its `version` command answered {answer.stdout.strip()[:60]!r}")
    return version


def accepted_version(executable: Path) -> Version:
    """The executable's version, if it is one that we can work with.

    Raises:
        StepFailed: It isn't a Pulumi CLI, is too old or belongs to another major version.
    """
    version = ask_version(executable)
    oldest = parsed(OLDEST_VERSION)
    if version < oldest:
        raise StepFailed(f"it is version {version}, and {OLDEST_VERSION} or newer is needed")
    if version.major > oldest.major:
        raise StepFailed(f"it is version {version}, and one below {oldest.major + 1} is needed")
    return version
