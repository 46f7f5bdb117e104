"""Settling what an interrupted run left open in an exported state."""

import json
from pathlib import Path
from typing import Any

import pytest

from facts.contract import PLAIN, import_id_form
from stack.whole_state import pending_creates, settled, undoubled
from tools.settle import main

URN = "urn:pulumi:dev::alicloud-gateways::alicloud:ecs/eipAddress:EipAddress::shared-bandwidth-ip1"
OTHER = URN.replace("ip1", "ip2")


def interrupted() -> dict[str, Any]:
    def operation(kind: str, urn: str) -> dict[str, Any]:
        return {
            "type": kind,
            "resource": {"urn": urn, "type": "T", "inputs": {"addressName": "dev-ip1"}},
        }

    return {
        "resources": [{"urn": "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev", "type": "T"}],
        "pending_operations": [operation("creating", URN), operation("updating", OTHER)],
    }


def test_only_creates_are_pending_creates() -> None:
    assert pending_creates(interrupted()) == [URN]


def test_what_had_been_created_becomes_a_resource_with_its_id() -> None:
    result = settled(interrupted(), {URN: "eip-1"})
    assert "pending_operations" not in result
    assert result["resources"][-1]["urn"] == URN
    assert result["resources"][-1]["id"] == "eip-1"


def test_what_had_not_been_created_is_forgotten() -> None:
    assert len(settled(interrupted(), {})["resources"]) == 1


def test_an_id_for_something_else_is_refused() -> None:
    with pytest.raises(KeyError):
        settled(interrupted(), {OTHER: "eip-2"})


def test_what_was_to_replace_a_resource_goes_before_it_and_leaves_it_to_be_deleted() -> None:
    deployment = interrupted()
    after = {"urn": "urn:pulumi:dev::p::alicloud:vpc/forwardEntry:ForwardEntry::web"}
    deployment["resources"] += [{"urn": URN, "id": "eip-0"}, after]
    result = settled(deployment, {URN: "eip-1"})["resources"]
    assert [(one.get("id"), one.get("delete", False)) for one in result[1:]] == [
        ("eip-1", False),
        ("eip-0", True),
        (None, False),
    ]


def test_the_deployment_that_was_given_stays_as_it_was() -> None:
    deployment = interrupted()
    settled(deployment, {URN: "eip-1"})
    assert deployment == interrupted()


# --- what stands twice ----------------------------------------------------------------------------


def twice() -> dict[str, Any]:
    """A gateway that was made anew beside the old one, whose binding still stands on it."""
    old, new = {"id": "ngw-1", "snatTableIds": "stb-1"}, {"id": "ngw-2", "snatTableIds": "stb-2"}
    bindings = {
        name: {
            "urn": f"urn:pulumi:dev::p::T::{name}",
            "inputs": {key: value},
            "dependencies": [URN, OTHER],
            "propertyDependencies": {key: [URN]},
        }
        for name, key, value in (
            ("on-old", "instanceId", "ngw-1"),
            ("on-new", "instanceId", "ngw-2"),
            ("entry-on-old", "snatTableId", "stb-1"),
        )
    }
    return {
        "metadata": {"integrity_error": {"error": "duplicate resource"}},
        "resources": [
            {"urn": URN, "id": "ngw-2", "outputs": new},
            {"urn": OTHER, "id": "vsw-1"},
            {"urn": URN, "id": "ngw-1", "outputs": old},
            {"urn": URN, "id": "ngw-0", "outputs": {}, "delete": True},
            *bindings.values(),
        ],
    }


def test_the_earlier_of_two_gets_a_name_of_its_own_with_what_stands_on_it() -> None:
    result, done = undoubled(twice())
    assert done == [
        "shared-bandwidth-ip1 stood twice: ngw-2 is kept, and ngw-1 is left to be deleted"
    ]
    assert [one["urn"] for one in result["resources"][:4]] == [URN, OTHER, f"{URN}-replaced", URN]
    stands_on = {
        one["urn"].rpartition("::")[2]: (one["dependencies"], *one["propertyDependencies"].values())
        for one in result["resources"][4:]
    }
    assert stands_on == {
        "on-old": ([f"{URN}-replaced", OTHER], [f"{URN}-replaced"]),
        "on-new": ([URN, OTHER], [URN]),
        "entry-on-old": ([f"{URN}-replaced", OTHER], [f"{URN}-replaced"]),
    }
    assert result["metadata"] == {}


def test_a_whole_state_is_left_as_it_is() -> None:
    deployment = interrupted()
    assert undoubled(deployment) == (deployment, [])


def test_three_of_one_get_a_name_each() -> None:
    resources = [{"urn": URN, "id": f"eip-{number}"} for number in (3, 2, 1)]
    result, done = undoubled({"resources": resources})
    assert [one["urn"] for one in result["resources"]] == [
        URN,
        f"{URN}-replaced",
        f"{URN}-replaced-2",
    ]
    assert len(done) == 2


def test_two_with_one_id_are_one_thing_and_nothing_is_left_to_be_deleted() -> None:
    """To delete the second would be to delete what the first stands for."""
    resources = [{"urn": URN, "id": f"eip-{number}"} for number in (2, 1, 2, 1)]
    result, done = undoubled({"resources": resources})
    assert [(one["urn"], one["id"]) for one in result["resources"]] == [
        (URN, "eip-2"),
        (f"{URN}-replaced", "eip-1"),
    ]
    assert done[1:] == [
        "shared-bandwidth-ip1 stood twice as eip-2: once is left out",
        "shared-bandwidth-ip1 stood twice as eip-1: once is left out",
    ]


# --- the command ---------------------------------------------------------------------------------


def run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], document: object, *said: str
) -> tuple[int, str, str]:
    file = tmp_path / "state.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    code = main([str(file), *said])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.mark.parametrize("name", [URN, "shared-bandwidth-ip1"])
def test_the_command_prints_a_state_that_can_be_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    export = {"version": 3, "deployment": interrupted()}
    code, out, err = run(tmp_path, capsys, export, f"{name}=eip-1")
    assert code == 0
    assert json.loads(out)["deployment"]["resources"][-1]["id"] == "eip-1"
    assert "shared-bandwidth-ip1: kept as eip-1" in err


def test_nothing_is_forgotten_that_nobody_said_is_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = {"version": 3, "deployment": interrupted()}
    code, out, err = run(tmp_path, capsys, export)
    assert (code, out) == (1, "")
    assert "shared-bandwidth-ip1=<id>" in err
    assert "addressName: dev-ip1" in err
    code, out, _ = run(tmp_path, capsys, export, "shared-bandwidth-ip1=gone")
    assert code == 0
    assert len(json.loads(out)["deployment"]["resources"]) == 1


def test_a_secret_among_the_inputs_is_not_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deployment = interrupted()
    deployment["pending_operations"][0]["resource"]["inputs"]["psk"] = {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "ciphertext": "v1:bm9uY2U=:Y2lwaGVydGV4dA==",
    }
    _, out, err = run(tmp_path, capsys, {"version": 3, "deployment": deployment})
    assert "psk" not in out + err
    assert "Y2lwaGVydGV4dA" not in out + err


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("shared-bandwidth-ip7=eip-7", "shared-bandwidth-ip7 isn't a pending create"),
        ("shared-bandwidth-ip2=eip-2", "shared-bandwidth-ip2 isn't a pending create"),
        ("shared-bandwidth-ip1", "is no decision"),
        ("shared-bandwidth-ip1=", "is no decision"),
    ],
)
def test_a_decision_about_nothing_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], said: str, told: str
) -> None:
    code, out, err = run(tmp_path, capsys, {"version": 3, "deployment": interrupted()}, said)
    assert (code, out) == (1, "")
    assert told in err


def test_a_name_that_two_pending_creates_have_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deployment = interrupted()
    twin = URN.replace("alicloud:ecs/eipAddress:EipAddress", "alicloud:vpc/switch:Switch")
    creating = {"type": "creating", "resource": {"urn": twin, "type": "T"}}
    deployment["pending_operations"].append(creating)
    export = {"version": 3, "deployment": deployment}
    code, out, err = run(tmp_path, capsys, export, "shared-bandwidth-ip1=eip-1")
    assert (code, out) == (1, "")
    assert twin in err
    assert run(tmp_path, capsys, export, f"{URN}=eip-1", f"{twin}=gone")[0] == 0


def test_a_file_of_the_backend_becomes_an_export(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    latest = {"resources": [{"urn": URN, "type": "T"}]}
    kept = {"version": 3, "checkpoint": {"stack": "organization/p/dev", "latest": latest}}
    code, out, _ = run(tmp_path, capsys, kept)
    assert code == 0
    assert json.loads(out) == {"version": 3, "deployment": latest}


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        '{"version": 3, "checkpoint": {}}',
        '{"version": 3, "checkpoint": []}',
        '{"version"',
        '{"version": 3, "deployment": 5}',
        '{"version": 3, "deployment": {"resources": [null]}}',
    ],
)
def test_a_file_that_is_no_state_is_told_and_nothing_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    file = tmp_path / "state.json"
    file.write_text(text, encoding="utf-8")
    assert main([str(file)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "is no state of a stack" in printed.err


# --- ids -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "form"),
    [
        ("alicloud:vpc/forwardEntry:ForwardEntry", "<forward_table_id>:<forward_entry_id>"),
        ("alicloud:ecs/eipAssociation:EipAssociation", "<allocation_id>:<instance_id>"),
        ("alicloud:cen/transitRouter:TransitRouter", "<cen_id>:<transit_router_id>"),
        ("alicloud:vpc/natGateway:NatGateway", PLAIN),
        ("alicloud:vpc/noSuchThing:NoSuchThing", PLAIN),
        ("pulumi:pulumi:Stack", PLAIN),
    ],
)
def test_the_form_of_an_id_is_the_providers_own(token: str, form: str) -> None:
    assert import_id_form(token) == form
