"""References to other stacks in the program: outputs are asked of Pulumi, then judged."""

import json
import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import grpc
import pulumi
import pytest
import yaml
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs, Mocks

from tests.mocked_cloud import Cloud, Registered, run
from topologies.stack_outputs import READ_OUTPUTS

ROOT = Path(__file__).resolve().parent.parent.parent
PREFIX = "alicloud-gateways:"
SHARED: dict[str, Any] = {
    "vpcId": "vpc-1",
    "vswitchIds": {"apps": "vsw-1", "a.b": "vsw-2"},
    "natGatewayId": "ngw-1",
    "forwardTableId": "ftb-1",
    "bandwidthPackageId": "cbwp-1",
    "publicIps": {"web": "203.0.113.3"},
    "publicIpIds": {"web": "eip-3"},
    "exposure": [],
}
UNKNOWN = (
    "invocation of pulumi:pulumi:readStackOutputs returned an error: "
    'unknown stack "organization/alicloud-gateways/shared"'
)


class _NoStack(grpc.RpcError):
    """What the engine answers."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return UNKNOWN


class _Stacks(Mocks):
    """Pulumi with some stacks beside this one."""

    def __init__(self, stacks: Mapping[str, Mapping[str, Any]], secret: tuple[str, ...]) -> None:
        self.stacks, self.secret, self.asked = stacks, secret, list[str]()
        self.cloud = Cloud()

    def call(self, args: MockCallArgs) -> Any:
        assert args.token == READ_OUTPUTS
        given = cast("dict[str, str]", args.args)
        name = given["name"]
        self.asked.append(name)
        if name not in self.stacks:
            raise _NoStack
        return {"name": name, "outputs": self.stacks[name], "secretOutputNames": [*self.secret]}

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return self.cloud.new_resource(args)


def of(output: str, stack: str = "shared") -> dict[str, str]:
    return {"stack": stack, "output": output}


def app() -> dict[str, Any]:
    """A stack that stands on another one's network and gateway."""
    return {
        "alicloud:region": "cn-shanghai",
        PREFIX + "topology": "shared-bandwidth",
        PREFIX + "network": {
            "vpc": {"id": of("vpcId")},
            "vswitches": {
                "apps": {
                    "id": of("vswitchIds.apps"),
                    "cidr": "192.168.1.0/24",
                    "zone": "cn-shanghai-a",
                }
            },
            "hosts": {"ecs3": {"ip": "192.168.1.3", "vswitch": "apps"}},
        },
        PREFIX + "sharedBandwidth": {
            "bandwidthPackage": {"id": of("bandwidthPackageId")},
            "natGateway": {"id": of("natGatewayId"), "forwardTableId": of("forwardTableId")},
            "publicIps": {"ip3": {}},
            "portMappings": {"web": {"publicIp": "ip3", "port": 80, "host": "ecs3"}},
        },
    }


def run_with(
    config: Mapping[str, Any],
    folder: Path,
    stacks: Mapping[str, Mapping[str, Any]] | None = None,
    secret: tuple[str, ...] = (),
) -> tuple[Registered, list[str]]:
    texts = {key: v if isinstance(v, str) else json.dumps(v) for key, v in config.items()}
    (folder / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": dict(config)}), "utf-8")
    given = {"organization/alicloud-gateways/shared": SHARED} if stacks is None else stacks
    known = _Stacks(given, secret)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        program = str(ROOT / "__main__.py")
        made = run(lambda: runpy.run_path(program, run_name="__main__"), texts, cloud=known)
    return made, known.asked


def refusal(
    config: Mapping[str, Any],
    folder: Path,
    stacks: Mapping[str, Mapping[str, Any]] | None = None,
    secret: tuple[str, ...] = (),
) -> str:
    """The report; nothing has been registered by then."""
    made: list[Registered] = []
    with pytest.raises(pulumi.RunError) as refused:
        made.append(run_with(config, folder, stacks, secret)[0])
    assert made == []
    return str(refused.value)


def test_outputs_of_another_stack_take_the_place_of_ids(tmp_path: Path) -> None:
    made, asked = run_with(app(), tmp_path)
    assert asked == ["organization/alicloud-gateways/shared"], "asked once"
    assert {one.kind for one in made.resources} == {
        *("EipAddress", "CommonBandwithPackageAttachment", "EipAssociation", "ForwardEntry"),
    }
    assert made["port-mappings-web"].inputs["forwardTableId"] == "ftb-1"
    assert made["shared-bandwidth-ip3-association"].inputs["instanceId"] == "ngw-1"
    attachment = made["shared-bandwidth-ip3-attachment"].inputs
    assert attachment["bandwidthPackageId"] == "cbwp-1"


def test_a_name_with_dots_is_found_as_well_as_a_path(tmp_path: Path) -> None:
    config = app()
    config[PREFIX + "network"]["vswitches"]["apps"]["id"] = of("vswitchIds.a.b")
    made, _ = run_with(config, tmp_path)
    assert made["port-mappings-web"]


def test_a_whole_name_means_a_stack_of_elsewhere(tmp_path: Path) -> None:
    text = json.dumps(app()).replace('"stack": "shared"', '"stack": "acme/network/prod"')
    _, asked = run_with(json.loads(text), tmp_path, {"acme/network/prod": SHARED})
    assert asked == ["acme/network/prod"]


def test_a_stack_that_isnt_there_is_one_problem_however_often_it_is_named(tmp_path: Path) -> None:
    report = refusal(app(), tmp_path, {})
    assert "Pulumi.dev.yaml has 1 problem; nothing was changed." in report
    assert "network.vpc.id.stack" in report
    assert "rule:   there is no stack organization/alicloud-gateways/shared" in report
    assert "remedy: build it first (pulumi up --stack shared)" in report
    assert "Pulumi.dev.yaml:" in report


def test_a_stack_that_was_never_up_is_told_from_one_that_isnt_there(tmp_path: Path) -> None:
    report = refusal(app(), tmp_path, {"organization/alicloud-gateways/shared": {}})
    assert "the stack organization/alicloud-gateways/shared has no outputs yet" in report


def test_an_output_that_isnt_there_is_told_with_the_nearest_that_would_do(tmp_path: Path) -> None:
    config = app()
    config[PREFIX + "network"]["vpc"]["id"] = of("vpcID")
    report = refusal(config, tmp_path)
    assert "has 1 problem" in report
    assert "network.vpc.id.output" in report
    assert "the stack shared has no output vpcID" in report
    assert "did you mean vpcId?" in report


@pytest.mark.parametrize(
    ("output", "words", "remedy"),
    [
        ("vswitchIds", "and vswitchIds of shared is a map", "use an output that is defined"),
        ("exposure", "and exposure of shared is no text", "vpcId"),
        ("natGatewayId", "and natGatewayId of shared is ngw-1", "vpcId"),
    ],
)
def test_an_output_of_a_wrong_form_is_refused(
    output: str, words: str, remedy: str, tmp_path: Path
) -> None:
    config = app()
    config[PREFIX + "network"]["vpc"]["id"] = of(output)
    report = refusal(config, tmp_path)
    assert f"rule:   the id of a VPC is needed here, {words}" in report
    assert "has 1 problem" in report
    assert remedy in report


def test_a_map_is_told_with_its_entries(tmp_path: Path) -> None:
    config = app()
    config[PREFIX + "network"]["vswitches"]["apps"]["id"] = of("vswitchIds")
    report = refusal(config, tmp_path)
    assert "the id of a vSwitch is needed here, and vswitchIds of shared is a map" in report
    assert "vswitchIds.apps" in report


def test_a_secret_output_is_refused_and_not_shown(tmp_path: Path) -> None:
    report = refusal(app(), tmp_path, secret=("natGatewayId",))
    assert "the output natGatewayId of shared is a secret" in report
    assert "ngw-1" not in report
    assert "has 1 problem" in report


def test_problems_of_references_come_with_all_others(tmp_path: Path) -> None:
    config = app()
    config[PREFIX + "network"]["vpc"]["id"] = of("vpcID")
    config[PREFIX + "sharedBandwidth"]["portMappings"]["web"]["host"] = "ecs33"
    report = refusal(config, tmp_path)
    assert "has 2 problems" in report
    assert "did you mean ecs3?" in report


def test_a_stack_without_references_asks_for_nothing(tmp_path: Path) -> None:
    config = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text("utf-8"))["config"]
    assert run_with(config, tmp_path)[1] == []
