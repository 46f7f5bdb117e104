"""What goes wrong on the way, and how a stack comes through it, on the real engine."""

import json
import time
from collections.abc import Callable

import pytest

from tests.lifecycle.conftest import Run, Stack
from tests.lifecycle.test_changes import DEV_KINDS

pytestmark = pytest.mark.engine


def test_an_entry_deleted_behind_pulumis_back_is_shown_by_refresh_and_restored_by_up(
    stack: Stack,
) -> None:
    stack.stand()
    web = next(
        entry
        for entry in stack.cloud.all("forward_entry")
        if entry.text("forward_entry_name") == "shop-web"
    )
    stack.cloud.delete_behind(web.id)
    shown = stack.succeed("refresh")
    assert "port-mappings-web deleted" in shown.err
    stack.succeed("up")
    assert stack.changes() == ["create forward_entry port-mappings-web"]
    assert stack.kinds() == DEV_KINDS


def test_an_entry_changed_behind_pulumis_back_is_put_right(stack: Stack) -> None:
    stack.stand()
    web = next(
        entry
        for entry in stack.cloud.all("forward_entry")
        if entry.text("forward_entry_name") == "shop-web"
    )
    stack.cloud.change_behind(web.id, internal_ip="192.168.1.66")
    assert "port-mappings-web" in stack.succeed("refresh").err
    stack.succeed("up")
    assert stack.changes() == ["update forward_entry port-mappings-web"]


def test_a_failure_at_every_single_create_in_turn_ends_in_the_whole_stack(stack: Stack) -> None:
    stack.cloud.faults.fail_each_once("create")
    runs: list[Run] = [stack.run("up")]
    while runs[-1].code != 0:
        assert len(runs) < 30, runs[-1].err
        assert runs[-1].code == 1
        assert "Traceback" not in runs[-1].err
        runs.append(stack.run("up"))
    failed = stack.cloud.calls("create", outcome="InternalError")
    assert len({call.key for call in failed}) == len(DEV_KINDS), "each create failed once"
    assert stack.kinds() == DEV_KINDS
    stack.succeed("up")
    assert stack.changes() == []
    stack.succeed("destroy")
    assert stack.kinds() == []


def test_throttling_and_lost_answers_double_nothing(stack: Stack) -> None:
    stack.cloud.faults.throttle(every=7)
    stack.cloud.faults.lose_answer("create", nth=3)
    stack.cloud.faults.lose_answer("create", nth=9, kind="eip_address")
    stack.succeed("up")
    assert stack.kinds() == DEV_KINDS
    stack.succeed("up")
    assert stack.changes() == []


@pytest.mark.parametrize("kind", ["eip_address", "forward_entry"])
def test_a_run_killed_in_the_middle_is_recovered_and_completed(stack: Stack, kind: str) -> None:
    stack.cloud.entry_seconds = 1.0
    running = stack.start("up")
    wait_for(stack, kind)
    stack.kill(running)

    refused = stack.run("up")
    assert refused.code == 1
    assert f"make recover CONFIG={stack.file}" in refused.err
    assert "pulumi cancel" not in refused.err

    recovered = stack.run("recover")
    assert recovered.code == 0, recovered.err
    stack.cloud.entry_seconds = 0.02
    stack.succeed("up")
    assert stack.kinds() == DEV_KINDS, "nothing is lost and nothing doubled"
    stack.succeed("up")
    assert stack.changes() == []
    stack.succeed("destroy")
    assert stack.kinds() == []


def test_no_file_beside_the_state_can_be_left_by_halves(stack: Stack) -> None:
    stack.stand()
    kept = {file.suffix for file in stack.state.rglob("*")}
    assert ".json" in kept
    assert ".attrs" not in kept, "the engine doesn't write it in one step"


def cut_off(text: str) -> str:
    return text[:1000]


def without_its_vpc(text: str) -> str:
    """Whole JSON, in which what stands on the VPC has lost it."""
    document = json.loads(text)
    resources = document["checkpoint"]["latest"]["resources"]
    resources.remove(next(one for one in resources if one["urn"].endswith("::network-vpc")))
    return json.dumps(document)


@pytest.mark.parametrize("damage", [cut_off, without_its_vpc])
def test_a_state_that_cant_be_read_is_told_with_what_helps(
    stack: Stack, damage: Callable[[str], str]
) -> None:
    stack.stand()
    (state,) = stack.state.rglob("stacks/**/*.json")
    state.write_text(damage(state.read_text(encoding="utf-8")), encoding="utf-8")
    refused = stack.run("up")
    assert refused.code == 1
    assert "isn't whole" in refused.err
    assert "docs/state.md" in refused.err
    assert f"make recover CONFIG={stack.file}" in refused.err
    assert "pulumi cancel" not in refused.err
    assert "what was done is kept" not in refused.err, "nothing was done"

    recovered = stack.succeed("recover")
    assert "can't be read" in recovered.err
    assert "Still in the simulated cloud" not in recovered.err
    stack.succeed("up")
    assert stack.changes() == []


def test_what_stands_twice_with_one_id_is_one_thing_and_stays(stack: Stack) -> None:
    stack.stand()
    (file,) = stack.state.rglob("stacks/**/*.json")
    document = json.loads(file.read_text("utf-8"))
    resources = document["checkpoint"]["latest"]["resources"]
    entry = next(one for one in resources if one["urn"].endswith("::port-mappings-web"))
    resources.append(entry)
    file.write_text(json.dumps(document), encoding="utf-8")
    assert "a resource stands in it twice" in stack.run("up").err
    before = {one.id for one in stack.all("forward_entry")}
    recovered = stack.succeed("recover")
    assert f"port-mappings-web stood twice as {entry['id']}: once is left out" in recovered.err
    stack.succeed("up")
    assert stack.changes() == []
    assert {one.id for one in stack.all("forward_entry")} == before


def test_a_state_in_which_something_stands_twice_is_told_and_mended(stack: Stack) -> None:
    """As the engine leaves it that replaces a gateway twice: docs/adr/0020."""
    stack.edit(
        "      apps:", "      more: {cidr: 192.168.2.0/24, zone: cn-shanghai-b}\n      apps:"
    )
    stack.succeed("up")
    other = stack.cloud.create(
        "nat_gateway",
        {
            "vpc_id": stack.all("vpc")[0].id,
            "vswitch_id": next(one.id for one in stack.all("vswitch") if one["zone_id"][-1] == "b"),
            "nat_type": "Enhanced",
            "payment_type": "PayAsYouGo",
            "nat_gateway_name": "MyNatGW",
        },
        region=stack.region,
    )
    (file,) = stack.state.rglob("stacks/**/*.json")
    document = json.loads(file.read_text("utf-8"))
    resources = document["checkpoint"]["latest"]["resources"]
    place, gateway = next(
        (place, one) for place, one in enumerate(resources) if one["urn"].endswith("::gateway-nat")
    )
    tables = {
        "forwardTableIds": other["forward_table_ids"],
        "snatTableIds": other["snat_table_ids"],
    }
    outputs = {**gateway["outputs"], "vswitchId": other["vswitch_id"], **tables}
    resources.insert(place, {**gateway, "id": other.id, "outputs": outputs})
    file.write_text(json.dumps(document), encoding="utf-8")

    for command in ("up", "destroy"):
        refused = stack.run(command)
        assert refused.code == 1
        assert "a resource stands in it twice" in refused.err
        assert "what was done is kept" not in refused.err
    recovered = stack.succeed("recover")
    assert f"gateway-nat stood twice: {other.id} is kept" in recovered.err
    stack.edit(
        "natGateway: {name: MyNatGW, description: My first NAT Gateway, vswitch: apps}",
        "natGateway: {name: MyNatGW, description: My first NAT Gateway, vswitch: more}",
    )
    stack.succeed("up")
    assert stack.kinds() == sorted([*DEV_KINDS, "vswitch"]), "nothing is lost and nothing doubled"
    assert [one.id for one in stack.all("nat_gateway")] == [other.id]
    stack.succeed("up")
    assert stack.changes() == []


def test_an_address_that_a_dying_provider_left_behind_is_named_when_everything_else_is_gone(
    stack: Stack,
) -> None:
    # One step at a time: what else is under way as the provider dies would be left behind as well.
    stack.environment["PULUMI_PARALLEL"] = "1"
    stack.cloud.faults.kill("create", nth=2, when="after", kind="eip_address")
    assert stack.apart("up").code == 1
    stack.succeed("up")
    shown = stack.succeed("destroy")
    (orphan,) = stack.cloud.all()
    assert f"eip_address {orphan.id}" in shown.err


def test_a_destroy_stopped_half_way_is_resumed(stack: Stack) -> None:
    stack.stand()
    stack.cloud.faults.fail("delete", nth=1, kind="nat_gateway")
    stopped = stack.run("destroy")
    assert stopped.code == 1
    assert "nat_gateway" in stack.kinds()
    assert "forward_entry" not in stack.kinds()
    stack.succeed("destroy")
    assert stack.kinds() == []


def test_a_destroy_killed_half_way_is_recovered_and_resumed(stack: Stack) -> None:
    stack.stand()
    (state,) = stack.state.rglob("stacks/*/shop.json")
    before = state.read_bytes()
    stack.cloud.entry_seconds = 1.0
    stack.cloud.forget_calls()
    running = stack.start("destroy")
    while len(stack.cloud.calls("delete", "forward_entry")) < 2:
        assert running.poll() is None
        time.sleep(0.02)
    stack.kill(running)
    assert state.read_bytes() == before, "it is written once, at the end"
    stack.cloud.entry_seconds = 0.02
    for command in ("up", "preview", "destroy"):
        refused = stack.run(command)
        assert refused.code == 1
        assert f"Run this first: make recover CONFIG={stack.file}" in refused.err
    recovered = stack.run("recover")
    assert recovered.code == 0, recovered.err
    assert state.read_text("utf-8").count('"urn"') < before.count(b'"urn"')
    stack.succeed("destroy")
    assert stack.kinds() == []


def wait_for(stack: Stack, kind: str) -> None:
    """Wait until the cloud has made the first resource of a kind."""
    deadline = time.monotonic() + 60
    while not stack.cloud.calls("create", kind):
        assert time.monotonic() < deadline
        time.sleep(0.01)
