"""A preflight by the engine: of a stack's own preview, in the account that serves it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from facts import kinds
from sandbox.pulumi_cli import CLOUD_VARIABLE
from tests.lifecycle.account import Account
from tests.sandbox.api.api_lab import Served, served

pytestmark = pytest.mark.engine

NEW = "    portMappings:\n"
ALT = f"{NEW}      alt: {{publicIp: ip3, port: 8080, host: ecs5}}\n"


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, Path("Pulumi.dev.yaml").resolve()) as one:
        yield one


@pytest.fixture
def account(tmp_path: Path, engine: Path, cloud: Served) -> Account:
    """A project whose engine and whose commands are of one account."""
    one = Account.made(tmp_path / "project", engine)
    (file,) = tmp_path.glob("**/cloud.db")
    one.environment |= {**cloud.exported, CLOUD_VARIABLE: str(file), "REHEARSE": "no"}
    return one


def test_what_somebody_mapped_by_hand_stops_a_review_before_it_stops_the_update(
    account: Account, cloud: Served
) -> None:
    account.succeed("pulumi stack init dev")
    first = account.succeed("make -s preflight STACK=dev")
    assert "refused: 0, unknown: 0." in first
    assert cloud.store.all() == []
    account.succeed("pulumi up --yes --stack dev")
    said = account.succeed("make -s preflight STACK=dev")
    assert "asked nothing" in said

    state = json.loads(account.succeed("pulumi stack export --stack dev"))["deployment"]
    entries = [one for one in state["resources"] if one["type"] == kinds.FORWARD_ENTRY]
    (web,) = [one["inputs"] for one in entries if one["urn"].endswith("::port-mappings-web")]
    by_hand = {
        "forward_table_id": web["forwardTableId"],
        "external_ip": web["externalIp"],
        "external_port": "8080",
        "internal_ip": "192.168.1.3",
        "internal_port": "8080",
        "ip_protocol": "tcp",
        "forward_entry_name": "by-hand",
    }
    cloud.store.create("forward_entry", by_hand)
    account.edit("Pulumi.dev.yaml", NEW, ALT)
    found = account.run("make -s preflight STACK=dev FORMAT=json")
    rows = {one["what"]: one for one in json.loads(found.out)["rows"]}
    (row,) = [one for what, one in rows.items() if what.startswith("port-mappings-alt: tcp 8080")]
    assert (row["verdict"], "by-hand" in row["there"]) == ("refused", True)
    reviewed = account.run("make -s review STACK=dev ALLOW='open-port:*'")
    assert reviewed.code != 0
    assert "stopped by preflight" in reviewed.out
    assert "by-hand" in reviewed.out
    deployed = account.run("make -s deploy STACK=dev ALLOW='open-port:*'")
    assert "Nothing was deployed." in deployed.out
    failed = account.run("pulumi up --yes --stack dev")
    assert failed.code != 0
    assert "PortDuplicated" in failed.out + failed.err
