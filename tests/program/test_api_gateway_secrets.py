"""Secrets of plugins on their way through the program, which Pulumi hands them to in plain text."""

import json
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

import pulumi
import pytest

from stack.secrets import SecretState
from stack.settings import StackSettings
from stack.target import target
from tests.components.secrecy import is_secret
from tests.mocked_cloud import Registered
from tests.program.test_program import PREFIX, run_program
from tests.stackfiles import Edit, loaded, settings_of
from tests.topologies.api_stacks import (
    SECURE,
    SIGNATURE,
    G,
    api_stack,
    bound,
    limits_elsewhere,
)
from tests.topologies.unified import put
from tools.plan.plan import make_plan
from topologies import program

TEXT = "sesame4All"
SIGNED = [*bound("sign", SIGNATURE), limits_elsewhere()]


def decrypted(*edits: Edit) -> Registered:
    """Run the program with a stack file whose encrypted values Pulumi has as `TEXT`."""
    text = api_stack(*edits)
    config: dict[str, Any] = loaded(text)["config"]
    section = json.dumps(config[PREFIX + G])
    config[PREFIX + G] = json.loads(section.replace(json.dumps(SECURE), json.dumps(TEXT)))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
        return run_program(config, Path(folder))


def test_the_stack_file_keeps_only_that_a_secret_is_there() -> None:
    section: Any = settings_of(api_stack(*SIGNED)).sections["api-gateway"]
    signature = section.plugins["sign"].backend_signature
    assert (signature.key, signature.secret) == (SecretState.ENCRYPTED, SecretState.ENCRYPTED)
    assert SECURE["secure"] not in repr(section)


def test_the_programs_settings_never_hold_a_secrets_text() -> None:
    kept: list[StackSettings] = []
    load = program.load_settings

    async def spy() -> StackSettings:
        kept.append(await load())
        return kept[0]

    with mock.patch.object(program, "load_settings", spy):
        decrypted(*SIGNED)
    (settings,) = kept
    section: Any = settings.sections["api-gateway"]
    assert section.plugins["sign"].backend_signature.secret is SecretState.ENCRYPTED
    assert TEXT not in repr(settings)


def test_a_plugins_data_has_the_text_and_is_secret() -> None:
    made = decrypted(*SIGNED)
    plugin = made["plugin-sign-plugin"]
    assert is_secret(plugin.inputs["pluginData"])
    data = json.loads(plugin.inputs["pluginData"]["value"])
    assert (data["key"], data["secret"]) == (TEXT, TEXT)
    assert "pluginData" in plugin.request.additionalSecretOutputs


def test_no_other_input_has_a_secrets_text() -> None:
    for one in decrypted(*SIGNED).all:
        if one.name != "plugin-sign-plugin":
            assert TEXT not in json.dumps(one.inputs), one.name


def test_a_plugin_without_secrets_shows_what_it_does() -> None:
    """A preview that hides what every plugin does is no preview."""
    plugin = decrypted(*SIGNED)["plugin-limits-plugin"]
    assert not is_secret(plugin.inputs["pluginData"])
    assert not plugin.request.additionalSecretOutputs
    assert json.loads(plugin.inputs["pluginData"])["unit"] == "MINUTE"


def test_the_program_refuses_plain_text_and_doesnt_show_it() -> None:
    plain: dict[str, Any] = {**SIGNATURE["backendSignature"], "secret": TEXT}
    text = api_stack(*bound("sign", {"backendSignature": plain}), limits_elsewhere())
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(pulumi.RunError) as refused:
            run_program(loaded(text)["config"], Path(folder))
    report = str(refused.value)
    assert "Pulumi.dev.yaml has 1 problem; nothing was changed." in report
    assert "apiGateway.plugins.sign.backendSignature.secret" in report
    assert TEXT not in report


def test_a_report_about_something_else_doesnt_show_a_decrypted_secret() -> None:
    with pytest.raises(pulumi.RunError) as refused:
        decrypted(*SIGNED, put(f"{G}.apis.order", group="nope"))
    assert "apiGateway.apis.order.group" in str(refused.value)
    assert "1 problem" in str(refused.value)
    assert TEXT not in str(refused.value)


def test_a_plan_needs_no_secret_and_hides_its_place(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text(api_stack(*SIGNED), encoding="utf-8")
    plan = make_plan(target(None, str(file), tmp_path))
    (plugin,) = [one for one in plan.resources if one.name == "plugin-sign-plugin"]
    assert plan.problems == ()
    assert SECURE["secure"] not in repr(plugin.inputs)
    assert "[secret]" in repr(plugin.inputs)
