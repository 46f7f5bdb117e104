"""Commands that rehearse first, as users type them."""

import json
from typing import Any

import pytest
import yaml

from stack.command_line import REHEARSE_VARIABLE
from stack.naming import NAMESPACE
from tests.cloud_dump import dump
from tests.lifecycle.account import Account
from tests.lifecycle.conftest import ROOT, Stack

pytestmark = pytest.mark.engine

EXISTING = ROOT / "examples/shared-bandwidth/Pulumi.existing.yaml"
OWN_GATEWAY = ROOT / "examples/unified-egress/Pulumi.own-gateway.yaml"
SERVERLESS = ROOT / "examples/api-gateway/serverless"
NOTHING = "Nothing changes, in the cloud or in the state: a run on a copy says so."
MAIL = "      mail: {publicIp: ip6, port: 25, host: ecs4}\n"


@pytest.fixture
def rehearsing(stack: Stack) -> Stack:
    """The dev stack, whose commands rehearse."""
    stack.environment.pop(REHEARSE_VARIABLE)
    return stack


def kept(stack: Stack) -> tuple[dict[str, Any], bytes]:
    """Everything that the cloud and the state hold."""
    (state,) = stack.state.rglob("stacks/*/shop.json")
    return dump(stack.state.parent / "cloud.db"), state.read_bytes()


def test_an_up_whose_rehearsal_fails_leaves_cloud_and_state_as_they_were(
    rehearsing: Stack,
) -> None:
    stack = rehearsing
    stack.stand()
    stack.cloud.set_quota("eips_per_region", 5)
    stack.edit("    portMappings:\n", f"      ip6: {{}}\n    portMappings:\n{MAIL}")
    before = kept(stack)
    for command in ("up", "preview"):
        refused = stack.run(command)
        assert refused.code == 2
        assert "step:    create shared-bandwidth-ip6 (EipAddress)" in refused.err
        assert "reason:  QuotaExceeded.Eip: The quota of 5" in refused.err
        assert "instead: in two updates" in refused.err
    assert kept(stack) == before

    stack.cloud.set_quota("eips_per_region", 6)
    done = stack.succeed("up")
    assert "all 4 changes end well, and a second up changes nothing." in done.err
    assert len(stack.changes()) == 4
    assert stack.run("rehearse").out.startswith("Nothing would change")

    # Faults are for seeing failures.
    stack.edit(MAIL, "")
    stack.cloud.faults.fail("delete", kind="forward_entry")
    failed = stack.run("up")
    assert failed.code == 1
    assert "Not rehearsed: faults are asked for." in failed.err
    assert "InternalError" in failed.err


def test_where_the_copy_stays_as_it_is_nothing_else_is_run(rehearsing: Stack) -> None:
    stack = rehearsing
    stack.stand()
    stack.succeed("up")
    before = kept(stack)
    done = stack.succeed("up")
    assert NOTHING in done.err
    assert done.out == "It opens, closes, replaces and deletes nothing.\n"
    assert kept(stack) == before
    assert stack.cloud.calls() == []

    # What the cloud has no part in is written all the same.
    (file,) = stack.state.rglob("stacks/*/shop.json")
    state = json.loads(before[1])
    web = next(
        one for one in state["checkpoint"]["latest"]["resources"] if one["urn"].endswith("-web")
    )
    depended, web["dependencies"] = web["dependencies"], web["dependencies"][:1]
    file.write_text(json.dumps(state), encoding="utf-8")
    done = stack.succeed("up")
    assert NOTHING not in done.err
    assert f'"{depended[-1]}"' in file.read_text("utf-8")
    assert stack.changes() == []

    # Nor is a state passed over that a killed run has left locked.
    lock = stack.state / ".pulumi/locks/organization/alicloud-gateways/shop/killed.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text("{}", encoding="utf-8")
    refused = stack.run("up")
    assert refused.code == 1
    assert f"Run this first: make recover CONFIG={stack.file}" in refused.err


def test_what_exists_already_is_there_in_a_rehearsal(rehearsing: Stack) -> None:
    rehearsing.write(EXISTING.read_text("utf-8"))
    found = rehearsing.run("rehearse")
    assert found.out == (
        "Rehearsed on a copy: all 7 changes end well, and a second up changes nothing.\n"
    )
    assert rehearsing.all() == []


def test_and_in_the_sandbox_itself_where_it_is_nobodys_to_delete(rehearsing: Stack) -> None:
    stack = rehearsing
    stack.write(EXISTING.read_text("utf-8"))
    made = stack.succeed("up")
    assert "Taken as existing, as the stack file says: vpc-uf6demo, vsw-uf6demo" in made.err
    assert "i-uf6demo" in stack.cloud.assumed
    again = stack.succeed("up")
    assert "Taken as existing" not in again.err
    stack.changes()
    gone = stack.succeed("destroy")
    assert "Nothing is left in the simulated cloud." in gone.err
    assert {one.id for one in stack.all()} == stack.cloud.assumed


def test_a_server_that_exists_stands_in_no_network_that_is_only_made_now(
    rehearsing: Stack,
) -> None:
    """Once the network is there, the server may be: it is placed by what the state has."""
    stack = rehearsing
    document: dict[str, Any] = yaml.safe_load(OWN_GATEWAY.read_text("utf-8"))
    config = document["config"]
    hosts, section = config[f"{NAMESPACE}:network"]["hosts"], f"{NAMESPACE}:unifiedEgress"
    for number, host in enumerate(hosts.values()):
        del host["instance"]
        host.update(instanceId=f"i-theirs{number}", eniQuantity=2)
    whole = yaml.safe_dump(document)
    stack.write(whole)
    refused = stack.run("up")
    assert refused.code == 2
    assert "a server that exists stands in no network that is only made now" in refused.err
    assert stack.all() == []
    assert stack.cloud.assumed == frozenset()

    config[section]["servers"] = {}
    for address in ("web1", "web2"):
        config[section]["publicIps"][address]["spare"] = True
    hosts.clear()
    stack.write(yaml.safe_dump(document))
    stack.succeed("up")
    stack.write(whole)
    stack.succeed("up")
    assert stack.cloud.assumed == {"i-theirs0", "i-theirs1"}
    assert len(stack.all("ecs_network_interface_attachment")) == 2


def test_an_accounts_stack_is_rehearsed_by_what_its_own_cli_says(account: Account) -> None:
    for one in ("Pulumi.serverless.yaml", "phone-lookup"):
        account.succeed(f"cp -r '{SERVERLESS / one}' .")
    account.succeed("pulumi stack init serverless && pulumi up --yes --non-interactive")
    account.edit("Pulumi.serverless.yaml", "timeout: 10 #", "timeout: 9 #")
    found = account.run("make rehearse ACCOUNT=1 STACK=serverless")
    assert found.out == (
        "Rehearsed on a copy: the change ends well, and a second up changes nothing.\n"
    ), found.err
