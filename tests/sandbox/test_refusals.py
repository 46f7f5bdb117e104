"""What stops a command before the engine is asked."""

import json
import os
from pathlib import Path

import pytest

from sandbox.accounts import Held, paths_of
from sandbox.paths import SANDBOX_VARIABLE
from stack.problems import StackFileError
from stack.target import target
from tools.sandbox.commands import refresh
from tools.sandbox.running import CannotRunError, refuse_pending

ROOT = Path(__file__).parents[2]


def test_calls_under_way_are_another_runs_while_that_is_alive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SANDBOX_VARIABLE, str(tmp_path))
    paths = paths_of(ROOT, target(None, str(ROOT / "Pulumi.dev.yaml"), ROOT))
    paths.stacks.mkdir(parents=True)
    urn = "urn:pulumi:dev::alicloud-gateways::alicloud:ecs/eipAddress:EipAddress::eip"
    eip = {"urn": urn, "type": "alicloud:ecs/eipAddress:EipAddress", "custom": True}
    pending = [{"type": "creating", "resource": eip}]
    state = {"checkpoint": {"latest": {"resources": [], "pending_operations": pending}}}
    paths.checkpoint.write_text(json.dumps(state), "utf-8")
    lock = paths.locks / "organization" / "lock.json"
    lock.parent.mkdir(parents=True)

    lock.write_text(json.dumps({"pid": os.getpid()}), "utf-8")
    with pytest.raises(CannotRunError, match="Another run is at work on this stack"):
        refuse_pending(Held(paths))
    lock.unlink()
    with pytest.raises(CannotRunError, match="A run was interrupted while it changed eip"):
        refuse_pending(Held(paths))


def test_a_refused_stack_file_is_named_as_people_write_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SANDBOX_VARIABLE, str(tmp_path / "sandbox"))
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text("config: {}\n", "utf-8")
    with pytest.raises(StackFileError) as refused:
        refresh(paths_of(tmp_path, target(None, str(file), tmp_path)))
    assert str(refused.value).startswith("Pulumi.dev.yaml has ")
    assert str(tmp_path) not in str(refused.value)
