"""What is judged doesn't pick its judge, and what wasn't judged isn't let through.

Each change here is one that somebody may bring who owns a stack file alone.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.cloud import CloudError
from sandbox.rehearsal.existing import Remembered
from sandbox.rehearsal.unmaking import Fate
from stack.command_line import DONE, FOUND, NOT_JUDGED
from stack.listing import TABLE
from stack.target import Target
from tools.pipeline import reviewing
from tools.pipeline.previewing import Previewed
from tools.pipeline.reports import review_report
from tools.pipeline.reviewing import Review, review
from tools.pipeline.sameness import judges
from tools.pipeline.shell import Ended
from tools.pipeline.strangers import Stranger, Strangers

ROOT = Path(__file__).resolve().parents[2]
NOTHING = json.dumps({"steps": [], "changeSummary": {}})
FILE = """\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology: shared-bandwidth
  alicloud-gateways:tier: {tier}
  alicloud-gateways:network:
    vpc: {{cidr: 192.168.0.0/16}}
    vswitches:
      apps: {{cidr: 192.168.1.0/24, zone: cn-shanghai-a}}
  alicloud-gateways:sharedBandwidth:
    bandwidth: 150
    natGateway: {{vswitch: apps}}
    publicIps:
      ip1: {{spare: true}}
"""


class Engine:
    """Has the state and the endings that a test says; notes the tiers that it judges by."""

    deployed: str | None = None
    document = Ended(DONE, NOTHING)
    log = ""
    tiers: list[str]

    def __init__(self) -> None:
        self.tiers = []

    def __call__(self, _stack: str, tier: str = "") -> "Engine":
        self.tiers += [tier] if tier else []
        return self

    def state(self) -> dict[str, Any]:
        if self.deployed is None:
            return {}
        outputs = {"tier": self.deployed}
        return {"resources": [{"type": "pulumi:pulumi:Stack", "urn": "u", "outputs": outputs}]}

    def preview(self) -> Previewed:
        return Previewed(self.document, self.log)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Engine:
    one = Engine()
    monkeypatch.setattr(reviewing, "Engine", one)
    monkeypatch.setattr(reviewing, "ROOT", tmp_path)
    return one


def reviewed(
    folder: Path, *, tier: str, table: str | None = "prod: production\n", **more: Any
) -> Review:
    file = folder / "Pulumi.prod.yaml"
    file.write_text(FILE.format(tier=tier), encoding="utf-8")
    if table is not None:
        (folder / TABLE).write_text(table, encoding="utf-8")
    return review(Target("prod", file, "prod"), folder, **more)


def test_a_file_that_calls_itself_less_is_judged_as_what_was_deployed(
    engine: Engine, tmp_path: Path
) -> None:
    engine.deployed = "production"
    # Somebody who got hold of the table in the same change gets no further.
    found = reviewed(tmp_path, tier="development", table="prod: development\n")
    assert (found.tier, engine.tiers) == ("production", ["production"])


def test_a_first_deployment_is_judged_as_the_table_has_it(engine: Engine, tmp_path: Path) -> None:
    assert reviewed(tmp_path, tier="development").tier == "production"
    assert engine.tiers == ["production"]


@pytest.mark.parametrize("table", [None, "dev: development\n", ""])
def test_a_stack_that_nobody_has_put_into_the_table_is_judged_as_production(
    engine: Engine, tmp_path: Path, table: str | None
) -> None:
    assert reviewed(tmp_path, tier="development", table=table).tier == "production"
    assert engine.tiers == ["production"]


def test_a_table_that_cant_be_read_judges_nobody(engine: Engine, tmp_path: Path) -> None:
    found = reviewed(tmp_path, tier="development", table="prod: none\n")
    assert found.code == NOT_JUDGED
    assert "a tier is development, staging, production" in found.parts[0].text
    assert engine.tiers == []


@pytest.mark.parametrize(
    ("table", "allow", "tier"),
    [
        ("prod: staging\n", "lower-tier:alicloud-gateways-prod", "staging"),
        ("prod: staging\n", "lower-*", "staging"),
        ("prod: staging\n", "", "production"),
        ("prod: staging\n", "lower-tier:alicloud-gateways-dev", "production"),
        ("prod: production\n", "lower-tier:alicloud-gateways-prod", "production"),
    ],
)
def test_it_takes_the_table_and_an_allowance_to_lower_a_stack(
    engine: Engine, tmp_path: Path, table: str, allow: str, tier: str
) -> None:
    engine.deployed = "production"
    assert reviewed(tmp_path, tier="development", table=table, allow=allow).tier == tier


@pytest.mark.parametrize(
    "document",
    [
        Ended(255, NOTHING),
        Ended(255, ""),
        Ended(DONE, ""),
        Ended(DONE, "warning: {"),
        Ended(DONE, "[]"),
    ],
)
def test_without_a_digest_nothing_was_judged(
    engine: Engine, tmp_path: Path, document: Ended
) -> None:
    assert reviewed(tmp_path, tier="production").code == DONE
    engine.document = document
    found = reviewed(tmp_path, tier="production")
    assert (found.digest, found.code) == ("", NOT_JUDGED)
    assert any("nothing was judged" in part.text for part in found.parts)


def test_a_preview_that_fails_is_told_once(engine: Engine, tmp_path: Path) -> None:
    engine.document = Ended(255, NOTHING)
    engine.log = event("diagnosticEvent", severity="error", message="no such zone\n")
    found = reviewed(tmp_path, tier="production")
    assert [(part.title, part.code) for part in found.parts] == [("Preview", NOT_JUDGED)]
    assert "no such zone" in found.parts[0].text


def test_an_engine_that_was_killed_is_told_as_a_preview_that_failed(
    engine: Engine, tmp_path: Path
) -> None:
    engine.document = Ended(-9, NOTHING[:9])
    engine.log = event("preludeEvent") + event("policyEvent", policyName="nat-risky-ports")[:30]
    found = reviewed(tmp_path, tier="production")
    assert [(part.title, part.code) for part in found.parts] == [("Preview", NOT_JUDGED)]


def test_what_the_policies_stop_is_judged_all_the_same(engine: Engine, tmp_path: Path) -> None:
    ended = {"severity": "error", "message": "preview failed\n"}
    engine.document = Ended(255, json.dumps({**json.loads(NOTHING), "diagnostics": [ended]}))
    rule = {"enforcementLevel": "mandatory", "policyName": "nat-risky-ports", "message": "3389"}
    engine.log = event("policyEvent", **rule) + event("diagnosticEvent", **ended)
    found = reviewed(tmp_path, tier="production")
    assert [(part.title, part.code) for part in found.parts] == [("Guard", 0), ("Policies", FOUND)]
    assert found.parts[1].text == "[mandatory]  nat-risky-ports\n    3389"
    assert found.digest != ""


def test_advice_of_the_policies_is_told_and_stops_nothing(engine: Engine, tmp_path: Path) -> None:
    rule = {"enforcementLevel": "advisory", "policyName": "eip-unattached", "message": "ip5"}
    engine.log = event("policyEvent", **rule)
    found = reviewed(tmp_path, tier="production")
    assert found.code == DONE
    assert "eip-unattached" in found.parts[1].text


def test_what_the_state_protects_isnt_deleted(engine: Engine, tmp_path: Path) -> None:
    urn = "urn:pulumi:prod::alicloud-gateways::alicloud:ecs/eipAddress:EipAddress::ip1"
    old = {"urn": urn, "type": "alicloud:ecs/eipAddress:EipAddress", "protect": True}
    step = {"op": "delete", "urn": urn, "oldState": old}
    engine.document = Ended(DONE, json.dumps({"steps": [step], "changeSummary": {"delete": 1}}))
    found = reviewed(tmp_path, tier="production", allow="*")
    (stopping,) = (part for part in found.parts if not part.passed)
    assert stopping.title == "Protection"
    assert "ip1" in stopping.text
    (costs,) = [part for part in found.parts if part.title == "Costs"]
    assert "Internet NAT gateways" in costs.text
    hint = "make review STACK=prod ALLOW='delete-address:ip1 delete-protected:ip1'"
    assert hint in review_report(reviewed(tmp_path, tier="production"))


EIP = "urn:pulumi:prod::alicloud-gateways::alicloud:ecs/eipAddress:EipAddress::ip"


def going(number: int, op: str, **more: object) -> dict[str, object]:
    """A step that takes an address away, or not."""
    urn = f"{EIP}{number}"
    old = {"urn": urn, "type": "alicloud:ecs/eipAddress:EipAddress", **more}
    return {"op": op, "urn": urn, "oldState": old, "newState": old}


def found_there(name: str, *, stops: bool, held: str = "unmanaged") -> Stranger:
    at = Remembered(f"{EIP}1", "eip_address", "eip-1", "cn-shanghai", {})
    fate = Fate(at, at, CloudError("IncorrectEipStatus", "bound"))
    return Stranger(name, "ip1 (eip-1)", held, fate if stops else None)


def answering(found: Strangers) -> Callable[[object, object], Strangers]:
    return lambda _state, _goes: found


@pytest.mark.parametrize(("held", "code"), [("unmanaged", FOUND), ("shop", FOUND), ("", DONE)])
def test_what_others_have_there_stops_an_update_that_takes_away_what_it_stands_on(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: str, code: int
) -> None:
    gone: list[object] = []
    stops = code == FOUND

    def looked_for(_state: object, goes: object) -> Strangers:
        gone.append(goes)
        one = found_there("binding `x` | of @you", stops=stops, held=held or "unmanaged")
        return Strangers((one,))

    monkeypatch.setattr(reviewing, "strangers", looked_for)
    steps = [
        going(1, "delete"),
        going(2, "replace"),
        going(3, "update"),
        going(4, "delete", retainOnDelete=True),
    ]
    engine.document = Ended(DONE, json.dumps({"steps": steps, "changeSummary": {}}))
    found = reviewed(tmp_path, tier="production", allow="*")
    assert gone == [{f"{EIP}1", f"{EIP}2"}]
    (part,) = (part for part in found.parts if part.title == "Others' things")
    assert part.code == code
    assert ("❌" in part.text) is stops
    assert ("stops at ip1: IncorrectEipStatus" in part.text) is stops
    (row,) = (line for line in review_report(found).splitlines() if "@you" in line)
    # Whoever gives it its name can't write into the report.
    assert row.startswith("| `binding 'x' \\| of @you` | `ip1 (eip-1)` |")


def test_what_another_stack_has_there_is_nobodys_business_while_it_stays(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del engine
    shared = Strangers((found_there("an entry", stops=False, held="shop"),))
    monkeypatch.setattr(reviewing, "strangers", answering(shared))
    assert "an entry" not in review_report(reviewed(tmp_path, tier="production"))


def test_the_account_is_not_asked_where_nobody_wants_to_know(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del engine
    there = Strangers((found_there("an entry", stops=True),))
    monkeypatch.setattr(reviewing, "strangers", answering(there))
    assert reviewed(tmp_path, tier="production").code == FOUND
    monkeypatch.setenv("PREFLIGHT", "no")
    assert reviewed(tmp_path, tier="production").code == DONE


def event(kind: str, **content: object) -> str:
    """A line of the engine's log."""
    return json.dumps({"sequence": 1, kind: content}) + "\n"


def test_an_allowance_is_text_in_the_review_whatever_is_written_into_it(
    engine: Engine, tmp_path: Path
) -> None:
    del engine
    live = "[approved](https://example.com) <!-- @maintainers -->"
    report = review_report(reviewed(tmp_path, tier="production", allow=live.replace(" ", "_")))
    assert "ALLOW names" in report
    outside = re.sub(r"`[^`\n]*`", "", report)
    assert not re.search(r"\]\(|<!--|@maintainers", outside), outside


# --- what an approval holds for ------------------------------------------------------------------


JUDGING = (
    "policy/production.json",
    "judging/guard.py",
    "topologies/nat/build.py",
    "__main__.py",
    "Makefile",
    "Pulumi.yaml",
    "Pulumi.prod.yaml",
    "stacks/shop/Pulumi.prod.yaml",
    "tiers.yaml",
    "promotion.yaml",
    "requirements.txt",
)
BESIDE = ("tests/test_it.py", "README.md", ".pre-commit-config.yaml")


def program(folder: Path) -> Path:
    """A project in small."""
    packages = (f"{name}/__init__.py" for name in ("judging", "policy", "tools", "topologies"))
    for name in (*packages, *JUDGING, *BESIDE):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("# before\n", encoding="utf-8")
    (folder / TABLE).write_text("stacks/shop: {prod: production}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", [*JUDGING, "tools/new.py"])
def test_a_judge_that_is_changed_after_the_approval_is_another(tmp_path: Path, name: str) -> None:
    before = judges(program(tmp_path))
    (tmp_path / name).write_text("# after\n", encoding="utf-8")
    assert judges(tmp_path) != before


def test_what_judges_nothing_makes_no_difference(tmp_path: Path) -> None:
    before = judges(program(tmp_path))
    for name in (*BESIDE, ".pipeline/review.md", "policy/__pycache__/a.pyc", "state.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("# after\n", encoding="utf-8")
    assert judges(tmp_path) == before


def test_two_files_that_change_places_are_other_ones(tmp_path: Path) -> None:
    program(tmp_path)
    (tmp_path / "Pulumi.dev.yaml").write_text("milder\n", encoding="utf-8")
    before = judges(tmp_path)
    (tmp_path / "Pulumi.dev.yaml").rename(tmp_path / "aside")
    (tmp_path / "Pulumi.prod.yaml").rename(tmp_path / "Pulumi.dev.yaml")
    (tmp_path / "aside").rename(tmp_path / "Pulumi.prod.yaml")
    assert judges(tmp_path) != before
