"""The way out: what the provider takes and the stack file has no key for.

A section that stands for a resource is `Made`: it names the resource's type and what of it the
program decides. Whatever else the provider's contract knows may stand in its `arguments`, and is
judged here by that contract. Which resource it is laid over is `topologies.arguments`' to say.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, ClassVar, Final

from pydantic import BaseModel, Field, PlainValidator

from stack.model import Model, parts_of
from stack.problems import IN_QUOTES, KeyPath, Problem, choose_from
from stack.secrets import SecretState, plain_secret_problem, state_of

if TYPE_CHECKING:
    from facts.contract import Contract
    from facts.values import Wrong

TAGS: Final = "the stack's tags"
TIER: Final = "the stack's tier"

_NEVER: Final = "dryRun"
"""Whoever asks the cloud with it makes nothing."""


@dataclass(frozen=True)
class Makes:
    """The resource that a section stands for, and what of it isn't left to `arguments`."""

    token: str
    """The provider's type: alicloud:vpc/natGateway:NatGateway."""

    said: Mapping[str, str] = field(default_factory=dict[str, str])
    """Arguments that the stack file says otherwise: by a key beside `arguments`, or where."""

    set_: frozenset[str] = frozenset()
    """Arguments that the program sets by itself."""

    @property
    def owned(self) -> frozenset[str]:
        """Every argument that the program passes."""
        return self.set_ | self.said.keys()

    @property
    def name(self) -> str:
        """The type's own name: NatGateway."""
        return self.token.rpartition(":")[2]

    @property
    def contract(self) -> "Contract":
        """What the provider takes; read where somebody asks, as most stack files do without."""
        from facts.contract import contract_of

        return contract_of(self.token)

    @property
    def free(self) -> tuple[str, ...]:
        """The arguments that a stack file may have."""
        inputs = self.contract.inputs.values()
        return tuple(
            one.camel
            for one in inputs
            if not one.deprecated and one.camel not in self.owned | {_NEVER}
        )


def resource(token: str, set_: str = "", **said: str) -> Makes:
    """What a section stands for.

    Args:
        token: the provider's type.
        set_: arguments that the program sets by itself, as words.
        said: arguments that the stack file says otherwise, and how.
    """
    return Makes(token, said, frozenset(set_.split()))


def _argument(value: object) -> object:
    return SecretState.ENCRYPTED if state_of(value) is SecretState.ENCRYPTED else value


Argument = Annotated[object | SecretState, PlainValidator(_argument)]
"""The value of an argument, which may be a secret as a whole."""


class Made(Model):
    """A section from which a resource is made."""

    makes: ClassVar[Makes]

    existing: ClassVar[str] = "id"
    """The key by which one that exists is used instead."""

    arguments: dict[str, Argument] = Field(default_factory=dict[str, object])
    """What the provider takes beside these keys, by its own names; docs/arguments.md says which."""

    @property
    def fixed(self) -> dict[str, tuple[str, str | None]]:
        """Arguments that the resource is replaced for, as `stack.protection` compares them."""
        return {
            f"arguments.{name}": (name, str(value))
            for name, value in self.arguments.items()
            if self.makes.contract.by_camel[name].replaces and isinstance(value, str | int)
        }


def made_in(settings: BaseModel, path: KeyPath) -> Iterator[tuple[KeyPath, Made]]:
    """The sections of `settings`, which stand at `path`, that have arguments."""
    for where, part in parts_of(settings, path):
        if isinstance(part, Made) and part.arguments:
            yield where, part


def argument_problems(settings: BaseModel, path: KeyPath) -> Iterator[Problem]:
    """What the provider, or the program, doesn't take of the arguments in `settings` at `path`."""
    for where, section in made_in(settings, path):
        place, existing = (*where, "arguments"), section.existing
        if getattr(section, existing, None) is not None:
            shown = ", ".join(section.arguments)
            rule = "what exists already is used as it is, and takes no arguments"
            yield Problem(place, shown, rule, f"remove arguments, or {existing} to create one")
            continue
        for name, value in section.arguments.items():
            yield from _problems(section, (*place, name), name, value)


def _problems(section: Made, path: KeyPath, name: str, value: object) -> Iterator[Problem]:
    made, contract = section.makes, section.makes.contract
    known = contract.by_camel.get(name)
    if name in made.owned or name == _NEVER:
        rule = f"{name} of {made.name} is the program's to set"
        word = made.said.get(name)
        yield Problem(path, name, rule, f"say it by {word}" if word is not None else "remove it")
    elif known is None or not known.is_input:
        rule = f"{name} is no argument that {made.name} takes"
        yield Problem(path, name, rule, choose_from(name, made.free, "argument"))
    elif known.deprecated:
        rule = f"the provider is about to drop {name} of {made.name}"
        yield Problem(path, name, rule, "use what takes its place")
    elif others := _excluded(section, name):
        rule = f"{made.name} takes {name} or {' or '.join(others)}, not both"
        yield Problem(path, name, rule, f"remove {name}")
    elif known.sensitive and value is not SecretState.ENCRYPTED:
        yield plain_secret_problem(path)
    elif value is SecretState.ENCRYPTED:
        if known.type != "String":
            rule = f"{name} of {made.name} isn't text, and only text is encrypted"
            yield Problem(path, None, rule, "write it in plain text")
    else:
        from facts.values import wrong_values

        for wrong in wrong_values(known, value):
            yield _as_problem(made, path, wrong)


def _excluded(section: Made, name: str) -> list[str]:
    """What else is set and can't be beside `name`."""
    made, contract = section.makes, section.makes.contract
    known = contract.by_camel[name]
    others = {contract.fields[one].camel for one in (*known.conflicts_with, *known.exactly_one_of)}
    return sorted((others - {name}) & (made.owned | section.arguments.keys()))


def _as_problem(made: Makes, path: KeyPath, wrong: "Wrong") -> Problem:
    rule = f"{wrong.name} of {made.name} {wrong.rule}"
    unseen = "write it as the provider takes it"
    if wrong.choices:
        remedy = choose_from(str(wrong.value), wrong.choices, "value")
    elif wrong.value is None and wrong.path[1:]:
        remedy = f"add {wrong.path[-1]}"
    else:
        remedy = _put_right(wrong) or unseen
    return Problem((*path, *wrong.path[1:]), wrong.value, rule, remedy, unseen=unseen)


def _put_right(wrong: "Wrong") -> str | None:
    """What to do with a value that is meant well and has another type; None where none is."""
    from stack.file.remedies import list_of, number_in, truth_in

    value, meant = wrong.value, None
    match wrong.wanted:
        case "String" if isinstance(value, bool | int | float):
            return IN_QUOTES
        case "Bool":
            meant = truth_in(value)
        case "Int" | "Float":
            meant = number_in(value, "")
        case "List" | "Set":
            meant = list_of(value)
        case _:
            pass
    return None if meant is None else f"write {meant}{', without quotes' * (meant == value)}"
