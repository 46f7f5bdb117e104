"""Which stacks share an account of the sandbox, and what their states there say of each other."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.accounts import (
    account_of,
    dependents,
    held_by_others,
    outputs_in_account,
    paths_of,
    resources_of,
    stacks_of_account,
)
from sandbox.cloud import Store
from sandbox.paths import SANDBOX_VARIABLE, Paths
from stack.target import Target, target
from tests.docs.pages import ROOT
from tools.sandbox.__main__ import main
from tools.sandbox.commands import left_in_cloud


def write(folder: Path, name: str, *refers: str) -> None:
    networks = "".join(
        f"      n{index}: {{vpc: {{id: {{stack: {other}, output: vpcId}}}}}}\n"
        for index, other in enumerate(refers)
    )
    text = f"config:\n  alicloud-gateways:networks:\n{networks}" if refers else "config: {}\n"
    (folder / f"Pulumi.{name}.yaml").write_text(text, encoding="utf-8")


def at(folder: Path, name: str) -> Target:
    """As `make up STACK=name` in a project of its own."""
    return target(name, None, folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, refers in (
        ("shared", ()),
        ("shop", ("shared",)),
        ("blog", ("shop", "shared")),
        ("dev", ()),
        ("far", ("acme/network/prod",)),
        ("alone", ("nowhere",)),
    ):
        write(tmp_path, name, *refers)
    return tmp_path


@pytest.mark.parametrize("name", ["shared", "shop", "blog"])
def test_stacks_that_refer_to_each_other_live_where_all_of_them_lead(
    folder: Path, name: str
) -> None:
    assert account_of(at(folder, name)) == "shared"


@pytest.mark.parametrize("name", ["dev", "far", "alone"])
def test_a_stack_that_refers_to_none_beside_it_has_an_account_of_its_own(
    folder: Path, name: str
) -> None:
    assert account_of(at(folder, name)) == name


def test_two_that_one_stack_refers_to_share_its_account(folder: Path) -> None:
    write(folder, "network")
    write(folder, "both", "network", "shared")
    names = ("both", "network", "shared", "shop", "blog")
    assert {account_of(at(folder, name)) for name in names} == {"network"}
    assert [*stacks_of_account(at(folder, "network"))] == sorted(names)


def test_a_circle_has_an_account_as_well(folder: Path) -> None:
    write(folder, "shared", "blog")
    assert {account_of(at(folder, name)) for name in ("shared", "shop", "blog")} == {"blog"}


def test_files_of_elsewhere_have_keys_of_their_own_and_share_them(folder: Path) -> None:
    elsewhere = folder / "root"
    elsewhere.mkdir()
    keys = {
        account_of(target(None, str(folder / f"Pulumi.{name}.yaml"), elsewhere))
        for name in ("shared", "shop", "blog")
    }
    (key,) = keys
    assert key == target(None, str(folder / "Pulumi.shared.yaml"), elsewhere).key
    assert key.startswith("shared-")


def test_a_file_that_cant_be_read_refers_to_nothing(folder: Path) -> None:
    (folder / "Pulumi.blog.yaml").write_bytes(b"output: \xff")
    assert account_of(at(folder, "blog")) == "blog"
    (folder / "Pulumi.blog.yaml").write_text("output: [", encoding="utf-8")
    assert account_of(at(folder, "blog")) == "blog"


def test_who_refers_to_a_stack_is_known(folder: Path) -> None:
    assert [*dependents(at(folder, "shared"))] == ["blog", "shop"]
    assert [*dependents(at(folder, "shop"))] == ["blog"]
    assert [*dependents(at(folder, "blog"))] == []


# --- states --------------------------------------------------------------------------------------


@pytest.fixture
def paths(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setenv(SANDBOX_VARIABLE, str(folder / "sandbox"))
    return paths_of(folder, at(folder, "shop"))


def keep(paths: Paths, stack: str, outputs: dict[str, Any], *ids: str) -> None:
    """A state as the file backend has it."""

    def resource(token: str, name: str, **more: object) -> dict[str, Any]:
        return {"urn": f"urn:pulumi:{stack}::p::{token}::{name}", "type": token, **more}

    kept = [
        resource("pulumi:pulumi:Stack", "p", outputs=outputs),
        resource("pulumi:providers:alicloud", "default", custom=True, id="p"),
        *(resource("alicloud:vpc/network:Network", one, custom=True, id=one) for one in ids),
    ]
    folder = paths.state / ".pulumi" / "stacks" / "alicloud-gateways"
    folder.mkdir(parents=True, exist_ok=True)
    state = {"version": 3, "checkpoint": {"latest": {"resources": kept}}}
    (folder / f"{stack}.json").write_text(json.dumps(state), encoding="utf-8")


SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "x"}


def test_outputs_are_read_from_the_other_stacks_state(paths: Paths) -> None:
    keep(paths, "shared", {"vpcId": "vpc-1", "key": SECRET, "keys": {"a": [SECRET]}})
    found = outputs_in_account(paths, ["shared", "organization/alicloud-gateways/shared"])
    for outputs in found.values():
        assert outputs.values["vpcId"] == "vpc-1"
        assert outputs.secret == {"key", "keys"}
        assert not outputs.missing


def test_a_stack_that_isnt_up_has_none(paths: Paths) -> None:
    keep(paths, "blog", {})
    found = outputs_in_account(paths, ["shared", "blog"])
    assert found["shared"].missing == "the stack shared isn't up yet, so it puts nothing out"
    assert found["shared"].remedy == "build it first: make up STACK=shared"
    assert "the stack blog isn't up yet" in found["blog"].missing


def test_a_stack_of_elsewhere_isnt_in_the_sandbox(paths: Paths) -> None:
    (found,) = outputs_in_account(paths, ["acme/network/prod"]).values()
    assert "the sandbox has no stack acme/network/prod" in found.missing


def test_a_state_that_is_half_written_has_nothing(paths: Paths) -> None:
    keep(paths, "shared", {"vpcId": "vpc-1"})
    file = paths.state / ".pulumi" / "stacks" / "alicloud-gateways" / "shared.json"
    file.write_text(file.read_text("utf-8")[:40], encoding="utf-8")
    assert resources_of(paths, "shared") == []
    assert outputs_in_account(paths, ["shared"])["shared"].missing


def test_what_other_stacks_have_isnt_left_over(paths: Paths) -> None:
    paths.folder.mkdir(parents=True)
    cloud = Store(paths.cloud)
    theirs, nobodys = (
        cloud.create("vpc", {"cidr_block": cidr}).id for cidr in ("10.0.0.0/8", "172.16.0.0/12")
    )
    cloud.close()
    keep(paths, "shared", {}, theirs)
    keep(paths, "shop", {}, "vpc-mine")
    assert held_by_others(paths) == {theirs: "shared"}
    left = left_in_cloud(paths.cloud, held_by_others(paths).keys())
    assert left[1:] == [f"  vpc {nobodys}"]


def test_what_was_assumed_to_be_there_isnt_left_over_either(paths: Paths) -> None:
    paths.folder.mkdir(parents=True)
    cloud = Store(paths.cloud)
    assert cloud.assume("vpc", "vpc-theirs", {"cidr_block": "10.0.0.0/8"}, region="cn-shanghai")
    cloud.close()
    assert left_in_cloud(paths.cloud) == []


def test_the_locks_of_a_stack_are_its_own(paths: Paths, folder: Path) -> None:
    other = paths_of(folder, at(folder, "shared"))
    assert paths.state == other.state
    assert paths.locks != other.locks


def test_a_sandbox_from_before_is_told_and_left_alone(paths: Paths, folder: Path) -> None:
    assert paths.former is None
    own = folder / "sandbox" / "shop"
    own.mkdir(parents=True)
    (own / "cloud.db").touch()
    assert paths.former == own
    assert paths_of(folder, at(folder, "shared")).former is None


def test_what_others_stand_on_isnt_destroyed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in (ROOT / "examples" / "stack-references").glob("Pulumi.*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setenv(SANDBOX_VARIABLE, str(tmp_path / "sandbox"))
    shared = tmp_path / "Pulumi.shared.yaml"
    keep(paths_of(ROOT, target(None, str(shared), ROOT)), "shop", {}, "eip-1")
    assert main(["destroy", "--config", str(shared)]) == 1
    told = capsys.readouterr().err
    assert "shop stands on what shared puts out; nothing was deleted." in told
    assert "engine" not in told
