"""`make inventory` on a local cloud that was filled by the official SDKs alone."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from judging.account.holding import LISTINGS
from tests.account.accounts import REGION
from tests.account.console import Console, filled_by_hand
from tests.docs.pages import ROOT
from tests.sandbox.api.api_lab import served
from tools.inventory.__main__ import main


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    with served(tmp_path_factory.mktemp("cloud"), ROOT / "Pulumi.dev.yaml") as cloud:
        yield filled_by_hand(cloud)


@pytest.fixture(autouse=True)
def environment(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in console.cloud.exported.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", "")  # no pulumi, so no backend
    console.cloud.store.faults.clear()


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["--region", REGION, "--format", "json", *words]) == 0
    return json.loads(capsys.readouterr().out)


def ids(listed: list[Mapping[str, Any]]) -> set[str]:
    return {str(one["id"]) for one in listed}


def test_the_inventory_is_what_was_made(
    console: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    made, found = console.made, told(capsys)
    assert ids(found["vpcs"]) == {made["vpc"]}
    assert ids(found["vswitches"]) == {made["vswitch"]}
    (gateway,) = found["gateways"]
    assert gateway["id"] == made["gateway"]
    assert ids(gateway["dnat"]) == {made["entry 22"], made["entry 443"]}
    assert ids(gateway["snat"]) == {made["way out"]}
    assert {one["name"]: one["role"] for one in found["eips"]} == {
        "mapped": "mapped",
        "egress": "egress",
        "idle": "on a gateway, in no entry seen",
        "forgotten": "bound to nothing",
        "of the server": "server",
    }
    assert ids(found["eips"]) == {made[one["name"]] for one in found["eips"]}
    assert ids(found["packages"]) == {made["package"]}
    assert {one["server"] for one in found["cards"]} == {made["server"], made["backend"]}
    assert ids(found["groups"]) == {made["security group"]}
    assert {one["id"]: one["name"] for one in found["apis"]["apis"]} == {
        made["orders"]: "orders",
        made["open"]: "open",
    }
    assert ids(found["apis"]["groups"]) == {made["group"]}
    assert [one["name"] for one in found["apis"]["apps"]] == ["mobile"]
    (way,) = found["apis"]["authorizations"]
    assert (way["instance"], way["port"]) == (made["backend"], "8080")
    assert [one["name"] for one in found["functions"]] == ["totals"]
    (cen,) = found["cens"]
    assert (cen["id"], ids(cen["routers"])) == (made["cen"], {made["router"]})
    assert ids(cen["attachments"]) == {made["attachment"]}
    assert found["gaps"] == []


def test_what_is_wrong_with_it_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    found = [one.split(":")[0] for one in told(capsys)["findings"]]
    assert sorted(found) == [
        "api-auth",
        "eip-idle",
        "eip-unattached",
        "nat-risky-ports",
        "router-attachment-zones",
        "security-group-risky-ports",
    ]


def test_every_third_call_that_is_throttled_changes_nothing(
    console: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = told(capsys)
    console.cloud.store.faults.throttle(every=3)
    assert told(capsys) == whole


@pytest.mark.parametrize(
    ("action", "code", "words"),
    [
        ("DescribeForwardTableEntries", "InternalError", "read again"),
        ("DescribeSnatTableEntries", "InvalidSecurityToken.Expired", "renew them"),
        ("DescribeApi", "InvalidSecurityToken.Expired", "renew them"),
        ("ListFunctions", "InternalError", "read again"),
        ("ListTransitRouters", "InvalidAccessKeyId.NotFound", "renew them"),
    ],
)
def test_what_ends_in_the_middle_prints_nothing_and_says_why(
    console: Console, capsys: pytest.CaptureFixture[str], action: str, code: str, words: str
) -> None:
    console.cloud.store.faults.fail_action(action, code=code)
    assert main(["--region", REGION, "--format", "json"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert code in said.err
    assert words in said.err


def test_one_action_that_is_forbidden_is_one_gap_with_a_name(
    console: Console, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rights = [{"Effect": "Allow", "Action": [one.right for one in LISTINGS], "Resource": "*"}]
    key, secret = console.auditor(
        "auditor",
        *rights,
        {"Effect": "Deny", "Action": "apigateway:DescribeVpcAccesses", "Resource": "*"},
    )
    whole = told(capsys)
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", key)
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", secret)
    found = told(capsys)
    (gap,) = found.pop("gaps")
    assert (gap["right"], gap["code"]) == ("apigateway:DescribeVpcAccesses", "NoPermission")
    assert found.pop("apis") != whole.pop("apis")
    assert {**found, "gaps": []} == whole | {"heldBy": found["heldBy"]}


def test_one_network_is_told_with_all_its_doors(
    console: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(capsys, "--vpc", console.made["vpc"])
    assert [one["name"] for one in found["apis"]["apis"]] == ["orders"]
    assert ids(found["cens"]) == {console.made["cen"]}
    assert found["functions"] == []
    assert "forgotten" not in {one["name"] for one in found["eips"]}
