"""Other stacks of the project, as their files beside a stack file promise them.

Nothing has to be running to know what a stack will put out: its outputs are a function of its
settings. So a plan finds a misspelt reference, a stack that isn't there and stacks that refer to
each other in a circle. What a file elsewhere says can't be known: such references stay open.
"""

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, cast

from stack.ids import OutputKinds
from stack.network import NetworkSettings
from stack.problems import Problem, StackFileError, choose_from
from stack.references import Outputs, PlacedReference
from stack.settings import StackSettings

_START, _END = "Pulumi.", ".yaml"

Referred: TypeAlias = Callable[[Path], set[str]]
"""The names of the stacks that a stack file refers to."""


@dataclass(frozen=True)
class Others:
    """The stacks that a stack file refers to."""

    outputs: dict[str, Outputs] = field(default_factory=dict[str, Outputs])
    """By the name that they are referred to by."""

    settings: dict[str, StackSettings] = field(default_factory=dict[str, StackSettings])
    """Of those whose file is beside, and sound."""

    unsound: set[str] = field(default_factory=set[str])
    """Names of those whose file has problems of its own."""


@dataclass(frozen=True)
class Neighbourhood:
    """What it takes to look into the files beside."""

    referred: Referred
    load: Callable[[Path, str], StackSettings]
    promises: Callable[[StackSettings], OutputKinds]


def file_of(stack: str, file: Path) -> Path | None:
    """The file of a stack of this project, beside `file`; None for a stack of elsewhere."""
    return None if "/" in stack else file.parent / f"{_START}{stack}{_END}"


def others(file: Path, own: str, names: Iterable[str], around: Neighbourhood) -> Others:
    """What the stacks `names` put out, which `file`, the stack `own`'s, refers to."""
    found = Others()
    for name in sorted(names):
        path = file_of(name, file)
        if path is None:
            found.outputs[name] = Outputs(promised=False)
        elif not path.is_file() and name != own:
            found.outputs[name] = _missing(name, file)
        elif (circle := way_back(name, own, file, around.referred)) is not None:
            found.outputs[name] = Outputs(
                missing=f"stacks can't refer to each other in a circle: {' → '.join(circle)}",
                remedy="leave one of these references out, or move what both need into a third",
            )
        else:
            try:
                settings = around.load(path, name)
            except StackFileError:
                found.unsound.add(name)
                found.outputs[name] = Outputs(promised=False)
            else:
                found.settings[name] = settings
                found.outputs[name] = Outputs(around.promises(settings))
    return found


def way_back(name: str, own: str, file: Path, referred: Referred) -> list[str] | None:
    """The way from `own` over `name` back to `own`; None where no reference leads back."""
    seen: set[str] = set()
    waiting = [[own, name]]
    while waiting:
        way = waiting.pop()
        last = way[-1]
        if last == own:
            return way
        path = file_of(last, file)
        if last not in seen and path is not None and path.is_file():
            seen.add(last)
            waiting += [[*way, further] for further in sorted(referred(path))]
    return None


def stacks_beside(file: Path) -> Iterator[str]:
    """The stacks with a file in the folder of `file`."""
    for path in sorted(file.parent.glob(f"{_START}*{_END}")):
        yield path.name.removeprefix(_START).removesuffix(_END)


def unsound_warnings(references: Sequence[PlacedReference], unsound: set[str]) -> Iterator[Problem]:
    """References to stacks whose own file is refused: nobody knows what they will put out."""
    for reference in references:
        name = reference.to.stack
        if name in unsound:
            rule = f"the file of the stack {name} has problems, so its outputs aren't checked"
            remedy = f"see them with make plan STACK={shlex.quote(name)}"
            yield Problem((*reference.path, "stack"), name, rule, remedy)


def differing(
    references: Sequence[PlacedReference],
    values: Mapping[str, Any],
    known: Mapping[str, StackSettings],
) -> Iterator[Problem]:
    """What a stack file says about a VPC or a vSwitch of another stack, and isn't so there."""
    for reference in references:
        settings = known.get(reference.to.stack)
        what, _, name = reference.to.output.partition(".")
        if settings is None:
            continue
        said = _map_at(values, reference)
        if what == "vswitchIds":
            found = settings.common.network_of_vswitch(name)
            if found is not None:
                vswitch = found[1].vswitches[name]
                there = {"cidr": vswitch.cidr, "zone": vswitch.zone}
                yield from _differences(reference, said, there)
        elif what in {"vpcId", "vpcIds"}:
            network = _network(settings, name)
            if network is not None and network.vpc.cidr is not None:
                yield from _differences(reference, said, {"cidr": network.vpc.cidr})


def _network(settings: StackSettings, name: str) -> NetworkSettings | None:
    return settings.common.every_network.get(name or None)


def _differences(
    reference: PlacedReference, said: Mapping[str, Any], there: Mapping[str, str]
) -> Iterator[Problem]:
    for key, value in there.items():
        if isinstance(said.get(key), str) and said[key] != value:
            yield Problem(
                (*reference.path[:-1], key),
                said[key],
                f"{reference.to.output} of {reference.to.stack} has the {key} {value}",
                f"write {key}: {value}",
            )


def _map_at(values: Mapping[str, Any], reference: PlacedReference) -> Mapping[str, Any]:
    """The map that the reference stands in."""
    found: Any = values
    for part in reference.path[:-1]:
        found = found[part]
    return cast("Mapping[str, Any]", found)


def _missing(name: str, file: Path) -> Outputs:
    beside = [one for one in stacks_beside(file) if file_of(one, file) != file]
    rule = f"there is no file Pulumi.{name}.yaml beside this one"
    elsewhere = "a stack of another project is written as organization/project/stack"
    if not beside:
        return Outputs(missing=rule, remedy=elsewhere)
    return Outputs(missing=rule, remedy=f"{choose_from(name, beside, 'stack')} ({elsewhere})")
