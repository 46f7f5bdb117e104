"""A resource's life behind the provider: through a real gRPC channel, as the engine lives it."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from provider_lab import ProviderLab, plain, urn
from pulumi.runtime.proto import provider_pb2 as proto

from sandbox.cloud import Store
from sandbox.provider.values import read_struct, write_struct
from stack.pulumi_wire import UNKNOWN


@pytest.fixture
def lab() -> Generator[ProviderLab]:
    lab = ProviderLab(Store(":memory:", seed="tests"))
    yield lab
    lab.close()


# --- a resource's life ------------------------------------------------------------------------


def test_a_mapping_lives_and_dies(lab: ProviderLab) -> None:
    nat, eip = lab.gateway_with_ip()
    inputs = lab.entry_inputs(nat, eip, forwardEntryName="web")
    identity, outputs = lab.create("forward", inputs)
    assert identity == f"{nat['forwardTableIds']}:{outputs['forwardEntryId']}"
    assert outputs["status"] == "Available"
    assert lab.differing("forward", outputs, inputs) == set()

    changed = {**inputs, "externalPort": "81"}
    assert lab.differing("forward", outputs, changed) == {"externalPort"}
    outputs = lab.update("forward", identity, outputs, changed)
    assert outputs["externalPort"] == "81"

    found = lab.read("forward", identity, outputs, changed)
    assert found.id == identity
    assert plain(found.properties) == outputs
    assert plain(found.inputs) == changed

    lab.delete("forward", identity, outputs)
    assert lab.read("forward", identity, outputs, changed).id == ""
    lab.delete("forward", identity, outputs)  # gone already is fine


def test_a_preview_asks_nothing_of_the_cloud(lab: ProviderLab) -> None:
    _, outputs = lab.create("nat", {"vpcId": "v", "natType": "Enhanced"}, preview=True)
    assert outputs["forwardTableIds"] == UNKNOWN
    assert outputs["natType"] == "Enhanced"
    assert lab.store.calls() == []


def test_an_updates_preview_keeps_what_the_cloud_filled_in(lab: ProviderLab) -> None:
    identity, outputs = lab.create("eip", {"bandwidth": "5"})
    request = proto.UpdateRequest(
        id=identity,
        urn=urn("eip"),
        olds=write_struct(outputs),
        news=write_struct({"bandwidth": "10"}),
        preview=True,
    )
    planned = plain(lab.stub.Update(request).properties)
    assert planned == {**outputs, "bandwidth": "10"}


def test_ids_are_those_that_pulumi_import_takes(lab: ProviderLab) -> None:
    nat, eip = lab.gateway_with_ip()
    ids = {one.kind: one.id for one in lab.store.all()}
    assert ids["eip_association"] == f"{eip['id']}:{nat['id']}"
    snat, _ = lab.create(
        "snat",
        {
            "snatTableId": nat["snatTableIds"],
            "snatIp": eip["ipAddress"],
            "sourceVswitchId": nat["vswitchId"],
        },
    )
    assert snat.startswith(f"{nat['snatTableIds']}:snat-")


def test_an_import_finds_inputs_that_make_no_difference(lab: ProviderLab) -> None:
    nat, eip = lab.gateway_with_ip()
    identity, _ = lab.create("forward", lab.entry_inputs(nat, eip))
    found = lab.read("forward", identity, {}, {})
    inputs = plain(found.inputs)
    assert inputs == {**lab.entry_inputs(nat, eip)}
    assert lab.differing("forward", plain(found.properties), inputs) == set()


# --- secrets ----------------------------------------------------------------------------------


def test_what_comes_in_secret_goes_out_secret(lab: ProviderLab) -> None:
    news = write_struct({"cidrBlock": "10.0.0.0/16", "description": "hush"}, {"description"})
    checked = lab.stub.Check(proto.CheckRequest(urn=urn("vpc"), news=news))
    assert read_struct(checked.inputs).secret == {"description"}
    request = proto.CreateRequest(urn=urn("vpc"), properties=checked.inputs)
    assert read_struct(lab.stub.Create(request).properties).secret == {"description"}


def test_a_password_is_secret_even_when_the_program_forgot(lab: ProviderLab) -> None:
    inputs = {"instanceType": "ecs.t6", "imageId": "i", "password": "Correct-Horse-1"}
    assert read_struct(lab.check("instance", inputs).inputs).secret == {"password"}


# --- refusals, retries, faults ----------------------------------------------------------------


def test_a_refusal_is_one_readable_line(lab: ProviderLab) -> None:
    nat, _ = lab.gateway_with_ip()
    with pytest.raises(grpc.RpcError) as caught:
        lab.create("forward", lab.entry_inputs(nat, {"ipAddress": "198.51.100.99"}))
    details = getattr(caught.value, "details")()  # noqa: B009 - gRPC's stubs don't know it
    assert details.startswith("InvalidIp.NotInNatgw: 198.51.100.99 isn't bound")


def test_a_missing_edge_fails_at_once_instead_of_waiting(lab: ProviderLab) -> None:
    nat, _ = lab.gateway_with_ip()
    with pytest.raises(grpc.RpcError, match="InvalidIp"):
        lab.create("forward", lab.entry_inputs(nat, {"ipAddress": "198.51.100.99"}))
    assert len(lab.store.calls("create", "forward_entry")) == 1


def test_mappings_made_side_by_side_wait_for_each_other_and_are_counted(lab: ProviderLab) -> None:
    nat, eip = lab.gateway_with_ip()

    def make(port: int) -> str:
        ports = {"externalPort": str(port), "internalPort": str(port)}
        return lab.create("forward", lab.entry_inputs(nat, eip, **ports))[0]

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(make, range(1, 9)))) == 8
    assert len(lab.store.calls("create", "forward_entry", "OK")) == 8
    assert lab.store.calls("create", "forward_entry", "OperationConflict")


def test_mappings_made_one_after_the_other_never_conflict(lab: ProviderLab) -> None:
    nat, eip = lab.gateway_with_ip()
    for port in "123":
        inputs = lab.entry_inputs(nat, eip, externalPort=port, internalPort=port)
        lab.delete("forward", *lab.create("forward", inputs))
    assert lab.store.calls(outcome="OperationConflict") == []


def test_a_change_that_meets_another_one_fails_at_once(lab: ProviderLab) -> None:
    nat, eip = lab.gateway_with_ip()
    inputs = lab.entry_inputs(nat, eip)
    identity, outputs = lab.create("forward", inputs)
    lab.store.entry_seconds = 60
    lab.store.update("forward_entry", str(outputs["forwardEntryId"]), {"externalPort": "81"})
    with pytest.raises(grpc.RpcError, match="OperationConflict"):
        lab.update("forward", identity, outputs, {**inputs, "externalPort": "82"})


def test_throttling_is_waited_out(lab: ProviderLab) -> None:
    lab.store.faults.throttle(next_calls=3)
    identity, _ = lab.create("eip", {})
    assert [call.outcome for call in lab.store.calls("create")] == ["Throttling.User"] * 3 + ["OK"]
    assert identity == lab.store.all("eip_address")[0].id


def test_a_lost_answer_makes_no_second_resource(lab: ProviderLab) -> None:
    lab.store.faults.lose_answer("create")
    lab.create("eip", {})
    assert len(lab.store.all("eip_address")) == 1
    assert len(lab.store.calls("create")) == 2


def test_a_lost_answer_to_a_delete_is_no_failure(lab: ProviderLab) -> None:
    identity, outputs = lab.create("eip", {})
    lab.store.faults.lose_answer("delete")
    lab.delete("eip", identity, outputs)
    assert lab.store.all("eip_address") == []


def test_a_forced_gateway_takes_its_entries_along(lab: ProviderLab) -> None:
    nat, eip = lab.gateway_with_ip()
    lab.create("forward", lab.entry_inputs(nat, eip))
    with pytest.raises(grpc.RpcError, match=r"DependencyViolation\.ForwardEntry"):
        lab.delete("nat", nat["id"], nat)
    lab.delete("nat", nat["id"], {**nat, "force": True})


def test_the_fault_plan_kills_the_provider(lab: ProviderLab) -> None:
    lab.store.faults.kill("create", when="after")
    with pytest.raises(grpc.RpcError):
        lab.create("eip", {})
    assert len(lab.store.all("eip_address")) == 1


# --- regions, data sources, the process -------------------------------------------------------


def test_each_connection_has_a_region_of_its_own(lab: ProviderLab) -> None:
    other = lab.another("cn-beijing")
    request = proto.CreateRequest(
        urn=urn("vpc"), properties=write_struct({"cidrBlock": "10.0.0.0/16"})
    )
    assert plain(other.Create(request).properties)["regionId"] == "cn-beijing"
    assert plain(lab.stub.Create(request).properties)["regionId"] == "cn-shanghai"


def test_an_unknown_data_source_is_refused_with_a_way_out(lab: ProviderLab) -> None:
    with pytest.raises(grpc.RpcError, match="doesn't simulate the data source"):
        lab.stub.Invoke(proto.InvokeRequest(tok="alicloud:vpc/getNetworks:getNetworks"))


def test_the_process_says_its_port_and_ends_with_its_standard_input(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sandbox.provider", "--store", str(tmp_path / "cloud.db")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert int(process.stdout.readline()) > 0
        process.send_signal(signal.SIGINT)  # Control-C is the engine's to answer
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.2)
        process.stdin.close()
        assert process.wait(20) == 0
