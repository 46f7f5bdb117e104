"""The policies that `make ram-policy` prints are enough, and no more than that, call by call.

The sandbox's provider takes them and judges each call that the real provider would make.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.cloud import ACCOUNT_ID
from sandbox.provider.ram_check import POLICIES_VARIABLE
from tests.lifecycle.conftest import ROOT, Stack
from tests.permissions.stacks import used_in
from tools.ram_policy import __main__ as ram_policy

pytestmark = pytest.mark.engine

EXAMPLES = {
    file.stem.removeprefix("Pulumi."): file for file in (ROOT / "examples").rglob("Pulumi.*.yaml")
}
# Together they have every kind that any example has; the first test below says so.
EACH = pytest.mark.parametrize(
    "example", ["hybrid", "shared-gateway", "basic", "kubernetes", "openapi", "watched"]
)
PROD = ROOT / "Pulumi.prod.yaml"

Become = Callable[[str], None]


@pytest.fixture
def become(stack: Stack, tmp_path: Path) -> Become:
    """Take on roles, as `+` joins them, of what `make ram-policy` prints for the stack's file."""

    def take(roles: str) -> None:
        documents: list[str] = []
        for role in roles.split("+"):
            asked = ["--config", str(stack.file), "--role", role, "--account", ACCOUNT_ID]
            printed = stack.here(ram_policy.main, *asked, "--format", "json")
            assert printed.code == 0, printed.err
            documents.append(printed.out)
        file = tmp_path / "policies.json"
        file.write_text(_joined(documents), encoding="utf-8")
        stack.environment[POLICIES_VARIABLE] = str(file)

    return take


def _joined(documents: list[str]) -> str:
    listed = [policy for one in documents for policy in json.loads(one)["policies"]]
    return json.dumps({"policies": listed})


def laid_out(stack: Stack, file: Path) -> None:
    """The stack with an example, and the code beside it that it names."""
    shutil.copy(ROOT / "Pulumi.yaml", stack.file.parent)
    shutil.copytree(ROOT / "examples", stack.file.parent / "examples")
    stack.file = stack.file.parent / file.relative_to(ROOT).with_name("Pulumi.shop.yaml")
    stack.write(file.read_text(encoding="utf-8"))


def test_the_examples_below_have_every_kind_that_any_has() -> None:
    kinds = {name: {one.kind for one in used_in(file)} for name, file in EXAMPLES.items()}
    chosen: list[str] = EACH.args[1]
    assert set().union(*(kinds[name] for name in chosen)) == set().union(*kinds.values())


@EACH
def test_who_deploys_may_do_all_that_a_stack_takes_and_who_previews_may_look(
    stack: Stack, example: str, become: Become
) -> None:
    laid_out(stack, EXAMPLES[example])
    become("deploy")
    stack.succeed("up")
    become("preview")
    stack.succeed("refresh")
    become("deploy")
    stack.succeed("destroy")
    assert stack.cloud.all() == []


def test_who_previews_may_preview_and_change_nothing(stack: Stack, become: Become) -> None:
    stack.write(stack.text)
    become("preview")
    stack.succeed("preview")
    refused = stack.run("up")
    assert refused.code == 1
    assert "NoPermissionType=ImplicitDeny" in refused.err
    assert stack.cloud.all() == []


def test_guard_rails_let_production_be_built_and_changed_but_not_taken_apart(
    stack: Stack, become: Become
) -> None:
    stack.write(PROD.read_text(encoding="utf-8"))
    become("deploy")
    stack.succeed("up")
    become("deploy+guard-rails")
    stack.edit("web: {publicIp: ip3, port: 80,", "web: {publicIp: ip3, port: 8080,")
    stack.succeed("up")
    assert stack.changes() == ["update forward_entry port-mappings-web"]
    # Without protection in Pulumi and in the cloud, only the guard rails are left.
    stack.edit("  alicloud-gateways:tier: production\n", "")
    sealed = stack.run("up")
    assert sealed.code == 1
    assert "AuthAction=vpc:DeletionProtection, NoPermissionType=ExplicitDeny" in sealed.err
    become("deploy")
    stack.succeed("up")
    become("deploy+guard-rails")
    kept = stack.run("destroy")
    assert kept.code == 1
    assert "NoPermissionType=ExplicitDeny" in kept.err
    left = {one.kind for one in stack.all()}
    assert {"eip_address", "nat_gateway", "common_bandwidth_package", "vpc"} <= left
    become("deploy")  # break glass
    stack.succeed("destroy")
    assert stack.cloud.all() == []


def test_production_hands_on_a_role_that_was_made_apart_and_makes_none(
    stack: Stack, become: Become
) -> None:
    """With guard rails, which refuse the role that the stack would make in development."""
    laid_out(stack, EXAMPLES["serverless"])
    become("deploy+guard-rails")
    refused = stack.run("up")
    assert refused.code == 1
    assert "AuthAction=ram:CreateRole, NoPermissionType=ExplicitDeny" in refused.err
    assert stack.all("ram_role") == stack.all("ram_policy") == []

    given = f"acs:ram::{ACCOUNT_ID}:role/made-apart"
    stack.edit("function: phone-lookup}", f"function: phone-lookup, role: {given}}}")
    topology = "  alicloud-gateways:topology:"
    stack.edit(topology, f"  alicloud-gateways:tier: production\n{topology}")
    become("deploy+guard-rails")
    stack.succeed("up")
    assert stack.all("ram_role") == stack.all("ram_policy") == []
    (api,) = stack.all("api_gateway_api")
    assert given in str(api.attributes)


def test_a_call_that_nobody_allowed_is_named_with_its_resource(
    stack: Stack, become: Become
) -> None:
    """An older policy, for a stack that had no egress yet."""
    egress = "    egress:\n      apps: {vswitch: apps, publicIps: [ip3]}\n"
    stack.write(stack.text)
    become("deploy")
    stack.succeed("up")
    stack.write(stack.text + egress)
    refused = stack.run("up")
    assert refused.code == 1
    assert "Forbidden.RAM" in refused.err
    assert "AuthAction=vpc:CreateSnatEntry, NoPermissionType=ImplicitDeny" in refused.err
    become("deploy")
    stack.succeed("up")
