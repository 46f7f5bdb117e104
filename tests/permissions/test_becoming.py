"""What whoever deploys could become, by any chain of calls: for every stack file of the project.

The attacker has the policies that `make ram-policy` prints and nothing else, in an account where
others have an administrator's role, a function and a server with roles, and a user.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from facts.calls import becoming, judged
from stack.stack_file import StackFile
from stack.target import stack_of
from tests.example_stacks import ROOT, STACK_FILES, name_of
from tests.permissions.stacks import ACCOUNT, made_for, used_in
from tools.ram_policy import __main__ as ram_policy
from tools.ram_policy.becoming import (
    ADMINISTRATOR,
    ALL_POWERFUL,
    ANY_SERVER,
    Account,
    Role,
    becomings,
)
from tools.ram_policy.policies import used_by
from topologies import TOPOLOGIES

EACH = pytest.mark.parametrize("file", STACK_FILES, ids=name_of)
SERVERLESS = ROOT / "examples" / "api-gateway" / "serverless" / "Pulumi.serverless.yaml"
SERVERS = ROOT / "examples" / "unified-egress" / "Pulumi.own-gateway.yaml"
PREFIX = "alicloud-gateways:"
GIVEN = f"acs:ram::{ACCOUNT}:role/made-apart"

Document = Mapping[str, Any]
Printed = pytest.CaptureFixture[str]


def printed(file: Path, capsys: Printed, *roles: str) -> list[Document]:
    """What the command prints for some roles of a stack file."""
    documents: list[Document] = []
    for role in roles:
        asked = ["--config", str(file), "--role", role, "--account", ACCOUNT, "--format", "json"]
        assert ram_policy.main(asked) == 0
        shown = json.loads(capsys.readouterr().out)
        documents += [one["document"] for one in shown["policies"]]
    return documents


def whom(documents: Sequence[Document]) -> set[str]:
    return {one.who for one in becomings(documents)}


def handed_on(file: Path) -> set[str]:
    settings = StackFile(file, stack_of(file), TOPOLOGIES).settings
    return {one.role for one in used_by(settings) if one.role}


def made_apart(file: Path) -> str:
    """The stack file in production, with roles that somebody has made."""
    text = yaml.safe_load(file.read_text(encoding="utf-8"))
    config = text["config"]
    config[f"{PREFIX}tier"] = "production"
    for function in config.get(f"{PREFIX}functions", {}).values():
        function["code"] = str(ROOT / "tests" / "data" / "phone-lookup")
        if "network" in function:
            function["role"] = GIVEN
    for api in config.get(f"{PREFIX}apiGateway", {}).get("apis", {}).values():
        if "function" in api["backend"]:
            api["backend"]["function"]["role"] = GIVEN
    return yaml.safe_dump(text)


@EACH
def test_with_guard_rails_nobody_becomes_more_than_the_roles_that_are_handed_on(
    file: Path, capsys: Printed
) -> None:
    found = whom(printed(file, capsys, "deploy", "guard-rails"))
    assert found - {ANY_SERVER} <= handed_on(file)


@EACH
def test_who_previews_becomes_nobody_else(file: Path, capsys: Printed) -> None:
    assert whom(printed(file, capsys, "preview")) == set()


WITH_FUNCTIONS = [file for file in STACK_FILES if handed_on(file)]


def test_there_are_examples_that_hand_roles_on() -> None:
    assert SERVERLESS in WITH_FUNCTIONS


@pytest.mark.parametrize("file", WITH_FUNCTIONS, ids=name_of)
def test_roles_made_apart_need_no_guard_rails(file: Path, tmp_path: Path, capsys: Printed) -> None:
    apart = tmp_path / file.name
    apart.write_text(made_apart(file), encoding="utf-8")
    documents = printed(apart, capsys, "deploy")
    assert whom(documents) - {ANY_SERVER} == {"made-apart"}
    written = {a for one in documents for s in one["Statement"] for a in s["Action"]}
    assert {a for a in written if a.startswith("ram:")} <= {
        "ram:GetRole",  # whether it is there, which a preflight asks
        "ram:PassRole",
        "ram:CreateServiceLinkedRole",
    }


@EACH
def test_who_makes_servers_could_become_any_servers_role_and_nobody_else_could(file: Path) -> None:
    """It can't be narrowed: a server has no name before it is made. The page says so."""
    found = whom([one.document for one in made_for(file, "deploy", "guard-rails")])
    assert (ANY_SERVER in found) == ("instance" in {one.kind for one in used_in(file)})


def test_who_sets_routes_in_servers_that_exist_comes_to_those_alone(
    tmp_path: Path, capsys: Printed
) -> None:
    text = yaml.safe_load(SERVERS.read_text(encoding="utf-8"))
    for name, host in text["config"][f"{PREFIX}network"]["hosts"].items():
        del host["instance"]
        host |= {"instanceId": f"i-{name}", "eniQuantity": 2}
    file = tmp_path / SERVERS.name
    file.write_text(yaml.safe_dump(text), encoding="utf-8")
    documents = printed(file, capsys, "deploy")
    assert whom(documents) == set()
    for name, told in (("ecs1", "Allowed"), ("somebody-elses", "ImplicitDeny")):
        server = f"acs:ecs:cn-qingdao:{ACCOUNT}:instance/i-{name}"
        assert judged(documents, "ecs:InvokeCommand", server) == told


def test_whoever_deploys_roles_could_become_administrator_and_is_told(capsys: Printed) -> None:
    """Of development and staging: the stack makes the roles, so whoever deploys it writes them."""
    assert ram_policy.main(["--config", str(SERVERLESS), "--role", "deploy"]) == 0
    told = capsys.readouterr().err
    assert "whoever deploys could become administrator of the account (ram:CreatePolicy" in told
    assert "docs/permissions.md#roles-made-apart" in told


# The model itself: each way there is found, and what isn't one isn't.


def allow(action: str, resource: str = "*", **condition: str) -> Document:
    keys = {key.replace("_", ":"): [value] for key, value in condition.items()}
    statement: dict[str, Any] = {"Effect": "Allow", "Action": [action], "Resource": [resource]}
    return {"Statement": [{**statement, **({"Condition": {"StringEquals": keys}} if keys else {})}]}


def ram(what: str) -> str:
    return f"acs:ram:*:{ACCOUNT}:{what}"


CODE = allow("fc:UpdateFunction", f"acs:fc:*:{ACCOUNT}:functions/*")
TO_FUNCTIONS = allow("ram:PassRole", ram("role/mine"), acs_Service="fc.aliyuncs.com")
WAYS = {
    "a role that trusts the account": [allow("sts:AssumeRole")],
    "a policy that is attached already, and a trust": [
        allow("ram:CreatePolicyVersion", ram("policy/mine")),
        allow("ram:UpdateRole", ram("role/mine")),
    ],
    "a policy, and code in a function": [
        allow("ram:CreatePolicyVersion", ram("policy/mine")),
        TO_FUNCTIONS,
        allow("fc:CreateFunction"),
    ],
    "the cloud's own policy": [
        allow("ram:AttachPolicyToRole", ram("role/mine")),
        allow("ram:AttachPolicyToRole", "acs:ram:*:system:policy/*"),
        TO_FUNCTIONS,
        allow("fc:CreateFunction"),
    ],
    "a new role with a new policy": [
        allow("ram:CreateRole"),
        allow("ram:CreatePolicy"),
        allow("ram:AttachPolicyToRole", ram("*")),
    ],
    "somebody else's function": [CODE],
    "somebody's key": [allow("ram:CreateAccessKey", ram("user/*"))],
    "any role handed to a server": [allow("ram:PassRole"), allow("ecs:RunInstances")],
    "any role handed to an API": [allow("ram:PassRole"), allow("apigateway:ModifyApi")],
}


@pytest.mark.parametrize("way", WAYS)
def test_each_way_to_the_administrator_is_found(way: str) -> None:
    (found,) = becomings(WAYS[way])
    assert found.who == ADMINISTRATOR
    assert found.steps


@pytest.mark.parametrize("way", [way for way in WAYS if "ram:" in str(WAYS[way])])
@pytest.mark.parametrize("left_out", range(3))
def test_a_step_that_isnt_allowed_ends_the_way(way: str, left_out: int) -> None:
    steps = [one for index, one in enumerate(WAYS[way]) if index != left_out]
    if len(steps) < len(WAYS[way]):
        assert ADMINISTRATOR not in whom(steps)


def test_a_way_leads_over_a_role_that_may_more_than_oneself() -> None:
    more = Account(roles={"middle": Role(documents=(CODE,))})
    steps = [allow("ram:PassRole", ram("role/middle")), allow("ecs:RunInstances")]
    assert ADMINISTRATOR not in {one.who for one in becomings(steps, more)}
    more = Account(roles={**Account().roles, **more.roles})
    (found,) = becomings(steps, more)
    assert found.who == ADMINISTRATOR
    assert found.steps[0] == "ram:PassRole of middle to ecs.aliyuncs.com"


@pytest.mark.parametrize("way", WAYS)
def test_guard_rails_close_each_way_that_leads_over_ram(way: str) -> None:
    rails: Document = {
        "Statement": [{"Effect": "Deny", "Action": list(becoming()), "Resource": ["*"]}]
    }
    spared = {"sts:AssumeRole", "fc:UpdateFunction", "ram:PassRole"}
    first = {WAYS[way][0]["Statement"][0]["Action"][0]}
    found = whom([*WAYS[way], rails])
    assert (ADMINISTRATOR in found) == (first <= spared)


def test_guard_rails_spare_the_roles_of_services_and_those_that_are_handed_on() -> None:
    rails: Document = {
        "Statement": [{"Effect": "Deny", "Action": list(becoming()), "Resource": ["*"]}]
    }
    for action in ("ram:PassRole", "ram:CreateServiceLinkedRole", "ram:GetRole", "ram:ListRoles"):
        assert judged([ALL_POWERFUL, rails], action, ram("role/mine")) == "Allowed"
