"""`make native-life`: what it gives a pulumi to do, whereto it leads it, and how it judges."""

import json
import os
import shlex
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.paths import BIN, SANDBOX_VARIABLE
from tests.made import ROOT
from tools.native_life import environment, main

STAND_IN = Path(__file__).with_name("native_pulumi.py")
PLUGIN = {"name": "alicloud", "kind": "resource", "version": version("pulumi_alicloud")}
URN = "urn:pulumi:dev::alicloud-gateways::alicloud:ecs/eipAddress:EipAddress::ip1"


class Machine:
    """A PATH with a stand-in for pulumi."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.say()

    def say(self, **wrong: Any) -> None:
        folder = self.folder
        folder.mkdir(exist_ok=True)
        (folder / "native.json").write_text(json.dumps({"plugins": [PLUGIN], **wrong}), "utf-8")
        script = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {{}} "$@"\n'
        (folder / "pulumi.py").write_text(STAND_IN.read_text("utf-8"), "utf-8")
        (folder / "pulumi").write_text(script.format(shlex.quote(str(folder / "pulumi.py"))))
        (folder / "pulumi").chmod(0o700)

    @property
    def calls(self) -> list[tuple[list[str], dict[str, str]]]:
        said = (self.folder / "calls").read_text("utf-8").splitlines()
        return [(words, led) for words, led in map(json.loads, said)]

    @property
    def steps(self) -> list[list[str]]:
        """What it was given to do with the stack."""
        return [words[2:] for words, _ in self.calls if words[0] == "--cwd"]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path / "bin")
    monkeypatch.setenv("PATH", os.pathsep.join([str(made.folder), "/usr/bin", "/bin"]))
    monkeypatch.setenv(SANDBOX_VARIABLE, str(tmp_path / "sandbox"))
    return made


def lines(said: str) -> list[str]:
    return [line for line in said.splitlines() if not line.startswith("Local cloud: ")]


# --- what isn't at hand ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", str(BIN)])
def test_without_a_pulumi_of_its_own_it_says_so_in_three_lines(
    path: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", path)
    assert main([]) == 3
    said = lines(capsys.readouterr().err)
    assert len(said) == 3
    assert "there is none on the PATH" in said[0]


@pytest.mark.parametrize(
    "plugins", [[], [{**PLUGIN, "version": "3.0.0"}], [{**PLUGIN, "kind": "language"}]]
)
def test_without_the_plugin_it_says_so_in_three_lines_and_tries_nothing(
    machine: Machine, capsys: pytest.CaptureFixture[str], plugins: object
) -> None:
    machine.say(plugins=plugins)
    assert main([]) == 3
    said = lines(capsys.readouterr().err)
    assert len(said) == 3
    assert f"pulumi plugin install resource alicloud {PLUGIN['version']}" in said[1]
    assert [words[:2] for words, _ in machine.calls] == [["plugin", "ls"]]


# --- a life ---------------------------------------------------------------------------------------


THEIRS = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAItheirs",
    "ALICLOUD_SECRET_KEY": "theirs",
    "ALIBABA_CLOUD_PROFILE": "work",
    "ALIBABA_CLOUD_ENDPOINT_RAM": "ram.aliyuncs.com",
    "https_proxy": "http://proxy:3128",
    "HTTP_PROXY": "http://proxy:3128",
}
"""What a user may have set."""


def test_a_life_that_goes_well_has_each_step_and_leaves_nothing(
    machine: Machine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in THEIRS.items():
        monkeypatch.setenv(name, value)
    before = (ROOT / "Pulumi.dev.yaml").read_bytes()
    assert main([]) == 0
    told = [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()]
    unchanged = "up without a change"
    assert told == ["a new stack", "up", unchanged, "refresh", unchanged, "destroy"]
    assert [words[0] for words in machine.steps] == [
        *("stack", "up", "up", "refresh", "up", "destroy"),
    ]
    kept = [words[0] for words in machine.steps if "--expect-no-changes" in words]
    assert kept == ["up", "refresh", "up"]
    assert "--run-program" in machine.steps[-1]
    for _, led in machine.calls[1:]:
        assert_led_here(led)
    assert not [*(tmp_path / "sandbox" / "native").iterdir()]
    assert (ROOT / "Pulumi.dev.yaml").read_bytes() == before


def assert_led_here(led: Mapping[str, str]) -> None:
    """To the local cloud, and with nothing of the user's account."""
    assert not {*THEIRS.values()} & {*led.values()}
    assert led["PULUMI_BACKEND_URL"].startswith("file://")
    assert led["ALIBABA_CLOUD_ACCOUNT_TYPE"] == "Domestic"
    endpoints = {k: it for k, it in led.items() if k.startswith("ALIBABA_CLOUD_ENDPOINT_")}
    # Calls about functions name no region: Location tells where each region's are.
    assert not endpoints.pop("ALIBABA_CLOUD_ENDPOINT_FC")
    addresses = {led["LOCATION_ENDPOINT"], *endpoints.values()}
    assert len(addresses) == 1
    assert addresses.pop().startswith("127.0.0.1:")


def test_a_production_stack_is_let_go_before_it_is_destroyed(machine: Machine) -> None:
    assert main(["--stack", "prod"]) == 0
    assert [words[0] for words in machine.steps][-3:] == ["config", "up", "destroy"]
    assert machine.steps[-3][:4] == ["config", "set", "alicloud-gateways:tier", "development"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ends": {" up --yes": 255}}, "up: pulumi ended with 255."),
        ({"ends": {" refresh": 7}}, "refresh: something changed."),
        ({"elsewhere": True}, "another one was asked"),
        ({"leaves": True}, "left in the cloud: eip_address eip-"),
        ({"state": [{"urn": URN, "type": "alicloud:ecs/eipAddress:EipAddress"}]}, URN),
    ],
)
def test_a_life_that_goes_wrong_ends_there_and_says_where_to_look(
    machine: Machine,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    wrong: Mapping[str, Any],
    words: str,
) -> None:
    machine.say(**wrong)
    assert main([]) == 1
    said = capsys.readouterr().err
    assert words in said
    folder = tmp_path / "sandbox" / "native" / "dev"
    assert f"in {folder} until the next life" in said
    assert (folder / "cloud.log").exists()


def test_a_stack_that_refers_to_others_is_refused_with_a_way_out(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--config", "examples/stack-references/Pulumi.shop.yaml"]) == 1
    assert "refers to what other stacks put out" in capsys.readouterr().err
    assert [words[:2] for words, _ in machine.calls] == [["plugin", "ls"]]


def test_a_stack_file_that_is_refused_has_no_life(
    machine: Machine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "Pulumi.bad.yaml"
    file.write_text("config: {alicloud-gateways:nonsense: 1}\n", "utf-8")
    assert main(["--config", str(file)]) == 2
    assert "nonsense" in capsys.readouterr().err
    assert len(machine.calls) == 1


# --- whereto it is led ----------------------------------------------------------------------------


def test_a_passphrase_that_is_given_stays() -> None:
    exported = {"ALIBABA_CLOUD_ENDPOINT_VPC": "127.0.0.1:1"}

    def led(given: dict[str, str]) -> dict[str, str]:
        return environment(given, exported, Path("ca.pem"))

    assert led({})["PULUMI_CONFIG_PASSPHRASE"] == ""
    assert led({"PULUMI_CONFIG_PASSPHRASE": "x"})["PULUMI_CONFIG_PASSPHRASE"] == "x"
    assert "PULUMI_CONFIG_PASSPHRASE" not in led({"PULUMI_CONFIG_PASSPHRASE_FILE": "f"})


def test_the_program_runs_where_it_is_and_pulumi_writes_elsewhere(
    machine: Machine, tmp_path: Path
) -> None:
    machine.say(ends={" up --yes": 1})
    assert main([]) == 1
    folder = tmp_path / "sandbox" / "native" / "dev" / "project"
    project = yaml.safe_load((folder / "Pulumi.yaml").read_text("utf-8"))
    own = yaml.safe_load((ROOT / "Pulumi.yaml").read_text("utf-8"))
    assert project["main"] == str(ROOT)
    assert project["runtime"]["options"]["virtualenv"] == sys.prefix
    assert project["config"] == own["config"]
    assert (folder / "Pulumi.dev.yaml").read_bytes() == (ROOT / "Pulumi.dev.yaml").read_bytes()
    _, led = machine.calls[-1]
    assert led["ALICLOUD_GATEWAYS_STACK_FILE"] == str(ROOT / "Pulumi.dev.yaml")
