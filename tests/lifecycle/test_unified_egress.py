"""Unified egress on the real engine: from nothing, unchanged, one server less, addresses moved."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from stack.command_line import REHEARSE_VARIABLE
from tests.lifecycle.conftest import ROOT, Run, Stack, not_forced
from tools import outputs
from tools.adopt import eip as adopt_eip

pytestmark = pytest.mark.engine

EXAMPLES = ROOT / "examples" / "unified-egress"
OWN_GATEWAY = not_forced((EXAMPLES / "Pulumi.own-gateway.yaml").read_text(encoding="utf-8"))
SHARED_GATEWAY = not_forced((EXAMPLES / "Pulumi.shared-gateway.yaml").read_text(encoding="utf-8"))

WEB2 = {
    "eip_address unified-addresses-web2",
    "eip_association server-web2-addresses-primary",
    "ecs_command server-web2-routing-command",
    "ecs_invocation server-web2-routing-invocation",
    "ecs_network_interface server-web2-eni",
    "ecs_network_interface_attachment server-web2-attachment",
    "security_group server-web2-security-group",
    "security_group_rule server-web2-allow-tcp-443",
    "security_group_rule server-web2-allow-tcp-22-203.0.113.0-24",
}
"""What one server of the example brings."""


def edited(text: str, edit: Callable[[dict[str, Any]], object]) -> str:
    """A stack file with an edit of its unifiedEgress section."""
    document = yaml.safe_load(text)
    edit(document["config"]["alicloud-gateways:unifiedEgress"])
    return yaml.safe_dump(document, sort_keys=False)


def without_web2(section: dict[str, Any]) -> None:
    del section["servers"]["web2"]
    del section["publicIps"]["web2"]


def test_an_interface_keeps_the_address_that_the_cloud_picked_whether_the_file_says_it_or_not(
    stack: Stack,
) -> None:
    def web1_at(ip: str | None) -> str:
        def edit(section: dict[str, Any]) -> None:
            eni = section["servers"]["web1"]["eni"]
            eni.pop("ip", None)
            if ip is not None:
                eni["ip"] = ip

        return edited(OWN_GATEWAY, edit)

    stack.write(web1_at(None))
    stack.succeed("up")
    (picked,) = (
        eni["primary_ip_address"]
        for eni in stack.all("ecs_network_interface")
        if eni["primary_ip_address"] != "192.168.3.21"  # web2's
    )
    for ip in (None, picked, None):
        stack.write(web1_at(ip))
        stack.succeed("up")
        assert stack.changes() == [], ip
    stack.succeed("destroy")
    assert stack.kinds() == []


@pytest.mark.parametrize("text", [OWN_GATEWAY, SHARED_GATEWAY], ids=["own", "shared"])
def test_an_example_is_built_stays_unchanged_and_is_destroyed(stack: Stack, text: str) -> None:
    stack.write(text)
    stack.succeed("up")
    assert len(stack.kinds()) == len(stack.changes()) > 20
    assert stack.cloud.calls(outcome="OperationConflict") == []
    stack.succeed("up")
    assert stack.changes() == []
    stack.succeed("refresh")
    stack.succeed("up")
    assert stack.changes() == []
    stack.succeed("destroy")
    assert stack.kinds() == []


def test_up_ends_with_each_servers_addresses_and_the_two_commands(stack: Stack) -> None:
    stack.write(OWN_GATEWAY)
    shown = stack.succeed("up").out
    addresses = {eip.text("address_name"): eip for eip in stack.all("eip_address")}
    web1, egress = addresses["shop-web1"], addresses["shop-egress"]
    assert f"ssh root@{web1['ip_address']}" in shown
    assert "curl https://myip.ipip.net" in shown
    assert egress.text("ip_address") in shown


def test_removing_a_server_touches_nothing_but_its_own(stack: Stack) -> None:
    stack.stand(OWN_GATEWAY)
    stack.write(edited(OWN_GATEWAY, without_web2))
    stack.succeed("up")
    gone = stack.changes()
    assert set(gone) == {f"delete {one}" for one in WEB2}
    order = [change.rsplit(" ", 1)[-1] for change in gone]
    unbound = order.index("server-web2-addresses-primary")
    detached = order.index("server-web2-attachment")
    assert unbound < detached < order.index("server-web2-eni")
    stack.succeed("up")
    assert stack.changes() == []


def test_a_failure_at_every_single_create_in_turn_ends_in_the_whole_stack(stack: Stack) -> None:
    stack.write(SHARED_GATEWAY)
    stack.cloud.faults.fail_each_once("create")
    runs: list[Run] = [stack.run("up")]
    while runs[-1].code != 0:
        assert len(runs) < 40, runs[-1].err
        assert runs[-1].code == 1
        assert "Traceback" not in runs[-1].err
        runs.append(stack.run("up"))
    made = stack.kinds()
    assert len(made) > 20
    failed = stack.cloud.calls("create", outcome="InternalError")
    assert len({call.key for call in failed}) == len(made), "each create failed once"
    stack.succeed("up")
    assert stack.changes() == []
    stack.succeed("destroy")
    assert stack.kinds() == []


def test_a_server_gets_another_address_by_its_binding_alone(stack: Stack) -> None:
    stack.stand(OWN_GATEWAY)

    def other_address(section: dict[str, Any]) -> None:
        section["publicIps"]["new"] = {"bandwidth": 20}
        section["publicIps"]["web1"] = {"spare": True, "bandwidth": 20}
        section["servers"]["web1"]["publicIp"] = "new"

    stack.write(edited(OWN_GATEWAY, other_address))
    stack.succeed("up")
    assert stack.changes() == [
        "create eip_address unified-addresses-new",
        "delete eip_association server-web1-addresses-primary",
        "create eip_association server-web1-addresses-primary",
    ]


def test_a_renamed_server_keeps_its_interface(stack: Stack) -> None:
    stack.stand(OWN_GATEWAY)
    before = {eni.id for eni in stack.all("ecs_network_interface")}

    def rename(section: dict[str, Any]) -> None:
        section["servers"]["shop"] = {**section["servers"].pop("web1"), "was": "web1"}

    stack.write(edited(OWN_GATEWAY, rename))
    stack.succeed("up")
    assert {eni.id for eni in stack.all("ecs_network_interface")} == before
    assert not [change for change in stack.changes() if "attachment" in change]


@pytest.mark.parametrize("meanwhile", [None, "refresh"])
def test_a_script_that_fails_in_the_server_is_told_and_run_anew(
    stack: Stack, meanwhile: str | None
) -> None:
    stack.write(OWN_GATEWAY)
    stack.cloud.faults.fail_invocation()
    failed = stack.run("up")
    assert failed.code == 1
    assert "Traceback" not in failed.err
    if meanwhile is not None:
        stack.succeed(meanwhile)
    again = stack.succeed("up")
    assert "failed in its server; it is run anew" in again.err
    statuses = {one["status"] for one in stack.all("ecs_invocation")}
    assert statuses == {"Success"}
    stack.succeed("up")
    assert stack.changes() == []


def a_server_with_a_converted_address(stack: Stack) -> tuple[str, str]:
    """Make by hand what a conversion leaves: a server, and an EIP that is bound to it."""

    def make(kind: str, **wanted: object) -> str:
        return stack.cloud.create(kind, wanted, region=stack.region).id

    vpc = make("vpc", cidr_block="192.168.0.0/16", vpc_name="old")
    vswitch = make("vswitch", vpc_id=vpc, cidr_block="192.168.3.0/24", zone_id="cn-qingdao-b")
    group = make("security_group", vpc_id=vpc, security_group_name="old")
    server = make(
        "instance",
        vswitch_id=vswitch,
        private_ip="192.168.3.10",
        instance_type="ecs.u1-c1m2.large",
        security_groups=[group],
    )
    eip = make("eip_address", address_name="converted", payment_type="PayAsYouGo")
    make("eip_association", allocation_id=eip, instance_id=server, instance_type="EcsInstance")

    def by_id(settings: dict[str, Any]) -> None:
        network = settings["network"]
        network["vpc"]["id"] = vpc
        network["vswitches"]["apps"]["id"] = vswitch
        network["hosts"] = {"ecs1": {"ip": "192.168.3.10", "vswitch": "apps", "instanceId": server}}

    document = yaml.safe_load(edited(OWN_GATEWAY, without_web2))
    settings = {key.partition(":")[2]: value for key, value in document["config"].items()}
    by_id(settings)
    stack.write(yaml.safe_dump(document, sort_keys=False))
    return eip, server


def test_a_converted_address_moves_from_the_server_to_its_interface_by_its_binding_alone(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.write(OWN_GATEWAY)
    eip, server = a_server_with_a_converted_address(stack)
    address = stack.all("eip_address")[0].text("ip_address")
    assert (
        adopt_eip.main(
            ["--config", str(stack.file), "--address", "web1", "--eip", eip, "--instance", server]
        )
        == 0
    )
    adopted = stack.file.with_name("adopt.json")
    adopted.write_text(capsys.readouterr().out, encoding="utf-8")
    stack.succeed("import", "--file", str(adopted))
    assert stack.changes() == []

    shown = stack.succeed("preview").err
    replaced = [line for line in shown.splitlines() if line.startswith((" --", " +-", " ++"))]
    assert [line.split()[0] for line in replaced] == ["--", "+-", "++"], "deleted before created"
    assert all("server-web1-addresses-primary" in line for line in replaced)
    assert " ~  alicloud:ecs:EipAddress unified-addresses-web1 update" in shown

    stack.succeed("up")
    changes = stack.changes()
    unbound = changes.index("delete eip_association server-web1-addresses-primary")
    bound = changes.index("create eip_association server-web1-addresses-primary")
    routed = changes.index("create ecs_invocation server-web1-routing-invocation")
    assert routed < unbound < bound
    assert [change for change in changes if change.startswith("delete")] == [changes[unbound]]
    assert stack.cloud.read("eip_address", eip, region=stack.region)
    assert address in stack.here(outputs.main, "--config", str(stack.file)).out
    stack.succeed("up")
    assert stack.changes() == []


def test_the_last_secondary_address_can_be_taken_away(stack: Stack) -> None:
    def two(section: dict[str, Any]) -> None:
        section["servers"]["web1"]["eni"]["secondaryIps"] = ["192.168.3.12"]

    stack.stand(edited(OWN_GATEWAY, two))
    stack.write(OWN_GATEWAY)
    stack.succeed("up")
    assert "update ecs_network_interface server-web1-eni" in stack.changes()
    stack.succeed("up")
    assert stack.changes() == []


def test_the_last_server_can_go_and_the_egress_stays(stack: Stack) -> None:
    stack.stand(OWN_GATEWAY)

    def none(section: dict[str, Any]) -> None:
        del section["servers"]
        section["publicIps"] = {"egress": section["publicIps"]["egress"]}

    stack.write(edited(OWN_GATEWAY, none))
    stack.succeed("up")
    assert stack.all("ecs_network_interface") == []
    assert len(stack.all("snat_entry")) == 1


def test_two_servers_swap_their_addresses_in_one_update(stack: Stack) -> None:
    stack.stand(OWN_GATEWAY)
    bound = {one["instance_id"]: one["allocation_id"] for one in stack.all("eip_association")}

    def swap(section: dict[str, Any]) -> None:
        one, other = section["servers"]["web1"], section["servers"]["web2"]
        one["publicIp"], other["publicIp"] = other["publicIp"], one["publicIp"]

    stack.write(edited(OWN_GATEWAY, swap))
    stack.environment[REHEARSE_VARIABLE] = ""
    done = stack.succeed("up")
    assert "end well, and a second up changes nothing." in done.err
    after = {one["instance_id"]: one["allocation_id"] for one in stack.all("eip_association")}
    moved = {instance for instance in bound if bound[instance] != after[instance]}
    assert len(moved) == 2
    assert {bound[one] for one in moved} == {after[one] for one in moved}
    stack.environment[REHEARSE_VARIABLE] = "no"
    stack.succeed("up")
    assert stack.changes() == []
