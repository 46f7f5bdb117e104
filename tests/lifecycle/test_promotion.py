"""A change that went through dev is promoted to staging, previewed there and brought up."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sandbox.cloud import Store
from stack.target import target
from tests.lifecycle.conftest import ROOT, Run, Stack, run_here
from tools.promote import __main__ as promote
from tools.sandbox.__main__ import main as sandbox_main

pytestmark = pytest.mark.engine
WEB = "      web: {publicIp: ip3, port: 80, protocol: tcp, host: ecs3, hostPort: 80}\n"
TLS = "      web-tls: {publicIp: ip3, port: 443, protocol: tcp, host: ecs4, hostPort: 443}\n"


class Tiers:
    """Dev and staging as they are in the project, in a sandbox of their own."""

    def __init__(self, stack: Stack) -> None:
        folder = stack.file.parent
        self.dev, self.staging = folder / "Pulumi.dev.yaml", folder / "Pulumi.staging.yaml"
        self.sandbox, self._environment = folder / "sandbox", stack.environment
        for file in (self.dev, self.staging):
            file.write_bytes((ROOT / file.name).read_bytes())

    def edit_dev(self, old: str, new: str) -> None:
        text = self.dev.read_text("utf-8")
        assert text.count(old) == 1
        self.dev.write_text(text.replace(old, new), encoding="utf-8")

    def up(self, file: Path) -> None:
        ended = run_here(sandbox_main, ["up", "--config", str(file)], self._environment)
        assert ended.code == 0, ended.err

    def promote(self, *more: str) -> Run:
        words = ["--from", str(self.dev), "--to", str(self.staging), *more]
        return run_here(promote.main, words, self._environment)

    def entries(self) -> dict[str, tuple[str, str]]:
        """Staging's port mappings: each one's id and public port by its name in the cloud."""
        folder = self.sandbox / target(None, str(self.staging), ROOT).key
        store = Store(folder / "cloud.db")
        try:
            found = store.all("forward_entry")
            return {
                one.text("forward_entry_name"): (one.id, one.text("external_port")) for one in found
            }
        finally:
            store.close()


@pytest.fixture
def tiers(stack: Stack) -> Tiers:
    return Tiers(stack)


def test_a_change_goes_from_dev_to_staging_and_up(tiers: Tiers) -> None:
    tiers.up(tiers.staging)
    before = tiers.entries()
    tiers.edit_dev(WEB, WEB.replace("web: {", "front: {was: web, "))
    tiers.edit_dev(TLS, "      shop: {publicIp: ip3, port: 9000, host: ecs3} # since May\n" + TLS)
    tiers.edit_dev("port: 22,", "port: 2222,")
    tiers.up(tiers.dev)

    assert tiers.promote("--check").code == 1
    promoted = tiers.promote("--format", "json")
    assert promoted.code == 0, promoted.err
    preview: dict[str, Any] = json.loads(promoted.out)["preview"]
    # In any order: they are in different lanes.
    assert {one["name"] for one in preview["opens"]} == {
        "port-mappings-jump-host",
        "port-mappings-shop",
    }
    (closes,) = [one["what"] for one in preview["closes"]]
    assert re.fullmatch(r"tcp 22 of 198\.51\.100\.\d, to 10\.20\.1\.5:22", closes)
    assert preview["replaces"] == preview["deletes"] == []

    tiers.up(tiers.staging)
    after = tiers.entries()
    assert after["staging-shop"][1] == "9000"
    assert after["staging-front"][0] == before["staging-web"][0]  # kept over the rename
    assert after["staging-jump-host"] == (before["staging-jump-host"][0], "2222")
    assert tiers.promote("--check").code == 0


def test_what_a_promotion_would_replace_and_delete_is_named(tiers: Tiers) -> None:
    tiers.up(tiers.staging)
    text = tiers.staging.read_text("utf-8")
    tiers.edit_dev(TLS, "")
    tiers.edit_dev("      ip4: {}", "      ip4: {description: the jump host's}")
    shown = tiers.promote("--remove", "sharedBandwidth.portMappings.web-tls")
    assert shown.code == 0, shown.err
    assert "It closes" in shown.out
    assert "It deletes" in shown.out
    assert "port-mappings-web-tls" in shown.out
    assert "web-tls" not in tiers.staging.read_text("utf-8")
    assert "ip4: {}" in text  # each tier describes its own


def test_a_change_that_no_update_can_do_is_taken_back(tiers: Tiers) -> None:
    tiers.up(tiers.staging)
    before = tiers.staging.read_bytes()
    tiers.edit_dev(WEB, WEB.replace("port: 80,", "port: 443,"))
    tiers.edit_dev(TLS, TLS.replace("port: 443,", "port: 80,"))
    refused = tiers.promote("--format", "json")
    assert refused.code == 2
    assert "swap" in refused.err
    assert "is as it was" in refused.err
    assert tiers.staging.read_bytes() == before
    document: dict[str, Any] = json.loads(refused.out)
    assert document["written"] is False
    assert [one["path"] for one in document["moves"]] != []
