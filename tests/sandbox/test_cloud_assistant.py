"""Cloud Assistant: commands, and their runs inside instances."""

import base64
from typing import Any

import pytest
from cloud_lab import Lab, new_lab, refused

from sandbox.cloud import Resource


@pytest.fixture
def lab() -> Lab:
    return new_lab()


@pytest.fixture
def instance(lab: Lab) -> Resource:
    return lab.new_instance(lab.new_group())


def encoded(script: str) -> str:
    return base64.b64encode(script.encode()).decode()


def new_command(lab: Lab, script: str = "ip route show", **more: object) -> Resource:
    asked = {"name": "routes", "type": "RunShellScript", "command_content": encoded(script)}
    return lab.store.create("ecs_command", {**asked, **more})


def run(lab: Lab, command: Resource, *instances: Resource, **more: object) -> Resource:
    asked = {"command_id": command.id, "instance_id": [one.id for one in instances]}
    return lab.store.create("ecs_invocation", {**asked, **more})


# --- commands ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"type": "RunPythonScript"}, "InvalidCmdType.NotFound"),
        ({"command_content": "ip route show"}, "CmdContent.DecodeError"),
        ({"command_content": ""}, "CmdContent.DecodeError"),
        ({"command_content": encoded("#" * 18_433)}, "CmdContent.ExceedLimit"),
        ({"name": "n" * 129}, "CmdName.ExceedLimit"),
        ({"description": "d" * 513}, "CmdDesc.ExceedLimit"),
        ({"working_dir": "/" * 201}, "InvalidParameter.WorkingDir"),
        ({"timeout": 9}, "InvalidParameter.Timeout"),
        ({"timeout": 86_401}, "InvalidTimeout.ExceedLimit"),
    ],
)
def test_a_command_that_could_not_run_is_refused(lab: Lab, more: dict[str, Any], code: str) -> None:
    with refused(code):
        new_command(lab, **more)


def test_a_command_at_its_limits_is_fine(lab: Lab) -> None:
    new_command(lab, "#" * 18_432, timeout=86_400, name="n" * 128)
    assert new_command(lab, timeout=10).id.startswith("c-")


def test_the_account_has_so_many_commands(lab: Lab) -> None:
    lab.store.set_quota("commands_per_region", 1)
    new_command(lab)
    with refused("CmdCount.ExceedQuota"):
        new_command(lab)


# --- runs -------------------------------------------------------------------------------------


def test_a_run_succeeds_and_outlives_its_command(lab: Lab, instance: Resource) -> None:
    command = new_command(lab)
    done = run(lab, command, instance)
    assert done.id.startswith("t-")
    assert (done["status"], done["repeat_mode"]) == ("Success", "Once")
    lab.store.delete(command.kind, command.id)
    lab.store.delete(done.kind, done.id)


def test_a_run_needs_its_command_and_its_instances(lab: Lab, instance: Resource) -> None:
    command = new_command(lab)
    with refused("MissingParam.InstanceId"):
        run(lab, command)
    lab.store.delete_behind(instance.id)
    with refused("InvalidInstance.NotFound"):
        run(lab, command, instance)
    lab.store.delete(command.kind, command.id)
    with refused("InvalidCmdId.NotFound"):
        run(lab, command, instance)


def test_a_run_needs_instances_that_run(lab: Lab, instance: Resource) -> None:
    lab.store.change_behind(instance.id, status="Stopped")
    with refused("InstanceNotRunning"):
        run(lab, new_command(lab), instance)


def test_a_run_takes_a_hundred_instances(lab: Lab, instance: Resource) -> None:
    run(lab, new_command(lab), *[instance] * 100)
    with refused("InstanceIds.ExceedLimit"):
        run(lab, new_command(lab), *[instance] * 101)


def test_a_run_that_repeats_is_scheduled(lab: Lab, instance: Resource) -> None:
    with refused("MissingParam.Frequency"):
        run(lab, new_command(lab), instance, repeat_mode="Period")
    daily = run(lab, new_command(lab), instance, frequency="0 0 3 * * ?")
    assert (daily["status"], daily["repeat_mode"]) == ("Scheduled", "Period")


def test_parameters_are_those_of_the_script(lab: Lab, instance: Resource) -> None:
    plain = new_command(lab, "echo {{ card }}")
    with refused("Parameter.Disabled"):
        run(lab, plain, instance, parameters={"card": "eth1"})
    run(lab, plain, instance)
    command = new_command(lab, "echo {{ card }} {{ACS::InstanceId}}", enable_parameter=True)
    with refused("Parameter.MissingValue"):
        run(lab, command, instance)
    with refused("Parameter.NotMatched"):
        run(lab, command, instance, parameters={"card": "eth1", "table": "1001"})
    with refused("ParameterCount.ExceedLimit"):
        run(lab, command, instance, parameters={str(one): "x" for one in range(11)})
    run(lab, command, instance, parameters={"card": "eth1"})


def test_a_script_fails_on_demand_and_the_run_is_there(lab: Lab, instance: Resource) -> None:
    command = new_command(lab)
    lab.store.faults.fail_invocation(nth=2)
    states = [run(lab, command, instance)["status"] for _ in range(3)]
    assert states == ["Success", "Failed", "Success"]
    assert [one["status"] for one in lab.store.all("ecs_invocation")] == states


def test_a_failing_script_waits_for_a_run(lab: Lab, instance: Resource) -> None:
    lab.store.faults.fail_invocation()
    command = new_command(lab)
    assert lab.store.calls("create", "ecs_command", "OK")
    assert run(lab, command, instance)["status"] == "Failed"
