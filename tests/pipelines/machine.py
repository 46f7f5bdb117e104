"""What both forges' runners have: a repository's settings, and a machine for each job.

`make` on that machine is a stand-in, which notes its call down and answers as a test has told it.
`python3` is noted down and then run: what workflows start with it needs Python alone. So is `make
stacks`, which tells workflows what there is. bash and what else a script calls are the machine's
own.

Every secret says whose it is, so that each call shows whom it could act as.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
STACKS = ("dev", "staging", "prod")
OWN = "shop/infrastructure"
"""The repository's own name."""

FORGE = "the-forge"
"""Whose token it takes to tell something."""

_SECRET = re.compile(r"secret \w+ of ([a-z-]+)")


def secret(what: str, owner: str) -> str:
    """A secret: the keys of a role, the token of a forge."""
    return f"secret {what} of {owner}"


class Settings(NamedTuple):
    """What is set for one environment."""

    variables: Mapping[str, str]
    secrets: Mapping[str, str]


def settings_of(environment: str) -> Settings:
    """An environment as docs/pipelines.md has it set up, with a role and secrets of its own."""
    return Settings(
        {
            "ALIBABA_CLOUD_ROLE_ARN": f"acs:ram::1234567890123456:role/{environment}",
            "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1234567890123456:oidc-provider/forge",
            "PULUMI_BACKEND_URL": f"s3://states-of-{environment}",
        },
        {
            "PULUMI_ACCESS_TOKEN": secret("token", environment),
            "PULUMI_CONFIG_PASSPHRASE": secret("passphrase", environment),
        },
    )


def keys_of(role: str) -> dict[str, str]:
    """An hour of a role, as the cloud's security token service gives it."""
    names = ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET")
    owner = role.rpartition("/")[2]
    return dict.fromkeys((*names, "ALIBABA_CLOUD_SECURITY_TOKEN"), secret("keys", owner))


@dataclass
class Job:
    """How a job ended."""

    name: str
    result: str = "success"
    log: str = ""
    outputs: dict[str, str] = field(default_factory=dict[str, str])
    kept: dict[str, Path] = field(default_factory=dict[str, Path])
    """Its artifacts, by name."""


@dataclass
class Repository:
    """A repository with its settings."""

    checkout: Path
    """What each job gets a copy of."""

    scratch: Path
    """Where jobs' folders go."""

    environment: Mapping[str, str]
    """The machine's."""

    approves: Callable[[str], bool]
    """Whether somebody lets a job into an environment that is protected."""

    api: str
    """The address of the forge's API."""

    settings: Callable[[str], Settings] = settings_of
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    """Those of the repository itself."""

    running: "subprocess.Popen[str] | None" = None
    """The script that was started last, in a process group of its own."""

    def folder(self) -> Path:
        """A new folder."""
        return Path(tempfile.mkdtemp(dir=self.scratch))

    def check_out(self, folder: Path) -> None:
        """Give a job its copy."""
        untracked = shutil.ignore_patterns(".sandbox", ".pipeline")
        shutil.copytree(self.checkout, folder, symlinks=True, ignore=untracked, dirs_exist_ok=True)

    def keep(self, folder: Path, path: str, without: Iterable[str]) -> Path:
        """Keep a path of a job's folder as an artifact, without the files of some forms."""
        kept = self.folder()
        if (folder / path).is_dir():
            shutil.copytree(folder / path, kept / path)
        elif (folder / path).is_file():
            shutil.copyfile(folder / path, kept / path)
        for form in without:
            for file in kept.glob(form):
                file.unlink()
        return kept

    def bash(self, script: str, folder: Path, variables: Mapping[str, str]) -> tuple[int, str]:
        """Run a script as both forges do; returns its exit code and what it said."""
        with subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=folder,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as self.running:
            said, _ = self.running.communicate()
        return self.running.returncode, said


@dataclass(frozen=True)
class Call:
    """A call of a stand-in."""

    words: tuple[str, ...]
    environment: Mapping[str, str]

    def __str__(self) -> str:
        """Such as `dev: deploy dev, approved digest-of-dev`: as whom, and what."""
        if self.words[0] == "python3":
            return f"{self.owner}: {' '.join(self.words[2:]).removeprefix('tools forge ')}"
        given = self.environment.get
        told = [f"{self.words[2]} {given('STACK', '')}".rstrip()]
        told += [f"after {after}"] if (after := given("AFTER")) else []
        told += [f"approved {digest}"] if (digest := given("APPROVED")) else []
        told += [f"allowing {names}"] if (names := given("ALLOW")) else []
        return f"{self.owner}: {', '.join(told)}"

    @property
    def owner(self) -> str:
        """Whose secrets it could read."""
        found = _SECRET.findall(" ".join(self.environment.values()))
        return " and ".join(sorted(set(found))) or "nobody"


_NOTE = """\
#!/usr/bin/env bash
for word; do case "$word" in *=*) export "$word" ;; esac; done
{{ printf '%s\\0' "${{0##*/}}" "$@" ''; env -0; printf '\\0'; }} >> '{folder}/calls'
"""
_PYTHON = (
    _NOTE
    + """\
if [ "$3" = assume-role ] && [ -e '{folder}/grants' ]; then
  sed "s/ROLE/${{ALIBABA_CLOUD_ROLE_ARN##*/}}/" '{folder}/grants' > "$4"
else
  exec '{python}' "$@"
fi
"""
)
_MAKE = (
    _NOTE
    + """\
if [ "$2" = fetch-openapi ]; then cp '{folder}/documents/'"${{URL##*/}}" "$FILE"; exit; fi
if [ "$2" = stacks ]; then exec '{python}' -m tools stacks --format "$FORMAT"; fi
answer="{folder}/answers/$2-$STACK"
mkdir -p ".pipeline/$STACK" && cp -r "$answer/$STACK/." ".pipeline/$STACK"
exit "$(cat "$answer/code")"
"""
)


class Machine:
    """The stand-ins of one test: what they answer, and what they have noted."""

    def __init__(self, folder: Path) -> None:
        """Make them, with nothing that speaks against anything."""
        self._folder = folder
        programs = folder / "bin"
        programs.mkdir(parents=True)
        for name, text in (("make", _MAKE), ("python3", _PYTHON)):
            program = programs / name
            program.write_text(text.format(folder=folder, python=sys.executable), encoding="utf-8")
            program.chmod(0o755)
        self.refused = ""
        """The environment into which nobody lets a job."""

        self.environment = {"PATH": os.pathsep.join([str(programs), os.environ["PATH"]])}
        self.grants_keys(by_itself=True)
        self._answer("lint")
        for stack in STACKS:
            self.knows(stack)

    def knows(self, stack: str) -> None:
        """Let nothing speak against a stack."""
        self.plan(stack)
        self.review(stack)
        self.deploy(stack)
        self.drift(stack, "none")

    def approves(self, environment: str) -> bool:
        """Whether somebody lets a job into an environment."""
        return environment != self.refused

    def grants_keys(self, *, by_itself: bool) -> None:
        """Whether `assume-role` writes keys without asking the security token service."""
        keys = "".join(f"export {name}='{value}'\n" for name, value in keys_of("ROLE").items())
        grants = self._folder / "grants"
        grants.write_text(keys, encoding="utf-8") if by_itself else grants.unlink()

    def plan(self, stack: str, code: int = 0) -> None:
        """Let `make plan` end with a code."""
        self._answer("plan", stack, code)

    def review(self, stack: str, code: int = 0, *, changes: int = 2, in_step: bool = True) -> None:
        """Let `make review` end with a code, and say this of a stack."""
        values = (
            f"REVIEW_DIGEST=digest-of-{stack}\n"
            f"REVIEW_CHANGES={changes}\n"
            f"REVIEW_IN_STEP={str(in_step).lower()}\n"
        )
        report = f"## {stack}: reviewed\n"
        self._answer("review", stack, code, review_md=report, review_env=values, preview_json="{}")

    def deploy(self, stack: str, code: int = 0) -> None:
        """Let `make deploy` end with a code."""
        self._answer("deploy", stack, code)

    def drift(self, stack: str, found: str) -> None:
        """Let `make drift` find that."""
        code = 0 if found == "none" else 2
        files = {"drift_md": f"{stack} differs\n", "drift_env": f"DRIFT={found}\n"}
        self._answer("drift", stack, code, **files)

    def document(self, name: str, text: str) -> None:
        """Let a service have this document at addresses that end so."""
        folder = self._folder / "documents"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")

    def _answer(self, what: str, stack: str = "", code: int = 0, **files: str) -> None:
        folder = self._folder / "answers" / f"{what}-{stack}"
        (folder / stack).mkdir(parents=True, exist_ok=True)
        (folder / "code").write_text(str(code), encoding="utf-8")
        for name, text in files.items():
            (folder / stack / name.replace("_", ".")).write_text(text, encoding="utf-8")

    def calls(self) -> list[Call]:
        """What was called since this was asked last, in order."""
        notes = self._folder / "calls"
        items = notes.read_text(encoding="utf-8").split("\0\0")[:-1] if notes.exists() else []
        notes.unlink(missing_ok=True)
        return [
            Call(tuple(words.split("\0")), dict(one.split("=", 1) for one in given.split("\0")))
            for words, given in zip(items[::2], items[1::2], strict=True)
        ]
