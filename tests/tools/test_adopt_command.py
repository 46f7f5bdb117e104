"""`make adopt`: what it is told, lists, files and exit codes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from facts import kinds
from sandbox.cloud import Store
from stack.problems import NotDoneError
from stack.target import new_target
from tests.by_hand import ByHand, shared_bandwidth
from tests.tools.adoptions import adopted
from tools.adopt import __main__ as adopt
from tools.adopt.adopting import write
from tools.adopt.listing import read_listing
from tools.adopt.part import Left
from tools.adopt.parts import wanted
from tools.adopt.place import refuse_a_stack_that_holds_something
from tools.adopt.reading import missing, not_there, scratch_import


@pytest.fixture
def hand() -> Iterator[ByHand]:
    store = Store(":memory:", seed="tests")
    yield shared_bandwidth(store)
    store.close()


def run(folder: Path, *more: str) -> int:
    return adopt.main([*more, "--config", str(folder / "new.yaml")])


def test_what_is_listed_and_what_hangs_together_is_read(hand: ByHand, tmp_path: Path) -> None:
    file = tmp_path / "existing.yaml"
    hand.write(file)
    asked = scratch_import(wanted(read_listing(file)))["resources"]
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
    file = tmp_path / "Pulumi.shop.yaml"
    adoption = adopted(hand, tmp_path)
    left = Left("ngw-2", "a NAT gateway", "it has fewer entries")
    told = write(new_target(None, str(file), tmp_path), adoption, [left])
    assert "changes nothing" in told
    assert "  ngw-2, a NAT gateway: it has fewer entries\n" in told
    assert "port-mappings-web-tls" in told
    assert "opens every port" in capsys.readouterr().err  # the stack file's own warnings
    assert file.read_text("utf-8") == adoption.text
    listed = json.loads((tmp_path / "adopt.json").read_text("utf-8"))["resources"]
    assert {"name": "gateway", "component": True}.items() <= next(
        one for one in listed if one["name"] == "gateway"
    ).items()


def test_a_stack_file_that_exists_is_not_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "new.yaml"
    file.write_text("config: {}", encoding="utf-8")
    assert run(tmp_path, "--vpc", "vpc-1") == 1
    assert "isn't overwritten" in capsys.readouterr().err
    assert file.read_text("utf-8") == "config: {}"


def test_a_stack_that_holds_something_is_refused_before_anything_is_read() -> None:
    resources = [
        {"type": "pulumi:pulumi:Stack", "urn": "urn:pulumi:shop::doors::pulumi:pulumi:Stack::shop"},
        {"type": "pulumi:providers:alicloud", "urn": "urn:…::default", "custom": True},
    ]
    refuse_a_stack_that_holds_something("shop", resources)
    held = {"type": kinds.EIP, "urn": "urn:pulumi:shop::doors::eip::front", "custom": True}
    with pytest.raises(NotDoneError, match="The state of shop has front already"):
        refuse_a_stack_that_holds_something("shop", [*resources, held])
    with pytest.raises(NotDoneError, match="has front, front, front and 1 more already"):
        refuse_a_stack_that_holds_something("shop", [held] * 4)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "one of the arguments"),
        ("--vpc 10.0.0.0/8", "no id, such as vpc-…"),
        ("--gateway ngw-", "no id, such as ngw-…"),
        ("--vpc vpc-1 --gateway ngw-1", "not allowed with"),
        ("--vpc vpc-1 --region shanghai", "did you mean cn-shanghai?"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(
    words: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(tmp_path, *words.split())
    assert ended.value.code == 1
    assert said in capsys.readouterr().err


def test_in_an_account_pulumi_has_to_find_the_stack_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "--vpc", "vpc-1", "--account") == 1
    assert "and no CONFIG" in capsys.readouterr().err


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
    assert run(tmp_path, "--list", str(tmp_path / "existing.yaml")) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err
    assert "has 1 problem" in shown.err


def test_a_list_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "--list", str(tmp_path / "existing.yaml")) == 2
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
