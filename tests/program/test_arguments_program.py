"""Secrets among `arguments` on their way through the program."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pulumi
import pytest

from tests.components.secrecy import is_secret
from tests.mocked_cloud import Registered
from tests.program.test_program import PREFIX, run_program
from tests.stackfiles import dev_stack, loaded
from tests.topologies.api_stacks import SECURE
from tests.topologies.unified import put

TEXT = "sesame4All"
SERVER = {"type": "ecs.g7.large", "image": "aliyun_3.vhd"}


def decrypted(**arguments: object) -> Registered:
    """Run the program with a server's arguments, whose encrypted values Pulumi has as `TEXT`."""
    instance = {**SERVER, "arguments": arguments}
    text = dev_stack(put("network.hosts.ecs1", instanceId=None, instance=instance))
    config: dict[str, Any] = loaded(text)["config"]
    network = json.dumps(config[f"{PREFIX}network"])
    config[f"{PREFIX}network"] = json.loads(network.replace(json.dumps(SECURE), json.dumps(TEXT)))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
        return run_program(config, Path(folder))


def test_a_secret_argument_reaches_its_resource_as_a_secret_and_nothing_else() -> None:
    made = decrypted(password=SECURE, userData=SECURE, hostName="ecs1")
    server = made["host-ecs1-instance"]
    for name in ("password", "userData"):
        assert is_secret(server.inputs[name])
        assert server.inputs[name]["value"] == TEXT
    assert server.inputs["hostName"] == "ecs1"
    for one in made.all:
        if one is not server:
            assert TEXT not in json.dumps(one.inputs, default=str), one.name


def test_a_secret_in_plain_text_is_refused_and_not_shown() -> None:
    with pytest.raises(pulumi.RunError) as refusal:
        decrypted(password=TEXT)
    assert "network.hosts.ecs1.instance.arguments.password" in str(refusal.value)
    assert TEXT not in str(refusal.value)
