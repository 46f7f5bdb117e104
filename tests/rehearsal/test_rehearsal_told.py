"""The answer of a rehearsal, as people and pipelines read it."""

from typing import Any

import pulumi.automation as auto
import pytest

from sandbox.rehearsal.events import Failure, Log, Step
from sandbox.rehearsal.rehearsing import Rehearsed
from sandbox.rehearsal.telling import told

URN = "urn:pulumi:dev::shop::alicloud-gateways:index:Network$alicloud:vpc/switch:Switch::network-a"
COMPONENT = "urn:pulumi:dev::shop::alicloud-gateways:index:Network::network"
SPOILED = (
    "post-step event returned an error: failed to save snapshot: .pulumi/stacks/shop/dev.json: "
    "snapshot integrity failure; it was already written, but is invalid (backup available at "
    ".pulumi/stacks/shop/dev.json.bak): duplicate resource urn:pulumi:dev::shop::a:b:C$"
    "alicloud:vpc/natGateway:NatGateway::gateway-nat (not marked for deletion)"
)


def answer(reason: str = "", operation: str = "delete-replaced", **names: str) -> str:
    failures = (Failure(Step(operation, URN), reason),) if reason else ()
    return told(Rehearsed((Step(operation, URN),), failures, (), names))


def test_an_update_that_ends_well_is_one_line() -> None:
    steps = (Step("create", COMPONENT), Step("replace", URN), Step("delete-replaced", URN))
    line = "Rehearsed on a copy: the change ends well, and a second up changes nothing."
    assert told(Rehearsed(steps, (), (), {})) == line
    more = (*steps, Step("create", URN + "-2"))
    assert "all 2 changes end well" in told(Rehearsed(more, (), (), {}))


def test_nothing_to_do_is_said() -> None:
    assert told(Rehearsed((), (), (), {})).startswith("Nothing would change")


def test_what_stops_an_update_before_its_first_step_isnt_put_down_to_its_size() -> None:
    reason = "validating stack config: cipher: message authentication failed"
    said = told(Rehearsed((), (Failure(None, reason),), (), {}))
    assert said.startswith("Rehearsed on a copy, this update can't begin. Nothing was changed.")
    assert f"reason:  {reason}" in said
    assert "smaller" not in said


def test_a_failure_has_its_step_its_reason_with_names_and_what_to_do_instead() -> None:
    said = answer(
        "DependencyViolation.Eni: The vSwitch vsw-1 is used by i-2.",
        **{"vsw-1": "network-a", "i-2": "web"},
    )
    assert said.splitlines()[2:] == [
        "  step:    delete the old network-a (Switch)",
        "  reason:  DependencyViolation.Eni: The vSwitch vsw-1 (network-a) is used by i-2 (web).",
        (
            "  instead: in two updates: first move off network-a what uses it, and leave network-a "
            "as it is; then change it or take it out"
        ),
    ]


def test_a_state_that_the_engine_spoils_is_told_without_the_copys_paths_and_once() -> None:
    found = Failure(Step("replace", URN), SPOILED)
    other = Failure(Step("replace", URN), SPOILED.replace("post-step", "pre-step"))
    said = told(Rehearsed((Step("replace", URN),), (found, other), (), {}))
    assert said.count("step:") == 1
    assert "can't load it again (snapshot integrity failure: duplicate resource gateway-nat" in said
    assert ".pulumi" not in said
    assert "in two updates: first move network-a" in said


@pytest.mark.parametrize(
    ("reason", "instead"),
    [
        ("get stack: snapshot integrity failure; refusing to use it: x", "docs/recovery.md"),
        ("InvalidIpStatus.HasBeenUsedBySnatTable: x", "take out the entries that use this address"),
        ("InvalidSecurityGroupId.VpcMismatch: x", "leave network-a in its network"),
        (
            "InvalidServerId.VpcMismatch: lb-a is in vpc-a, i-a in no VPC that is known.",
            "instanceId",
        ),
        (
            "InvalidInstanceId: i-a isn't in vpc-a but in no VPC that is known.",
            "instanceId",
        ),
        ("QuotaExceeded.Eip: The quota of 20 is used up.", "Quota Center"),
        ("InvalidOperation.CidrConflict: x and y overlap", "first take out what holds that"),
        ("DeleteConflict.Role.Policy: x has policies", "move off network-a"),
        ("BackendServer.Exists: i-1:8080 is in rsp-1 already.", "say was: with its old name"),
        ("Forbidden.SourceVSwitchId.Duplicated: x", "say was: with its old name"),
        ("InvalidOperation.DeletionProtection: eip-1 has protection on", "tier: staging"),
        ("OperationFailed.RouteEntryExist: x still leads to y", "move off network-a"),
        (
            "OperationUnsupported.EipBindMode: The bind mode changes from NAT, never back.",
            "leave network-a as it was",
        ),
        ("OperationUnsupported.EipIsp: eip-1 is of the line BGP", "the same isp"),
        ("EniPerInstanceLimitExceeded: The quota of 2 enis is used up.", "A larger instance type"),
        ("InternalError: the cloud doesn't know", "smaller updates"),
    ],
)
def test_each_reason_has_its_remedy(reason: str, instead: str) -> None:
    assert instead in answer(reason)


def test_an_update_that_never_settles_names_what_would_be_done_again() -> None:
    left = tuple(Step("update", f"{URN}-{number}") for number in range(5))
    said = told(Rehearsed((Step("create", URN),), (), left, {}))
    assert "a second up changes things again" in said
    assert "again:   update network-a-0 (Switch), " in said
    assert said.endswith(", and 2 more")


def test_the_log_keeps_steps_that_change_something_and_errors_with_their_resource() -> None:
    log, heard = Log(), list[auto.EngineEvent]()
    log.more = heard.append
    for event in (
        _pre("same", URN),
        _pre("delete-replaced", URN),
        _error(f"<{{%reset%}}>deleting {URN}: DependencyViolation.Eip: x<{{%reset%}}>\n", URN),
        _error("update failed", ""),
    ):
        log.heard(event)
    assert log.steps == [Step("delete-replaced", URN)]
    (failure,) = log.failures
    assert failure.step == Step("delete-replaced", URN)
    assert failure.reason == f"deleting {URN}: DependencyViolation.Eip: x"
    assert len(heard) == 4


def test_a_failure_without_a_resource_is_told_where_nothing_else_is() -> None:
    log = Log()
    log.failed("the program ended with an exception")
    (failure,) = log.failures
    assert failure.step is None
    said = told(Rehearsed((), (failure,), (), {}))
    assert "  reason:  the program ended with an exception\n" in said
    assert "step:" not in said


def _pre(operation: str, urn: str) -> auto.EngineEvent:
    metadata = {"op": operation, "urn": urn, "type": "x", "provider": ""}
    return _event({"resourcePreEvent": {"metadata": metadata}})


def _error(message: str, urn: str) -> auto.EngineEvent:
    told_ = {"message": message, "color": "", "severity": "error", "urn": urn}
    return _event({"diagnosticEvent": told_})


def _event(told_: dict[str, Any]) -> auto.EngineEvent:
    untyped: Any = auto.EngineEvent
    return untyped.from_json(told_)
