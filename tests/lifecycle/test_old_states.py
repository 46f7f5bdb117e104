"""States that earlier versions made: this one previews them without making anything anew.

A preview of such a state may update in place what `updates.yaml` beside it lists, each with its
reason. It replaces, deletes and creates nothing. Where it would, a name has changed: see "Renaming
a child" in docs/architecture.md.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.lifecycle.account import Account
from tests.lifecycle.conftest import Stack
from tests.lifecycle.states import EXAMPLES, FOLDER, put_back, put_back_in_account, updates

pytestmark = pytest.mark.engine

KEPT = sorted(one for one in FOLDER.glob("*/*") if one.is_dir())
DEV = next(one for one in KEPT if one.name == "dev")
CHILD = 'f"{name}-nat",'
PREVIEW = "pulumi preview --json"
OPTION = 'protect=args.get("protect", protected),'


@dataclass(frozen=True)
class Preview:
    """What `up` would do."""

    counts: dict[str, int]
    """How many resources, by operation."""

    names: dict[str, set[str]]
    """By operation, but for what stays as it is, which the engine doesn't name."""


def judged(printed: str) -> Preview:
    document: dict[str, Any] = json.loads(printed)
    names: dict[str, set[str]] = {}
    for step in document["steps"]:
        if step["op"] != "same":
            names.setdefault(step["op"], set()).add(step["urn"].rpartition("::")[2])
    return Preview(document["changeSummary"], names)


def held(kept: Path) -> int:
    """How many resources a kept state has, but for default providers, which aren't registered."""
    deployment = json.loads((kept / "state.json").read_text("utf-8"))["deployment"]
    urns: list[str] = [one["urn"] for one in deployment["resources"]]
    return sum(not re.search(r"::pulumi:providers:alicloud::default", urn) for urn in urns)


@pytest.fixture
def account(tmp_path: Path, engine: Path) -> Account:
    """A copy of the project, which is edited; its cloud is yet to be put there."""
    return Account.made(tmp_path / "project", engine)


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: f"{kept.parent.name}/{kept.name}")
def test_a_state_of_an_earlier_version_goes_on_without_a_replacement(
    kept: Path, stack: Stack
) -> None:
    put_back(kept, stack)
    found = judged(stack.succeed("preview", "--json").out)
    assert found.counts.keys() <= {"same", "update"}, found
    assert found.names.get("update", set()) == updates(kept).keys()
    assert sum(found.counts.values()) == held(kept) > 10


def test_every_example_that_is_kept_has_been_kept_once() -> None:
    wanted = {Path(example).stem.removeprefix("Pulumi.") for example in EXAMPLES}
    assert wanted <= {kept.name for kept in KEPT}


def test_what_is_kept_says_nothing_of_the_machine_that_made_it() -> None:
    for file in FOLDER.rglob("*.json"):
        text = file.read_text("utf-8")
        assert not [place for place in ("/tmp/", "/home/", "/root/", "/work/") if place in text]
        assert len(text) < 400_000, file


def test_a_child_that_is_renamed_is_made_anew_unless_its_former_name_is_said(
    account: Account,
) -> None:
    put_back_in_account(DEV, account)
    component = "components/nat/gateway.py"
    account.edit(component, CHILD, 'f"{name}-door",')
    lost = judged(account.succeed(PREVIEW))
    assert "gateway-door" in lost.names["create"]
    assert "gateway-nat" in lost.names["delete"]

    account.edit(component, OPTION, f'{OPTION} formerly=[f"{{name}}-nat"],')
    kept = judged(account.succeed(PREVIEW))
    assert kept.counts == {"same": held(DEV)}


def test_an_entry_and_its_child_may_be_renamed_at_once(account: Account) -> None:
    put_back_in_account(DEV, account)
    account.edit("Pulumi.dev.yaml", "      web: {", "      shop: {was: web, ")
    component = "components/nat/port_mappings.py"
    account.edit(component, 'f"{name}-{key}",', 'f"{name}-{key}-entry",')
    account.edit(
        component,
        'was=former(name, mapping.get("was")),',
        'was=former(name, mapping.get("was"), "-entry"),\n'
        '                formerly=[f"{name}-{key}", former(name, mapping.get("was"))],',
    )
    found = judged(account.succeed(PREVIEW))
    assert found.names == {"update": {"port-mappings-shop-entry"}}  # its name in the cloud
    assert sum(found.counts.values()) == held(DEV)
