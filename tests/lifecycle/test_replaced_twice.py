"""The engine's defect that docs/adr/0020 is about, in the smallest program that meets it."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pulumi
import pulumi.automation as auto
import pytest
from pulumi_alicloud import ecs, vpc

from sandbox.cloud import Store
from sandbox.driver import Engine
from sandbox.engine.versions import ask_version
from sandbox.provider_process import provider
from stack.whole_state import undoubled
from tests.lifecycle.conftest import ROOT

pytestmark = pytest.mark.engine

SEEN_WITH = {"3.256.0", "3.276.0"}
"""Engines that it was seen with. A newer one that has it too is added; with one that hasn't, and
once no older one is accepted, what the decision asks for can go."""


class Program:
    """A gateway with an address, in one of two vSwitches; the first of those may be made anew."""

    def __init__(self, *, waits_for_all: bool) -> None:
        self.waits_for_all = waits_for_all
        self.zone = "cn-shanghai-b"
        self.moves = False

    def __call__(self) -> None:
        vpc_id = vpc.Network("vpc", cidr_block="10.1.0.0/16").id
        vswitches = [
            vpc.Switch(
                f"vswitch-{number}",
                vpc_id=vpc_id,
                cidr_block=f"10.1.{number}.0/24",
                zone_id=zone,
                opts=pulumi.ResourceOptions(delete_before_replace=True),
            )
            for number, zone in enumerate([self.zone, "cn-shanghai-e"])
        ]
        gateway = vpc.NatGateway(
            "gateway",
            vpc_id=vpc_id,
            vswitch_id=vswitches[self.moves].id,
            nat_type="Enhanced",
            payment_type="PayAsYouGo",
            opts=pulumi.ResourceOptions(
                delete_before_replace=True,
                replace_on_changes=["vswitchId"],
                depends_on=vswitches if self.waits_for_all else None,
            ),
        )
        ecs.EipAssociation(
            "binding",
            allocation_id=ecs.EipAddress("address").id,
            instance_id=gateway.id,
            instance_type="Nat",
            opts=pulumi.ResourceOptions(delete_before_replace=True),
        )

    def move_off_what_is_replaced(self) -> None:
        self.zone, self.moves = "cn-shanghai-f", True


@pytest.fixture
def workspace(tmp_path: Path, engine: Path) -> Iterator[auto.LocalWorkspace]:
    """A project in an account of its own, without a program yet."""
    state = tmp_path / "state"
    state.mkdir()
    cloud = Store(tmp_path / "cloud.db")
    cloud.association_seconds = 0.5  # the old gateway stands until its address has left it
    cloud.close()
    with provider(tmp_path / "cloud.db", ROOT) as port:
        yield auto.LocalWorkspace(
            work_dir=str(tmp_path),
            pulumi_home=str(tmp_path / "home"),
            pulumi_command=Engine(engine),
            project_settings=auto.ProjectSettings("bare", "python"),
            env_vars={
                "PULUMI_BACKEND_URL": state.as_uri(),
                "PULUMI_CONFIG_PASSPHRASE": "",
                "PULUMI_DEBUG_PROVIDERS": f"alicloud:{port}",
                "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            },
        )


def stack_of(workspace: auto.LocalWorkspace, program: Program) -> auto.Stack:
    workspace.program = program
    stack = auto.Stack.create("dev", workspace)
    stack.set_config("alicloud:region", auto.ConfigValue("cn-shanghai"))
    return stack


def test_what_leaves_a_vswitch_that_is_replaced_is_replaced_twice_and_the_state_is_spoilt(
    workspace: auto.LocalWorkspace, engine: Path
) -> None:
    program = Program(waits_for_all=False)
    stack = stack_of(workspace, program)
    stack.up()
    program.move_off_what_is_replaced()
    spoilt = False
    try:
        stack.up()
    except auto.CommandError as error:
        spoilt = "snapshot integrity failure" in str(error)
    assert spoilt == (str(ask_version(engine)) in SEEN_WITH)


def test_such_a_state_is_mended_and_the_next_run_goes_on_from_it(
    workspace: auto.LocalWorkspace,
) -> None:
    program = Program(waits_for_all=False)
    stack = stack_of(workspace, program)
    stack.up()
    program.move_off_what_is_replaced()
    with suppress(auto.CommandError):
        stack.up()
    export = stack.export_stack()
    deployment, done = undoubled(export.deployment or {})
    assert len(done) == 1, done
    assert done[0].startswith("gateway stood twice: ngw-")
    stack.import_stack(auto.Deployment(version=export.version, deployment=deployment))
    stack.refresh()
    stack.up()
    cloud = Store(Path(workspace.work_dir) / "cloud.db")
    kinds = sorted(one.kind for one in cloud.all())
    cloud.close()
    assert kinds == ["eip_address", "eip_association", "nat_gateway", "vpc", "vswitch", "vswitch"]
    again = stack.up().summary.resource_changes
    assert again is not None
    assert set(again) == {auto.OpType.SAME}


def test_it_isnt_where_it_waits_for_every_vswitch(workspace: auto.LocalWorkspace) -> None:
    program = Program(waits_for_all=True)
    stack = stack_of(workspace, program)
    stack.up()
    program.move_off_what_is_replaced()
    replaced = stack.up().summary.resource_changes
    assert replaced is not None
    assert replaced[auto.OpType.REPLACE] == 3
    again = stack.up().summary.resource_changes
    assert again is not None
    assert set(again) == {auto.OpType.SAME}
