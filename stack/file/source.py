"""What a stack file says of this project, by its keys, and problems brought to its lines."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from stack.file.tree import MISSING, at
from stack.file.yaml_file import MISREAD, YamlFile
from stack.naming import NAMESPACE, REGION_KEY
from stack.problems import ANY_NETWORK, IN_QUOTES, KeyPath, Problem, choose_from, did_you_mean
from stack.provider_settings import PROVIDER, setting_problem
from stack.secrets import HIDDEN, secret_paths, touches
from stack.settings import COMMON_KEYS

# What Pulumi itself keeps at the top of a stack file.
_PULUMI_KEYS = ("config", "encryptionsalt", "encryptedkey", "secretsprovider", "environment")
# How alike two namespaces are before one looks like a slip for the other; the provider's own,
# `alicloud`, stays below.
_SLIP = 0.8


@dataclass(frozen=True)
class Source:
    """The values of a stack, and the file where they stand."""

    file: YamlFile
    values: Mapping[str, Any]
    """By the keys of the project's namespace, without it, and `alicloud:region`."""

    problems: tuple[Problem, ...] = ()
    """What is wrong with the file, before its values are looked at."""

    @classmethod
    def of(cls, file: YamlFile) -> "Source":
        """What a stack file's `config` says of this project."""
        values, problems = _config_of(file)
        return cls(file, values, (*map(_below_namespace, file.problems), *problems))

    @classmethod
    def read(cls, path: Path) -> "Source":
        """The same of the file at `path`; one that can't be read is a problem too."""
        return cls.of(YamlFile.read(path))

    @property
    def misread(self) -> frozenset[KeyPath]:
        """Where values stand that Pulumi takes for something else; there is a problem of each."""
        return frozenset(one.path for one in self.problems if one.rule.startswith(MISREAD))

    def placed(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems with their lines, in the file's order, each once, without a secret.

        Those that only follow from others are left out: a reference to an entry that the file has,
        but that couldn't be read, isn't a second mistake.
        """
        problems = [*problems]
        secrets = frozenset(secret_paths(self.file.values)) if problems else frozenset[KeyPath]()
        around = frozenset(path[:end] for path in secrets for end in range(1, len(path)))
        found: dict[tuple[KeyPath, str, str], tuple[tuple[int, int], Problem]] = {}
        for problem in problems:
            places = places_looked_at(problem, self.values)
            if any(at(self.values, place) is not MISSING for place in places):
                continue
            path = self._file_path(problem.path)
            line, column = self.file.place(path) or (0, 0)
            line = problem.line or line
            remedy = problem.remedy
            value: object = problem.value
            if touches(path, secrets) or (isinstance(value, dict | list) and path in around):
                value, remedy = HIDDEN, problem.unseen or remedy
            elif remedy == IN_QUOTES and (written := self.file.written(path)) is not None:
                remedy = f'{IN_QUOTES}: "{written}"'
                if problem.value is not None and str(problem.value) != written:
                    value = written
            key = (problem.path, str(problem.value), problem.rule)
            whole = dataclasses.replace(problem, line=line or None, value=value, remedy=remedy)
            found.setdefault(key, ((line, column), whole))
        return [problem for _, problem in sorted(found.values(), key=lambda item: item[0])]

    def _file_path(self, path: KeyPath) -> KeyPath:
        """Where a path below the namespace stands in the file itself."""
        if path:
            for spelled in (f"{NAMESPACE}:{path[0]}", str(path[0])):
                if self.file.has(("config", spelled)):
                    return ("config", spelled, *path[1:])
        return ("config",)


def places_looked_at(problem: Problem, values: Mapping[str, Any]) -> Iterator[KeyPath]:
    """Where a name was looked for that isn't there; nothing for other problems."""
    missing = problem.missing
    if missing is None:
        return
    if missing[0] != ANY_NETWORK:
        yield missing
        return
    yield ("network", *missing[1:])
    networks = values.get("networks")
    # Networks that can't be read at all may have any name.
    names = cast("dict[str, object]", networks) if isinstance(networks, dict) else ("",)
    for name in names:
        yield ("networks", name, *missing[1:])


def _below_namespace(problem: Problem) -> Problem:
    """A problem of the file's, its place as those of settings have it."""
    match problem.path:
        case ("config", str(key), *rest):
            return dataclasses.replace(problem, path=(key.removeprefix(f"{NAMESPACE}:"), *rest))
        case _:
            return problem


def _config_of(file: YamlFile) -> tuple[dict[str, Any], list[Problem]]:
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
                line = file.line(("config", key))
                problems.append(dataclasses.replace(problem, line=line))
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
