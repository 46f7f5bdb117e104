"""Port mappings: what the provider is given, and in which order."""

import pulumi
import pytest

from components import (
    PortMappingArgs,
    PortMappings,
    SnatEgress,
    SnatEgressArgs,
    SnatEntryArgs,
)
from components._options import LANES, in_lanes
from stack.claims import lane_orders
from tests.mocked_cloud import Registered, run
from topologies.nat.settings import NatGatewaySettings


def mapping(port: str = "80", protocol: str = "tcp") -> PortMappingArgs:
    return {
        "external_ip": "203.0.113.1",
        "external_port": port,
        "internal_ip": "10.0.1.1",
        "internal_port": port,
        "ip_protocol": protocol,
    }


def mapped(mappings: dict[str, PortMappingArgs], lanes: int | None = None) -> Registered:
    def program() -> None:
        if lanes is None:
            PortMappings("map", {"forward_table_id": "ftb-1", "mappings": mappings})
        else:
            PortMappings("map", {"forward_table_id": "ftb-1", "mappings": mappings, "lanes": lanes})

    return run(program)


def test_an_entry_has_its_ports_as_text_and_its_table() -> None:
    entry = mapping("9000/9010", "udp")
    made = mapped({"web": {**entry, "internal_port": "7000/7010", "entry_name": "shop-web"}})
    assert made["map-web"].inputs == {
        "forwardTableId": "ftb-1",
        "forwardEntryName": "shop-web",
        "externalIp": "203.0.113.1",
        "externalPort": "9000/9010",
        "internalIp": "10.0.1.1",
        "internalPort": "7000/7010",
        "ipProtocol": "udp",
    }


def test_a_whole_address_is_any_in_all_three_places() -> None:
    inputs = mapped({"app": mapping("any", "any")})["map-app"].inputs
    assert {inputs[key] for key in ("externalPort", "internalPort", "ipProtocol")} == {"any"}


def test_port_break_is_said_only_where_asked_for() -> None:
    made = mapped({"high": {**mapping("8080"), "port_break": True}, "web": mapping()})
    assert made["map-high"].inputs["portBreak"] is True
    assert "portBreak" not in made["map-web"].inputs


def test_entries_wait_for_each_other_in_the_order_of_their_names() -> None:
    made = mapped({"c": mapping("3"), "a": mapping("1"), "b": mapping("2")}, lanes=1)
    assert made["map-a"].after == set()
    assert made["map-b"].after == {"map-a"}
    assert made["map-c"].after == {"map-b"}


def test_a_stack_file_and_the_components_deal_entries_into_as_many_lanes_by_themselves() -> None:
    assert NatGatewaySettings.model_fields["lanes"].default == LANES
    made = mapped({key: mapping(str(ord(key))) for key in "abcd"})
    assert [len(made[f"map-{key}"].after) for key in "abcd"] == [0, 0, 0, 1]
    leaving: SnatEntryArgs = {"snat_ips": ["203.0.113.9"], "source_cidr": "10.0.0.0/8"}
    args: SnatEgressArgs = {"snat_table_id": "stb-1", "entries": dict.fromkeys("abcd", leaving)}
    components: list[SnatEgress] = []
    made = run(lambda: components.append(SnatEgress("out", args)))
    assert [len(made[f"out-{key}"].after) for key in "abcd"] == [0, 0, 0, 1]
    assert len(components[0].last_entries) == LANES


def test_two_lanes_make_two_chains() -> None:
    made = mapped({key: mapping(str(ord(key))) for key in "abcd"}, lanes=2)
    assert made["map-b"].after == set()
    assert made["map-c"].after == {"map-a"}
    assert made["map-d"].after == {"map-b"}


@pytest.mark.parametrize("lanes", [1, 2, 3, 5])
def test_the_comparison_with_the_state_knows_which_entries_wait_for_which(lanes: int) -> None:
    names = [f"m{i:02}" for i in range(23)]
    orders = lane_orders(names, lanes, "portMappings")
    chained = [(one, before) for one, before in in_lanes(names, lanes).items() if before]
    assert all(orders[one] == orders[before] and before < one for one, before in chained)
    assert len(set(orders.values())) == lanes


@pytest.mark.parametrize("lanes", [1, 2, 3, 5])
def test_every_entry_is_in_one_lane_and_no_lane_is_longer_than_needed(lanes: int) -> None:
    before = in_lanes([f"m{i:02}" for i in range(23)], lanes)
    assert sum(first is None for first in before.values()) == lanes
    assert len({first for first in before.values() if first is not None}) == 23 - lanes


def test_a_renamed_mapping_is_known_by_its_former_name() -> None:
    made = mapped({"web": {**mapping(), "was": "legacy"}, "plain": mapping("81")})
    assert made["map-web"].aliases == {"map-legacy"}
    assert made["map-plain"].aliases == set()


def test_an_entry_that_changes_its_table_is_deleted_before_its_successor_is_made() -> None:
    assert mapped({"web": mapping()})["map-web"].request.deleteBeforeReplace


def test_entries_have_time_to_wait_for_each_other() -> None:
    timeouts = mapped({"web": mapping()})["map-web"].request.customTimeouts
    assert timeouts.create == timeouts.delete == "10m"


def test_the_first_entry_of_each_lane_waits_for_what_the_gateway_does_before() -> None:
    def program() -> None:
        egress = SnatEgress(
            "out",
            {
                "snat_table_id": "stb-1",
                "entries": {"apps": {"snat_ips": ["203.0.113.9"], "source_cidr": "10.0.0.0/8"}},
            },
        )
        mappings = {key: mapping(str(ord(key))) for key in "abc"}
        PortMappings(
            "map",
            {"forward_table_id": "ftb-1", "mappings": mappings, "lanes": 2},
            pulumi.ResourceOptions(depends_on=[egress]),
        )

    made = run(program)
    assert "out-apps" in made["map-a"].after
    assert "out-apps" in made["map-b"].after
    assert made["map-c"].after == {"map-a"}


def test_a_thousand_entries_in_one_lane_are_no_deeper_than_one() -> None:
    made = mapped({f"m{i:04}": mapping(str(i + 1)) for i in range(1000)}, lanes=1)
    assert made["map-m0999"].after == {"map-m0998"}
