"""`make outputs`: what a stack puts out, from its state alone."""

import json
from pathlib import Path

import pytest
import yaml

from facts import kinds
from sandbox.accounts import paths_of
from sandbox.paths import SANDBOX_VARIABLE
from stack.command_line import ROOT
from stack.pulumi_wire import SECRET_SIGNATURE, SIGNATURE
from stack.target import target
from tools.outputs import main

HIDDEN = {SIGNATURE: SECRET_SIGNATURE, "ciphertext": "v1:kept"}
OUTPUTS = {
    "publicIps": {"ip1": "198.51.100.1"},
    "key": HIDDEN,
    "apps": [{"店": "shop", "secret": HIDDEN}],
}
SHOWN = {
    "publicIps": {"ip1": "198.51.100.1"},
    "key": "[secret]",
    "apps": [{"店": "shop", "secret": "[secret]"}],
}


@pytest.fixture
def checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(SANDBOX_VARIABLE, str(tmp_path))
    file = paths_of(ROOT, target("prod", None, ROOT)).checkpoint
    file.parent.mkdir(parents=True)
    return file


def _held(file: Path, outputs: object) -> None:
    urn = f"urn:pulumi:prod::alicloud-gateways::{kinds.STACK}::alicloud-gateways-prod"
    stack = {"urn": urn, "type": kinds.STACK, "custom": False, "outputs": outputs}
    state = {"version": 3, "checkpoint": {"latest": {"resources": [stack]}}}
    file.write_text(json.dumps(state), encoding="utf-8")


def test_secrets_are_hidden_wherever_they_stand(
    checkpoint: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _held(checkpoint, OUTPUTS)
    monkeypatch.setenv("PATH", "")  # no engine is looked for
    assert main(["--stack", "prod", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == SHOWN
    assert main(["--config", str(ROOT / "Pulumi.prod.yaml")]) == 0
    assert yaml.safe_load(capsys.readouterr().out) == SHOWN


def test_a_stack_that_is_not_up_is_told_how_to_come_up(
    checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert main(["--stack", "prod"]) == 1
        told = capsys.readouterr()
        assert told.out == ""
        assert "prod isn't up, so it puts nothing out: make up STACK=prod\n" in told.err
        _held(checkpoint, {})  # destroyed


def test_a_state_that_is_half_written_is_told_what_mends_it(
    checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoint.write_text("{", encoding="utf-8")
    assert main(["--stack", "prod"]) == 1
    assert "make recover STACK=prod" in capsys.readouterr().err
