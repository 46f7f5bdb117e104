"""What stops a command before the engine is asked."""

import json
import os
from pathlib import Path

import pytest

from sandbox.accounts import Held, paths_of
from sandbox.paths import SANDBOX_VARIABLE
from stack.target import target
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
