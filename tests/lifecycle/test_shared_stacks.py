"""A shared stack and two applications on it, with the real engine in one simulated account."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.accounts import paths_of
from sandbox.cloud import Resource, Store
from sandbox.paths import SANDBOX_VARIABLE
from stack.target import target
from tests.lifecycle.account import Account
from tests.lifecycle.conftest import ROOT, Run, Stack, run_here
from tools import guard
from tools.sandbox.__main__ import main as sandbox_main

pytestmark = pytest.mark.engine
EXAMPLE = ROOT / "examples" / "stack-references"


class Stacks:
    """The example's stacks, in a sandbox of their own."""

    def __init__(self, stack: Stack) -> None:
        self.folder = stack.file.parent / "stacks"
        shutil.copytree(EXAMPLE, self.folder)
        self.environment = stack.environment

    def file(self, name: str) -> Path:
        return self.folder / f"Pulumi.{name}.yaml"

    def edit(self, name: str, *pairs: tuple[str, str]) -> None:
        text = self.file(name).read_text("utf-8")
        for old, new in pairs:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
            text = text.replace(old, new)
        self.file(name).write_text(text, encoding="utf-8")

    def start(self, command: str, name: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tools.sandbox", command, "--config", str(self.file(name))],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, command: str, name: str, *more: str) -> Run:
        words = [command, "--config", str(self.file(name)), *more]
        return run_here(sandbox_main, words, self.environment)

    def succeed(self, command: str, name: str, *more: str) -> Run:
        ended = self.run(command, name, *more)
        assert ended.code == 0, ended.err
        return ended

    def steps(self, name: str) -> dict[str, str]:
        """What a preview would do, by the resource's name; nothing of what stays."""
        document = json.loads(self.succeed("preview", name, "--json").out)
        return {
            step["urn"].rsplit("::", 1)[-1]: step["op"]
            for step in document["steps"]
            if step["op"] != "same"
        }

    def cloud(self, name: str) -> Store:
        """The cloud that a stack lives in: for each of them the same."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(SANDBOX_VARIABLE, self.environment[SANDBOX_VARIABLE])
            return Store(paths_of(ROOT, target(None, str(self.file(name)), ROOT)).cloud)

    def all(self, kind: str) -> list[Resource]:
        store = self.cloud("shared")
        try:
            return store.all(kind)
        finally:
            store.close()

    def entries(self) -> dict[str, str]:
        """The gateway's DNAT entries: ids by name."""
        return {one.text("forward_entry_name"): one.id for one in self.all("forward_entry")}


@pytest.fixture
def stacks(stack: Stack) -> Stacks:
    return Stacks(stack)


def test_two_applications_come_and_go_on_what_is_shared(stacks: Stacks) -> None:
    early = stacks.run("up", "shop")
    assert early.code == 2
    assert "rule:   the stack shared isn't up yet" in early.err

    for name in ("shared", "shop", "blog"):
        stacks.succeed("up", name)
    assert len(stacks.all("nat_gateway")) == len(stacks.all("vpc")) == 1
    before = stacks.entries()
    assert set(before) == {"shop-http", "shop-https", "blog-pages"}
    assert stacks.steps("blog") == stacks.steps("shared") == {}

    guarded = run_here(guard.main, ["--config", str(stacks.file("shop"))], stacks.environment)
    assert guarded.code == 0, guarded.err + guarded.out

    needed = stacks.run("destroy", "shared")
    assert needed.code == 1
    assert "blog, shop stand on what shared puts out; nothing was deleted" in needed.err
    assert stacks.entries() == before

    gone = stacks.succeed("destroy", "shop")
    assert "Nothing is left in the simulated cloud." in gone.err
    assert stacks.entries() == {"blog-pages": before["blog-pages"]}
    assert stacks.steps("blog") == {}

    for name in ("blog", "shared"):
        gone = stacks.succeed("destroy", name)
    assert "Nothing is left in the simulated cloud." in gone.err
    assert stacks.all("vpc") == []


def test_an_output_that_changes_shows_in_the_previews_of_who_uses_it(stacks: Stacks) -> None:
    stacks.edit("shared", ("      front: {", "      next: {acknowledged: true}\n      front: {"))
    stacks.succeed("up", "shared")
    stacks.succeed("up", "blog")
    (entry,) = stacks.all("forward_entry")

    # An output that vanishes is told before anything is done, with what there is now.
    stacks.edit("shared", ("      front: {", "      old: {was: front, "))
    stacks.succeed("up", "shared")
    refused = stacks.run("up", "blog")
    assert refused.code == 2
    assert "rule:   the stack shared has no output publicIpIds.front" in refused.err

    # Another address gets its name, and keeps everything else.
    stacks.edit("shared", ("      next: {", "      front: {was: next, "), ("was: front, ", ""))
    assert stacks.steps("shared") == {"shared-bandwidth-front": "update"}  # its name in the cloud
    stacks.succeed("up", "shared")
    assert stacks.steps("blog") == {"port-mappings-pages": "update"}
    stacks.succeed("up", "blog")
    (after,) = stacks.all("forward_entry")
    assert after.id == entry.id
    assert after.text("external_ip") != entry.text("external_ip")


def test_a_run_that_was_killed_is_recovered_beside_the_others(stacks: Stacks) -> None:
    stacks.succeed("up", "shared")
    cloud = stacks.cloud("blog")
    cloud.entry_seconds = 1.0
    running = stacks.start("up", "blog")
    deadline = time.monotonic() + 60
    while not cloud.calls("create", "forward_entry"):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    cloud.entry_seconds = 0.02
    cloud.close()

    pending = stacks.run("up", "blog")
    assert pending.code == 1
    assert "make recover CONFIG=" in pending.err
    stacks.succeed("preview", "shared")  # the other's state isn't locked
    recovered = stacks.succeed("recover", "blog")
    assert "port-mappings-pages: had been created as" in recovered.err
    stacks.succeed("up", "blog")
    assert stacks.steps("blog") == stacks.steps("shared") == {}


def test_pulumi_itself_reads_the_outputs_and_registers_nothing_without_them(
    account: Account,
) -> None:
    """As in a real account: the engine answers the program, and no sandbox looks beforehand."""
    for file in EXAMPLE.glob("Pulumi.*.yaml"):
        shutil.copyfile(file, account.file(file.name))
    account.succeed("pulumi stack init shop")
    missing = account.run("pulumi preview --color never")
    assert missing.code != 0
    assert "rule:   there is no stack organization/alicloud-gateways/shared" in missing.out
    assert "Pulumi.shop.yaml has 1 problem; nothing was changed." in missing.out
    assert "Traceback" not in missing.out + missing.err

    account.succeed("pulumi stack init shared")
    empty = account.run("pulumi preview --stack shop --color never")
    assert "shared has no outputs yet" in empty.out

    up = "pulumi up --yes --skip-preview --stack"
    account.succeed(f"{up} shared && {up} shop")
    account.succeed(f"{up} shop --expect-no-changes")
    state = json.loads(account.succeed("pulumi stack export --stack shop"))["deployment"]
    types = {one["type"] for one in state["resources"]}
    assert "pulumi:pulumi:StackReference" not in types
    account.edit("Pulumi.shop.yaml", "output: natGatewayId}", "output: natGateway}")
    wrong = account.run("pulumi preview --stack shop --color never")
    assert "remedy: did you mean natGatewayId?" in wrong.out
