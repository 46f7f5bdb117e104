"""What several networks hold and want: ranges and addresses clash inside a network alone."""

from typing import Any

from stack.problems import Problem
from stack.state import StackState
from tests.stack.test_networks_rules import BACK, another, stack
from tests.stackfiles import Edit, settings_of, where
from tests.topologies.unified import put
from topologies import change_problems

SWITCH = "alicloud:vpc/switch:Switch"
INSTANCE = "alicloud:ecs/instance:Instance"
CREATED = {"type": "ecs.g7.large", "image": "aliyun_3.vhd"}
_URN = "urn:pulumi:dev::alicloud-gateways"


def held(token: str, name: str, parent: str, **outputs: str) -> dict[str, Any]:
    return {
        "urn": f"{_URN}::alicloud-gateways:index:Parent${token}::{name}",
        "parent": f"{_URN}::alicloud-gateways:index:Parent::{parent}",
        "type": token,
        "custom": True,
        "id": f"{name}-id",
        "outputs": outputs,
    }


def vswitch(network: str, key: str, cidr: str) -> dict[str, Any]:
    """A vSwitch of the state, below its network's component."""
    return held(SWITCH, f"{network}-{key}", network, cidrBlock=cidr)


def host(key: str, ip: str, network: str, its_vswitch: str) -> dict[str, Any]:
    """An instance of the state, in a vSwitch of a network's component."""
    vswitch_id = f"{network}-{its_vswitch}-id"
    return held(INSTANCE, f"host-{key}-instance", f"host-{key}", privateIp=ip, vswitchId=vswitch_id)


def changes(*state: dict[str, Any], edits: tuple[Edit, ...] = ()) -> list[Problem]:
    return list(change_problems(settings_of(stack(*edits)), StackState({"resources": list(state)})))


OWN = vswitch("network", "apps", "192.168.1.0/24")
OTHER = vswitch("networks-back", "back", "10.1.1.0/24")


def test_a_stack_that_stays_as_it_is_changes_nothing() -> None:
    assert changes(OWN, OTHER) == []


def test_a_renamed_vswitch_of_another_network_is_told_to_say_what_it_was() -> None:
    new = {"cidr": "10.1.1.0/24", "zone": "cn-beijing-h"}
    (problem,) = changes(OWN, OTHER, edits=(another(vswitches={"front": new}, hosts={}),))
    assert where(problem) == "networks.back.vswitches.front"
    assert problem.remedy == (
        "say was: back in front: networks.back.vswitches.back is then updated in place"
    )


def test_a_vswitch_of_another_network_that_says_what_it_was_is_carried_over() -> None:
    new = {"cidr": "10.1.1.0/24", "zone": "cn-beijing-h", "was": "back"}
    assert changes(OWN, OTHER, edits=(another(vswitches={"front": new}, hosts={}),)) == []


def test_equal_ranges_of_two_networks_dont_clash() -> None:
    new = {"cidr": "192.168.1.0/24", "zone": "cn-beijing-h"}
    same = another(vpc={"cidr": "192.168.0.0/16"}, vswitches={"front": new}, hosts={})
    assert changes(OWN, edits=(same,)) == []


def test_networks_whose_names_begin_alike_hold_their_own_vswitches_alone() -> None:
    """`networks-back-2-calls` is `calls` of `back-2`, not `2-calls` of `back`."""
    twin = {**BACK, "vswitches": {"calls": BACK["vswitches"]["back"]}, "hosts": {}}
    new = {"cidr": "10.1.1.0/24", "zone": "cn-beijing-h"}
    edits = (put("networks", **{"back-2": twin}), another(vswitches={"front": new}, hosts={}))
    assert changes(OWN, vswitch("networks-back-2", "calls", "10.1.1.0/24"), edits=edits) == []
    (problem,) = changes(OWN, vswitch("networks-back", "2-calls", "10.1.1.0/24"), edits=edits)
    assert where(problem) == "networks.back.vswitches.front"


def test_a_host_on_the_address_of_one_that_goes_is_told_in_another_network_too() -> None:
    new = {"ip": "10.1.1.10", "vswitch": "back", "instance": CREATED}
    edit = another(hosts={"front": new})
    (problem,) = changes(
        OWN, OTHER, host("web", "10.1.1.10", "networks-back", "back"), edits=(edit,)
    )
    assert where(problem) == "networks.back.hosts.front"
    assert problem.remedy.startswith("say was: web in front")


def test_a_host_that_goes_from_another_network_doesnt_hold_an_address_of_the_stacks_own() -> None:
    new = {"ip": "192.168.1.9", "vswitch": "apps", "instance": CREATED}
    edit = put("network.hosts", front=new)
    gone = host("old", "192.168.1.9", "networks-back", "back")
    assert changes(OWN, OTHER, gone, edits=(edit,)) == []
    (problem,) = changes(OWN, OTHER, host("old", "192.168.1.9", "network", "apps"), edits=(edit,))
    assert where(problem) == "network.hosts.front"


def test_hosts_of_two_networks_may_have_one_address() -> None:
    same = another(
        vpc={"cidr": "192.168.0.0/16"},
        vswitches={"back": {"cidr": "192.168.1.0/24", "zone": "cn-beijing-h"}},
        hosts={"web": {"ip": "192.168.1.9", "vswitch": "back", "instance": CREATED}},
    )
    new = put("network.hosts", front={"ip": "192.168.1.9", "vswitch": "apps", "instance": CREATED})
    held_there = vswitch("networks-back", "back", "192.168.1.0/24")
    web = host("web", "192.168.1.9", "networks-back", "back")
    assert changes(OWN, held_there, web, edits=(same, new)) == []
