"""References to outputs of other stacks: found, judged against those outputs, and filled in.

A reference stands where a stack file takes an id (`stack.ids`). It is filled in before the file's
values become settings, so that every rule and every topology sees plain ids. Who knows the outputs
is others' business: the program asks Pulumi for them, the sandbox looks into the other stack's
state, and a plan goes by what the other stack's file promises (`stack.file.folder`).
"""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from stack.file.read import read
from stack.file.schema import Schema, kind_at
from stack.file.tree import at, maps, with_values
from stack.ids import OTHER, IdKind, ReferenceSettings, unknown, unknown_at
from stack.problems import KeyPath, Problem, choose_from
from stack.settings import StackSettings

REFERENCE_KEY = "output"
"""What every reference has in it."""


@dataclass(frozen=True)
class PlacedReference:
    """A reference, and where it stands."""

    path: KeyPath
    to: ReferenceSettings
    kind: IdKind
    """What is needed there."""


@dataclass(frozen=True)
class Outputs:
    """The outputs of a stack: the values, or what they will be."""

    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """By name; a leaf is a value, or an `IdKind` where only that is known."""

    secret: frozenset[str] = frozenset()
    """Names of those that are secret, wholly or in a part."""

    missing: str = ""
    """Why there are none, where that is so."""

    remedy: str = ""
    """What to do about that."""

    promised: bool = True
    """Whether an output that isn't here can't be had at all."""

    settings: StackSettings | None = None
    """What the stack's file says, where that is what they are known by."""

    unsound: bool = False
    """Whether the stack's file is known, and has problems of its own."""


@dataclass(frozen=True)
class References:
    """The references of a stack file's values."""

    all: list[PlacedReference] = field(default_factory=list[PlacedReference])
    unreadable: list[KeyPath] = field(default_factory=list[KeyPath])
    """Where maps stand that were meant as references."""

    problems: list[Problem] = field(default_factory=list[Problem])
    """What is wrong with those."""

    @property
    def stacks(self) -> set[str]:
        """The names of the stacks that are referred to."""
        return {reference.to.stack for reference in self.all}

    def stood_in_for(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values with texts that stand for what they refer to; nothing is judged."""
        texts = {path: unknown_at(path) for path in self.unreadable}
        return with_values(values, texts | {one.path: unknown(one.to) for one in self.all})


@dataclass(frozen=True)
class FilledIn:
    """Values without references."""

    values: Mapping[str, Any]
    """Where a reference couldn't be made out, a text that stands for it."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def references_in(values: Mapping[str, Any], models: Schema) -> References:
    """The references that stand where ids are needed; a map elsewhere is no reference."""
    found = References()
    for path, value in maps(values):
        kind = kind_at(models, path) if value.keys() & {"stack", REFERENCE_KEY} else None
        if kind is None:
            continue
        reading = read(ReferenceSettings, value, path)
        if reading.settings is None or reading.problems:
            found.unreadable.append(path)
            found.problems.extend(reading.problems)
        else:
            found.all.append(PlacedReference(path, reading.settings, kind))
    return found


def filled_in(
    values: Mapping[str, Any], references: References, known: Mapping[str, Outputs]
) -> FilledIn:
    """Fill in what other stacks put out.

    Args:
        values: the stack file's.
        references: those in them.
        known: the outputs of other stacks by the names that they are referred to by.
    """
    problems = [*references.problems]
    warnings: list[Problem] = []
    for reference in references.all:
        problems += _differing(reference, values, known[reference.to.stack])
        if known[reference.to.stack].unsound:
            warnings.append(_unsound(reference))
    missing = set[str]()  # told once, however many references there are
    texts = {path: unknown_at(path) for path in references.unreadable}
    for reference in references.all:
        answer = resolved(reference, known[reference.to.stack])
        if isinstance(answer, Problem):
            if answer.rule not in missing:
                problems.append(answer)
            missing.add(known[reference.to.stack].missing)
            answer = unknown_at(reference.path)
        texts[reference.path] = answer
    return FilledIn(with_values(values, texts), tuple(problems), tuple(warnings))


def resolved(reference: PlacedReference, outputs: Outputs) -> str | Problem:
    """What a reference comes to: the text that takes its place, or why there is none."""
    stack, name = reference.to.stack, reference.to.output
    if outputs.missing:
        return Problem((*reference.path, "stack"), stack, outputs.missing, outputs.remedy)
    value = output_at(outputs.values, name)
    if value is None and not outputs.promised:
        return unknown(reference.to)
    where = (*reference.path, "output")
    if value is None:
        rule = f"the stack {stack} has no output {name}"
        return Problem(where, name, rule, _choose(reference, outputs))
    if any(name == secret or name.startswith(f"{secret}.") for secret in outputs.secret):
        rule = f"the output {name} of {stack} is a secret, and an id is read by everybody"
        remedy = f"let {stack} put it out in plain text: nothing in an id is secret"
        return Problem(where, name, rule, remedy)
    if _does(reference.kind, value):
        return value if isinstance(value, str) else unknown(reference.to)
    rule = f"{reference.kind.what} is needed here, and {name} of {stack} is {_told(value)}"
    return Problem(where, name, rule, _choose(reference, outputs))


def _told(value: object) -> str:
    if isinstance(value, IdKind):
        return value.what
    if isinstance(value, Mapping):
        return "a map"
    return value if isinstance(value, str) else "no text"


def output_at(values: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - an output of any kind
    """The output of that name, or the entry of one; names themselves may hold dots."""
    return values.get(name, next((v for where, v in _every(values) if where == name), None))


def _choose(reference: PlacedReference, outputs: Outputs) -> str:
    """The nearest output that would do; any where none would."""
    fit = [name for name, value in _every(outputs.values) if _does(reference.kind, value)]
    below = [name for name in fit if name.startswith(f"{reference.to.output}.")]
    if below:
        return choose_from("", below, "entry")
    if not fit:
        return f"nothing that {reference.to.stack} puts out is {reference.kind.what}: add it there"
    return choose_from(reference.to.output, fit, "output")


def _does(kind: IdKind, value: object) -> bool:
    if isinstance(value, IdKind):
        return kind.takes(value) and value is not OTHER
    return isinstance(value, str) and kind.fits(value)


def _every(values: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Outputs and entries of those that are maps, by their names behind dots."""
    for name, value in values.items():
        where = f"{path}.{name}" if path else name
        yield where, value
        if isinstance(value, Mapping):
            yield from _every(cast("Mapping[str, Any]", value), where)


def _unsound(reference: PlacedReference) -> Problem:
    """A reference to a stack whose own file is refused: nobody knows what it will put out."""
    name = reference.to.stack
    rule = f"the file of the stack {name} has problems, so its outputs aren't checked"
    remedy = f"see them with make plan STACK={shlex.quote(name)}"
    return Problem((*reference.path, "stack"), name, rule, remedy)


def _differing(
    reference: PlacedReference, values: Mapping[str, Any], outputs: Outputs
) -> Iterator[Problem]:
    """What a stack file says about a VPC or a vSwitch of another stack, and isn't so there."""
    if outputs.settings is None:
        return
    common = outputs.settings.common
    what, _, name = reference.to.output.partition(".")
    there: dict[str, str | None] = {}
    if what == "vswitchIds" and (found := common.network_of_vswitch(name)) is not None:
        vswitch = found[1].vswitches[name]
        there = {"cidr": vswitch.cidr, "zone": vswitch.zone}
    elif what in {"vpcId", "vpcIds"}:
        network = common.every_network.get(name or None)
        there = {"cidr": network.vpc.cidr if network is not None else None}
    said: Mapping[str, Any] = at(values, reference.path[:-1])
    for key, value in there.items():
        if value is not None and isinstance(said.get(key), str) and said[key] != value:
            yield Problem(
                (*reference.path[:-1], key),
                said[key],
                f"{reference.to.output} of {reference.to.stack} has the {key} {value}",
                f"write {key}: {value}",
            )
