"""docs/adopt.md, run as it stands: its commands for an account, and those for the sandbox."""

import json
import time
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Block, blocks
from tests.lifecycle.account import Account
from tools.adopt.listing import read_listing

pytestmark = pytest.mark.engine

PAGE = ROOT / "docs" / "adopt.md"
READ, WRITE, IMPORT, SANDBOX = blocks(PAGE, "sh")


def made_by_hand(account: Account, key: str) -> None:
    """Run the page's Python in the account's folder, on the cloud of `pulumi` or of a stack."""
    (block,) = blocks(PAGE, "python")
    account.file("by_hand.py").write_text(
        block.text.replace(".sandbox/shop/", f".sandbox/{key}/"), encoding="utf-8"
    )
    account.succeed(".venv/bin/python by_hand.py", PYTHONPATH=str(account.folder))


def run(account: Account, block: Block) -> str:
    return account.succeed(block.text)


def test_the_steps_for_an_account_take_over_what_exists_and_change_nothing(
    account: Account,
) -> None:
    made_by_hand(account, "account")
    before = _cloud(account, "account")
    run(account, READ)
    assert "changes nothing" in run(account, WRITE)
    *importing, preview, up = IMPORT.text.splitlines()
    account.succeed("\n".join(importing))
    counts = json.loads(account.succeed(f"{preview} --json"))["changeSummary"]
    assert counts.keys() == {"same"}
    assert counts["same"] > 10
    account.succeed(preview)
    account.succeed(up)
    assert _cloud(account, "account") == before
    stacks = json.loads(account.succeed("pulumi stack ls --json"))
    assert [stack["name"] for stack in stacks] == ["shop"]


def test_the_sandbox_does_the_same_in_one_command(account: Account) -> None:
    made_by_hand(account, "shop")
    before = _cloud(account, "shop")
    told = run(account, SANDBOX)
    assert "changes nothing" in told
    assert account.file("Pulumi.shop.yaml").is_file()
    assert _cloud(account, "shop") == before


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
