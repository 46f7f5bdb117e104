"""docs/adopt.md, run as it stands: an account that the official SDK fills is adopted, both ways."""

import json
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.docs.pages import ROOT, blocks
from tests.lifecycle.account import Account
from tests.lifecycle.test_walkthrough_api import serving
from tests.tools.adopt_cens import HandMadeCen
from tools.adopt.listing import read_listing

pytestmark = pytest.mark.engine

PAGE = ROOT / "docs" / "adopt.md"
ACCOUNT, LIST, CLOUD, ENVIRONMENT, SANDBOX = blocks(PAGE, "sh")


def filled(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Run the page's Python; returns what it has at its end."""
    assert ENVIRONMENT.text == ". ./cloud.env\n"
    (block,) = blocks(PAGE, "python")
    session: dict[str, Any] = {}
    exec(compile(block.text, PAGE.name, "exec"), session)
    assert capsys.readouterr().out == f"{session['old'].vpc_id}\n"
    return session


def exported(monkeypatch: pytest.MonkeyPatch, account: Account) -> None:
    """Have in the account's shell what `make cloud` said, too."""
    text = account.file("cloud.env").read_text("utf-8")
    assert "ALIBABA_CLOUD_ENDPOINT_VPC" in text
    monkeypatch.setitem(account.environment, "BASH_ENV", str(account.file("cloud.env")))


def test_what_the_sdk_made_is_adopted_in_the_sandbox_and_nothing_changes(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    adopting, preview = SANDBOX.text.splitlines()
    with serving(account, monkeypatch, CLOUD.text):
        session = filled(capsys)
        before = _cloud(account, "shop")
        told = account.succeed(adopting.replace("vpc-…", session["old"].vpc_id))
        assert "changes nothing" in told
        assert "takes as said port-mappings-web-tls portBreak: True" in told
        nothing = "It opens, closes, replaces and deletes nothing."
        assert nothing in account.succeed(preview)
        assert "unchanged" in (done := account.succeed("make up STACK=shop 2>&1"))
        assert " to " not in done
        assert _cloud(account, "shop") == before
    assert not account.file("existing.yaml").exists()


def test_what_the_sdk_made_is_adopted_in_an_account_and_nothing_changes(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The account that `pulumi` works on here is called so."""
    adopting, preview, up = ACCOUNT.text.splitlines()
    with serving(account, monkeypatch, CLOUD.text.replace("STACK=shop", "STACK=account")):
        session = filled(capsys)
        exported(monkeypatch, account)
        before = _cloud(account, "account")
        by_network = adopting.replace("GATEWAY=ngw-uf6demo", f"VPC={session['old'].vpc_id}")
        assert "changes nothing" in account.succeed(by_network)
        counts = json.loads(account.succeed(f"{preview} --json"))["changeSummary"]
        assert counts.keys() == {"same"}
        assert counts["same"] > 10
        account.succeed(up)
        assert _cloud(account, "account") == before
        stacks = json.loads(account.succeed("pulumi stack ls --json"))
        assert [stack["name"] for stack in stacks] == ["shop"]

        # What one stack holds, another one doesn't get.
        again = adopting.replace("ngw-uf6demo", session["front"].nat_gateway_id)
        ended = account.run(again.replace("STACK=shop", "STACK=other"))
        assert ended.code != 0
        assert "the stack shop holds it" in ended.err
        assert not account.file("Pulumi.other.yaml").exists()


def test_what_a_cen_joins_is_adopted_in_an_account(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its regions' providers are made first, and by them everything is imported."""
    with serving(account, monkeypatch, CLOUD.text.replace("STACK=shop", "STACK=account")):
        exported(monkeypatch, account)
        with closing(account.cloud("account")) as cloud:
            cen = HandMadeCen(cloud).lab.cen.id
        before = _cloud(account, "account")
        told = account.succeed(f"make adopt CEN={cen} STACK=shop ACCOUNT=1")
        assert "changes nothing" in told
        preview = account.succeed("pulumi preview --stack shop --json")
        assert json.loads(preview)["changeSummary"].keys() == {"same"}
        account.succeed("pulumi up --stack shop --yes")
        assert _cloud(account, "account") == before


def test_a_list_is_adopted_in_an_account(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(account, monkeypatch, CLOUD.text.replace("STACK=shop", "STACK=account")):
        session = filled(capsys)
        account.file("existing.yaml").write_text(
            f"region: cn-shanghai\nvpc: {session['old'].vpc_id}\n"
            f"vswitches: [{session['apps'].v_switch_id}]\n"
            f"natGateway: {session['front'].nat_gateway_id}\n"
            f"bandwidthPackage: {session['package'].bandwidth_package_id}\n"
            f"publicIps: [{session['web'].allocation_id}]\n",
            encoding="utf-8",
        )
        assert "changes nothing" in account.succeed(LIST.text)
        preview = account.succeed("pulumi preview --stack shop --json")
        assert json.loads(preview)["changeSummary"].keys() == {"same"}


def test_the_pages_list_is_one(tmp_path: Path) -> None:
    (example,) = blocks(PAGE, "yaml")
    file = tmp_path / "existing.yaml"
    file.write_text(example.text, encoding="utf-8")
    assert set(read_listing(file).public_ips) == {"web", "out"}


def _cloud(account: Account, key: str) -> dict[str, dict[str, object]]:
    """What the cloud holds, once the last change has come to its end."""
    cloud = account.cloud(key)
    time.sleep(max(0.0, max(one.until for one in cloud.all()) - time.time()))
    found = {one.id: dict(one.attributes) for one in cloud.all()}
    cloud.close()
    return found
