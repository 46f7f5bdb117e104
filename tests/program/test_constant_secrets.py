"""What the gateway adds to requests may be secret: of APIs, of routes, and of documents."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from stack.target import Target, target
from tests.components.secrecy import is_secret
from tests.mocked_cloud import Registered
from tests.program.test_program import PREFIX, run_program
from tests.stackfiles import Edit, dumped, loaded
from tests.topologies.api_stacks import SECURE, G, api_stack, bound, limits_elsewhere
from tests.topologies.unified import put
from tools.plan.plan import make_plan
from topologies.api_gateway.openapi.extensions import CONSTANTS

TEXT = "sesame4All"
KEY = {"X-Key": {"in": "header", "value": SECURE}, "X-Door": {"in": "header", "value": "public"}}
CONSTANT = put(f"{G}.apis.order", constants=KEY)
ROUTE = {
    "name": "a",
    "condition": "$CaAppId = 1",
    "backend": {"http": {"address": "https://b.example.com"}},
    "constantParameters": KEY,
}
ROUTED = [*bound("r", {"routing": {"routes": [ROUTE]}}), limits_elsewhere()]


def document(value: str) -> dict[str, Any]:
    """A document whose one operation has a constant of this value."""
    added = [{"backendName": "Authorization", "location": "header", "value": value}]
    get = {"operationId": "stock", CONSTANTS: added, "responses": {"200": {"description": "OK"}}}
    info = {"title": "Stock", "version": "v1"}
    return {"openapi": "3.0.3", "info": info, "paths": {"/stock": {"get": get}}}


def written(folder: Path, value: str = "Bearer #token#", *edits: Edit) -> str:
    """A stack file beside a document, whose variables are a secret and a text with marks."""
    (folder / "stock.yaml").write_text(dumped(document(value)), encoding="utf-8")
    variables = {"token": SECURE, "scheme": "#token#"}
    used = {name: one for name, one in variables.items() if f"#{name}#" in value}
    entry = {"file": "stock.yaml", "group": "shop", "apps": ["caller"], "variables": used}
    text = api_stack(put(G, openapi={"stock": entry}), *edits)
    (folder / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
    return text


def run(text: str, folder: Path) -> Registered:
    """Run the program with a stack file whose encrypted values Pulumi has as `TEXT`."""
    config: dict[str, Any] = loaded(text)["config"]
    section = json.dumps(config[PREFIX + G])
    config[PREFIX + G] = json.loads(section.replace(json.dumps(SECURE), json.dumps(TEXT)))
    (folder / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
    return run_program(config, folder)


def decrypted(*edits: Edit) -> Registered:
    """The same, without documents."""
    with tempfile.TemporaryDirectory() as folder:
        return run(api_stack(*edits), Path(folder))


def target_of(folder: Path) -> Target:
    """The stack of a folder."""
    return target(None, str(folder / "Pulumi.dev.yaml"), folder)


def test_a_constant_that_is_a_secret_goes_in_and_stays_as_one() -> None:
    api = decrypted(CONSTANT)["api-order-api"]
    door, key = api.inputs["constantParameters"]
    assert (door["value"], key["value"]["value"]) == ("public", TEXT)
    assert is_secret(key["value"])
    assert "constantParameters" in api.request.additionalSecretOutputs


def test_constants_in_plain_text_can_be_read_in_a_preview() -> None:
    api = decrypted(put(f"{G}.apis.order", constants={"X-Door": KEY["X-Door"]}))["api-order-api"]
    assert api.inputs["constantParameters"][0]["value"] == "public"
    assert not api.request.additionalSecretOutputs


def test_a_route_adds_a_secret_that_stays_one() -> None:
    plugin = decrypted(*ROUTED)["plugin-r-plugin"]
    assert is_secret(plugin.inputs["pluginData"])
    (route,) = json.loads(plugin.inputs["pluginData"]["value"])["routes"]
    values = {one["name"]: one["value"] for one in route["constant-parameters"]}
    assert values == {"X-Key": TEXT, "X-Door": "public"}
    assert "pluginData" in plugin.request.additionalSecretOutputs


def test_a_documents_constant_has_the_secret_of_a_variable(tmp_path: Path) -> None:
    api = run(written(tmp_path), tmp_path)["api-stock-api"]
    (header,) = api.inputs["constantParameters"]
    assert is_secret(header["value"])
    assert header["value"]["value"] == f"Bearer {TEXT}"
    assert "constantParameters" in api.request.additionalSecretOutputs


def test_a_variable_isnt_read_again_for_others(tmp_path: Path) -> None:
    api = run(written(tmp_path, "#scheme# #token#"), tmp_path)["api-stock-api"]
    (header,) = api.inputs["constantParameters"]
    assert header["value"]["value"] == f"#token# {TEXT}"


@pytest.mark.parametrize("edits", [[CONSTANT], ROUTED])
def test_no_other_input_has_a_secrets_text(edits: list[Edit]) -> None:
    for one in decrypted(*edits).all:
        told = {
            k: v for k, v in one.inputs.items() if k not in {"constantParameters", "pluginData"}
        }
        assert TEXT not in json.dumps(told), one.name


def test_a_plan_needs_no_secret_and_hides_its_place(tmp_path: Path) -> None:
    written(tmp_path, "Bearer #token#", CONSTANT, *ROUTED)
    plan = make_plan(target_of(tmp_path))
    assert plan.problems == ()
    shown = repr([one.inputs for one in plan.resources])
    assert SECURE["secure"] not in shown
    assert shown.count("[secret]") == 3


def test_a_secret_variable_has_no_place_in_what_can_be_read(tmp_path: Path) -> None:
    written(tmp_path)
    tree = document("#token#")
    backend = {"type": "HTTP", "address": "https://#token#"}
    tree["paths"]["/stock"]["get"]["x-aliyun-apigateway-backend"] = backend
    (tmp_path / "stock.yaml").write_text(dumped(tree), encoding="utf-8")
    (problem,) = make_plan(target_of(tmp_path)).problems
    assert "#token# is a secret, which stays one in values of" in problem.rule
    assert problem.remedy == "write the variable token in plain text, or use it there"


def test_two_secrets_arent_added_under_one_name(tmp_path: Path) -> None:
    written(tmp_path)
    tree = document("#token#")
    added: list[Any] = tree["paths"]["/stock"]["get"][CONSTANTS]
    added.append({**added[0], "value": "Bearer #token#"})
    (tmp_path / "stock.yaml").write_text(dumped(tree), encoding="utf-8")
    (problem,) = make_plan(target_of(tmp_path)).problems
    assert "it is added once, and the list has it already" in problem.rule
