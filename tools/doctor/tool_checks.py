"""Checks of what is installed: Python, packages, the engine, the CLI, the provider's plugin."""

from collections.abc import Iterator

from tools.doctor.findings import Line, ok, problem, warning
from tools.doctor.machine import Engine, Machine

__all__ = ["tool_lines"]

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
    missing = [one for one in machine.packages if one.installed is None]
    other = sorted(
        (one for one in machine.packages if one.installed not in {None, one.locked}),
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
    for one in machine.engines:
        if one.version:
            return _used("Engine", one, "Pulumi ")
        if one.reason and one.source.startswith("named by"):
            return problem(
                "Engine", f"{one.source}: {one.reason}", "correct the variable, or unset it"
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
