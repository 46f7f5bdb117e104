"""API Gateway on the real engine: the examples from nothing, releases, and edited documents."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.lifecycle.conftest import ROOT, Run, Stack

pytestmark = pytest.mark.engine

EXAMPLES = sorted((ROOT / "examples" / "api-gateway").glob("*/Pulumi.*.yaml"))


def example(name: str) -> str:
    (found,) = [file for file in EXAMPLES if file.parent.name == name]
    return found.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.parent.name)
def test_an_example_is_built_stays_unchanged_and_is_destroyed(stack: Stack, file: Path) -> None:
    shutil.copytree(file.parent, stack.file.parent, dirs_exist_ok=True)
    stack.write(file.read_text(encoding="utf-8"))
    stack.succeed("up")
    assert len(stack.kinds()) == len(stack.changes()) > 5
    stack.succeed("up")
    assert stack.changes() == []
    stack.succeed("refresh")
    stack.succeed("up")
    assert stack.changes() == []
    stack.succeed("destroy")
    assert stack.kinds() == []


def test_a_plugins_secret_reaches_the_cloud_and_stands_nowhere_in_plain_text(
    stack: Stack,
) -> None:
    stack.write(example("self-call"))
    shown = [stack.succeed("preview"), stack.succeed("up"), stack.succeed("refresh")]
    (plugin,) = [
        one for one in stack.all("api_gateway_plugin") if one["plugin_type"] == "backendSignature"
    ]
    assert json.loads(plugin.text("plugin_data"))["secret"] == "TESTSECRET"
    assert not [run for run in shown if "TESTSECRET" in run.out + run.err]
    written = [file for file in stack.state.rglob("*.json*") if file.is_file()]
    assert written
    assert not [file for file in written if b"TESTSECRET" in file.read_bytes()]


def test_what_the_gateway_adds_may_be_secret_and_stands_nowhere_in_plain_text(
    stack: Stack,
) -> None:
    text = example("self-call")
    (secret,) = re.findall(r"          secret: (\{secure: .*\})", text)
    key = f"{{X-Key: {{in: header, value: {secret}}}}}"
    plugins, path = "        plugins: [distribution, sign]\n", "path: /business1}}\n"
    text = text.replace(plugins, f"{plugins}        constants: {key}\n")
    stack.write(text.replace(path, f"{path}              constantParameters: {key}\n"))
    shown = [stack.succeed("preview"), stack.succeed("up"), stack.succeed("refresh")]
    (api,) = [one for one in stack.all("api_gateway_api") if one["name"].endswith("distribute")]
    (routing,) = [one for one in stack.all("api_gateway_plugin") if one["plugin_type"] == "routing"]
    assert api["constant_parameters"][0]["value"] == "TESTSECRET"
    assert "TESTSECRET" in routing.text("plugin_data")
    assert not [run for run in shown if "TESTSECRET" in run.out + run.err]
    written = [file for file in stack.state.rglob("*.json*") if file.is_file()]
    assert written
    assert not [file for file in written if b"TESTSECRET" in file.read_bytes()]
    stack.succeed("up")
    assert stack.changes() == []


def serverless(stack: Stack) -> Stack:
    """The stack, with the function's example and its code."""
    shutil.copytree(ROOT / "examples/api-gateway/serverless", stack.file.parent, dirs_exist_ok=True)
    stack.write(example("serverless"))
    return stack


def test_an_app_code_reaches_the_function_and_stands_nowhere_in_plain_text(stack: Stack) -> None:
    serverless(stack)
    shown = [stack.succeed("preview"), stack.succeed("up"), stack.succeed("refresh")]
    (function,) = stack.all("fcv3_function")
    code: str = function["environment_variables"]["APP_CODE"]
    assert len(code) == 32
    assert not [run for run in shown if code in run.out + run.err]
    written = [file for file in stack.state.rglob("*.json*") if file.is_file()]
    assert written
    assert not [file for file in written if code.encode() in file.read_bytes()]


def test_edited_code_updates_the_function_alone(stack: Stack) -> None:
    serverless(stack).succeed("up")
    index = stack.file.parent / "phone-lookup" / "index.py"
    index.write_text(index.read_text("utf-8") + "# and more\n", encoding="utf-8")
    stack.succeed("up")
    assert stack.changes() == ["update fcv3_function function-phone-lookup-function"]


@pytest.mark.parametrize(("name", "resources"), [("kubernetes", 16), ("serverless", 8)])
def test_a_failure_at_every_single_create_in_turn_ends_in_the_whole_stack(
    stack: Stack, name: str, resources: int
) -> None:
    folder = ROOT / "examples" / "api-gateway" / name
    shutil.copytree(folder, stack.file.parent, dirs_exist_ok=True)
    stack.write(example(name))
    stack.cloud.faults.fail_each_once("create")
    runs: list[Run] = [stack.run("up")]
    while runs[-1].code != 0:
        assert len(runs) < 40, runs[-1].err
        assert runs[-1].code == 1
        assert "Traceback" not in runs[-1].err
        runs.append(stack.run("up"))
    failed = stack.cloud.calls("create", outcome="InternalError")
    assert len({call.key for call in failed}) == len(stack.kinds()) >= resources, "each failed once"
    stack.succeed("destroy")
    assert stack.kinds() == []


@pytest.mark.parametrize("traffic", ["all", "none"])
def test_a_release_is_promoted_and_rolled_back_by_the_plugins_data_alone(
    stack: Stack, traffic: str
) -> None:
    text = example("grey-release")
    head, _, _ = text.partition("        samples:")
    _, _, search = text.partition("      search:\n")
    _, _, plugins = search.partition("    plugins:\n")
    stack.stand(f"{head}    plugins:\n{plugins}")
    stack.edit("traffic: some", f"traffic: {traffic}")
    stack.succeed("up")
    assert stack.changes() == ["update api_gateway_plugin plugin-page-release-plugin"]
    (plugin,) = [one for one in stack.all("api_gateway_plugin") if one["plugin_type"] == "routing"]
    (route,) = json.loads(plugin.text("plugin_data"))["routes"]
    assert route["condition"] == {"all": "1 = 1", "none": "1 = 2"}[traffic]


def test_an_operation_that_is_edited_in_a_document_changes_one_api(stack: Stack) -> None:
    document = stack.file.with_name("shop.json")
    operations: dict[str, Any] = {
        f"/{name}": {
            "get": {
                "operationId": name,
                "summary": name,
                "responses": {"200": {"description": "ok"}},
            }
        }
        for name in ("orders", "customers", "invoices")
    }
    about = {"title": "Shop", "version": "1"}
    swagger: dict[str, Any] = {"swagger": "2.0", "info": about, "paths": operations}
    document.write_text(json.dumps(swagger), encoding="utf-8")
    stack.write(
        """\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology: api-gateway
  alicloud-gateways:apiGateway:
    groups: {shop: {}}
    openapi:
      shop:
        file: shop.json
        group: shop
        auth: anonymous
        acknowledged: true
        backend: {http: {url: "http://www.aliyun.com"}}
"""
    )
    stack.succeed("up")
    assert len(stack.all("api_gateway_api")) == 3
    operations["/orders"]["get"]["summary"] = "every order"
    document.write_text(json.dumps(swagger), encoding="utf-8")
    stack.succeed("up")
    assert stack.changes() == ["update api_gateway_api api-orders-api"]
