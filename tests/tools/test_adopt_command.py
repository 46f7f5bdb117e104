"""`make adopt-read` and `make adopt-write`: lists, files and exit codes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.cloud import Store
from tests.by_hand import ByHand, shared_bandwidth
from tools.adopt import __main__ as adopt
from tools.adopt.listing import read_listing
from tools.adopt.parts import wanted
from tools.adopt.reading import missing, not_there


@pytest.fixture
def hand() -> Iterator[ByHand]:
    store = Store(":memory:", seed="tests")
    yield shared_bandwidth(store)
    store.close()


def exported(hand: ByHand, folder: Path) -> Path:
    """Write list and state, as `pulumi stack export` has it."""
    cloud = hand.read(folder / "existing.yaml")
    resources: list[dict[str, Any]] = []
    for one in wanted(read_listing(folder / "existing.yaml")):
        outputs = dict(cloud[one.type, one.id].outputs)
        resources.append({"type": one.type, "id": one.id, "custom": True, "outputs": outputs})
    resources.append({"type": "alicloud-gateways:index:Network", "custom": False})
    state = folder / "state.json"
    state.write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}), "utf-8")
    return state


def run(folder: Path, step: str, *more: str) -> int:
    return adopt.main([step, "--list", str(folder / "existing.yaml"), *more])


def test_what_is_listed_and_what_hangs_together_is_read(
    hand: ByHand, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "existing.yaml").write_text(hand.text(), encoding="utf-8")
    assert run(tmp_path, "read") == 0
    asked = json.loads(capsys.readouterr().out)["resources"]
    names = {one["name"]: one["id"] for one in asked}
    web, gateway = hand.listed["publicIps"]["web"], hand.listed["natGateway"]
    assert names["publicIps-web"] == web
    assert names["publicIps-web-binding"] == f"{web}:{gateway}"
    assert names["publicIps-web-package"] == f"{hand.listed['bandwidthPackage']}:{web}"
    assert names["portMappings-0"] == hand.listed["portMappings"][0]
    assert "sparePublicIps-later-binding" not in names
    assert len(names) == len(asked)


def test_stack_file_and_import_file_are_written_beside_each_other(
    hand: ByHand, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state, file = exported(hand, tmp_path), tmp_path / "Pulumi.shop.yaml"
    assert run(tmp_path, "write", "--state", str(state), "--config", str(file)) == 0
    shown = capsys.readouterr()
    assert "changes nothing" in shown.out
    assert "port-mappings-web-tls" in shown.out
    assert "opens every port" in shown.err  # the stack file's own warnings
    listed = json.loads((tmp_path / "adopt.json").read_text("utf-8"))["resources"]
    assert {"name": "gateway", "component": True}.items() <= next(
        one for one in listed if one["name"] == "gateway"
    ).items()

    before = file.read_text("utf-8")
    assert run(tmp_path, "write", "--state", str(state), "--config", str(file)) == 1
    assert "isn't overwritten" in capsys.readouterr().err
    assert file.read_text("utf-8") == before


def test_a_list_that_does_not_fit_writes_nothing(
    hand: ByHand, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hand.store.change_behind(hand.listed["natGateway"], nat_type="Normal")
    state, file = exported(hand, tmp_path), tmp_path / "Pulumi.shop.yaml"
    assert run(tmp_path, "write", "--state", str(state), "--config", str(file)) == 2
    assert "natType is Normal" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["existing.yaml", "state.json"]


@pytest.mark.parametrize("text", [None, "{", "[]", '{"deployment": 1}', "{}"])
def test_what_is_no_exported_state_is_told(
    text: str | None, hand: ByHand, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "existing.yaml").write_text(hand.text(), encoding="utf-8")
    state = tmp_path / "state.json"
    if text is not None:
        state.write_text(text, encoding="utf-8")
    new = str(tmp_path / "new.yaml")
    assert run(tmp_path, "write", "--state", str(state), "--config", new) == 1
    assert "isn't what pulumi stack export writes" in capsys.readouterr().err


def test_a_state_that_lacks_what_is_listed_is_told(
    hand: ByHand, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = exported(hand, tmp_path)
    hand.listed["egress"].append("stb-1:snat-1")
    (tmp_path / "existing.yaml").write_text(hand.text(), encoding="utf-8")
    new = str(tmp_path / "new.yaml")
    assert run(tmp_path, "write", "--state", str(state), "--config", new) == 2
    told = capsys.readouterr().err
    assert "egress[1]" in told
    assert "has 1 problem" in told


BASE: dict[str, Any] = {
    "region": "cn-shanghai",
    "vpc": "vpc-1",
    "vswitches": ["vsw-1"],
    "natGateway": "ngw-1",
    "publicIps": {"web": "eip-1"},
    "egress": ["stb-1:snat-1"],
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"vpc": None}, "vpc"),
        ({"vpc": "192.168.0.0/16"}, "the id of a VPC looks like vpc-…"),
        ({"egress": ["snat-1"]}, "the id of a SNAT entry looks like stb-…:snat-…"),
        ({"publicIps": {"web": "eip-1", "zoo": "eip-1"}}, "an id is listed once; publicIps.web"),
        ({"publicIps": {"my web": "eip-1"}}, "a name has 1 to 63 characters"),
        ({"sparePublicIps": {"web": "eip-2"}}, "a name is given once; publicIps.web"),
        ({"publicIps": "eip-1"}, "ids are listed in brackets"),
        ({"publicIps": [7]}, "text is needed here"),
        ({"uses": ["vpc-2"]}, "did you mean vpc-1?"),
        ({"uses": ["stb-1:snat-1"]}, "a SNAT entry isn't something to use by its id"),
        ({"tier": "prod"}, "production"),
        ({"natGatway": "ngw-1"}, "natGateway"),
        ({"servers": {"web": {"eni": "eni-1", "instance": "i-1"}}}, "publicIps"),
    ],
)
def test_mistakes_of_a_list_are_told_before_anything_is_read(
    change: dict[str, Any], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = {key: value for key, value in {**BASE, **change}.items() if value is not None}
    (tmp_path / "existing.yaml").write_text(yaml.safe_dump(listed), encoding="utf-8")
    assert run(tmp_path, "read") == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err
    assert "has 1 problem" in shown.err


def test_a_list_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "read") == 2
    assert "can't be read" in capsys.readouterr().err


def test_a_name_may_be_a_word_of_the_list_itself(hand: ByHand, tmp_path: Path) -> None:
    hand.listed["publicIps"] = {"egress": hand.listed["publicIps"]["out"], "instance": "eip-1"}
    file = tmp_path / "existing.yaml"
    file.write_text(hand.text(), encoding="utf-8")
    assert set(read_listing(file).public_ips) == {"egress", "instance"}


def test_what_pulumi_does_not_find_is_told_once_for_each_mistake(
    hand: ByHand, tmp_path: Path
) -> None:
    file = tmp_path / "existing.yaml"
    hand.listed["publicIps"]["gone"] = "eip-gone"
    file.write_text(hand.text(), encoding="utf-8")
    web, gateway = hand.listed["publicIps"]["web"], hand.listed["natGateway"]
    package = hand.listed["bandwidthPackage"]
    said = "\n".join(
        f"error: resource '{identity}' does not exist"
        for identity in (
            "eip-gone",
            f"eip-gone:{gateway}",
            f"{package}:eip-gone",
            f"{web}:{gateway}",
        )
    )
    found = missing(not_there(wanted(read_listing(file)), said))
    assert [problem.path for problem in found] == [("publicIps", "gone"), ("publicIps", "web")]
    assert "isn't bound to" in found[1].rule
