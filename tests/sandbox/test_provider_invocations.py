"""A run that failed: made, kept in the state, and named at each further update."""

from collections.abc import Generator, Iterable
from typing import Any, cast

import grpc
import pytest
from cloud_lab import Lab
from provider_lab import ProviderLab, plain, urn
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto.status_pb2 import Status

from sandbox.cloud import Store
from sandbox.provider.values import write_struct


@pytest.fixture
def lab() -> Generator[ProviderLab]:
    lab = ProviderLab(Store(":memory:", seed="tests"))
    yield lab
    lab.close()


@pytest.fixture
def inputs(lab: ProviderLab) -> dict[str, Any]:
    cloud = Lab(lab.store)
    instance = cloud.new_instance(cloud.new_group())
    script = {"name": "routes", "type": "RunShellScript", "commandContent": "aXAgcm91dGU="}
    command, _ = lab.create("command", script)
    return {"commandId": command, "instanceIds": [instance.id]}


def kept(error: grpc.RpcError) -> proto.ErrorResourceInitFailed:
    """What the engine keeps of a resource that was made and failed."""
    call = cast("Any", error)  # gRPC's stubs don't know that it answers these
    assert call.code() is grpc.StatusCode.UNKNOWN
    trailing = dict(cast("Iterable[tuple[str, bytes]]", call.trailing_metadata()))
    status = Status.FromString(trailing["grpc-status-details-bin"])
    assert status.message == call.details()
    details = proto.ErrorResourceInitFailed()
    assert status.details[0].Unpack(details)
    return details


def fail(lab: ProviderLab, inputs: dict[str, Any]) -> proto.ErrorResourceInitFailed:
    lab.store.faults.fail_invocation()
    with pytest.raises(grpc.RpcError) as caught:
        lab.create("invocation", inputs)
    return kept(caught.value)


def test_a_run_that_succeeds_is_like_any_resource(lab: ProviderLab, inputs: dict[str, Any]) -> None:
    identity, outputs = lab.create("invocation", inputs)
    assert outputs["status"] == "Success"
    assert outputs["instanceIds"] == inputs["instanceIds"]
    assert lab.differing("invocation", outputs, inputs) == set()
    assert lab.update("invocation", identity, outputs, inputs) == outputs
    lab.delete("invocation", identity, outputs)


def test_a_run_that_fails_is_kept_with_its_reason(lab: ProviderLab, inputs: dict[str, Any]) -> None:
    failed = fail(lab, inputs)
    assert failed.id == lab.store.all("ecs_invocation")[0].id
    assert plain(failed.properties)["status"] == "Failed"
    assert plain(failed.inputs) == inputs
    (reason,) = failed.reasons
    assert "replace this resource" in reason
    assert inputs["instanceIds"][0] in reason


def test_a_run_that_failed_is_named_again_and_not_repeated(
    lab: ProviderLab, inputs: dict[str, Any]
) -> None:
    failed = fail(lab, inputs)
    with pytest.raises(grpc.RpcError) as caught:
        lab.update("invocation", failed.id, plain(failed.properties), inputs)
    assert list(kept(caught.value).reasons) == list(failed.reasons)
    assert len(lab.store.calls("create", "ecs_invocation")) == 1
    assert lab.store.calls("update", "ecs_invocation") == []


def test_a_preview_does_not_name_it(lab: ProviderLab, inputs: dict[str, Any]) -> None:
    failed = fail(lab, inputs)
    request = proto.UpdateRequest(
        id=failed.id,
        urn=urn("invocation"),
        olds=failed.properties,
        news=write_struct(inputs),
        preview=True,
    )
    assert plain(lab.stub.Update(request).properties)["status"] == "Failed"


def test_a_changed_script_replaces_the_run(lab: ProviderLab, inputs: dict[str, Any]) -> None:
    _, outputs = lab.create("invocation", inputs)
    answer = lab.diff("invocation", outputs, {**inputs, "commandId": "c-other"})
    assert list(answer.replaces) == ["commandId"]


def test_a_frequency_counts_only_for_runs_that_repeat(
    lab: ProviderLab, inputs: dict[str, Any]
) -> None:
    _, once = lab.create("invocation", inputs)
    assert lab.differing("invocation", once, {**inputs, "frequency": "0 0 3 * * ?"}) == set()
    daily = {**inputs, "repeatMode": "Period", "frequency": "0 0 3 * * ?"}
    _, outputs = lab.create("invocation", daily)
    changed = {**daily, "frequency": "0 0 4 * * ?"}
    assert lab.differing("invocation", outputs, changed) == {"frequency"}


def test_an_update_without_a_change_asks_how_it_is_now(lab: ProviderLab) -> None:
    identity, outputs = lab.create("eip", {"bandwidth": "5"})
    lab.store.change_behind(identity, status="Locked")
    assert lab.update("eip", identity, outputs, {"bandwidth": "5"})["status"] == "Locked"
    assert lab.store.calls("update") == []
    lab.store.delete_behind(identity)
    with pytest.raises(grpc.RpcError, match="NotFound"):
        lab.update("eip", identity, outputs, {"bandwidth": "5"})


def test_a_lost_answer_to_an_unbinding_is_waited_out(lab: ProviderLab) -> None:
    nat, eip = lab.gateway_with_ip()
    lab.store.association_seconds = 0.5
    lab.store.faults.lose_answer("delete", kind="eip_association")
    lab.delete("association", f"{eip['id']}:{nat['id']}", {})
    assert lab.store.all("eip_association") == []
    assert lab.store.calls("delete", "eip_association", "TaskConflict")


def test_a_binding_is_waited_for(lab: ProviderLab) -> None:
    lab.store.association_seconds = 0.05
    nat, eip = lab.gateway_with_ip()
    lab.create("forward", lab.entry_inputs(nat, eip))
    assert [call.outcome for call in lab.store.calls("create", "forward_entry")] == ["OK"]
