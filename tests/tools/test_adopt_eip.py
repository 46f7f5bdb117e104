"""The import file for an EIP that is still bound to its server."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.stackfiles import DEV
from tools.adopt import eip as adopt_eip

EXAMPLE = Path("examples/unified-egress/Pulumi.own-gateway.yaml")


def run(*arguments: str, config: Path = EXAMPLE, eip: str = "eip-1", instance: str = "i-1") -> int:
    return adopt_eip.main(
        ["--config", str(config), "--eip", eip, "--instance", instance, *arguments]
    )


def test_the_eip_and_its_old_binding_get_the_names_and_parents_of_the_program(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("--address", "web1") == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    components = {one["name"]: one["type"] for one in document["resources"] if "id" not in one}
    adopted = {one["name"]: one for one in document["resources"] if "id" in one}
    assert components == {
        "unified-addresses": "alicloud-gateways:index:EipAddresses",
        "server-web1-addresses": "alicloud-gateways:index:EniPublicIps",
    }
    assert {name: (one["id"], one["parent"]) for name, one in adopted.items()} == {
        "unified-addresses-web1": ("eip-1", "unified-addresses"),
        "server-web1-addresses-primary": ("eip-1:i-1", "server-web1-addresses"),
    }


def test_of_an_eip_that_pulumi_doesnt_own_only_the_binding_is_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "Pulumi.shop.yaml"
    text = EXAMPLE.read_text(encoding="utf-8")
    by_id = text.replace("web1: {bandwidth: 20}", "web1: {id: eip-1, address: 203.0.113.10}")
    file.write_text(by_id, encoding="utf-8")
    assert run("--address", "web1", config=file) == 0
    names = [one["name"] for one in json.loads(capsys.readouterr().out)["resources"]]
    assert names == ["server-web1-addresses", "server-web1-addresses-primary"]
    assert run("--address", "web1", config=file, eip="eip-2") == 1
    refusal = capsys.readouterr().err
    assert "publicIps.web1.id is eip-1" in refusal
    assert ", and EIP=eip-2 was given" in refusal


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--address", "wbe1"], "did you mean web1?"),
        (["--address", "egress"], "gives no server the public address egress"),
        (["--address", "web1", "--eip", "203.0.113.10"], "it starts with eip-"),
        (["--address", "web1", "--instance", "web1"], "it starts with i-"),
    ],
)
def test_what_doesnt_fit_is_told_and_nothing_is_printed(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err


def test_a_stack_without_the_topology_has_nothing_to_adopt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "Pulumi.shop.yaml"
    file.write_text(DEV, encoding="utf-8")
    assert run("--address", "ip1", config=file) == 1
    assert "doesn't choose the topology unified-egress" in capsys.readouterr().err


def test_a_stack_file_with_mistakes_is_refused_with_its_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "Pulumi.shop.yaml"
    file.write_text(DEV.replace("publicIp: ip1", "publicIp: ip9"), encoding="utf-8")
    assert run("--address", "ip1", config=file) == 2
    assert "publicIp" in capsys.readouterr().err
