"""References judged without an engine: by what the files beside a stack file promise."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from stack.problems import Problem, StackFileError
from stack.stack_file import StackFile
from tests.docs.pages import ROOT
from topologies import TOPOLOGIES

EXAMPLE = ROOT / "examples" / "stack-references"
N, B = "alicloud-gateways:network", "alicloud-gateways:sharedBandwidth"

Edit = Callable[[dict[str, Any]], object]


class Folder:
    """Copies of the example's stack files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for file in EXAMPLE.glob("Pulumi.*.yaml"):
            (path / file.name).write_bytes(file.read_bytes())

    def file(self, name: str) -> Path:
        return self.path / f"Pulumi.{name}.yaml"

    def edit(self, name: str, edit: Edit) -> None:
        document = yaml.safe_load(self.file(name).read_text("utf-8"))
        edit(document["config"])
        self.file(name).write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")

    def problems(self, name: str) -> tuple[Problem, ...]:
        with pytest.raises(StackFileError) as refused:
            _ = StackFile(self.file(name), name, TOPOLOGIES).settings
        return refused.value.problems

    def problem(self, name: str) -> Problem:
        (found,) = self.problems(name)
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def of(output: str, stack: str = "shared") -> dict[str, str]:
    return {"stack": stack, "output": output}


def test_what_isnt_known_yet_stands_in_the_settings_as_a_text(folder: Folder) -> None:
    settings = StackFile(folder.file("blog"), "blog", TOPOLOGIES).settings
    assert settings.common.network.vpc.id == "${vpcId of shared}"
    section: Any = settings.sections["shared-bandwidth"]
    assert section.public_ips["front"].address == "${publicIps.front of shared}"
    assert settings.warnings == ()


def test_a_misspelt_output_is_found_without_an_engine(folder: Folder) -> None:
    folder.edit("shop", lambda c: c[N]["vswitches"]["shop"].update(id=of("vswitchIds.shopp")))
    told = folder.problem("shop")
    assert told.rule == "the stack shared has no output vswitchIds.shopp"
    assert told.remedy == "did you mean vswitchIds.shop?"
    assert told.line is not None


def test_an_id_of_another_kind_too(folder: Folder) -> None:
    folder.edit("shop", lambda c: c[B]["natGateway"].update(id=of("bandwidthPackageId")))
    assert folder.problem("shop").rule == (
        "the id of a NAT gateway is needed here, and bandwidthPackageId of shared is the id of a "
        "bandwidth package"
    )


def test_an_output_goes_with_what_it_is_of(folder: Folder) -> None:
    """The shared stack's file decides, not what is up."""
    folder.edit("shared", lambda c: c[B]["publicIps"].pop("front"))
    rules = [told.rule for told in folder.problems("blog")]
    assert rules == [
        "the stack shared has no output publicIpIds.front",
        "the stack shared has no output publicIps.front",
    ]


def test_a_stack_without_a_file_is_told_once_with_the_nearest(folder: Folder) -> None:
    text = folder.file("shop").read_text("utf-8").replace("stack: shared", "stack: shard")
    folder.file("shop").write_text(text, encoding="utf-8")
    told = folder.problem("shop")
    assert told.path == ("network", "vpc", "id", "stack")
    assert told.rule == "there is no file Pulumi.shard.yaml beside this one"
    assert told.remedy.startswith("did you mean shared?")


def test_a_name_that_no_stack_can_have_is_refused_before_it_is_a_path(folder: Folder) -> None:
    text = folder.file("shop").read_text("utf-8").replace("stack: shared", f"stack: {'a' * 300}")
    folder.file("shop").write_text(text, encoding="utf-8")
    rules = {told.rule for told in folder.problems("shop")}
    assert len(rules) == 1
    assert "{1,100}" in rules.pop()


def test_a_file_beside_that_nobody_can_look_at_is_none(folder: Folder) -> None:
    """As where a link leads into a folder that others may not enter."""
    folder.file("shared").unlink()
    folder.file("shared").symlink_to("a" * 300)
    assert folder.problem("shop").rule == "there is no file Pulumi.shared.yaml beside this one"


def test_a_file_beside_that_vanishes_while_it_is_looked_at_is_mentioned(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Path.read_text

    def vanishing(path: Path, *arguments: Any, **more: Any) -> str:
        if path == folder.file("shared"):
            path.unlink()
        return whole(path, *arguments, **more)

    monkeypatch.setattr(Path, "read_text", vanishing)
    settings = StackFile(folder.file("shop"), "shop", TOPOLOGIES).settings
    rules = {warning.rule for warning in settings.warnings}
    assert rules == {"the file of the stack shared has problems, so its outputs aren't checked"}


def test_a_stack_of_elsewhere_isnt_looked_for(folder: Folder) -> None:
    text = folder.file("shop").read_text("utf-8").replace("stack: shared", "stack: acme/net/prod")
    folder.file("shop").write_text(text, encoding="utf-8")
    settings = StackFile(folder.file("shop"), "shop", TOPOLOGIES).settings
    assert settings.common.network.vpc.id == "${vpcId of acme/net/prod}"


def test_stacks_that_refer_to_each_other_in_a_circle_are_refused(folder: Folder) -> None:
    def edit(config: dict[str, Any]) -> None:
        config[B]["publicIps"]["front"] = {
            "id": of("publicIpIds.shop", "shop"),
            "address": of("publicIps.shop", "shop"),
        }

    folder.edit("shared", edit)
    told = folder.problem("shared")
    circle = "stacks can't refer to each other in a circle: shared → shop → shared"
    assert told.rule == circle
    assert folder.problem("shop").rule == circle.replace(
        "shared → shop → shared", "shop → shared → shop"
    )
    settings = StackFile(folder.file("blog"), "blog", TOPOLOGIES).settings
    assert {warning.path[-1] for warning in settings.warnings} == {"stack"}


def test_a_stack_cant_refer_to_itself(folder: Folder) -> None:
    folder.edit("shared", lambda c: c[N].update(vpc={"id": of("vpcId")}))
    assert "circle: shared → shared" in folder.problem("shared").rule


def test_a_stack_whose_file_is_refused_is_mentioned(folder: Folder) -> None:
    folder.edit("shared", lambda c: c[B].pop("bandwidth"))
    settings = StackFile(folder.file("shop"), "shop", TOPOLOGIES).settings
    rules = {warning.rule for warning in settings.warnings}
    assert rules == {"the file of the stack shared has problems, so its outputs aren't checked"}


def test_what_is_said_of_a_vswitch_has_to_be_so_there(folder: Folder) -> None:
    def edit(config: dict[str, Any]) -> None:
        config[N]["vswitches"]["shop"].update(cidr="192.168.1.0/25", zone="cn-shanghai-b")

    folder.edit("shop", edit)
    assert [(told.path[-1], told.rule, told.remedy) for told in folder.problems("shop")] == [
        (
            "cidr",
            "vswitchIds.shop of shared has the cidr 192.168.1.0/24",
            "write cidr: 192.168.1.0/24",
        ),
        (
            "zone",
            "vswitchIds.shop of shared has the zone cn-shanghai-a",
            "write zone: cn-shanghai-a",
        ),
    ]


def test_and_of_a_vpc(folder: Folder) -> None:
    folder.edit("shop", lambda c: c[N]["vpc"].update(cidr="192.168.0.0/17"))
    assert folder.problem("shop").rule == "vpcId of shared has the cidr 192.168.0.0/16"


def test_a_reference_where_no_id_belongs_is_refused(folder: Folder) -> None:
    folder.edit("shop", lambda c: c[N]["vpc"].update(cidr=of("vpcCidr")))
    assert folder.problem("shop").rule == "text is needed here, not a map"


def test_a_reference_that_cant_be_read_is_one_problem(folder: Folder) -> None:
    folder.edit("shop", lambda c: c[B]["natGateway"].update(id={"stack": "shared"}))
    assert folder.problem("shop").rule == "output is required here"


def test_kinds_that_are_strict_take_references_and_refuse_other_ids(folder: Folder) -> None:
    folder.edit("shop", lambda c: c[N]["vpc"].update(routeTable=of("routeTableId")))
    assert StackFile(folder.file("shop"), "shop", TOPOLOGIES).settings
    folder.edit("shop", lambda c: c[N]["vpc"].update(routeTable="rtb-1"))
    told = folder.problem("shop")
    assert told.rule == "the id of a route table is needed here, and starts with vtb-"
