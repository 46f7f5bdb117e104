"""Read a stack file and judge it: settings that passed every rule, or one report of all problems.

Two doors lead here. `settings_of_file` reads a stack file (the tools, the sandbox). The program
itself asks Pulumi for the values, since `--config` and environments may have their say, and asks
the file only for lines and for what Pulumi doesn't show: `settings_of_values`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from stack.claims import Holder, clashes
from stack.filling import Loading, filled_in
from stack.held import NOTHING_HELD
from stack.naming import stack_name_problems
from stack.network_claims import network_claims
from stack.networks_rules import networks_problems
from stack.placing import NAMESPACE, REGION_KEY, placed, places_looked_at
from stack.problems import KeyPath, Problem, StackFileError, choose_from, did_you_mean
from stack.provider_settings import PROVIDER, setting_problem
from stack.references import Outputs
from stack.salvage import PLACEHOLDER
from stack.secret_values import misplaced_secrets
from stack.secrets import secret_paths, secret_problems, touches
from stack.settings import CommonSettings, Sections, StackSettings, tag_problems, tier_warnings
from stack.topology import Topology
from stack.validation import Reading, read
from stack.yaml_file import YamlFile

COMMON_KEYS = tuple(f.alias or n for n, f in CommonSettings.model_fields.items())

# What Pulumi itself keeps at the top of a stack file.
_PULUMI_KEYS = ("config", "encryptionsalt", "encryptedkey", "secretsprovider", "environment")
# How alike two namespaces are before one looks like a slip for the other; the provider's own,
# `alicloud`, stays below.
_SLIP = 0.8

Topologies = Sequence[Topology[Any]]


def settings_of_file(
    path: Path,
    stack: str,
    topologies: Topologies,
    known: Mapping[str, Outputs] | None = None,
) -> StackSettings:
    """The settings that a stack file holds.

    Args:
        path: the file.
        stack: the stack's name.
        topologies: those that it can choose from.
        known: the outputs of the stacks that it refers to; None to go by what the files beside
            promise.

    Raises:
        StackFileError: with everything that is wrong with it.
    """
    file = YamlFile.read(path)
    values, problems = file_values(file)
    return settings_of_values(
        values, stack, topologies, file=file, problems=[*file.problems, *problems], known=known
    )


def settings_of_values(  # noqa: PLR0913 - what is read, and what is known of it already
    values: Mapping[str, Any],
    stack: str,
    topologies: Topologies,
    *,
    file: YamlFile,
    problems: Sequence[Problem] = (),
    known: Mapping[str, Outputs] | None = None,
) -> StackSettings:
    """The settings that `values` hold: keys of the project's namespace, and `alicloud:region`.

    Args:
        values: what Pulumi has, or what the file says.
        stack: the stack's name.
        topologies: those that a stack file can choose from.
        file: where the values stand.
        problems: what is wrong already.
        known: the outputs of the stacks that it refers to; None to go by what the files beside
            promise.

    Raises:
        StackFileError: with `problems`, and everything that is wrong with the values.
    """
    if problems and not values:
        raise StackFileError(file.path, placed(problems, file, values))
    loading = Loading(file_values, settings_of_file)
    whole = filled_in(values, stack, topologies, file=file, known=known, loading=loading)
    values = whole.values
    mine = {key: values[key] for key in COMMON_KEYS if key in values}
    common = read(CommonSettings, mine, ())
    sections = {
        topology.name: read(topology.model, values[topology.section], (topology.section,))
        for topology in topologies
        if topology.section in values
    }
    files = [
        _with_files(topology, sections, file)
        for topology in topologies
        if common.settings is None or topology.name in common.settings.topology
    ]
    models = {t.section: t.model for t in topologies if t.section in values}
    secrets = frozenset(misplaced_secrets(secret_paths(values), models))
    refused = [
        problem
        for problem in (*common.problems, *(p for s in sections.values() for p in s.problems))
        if not touches(problem.path, secrets)
    ]
    refused += [problem for found in files for problem in found.problems]
    refused += whole.problems
    refused += _without_network(common.settings, values, topologies)
    region = values.get(REGION_KEY)
    judge = _Judge(stack, region, values, topologies, frozenset(p.path for p in refused) | secrets)
    found = [*problems, *stack_name_problems(stack), *secret_problems(secrets), *refused]
    found += _unknown_keys(values, topologies)
    found += judge.problems(common, sections)
    mentioned = [
        *whole.warnings,
        *judge.warnings(common, sections),
        *(w for found in files for w in found.warnings),
    ]
    warnings = placed(mentioned, file, values)
    found = placed(found, file, values)
    if found or common.settings is None:
        raise StackFileError(file.path, found, warnings)
    chosen = {
        name: section.settings
        for name, section in sections.items()
        if name in common.settings.topology and section.settings is not None
    }
    return StackSettings(stack, region, common.settings, chosen, tuple(warnings))


@dataclass(frozen=True)
class _Judge:
    """Applies the rules to settings, whole or with parts that couldn't be read."""

    stack: str
    region: str | None
    values: Mapping[str, Any]
    topologies: Topologies
    refused: frozenset[KeyPath]
    """Places that can't be read: what the rules say about them only follows from that."""

    def problems(
        self, common: Reading[CommonSettings], sections: Mapping[str, Reading[BaseModel]]
    ) -> list[Problem]:
        """What the rules refuse.

        References are judged with every entry; all else without those that have a mistake, which
        would mean something else than what is written.
        """
        whole = {name: section.settings for name, section in sections.items()}
        found = self._apply(common.settings, whole)
        if self.refused:
            loose = {name: section.with_all_entries for name, section in sections.items()}
            references = self._apply(common.with_all_entries, loose)
            found = [problem for problem in found if problem.missing is None]
            found += [problem for problem in references if problem.missing is not None]
        return [problem for problem in found if not self._follows(problem)]

    def warnings(
        self, common: Reading[CommonSettings], sections: Mapping[str, Reading[BaseModel]]
    ) -> list[Problem]:
        """What the rules let pass and mention."""
        settings = common.settings
        if settings is None:
            return []
        found = [*tier_warnings(self.stack, settings.tier)]
        chosen = self._chosen_sections(settings, {n: s.settings for n, s in sections.items()})
        whole = StackSettings(self.stack, self.region, settings, chosen)
        for topology in self.topologies:
            if topology.name in sections and not self._chosen(settings, topology):
                found.append(_unchosen(topology))
            elif topology.name in chosen:
                found += topology.warnings(whole, chosen[topology.name])
        return [problem for problem in found if not self._follows(problem)]

    def _apply(
        self, common: CommonSettings | None, sections: Mapping[str, BaseModel | None]
    ) -> list[Problem]:
        if common is None:
            return []
        found = [*tag_problems(common.tags)]
        found += networks_problems(common, self.region)
        found += _topology_problems(common, self.values, self.topologies)
        chosen = self._chosen_sections(common, sections)
        whole = StackSettings(self.stack, self.region, common, chosen)
        for topology in self.topologies:
            if topology.name in chosen:
                found += topology.problems(whole, chosen[topology.name])
        return [*found, *clashes(self._claims(whole))]

    def _claims(self, settings: StackSettings) -> Iterator[Holder]:
        """What every entry claims, the networks' first: nothing is known of what is made later."""
        yield from network_claims(settings.common, NOTHING_HELD).wanted
        for topology in self.topologies:
            if topology.name in settings.sections:
                section = settings.sections[topology.name]
                yield from topology.claims(settings, section, NOTHING_HELD).wanted

    def _chosen_sections(
        self, common: CommonSettings, sections: Mapping[str, BaseModel | None]
    ) -> Sections:
        return {
            topology.name: section
            for topology in self.topologies
            if (section := sections.get(topology.name)) is not None
            and self._chosen(common, topology)
        }

    def _chosen(self, common: CommonSettings, topology: Topology[Any]) -> bool:
        unreadable = any(path[0] == "topology" for path in self.refused if path)
        return topology.name in common.topology or unreadable

    def _follows(self, problem: Problem) -> bool:
        if _of_placeholder(problem):
            return True
        looked_at = places_looked_at(problem, self.values)
        return touches(problem.path, self.refused) or any(
            touches(place, self.refused) for place in looked_at
        )


def file_values(file: YamlFile) -> tuple[dict[str, Any], list[Problem]]:
    """The values of a stack file's `config` that concern this project, without the namespace."""
    top = file.values
    if not isinstance(top, dict) or not isinstance(top.get("config"), dict):
        return {}, [] if file.problems else [_without_config(file)]
    config: Any = top["config"]
    rule = "Pulumi knows no such key at the top of a stack file"
    problems = [
        Problem((), key, rule, choose_from(key, _PULUMI_KEYS, "key"), line=file.line((key,)))
        for key in top
        if key not in _PULUMI_KEYS
    ]
    values: dict[str, Any] = {}
    for key, value in config.items():
        namespace, colon, name = key.partition(":")
        if not colon or namespace == NAMESPACE:
            name = name or key  # without a namespace, Pulumi takes the project's own
            if name in values:
                rule = f"a setting is given once; {name} and {NAMESPACE}:{name} are the same"
                problems.append(_at_key(file, key, rule, "remove one of the two"))
            values[name] = value
        elif key == REGION_KEY and isinstance(value, str):
            values[key] = value
        elif key == REGION_KEY and not list(secret_paths(value)):
            rule = "text is needed here"
            problems.append(_at_key(file, key, rule, "write a region such as cn-shanghai"))
        elif namespace == PROVIDER and name not in COMMON_KEYS:
            if key != REGION_KEY and (problem := setting_problem(name, value)) is not None:
                problems.append(replace(problem, line=file.line(("config", key))))
        elif namespace == PROVIDER or did_you_mean(namespace, [NAMESPACE], _SLIP):
            rule = f"settings of this project have the namespace {NAMESPACE}"
            remedy = f"did you mean {NAMESPACE}:{name}?"
            problems.append(_at_key(file, key, rule, remedy))
    return values, problems


def _at_key(file: YamlFile, key: str, rule: str, remedy: str) -> Problem:
    return Problem((key,), key, rule, remedy, line=file.line(("config", key)))


def _without_config(file: YamlFile) -> Problem:
    """The problem of a file that has no settings."""
    top, rule = file.values, "a stack file keeps its settings under config"
    if not isinstance(top, dict):
        return Problem((), None, rule, f"start it with config:, then {NAMESPACE}:topology: …")
    if "config" in top:
        rule = "config is a map of settings"
        return Problem((), None, rule, f"write below it {NAMESPACE}:topology: …")
    near = did_you_mean("config", top)
    remedy = f"did you mean config where it says {near}?" if near else "add config:"
    return Problem((), None, rule, remedy, line=file.line((near,)) if near else None)


def _unknown_keys(values: Mapping[str, Any], topologies: Topologies) -> Iterator[Problem]:
    known = {*COMMON_KEYS, *(t.section for t in topologies), REGION_KEY}
    for key in values:
        if key not in known:
            rule = f"{NAMESPACE} has no such setting"
            yield Problem((key,), key, rule, choose_from(key, known - {REGION_KEY}, "key"))


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
            yield Problem(
                ("topology",),
                name,
                f"the topology {name} needs its section {topology.section}",
                f"add {NAMESPACE}:{topology.section}, or remove {name} from topology",
                missing=(topology.section,),
            )
    for name in sorted({n for n in common.topology if common.topology.count(n) > 1}):
        yield Problem(("topology",), name, "a topology is named once", f"remove one {name}")


@dataclass(frozen=True)
class _InFiles:
    """What was found in the files that a section names."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def _with_files(
    topology: Topology[Any], sections: dict[str, Reading[BaseModel]], file: YamlFile
) -> _InFiles:
    """Put what its files say into a section, in place; returns what is wrong with them."""
    reading = sections.get(topology.name)
    if reading is None or reading.settings is None:
        return _InFiles()
    expanded = topology.expand(reading.settings, file.path.parent)
    whole = reading.with_all_entries
    if reading.problems and whole is not None:
        whole = topology.expand(whole, file.path.parent).section
    else:
        whole = expanded.section
    sections[topology.name] = replace(reading, settings=expanded.section, with_all_entries=whole)
    return _InFiles(
        tuple(problem for problem in expanded.problems if not _of_placeholder(problem)),
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


def _unchosen(topology: Topology[Any]) -> Problem:
    return Problem(
        (topology.section,),
        None,
        f"this section isn't used: topology doesn't name {topology.name}",
        f"add {topology.name} to topology, or remove the section",
    )
