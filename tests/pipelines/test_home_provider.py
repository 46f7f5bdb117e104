"""The stack's own provider, which previews leave out: a change of it is told all the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from facts import kinds
from stack.command_line import DONE, FOUND
from tests.pipelines.test_judging import Engine, reviewed
from tools.pipeline import reviewing
from tools.pipeline.reviewing import FINDING, provider_changes
from tools.pipeline.shell import Ended

ROLE = "acs:ram::1234567890123456:role/deploy"
OTHER = "acs:ram::1234567890123456:role/admin"


def state(name: str = "default_4_0_0", **inputs: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:shop::p::{kinds.PROVIDER}::{name}"
    told: dict[str, Any] = {"__internal": {}, "version": "4.0.0", "region": "cn-shanghai", **inputs}
    return {"resources": [{"urn": urn, "type": kinds.PROVIDER, "inputs": told}]}


def config(**settings: Any) -> dict[str, Any]:
    told = {"region": "cn-shanghai", **settings}
    return {"alicloud-gateways:tier": "staging", **{f"alicloud:{k}": v for k, v in told.items()}}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"region": "cn-beijing"}, 'region: "cn-shanghai" → "cn-beijing"'),
        ({}, {"profile": "admin"}, 'profile: nothing → "admin"'),
        (
            {"assumeRole": f'{{"roleArn": "{ROLE}"}}'},
            {"assumeRole": f'{{"roleArn":"{OTHER}"}}'},
            f'assumeRole.roleArn: "{ROLE}" → "{OTHER}"',
        ),
        ({"assumeRole": f'{{"roleArn": "{ROLE}"}}'}, {}, "→ nothing"),
        (
            {"secretKey": {"4dabf18193072939515e22adb298388d": "1b47", "ciphertext": "v1:x"}},
            {"secretKey": "hunter2"},
            "secretKey: [secret] → a value in plain text",
        ),
        ({}, {"accessKey": "LTAI-plain"}, "accessKey: nothing → [secret]"),
    ],
)
def test_a_setting_that_changes_is_told(
    old: dict[str, Any], new: dict[str, Any], expected: str
) -> None:
    (change,) = provider_changes(state(**old), config(**new))
    assert expected in change


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({}, {}),
        ({"assumeRole": f'{{"roleArn": "{ROLE}"}}'}, {"assumeRole": f'{{"roleArn":"{ROLE}"}}'}),
        ({"accountId": "123456789012"}, {"accountId": "123456789012"}),
        ({"maxRetryTimeout": "30"}, {"maxRetryTimeout": "30"}),
        ({"profile": "from-the-environment"}, {}),
        (
            {"secretKey": {"4dabf18193072939515e22adb298388d": "1b47", "ciphertext": "v1:x"}},
            {"secretKey": "[secret]"},
        ),
    ],
)
def test_what_stays_isnt_told(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert provider_changes(state(**old), config(**new)) == []


def test_a_stack_that_has_none_yet_and_providers_of_other_regions_arent_it() -> None:
    assert provider_changes({}, config()) == []
    assert provider_changes(state("alicloud-cn-beijing", region="cn-beijing"), config()) == []


class Held(Engine):
    """An engine that has deployed a stack by another role."""

    document = Ended(DONE, json.dumps({"steps": [], "changeSummary": {}, "config": config()}))

    def state(self) -> dict[str, Any]:
        return state(assumeRole=f'{{"roleArn": "{ROLE}"}}')


def test_a_review_stops_at_it_until_somebody_means_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(reviewing, "Engine", Held())
    monkeypatch.setattr(reviewing, "ROOT", tmp_path)
    stopped = reviewed(tmp_path, tier="production")
    (part,) = [part for part in stopped.parts if part.title == "Provider"]
    assert part.code == FOUND
    assert f'assumeRole: {{"roleArn": "{ROLE}"}} → nothing' in part.text
    meant = reviewed(tmp_path, tier="production", allow=FINDING)
    assert [part.code for part in meant.parts if part.title == "Provider"] == [DONE]
