"""A cloud that is busy: tried again by the program, on the real engine (components._busy_cloud)."""

import json
import signal
from typing import Any

import pytest

from components._busy_cloud import NAME
from sandbox.cloud import Operation
from tests.lifecycle.account import Account
from tests.lifecycle.conftest import Stack

pytestmark = pytest.mark.engine

# Not among those that the provider tries again by itself.
BUSY = "IncorrectStatus.NATGW"
STEPS: tuple[Operation, ...] = ("create", "update", "delete")
SHOP = """\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology: [shared-bandwidth, api-gateway]
  alicloud-gateways:tier: staging
  alicloud-gateways:tags: {team: shop}
  alicloud-gateways:network:
    vpc: {cidr: 10.1.0.0/16}
    vswitches: {one: {cidr: 10.1.1.0/24, zone: cn-shanghai-b}}
    hosts:
      a: {ip: 10.1.1.10, vswitch: one, instance: {type: ecs.g7.large, image: some.vhd}}
      b: {ip: 10.1.1.20, vswitch: one}
  alicloud-gateways:sharedBandwidth:
    bandwidth: 10
    natGateway: {vswitch: one, lanes: 2}
    publicIps: {in: {}, out: {}}
    portMappings:
      web: {publicIp: in, port: 80, host: a}
      tls: {publicIp: in, port: 443, host: b}
    egress: {all: {cidr: 10.1.0.0/16, publicIps: [out]}}
  alicloud-gateways:apiGateway:
    groups: {shop: {}}
    apps: {site: {}}
    vpcAccess: {direct: {host: a, port: 8080}}
    apis:
      orders: &api
        group: shop
        method: GET
        path: /orders
        apps: [site]
        backend: {vpc: {access: direct, path: /}}
      sales: {<<: *api, path: /sales}
"""


def busy_once(stack: Stack, *operations: Operation) -> None:
    stack.cloud.faults.clear()
    for operation in operations:
        stack.cloud.faults.fail_each_once(operation, code=BUSY)


def refused(stack: Stack, operation: Operation) -> set[str]:
    """What the cloud was once too busy for."""
    return {call.key for call in stack.cloud.calls(operation, outcome=BUSY)}


def done(stack: Stack, operation: Operation) -> set[str]:
    return {call.key for call in stack.cloud.calls(operation, outcome="OK")}


def test_a_cloud_that_is_busy_at_every_single_step_needs_one_run_all_the_same(stack: Stack) -> None:
    stack.write(SHOP)
    busy_once(stack, *STEPS)
    built = stack.succeed("up")
    made = {one.id for one in stack.all()}
    assert len(refused(stack, "create")) >= len(made), "each was refused once"
    assert done(stack, "create") == refused(stack, "create")
    assert f"the cloud is busy ({BUSY}); create is tried again in 0.5 s" in built.err

    busy_once(stack, *STEPS)
    stack.edit("team: shop", "team: till")
    stack.edit("port: 80, host: a", "port: 80, host: b")
    stack.edit("      tls: {publicIp: in, port: 443, host: b}\n", "")
    stack.edit("path: /sales", "path: /sold")
    stack.succeed("up")
    assert len(refused(stack, "update")) > 8
    assert done(stack, "update") >= refused(stack, "update")
    assert done(stack, "delete") == refused(stack, "delete") != set()

    busy_once(stack, *STEPS)
    stack.succeed("destroy")
    assert len(refused(stack, "delete")) > 15
    assert stack.kinds() == []


def test_what_the_cloud_refuses_otherwise_fails_at_once(stack: Stack) -> None:
    stack.cloud.faults.fail("create", kind="forward_entry", code="Forbidden.IpUsedInForwardTable")
    failed = stack.run("up")
    assert failed.code == 1
    assert "is tried again" not in failed.err
    assert len(stack.cloud.calls("create", outcome="Forbidden.IpUsedInForwardTable")) == 1


def test_changes_in_several_lanes_beside_each_other_end_well(stack: Stack) -> None:
    stack.write(SHOP.replace("lanes: 2", "lanes: 4"))
    stack.succeed("up")
    stack.cloud.entry_seconds = 0.6
    stack.edit("port: 80, host: a", "port: 80, host: b")
    stack.edit("port: 443, host: b", "port: 8443, host: a")
    stack.edit("cidr: 10.1.0.0/16, publicIps: [out]", "cidr: 10.1.1.0/24, publicIps: [out]")
    changed = stack.succeed("up")
    assert stack.cloud.calls("update", outcome="OperationConflict") != []
    assert "the cloud is busy (OperationConflict); update is tried again" in changed.err
    stack.succeed("up")
    assert stack.changes() == []


def test_a_stack_that_was_never_finished_is_deleted_whole(stack: Stack) -> None:
    stack.write(SHOP)
    stack.cloud.faults.fail("create", kind="nat_gateway", code="InternalError")
    assert stack.run("up").code == 1
    assert stack.kinds() != []
    stack.edit(
        "      b: {ip: 10.1.1.20", "      c: {ip: 10.1.1.30, vswitch: one}\n      b: {ip: 10.1.1.20"
    )
    busy_once(stack, "delete")
    stack.succeed("destroy")
    assert stack.kinds() == []
    assert state(stack) == []


def state(stack: Stack) -> list[dict[str, Any]]:
    """The resources in the state, as the engine has written them."""
    (file,) = stack.state.rglob("stacks/*/shop.json")
    checkpoint = json.loads(file.read_text(encoding="utf-8"))["checkpoint"]
    return checkpoint["latest"].get("resources") or []


def test_the_state_has_the_hooks_name_and_nothing_else_of_it(stack: Stack) -> None:
    stack.write(SHOP)
    busy_once(stack, "create")
    stack.succeed("up")
    of_cloud = [one for one in state(stack) if one["type"].startswith("alicloud:")]
    assert of_cloud != []
    for one in of_cloud:
        assert one.pop("resourceHooks") == {"OnError": [NAME]}
    assert NAME not in json.dumps(of_cloud)
    assert BUSY not in json.dumps(of_cloud)


def interrupted(account: Account, command: str, when: str) -> tuple[int, str]:
    """A command that is asked to end as soon as it has said something; all that it says."""
    said = ""
    with account.start(f"exec {command} 2>&1") as running:
        assert running.stdout is not None
        for line in running.stdout:
            if when in line and when not in said:
                running.send_signal(signal.SIGINT)
            said += line
    return running.returncode, said


def test_what_waits_for_a_busy_cloud_ends_at_once_when_the_run_is_cancelled(
    account: Account,
) -> None:
    account.succeed("pulumi stack init dev && pulumi up --yes --skip-preview")
    cloud = account.cloud()
    for call in range(1, 9):
        cloud.faults.fail("update", nth=call, kind="forward_entry", code=BUSY)
    account.edit(
        "Pulumi.dev.yaml", "22, protocol: tcp, host: ecs5", "22, protocol: tcp, host: ecs4"
    )
    up = "pulumi up --yes --skip-preview --non-interactive"
    code, said = interrupted(account, up, "tried again in 1 s")
    assert code != 0
    assert len(cloud.calls("update", outcome=BUSY)) == 2
    assert f"error: {BUSY}" in said

    cloud.faults.clear()
    account.succeed(up)


def test_the_cli_deletes_with_the_program_what_it_is_too_busy_for(account: Account) -> None:
    account.succeed("pulumi stack init dev && pulumi up --yes --skip-preview")
    cloud = account.cloud()
    cloud.faults.fail("delete", kind="forward_entry", code=BUSY)
    without = account.run("pulumi destroy --yes --skip-preview")
    assert without.code != 0
    assert f"error: {BUSY}" in without.out + without.err
    assert "hook" not in without.out + without.err
    cloud.faults.fail("delete", kind="forward_entry", code=BUSY)
    account.succeed("pulumi destroy --yes --skip-preview --run-program")
    assert cloud.all() == []

    # Where the cloud isn't busy, it needs no program.
    account.succeed("pulumi up --yes --skip-preview && pulumi destroy --yes --skip-preview")
    assert cloud.all() == []
