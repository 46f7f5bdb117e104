"""What a run opens, closes, replaces and deletes, and what drifted, from the engine's steps."""

from typing import Any

import pytest
from pulumi.automation.events import StepEventMetadata

from tools.sandbox.effects import Drift, Effects, Line, drift_tables, effects_tables

ENTRY = "alicloud:vpc/forwardEntry:ForwardEntry"
WEB = {
    "ipProtocol": "tcp",
    "externalPort": "80",
    "internalIp": "10.0.0.1",
    "internalPort": "8080",
    "externalIp": "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
}
TO_WEB = "tcp 80 of a public address, to 10.0.0.1:8080"


def step(
    op: str, type_: str = ENTRY, old: Any = None, new: Any = None, **more: Any
) -> StepEventMetadata:
    state = {"type": type_, "urn": "", "id": "", "parent": "", "provider": ""}
    made: Any = StepEventMetadata
    return made.from_json(
        {
            "op": op,
            "urn": f"urn:pulumi:dev::alicloud-gateways::{type_}::web",
            "type": type_,
            "provider": "",
            "old": None if old is None else {**state, "inputs": old, "outputs": {}},
            "new": None if new is None else {**state, "inputs": new, "outputs": {}},
            **more,
        }
    )


def heard(*steps: StepEventMetadata) -> Effects:
    effects = Effects()
    for one in steps:
        effects.note(one)
    return effects


def test_a_new_entry_opens_a_port() -> None:
    assert heard(step("create", new=WEB)).opens == [Line("web", "ForwardEntry", TO_WEB)]


def test_an_entry_that_goes_closes_its_port() -> None:
    effects = heard(step("delete", old=WEB))
    assert effects.closes == [Line("web", "ForwardEntry", TO_WEB)]
    assert effects.deletes == [Line("web", "ForwardEntry", "")]


def test_an_entry_that_moves_closes_one_port_and_opens_another() -> None:
    effects = heard(step("update", old=WEB, new={**WEB, "externalPort": "81"}))
    assert [one.what for one in effects.closes] == [TO_WEB]
    assert [one.what for one in effects.opens] == [TO_WEB.replace("80 ", "81 ")]


def test_an_entry_whose_name_changes_opens_nothing() -> None:
    effects = heard(step("update", old=WEB, new={**WEB, "forwardEntryName": "x"}))
    assert effects.opens == effects.closes == []
    assert effects.steps == {"update": 1}


def test_a_replacement_is_told_once_with_its_cause() -> None:
    halves = [step(op, old=WEB, new=WEB) for op in ("create-replacement", "delete-replaced")]
    effects = heard(*halves, step("replace", old=WEB, new=WEB, diffs=["forwardTableId"]))
    assert effects.replaces == [Line("web", "ForwardEntry", "because of forwardTableId")]
    assert effects.steps == {"replace": 1}


def test_an_address_that_is_mapped_whole_opens_everything() -> None:
    whole = {**WEB, "ipProtocol": "any", "externalPort": "any", "internalPort": "any"}
    (line,) = heard(step("create", new=whole)).opens
    assert line.what == "every port and protocol of a public address, to 10.0.0.1"


@pytest.mark.parametrize(
    ("inputs", "what"),
    [
        ({"portRange": "443/443", "cidrIp": "0.0.0.0/0"}, "tcp 443, for everyone"),
        ({"portRange": "1/99", "cidrIp": "203.0.113.0/24"}, "tcp 1-99, for 203.0.113.0/24"),
    ],
)
def test_a_security_rule_opens_its_ports(inputs: dict[str, str], what: str) -> None:
    type_ = "alicloud:ecs/securityGroupRule:SecurityGroupRule"
    rule = {"type": "ingress", "ipProtocol": "tcp", **inputs}
    assert [one.what for one in heard(step("create", type_, new=rule)).opens] == [what]
    assert heard(step("create", type_, new={**rule, "type": "egress"})).opens == []


@pytest.mark.parametrize(
    "nested", [{"method": "GET", "path": "/a"}, '{"method":"GET","path":"/a"}']
)
def test_an_api_opens_its_path(nested: object) -> None:
    inputs = {"requestConfig": nested, "authType": "ANONYMOUS"}
    (line,) = heard(step("create", "alicloud:apigateway/api:Api", new=inputs)).opens
    assert line.what == "GET /a, for everybody"


def test_an_address_that_is_deleted_is_named_and_closes_nothing() -> None:
    effects = heard(step("delete", "alicloud:ecs/eipAddress:EipAddress", old={}))
    assert [(one.name, one.kind) for one in effects.deletes] == [("web", "EipAddress")]
    assert effects.closes == []


def test_components_are_nothing_in_the_cloud() -> None:
    effects = heard(step("create", "alicloud-gateways:index:Network", new={}))
    assert effects.steps == {}
    assert not effects.any


def test_an_address_that_is_known_is_named() -> None:
    (line,) = heard(step("create", new={**WEB, "externalIp": "198.51.100.7"})).opens
    assert line.what == "tcp 80 of 198.51.100.7, to 10.0.0.1:8080"


def test_an_address_bound_straight_to_a_server_opens_it() -> None:
    association = "alicloud:ecs/eipAssociation:EipAssociation"
    bound = {"allocationId": "eip-1", "instanceId": "i-1", "instanceType": "EcsInstance"}
    (line,) = heard(step("create", association, new=bound)).opens
    assert line.what == "every port and protocol, as far as its security groups let in"
    assert heard(step("create", association, new={**bound, "instanceType": "Nat"})).opens == []


def test_each_list_has_a_heading_and_nothing_is_said_where_there_is_none() -> None:
    effects = heard(
        step("create", new=WEB), step("delete", ENTRY, old={**WEB, "externalPort": "9"})
    )
    text = effects_tables(effects)
    assert [line for line in text.splitlines() if not line.startswith(" ")] == [
        "It opens",
        "It closes",
        "It deletes",
    ]
    assert f"  web   ForwardEntry   {TO_WEB}\n" in text
    same = heard(step("same", old=WEB, new=WEB))
    assert not same.any
    assert effects_tables(same) == "It opens, closes, replaces and deletes nothing.\n"


def test_what_drifted_is_told_from_what_to_what_and_what_stayed_is_not() -> None:
    drift = Drift()
    moved = step("update", old={}, new={}, diffs=["externalPort", "tags.env"])
    assert moved.old
    assert moved.new
    moved.old.outputs = {"externalPort": "80", "tags": {"env": "dev"}}
    moved.new.outputs = {"externalPort": "81", "tags": {"env": "d" * 50}}
    for one in (moved, step("delete", old=WEB), step("same", old=WEB, new=WEB)):
        drift.note(one)
    assert [one.what for one in drift.drifted] == [
        f'externalPort: "80" → "81", tags: {{"env": "dev"}} → {{"env": "{"d" * 18}…',
        "is gone",
    ]
    assert drift_tables(Drift()) == "Nothing drifted.\n"
