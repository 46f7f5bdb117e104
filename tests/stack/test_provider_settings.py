"""The provider's own settings: few are taken, and no secret in plain text."""

from typing import Any

import pytest

from stack.problems import describe
from tests.stackfiles import FILE, dev_stack, line_of, problems_of

SECURE = {"secure": "v1:bm9uY2U=:Y2lwaGVydGV4dA=="}
ROLE = "acs:ram::1234567890123456:role/deploy"


def with_setting(key: str, value: object) -> str:
    return dev_stack(lambda s: s.update({f"alicloud:{key}": value}))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("endpoints", [{"ecs": "evil.example.com"}]),
        ("endpoints[0].ecs", "evil.example.com"),
        ("protocol", "HTTP"),
        ("credentialsUri", "http://evil.example.com"),
        ("sourceIp", "203.0.113.7"),
        ("secureTransport", "false"),
        ("configurationSource", "x"),
        ("securityTransport", SECURE),
        ("anythingNew", True),
    ],
)
def test_a_setting_that_sends_calls_elsewhere_or_that_nobody_knows_is_refused(
    key: str, value: object
) -> None:
    text = with_setting(key, value)
    (problem,) = problems_of(text)
    assert problem.path == (f"alicloud:{key}",)
    assert problem.line == line_of(text, f"alicloud:{key}")
    assert "evil" not in describe(FILE, problem)


@pytest.mark.parametrize("key", ["accessKey", "secretKey", "securityToken"])
def test_a_key_in_plain_text_is_refused_and_never_shown(key: str) -> None:
    (problem,) = problems_of(with_setting(key, "hunter2"))
    assert "stands here in plain text" in problem.rule
    assert "pulumi config set --secret" in problem.remedy
    assert "hunter2" not in describe(FILE, problem)
    assert problems_of(with_setting(key, SECURE)) == ()


@pytest.mark.parametrize(
    "value",
    [
        {"roleArn": ROLE, "oidcToken": "hunter2"},
        [{"roleArn": ROLE, "oidcToken": "hunter2"}],
        '{"roleArn": "x", "oidcToken": "hunter2"}',
        '{"roleArn": "x", "oidcT\\u006fken": "hunter2"}',
    ],
)
def test_a_token_inside_a_setting_is_a_secret_as_well(value: object) -> None:
    (problem,) = problems_of(with_setting("assumeRoleWithOidc", value))
    assert problem.remedy == "say oidcTokenFile"
    assert "hunter2" not in describe(FILE, problem)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("profile", "shop"),
        ("assumeRole", {"roleArn": ROLE}),
        ("assumeRoleWithOidc", '{"roleArn": "x", "oidcTokenFile": "/var/run/token"}'),
        ("assumeRoleWithOidc", {"roleArn": ROLE, "oidcToken": SECURE}),
        ("maxRetryTimeout", 30),
        ("skipRegionValidation", True),
    ],
)
def test_who_acts_and_how_long_to_wait_are_settings(key: str, value: Any) -> None:
    assert problems_of(with_setting(key, value)) == ()


def test_a_slip_is_told_with_the_nearest() -> None:
    (problem,) = problems_of(with_setting("profil", "shop"))
    assert problem.remedy == "did you mean alicloud:profile?"
