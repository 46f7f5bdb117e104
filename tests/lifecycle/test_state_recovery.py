"""A state after a job was killed, and states of earlier days: by the pages' own commands."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import ROOT
from tests.lifecycle.account import Account
from tests.lifecycle.kept import PLANTED, Kept, bucket_at, set_secret
from tests.lifecycle.s3_server import S3Server, s3_server
from tests.lifecycle.state_page import script
from tests.lifecycle.test_state import LOCAL, WANTED
from tools.settle import pending_creates

pytestmark = pytest.mark.engine

RECOVERY = script(
    "## The same in a real account",
    ("pulumi refresh", "pulumi refresh --yes"),  # people are asked
    page=ROOT / "docs" / "recovery.md",
)
ASKS = script("## Locks and killed runs")
EXAMPLE = "port-mappings-web=ftb-…:fwd-…"
EARLIER = "prod-1795353077180436000.checkpoint.json"
INSTANT = "stacks/alicloud-gateways/prod.json"


@pytest.fixture
def kept(account: Account, tmp_path: Path) -> Kept:
    return Kept(account, tmp_path / "home")


@pytest.fixture
def bucket() -> Iterator[S3Server]:
    with s3_server() as server:
        yield server


def state_of(kept: Kept) -> Path:
    """The folder of the local file's state."""
    return kept.home / "pulumi-state" / ".pulumi"


@pytest.mark.parametrize("where", ["file", "bucket"])
def test_a_killed_run_is_recovered_by_the_commands_of_the_page(
    kept: Kept, bucket: S3Server, where: str
) -> None:
    if where == "bucket":
        kept.account.environment |= bucket_at(bucket)
        kept.begin()
    else:
        kept.run(f"{LOCAL}\n{set_secret(PLANTED)}")
    kept.kill_in_the_middle("forward_entry")
    assert "currently locked by 1 lock(s)" in kept.fail("pulumi up --yes --stack prod")

    lines = RECOVERY.splitlines()
    kept.run("\n".join(lines[: lines.index("pulumi stack export --file before.json") + 1]))
    before = json.loads(kept.account.file("before.json").read_text("utf-8"))
    (urn,) = pending_creates(before["deployment"])
    name = urn.rpartition("::")[2]

    # A pipeline that asks is told; nothing is forgotten by itself.
    told = kept.fail(ASKS)
    assert f"{name}=<forward_table_id>:<forward_entry_id>" in told
    assert f"forwardEntryName: prod-{name.rpartition('-')[2]}" in told

    entry = kept.id_in_cloud("forward_entry", f"prod-{name.rpartition('-')[2]}")
    table = before["deployment"]["pending_operations"][0]["resource"]["inputs"]["forwardTableId"]
    settle = next(line for line in lines if "tools.settle" in line)
    rest = "\n".join([settle, *lines[lines.index(settle) + 1 :]])
    kept.run(rest.replace(EXAMPLE, f"{name}={table}:{entry}"))
    kept.run(ASKS)

    kept.run("pulumi up --yes --stack prod")
    assert kept.in_cloud() == WANTED, "nothing is lost and nothing doubled"
    kept.run("pulumi preview --stack prod --expect-no-changes")
    kept.assert_nowhere(bucket.versions())


def test_what_pulumi_itself_does_about_pending_creates_is_as_the_page_warns(kept: Kept) -> None:
    kept.run(f"{LOCAL}\n{set_secret(PLANTED)}")
    kept.kill_in_the_middle("forward_entry")
    kept.run("pulumi cancel --yes --stack prod")
    assert "pending" not in kept.run("pulumi preview --stack prod")
    kept.run("pulumi refresh --yes --stack prod")
    kept.fail(ASKS)
    doubled = kept.fail("pulumi up --yes --stack prod")
    assert "with 1 pending operations" in doubled
    assert "PortDuplicated" in doubled
    kept.run("pulumi refresh --yes --stack prod --clear-pending-creates")
    kept.run(ASKS)
    assert kept.in_cloud().count("forward_entry") == 1, "there, and known to nobody"


@pytest.mark.parametrize("where", ["file", "bucket"])
def test_an_earlier_state_is_gone_back_to(kept: Kept, bucket: S3Server, where: str) -> None:
    if where == "bucket":
        kept.account.environment |= bucket_at(bucket)
        kept.begin()
    else:
        kept.run(f"{LOCAL}\n{set_secret(PLANTED)}")
    kept.run("pulumi up --yes --stack prod")
    fetch(kept, bucket if where == "bucket" else None)
    kept.account.edit("Pulumi.prod.yaml", "port: 443", "port: 943")
    kept.run("pulumi up --yes --stack prod")

    kept.run(script("## Back to an earlier state", (EARLIER, "fetched.json")))
    kept.run("pulumi up --yes --stack prod --expect-no-changes")
    assert kept.in_cloud() == WANTED
    kept.assert_nowhere(bucket.versions())


def fetch(kept: Kept, bucket: S3Server | None) -> None:
    """Fetch the newest checkpoint of the history, as a person would."""
    wanted = "history/alicloud-gateways/prod/prod-"
    if bucket is None:
        found = max(state_of(kept).glob(f"{wanted}*.checkpoint.json")).read_bytes()
    else:
        key = max(k for k in bucket.object_keys() if wanted in k and "checkpoint" in k)
        found = bucket.object(key)
    kept.account.file("fetched.json").write_bytes(found)


def test_a_state_and_a_lock_that_were_written_by_halves_are_put_right(kept: Kept) -> None:
    kept.run(f"{LOCAL}\n{set_secret(PLANTED)}\npulumi up --yes --stack prod")
    fetch(kept, None)
    state = state_of(kept) / INSTANT
    state.write_bytes(state.read_bytes()[:200])
    lock = state_of(kept) / "locks" / "organization" / "alicloud-gateways" / "prod" / "half.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text('{"pid": 1', encoding="utf-8")

    assert "unexpected end of JSON input" in kept.fail("pulumi preview --stack prod")
    told = kept.fail("pulumi stack export --stack prod")
    assert "failed to load checkpoint: unexpected end of JSON input" in told
    put_back = [
        line
        for line in script("## Back to an earlier state", (EARLIER, "fetched.json")).splitlines()
        if "tools.settle" in line or "stack import" in line
    ]
    assert "unexpected end of JSON input" in kept.fail("\n".join(put_back))
    kept.run("\n".join(["pulumi cancel --yes --stack prod", *put_back]))
    kept.run("pulumi preview --stack prod --expect-no-changes")

    # And where nothing is left but a backup.
    state.unlink()
    assert "no stack named 'prod' found" in kept.fail("pulumi preview --stack prod")
    kept.run("\n".join(["pulumi stack init prod", *put_back]))
    kept.run("pulumi preview --stack prod --expect-no-changes")
    assert kept.in_cloud() == WANTED
