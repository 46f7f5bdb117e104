"""What a check says, and the checks of what is installed and of the stacks.

A line is what was found, how bad it is, and what to do. Installed: Python, packages, the engine,
the CLI, the provider's plugin. Of stacks: their files, where Pulumi keeps their states, and their
sandboxes. `credential_checks` has those of credentials.
"""

import json
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from facts.zones import FUNCTION_ZONES, ROUTER_ZONES, area_of
from tools.doctor.files import SCHEMES
from tools.doctor.machine import Engine, Machine, StackFacts


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    """Something won't work, or not as one might think; the rest does."""

    PROBLEM = "problem"
    """Nothing will be built until this is put right."""


@dataclass(frozen=True)
class Line:
    """One line of the screen."""

    subject: str
    level: Level
    said: str
    remedy: str = ""
    """What to do; empty where there is nothing to do."""


def ok(subject: str, said: str) -> Line:
    """All is well."""
    return Line(subject, Level.OK, said)


def warning(subject: str, said: str, remedy: str) -> Line:
    """Something to know."""
    return Line(subject, Level.WARNING, said, remedy)


def problem(subject: str, said: str, remedy: str) -> Line:
    """Something to put right first."""
    return Line(subject, Level.PROBLEM, said, remedy)


_MARKS = {Level.OK: "✓", Level.WARNING: "!", Level.PROBLEM: "✗"}


def as_json(lines: Sequence[Line]) -> str:
    """One document."""
    shown = {
        "problems": _on_level(lines, Level.PROBLEM),
        "warnings": _on_level(lines, Level.WARNING),
        "lines": [asdict(line) for line in lines],
    }
    return json.dumps(shown, indent=2, ensure_ascii=False) + "\n"


def screen(lines: Sequence[Line]) -> str:
    """A line for each finding, what to do below it. Plain text: rich may be what is missing."""
    wide = max((len(line.subject) for line in lines), default=0)
    text: list[str] = []
    for line in lines:
        text.append(f"{_MARKS[line.level]} {line.subject:<{wide}}  {line.said}")
        if line.remedy:
            text.append(f"  {'':<{wide}}  → {line.remedy}")
    return "\n".join([*text, "", _verdict(lines)]) + "\n"


def _verdict(lines: Sequence[Line]) -> str:
    problems, warnings = _on_level(lines, Level.PROBLEM), _on_level(lines, Level.WARNING)
    if not problems and not warnings:
        return "All is well."
    return f"{_count(problems, 'problem')}, {_count(warnings, 'warning')}."


def _on_level(lines: Iterable[Line], level: Level) -> int:
    return sum(line.level is level for line in lines)


OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 13)
"""The newest one that the tests have been run on."""

_NAMED = 3


def tool_lines(machine: Machine) -> Iterator[Line]:
    """What is installed."""
    yield _python(machine)
    yield _packages(machine)
    yield _engine(machine)
    yield _cli(machine)
    yield _plugin(machine)


def _python(machine: Machine) -> Line:
    said = ".".join(map(str, machine.python))
    if machine.python[:2] < OLDEST_PYTHON:
        return problem(
            "Python", said, "3.11 or newer is needed: make clean, make PYTHON=python3.12 …"
        )
    if machine.python[:2] > NEWEST_PYTHON:
        newest = ".".join(map(str, NEWEST_PYTHON))
        told = f"{said}: newer than the tests have been run on ({newest})"
        return warning("Python", told, f"where it fails: make clean, make PYTHON=python{newest} …")
    return ok("Python", said)


def _packages(machine: Machine) -> Line:
    missing = [package for package in machine.packages if package.installed is None]
    other = sorted(
        (
            package
            for package in machine.packages
            if package.installed not in {None, package.locked}
        ),
        key=lambda one: not one.name.startswith("pulumi"),  # they matter most, so they are named
    )
    if missing:
        names = ", ".join(one.name for one in missing[:_NAMED])
        more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        said = f"not installed: {names}{more}"
        return problem("Packages", said, "make plan installs them; it needs a package index")
    if other:
        told = ", ".join(f"{o.name} {o.installed}, locked {o.locked}" for o in other[:_NAMED])
        more = f" and {len(other) - _NAMED} more" if len(other) > _NAMED else ""
        return warning("Packages", f"{told}{more}", "make clean, and they are installed as locked")
    return ok("Packages", f"{len(machine.packages)} as requirements.txt locks them")


def _engine(machine: Machine) -> Line:
    """The sandbox's engine: found, or yet to be made."""
    for engine in machine.engines:
        if engine.version:
            return _used("Engine", engine, "Pulumi ")
        if engine.reason and engine.source.startswith("named by"):
            return problem(
                "Engine", f"{engine.source}: {engine.reason}", "correct the variable, or unset it"
            )
    passed = "; ".join(f"{one.source}: {one.reason}" for one in machine.engines if one.reason)
    how = (
        f"with Go {machine.go}" if machine.go else "with a Go from PyPI, or the official installer"
    )
    said = "none yet" + (f" ({passed})" if passed else "")
    return warning("Engine", said, f"the first make up gets or builds one, {how}; minutes, once")


def _used(subject: str, one: Engine, name: str = "") -> Line:
    """One that can be used; it may be newer than what is known to work."""
    said = f"{name}{one.version}, {one.source}"
    if one.tested:
        told = f"{said}: newer than the tests have been run on ({one.tested})"
        remedy = f"where it fails: Pulumi {one.tested}, or a newer version of this project"
        return warning(subject, told, remedy)
    return ok(subject, said)


def _cli(machine: Machine) -> Line:
    """The user's own CLI: the sandbox does without."""
    if machine.cli.version:
        return _used("Pulumi CLI", machine.cli)
    said = f"{machine.cli.source}: {machine.cli.reason}"
    return warning("Pulumi CLI", said, "for a real account: https://www.pulumi.com/docs/install/")


def _plugin(machine: Machine) -> Line:
    wanted = machine.plugin_wanted
    if wanted in machine.plugins:
        return ok("Provider", f"alicloud {wanted}, downloaded")
    others = f"; there is {', '.join(machine.plugins)}" if machine.plugins else ""
    said = f"alicloud {wanted} isn't downloaded{others}"
    if not machine.cli.version:
        return ok("Provider", f"{said}; the sandbox doesn't need it")
    return warning("Provider", said, "pulumi install downloads it; pulumi up would, too")


PASSPHRASES = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")
_OWN_BACKENDS = {"http", "https"}


def stack_lines(machine: Machine) -> Iterator[Line]:
    """Stack files, their places, their states."""
    for stack in machine.stacks:
        yield _judged(stack)
        yield from _places(stack, machine)
    yield from _secrets(machine)
    yield _backend(machine)
    yield from _sandboxes(machine)


def _judged(one: StackFacts) -> Line:
    subject = f"Stack {one.stack}"
    if one.unreadable:
        return problem(
            subject,
            f"{one.file} couldn't be judged: {one.unreadable}",
            f"make plan {_which(one)} says more",
        )
    if one.problems:
        said = f"{one.file} has {_count(one.problems, 'problem')}"
        return problem(subject, said, f"make plan {_which(one)}")
    if one.warnings:
        said = f"{one.file} passes, with {_count(one.warnings, 'warning')}"
        return warning(subject, said, f"make plan {_which(one)}")
    return ok(subject, f"{one.file} passes" + (", production" if one.production else ""))


def _places(one: StackFacts, machine: Machine) -> Iterator[Line]:
    """Where it lies, as far as can be known without asking the cloud."""
    if one.problems or one.unreadable:
        return
    subject = f"Region of {one.stack}"
    if one.region is None:
        remedy = "say alicloud:region in the stack file"
        if machine.region:
            yield warning(subject, f"the environment's, {machine.region}", remedy)
        else:
            yield problem(subject, "none is said, and the provider would take cn-beijing", remedy)
        return
    unknown = [region for region in one.regions if area_of(region) is None]
    if unknown:
        yield warning(
            subject, f"{', '.join(unknown)}: no region that is known here", "check its name"
        )
        return
    lacking = [
        *(f"transit routers in {r}" for r in one.router_regions if r not in ROUTER_ZONES),
        *(f"functions' networks in {r}" for r in one.function_regions if r not in FUNCTION_ZONES),
    ]
    if lacking:
        remedy = "look the region up in the product's page before deploying"
        yield warning(subject, f"nothing is known here of {', '.join(lacking)}", remedy)
        return
    yield ok(subject, ", ".join(one.regions))


def _secrets(machine: Machine) -> Iterator[Line]:
    salted = [stack.stack for stack in machine.stacks if stack.encrypted == "encryptionsalt"]
    if not salted:
        return
    found = [name for name in PASSPHRASES if name in machine.variables]
    if found:
        yield ok("Passphrase", f"{found[0]}, for {', '.join(salted)}")
    else:
        said = f"none, and secrets of {', '.join(salted)} are encrypted with one"
        yield problem("Passphrase", said, f"set {PASSPHRASES[0]}, or {PASSPHRASES[1]}")


def _backend(machine: Machine) -> Line:
    """Only the form of its address: whether it answers is for `pulumi whoami`."""
    backend = machine.backend
    if not backend.asked_by:
        return ok("Backend", "not logged in; the sandbox keeps its states itself")
    if not backend.scheme:
        kinds = ", ".join(f"{scheme}://" for scheme in SCHEMES)
        said = f"what {backend.asked_by} says isn't the address of one"
        return problem("Backend", said, f"one of {kinds}")
    where = f"{backend.scheme}://, by {backend.asked_by}"
    if backend.has_password:
        remedy = "take them out; name them in the variables of the store's own SDK"
        return problem("Backend", f"{where}: user and password stand in its address", remedy)
    if backend.forces_path_style:
        remedy = "take s3ForcePathStyle out for OSS; other stores may need it"
        return warning("Backend", f"{where}: OSS refuses path-style addresses", remedy)
    if backend.scheme == "file":
        said = f"{where}: states on this machine alone"
        return warning("Backend", said, "for more than one person, a bucket or Pulumi Cloud")
    kept = "Pulumi Cloud" if backend.scheme in _OWN_BACKENDS else "a bucket"
    return ok("Backend", f"{kept}, {where}")


def _sandboxes(machine: Machine) -> Iterator[Line]:
    for sandbox in machine.sandboxes:
        subject = f"Sandbox {sandbox.stack}"
        if sandbox.owner is not None:
            yield warning(
                subject, f"process {sandbox.owner} is at work on it", "wait for it to end"
            )
        elif sandbox.locked or sandbox.pending:
            left = [
                *(["a lock"] if sandbox.locked else []),
                *(
                    [f"{_count(sandbox.pending, 'operation')} without an end"]
                    if sandbox.pending
                    else []
                ),
            ]
            said = f"a run that was killed left {' and '.join(left)}"
            yield warning(subject, said, f"make recover {sandbox.which}")


def _which(one: StackFacts) -> str:
    """How make names it."""
    at_root = str(one.file) == f"Pulumi.{one.stack}.yaml"
    return shlex.quote(f"STACK={one.stack}" if at_root else f"CONFIG={one.file}")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("s" if number != 1 else "")
