"""`sandbox/bin/pulumi`: what is written for a real account runs on the simulated cloud."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.lifecycle.account import Account

pytestmark = pytest.mark.engine

PROGRAM = "pulumi:pulumi:Stack"


@pytest.fixture
def account(tmp_path: Path, engine: Path) -> Account:
    """A copy of the project in which `pulumi` is the sandbox's script."""
    return Account.with_script(tmp_path / "project", engine)


def test_a_stack_lives_and_dies_by_the_clis_own_commands(account: Account) -> None:
    account.succeed("pulumi stack init dev && pulumi up --yes")
    account.succeed("pulumi refresh --preview-only --expect-no-changes")
    account.succeed("pulumi up --yes --expect-no-changes")
    account.succeed("pulumi destroy --yes")
    cloud = account.cloud()
    assert cloud.all() == []
    cloud.close()


def test_all_stacks_are_in_one_cloud_and_one_backend(account: Account) -> None:
    account.succeed("pulumi stack init dev && pulumi up --yes && pulumi stack init staging")
    names = {stack["name"] for stack in json.loads(account.succeed("pulumi stack ls --json"))}
    assert names == {"dev", "staging"}
    packages = json.loads(account.succeed("pulumi stack export --stack dev"))["deployment"]
    assert packages["resources"][0]["type"] == PROGRAM
    assert "creat" in account.succeed("pulumi preview --stack staging")


def test_a_json_preview_is_what_the_guard_reads(account: Account) -> None:
    account.succeed("pulumi stack init dev")
    flags = "--json --show-sames --show-replacement-steps --ignore-protect"
    account.succeed(f"pulumi preview {flags} > preview.json")
    judged = account.run("make -s guard PREVIEW=preview.json")
    assert judged.code == 2  # make's way of saying 1
    assert "open-port:port-mappings-web" in judged.out


def test_a_refused_stack_file_ends_the_run_with_one_report_and_no_traceback(
    account: Account,
) -> None:
    account.succeed("pulumi stack init dev")
    account.edit("Pulumi.dev.yaml", "hostPort: 443", "hostPort: 70443")
    ended = account.run("pulumi preview --color never")
    assert ended.code != 0
    assert "Pulumi.dev.yaml has 1 problem; nothing was changed." in ended.out
    assert "Traceback" not in ended.out + ended.err
    assert "unhandled" not in ended.out


def test_the_users_backend_passphrase_and_cloud_are_taken(account: Account, tmp_path: Path) -> None:
    backend = tmp_path / "backend"
    backend.mkdir()
    chosen = {
        "PULUMI_CONFIG_PASSPHRASE": "correct horse",
        "ALICLOUD_GATEWAYS_CLOUD": str(tmp_path / "elsewhere" / "cloud.db"),
    }
    account.succeed(f"pulumi login {backend.as_uri()} && pulumi stack init dev", **chosen)
    account.succeed("pulumi up --yes", **chosen)
    assert (backend / ".pulumi" / "stacks" / "alicloud-gateways" / "dev.json").is_file()
    assert (tmp_path / "elsewhere" / "cloud.db").is_file()
    wrong = account.run("pulumi preview", **{**chosen, "PULUMI_CONFIG_PASSPHRASE": "wrong"})
    assert "incorrect passphrase" in wrong.out + wrong.err


def test_a_killed_cli_leaves_no_plugin_behind(account: Account) -> None:
    account.succeed("pulumi stack init dev")
    running = account.start("exec pulumi up --yes")
    while not _plugins(account):
        assert running.poll() is None, running.communicate()
        time.sleep(0.05)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    deadline = time.monotonic() + 60
    while left := _plugins(account):
        assert time.monotonic() < deadline, left
        time.sleep(0.2)


def _plugins(account: Account) -> list[str]:
    """Command lines of the account's plugins; each names a file of the project's folder."""
    found: list[str] = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue  # it has ended meanwhile
            if str(account.folder) in line and "/sandbox" in line:
                found.append(line)
    return found
