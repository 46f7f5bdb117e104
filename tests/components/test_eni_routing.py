"""The component that runs the routing script in a server: what Cloud Assistant gets, and when."""

import base64
from typing import cast

import pulumi
import pytest
from pulumi_alicloud import ecs

from components.eni.routing import (
    HIGHEST_TABLE,
    EniRouting,
    EniRoutingArgs,
    install_command,
    routing_script,
)
from facts.contract import contract_of
from tests.mocked_cloud import Registered, run, value_of

MAC = "00:16:3e:12:34:56"


def arguments(**changed: object) -> EniRoutingArgs:
    args = {
        "instance_id": "i-1",
        "mac_address": MAC,
        "addresses": ["192.168.3.11"],
        "vswitch_cidr": "192.168.3.0/24",
    }
    return cast("EniRoutingArgs", {**args, **changed})


def routed(**changed: object) -> Registered:
    return run(lambda: EniRouting("web", arguments(**changed)))


def command(made: Registered) -> str:
    return base64.b64decode(made["web-command"].inputs["commandContent"]).decode()


def test_the_command_is_the_script_for_the_card() -> None:
    made = routed(addresses=["192.168.3.11", "203.0.113.9"], route_table=7)
    script = routing_script(MAC, ["192.168.3.11", "203.0.113.9"], "192.168.3.0/24", 7)
    assert command(made) == install_command(script)
    assert made["web-command"].inputs["type"] == "RunShellScript"


def test_the_table_is_101_unless_told_otherwise() -> None:
    assert "\nTABLE=101\n" in command(routed())


def test_it_runs_once_in_the_one_server() -> None:
    assert routed()["web-invocation"].inputs == {
        "commandId": "web-command-id",
        "instanceIds": ["i-1"],
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"mac_address": "00:16:3e:00:00:01"},
        {"addresses": ["192.168.3.12"]},
        {"vswitch_cidr": "192.168.0.0/16"},
        {"route_table": 102},
    ],
)
def test_whatever_changes_the_script_means_another_run_after_the_old_one(
    changed: dict[str, object],
) -> None:
    before, after = routed(), routed(**changed)
    assert command(before) != command(after)
    assert contract_of(after["web-command"].type).by_camel["commandContent"].replaces
    assert contract_of(after["web-invocation"].type).by_camel["commandId"].replaces
    assert after["web-command"].request.deleteBeforeReplace
    assert after["web-invocation"].request.deleteBeforeReplace


def test_the_command_has_a_name_that_somebody_can_find() -> None:
    assert routed()["web-command"].inputs["name"] == "web-command"
    assert routed(command_name="shop-web")["web-command"].inputs["name"] == "shop-web"


def test_a_server_that_is_still_starting_has_time_to_answer() -> None:
    made = routed()
    assert made["web-command"].inputs["timeout"] == 120
    assert made["web-invocation"].request.customTimeouts.create == "10m"


def test_it_runs_after_the_card_is_attached() -> None:
    def program() -> None:
        attachment = ecs.EcsNetworkInterfaceAttachment(
            "attachment",
            ecs.EcsNetworkInterfaceAttachmentArgs(instance_id="i-1", network_interface_id="eni-1"),
        )
        EniRouting("web", arguments(), pulumi.ResourceOptions(depends_on=[attachment]))

    made = run(program)
    assert made["web-invocation"].after == {"attachment", "web-command"}
    assert made["web-command"].after == set()


def test_the_card_s_mac_and_addresses_may_be_known_later() -> None:
    def program() -> None:
        mac = pulumi.Output.from_input(MAC)
        address = pulumi.Output.from_input("192.168.3.11")
        EniRouting("web", arguments(mac_address=mac, addresses=[address]))

    assert command(run(program)) == command(routed())


def test_it_gives_out_the_ids_under_which_cloud_assistant_keeps_what_was_said() -> None:
    made: list[EniRouting] = []
    run(lambda: made.append(EniRouting("web", arguments())))
    assert value_of(made[0].command_id) == "web-command-id"
    assert value_of(made[0].invocation_id) == "web-invocation-id"


@pytest.mark.parametrize("table", [1, HIGHEST_TABLE])
def test_any_other_table_can_be_used(table: int) -> None:
    assert f"\nTABLE={table}\n" in command(routed(route_table=table))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        *(({"route_table": one}, f"{one} is the kernel's own") for one in (0, 253, 254, 255)),
        ({"route_table": -1}, "route_table -1 isn't between 1 and"),
        ({"route_table": HIGHEST_TABLE + 1}, "isn't between 1 and"),
        ({"vswitch_cidr": "192.168.3.11/24"}, "isn't a range"),
        ({"vswitch_cidr": "192.168.3.8/30"}, "a vSwitch has 8 addresses at least"),
        ({"addresses": []}, "addresses is empty"),
    ],
)
def test_what_can_t_be_right_is_refused_in_a_preview(changed: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        run(lambda: EniRouting("web", arguments(**changed)), preview=True)
