"""Private calls on the real engine: the examples from nothing, again, and interrupted."""

import shutil
from pathlib import Path

import pytest

from tests.lifecycle.conftest import ROOT, Run, Stack

pytestmark = pytest.mark.engine

EXAMPLES = sorted((ROOT / "examples" / "private-calls").glob("*/Pulumi.*.yaml"))
EACH = pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem.removeprefix("Pulumi."))


def laid_out(stack: Stack, file: Path) -> Stack:
    """The stack with an example, and the code beside it that it names."""
    folder = stack.file.parent / "examples" / file.parent.relative_to(ROOT / "examples")
    shutil.copy(ROOT / "Pulumi.yaml", stack.file.parent)
    shutil.copytree(ROOT / "examples", stack.file.parent / "examples")
    stack.file = folder / "Pulumi.shop.yaml"
    stack.write(file.read_text(encoding="utf-8"))
    return stack


def everything(stack: Stack) -> list[str]:
    """The kinds of what is in the cloud, whatever its region."""
    return sorted(one.kind for one in stack.cloud.all())


@EACH
def test_an_example_is_built_stays_unchanged_and_is_destroyed(stack: Stack, file: Path) -> None:
    laid_out(stack, file)
    stack.succeed("up")
    assert len(everything(stack)) == len(stack.changes()) > 10
    stack.succeed("up")
    assert stack.changes() == []
    stack.succeed("refresh")
    stack.succeed("up")
    assert stack.changes() == []
    stack.succeed("destroy")
    assert everything(stack) == []


@EACH
def test_a_failure_at_every_single_create_in_turn_ends_in_the_whole_stack(
    stack: Stack, file: Path
) -> None:
    laid_out(stack, file)
    stack.cloud.faults.fail_each_once("create")
    runs: list[Run] = [stack.run("up")]
    while runs[-1].code != 0:
        assert len(runs) < 40, runs[-1].err
        assert runs[-1].code == 1
        assert "Traceback" not in runs[-1].err
        runs.append(stack.run("up"))
    failed = stack.cloud.calls("create", outcome="InternalError")
    assert len({call.key for call in failed}) == len(everything(stack)) > 10, "each failed once"
    stack.succeed("destroy")
    assert everything(stack) == []


def test_a_function_gets_the_apis_address_inside(stack: Stack) -> None:
    (file,) = [one for one in EXAMPLES if "same-region" in one.name]
    laid_out(stack, file).succeed("up")
    (function,) = stack.all("fcv3_function")
    (group,) = stack.all("api_gateway_group")
    address = function["environment_variables"]["API_URL"]
    assert address == f"http://{group['vpc_domain']}/web/cloudapi"


def test_what_lies_in_another_region_is_made_there(stack: Stack) -> None:
    (file,) = [one for one in EXAMPLES if "transit-router" in one.name]
    laid_out(stack, file).succeed("up")
    (function,) = stack.cloud.all("fcv3_function", region="cn-zhangjiakou")
    assert function["vpc_config"]["security_group_id"]
    assert stack.cloud.all("api_gateway_instance", region="cn-zhangjiakou") == []
    assert len(stack.cloud.all("vpc", region="cn-zhangjiakou")) == 1


def test_what_would_fail_half_way_is_refused_before_anything_changes(stack: Stack) -> None:
    (file,) = [one for one in EXAMPLES if "transit-router" in one.name]
    laid_out(stack, file).succeed("up")
    today, built = stack.text, everything(stack)
    on_basic = "crossRegion:\n    edition: basic\n    bandwidthPackage: {bandwidth: 2}\n"
    for old, new, place in (
        ("functions: {network:", "calls: {network:", "crossRegion.attachments.calls"),
        ("calls: {regions:", "joint: {regions:", "crossRegion.links.joint"),
        ("gateway: {range:", "entry: {range:", "crossRegion.services.entry"),
        ("crossRegion:\n", on_basic, "crossRegion.edition"),
    ):
        stack.write(today)
        stack.edit(old, new)
        stack.cloud.forget_calls()
        refused = stack.run("up")
        assert (refused.code, stack.changes()) == (2, []), refused.err
        assert place in refused.err
        assert "1 problem; nothing was changed" in refused.err
    stack.write(today)
    stack.edit("functions: {network:", "calls: {was: functions, network:")
    stack.edit("calls: {regions:", "joint: {was: calls, regions:")
    stack.edit("gateway: {range:", "entry: {was: gateway, range:")
    stack.succeed("up")
    assert everything(stack) == built
    assert not [one for one in stack.changes() if not one.startswith("update ")]
