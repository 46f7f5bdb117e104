"""A stack's file, and those beside it that it refers to: each is read once, and judged once.

Nothing has to be running to know what a stack will put out: its outputs are a function of its
settings. So a plan finds a misspelt reference, a stack that isn't there and stacks that refer to
each other in a circle. What a file elsewhere says can't be known: such references stay open.

The names of outputs are a promise: other stacks refer to them. A test compares them with what is
built.
"""

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from stack.file.judge import judged
from stack.file.references import REFERENCE_KEY, Outputs, References, references_in
from stack.file.schema import models_of
from stack.file.source import Source
from stack.ids import INSTANCE, OTHER, ROUTE_TABLE, SECURITY_GROUP, VPC, VSWITCH, OutputKinds
from stack.listing import stacks_around
from stack.problems import Problem, StackFileError, choose_from
from stack.settings import CommonSettings, StackSettings
from stack.topology import Topology


class StackFile:
    """What one stack file says, in each of its stages; each is made when somebody asks.

    A command makes one, and hands it on.
    """

    def __init__(
        self,
        file: Path | Source,
        stack: str,
        topologies: Sequence[Topology[Any]],
        around: dict[str, "StackFile"] | None = None,
    ) -> None:
        """Nothing is read yet.

        Args:
            file: the file; or what it says, where that is known already.
            stack: the stack's name.
            topologies: those that it can choose from.
            around: the files of the folder that somebody has asked for, by their stacks.
        """
        self.stack = stack
        self._topologies = topologies
        self._around = around if around is not None else {}
        self._around[stack] = self
        if isinstance(file, Source):
            self.source = file
        self.path = file.file.path if isinstance(file, Source) else file

    @cached_property
    def source(self) -> Source:
        """Its values, and where they stand."""
        return Source.read(self.path)

    @cached_property
    def references(self) -> References:
        """Where it refers to outputs of other stacks."""
        values = self.source.values
        return references_in(values, models_of(values, self._topologies))

    @cached_property
    def stacks(self) -> frozenset[str]:
        """The names of the stacks that it refers to, as far as it can be read."""
        if "source" not in self.__dict__ and not self._has(REFERENCE_KEY):
            return frozenset()  # most files beside: nothing has to be parsed
        return frozenset(self.references.stacks)

    @cached_property
    def outputs(self) -> Mapping[str, Outputs]:
        """What the stacks put out that it refers to: what their files promise, if nobody knows."""
        return {name: self._promised_by(name) for name in sorted(self.stacks)}

    @cached_property
    def settings(self) -> StackSettings:
        """Its settings.

        Raises:
            StackFileError: with everything that is wrong with it.
        """
        return judged(self.source, self.references, self.stack, self._topologies, self.outputs)

    def knowing(self, outputs: Mapping[str, Outputs]) -> "StackFile":
        """The same file, where these outputs are known of the stacks that it refers to."""
        known = copy.copy(self)
        known.__dict__.pop("settings", None)
        known.outputs = outputs
        return known

    def refused(self, problems: Sequence[Problem]) -> StackFileError:
        """The report of what is wrong with its settings beyond their rules."""
        return StackFileError(self.path, self.source.placed(problems))

    def beside(self, stack: str) -> "StackFile | None":
        """The file of a stack of this project; None where there is none."""
        path = None if stack in self._around else self._places.get(stack)
        if path is not None:
            StackFile(path, stack, self._topologies, self._around)
        return self._around.get(stack)

    def everything_beside(self) -> Iterator["StackFile"]:
        """The stack files that this one may refer to."""
        for stack in sorted(self._places):
            other = self.beside(stack)
            if other is not None and other.path != self.path:
                yield other

    @cached_property
    def _places(self) -> Mapping[str, Path]:
        return stacks_around(self.path)

    def _has(self, word: str) -> bool:
        try:
            return word.encode() in self.path.read_bytes()
        except OSError:
            return False

    def _promised_by(self, name: str) -> Outputs:
        """What another stack will put out."""
        other = self.beside(name)
        if "/" in name:
            return Outputs(promised=False)
        if other is None:
            return self._missing(name)
        if (circle := self._way_back(name)) is not None:
            return Outputs(
                missing=f"stacks can't refer to each other in a circle: {' → '.join(circle)}",
                remedy="leave one of these references out, or move what both need into a third",
            )
        try:
            settings = other.settings
        except StackFileError:
            return Outputs(promised=False, unsound=True)
        return Outputs(outputs_of_settings(settings, self._topologies), settings=settings)

    def _way_back(self, name: str) -> list[str] | None:
        """The way from this stack over `name` back to it; None where no reference leads back."""
        seen: set[str] = set()
        waiting = [[self.stack, name]]
        while waiting:
            way = waiting.pop()
            last = way[-1]
            if last == self.stack:
                return way
            other = self.beside(last)
            if last not in seen and other is not None:
                seen.add(last)
                waiting += [[*way, further] for further in sorted(other.stacks)]
        return None

    def _missing(self, name: str) -> Outputs:
        beside = [other.stack for other in self.everything_beside()]
        rule = f"there is no file Pulumi.{name}.yaml beside this one"
        elsewhere = "a stack of another project is written as organization/project/stack"
        if not beside:
            return Outputs(missing=rule, remedy=elsewhere)
        return Outputs(missing=rule, remedy=f"{choose_from(name, beside, 'stack')} ({elsewhere})")


def outputs_of_settings(
    settings: StackSettings, topologies: Iterable[Topology[Any]]
) -> OutputKinds:
    """What a stack puts out: names, and what kind of value each will be.

    Maps of several topologies under one name are joined.
    """
    found: OutputKinds = {"tier": OTHER, **_network_outputs(settings.common)}
    for topology in topologies:
        if topology.name in settings.sections:
            section = settings.sections[topology.name]
            for name, value in topology.outputs(settings, section).items():
                before = found.get(name)
                if isinstance(before, dict) and isinstance(value, dict):
                    found[name] = {**before, **value}
                else:
                    found[name] = value
    return found


def _network_outputs(common: CommonSettings) -> OutputKinds:
    found: OutputKinds = {}
    if common.network.exists:
        found["vpcId"] = VPC
    if common.networks:
        found["vpcIds"] = dict.fromkeys(common.networks, VPC)
    tables = [
        name
        for name, network in common.every_network.items()
        if network.vpc.id is None or network.vpc.route_table is not None
    ]
    if None in tables:
        found["routeTableId"] = ROUTE_TABLE
    others = [name for name in tables if name is not None]
    if others:
        found["routeTableIds"] = dict.fromkeys(others, ROUTE_TABLE)
    networks = common.every_network.values()
    hosts = {name: host for network in networks for name, host in network.hosts.items()}
    for output, kind, names in (
        ("vswitchIds", VSWITCH, [name for network in networks for name in network.vswitches]),
        ("instanceIds", INSTANCE, [n for n, h in hosts.items() if h.instance or h.instance_id]),
        (
            "hostSecurityGroupIds",
            SECURITY_GROUP,
            [n for n, h in hosts.items() if h.instance and h.instance.security_groups is None],
        ),
    ):
        if names:
            found[output] = dict.fromkeys(names, kind)
    return found
