"""Whatever stands where plugins belong is judged, never a traceback; and editors know it all."""

from collections.abc import Iterator
from typing import Any, cast

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from stack.file.read import read
from tests.topologies.api_plugins import (
    API_PARAMETERS,
    DEFINITIONS,
    MODULUS,
    PATH,
    Section,
    whole_plugin,
)
from tools.schema import example_of
from topologies.api_gateway.backends.settings import Method
from topologies.api_gateway.plugins.base import BoundApi, text_of
from topologies.api_gateway.plugins.rules import (
    binding_problems,
    binding_warnings,
    plugins_problems,
    plugins_warnings,
)
from topologies.api_gateway.plugins.settings import PLUGIN_KINDS, PluginSettings

KEYS = sorted({key for d in DEFINITIONS.values() for key in d.get("properties", {})})
WORDS = [
    *("", "a", "x y", "GET", "ALLOW", "DENY", "mock", "header", "query", "SECOND", "RSA", "AQAB"),
    *("$CaAppId = 1", "1 = 1", "$a = 'x", "Token:id", "StatusCode", "Query:a", "${a}", "*"),
    *(
        "http://a.example.com",
        "/x",
        "1.2.3.4",
        "10.0.0.0/8",
        "XFF:-1",
        "9" * 5000,
        MODULUS,
        "\ufffd",
    ),
]
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from([None, True, False, 0, 1, -1, 30, 404, 10**30, 1.5]) | st.sampled_from(WORDS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=25,
)
PLUGINS = st.dictionaries(
    st.sampled_from(["p", "a-b", "a.b", "q" * 63, "9", ""]),
    st.dictionaries(
        st.sampled_from([*PLUGIN_KINDS, "name", "was", "description"]), VALUES, max_size=3
    ),
    max_size=3,
)


def judge(plugins: dict[str, PluginSettings]) -> None:
    """Everything that is done with plugins that could be read."""
    accesses = {"ingress": "dev-ingress"}
    known = API_PARAMETERS
    found = [*plugins_problems(plugins, accesses=accesses, api_parameters=known, stack="dev")]
    found += plugins_warnings(plugins, api_parameters=known)
    names, at = [*plugins, "nothing"], ("apiGateway", "apis", "one", "plugins")
    found += binding_problems(at, names, plugins)
    api = BoundApi("one", Method.POST, has_path=False, dedicated=False, parameters=frozenset())
    found += binding_warnings(at, names, plugins, api)
    assert all(problem.rule and problem.remedy for problem in found)
    wrong = {problem.path[2] for problem in found if problem.path[:2] == PATH}
    for name, plugin in plugins.items():
        if name not in wrong:
            assert text_of(plugin.written()).startswith("{")


def judge_text(plugins: dict[str, Any]) -> None:
    reading = read(Section, {"plugins": plugins}, PATH[:1])
    for section in (reading.settings, reading.with_all_entries):
        if section is not None:
            judge(section.plugins)


@settings(max_examples=150)
@given(PLUGINS)
def test_nothing_that_can_be_written_ends_in_a_traceback(plugins: dict[str, Any]) -> None:
    judge_text(plugins)


@settings(max_examples=300)
@given(st.sampled_from(PLUGIN_KINDS), st.data())
def test_no_slip_in_a_good_plugin_ends_in_a_traceback(kind: str, data: st.DataObject) -> None:
    plugin = whole_plugin(kind)
    for _ in range(data.draw(st.integers(1, 2))):
        places = list(places_of(plugin))
        *owner, last = data.draw(st.sampled_from(places))
        target: Any = plugin
        for part in owner:
            target = target[part]
        target[last] = data.draw(VALUES)
    judge_text({"p": plugin})


def places_of(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where something stands that can be replaced."""
    items: Any = ()
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
    elif isinstance(value, list):
        items = enumerate(cast("list[Any]", value))
    for key, item in items:
        yield (*path, key)
        yield from places_of(item, (*path, key))


def test_every_key_of_every_plugin_has_a_description_and_an_example() -> None:
    for name, definition in DEFINITIONS.items():
        for key, field in definition.get("properties", {}).items():
            described = field.get("description") or name == "Section"
            assert described, f"{name}.{key}"
            assert field["examples"], f"{name}.{key}"


def test_examples_of_kinds_fit_their_schema() -> None:
    schema = {"definitions": DEFINITIONS}
    for key, field in DEFINITIONS["PluginSettings"]["properties"].items():
        example = example_of(field, DEFINITIONS)
        jsonschema.validate(example, {**schema, **field})
        if key in PLUGIN_KINDS:
            assert read(Section, {"plugins": {"p": {key: example}}}, PATH[:1]).problems == ()
