"""Edits that would need what is protected replaced or gone, told beforehand."""

from typing import Any

import pytest

from facts import kinds
from stack.problems import Problem
from stack.state import StackState
from tests.stackfiles import Edit, dev_stack, settings_of
from tests.topologies.held_states import Held, held
from topologies import protected_problems

B = "sharedBandwidth"


def kept(token: str, name: str, **outputs: object) -> dict[str, Any]:
    """A protected resource of the state."""
    return {**held(token, name, **outputs), "protect": True}


STATE: Held = [
    held(kinds.VSWITCH, "network-apps", cidrBlock="192.168.1.0/24", zoneId="cn-shanghai-a"),
    kept(kinds.NAT_GATEWAY, "gateway-nat", vswitchId="network-apps-id"),
    kept(kinds.BANDWIDTH_PACKAGE, "shared-bandwidth-package", internetChargeType="PayByBandwidth"),
    *(
        kept(kinds.EIP, f"shared-bandwidth-{name}", ipAddress=f"198.51.100.{name[-1]}")
        for name in ("ip1", "ip3", "ip5", "ip6")
    ),
]


def problems(edit: Edit, state: Held = STATE) -> list[Problem]:
    def production(settings: dict[str, Any]) -> None:
        settings["tier"] = "production"
        edit(settings)

    return list(
        protected_problems(settings_of(dev_stack(production)), StackState({"resources": state}))
    )


def test_nothing_is_wrong_with_a_stack_that_stays() -> None:
    assert problems(lambda _: None) == []


def test_what_isnt_protected_may_go() -> None:
    state = [{**one, "protect": False} for one in STATE]
    assert problems(lambda s: s[B]["publicIps"].pop("ip5"), state) == []


def test_an_address_that_goes_is_told_with_the_address_and_the_steps() -> None:
    (problem,) = problems(lambda settings: settings[B]["publicIps"].pop("ip5"))
    assert problem.path == ("tier",)
    assert problem.rule == (
        "shared-bandwidth-ip5 (198.51.100.5) is protected, and the stack file no longer has it: an "
        "address that is released is gone for good"
    )
    assert problem.remedy.startswith("if it was renamed, say was in the entry that it is now; if")
    assert "say tier: staging and nothing else, and run up; then make this change" in problem.remedy


def test_an_address_that_was_renamed_is_kept_with_was_alone() -> None:
    def rename(settings: dict[str, Any], **more: object) -> None:
        settings[B]["publicIps"].pop("ip5")
        settings[B]["publicIps"]["later"] = {"spare": True, **more}

    assert len(problems(rename)) == 1
    assert problems(lambda settings: rename(settings, was="ip5")) == []


def test_an_address_that_is_handed_over_by_its_id_isnt_released_either() -> None:
    existing = {"id": "eip-1", "address": "198.51.100.5", "spare": True}
    (problem,) = problems(lambda settings: settings[B]["publicIps"].update(ip5=existing))
    assert "no longer has it" in problem.rule


def anew(settings: dict[str, Any]) -> None:
    settings["network"]["vswitches"]["apps"]["zone"] = "cn-shanghai-b"


def elsewhere(settings: dict[str, Any]) -> None:
    more = {"cidr": "192.168.2.0/24", "zone": "cn-shanghai-b"}
    settings["network"]["vswitches"]["more"] = more
    settings[B]["natGateway"]["vswitch"] = "more"


@pytest.mark.parametrize("edit", [anew, elsewhere])
def test_a_gateway_is_replaced_with_its_vswitch_and_by_moving(edit: Edit) -> None:
    (problem,) = problems(edit)
    assert problem.path == (B, "natGateway", "vswitch")
    assert problem.rule == (
        "gateway-nat is protected, and another vswitch means another one: everything is down until "
        "another gateway's entries stand"
    )


def test_a_package_that_is_billed_otherwise_is_another_one() -> None:
    (problem,) = problems(
        lambda settings: settings[B].update(bandwidthPackage={"chargeType": "PayByTraffic"})
    )
    assert problem.path == (B, "bandwidthPackage", "chargeType")


def test_what_a_topology_had_that_isnt_chosen_any_more_is_told_too() -> None:
    state = [*STATE, kept(kinds.LOAD_BALANCER, "balancer-orders-load-balancer")]
    (problem,) = problems(lambda _: None, state)
    assert problem.value == "balancer-orders-load-balancer"


def test_a_subscription_is_let_go_by_its_urn() -> None:
    (problem,) = problems(lambda _: None, [*STATE, kept(kinds.CEN_PACKAGE, "cross-region-package")])
    assert "pulumi state unprotect 'urn:pulumi:dev::alicloud-gateways::" in problem.remedy


def test_an_argument_that_replaces_what_is_protected_is_refused_at_its_section() -> None:
    def of_zone(zone: str) -> Edit:
        return lambda settings: settings[B]["publicIps"].update(ip5={"arguments": {"zone": zone}})

    state = [*STATE, kept(kinds.EIP, "shared-bandwidth-ip5", ipAddress="198.51.100.5", zone="one")]
    assert problems(of_zone("one"), state) == []
    (problem,) = problems(of_zone("other"), state)
    assert problem.path == (B, "publicIps", "ip5")
    assert "another arguments.zone means another one" in problem.rule
