"""What exists and doesn't fit the program is told, at its place in the list; nothing is written."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.cloud import Store
from tests.by_hand import ByHand, both, shared_bandwidth, unified_egress
from tests.tools.adoptions import problems_of

Change = Callable[[ByHand], None]
Case = tuple[Change, str, str, str]
"""A change, where it is told, and words of the rule and of the remedy."""


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store(":memory:", seed="tests")
    yield made
    made.close()


def at(hand: ByHand, place: str) -> Any:
    """What is listed at a place such as publicIps.web or egress.0."""
    found: Any = hand.listed
    for part in filter(None, place.split(".")):
        found = found[int(part) if part.isdigit() else part]
    return found


def behind(place: str, **attributes: object) -> Change:
    """Something that is listed is otherwise than it was made."""

    def change(hand: ByHand) -> None:
        hand.store.change_behind(str(at(hand, place)).rpartition(":")[2], **attributes)

    return change


def without(*places: str) -> Change:
    def change(hand: ByHand) -> None:
        for place in places:
            way, _, last = place.rpartition(".")
            del at(hand, way)[last]

    return change


def lies_elsewhere(hand: ByHand) -> None:
    other = hand.make("vpc", cidr_block="10.1.0.0/16", vpc_name="other")
    hand.listed_as(
        "vswitches.", "vswitch", vpc_id=other.id, cidr_block="10.1.1.0/24", zone_id="cn-shanghai-a"
    )


def of_another_gateway(hand: ByHand) -> None:
    front = hand.listed["natGateway"]
    other = hand.gateway()
    hand.listed["natGateway"] = front
    eip = hand.make("eip_address")
    hand.bind(eip, other)
    hand.forward(other, eip, "80", internal_ip="10.0.1.5", forward_entry_name="theirs")


CASES: list[Case] = [
    (behind("natGateway", payment_type="Subscription"), "natGateway", "paymentType", "to uses"),
    (
        behind("natGateway", internet_charge_type="PayBySpec"),
        "natGateway",
        "internetChargeType",
        "to uses",
    ),
    (behind("natGateway", nat_type="Normal"), "natGateway", "natType is Normal", "upgrade it"),
    (
        behind("natGateway", network_type="intranet"),
        "natGateway",
        "networkType is intranet",
        "internet NAT gateway",
    ),
    (
        behind("publicIps.web", payment_type="Subscription"),
        "publicIps.web",
        "paymentType is 'Subscription'",
        "to uses",
    ),
    (
        behind("publicIps.web", security_protection_types=["AntiDDoS_Enhanced"]),
        "publicIps.web",
        "securityProtectionTypes",
        "to uses",
    ),
    (
        behind("portMappings.2", external_ip="198.51.100.1"),
        "portMappings[0]",
        "maps all of web",
        "take it off the list",
    ),
    (
        behind("portMappings.1", external_port="443", internal_port="443", ip_protocol="tcp"),
        "portMappings[0]",
        "calls has web tcp 443 already",
        "take it off the list",
    ),
    (without("publicIps.web"), "portMappings[0]", "whose EIP isn't listed", "to publicIps"),
    (without("publicIps.out"), "egress[0]", "whose EIP isn't listed", "to publicIps"),
    (
        without("bandwidthPackage", "sparePublicIps"),
        "portMappings[0]",
        "none is listed",
        "add bandwidthPackage",
    ),
    (lies_elsewhere, "vswitches[1]", "it lies in", "another VPC is another stack"),
    (of_another_gateway, "portMappings[3]", "it is in the table", "another is another stack"),
    (
        behind("portMappings.0", internal_ip="10.0.9.9"),
        "portMappings[0]",
        "in none of the listed vSwitches",
        "add the vSwitch",
    ),
    (
        behind("sparePublicIps.later", status="InUse"),
        "sparePublicIps.later",
        "it is InUse",
        "list it where it is bound",
    ),
    (
        behind("egress.0", source_vswitch_id="vsw-other"),
        "egress[0]",
        "vsw-other, which isn't listed",
        "add vsw-other to vswitches",
    ),
]


def dotted(path: tuple[str | int, ...]) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[1]}: {case[2]}")
def test_what_does_not_fit_is_told_with_its_place_rule_and_remedy(
    case: Case, store: Store, tmp_path: Path
) -> None:
    change, place, rule, remedy = case
    hand = shared_bandwidth(store)
    change(hand)
    told = problems_of(hand, tmp_path)
    (found,) = [problem for problem in told if dotted(problem.path) == place]
    assert rule in found.rule
    assert remedy in found.remedy
    assert all(problem.line for problem in told)
    assert [path.name for path in tmp_path.iterdir()] == ["existing.yaml"]


def test_every_misfit_is_told_at_once(store: Store, tmp_path: Path) -> None:
    hand = shared_bandwidth(store)
    for change in (
        behind("natGateway", payment_type="Subscription"),
        behind("publicIps.web", payment_type="Subscription"),
        behind("bandwidthPackage", security_protection_types=["AntiDDoS_Enhanced"]),
    ):
        change(hand)
    places = [dotted(problem.path) for problem in problems_of(hand, tmp_path)]
    assert places == ["natGateway", "bandwidthPackage", "publicIps.web"]


def test_an_address_that_nothing_leaves_by_has_no_place_in_unified_egress(
    store: Store, tmp_path: Path
) -> None:
    hand = unified_egress(store)
    without("egress")(hand)
    (problem,) = problems_of(hand, tmp_path)
    assert "no listed SNAT entry leaves by it" in problem.rule


def test_interfaces_in_modes_that_no_stack_has_are_told(store: Store, tmp_path: Path) -> None:
    hand = unified_egress(store)
    server = hand.listed["servers"]["web1"]
    first, second = (f"{eip}:{server['eni']}" for eip in server["publicIps"])
    store.change_behind(first, mode="BINDED")
    (several,) = problems_of(hand, tmp_path)
    assert "in several modes: BINDED, NAT" in several.rule
    store.change_behind(second, mode="BINDED")
    found = problems_of(hand, tmp_path)
    assert {dotted(problem.path) for problem in found} == {"servers.web1.eni"}
    assert any("would be 'BINDED'" in problem.rule for problem in found)


def test_a_server_without_a_way_out_is_told(store: Store, tmp_path: Path) -> None:
    hand = both(store)
    without("egress", "publicIps.out")(hand)
    assert {dotted(p.path) for p in problems_of(hand, tmp_path)} == {"servers.api.eni"}
