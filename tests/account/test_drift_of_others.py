"""`make drift` where somebody has put an entry on the stack's gateway, on a local cloud."""

import importlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from facts import kinds
from tests.docs.pages import ROOT
from tests.recorded_state import RecordingStore, built
from tests.sandbox.api.api_lab import Served, served
from tools.pipeline import drift, reports
from tools.pipeline.drift import main
from tools.pipeline.engine import CHANGES

STACK_FILE = ROOT / "Pulumi.dev.yaml"
PULUMI = """#!{python}
import json, sys
states, drifted = json.load(open({states!r}))
words = sys.argv[1:]
if words[:2] == ["stack", "ls"]:
    print(json.dumps([{{"name": one}} for one in states]))
elif words[0] == "refresh":
    sys.exit({changes} if drifted else 0)
elif words[:2] == ["stack", "export"]:
    state = states[words[words.index("--stack") + 1]]
    sys.exit(1) if state is None else print(json.dumps({{"deployment": state}}))
else:
    sys.exit("unexpected")
"""


@dataclass
class Backend:
    """What the `pulumi` on the PATH knows."""

    file: Path
    states: dict[str, Any]
    kept: Path

    def write(self, *, drifted: bool = False) -> None:
        self.file.write_text(json.dumps([self.states, drifted]), "utf-8")

    @property
    def told(self) -> str:
        return (self.kept / ".pipeline" / "dev" / "drift.env").read_text("utf-8")


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("cloud"), STACK_FILE) as one:
        yield one


@pytest.fixture(scope="module")
def deployment(cloud: Served) -> dict[str, Any]:
    store = RecordingStore(cloud.store.database.path)
    built(STACK_FILE, store)
    state = json.loads(json.dumps(store.deployment))
    store.close()
    return state


@pytest.fixture
def backend(
    cloud: Served,
    deployment: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Backend:
    states = tmp_path / "states.json"
    pulumi = tmp_path / "pulumi"
    words = {"python": sys.executable, "states": str(states), "changes": CHANGES}
    pulumi.write_text(PULUMI.format(**words), "utf-8")
    pulumi.chmod(0o700)
    for name, value in {**cloud.exported, "PATH": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(reports, "ROOT", tmp_path)
    monkeypatch.setattr(drift, "ROOT", ROOT)
    found = Backend(states, {"dev": deployment}, tmp_path)
    found.write()
    return found


def mapped_by_hand(cloud: Served, deployment: dict[str, Any]) -> str:
    """An entry that somebody adds to the stack's table; its id."""
    outputs = {one["type"]: one.get("outputs", {}) for one in deployment["resources"]}
    models = importlib.import_module("alibabacloud_vpc20160428.models")
    request = models.CreateForwardEntryRequest(
        region_id="cn-shanghai",
        forward_table_id=outputs[kinds.NAT_GATEWAY]["forwardTableIds"],
        external_ip=outputs[kinds.FORWARD_ENTRY]["externalIp"],
        external_port="8443",
        internal_ip="192.168.1.77",
        internal_port="8443",
        ip_protocol="tcp",
        forward_entry_name="by-hand",
    )
    return str(cloud.official().create_forward_entry(request).body.forward_entry_id)


@pytest.fixture
def entry(cloud: Served, deployment: dict[str, Any]) -> Iterator[str]:
    made = mapped_by_hand(cloud, deployment)
    yield made
    cloud.store.delete("forward_entry", made)


def test_a_clean_stack_is_as_the_state_says_and_nothing_is_in_the_way_of_its_end(
    backend: Backend, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--stack", "dev"]) == 0
    assert capsys.readouterr().out == "The cloud is as the state says.\n"
    assert backend.told == "DRIFT=none\n"
    assert main(["--stack", "dev", "--destroy"]) == 0
    assert "Nothing of others is in the way" in capsys.readouterr().out


def test_an_entry_by_hand_is_found_and_named_before_anything_is_destroyed(
    backend: Backend, entry: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--stack", "dev"]) == 1
    report = capsys.readouterr().out
    (row,) = (line for line in report.splitlines() if entry in line)
    assert f"by-hand ({entry}), tcp 8443 of " in row
    assert "| unmanaged |" in row
    assert "| What | On | Held by | `pulumi destroy` |" in report
    assert "InvalidIpStatus.HasBeenUsedByForwardEntry" in row
    assert backend.told == "DRIFT=found\n"
    assert main(["--stack", "dev", "--destroy"]) == 1
    assert "InvalidIpStatus.HasBeenUsedByForwardEntry" in capsys.readouterr().out


def test_what_another_stack_holds_is_no_drift_but_in_the_way_of_the_end(
    backend: Backend, entry: str, capsys: pytest.CaptureFixture[str]
) -> None:
    held = {"type": kinds.FORWARD_ENTRY, "id": f"ftb-1:{entry}"}
    backend.states["shop"] = {"resources": [held]}
    backend.write()
    assert main(["--stack", "dev"]) == 0
    assert capsys.readouterr().out == "The cloud is as the state says.\n"
    assert main(["--stack", "dev", "--destroy"]) == 1
    (row,) = (line for line in capsys.readouterr().out.splitlines() if entry in line)
    assert "| shop |" in row


def test_drift_of_the_state_is_told_beside_what_it_cannot_see(
    backend: Backend, entry: str, capsys: pytest.CaptureFixture[str]
) -> None:
    backend.write(drifted=True)
    assert main(["--stack", "dev"]) == 1
    report = capsys.readouterr().out
    assert "What differs" in report
    assert entry in report


def test_without_credentials_the_state_is_looked_at_all_the_same(
    backend: Backend, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ALIBABA_CLOUD_ACCESS_KEY_ID")
    assert main(["--stack", "dev"]) == 0
    first, *_, last = capsys.readouterr().out.splitlines()
    assert first == "The cloud is as the state says."
    assert "isn't known: No credentials" in last
    assert backend.told == "DRIFT=none\n"
    # Whether it would end well isn't known then, and isn't said to be.
    assert main(["--stack", "dev", "--destroy"]) == 2
    assert "Nothing of others" not in capsys.readouterr().out


def test_what_the_state_protects_is_in_the_way_of_the_end_as_well(
    backend: Backend, capsys: pytest.CaptureFixture[str]
) -> None:
    state = json.loads(json.dumps(backend.states["dev"]))
    protected = next(one for one in state["resources"] if one["type"] == kinds.NAT_GATEWAY)
    protected["protect"] = True
    backend.states["dev"] = state
    backend.write()
    assert main(["--stack", "dev", "--destroy"]) == 1
    assert "The state protects" in capsys.readouterr().out
    backend.states["dev"] = None
    backend.write()
    assert main(["--stack", "dev", "--destroy"]) == 2
