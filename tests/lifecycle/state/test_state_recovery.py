"""A state after a job was killed, and states of earlier days: by the pages' own commands."""

import json
import re
from pathlib import Path

import pytest

from stack.whole_state import pending_creates
from tests.docs.pages import ROOT, tables
from tests.lifecycle.state.kept import PLANTED, UP, WANTED, Kept, bucket_at, set_secret
from tests.lifecycle.state.page import LOCAL, PAGE, script
from tests.lifecycle.state.s3_server import S3Server

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
    assert "currently locked by 1 lock(s)" in kept.fail(UP)

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
    settle = next(line for line in lines if "tools settle" in line)
    rest = "\n".join([settle, *lines[lines.index(settle) + 1 :]])
    kept.run(rest.replace(EXAMPLE, f"{name}={table}:{entry}"))
    kept.run(ASKS)

    kept.run(UP)
    assert kept.in_cloud() == WANTED, "nothing is lost and nothing doubled"
    kept.run("pulumi preview --stack prod --expect-no-changes")
    kept.assert_nowhere(bucket.versions())


def test_what_pulumi_itself_does_about_pending_creates_is_as_the_page_warns(kept: Kept) -> None:
    kept.run(f"{LOCAL}\n{set_secret(PLANTED)}")
    kept.kill_in_the_middle("forward_entry")
    kept.run("pulumi cancel --yes --stack prod")
    state = state_of(kept) / INSTANT
    killed = state.read_bytes()
    assert "pending" not in kept.run("pulumi preview --stack prod")
    kept.run("pulumi refresh --yes --skip-preview --stack prod")
    kept.fail(ASKS)
    doubled = kept.fail(UP)
    assert "with 1 pending operations" in doubled
    assert "PortDuplicated" in doubled
    kept.run("pulumi refresh --yes --skip-preview --stack prod --clear-pending-creates")
    kept.run(ASKS)
    assert kept.in_cloud().count("forward_entry") == 1, "there, and known to nobody"

    state.write_bytes(killed)
    kept.fail(ASKS)
    (pending,) = json.loads(killed)["checkpoint"]["latest"]["pending_operations"]
    urn, table = pending["resource"]["urn"], pending["resource"]["inputs"]["forwardTableId"]
    entry = kept.id_in_cloud("forward_entry", f"prod-{urn.rpartition('-')[2]}")
    said = f"--import-pending-creates '{urn}' --import-pending-creates {table}:{entry}"
    kept.run(f"pulumi refresh --yes --stack prod {said}")
    kept.run(ASKS)
    assert urn not in state.read_text("utf-8"), "its id was said, and it is lost"


def test_an_earlier_state_is_gone_back_to(kept: Kept, bucket: S3Server) -> None:
    kept.account.environment |= bucket_at(bucket)
    kept.begin()
    kept.run(UP)
    (key,) = (k for k in bucket.object_keys() if k.endswith(".checkpoint.json"))
    kept.account.file("fetched.json").write_bytes(bucket.object(key))
    kept.account.edit("Pulumi.prod.yaml", "port: 443", "port: 943")
    kept.run(UP)

    kept.run(script("## Back to an earlier state", (EARLIER, "fetched.json")))
    kept.run(f"{UP} --expect-no-changes")
    assert kept.in_cloud() == WANTED
    versions = bucket.versions()
    kept.assert_nowhere(versions)
    assert_told({key for key, _ in versions})


def assert_told(keys: set[str]) -> None:
    """The page's table has what a backend keeps, and nothing else is kept but the format's mark."""
    (table,) = (table for table in tables(PAGE) if table[0][0] == "Object")
    told = {row[0].strip("`"): _pattern(row[0].strip("`")) for row in table[1:]}
    for pattern in told.values():
        assert any(re.fullmatch(pattern, key) for key in keys), pattern
    for key in keys - {".pulumi/meta.yaml"}:
        assert any(re.fullmatch(pattern, key) for pattern in told.values()), key


def _pattern(told: str) -> str:
    escaped = re.escape(f".pulumi/{told}")
    return escaped.replace("<time>", r"\d{19}").replace("<id>", "[0-9a-f-]{36}")


def test_metadata_that_was_written_by_halves_is_deleted_and_nothing_is_lost(kept: Kept) -> None:
    with_metadata = LOCAL.replace("?metadata=skip", "")
    assert with_metadata != LOCAL
    kept.run(f"{with_metadata}\n{set_secret(PLANTED)}\n{UP}")
    metadata = (state_of(kept) / INSTANT).with_suffix(".json.attrs")
    (row,) = (row for table in tables(PAGE) for row in table if metadata.name in row[-1])
    for half, told in (("", "EOF"), ('{"user.cache', "unexpected EOF")):
        metadata.write_text(half, encoding="utf-8")
        failed = kept.fail("pulumi preview --stack prod")
        # What else is said, a warning of the language host, comes before it or after.
        assert re.search(f"failed to load checkpoint: (.*: )?{told}$", failed, re.MULTILINE)
        assert told in row[0]
    metadata.unlink()
    (login,) = (line for line in LOCAL.splitlines() if line.startswith("pulumi login"))
    kept.run(f"{login}\npulumi preview --stack prod --expect-no-changes")
    assert kept.in_cloud() == WANTED


def test_a_state_and_a_lock_that_were_written_by_halves_are_put_right(kept: Kept) -> None:
    kept.run(f"{LOCAL}\n{set_secret(PLANTED)}\n{UP}")
    newest = max((state_of(kept) / "history").rglob("*.checkpoint.json"))
    kept.account.file("fetched.json").write_bytes(newest.read_bytes())
    state = state_of(kept) / INSTANT
    state.write_bytes(state.read_bytes()[:200])
    lock = state_of(kept) / "locks" / "organization" / "alicloud-gateways" / "prod" / "half.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text('{"pid": 1', encoding="utf-8")

    assert "unexpected end of JSON input" in kept.fail("pulumi preview --stack prod")
    told = kept.fail("pulumi stack export --stack prod")
    assert re.search("failed to load checkpoint: .*unexpected end of JSON input", told)
    put_back = [
        line
        for line in script("## Back to an earlier state", (EARLIER, "fetched.json")).splitlines()
        if "tools settle" in line or "stack import" in line
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
