"""A public address that gets another name without `was`, and what an update releases."""

from typing import Any

import pytest

from facts import kinds
from stack.state import StackState
from tests.stackfiles import settings_of, where
from tests.topologies.held_states import Held, held
from tests.topologies.test_impossible_changes import ADDRESSES, HELD, changes, dev_stack
from tests.topologies.unified import gone, moved, put, unified_stack
from topologies import losses

SHARED = "sharedBandwidth.publicIps"


def renamed(old: str, new: str, mapping: str = "", **more: object) -> str:
    """The dev stack with another name for an address, and for the mapping that uses it."""

    def edit(settings: dict[str, Any]) -> None:
        moved(SHARED, old, new, **more)(settings)
        for one in settings["sharedBandwidth"]["portMappings"].values():
            if one["publicIp"] == old:
                one["publicIp"] = new
        if mapping:
            moved("sharedBandwidth.portMappings", mapping, "front", was=mapping)(settings)

    return dev_stack(edit)


@pytest.mark.parametrize("mapping", ["", "jump-host"])
def test_an_address_with_another_name_and_the_same_users_is_told_to_say_what_it_was(
    mapping: str,
) -> None:
    (problem,) = changes(renamed("ip4", "front", mapping))
    assert where(problem) == f"{SHARED}.front"
    assert problem.rule == (
        "ip4 (198.51.100.4) would be released for good, and front be another address for "
        "portMappings.jump-host"
    )
    assert problem.remedy == (
        "say was: ip4 in front: the address is kept; if another one is meant, do it in two steps: "
        "first keep ip4: {spare: true} beside front and run up; then remove ip4 and run up again"
    )
    assert changes(renamed("ip4", "front", mapping, was="ip4")) == []


def test_a_spare_address_with_another_name_is_told_too() -> None:
    (problem,) = changes(renamed("ip5", "idle"))
    assert "ip5 (198.51.100.5) would be released for good" in problem.rule
    assert changes(renamed("ip5", "idle", was="ip5")) == []


def test_an_address_that_goes_beside_a_new_one_for_others_is_meant() -> None:
    def edit(settings: dict[str, Any]) -> None:
        section = settings["sharedBandwidth"]
        del section["publicIps"]["ip5"]
        section["publicIps"]["api"] = {}
        section["portMappings"]["api"] = {"publicIp": "api", "port": 443, "host": "ecs5"}

    assert changes(dev_stack(edit)) == []


def test_what_the_remedy_says_passes_step_by_step() -> None:
    def beside(settings: dict[str, Any]) -> None:
        moved(SHARED, "ip4", "front")(settings)
        put(SHARED, ip4={"spare": True})(settings)
        settings["sharedBandwidth"]["portMappings"]["jump-host"]["publicIp"] = "front"

    assert changes(dev_stack(beside)) == []
    state: Held = [
        *(one for one in HELD if "jump-host" not in one["urn"]),
        held(kinds.EIP, "shared-bandwidth-front", ipAddress="198.51.100.9"),
    ]
    assert changes(renamed("ip4", "front"), state) == []


def test_an_address_of_a_server_or_a_way_out_is_told_by_those() -> None:
    state = [
        *(
            held(kinds.EIP, f"unified-addresses-{name}", ipAddress=ip)
            for name, ip in (("egress", "198.51.100.1"), ("web1", "198.51.100.2"))
        ),
        held(kinds.SNAT_ENTRY, "unified-egress-apps", snatIp="198.51.100.1"),
        held(
            kinds.EIP_ASSOCIATION,
            "server-web1-addresses-primary",
            allocationId="unified-addresses-web1-id",
        ),
    ]
    text = unified_stack(
        moved("unifiedEgress.publicIps", "egress", "out"),
        put("unifiedEgress.egress.apps", publicIps=["out"]),
        moved("unifiedEgress.publicIps", "web1", "door"),
        put("unifiedEgress.servers.web1", publicIp="door"),
    )
    found = {where(problem): problem.rule for problem in changes(text, state)}
    assert "another address for egress.apps" in found["unifiedEgress.publicIps.out"]
    assert "another address for servers.web1" in found["unifiedEgress.publicIps.door"]


def test_what_is_protected_is_told_as_such_alone() -> None:
    protected = [{**one, "protect": True} if one["type"] == kinds.EIP else one for one in HELD]
    assert changes(renamed("ip4", "front"), protected) == []


def test_each_address_that_is_released_is_a_line() -> None:
    state = StackState({"resources": HELD})
    without = dev_stack(gone(f"{SHARED}.ip5"))
    (line,) = losses(settings_of(without), state)
    assert line.startswith(f"It deletes shared-bandwidth-ip5 ({ADDRESSES['ip5']}): ")
    assert line.endswith("an address that is released is gone for good.")
    assert list(losses(settings_of(dev_stack()), state)) == []
    assert list(losses(settings_of(renamed("ip5", "idle", was="ip5")), state)) == []
