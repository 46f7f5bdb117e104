"""Settings that passed every rule, or one report of everything that is wrong with a stack file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from stack.arguments import argument_problems
from stack.claims import Holder, clashes
from stack.file.read import PLACEHOLDER, Reading, read_whole
from stack.file.references import Outputs, References, filled_in
from stack.file.schema import models_of
from stack.file.secret_places import misplaced_secrets
from stack.file.source import Source, places_looked_at
from stack.file.spelling import as_documented
from stack.ids import OutputKinds
from stack.naming import NAMESPACE, REGION_KEY, stack_name_problems
from stack.network_claims import network_claims
from stack.network_rules import networks_problems
from stack.problems import KeyPath, Problem, StackFileError, choose_from, did_you_mean
from stack.secrets import secret_paths, secret_problems, touches
from stack.settings import (
    COMMON_KEYS,
    CommonSettings,
    StackSettings,
    tag_problems,
    tier_warnings,
)
from stack.state import NOTHING_HELD
from stack.topology import Topology
from stack.watching_rules import watching_problems

Topologies = Sequence[Topology[Any]]


def judged(
    source: Source,
    references: References,
    stack: str,
    topologies: Topologies,
    known: Mapping[str, Outputs],
) -> StackSettings:
    """The settings that a stack file holds.

    Args:
        source: its values.
        references: what it refers to of other stacks.
        stack: the stack's name.
        topologies: those that it can choose from.
        known: the outputs of the stacks that it refers to.

    Raises:
        StackFileError: with everything that is wrong with it.
    """
    if source.problems and not source.values:
        raise StackFileError(source.file.path, source.placed(source.problems))
    whole = filled_in(source.values, references, known)
    values, other_spellings = as_documented(whole.values, models_of(whole.values, topologies))
    common, sections = read_whole(values, topologies)
    for topology in topologies:
        if topology.name in sections and (
            common.settings is None or topology.name in common.settings.topology
        ):
            folder = source.file.path.parent
            sections[topology.name] = _with_files(topology, sections[topology.name], folder)
    secrets = frozenset(misplaced_secrets(secret_paths(values), models_of(values, topologies)))
    unreadable = secrets | source.misread
    refused = [
        problem
        for reading in (common, *sections.values())
        for problem in reading.problems
        if not touches(problem.path, unreadable)
    ]
    refused += whole.problems
    refused += _without_network(common.settings, values, topologies)
    judge = _Judge(stack, values, topologies, frozenset(p.path for p in refused) | unreadable)
    settings = judge.together(common.settings, {n: s.settings for n, s in sections.items()})
    entries = {name: section.with_all_entries for name, section in sections.items()}
    problems = [*source.problems, *stack_name_problems(stack), *secret_problems(secrets), *refused]
    problems += _unknown_keys(values, topologies)
    problems += judge.problems(settings, judge.together(common.with_all_entries, entries))
    warnings = [*whole.warnings, *other_spellings, *judge.warnings(settings)]
    warnings += [warning for section in sections.values() for warning in section.warnings]
    placed = replace(source, values=values).placed
    warnings, problems = placed(warnings), placed(_without_slips(problems, values))
    if problems or settings is None:
        raise StackFileError(source.file.path, problems, warnings)
    return replace(settings, warnings=tuple(warnings))


@dataclass(frozen=True)
class _Judge:
    """Applies the rules to settings, whole or with parts that couldn't be read."""

    stack: str
    values: Mapping[str, Any]
    topologies: Topologies
    refused: frozenset[KeyPath]
    """Places that can't be read: what the rules say about them only follows from that."""

    def together(
        self, common: CommonSettings | None, sections: Mapping[str, BaseModel | None]
    ) -> StackSettings | None:
        """The settings with the chosen sections; all of them where nobody can read which."""
        if common is None:
            return None
        chosen = {
            name: section
            for name, section in sections.items()
            if section is not None and self._chosen(name, common)
        }
        return StackSettings(self.stack, self.values.get(REGION_KEY), common, chosen)

    def problems(self, whole: StackSettings | None, loose: StackSettings | None) -> list[Problem]:
        """What the rules refuse.

        References are judged with every entry; all else without those that have a mistake, which
        would mean something else than what is written.
        """
        found = [*self._apply(whole)]
        if self.refused:
            found = [problem for problem in found if problem.missing is None]
            found += [problem for problem in self._apply(loose) if problem.missing is not None]
        return [problem for problem in found if not self._follows(problem)]

    def warnings(self, whole: StackSettings | None) -> list[Problem]:
        """What the rules let pass and mention."""
        if whole is None:
            return []
        found = [*tier_warnings(self.stack, whole.common.tier)]
        for topology in self.topologies:
            if topology.name in whole.sections:
                found += topology.warnings(whole, whole.sections[topology.name])
            elif topology.section in self.values and not self._chosen(topology.name, whole.common):
                rule = f"this section isn't used: topology doesn't name {topology.name}"
                remedy = f"add {topology.name} to topology, or remove the section"
                found.append(Problem((topology.section,), None, rule, remedy))
        return [problem for problem in found if not self._follows(problem)]

    def _chosen(self, topology: str, common: CommonSettings) -> bool:
        return topology in common.topology or any(p[:1] == ("topology",) for p in self.refused)

    def _apply(self, settings: StackSettings | None) -> Iterator[Problem]:
        if settings is None:
            return
        yield from tag_problems(settings.common.tags)
        yield from networks_problems(settings.common, settings.region)
        yield from _topology_problems(settings.common, self.values, self.topologies)
        yield from argument_problems(settings.common, ())
        for topology in self.topologies:
            if topology.name in settings.sections:
                section = settings.sections[topology.name]
                yield from topology.problems(settings, section)
                yield from argument_problems(section, (topology.section,))
        if settings.common.alarms or settings.common.flow_logs:
            yield from watching_problems(settings, self._outputs(settings))
        yield from clashes(self._claims(settings))

    def _outputs(self, settings: StackSettings) -> OutputKinds:
        """What the chosen topologies put out."""
        found: OutputKinds = {}
        for topology in self.topologies:
            if topology.name in settings.sections:
                found.update(topology.outputs(settings, settings.sections[topology.name]))
        return found

    def _claims(self, settings: StackSettings) -> Iterator[Holder]:
        """What every entry claims, the networks' first: nothing is known of what is made later."""
        yield from network_claims(settings.common, NOTHING_HELD).wanted
        for topology in self.topologies:
            if topology.name in settings.sections:
                section = settings.sections[topology.name]
                yield from topology.claims(settings, section, NOTHING_HELD).wanted

    def _follows(self, problem: Problem) -> bool:
        places = (problem.path, *places_looked_at(problem, self.values))
        return _of_placeholder(problem) or any(touches(place, self.refused) for place in places)


def _unknown_keys(values: Mapping[str, Any], topologies: Topologies) -> Iterator[Problem]:
    known = {*COMMON_KEYS, *(t.section for t in topologies), REGION_KEY}
    for key in values:
        if key not in known:
            rule = f"{NAMESPACE} has no such setting"
            near = did_you_mean(key, known - {REGION_KEY})
            remedy = choose_from(key, known - {REGION_KEY}, "key")
            meant = (near,) if near is not None and near not in values else None
            yield Problem((key,), key, rule, remedy, meant=meant)


def _without_slips(problems: Sequence[Problem], values: Mapping[str, Any]) -> list[Problem]:
    """Problems without those that only miss what a misspelt key was meant for."""
    meant = frozenset(problem.meant for problem in problems if problem.meant is not None)

    def follows(problem: Problem) -> bool:
        places = [*places_looked_at(problem, values)]
        places += [problem.path] if problem.value is None else []
        return problem.meant is None and any(touches(place, meant) for place in places)

    return [problem for problem in problems if not (meant and follows(problem))]


def _topology_problems(
    common: CommonSettings, values: Mapping[str, Any], topologies: Topologies
) -> Iterator[Problem]:
    by_name = {topology.name: topology for topology in topologies}
    for name in common.topology:
        topology = by_name.get(name)
        if topology is None:
            rule = "there is no topology of this name"
            yield Problem(("topology",), name, rule, choose_from(name, by_name, "topology"))
        elif topology.section not in values:
            rule = f"the topology {name} needs its section {topology.section}"
            remedy = f"add {NAMESPACE}:{topology.section}, or remove {name} from topology"
            yield Problem(("topology",), name, rule, remedy, missing=(topology.section,))
    for name in sorted({n for n in common.topology if common.topology.count(n) > 1}):
        yield Problem(("topology",), name, "a topology is named once", f"remove one {name}")


def _with_files(
    topology: Topology[Any], reading: Reading[BaseModel], folder: Path
) -> Reading[BaseModel]:
    """A section with what its files say, relative to the stack file's folder."""
    if reading.settings is None:
        return reading
    expanded = topology.expand(reading.settings, folder)
    whole = expanded.section
    if reading.problems and reading.with_all_entries is not None:
        whole = topology.expand(reading.with_all_entries, folder).section
    return Reading(
        expanded.section,
        whole,
        (
            *reading.problems,
            *(problem for problem in expanded.problems if not _of_placeholder(problem)),
        ),
        tuple(warning for warning in expanded.warnings if not _of_placeholder(warning)),
    )


def _of_placeholder(problem: Problem) -> bool:
    """Whether it is about what stands in for a value that couldn't be read."""
    return any(PLACEHOLDER in text for text in (str(problem.value), problem.rule, problem.remedy))


def _without_network(
    common: CommonSettings | None, values: Mapping[str, Any], topologies: Topologies
) -> Iterator[Problem]:
    chosen = [t for t in topologies if common is not None and t.name in common.topology]
    if "network" not in values and any(topology.needs_network for topology in chosen):
        remedy = "add network: {vpc: {cidr: 192.168.0.0/16}, vswitches: {apps: …}}"
        yield Problem(("network",), None, "network is required here", remedy)
