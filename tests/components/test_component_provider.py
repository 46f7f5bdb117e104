"""The component provider: components as the engine asks for them, from programs in any language."""

import json
from typing import Any

import pytest

import components as c
from components import _busy_cloud, _provider
from components._provider import DISTRIBUTION, LibraryProvider
from components.testing import run
from tests.wheels import LIBRARY, PROJECT


class Opened(LibraryProvider):
    def args_of(self, component: str, inputs: dict[str, Any]) -> Any:
        """What a component is given of what the engine sends."""
        return self.map_inputs(inputs, self._component_defs[component])


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Opened:
    def version(name: str) -> str:
        return {DISTRIBUTION: "1.4.0"}[name]

    monkeypatch.setattr(_provider, "version", version)
    return Opened()


def test_it_is_called_as_the_distribution_is() -> None:
    assert PROJECT["name"] == DISTRIBUTION


def test_it_tells_the_kept_schema_with_its_version(provider: LibraryProvider) -> None:
    told: dict[str, Any] = json.loads(provider.schema or "")
    assert told.pop("version") == "1.4.0"
    assert told == json.loads((LIBRARY / "schema.json").read_text("utf-8"))


def test_whole_numbers_stay_whole_and_names_become_python_s(provider: Opened) -> None:
    inputs: dict[str, Any] = {
        "natGatewayId": "ngw-1",
        "bandwidth": 50.0,
        "publicIps": {"web": {"bandwidth": 5.0, "addressName": "web"}},
    }
    args = provider.args_of("SharedBandwidth", inputs)
    assert args == {
        "nat_gateway_id": "ngw-1",
        "bandwidth": 50,
        "public_ips": {"web": {"bandwidth": 5, "address_name": "web"}},
    }
    assert isinstance(args["bandwidth"], int)
    assert isinstance(args["public_ips"]["web"]["bandwidth"], int)


def test_each_component_of_a_plugin_has_a_hook_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine takes a name once in a run, and a plugin makes each in a context of its own."""
    monkeypatch.setattr(_busy_cloud, "_in_plugin", None)
    _busy_cloud.serve_components()

    def hooks() -> set[str]:
        made = run(lambda: c.EipAddresses("out", {"addresses": {"a": {}, "b": {}}}))
        return {name for one in made.resources for name in one.request.hooks.on_error}

    name = "busy-cloud:alicloud-gateways:index:EipAddresses:out"
    assert [hooks(), hooks()] == [{name}, {f"{name}:2"}]
