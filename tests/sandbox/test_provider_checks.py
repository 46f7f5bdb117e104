"""What a program may say, and what counts as a difference: through a real gRPC channel."""

import importlib
from collections.abc import Generator

import grpc
import pytest
from provider_lab import ProviderLab, plain
from pulumi.runtime.proto import provider_pb2 as proto

from facts.contract import TOKENS
from sandbox.cloud import Store
from stack.pulumi_wire import UNKNOWN

RULE = {
    "securityGroupId": "sg-1",
    "type": "ingress",
    "ipProtocol": "tcp",
    "portRange": "80/80",
    "cidrIp": "0.0.0.0/0",
}


@pytest.fixture
def lab() -> Generator[ProviderLab]:
    lab = ProviderLab(Store(":memory:", seed="tests"))
    yield lab
    lab.close()


def entry(**more: object) -> dict[str, object]:
    return {
        "forwardTableId": "ftb-1",
        "externalIp": "198.51.100.1",
        "externalPort": "80",
        "internalIp": "192.168.1.1",
        "internalPort": "80",
        "ipProtocol": "tcp",
        **more,
    }


# --- check ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "inputs", "name", "reason"),
    [
        ("forward", entry(externalPorts="80"), "externalPorts", "did you mean externalPort"),
        ("nat", {"vpcId": "v", "availabilityMode": "CrossAZ"}, "availabilityMode", "not an input"),
        ("forward", entry(status="Available"), "status", "answered by the cloud"),
        ("nat", {}, "vpcId", "required"),
        ("forward", entry(ipProtocol="TCP"), "ipProtocol", "one of any, tcp, udp"),
        ("forward", entry(externalPort=80), "externalPort", "must be a string"),
        (
            "nat",
            {"vpcId": "v", "deletionProtection": "true"},
            "deletionProtection",
            "true or false",
        ),
        ("nat", {"vpcId": "v", "tags": {"a": 1}}, "tags", "a map of strings"),
        ("rule", {**RULE, "priority": 101}, "priority", "be 1 to 100"),
        ("rule", {**RULE, "sourceSecurityGroupId": "sg-2"}, "sourceSecurityGroupId", "exclude"),
        ("vswitch", {"vpcId": "v", "cidrBlock": "10.0.0.0/24"}, "zoneId", "exactly one of"),
        ("package", {"bandwidth": "5", "description": "x"}, "description", "2 to 256 characters"),
        ("instance", {"instanceType": "t6", "imageId": "i"}, "instanceType", "start with ecs."),
        ("instance", {"instanceType": "ecs.t6"}, "imageId", "at least one of"),
        (
            "instance",
            {"instanceType": "ecs.t6", "imageId": "i", "dataDisks": [{"size": "20"}]},
            "dataDisks",
            "size must be a whole number",
        ),
        (
            "instance",
            {"instanceType": "ecs.t6", "imageId": "i", "securityGroups": [1]},
            "securityGroups",
            "must hold a string each",
        ),
    ],
)
def test_what_the_contract_forbids_is_refused_before_anything_runs(
    lab: ProviderLab, kind: str, inputs: dict[str, object], name: str, reason: str
) -> None:
    failures = lab.failures(kind, inputs)
    assert reason in failures[name]


def test_values_that_are_not_known_yet_pass(lab: ProviderLab) -> None:
    assert lab.failures("forward", entry(forwardTableId=UNKNOWN, externalIp=UNKNOWN)) == {}


def test_defaults_are_filled_in(lab: ProviderLab) -> None:
    checked = plain(lab.check("rule", RULE).inputs)
    assert (checked["policy"], checked["priority"]) == ("accept", 1)


def test_an_unknown_type_is_refused_with_a_way_out(lab: ProviderLab) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        lab.check("alicloud:cs/managedKubernetes:ManagedKubernetes", {})
    assert "contract.json" in str(caught.value)
    assert "Traceback" not in str(caught.value)


# --- differences ------------------------------------------------------------------------------


def test_an_input_that_the_cloud_fills_in_makes_no_difference_unless_stated(
    lab: ProviderLab,
) -> None:
    _, outputs = lab.create("eip", {})
    assert lab.differing("eip", outputs, {}) == set()
    assert lab.differing("eip", outputs, {"isp": "BGP_PRO"}) == {"isp"}


def test_an_input_that_is_no_longer_stated_goes_away(lab: ProviderLab) -> None:
    inputs = {"cidrBlock": "10.0.0.0/16", "description": "a description"}
    identity, outputs = lab.create("vpc", inputs)
    del inputs["description"]
    changes = lab.diff("vpc", outputs, inputs).detailedDiff
    assert changes["description"].kind == proto.PropertyDiff.DELETE
    assert "description" not in lab.update("vpc", identity, outputs, inputs)


def test_what_replaces_is_said(lab: ProviderLab) -> None:
    _, outputs = lab.create("eip", {})
    answer = lab.diff("eip", outputs, {"isp": "BGP_PRO", "bandwidth": "10"})
    assert list(answer.replaces) == ["isp"]
    assert answer.detailedDiff["isp"].kind == proto.PropertyDiff.UPDATE_REPLACE
    assert answer.detailedDiff["bandwidth"].kind == proto.PropertyDiff.UPDATE


def test_a_value_that_is_not_known_yet_may_replace(lab: ProviderLab) -> None:
    outputs = {"allocationId": "eip-1", "instanceId": "ngw-1"}
    inputs = {"allocationId": "eip-1", "instanceId": UNKNOWN}
    assert list(lab.diff("association", outputs, inputs).replaces) == ["instanceId"]


def test_an_empty_value_is_an_unset_one(lab: ProviderLab) -> None:
    assert lab.differing("vpc", {"cidrBlock": "10.0.0.0/8"}, {"description": ""}) == set()


def test_security_groups_have_no_order(lab: ProviderLab) -> None:
    needed = {"instanceType": "ecs.t6", "imageId": "i"}
    state = {**needed, "securityGroups": ["sg-2", "sg-1"]}
    assert lab.differing("instance", state, {**needed, "securityGroups": ["sg-1", "sg-2"]}) == set()


def test_the_vswitch_of_a_gateway_counts_only_when_it_is_enhanced(lab: ProviderLab) -> None:
    state = {"vpcId": "v", "vswitchId": "a", "natType": "Enhanced"}
    assert lab.differing("nat", state, {"vpcId": "v", "vswitchId": "b"}) == set()
    changed = {"vpcId": "v", "vswitchId": "b", "natType": "Enhanced"}
    assert lab.differing("nat", state, changed) == {"vswitchId"}


def test_a_change_by_hand_shows_after_a_refresh(lab: ProviderLab) -> None:
    inputs = {"cidrBlock": "10.0.0.0/16", "vpcName": "shop"}
    identity, outputs = lab.create("vpc", inputs)
    lab.store.change_behind(identity, vpc_name="renamed", description="by hand")
    found = lab.read("vpc", identity, outputs, inputs)
    assert plain(found.inputs) == {**inputs, "vpcName": "renamed", "description": "by hand"}
    changed = lab.differing("vpc", plain(found.properties), inputs)
    assert changed == {"vpcName", "description"}


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", TOKENS)
def test_every_input_is_called_as_in_the_sdk(token: str) -> None:
    module, _, name = token.removeprefix("alicloud:").partition("/")
    package = importlib.import_module(f"pulumi_alicloud.{module}")
    arguments: type = getattr(package, f"{name.partition(':')[2]}Args")
    getters = [one.fget for one in vars(arguments).values() if isinstance(one, property)]
    known = {getattr(one, "_pulumi_name", one.__name__) for one in getters if one is not None}
    inputs = {one.camel for one in TOKENS[token].inputs.values()}
    assert inputs <= known
