"""Changes of networks that no single update can carry out: found from state and file alone."""

from typing import Any

import pytest

from facts import kinds
from tests.topologies.held_states import Held, changes, held

IMAGE = "instance: {type: ecs.g7.large, image: some.vhd}"
CODE = "tests/data/phone-lookup"
FILE = f"""\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology: [functions, cross-region]
  alicloud-gateways:network:
    vpc: {{cidr: 10.1.0.0/16}}
    vswitches:
      one: {{cidr: 10.1.1.0/24, zone: cn-shanghai-f}}
      two: {{cidr: 10.1.2.0/24, zone: cn-shanghai-g}}
    hosts:
      a: {{ip: 10.1.1.10, vswitch: one, {IMAGE}}}
  alicloud-gateways:networks:
    other:
      vpc: {{cidr: 10.2.0.0/16}}
      vswitches: {{three: {{cidr: 10.2.1.0/24, zone: cn-shanghai-f}}}}
      hosts: {{b: {{ip: 10.2.1.10, vswitch: three, {IMAGE}}}}}
  alicloud-gateways:functions:
    ingest: {{code: {CODE}, network: {{vswitches: [two]}}}}
  alicloud-gateways:crossRegion:
    attachments: {{main: {{vswitches: [one, two]}}, other: {{network: other, vswitches: [three]}}}}
"""


def vswitch(network: str, key: str, cidr: str, zone: str) -> dict[str, Any]:
    return held(kinds.VSWITCH, f"{network}-{key}", cidrBlock=cidr, zoneId=f"cn-shanghai-{zone}")


def server(key: str, network: str, place: str, zone: str = "f") -> dict[str, Any]:
    return held(
        kinds.INSTANCE,
        f"host-{key}-instance",
        vpcId=f"{network}-vpc-id",
        vswitchId=f"{network}-{place}-id",
        availabilityZone=f"cn-shanghai-{zone}",
    )


def attachment(*vswitches: str) -> dict[str, Any]:
    zones = [{"vswitchId": f"network-{key}-id"} for key in vswitches]
    return held(kinds.ROUTER_ATTACHMENT, "cross-region-attachment-main", zoneMappings=zones)


STATE: Held = [
    held(kinds.VPC, "network-vpc"),
    held(kinds.VPC, "networks-other-vpc"),
    vswitch("network", "one", "10.1.1.0/24", "f"),
    vswitch("network", "two", "10.1.2.0/24", "g"),
    vswitch("networks-other", "three", "10.2.1.0/24", "f"),
    server("a", "network", "one"),
    server("b", "networks-other", "three"),
    held(kinds.FUNCTION, "function-ingest-function", vpcConfig={"vswitchIds": ["network-two-id"]}),
    attachment("one", "two"),
]


def edited(*edits: tuple[str, str]) -> str:
    text = FILE
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_nothing_is_wrong_with_networks_that_stay() -> None:
    assert changes(FILE, STATE) == []


def test_a_vswitch_with_a_server_keeps_its_range_and_its_zone() -> None:
    for edit in (
        ("10.1.1.0/24", "10.1.0.0/23"),
        (
            "one: {cidr: 10.1.1.0/24, zone: cn-shanghai-f",
            "one: {cidr: 10.1.1.0/24, zone: cn-shanghai-e",
        ),
    ):
        first, *_ = changes(edited(edit), STATE)
        assert first.path == ("network", "vswitches", "one")
        assert first.rule.endswith("while something lies in it: host-a-instance")
        assert "add the new vSwitch under another name" in first.remedy


def test_a_server_that_is_taken_out_in_the_same_edit_is_still_in_the_way() -> None:
    text = edited(
        (f"    hosts:\n      a: {{ip: 10.1.1.10, vswitch: one, {IMAGE}}}\n", ""),
        ("10.1.1.0/24", "10.1.0.0/23"),
    )
    assert "host-a-instance" in changes(text, STATE)[0].rule


def test_what_is_attached_leaves_a_vswitch_before_that_is_made_anew() -> None:
    text = edited(("10.1.2.0/24", "10.1.4.0/24"), ("[one, two]", "[one]"))
    (problem,) = changes(text, STATE)
    assert problem.path == ("network", "vswitches", "two")
    assert "cross-region-attachment-main" in problem.rule
    assert problem.remedy.startswith("do it in two steps: first put them into another vSwitch")


def test_the_second_tunnel_of_a_vpn_gateway_is_in_the_way_too_and_the_first_goes_along() -> None:
    def gateway(first: str, second: str) -> Held:
        places = {
            "vswitchId": f"network-{first}-id",
            "disasterRecoveryVswitchId": f"network-{second}-id",
        }
        return [*STATE[:-1], held(kinds.VPN_GATEWAY, "vpn-office-gateway", **places)]

    text = edited(("10.1.2.0/24", "10.1.4.0/24"))
    (problem,) = changes(text, gateway("one", "two"))
    assert "vpn-office-gateway" in problem.rule
    assert changes(text, gateway("two", "one")) == []


def test_a_function_is_replaced_with_its_vswitch_and_isnt_in_the_way() -> None:
    assert changes(edited(("10.1.2.0/24", "10.1.4.0/24")), STATE[:-1]) == []


def test_a_function_goes_into_a_vswitch_before_or_after_that_is_made_anew() -> None:
    state = [
        *STATE[:-2],
        held(kinds.FUNCTION, "function-ingest-function", vpcConfig={"vswitchIds": []}),
    ]
    (problem,) = changes(edited(("10.1.2.0/24", "10.1.4.0/24")), state)
    assert problem.path == ("functions", "ingest", "network", "vswitches")
    assert problem.remedy.startswith("do it in two steps: first change two and run up")


def test_a_server_keeps_its_zone() -> None:
    text = edited(("a: {ip: 10.1.1.10, vswitch: one", "a: {ip: 10.1.2.10, vswitch: two"))
    (problem,) = changes(text, STATE)
    assert problem.path == ("network", "hosts", "a", "vswitch")
    assert (
        problem.rule == "a server keeps its zone: a is in cn-shanghai-f, and two in cn-shanghai-g"
    )
    assert "another name without was, and another ip" in problem.remedy


def test_a_server_moves_within_its_zone() -> None:
    text = edited(
        ("      two:", "      near: {cidr: 10.1.3.0/24, zone: cn-shanghai-f}\n      two:"),
        ("a: {ip: 10.1.1.10, vswitch: one", "a: {ip: 10.1.3.10, vswitch: near"),
    )
    assert changes(text, STATE) == []


RENAMED = (("    other:\n", "    new:\n"), ("network: other", "network: new"))


def test_a_server_in_a_network_that_was_renamed_is_told_to_say_what_it_was() -> None:
    (problem,) = changes(edited(*RENAMED), STATE)
    assert problem.path == ("networks", "new", "hosts", "b", "vswitch")
    assert problem.rule == "a server keeps its VPC, and b is in networks-other-vpc-id"
    assert problem.remedy.startswith("if networks.new was called other, say was: other there")


def test_a_network_that_says_what_it_was_keeps_everything() -> None:
    text = edited(("    other:\n", "    new:\n      was: other\n"), RENAMED[1])
    assert changes(text, STATE) == []


def test_a_vswitch_of_a_renamed_network_that_takes_over_a_range_is_still_seen() -> None:
    text = edited(
        ("    other:\n", "    new:\n      was: other\n"),
        RENAMED[1],
        ("three: {cidr", "four: {cidr"),
        ("vswitch: three", "vswitch: four"),
        ("vswitches: [three]", "vswitches: [four]"),
    )
    (problem,) = changes(text, STATE)
    assert problem.path == ("networks", "new", "vswitches", "four")
    assert problem.remedy.startswith("say was: three in four: networks.new.vswitches.three is")


def test_a_stack_stays_in_its_region(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = held(kinds.PROVIDER, "default_3_107_0", region="cn-shanghai")
    assert changes(FILE, [provider]) == []
    # Elsewhere it isn't the default one, and what it has is replaced where that moves.
    other = held(kinds.PROVIDER, "alicloud-cn-beijing", region="cn-beijing")
    assert changes(FILE, [provider, other]) == []

    moved = FILE.replace("alicloud:region: cn-shanghai", "alicloud:region: cn-beijing")
    (problem,) = changes(moved.replace("zone: cn-shanghai", "zone: cn-beijing"), [provider])
    assert (problem.path, problem.value) == (("alicloud:region",), "cn-beijing")
    assert "lies in cn-shanghai" in problem.rule
    assert "a stack file of its own" in problem.remedy

    text = FILE.partition("  alicloud-gateways:cross")[0].replace(", cross-region", "")
    text = text.replace("  alicloud:region: cn-shanghai\n", "")
    monkeypatch.delenv("ALICLOUD_REGION", raising=False)
    (problem,) = changes(text, [provider])
    assert problem.remedy.startswith("put cn-shanghai back")
    monkeypatch.setenv("ALICLOUD_REGION", "cn-shanghai")
    assert changes(text, [provider]) == []


def test_a_function_doesnt_leave_its_network_and_another_one_takes_its_place() -> None:
    text = edited((", network: {vswitches: [two]}", ""))
    (problem,) = changes(text, STATE)
    assert problem.path == ("functions", "ingest")
    assert problem.rule == "a function doesn't leave its network, and ingest is in one"
    assert "another name, without was" in problem.remedy
    assert changes(text.replace("ingest:", "other:"), STATE) == []
