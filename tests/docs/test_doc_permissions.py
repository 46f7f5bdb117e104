"""The pages on permissions and on the doctor show what the tools print and what RAM takes."""

import json
import re
from dataclasses import replace

import jsonschema

from components.function.invoker import invoke_policy, trust_policy
from components.function.network_role import NETWORK_POLICY, function_trust_policy
from facts.calls import KINDS
from tests.docs.pages import ROOT, blocks, tables, text_of
from tests.doctor.machines import WELL
from tests.permissions.stacks import used_in
from tools.doctor.__main__ import lines_of
from tools.doctor.checks import screen
from tools.doctor.credential_checks import KEYS, OIDC, SECRETS, SERVER_ROLES, TOKENS, URIS
from tools.doctor.machine import Package
from tools.plan.tables import page_of
from tools.ram_policy.policies import LONGEST_DOCUMENT, MOST_POLICIES, Scope, policies
from tools.ram_policy.showing import tables as policy_tables

PERMISSIONS = ROOT / "docs" / "permissions.md"
DOCTOR = ROOT / "docs" / "doctor.md"

# Resource Access Management, "Trust policy": what a role's trust holds instead of resources.
TRUST = {
    "type": "object",
    "required": ["Version", "Statement"],
    "additionalProperties": False,
    "properties": {
        "Version": {"const": "1"},
        "Statement": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["Effect", "Action", "Principal", "Condition"],
                "additionalProperties": False,
                "properties": {
                    "Effect": {"const": "Allow"},
                    "Action": {"const": "sts:AssumeRole"},
                    "Principal": {
                        "type": "object",
                        "propertyNames": {"enum": ["Federated", "RAM", "Service"]},
                        "minProperties": 1,
                        "maxProperties": 1,
                    },
                    "Condition": {
                        "type": "object",
                        "propertyNames": {"enum": ["StringEquals", "StringLike", "Bool"]},
                        "additionalProperties": {
                            "propertyNames": {
                                "enum": ["oidc:iss", "oidc:aud", "oidc:sub", "acs:MFAPresent"]
                            }
                        },
                    },
                },
            },
        },
    },
}


def test_the_table_that_is_shown_is_what_the_command_prints() -> None:
    (shown,) = blocks(PERMISSIONS, "text")
    made = policies(used_in(ROOT / "Pulumi.prod.yaml"), Scope("prod"), ["preview"])
    assert _stripped(shown.text) == _stripped(page_of(policy_tables(made)))


def test_trust_policies_are_what_ram_takes() -> None:
    for block in blocks(PERMISSIONS, "json"):
        jsonschema.validate(json.loads(block.text), TRUST)


def test_roles_made_apart_may_what_the_components_roles_may() -> None:
    quoted = re.findall(r"Document '(.+?)'", text_of(PERMISSIONS))
    function = "acs:fc:cn-shanghai:1234567890123456:functions/prod-phone-lookup"
    wanted = [trust_policy(), invoke_policy(function), function_trust_policy()]
    assert [json.loads(one) for one in quoted] == [json.loads(one) for one in wanted]
    assert f"--PolicyName {NETWORK_POLICY} " in text_of(PERMISSIONS)


def test_limits_are_the_ones_that_are_kept() -> None:
    text = text_of(PERMISSIONS)
    assert f"{LONGEST_DOCUMENT:,} characters" in text
    assert f"{MOST_POLICIES} custom policies" in text


def test_every_call_that_the_page_names_is_one_of_the_table() -> None:
    called = {action for calls in KINDS.values() for action in (*calls.read, *calls.writing)}
    named = set(re.findall(r"`((?:ecs|vpc|slb|fc|cen|apigateway):[A-Z]\w+)`", text_of(PERMISSIONS)))
    assert named
    assert named <= called


def test_the_screen_that_is_shown_is_what_the_doctor_prints() -> None:
    (shown,) = blocks(DOCTOR, "text")
    packages = tuple(Package(f"p{number}", "1", "1") for number in range(62))
    keys = frozenset({"ALICLOUD_ACCESS_KEY"})
    machine = replace(WELL, packages=packages, plugins=(), variables=keys)
    assert shown.text == screen(list(lines_of(machine)))


def test_the_order_of_credentials_names_variables_that_are_looked_at() -> None:
    (table,) = [table for table in tables(DOCTOR) if table[0][0] == "Order"]
    named = {word for row in table for word in re.findall(r"`([A-Z_]+)`", row[-1])}
    known = {*KEYS, *SECRETS, *TOKENS, *URIS, *SERVER_ROLES, *OIDC, "ALICLOUD_PROFILE"}
    assert named <= known
    assert {*OIDC, KEYS[0], SECRETS[0], TOKENS[0]} <= named


def _stripped(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]
