"""`make inventory` of an account in which two stacks of one backend stand, and somebody else's."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from judging.preview import entries_of, items_of
from tests.docs.pages import ROOT
from tests.lifecycle.account import Account
from tests.sandbox.api.api_lab import served

pytestmark = pytest.mark.engine

EXAMPLE = ROOT / "examples" / "private-calls" / "across-regions" / "Pulumi.transit-router.yaml"
REGIONS = "cn-shanghai,cn-zhangjiakou"


def ids(told: object) -> set[str]:
    """The ids of everything in a document."""
    inside = entries_of(told)
    own = {str(inside["id"])} if "id" in inside else set[str]()
    return own.union(*map(ids, (*inside.values(), *items_of(told))))


def test_each_stack_holds_what_it_made_and_nobody_the_rest(
    account: Account, tmp_path: Path
) -> None:
    text = EXAMPLE.read_text("utf-8")
    caller = text.replace("../caller", "examples/private-calls/caller")
    account.file("Pulumi.joined.yaml").write_text(caller, "utf-8")
    for stack in ("dev", "joined"):
        account.succeed(f"pulumi stack init {stack} && pulumi up --yes --skip-preview")
    with closing(account.cloud()) as store:
        strange = store.create("eip_address", {"address_name": "by hand"}, region="cn-shanghai")
    kept = tmp_path / "served" / "dev"
    kept.mkdir(parents=True)
    (kept / "cloud.db").symlink_to(account.file(".sandbox/account/cloud.db"))
    with served(kept.parent, ROOT / "Pulumi.dev.yaml") as cloud:
        script = f"make -s inventory REGION={REGIONS} FORMAT=json"
        told = json.loads(account.succeed(script, **cloud.exported))
    held: dict[str, str] = told.pop("heldBy")
    assert told["gaps"] == []
    assert [one for one, stack in held.items() if stack == "unmanaged"] == [strange.id]
    by_stack = {
        "dev": ids([told["gateways"], told["packages"], told["eips"]]) - {strange.id},
        "joined": ids([told["apis"], told["functions"], told["cens"]]),
    }
    for stack, found in by_stack.items():
        assert len(found) > 3
        assert {held[one] for one in found} == {stack}
