"""Checks of stack files, of where Pulumi keeps their states, and of their sandboxes."""

import shlex
from collections.abc import Iterator

from facts.zones import FUNCTION_ZONES, ROUTER_ZONES, area_of
from tools.doctor.files import SCHEMES
from tools.doctor.findings import Line, ok, problem, warning
from tools.doctor.machine import Machine, StackFacts

__all__ = ["stack_lines"]

PASSPHRASES = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")
_OWN_BACKENDS = {"http", "https"}


def stack_lines(machine: Machine) -> Iterator[Line]:
    """Stack files, their places, their states."""
    for one in machine.stacks:
        yield _judged(one)
        yield from _places(one, machine)
    yield from _secrets(machine)
    yield _backend(machine)
    yield from _sandboxes(machine)


def _judged(one: StackFacts) -> Line:
    subject = f"Stack {one.stack}"
    if one.unreadable:
        return problem(
            subject, f"{one.file} couldn't be judged: {one.unreadable}", "make plan says more"
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
    salted = [one.stack for one in machine.stacks if one.encrypted == "encryptionsalt"]
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
    for one in machine.sandboxes:
        subject = f"Sandbox {one.stack}"
        if one.owner is not None:
            yield warning(subject, f"process {one.owner} is at work on it", "wait for it to end")
        elif one.locked or one.pending:
            left = [
                *(["a lock"] if one.locked else []),
                *([f"{_count(one.pending, 'operation')} without an end"] if one.pending else []),
            ]
            said = f"a run that was killed left {' and '.join(left)}"
            yield warning(subject, said, f"make recover STACK={shlex.quote(one.stack)}")


def _which(one: StackFacts) -> str:
    """How make names it."""
    at_root = str(one.file) == f"Pulumi.{one.stack}.yaml"
    return shlex.quote(f"STACK={one.stack}" if at_root else f"CONFIG={one.file}")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("s" if number != 1 else "")
