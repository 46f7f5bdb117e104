"""Going back to an earlier state, where the engine wouldn't load the latest."""

import json
import os
from pathlib import Path

import pytest

import tools.sandbox.__main__ as sandbox_command
from sandbox.accounts import paths_of
from sandbox.paths import SANDBOX_VARIABLE, Paths
from sandbox.recovery import put_back_readable
from stack.target import target
from tests.docs.pages import ROOT

STACK_URN = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev"


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setenv(SANDBOX_VARIABLE, str(tmp_path))
    return paths_of(ROOT, target("dev", None, ROOT))


def state(name: str, *, parent: str | None = STACK_URN) -> str:
    """A state with one component, which nothing holds up unless its parent is there."""
    resources = [
        {"urn": STACK_URN, "type": "pulumi:pulumi:Stack"},
        {"urn": f"urn:pulumi:dev::p::T::{name}", "type": "T", "parent": parent},
    ]
    return json.dumps({"version": 3, "checkpoint": {"latest": {"resources": resources}}})


SPOILT = {
    "cut off": state("latest")[:50],
    "empty": "{}",
    "a list": "[]",
    "null among its resources": '{"checkpoint": {"latest": {"resources": [null]}}}',
    "no URN": '{"checkpoint": {"latest": {"resources": [{"type": "T"}]}}}',
    "a parent that is gone": state("latest", parent="urn:pulumi:dev::p::T::gone"),
}


def keep(paths: Paths, kept: str, text: str, age: int) -> Path:
    file = paths.state / ".pulumi" / kept
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    os.utime(file, (1_000_000 - age, 1_000_000 - age))
    return file


@pytest.mark.parametrize("text", SPOILT.values(), ids=SPOILT.keys())
def test_the_latest_state_that_the_engine_would_load_takes_its_place(
    paths: Paths, text: str
) -> None:
    latest = keep(paths, "stacks/alicloud-gateways/dev.json", text, 0)
    assert latest == paths.checkpoint
    keep(paths, "stacks/alicloud-gateways/dev.json.bak", text, 1)
    keep(paths, "backups/alicloud-gateways/dev/dev.1.json", SPOILT["a parent that is gone"], 2)
    keep(paths, "history/alicloud-gateways/dev/dev-1.checkpoint.json", state("earlier"), 3)
    keep(paths, "backups/alicloud-gateways/dev/dev.0.json", state("earliest"), 4)
    (told,) = put_back_readable(paths)
    assert "the one in dev-1.checkpoint.json is used" in told
    assert latest.read_text("utf-8") == state("earlier")
    assert latest.with_name("dev.json.unreadable").read_text("utf-8") == text
    assert put_back_readable(paths) == []


@pytest.mark.parametrize("text", SPOILT.values(), ids=SPOILT.keys())
def test_such_a_state_is_told_before_anything_is_rehearsed(
    paths: Paths, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = keep(paths, "stacks/alicloud-gateways/dev.json", text, 0)
    assert sandbox_command.main(["rehearse", "--stack", "dev"]) == 1
    said = capsys.readouterr().err
    assert f"{file} isn't whole" in said
    assert "make recover STACK=dev goes back to the latest readable one" in said
