"""What is tried again because the cloud is busy, how long for, and by which resources."""

import asyncio
from itertools import pairwise
from unittest import mock

import pulumi
import pytest

from components import _busy_cloud as busy_cloud
from components._busy_cloud import (
    LONGEST_WAIT,
    PATIENCE,
    Patience,
    busy_code,
    wait_before,
)
from tests.mocked_cloud import run
from tests.program.test_moves import STACKS, made
from tests.stackfiles import settings_of
from topologies.builder import build

# As the provider passes them on: one from the old SDK, one from the new, one from the sandbox.
OLD = """[ERROR] terraform-provider-alicloud/alicloud/resource.go:212: Resource fwd-1 \
ModifyForwardEntry Failed!!! [SDK alibaba-cloud-sdk-go ERROR]:
SDK.ServerError
ErrorCode: IncorretForwardEntryStatus
Message: The status of the entry doesn't allow this."""
NEW = """SDKError:
   StatusCode: 400
   Code: IncorrectStatus.NATGW
   Message: code: 400, the gateway is being configured"""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OLD, "IncorretForwardEntryStatus"),
        (NEW, "IncorrectStatus.NATGW"),
        ("OperationConflict: ngw-1 is busy with another entry", "OperationConflict"),
        ("TaskConflict: wait", "TaskConflict"),
        ("ErrorCode: ConcurrencyLockTimeout", "ConcurrencyLockTimeout"),
        ("Throttling: too many", "Throttling"),
        ("Code: Throttling.User", "Throttling.User"),
        ("Code: Rejected.Throttling", "Rejected.Throttling"),
        ("VpnGateway.Configuring: wait", "VpnGateway.Configuring"),
        ("SystemBusy: wait", "SystemBusy"),
        ("Code: IncorretSnatEntryStatus", "IncorretSnatEntryStatus"),
        ("BandwidthPackageOperation.conflict: wait", "BandwidthPackageOperation.conflict"),
        ("CreateVSwitch.IncorrectStatus.cbnStatus", "IncorrectStatus.cbnStatus"),
        # Another word for it that doesn't go away by waiting, and no busy cloud at all.
        ("IncorrectEipStatus: eip-1 is InUse", None),
        ("DependencyViolation.EIPS: ngw-1 has addresses", None),
        ("QuotaExceeded.Eip: no more", None),
        ("Forbidden.IpUsedInForwardTable: 203.0.113.1 is used", None),
        ("InternalError", None),
        ("", None),
    ],
)
def test_the_clouds_word_for_being_busy_is_known(error: str, code: str | None) -> None:
    assert busy_code(error) == code


URN = "urn:pulumi:dev::shop::alicloud:vpc/forwardEntry:ForwardEntry::web"


def asked(*errors: str, operation: str = "update", seconds: float = 0.0) -> list[float]:
    """For how long it waits before each further attempt, of a call that fails with these errors.

    Args:
        errors: one an attempt; the last one for all that follow.
        operation: what fails.
        seconds: how long each attempt takes.
    """
    now, waits = 1000.0, list[float]()

    async def sleep(wait: float) -> None:
        nonlocal now
        waits.append(wait)
        now += wait

    patience, seen = Patience(), list[str]()
    with (
        mock.patch.object(busy_cloud.asyncio, "sleep", sleep),
        mock.patch.object(busy_cloud, "monotonic", side_effect=lambda: now),
        mock.patch.object(pulumi.log, "info") as told,
    ):
        again = True
        while again:
            assert len(seen) < 90, "the engine gives up at a hundred by itself"
            now += seconds
            seen.insert(0, errors[min(len(seen), len(errors) - 1)])
            args = pulumi.ErrorHookArgs(
                urn=URN, id="", name="web", type="t", failed_operation=operation, errors=seen
            )
            again = asyncio.run(patience.try_again(args))
    said = [one.args[0] for one in told.call_args_list]
    assert [one.partition(" is tried again in ")[2] for one in said] == [
        f"{wait:g} s" for wait in waits
    ], "each wait is told"
    codes = (busy_code(error) for error in errors)
    known = tuple(f"web: the cloud is busy ({code}); {operation}" for code in codes)
    assert all(one.startswith(known) for one in said)
    return waits


def test_it_waits_longer_each_time_and_gives_up_after_some_minutes() -> None:
    waits = asked("TaskConflict: wait")
    assert all(one <= other for one, other in pairwise(waits))
    assert waits[0] < 1 < waits[-1] == wait_before(99)
    assert PATIENCE - LONGEST_WAIT <= sum(waits) <= PATIENCE


def test_what_the_provider_has_tried_for_long_already_is_tried_once_more() -> None:
    assert len(asked("OperationConflict: wait", seconds=PATIENCE)) == 1


def test_anything_else_fails_at_once_whatever_was_said_before() -> None:
    assert asked("QuotaExceeded.Eip: no more") == []
    assert len(asked("TaskConflict: wait", "QuotaExceeded.Eip: no more")) == 1


def test_what_is_half_made_isnt_made_again() -> None:
    error = f"1 error occurred:\n\t* creating {URN}: 1 error occurred:\n\t* Throttling.User"
    assert asked(error, operation="create") == []
    assert asked("1 error occurred:\n\t* Throttling.User", operation="create") != []


@pytest.mark.parametrize("name", STACKS)
def test_every_resource_is_tried_again_by_the_name_that_states_have(name: str) -> None:
    for one in made(name).resources:
        assert [*one.request.hooks.on_error] == ["busy-cloud"], one.name


def test_the_engine_is_told_of_the_hook_once_in_each_run() -> None:
    settings = settings_of(STACKS["gateways"])
    with mock.patch.object(busy_cloud, "ErrorHook", wraps=pulumi.ErrorHook) as hooks:
        for runs in (1, 2):
            run(lambda: build(settings))
            assert hooks.call_count == runs
            name, callback = hooks.call_args.args
            assert name == "busy-cloud"
            assert callback.__func__ is Patience.try_again


def test_a_preview_calls_nothing_and_needs_no_hook() -> None:
    previewed = run(lambda: build(settings_of(STACKS["gateways"])), preview=True)
    assert {hook for one in previewed.resources for hook in one.request.hooks.on_error} == set()
