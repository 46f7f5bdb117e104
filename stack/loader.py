"""Read a stack file and judge it: settings that passed every rule, or one report of all problems.

Two doors lead here. `settings_of_file` reads a stack file (the tools, the sandbox). The program
itself asks Pulumi for the values, since `--config` and environments may have their say, and asks
the file only for lines and for what Pulumi doesn't show: `settings_of_values`.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from stack.model import Model
from stack.naming import stack_name_problems
from stack.network_rules import network_problems
from stack.problems import KeyPath, Problem, StackFileError, choose_from, did_you_mean
from stack.settings import CommonSettings, StackSettings, tag_problems, tier_warnings
from stack.topology import Topology
from stack.validation import validate
from stack.yaml_file import YamlFile

NAMESPACE = "alicloud-gateways"
COMMON_KEYS = tuple(f.alias or n for n, f in CommonSettings.model_fields.items())
REGION_KEY = "alicloud:region"

# What Pulumi itself keeps at the top of a stack file.
_PULUMI_KEYS = ("config", "encryptionsalt", "encryptedkey", "secretsprovider", "environment")

Topologies = Sequence[Topology[Any]]


def settings_of_file(path: Path, stack: str, topologies: Topologies) -> StackSettings:
    """The settings that a stack file holds.

    Raises:
        StackFileError: with everything that is wrong with it.
    """
    file = YamlFile.read(path)
    values, problems = file_values(file)
    return settings_of_values(
        values, stack, topologies, file=file, problems=[*file.problems, *problems]
    )


def settings_of_values(
    values: Mapping[str, Any],
    stack: str,
    topologies: Topologies,
    *,
    file: YamlFile,
    problems: Sequence[Problem] = (),
) -> StackSettings:
    """The settings that `values` hold: keys of the project's namespace, and `alicloud:region`.

    Raises:
        StackFileError: with `problems`, and everything that is wrong with the values.
    """
    if problems and not values:
        raise StackFileError(file.path, _placed(problems, file, values))
    region = values.get(REGION_KEY)
    found = [*problems, *stack_name_problems(stack)]
    common, common_problems = _common(values)
    found += common_problems
    found += _unknown_keys(values, topologies)
    sections: dict[str, Model] = {}
    warnings: list[Problem] = []
    if common is not None:
        found += tag_problems(common.tags)
        found += network_problems(common.network, common.quotas, region)
        found += _topology_problems(common, values, topologies)
        warnings += tier_warnings(stack, common.tier)
        warnings += _unchosen_sections(common, values, topologies)
    for topology in topologies:
        if topology.section in values:
            chosen = common is not None and topology.name in common.topology
            section, section_problems = validate(
                topology.model, values[topology.section], (topology.section,)
            )
            found += section_problems
            if common is not None and section is not None and chosen:
                sections[topology.name] = section
                found += topology.problems(common, section)
                warnings += topology.warnings(common, section)
    found = _placed(found, file, values)
    warnings = _placed(warnings, file, values)
    if found or common is None:
        raise StackFileError(file.path, found, warnings)
    return StackSettings(stack, region, common, sections, tuple(warnings))


def file_values(file: YamlFile) -> tuple[dict[str, Any], list[Problem]]:
    """The values of a stack file's `config` that concern this project, without the namespace."""
    top = file.values
    if not isinstance(top, dict) or not isinstance(top.get("config"), dict):
        if file.problems:
            return {}, []
        near = did_you_mean("config", top) if isinstance(top, dict) else None
        remedy = f"did you mean config where it says {near}?" if near else "start it with config:"
        return {}, [Problem((), None, "a stack file keeps its settings under config", remedy)]
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
        if not colon:
            values[key] = value  # Pulumi's shorthand for the project's own namespace
        elif namespace == NAMESPACE:
            values[name] = value
        elif key == REGION_KEY and isinstance(value, str):
            values[key] = value
        elif did_you_mean(namespace, [NAMESPACE]):
            rule = f"settings of this project have the namespace {NAMESPACE}"
            problems.append(Problem((key,), key, rule, f"did you mean {NAMESPACE}:{name}?"))
    return values, problems


def _common(values: Mapping[str, Any]) -> tuple[CommonSettings | None, list[Problem]]:
    mine = {key: values[key] for key in COMMON_KEYS if key in values}
    return validate(CommonSettings, mine, ())


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


def _unchosen_sections(
    common: CommonSettings, values: Mapping[str, Any], topologies: Topologies
) -> Iterator[Problem]:
    for topology in topologies:
        if topology.section in values and topology.name not in common.topology:
            yield Problem(
                (topology.section,),
                None,
                f"this section isn't used: topology doesn't name {topology.name}",
                f"add {topology.name} to topology, or remove the section",
            )


def _placed(
    problems: Sequence[Problem], file: YamlFile, values: Mapping[str, Any]
) -> list[Problem]:
    """Problems with their lines, in the file's order, without those that only follow from others.

    A reference to an entry that the file has, but that couldn't be read, isn't a second mistake.
    """
    placed: dict[tuple[KeyPath, str, str], Problem] = {}
    for problem in problems:
        if problem.missing is not None and _exists(values, problem.missing):
            continue
        line = problem.line or file.line(_file_path(problem.path, file))
        key = (problem.path, str(problem.value), problem.rule)
        placed.setdefault(key, dataclasses.replace(problem, line=line))
    return sorted(placed.values(), key=lambda p: p.line or 0)


def _exists(values: Mapping[str, Any], path: KeyPath) -> bool:
    found: Any = values
    for part in path:
        if not isinstance(found, dict) or part not in found:
            return False
        found = found[part]  # pyright: ignore[reportUnknownVariableType] - plain values
    return True


def _file_path(path: KeyPath, file: YamlFile) -> KeyPath:
    """Where a path below the namespace stands in the file itself."""
    if not path:
        return ("config",)
    key = str(path[0])
    for spelled in (f"{NAMESPACE}:{key}", key):
        if file.line(("config", spelled)) != file.line(("config",)):
            return ("config", spelled, *path[1:])
    return ("config",)
