"""Plugins for tests, as users write them: from YAML text to settings, problems and data."""

import copy
import json
from pathlib import Path
from typing import Any

from pydantic import Field

from stack.file.read import PLACEHOLDER, read
from stack.file.yaml_file import YamlFile
from stack.model import Model
from stack.problems import Problem
from stack.secrets import touches
from tests.stackfiles import dumped, loaded
from tools.schema import definitions_of, example_of
from topologies.api_gateway.plugins.base import AccessRef, Ref, shown, text_of
from topologies.api_gateway.plugins.rules import plugins_problems, plugins_warnings
from topologies.api_gateway.plugins.settings import Plugins, PluginSettings

PATH = ("apiGateway", "plugins")
ACCESSES = {"ingress": "dev-ingress"}
API_PARAMETERS = {"p": ("clientVersion", "query1")}

MODULUS = (
    "gNHI8tm3lnsdCi09SrBPs9-Oau7Z1SFhIEOT2h5AJ49FSJA0XEyU4OadtV70BLIEy94dzcUK8f0e477AVoUO0RZdcXjzt"
    "FtpJnA1Ktrzn9zAmKcXb2IuKXrBKkQStcKqoSbBlR84mDElp_gxfNqpmoLy0q08rkmjh1utd8E_S4QMDDaFtQ68ggJcDY"
    "-oX5FSiVidKNrKagEzQKpk5SgJFE8wpJOkW-YKouqLsL5lFyqnkgn7J3MvDqEBKqgiCY-zXYaxnkLNfkrAt7jTe4b4a2P"
    "iKD0-bHIZwzd2NVhuLGwx4pB1tFL51E-KeewZhTsoUbQ3v_ZerZ2_630WOH7IWQ"
)


class Section(Model):
    """As much of the section as plugins need."""

    plugins: Plugins = Field(examples=[{}])


DEFINITIONS, _ = definitions_of([Section])


def plugins_of(text: str) -> dict[str, PluginSettings]:
    """The plugins that YAML text describes, by name; they have to be readable."""
    section, problems = _read(text)
    assert section is not None
    assert problems == []
    return section.plugins


def plugin_of(text: str) -> PluginSettings:
    """The plugin `p` that YAML text describes, without `p:` in front."""
    return plugins_of(_as_p(text))["p"]


def data_of(text: str) -> Any:
    """What the gateway gets for the plugin `p`, read back; the plugin has to be a good one."""
    assert found(text) == []
    return json.loads(text_of(plugin_of(text).written(), _filled))


def _filled(ref: Ref) -> str:
    return ACCESSES[ref.access] if isinstance(ref, AccessRef) else shown(ref)


def whole_plugin(kind: str) -> dict[str, Any]:
    """A plugin of a kind, with every key that there is, however deep."""
    return {kind: _whole_example(DEFINITIONS["PluginSettings"]["properties"][kind])}


def found(text: str) -> list[Problem]:
    """Everything that is refused of the plugin `p`."""
    return found_of(_as_p(text))


def found_of(text: str, stack: str = "dev") -> list[Problem]:
    """Everything that is refused of some plugins, each whole."""
    section, problems = _read(text)
    assert section is not None
    rules = plugins_problems(
        section.plugins,
        accesses=ACCESSES,
        api_parameters=API_PARAMETERS,
        stack=stack,
    )
    # As the loader does: what couldn't be read is reported once, and nothing that follows from it.
    unread = frozenset(problem.path for problem in problems)
    problems += [
        problem
        for problem in rules
        if PLACEHOLDER not in str(problem.value) and not touches(problem.path, unread)
    ]
    assert all(problem.rule and problem.remedy for problem in problems)
    return problems


def only(text: str) -> tuple[str, object, str, str]:
    """The one thing refused of the plugin `p`: its place below `p`, value, rule and remedy."""
    return _one(found(text))


def only_warning(text: str) -> tuple[str, object, str, str]:
    """The one warning about the plugin `p`, which is accepted."""
    assert found(text) == []
    return _one(warned(text))


def warned(text: str) -> list[Problem]:
    """What is accepted of the plugin `p`, and mentioned."""
    plugins = plugins_of(_as_p(text))
    return list(plugins_warnings(plugins, api_parameters=API_PARAMETERS))


def below(problem: Problem) -> str:
    """A problem's place, counted from its plugin."""
    assert problem.path[:2] == PATH
    return ".".join(str(part) for part in problem.path[3:])


def _one(problems: list[Problem]) -> tuple[str, object, str, str]:
    assert len(problems) == 1, problems
    return below(problems[0]), problems[0].value, problems[0].rule, problems[0].remedy


def _whole_example(field: dict[str, Any]) -> Any:
    """An example with every key that there is, however deep."""
    for choice in (field, *field.get("anyOf", ()), *field.get("allOf", ())):
        definition = DEFINITIONS.get(choice.get("$ref", "").removeprefix("#/definitions/"), {})
        if "properties" in definition:
            return {key: _whole_example(part) for key, part in definition["properties"].items()}
        if choice.get("type") == "array" and "$ref" in choice["items"]:
            return [_whole_example(choice["items"])]
    return copy.deepcopy(example_of(field, DEFINITIONS))


def _as_p(text: str) -> str:
    return dumped({"p": loaded(text)})


def _read(text: str) -> tuple[Section | None, list[Problem]]:
    file = YamlFile(Path("plugins.yaml"), text)
    assert not file.problems, file.problems
    reading = read(Section, {"plugins": file.values}, PATH[:1])
    return reading.settings, list(reading.problems)
