"""The policies that stacks get: RAM's grammar and lengths, and neither too little nor too much."""

import json
from collections.abc import Iterable
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.calls import KINDS, Verdict, becoming, irreversible, judged, ram_action
from facts.contract import contract_of_kind
from judging.account.standing import rights_about
from judging.preflight.flight import rights_for
from tests.example_stacks import ROOT, STACK_FILES
from tests.permissions.stacks import ACCOUNT, made_for, used_in
from tools.ram_policy.policies import (
    LONGEST_DOCUMENT,
    ROLES,
    Policy,
    Scope,
    Statement,
    Used,
    packed,
    policies,
)

EACH = pytest.mark.parametrize(
    "file", STACK_FILES, ids=lambda file: file.stem.removeprefix("Pulumi.")
)
SERVERLESS = ROOT / "examples" / "api-gateway" / "serverless" / "Pulumi.serverless.yaml"
ROUTER = ROOT / "examples" / "private-calls" / "across-regions" / "Pulumi.transit-router.yaml"
PROD = ROOT / "Pulumi.prod.yaml"
SCHEMA = json.loads(Path(__file__).with_name("ram-policy.schema.json").read_text("utf-8"))
GRAMMAR = jsonschema.Draft202012Validator(SCHEMA)
EVERYTHING = [Used(kind, "cn-shanghai", {}, role="") for kind in KINDS]


def actions(made: list[Policy], effect: str = "Allow") -> set[str]:
    return {
        action
        for policy in made
        for statement in policy.statements
        if statement.effect == effect
        for action in statement.actions
    }


def verdict(made: list[Policy], action: str, resource: str, **context: str) -> Verdict:
    given = {key.replace("_", ":"): value for key, value in context.items()}
    return judged([policy.document for policy in made], action, resource, given)


@EACH
def test_documents_are_of_rams_grammar_and_fit(file: Path) -> None:
    for policy in made_for(file, *ROLES):
        GRAMMAR.validate(policy.document)  # pyright: ignore[reportUnknownMemberType] - its stubs
        assert json.loads(policy.text) == policy.document
        assert len(policy.text) <= LONGEST_DOCUMENT
        assert 1 <= len(policy.name) <= 128


def asked(used: Iterable[Used]) -> set[str]:
    """What it takes to ask the account about an update, and about what others have put there."""
    each = list(used)
    services = {action.partition(":")[0] for one in each for action in KINDS[one.kind].create}
    ids = [name for one in each for name in one.names.values()]
    types = {contract_of_kind(one.kind).token for one in each}
    roles = any(one.role for one in each)
    return {*rights_for(services, ids, roles=roles), *rights_about(types)}


@EACH
def test_previewing_only_reads(file: Path) -> None:
    made, used = made_for(file, "preview"), used_in(file)
    read = {action for one in used for action in KINDS[one.kind].read}
    assert actions(made) == read | asked(used)
    assert actions(made, "Deny") == set()


@EACH
def test_deploying_has_what_each_kind_takes_and_nothing_of_other_kinds(file: Path) -> None:
    used = used_in(file)
    kinds = {one.kind for one in used}
    taken = {a for kind in kinds for a in (*KINDS[kind].read, *KINDS[kind].writing)}
    besides = {"ram:CreateServiceLinkedRole", "ram:PassRole"}
    assert actions(made_for(file, "deploy")) - besides == taken | asked(used) - besides


@EACH
def test_nothing_is_granted_wholesale(file: Path) -> None:
    for policy in made_for(file, *ROLES):
        for statement in policy.statements:
            assert not any(action.endswith(":*") or action == "*" for action in statement.actions)


@EACH
def test_guard_rails_deny_what_cannot_be_undone_and_allow_nothing(file: Path) -> None:
    made = made_for(file, "guard-rails")
    kinds = {one.kind for one in used_in(file)}
    gone = {a for kind in irreversible().deletions if kind in kinds for a in KINDS[kind].delete}
    assert actions(made) == set()
    denied = actions(made, "Deny") - set(irreversible().protection)
    assert denied == gone | set(becoming())


@EACH
def test_a_role_cannot_touch_roles_that_arent_the_stacks(file: Path) -> None:
    """Its own policies least of all: it could take its guard rails off."""
    for action in ("ram:DetachPolicyFromRole", "ram:UpdateRole", "ram:PassRole", "ram:DeleteRole"):
        deployer = f"acs:ram:*:{ACCOUNT}:role/deployer"
        assert verdict(made_for(file, "deploy"), action, deployer) == "ImplicitDeny"


def test_a_role_is_handed_on_to_the_service_that_takes_it_and_to_no_other() -> None:
    made = made_for(SERVERLESS, "deploy")
    role = f"acs:ram:*:{ACCOUNT}:role/shop-phone-lookup-invoker"
    gateway, other = "apigateway.aliyuncs.com", "ecs.aliyuncs.com"
    assert verdict(made, "ram:PassRole", role, acs_Service=gateway) == "Allowed"
    assert verdict(made, "ram:PassRole", role, acs_Service=other) == "ImplicitDeny"


def test_a_service_makes_its_own_role_where_the_stack_has_what_takes_it() -> None:
    made = made_for(PROD, "deploy")
    linked = "ram:CreateServiceLinkedRole"
    assert verdict(made, linked, "*", ram_ServiceName="nat.aliyuncs.com") == "Allowed"
    assert verdict(made, linked, "*", ram_ServiceName="cen.aliyuncs.com") == "ImplicitDeny"
    assert linked not in actions(made_for(SERVERLESS, "deploy"))


def test_each_region_has_its_own_and_other_regions_nothing() -> None:
    made = made_for(ROUTER, "deploy")

    def deleting(region: str, account: str = ACCOUNT) -> Verdict:
        return verdict(made, "vpc:DeleteVpc", f"acs:vpc:{region}:{account}:vpc/vpc-1")

    assert deleting("cn-shanghai") == deleting("cn-zhangjiakou") == "Allowed"
    assert deleting("cn-beijing") == deleting("cn-shanghai", "2000000000000002") == "ImplicitDeny"


def test_a_function_is_read_and_changed_by_its_name_alone() -> None:
    made = made_for(SERVERLESS, "deploy")
    for action in ("fc:GetFunction", "fc:UpdateFunction", "fc:DeleteFunction"):
        form = f"acs:fc:cn-shanghai:{ACCOUNT}:functions/"
        assert verdict(made, action, f"{form}shop-phone-lookup") == "Allowed"
        assert verdict(made, action, f"{form}somebody-elses") == "ImplicitDeny"


def test_without_an_account_the_policies_are_for_the_one_that_the_role_is_in() -> None:
    made = made_for(PROD, "deploy", account="*")
    for account in (ACCOUNT, "2000000000000002"):
        eip = f"acs:vpc:cn-shanghai:{account}:eip/eip-1"
        assert verdict(made, "vpc:AllocateEipAddress", eip) == "Allowed"


def test_guard_rails_win_over_what_deploying_allows_and_spare_the_break_glass_role() -> None:
    resource = f"acs:vpc:cn-shanghai:{ACCOUNT}:eip/eip-1"
    deploy = made_for(PROD, "deploy")
    bound = [*deploy, *made_for(PROD, "guard-rails")]
    assert verdict(bound, "vpc:ReleaseEipAddress", resource) == "ExplicitDeny"
    scope = Scope("shop", ACCOUNT, break_glass="break-glass")
    spared = [*deploy, *policies(used_in(PROD), scope, ["guard-rails"])]
    for role, told in (("deployer", "ExplicitDeny"), ("break-glass", "Allowed")):
        arn = f"acs:ram::{ACCOUNT}:role/{role}"
        said = verdict(spared, "vpc:ReleaseEipAddress", resource, acs_PrincipalARN=arn)
        assert said == told


def test_every_kind_at_once_still_fits_into_what_a_role_holds() -> None:
    made = policies(EVERYTHING, Scope("everything", ACCOUNT))
    assert all(len(policy.text) <= LONGEST_DOCUMENT for policy in made)
    names = [policy.name for policy in made if policy.role == "deploy"]
    start = "alicloud-gateways-everything-deploy"
    assert names == [start, *(f"{start}-{n}" for n in range(2, len(names) + 1))]
    assert len(names) > 1


def test_a_stacks_name_becomes_one_that_a_policy_can_have() -> None:
    names = {one.name for one in policies(EVERYTHING, Scope("eu_shop.v2"), ["preview"])}
    assert names == {"alicloud-gateways-eu-shop-v2-preview"}


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=1, max_size=8))
def test_splitting_loses_no_statement_and_keeps_to_the_length(sizes: list[tuple[int, int]]) -> None:
    statements = [
        Statement(
            tuple(f"vpc:Action{part}-{n}" for n in range(actions)),
            tuple(f"acs:vpc:cn-shanghai:{ACCOUNT}:kind{part}/{n}" for n in range(resources)),
        )
        for part, (actions, resources) in enumerate(sizes)
    ]
    made = packed(statements, "some", "deploy", longest=400)

    def pairs(those: list[Statement]) -> set[tuple[str, str]]:
        return {(action, on) for one in those for action in one.actions for on in one.resources}

    assert pairs([s for policy in made for s in policy.statements]) == pairs(statements)
    assert all(len(policy.text) <= 400 for policy in made)
    assert len({policy.name for policy in made}) == len(made)


def test_what_cannot_be_split_says_what_it_is() -> None:
    with pytest.raises(ValueError, match="vpc:CreateVpc doesn't fit"):
        packed([Statement(("vpc:CreateVpc",), ("*",))], "some", "deploy", longest=40)


def test_a_condition_that_nobody_taught_us_is_no_allowance() -> None:
    document = {
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "vpc:*",
                "Resource": "*",
                "Condition": {"ArnLike": {"acs:PrincipalARN": ["acs:ram:*"]}},
            }
        ]
    }
    with pytest.raises(ValueError, match="ArnLike"):
        judged([document], "vpc:CreateVpc", "*")


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "holds"),
    [
        ("StringEquals", ["a", "b"], "b", True),
        ("StringEquals", ["a"], "A", False),
        ("StringEqualsIgnoreCase", "a", "A", True),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringNotEquals", ["a"], None, True),
        ("StringLike", "acs:ram:*", "acs:ram::1:root", True),
        ("StringNotLike", "acs:ram:*", "acs:ram::1:root", False),
        ("Bool", "true", "True", True),
        ("Bool", "true", None, False),
        ("IpAddress", ["10.0.0.0/8", "127.0.0.1"], "127.0.0.1", True),
        ("IpAddress", "10.0.0.0/8", "127.0.0.1", False),
        ("IpAddress", "10.0.0.0/8", "nonsense", False),
        ("NotIpAddress", "10.0.0.0/8", "127.0.0.1", True),
        ("NumericLessThan", "900", "899.5", True),
        ("NumericLessThan", "nonsense", "1", False),
        ("DateLessThan", "2026-12-01T00:00:00Z", "2026-11-30T12:00:00Z", True),
        ("DateLessThan", "2026-12-01T00:00:00+08:00", "2026-11-30T17:00:00Z", False),
        ("DateGreaterThan", "2026-12-01", "2026-12-02T00:00:00Z", False),
    ],
)
def test_a_condition_holds_as_ram_says(
    operator: str, wanted: str | list[str], value: str | None, *, holds: bool
) -> None:
    condition = {operator: {"it": wanted}}
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    context = {} if value is None else {"it": value}
    verdict = judged([{"Statement": [statement]}], "vpc:CreateVpc", "*", context)
    assert (verdict == "Allowed") == holds


def test_what_a_statement_leaves_out_is_all_that_it_is_not_about() -> None:
    rest = {"Effect": "Allow", "NotAction": ["ram:*"], "NotResource": "acs:vpc:*:*:vpc/vpc-a"}
    document = {"Statement": [rest]}
    assert judged([document], "vpc:DeleteVpc", "acs:vpc:cn:1:vpc/vpc-b") == "Allowed"
    assert judged([document], "vpc:DeleteVpc", "acs:vpc:cn:1:vpc/vpc-a") == "ImplicitDeny"
    assert judged([document], "RAM:CreateUser", "acs:ram:*:1:user/*") == "ImplicitDeny"


def test_products_whose_api_is_called_otherwise_have_rams_name() -> None:
    assert ram_action("cbn", "CreateCen") == "cen:CreateCen"
    assert ram_action("cloudapi", "CreateApp") == "apigateway:CreateApp"
    assert ram_action("vpc", "CreateVpc") == "vpc:CreateVpc"
