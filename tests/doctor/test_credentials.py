"""Credentials: which there are, which the provider would take, and what is wrong with them."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.doctor.machines import KEYS, NOW, STACK, WELL, told
from tools.doctor.checks import Level
from tools.doctor.credential_checks import KEYS as KEY_NAMES
from tools.doctor.credential_checks import OIDC, SECRETS, TOKENS, account_lines, credential_lines
from tools.doctor.machine import Account, Machine, Profile, Token

FILE = Path("~/.aliyun/config.json")
PROFILE = Profile("work", "ALICLOUD_PROFILE", FILE, readable=True, mode="AK", has_keys=True)
NAMED = frozenset({"ALICLOUD_PROFILE"})
ASKED = replace(STACK, provider_settings=frozenset({"assumeRoleWithOidc"}))
FRESH = Token(there=True, expires=NOW + 600)


def having(*names: str, **more: object) -> Machine:
    return replace(WELL, variables=frozenset(names), **more)  # pyright: ignore[reportArgumentType] - fields by name


def said(machine: Machine) -> list[tuple[str, str]]:
    return told(list(credential_lines(machine)))


def taken(machine: Machine) -> str:
    """What the one line says, which is well."""
    (line,) = credential_lines(machine)
    assert line.level is Level.OK
    return line.said


def test_without_any_the_sandbox_still_works() -> None:
    assert said(having()) == [("warning", "none")]


@pytest.mark.parametrize(("key", "secret"), list(zip(KEY_NAMES, SECRETS, strict=True)))
def test_a_key_with_its_secret_is_taken_under_each_of_its_names(key: str, secret: str) -> None:
    assert taken(having(key, secret)) == f"{key} with {secret}"


def test_a_token_goes_with_its_key() -> None:
    assert taken(having(*KEYS, TOKENS[0])).endswith(f" and {TOKENS[0]}")


@pytest.mark.parametrize("one", [*KEY_NAMES, *SECRETS])
def test_half_a_key_is_a_problem(one: str) -> None:
    assert said(having(one)) == [("problem", f"{one} without its other half")]


def test_a_token_without_a_key_is_a_problem() -> None:
    assert said(having(TOKENS[1])) == [
        ("problem", f"{TOKENS[1]} without a key"),
        ("warning", "none"),
    ]


def test_a_profile_that_is_named_is_taken() -> None:
    assert taken(having(*NAMED, profile=PROFILE)) == (
        "the profile work (AK), named by ALICLOUD_PROFILE"
    )


def test_keys_of_the_environment_win_over_a_profile_and_that_is_said() -> None:
    (line,) = credential_lines(having(*KEYS, *NAMED, profile=PROFILE))
    assert line.level is Level.WARNING
    assert line.said.startswith("the provider takes ALICLOUD_ACCESS_KEY with ALICLOUD_SECRET_KEY")
    assert "and not the profile work" in line.said
    assert line.remedy == "unset what isn't meant: unset ALICLOUD_PROFILE"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (
            {"readable": False, "mode": None},
            "isn't there or isn't what the Alibaba Cloud CLI writes",
        ),
        ({"mode": None}, "has no such profile"),
        ({"expires": NOW - 1}, "its token has expired"),
        ({"has_keys": False}, "it has no keys"),
    ],
)
def test_a_profile_that_cannot_be_used_is_a_problem(change: dict[str, object], text: str) -> None:
    broken = replace(PROFILE, **change)  # pyright: ignore[reportArgumentType] - fields by name
    level, first = said(having(*NAMED, profile=broken))[0]
    assert level == "problem"
    assert text in first


def test_oidc_is_taken_where_it_is_whole_and_asked_for() -> None:
    assert taken(having(*OIDC, token=FRESH, stacks=(ASKED,))) == "OIDC (ALIBABA_CLOUD_ROLE_ARN)"


@pytest.mark.parametrize("lacking", OIDC)
def test_oidc_without_one_of_its_three_is_a_problem(lacking: str) -> None:
    names = [name for name in OIDC if name != lacking]
    token = FRESH if lacking != OIDC[2] else None
    assert said(having(*names, token=token, stacks=(ASKED,))) == [
        ("problem", f"OIDC without {lacking}")
    ]


def test_oidc_that_nobody_asked_for_is_not_read_by_the_provider() -> None:
    ((level, text),) = said(having(*OIDC, token=FRESH))
    assert level == "warning"
    assert "only where it is told to" in text


@pytest.mark.parametrize(
    ("token", "text"),
    [
        (Token(there=False), "names a file that isn't there"),
        (Token(there=True, expires=NOW - 1), "the OIDC token has expired"),
    ],
)
def test_an_oidc_token_that_is_gone_or_too_old_is_a_problem(token: Token, text: str) -> None:
    ((level, found),) = said(having(*OIDC, token=token, stacks=(ASKED,)))
    assert level == "problem"
    assert text in found


def test_keys_in_a_stack_file_win_and_that_is_said() -> None:
    keys = replace(
        STACK, provider_settings=frozenset({"accessKey", "secretKey", "maxRetryTimeout"})
    )
    ((level, text),) = said(replace(WELL, stacks=(keys,)))
    assert level == "warning"
    assert text == "Pulumi.prod.yaml holds alicloud:accessKey and alicloud:secretKey, and they win"


def test_the_role_of_a_server_and_an_address_come_after_keys() -> None:
    machine = having("ALICLOUD_ECS_ROLE_NAME", "ALICLOUD_CREDENTIALS_URI")
    assert said(machine) == [
        ("warning", "the provider takes ALICLOUD_CREDENTIALS_URI, and not ALICLOUD_ECS_ROLE_NAME")
    ]


# --- the account ------------------------------------------------------------------------------


def of_account(**more: object) -> list[tuple[str, str]]:
    account = Account("cn-shanghai", **more)  # pyright: ignore[reportArgumentType] - fields by name
    return [(one.level.value, one.said) for one in account_lines(replace(WELL, account=account))]


def test_an_account_that_was_not_asked_has_no_line() -> None:
    assert list(account_lines(WELL)) == []


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ({}, ("ok", "may be read (cn-shanghai)")),
        ({"gaps": ("a",)}, ("warning", "may not be read whole: a")),
        ({"gaps": ("a", "b", "c")}, ("warning", "may not be read whole: a, and 2 more")),
        ({"refused": "Gone"}, ("warning", "it refuses these credentials: Gone")),
        ({"reached": False}, ("warning", "it didn't answer, or not in time (cn-shanghai)")),
    ],
)
def test_an_account_says_whether_it_may_be_read_and_is_never_a_problem(
    account: dict[str, object], said: tuple[str, str]
) -> None:
    assert of_account(**account) == [said]
