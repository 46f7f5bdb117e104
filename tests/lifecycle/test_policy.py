"""The policy pack on the real engine: what stops a production stack is advice for another."""

from pathlib import Path

import pytest

from tests.lifecycle.account import Account
from tests.lifecycle.conftest import Stack

pytestmark = pytest.mark.engine

ROOT = Path(__file__).resolve().parent.parent.parent
PROD = (ROOT / "Pulumi.prod.yaml").read_text("utf-8")
JUMP_HOST = "      jump-host: {publicIp: ip4,"
SSH = (
    "[mandatory] [severity: high]  nat-risky-ports  (alicloud:vpc:ForwardEntry: port-mappings-ssh)"
)


def test_what_stops_production_is_advice_in_development(stack: Stack) -> None:
    stack.write(PROD)
    passed = stack.succeed("preview", "--policy")
    assert "✅ alicloud-gateways@" in passed.err, "the exemption of production.json is heeded"

    stack.edit(JUMP_HOST, "      ssh: {publicIp: ip4,")
    stopped = stack.run("up", "--policy")
    assert stopped.code == 1
    assert SSH in stopped.err
    assert "port-mappings-ssh maps 22 (SSH) for everyone" in stopped.err
    assert "Remedy: come in by a VPN" in stopped.err
    assert stack.all() == [], "the preview is judged before anything is made"

    lenient = stack.run("preview", "--policy", str(ROOT / "policy" / "development.json"))
    assert lenient.code == 1
    assert "stack-tier" in lenient.err
    assert "is a production stack, and was judged as a development one" in lenient.err

    stack.edit("tier: production", "tier: development")
    warned = stack.succeed("up", "--policy")
    assert SSH.replace("mandatory", "advisory") in warned.err
    assert len(stack.all("forward_entry")) == 5
    # What is known only now has been judged as well, and nothing was left unjudged.
    assert "can't run policy" not in warned.err + passed.err + stopped.err


def test_what_is_cut_in_two_or_exempt_at_another_port_stops_production(stack: Stack) -> None:
    stack.write(PROD)
    stack.edit(f"{JUMP_HOST} port: 22", f"{JUMP_HOST} port: 3389")
    moved = stack.run("preview", "--policy")
    assert moved.code == 1
    assert "port-mappings-jump-host maps 3389 (RDP) for everyone" in moved.err

    halves = (
        "      low: {publicIp: ip4, port: 1-32767, protocol: udp, host: ecs5}\n"
        "      high: {publicIp: ip4, port: 32768-65535, protocol: udp, host: ecs5}\n"
    )
    stack.edit(f"{JUMP_HOST} port: 3389", f"{halves}{JUMP_HOST} port: 22")
    cut = stack.run("preview", "--policy")
    assert cut.code == 1
    assert "nat-every-port" in cut.err
    assert "udp 32768-65535 and port-mappings-low udp 1-32767, together every port" in cut.err
    assert "can't run policy" not in cut.err


def test_limits_and_levels_can_be_set_and_are_checked(stack: Stack, tmp_path: Path) -> None:
    settings = tmp_path / "ours.json"
    settings.write_text(
        """{
          "all": "advisory",
          "nat-risky-ports": {"enforcementLevel": "mandatory", "allowedPorts": [22]},
          "nat-every-port": {"enforcementLevel": "disabled"}
        }""",
        encoding="utf-8",
    )
    passed = stack.succeed("preview", "--policy", str(settings))
    assert "nat-risky-ports" not in passed.err
    assert "nat-every-port" not in passed.err
    assert "[advisory] [severity: high]  pulumi-protect" in passed.err

    settings.write_text('{"nat-risky-ports": {"allowedPorts": "22"}}', encoding="utf-8")
    refused = stack.run("preview", "--policy", str(settings))
    assert refused.code == 1
    assert "allowedPorts: Invalid type" in refused.err

    missing = stack.run("preview", "--policy", str(tmp_path / "none.json"))
    assert missing.code == 1
    assert "none.json isn't there" in missing.err
    assert "Traceback" not in missing.err


def test_commands_that_change_nothing_by_the_program_are_not_judged(stack: Stack) -> None:
    refused = stack.run("refresh", "--policy")
    assert refused.code == 1
    assert "refresh isn't judged by policies" in refused.err


def test_the_cli_runs_the_pack_word_for_word_and_leaves_nothing_running(account: Account) -> None:
    account.succeed("pulumi stack init prod")
    judged = "pulumi preview --color never --policy-pack policy"
    passed = account.succeed(f"{judged} --policy-pack-config policy/production.json")
    assert "✅ alicloud-gateways@" in passed
    # Told nothing, the pack judges by production, without the exemptions of the file.
    told_nothing = account.run(judged)
    assert told_nothing.code != 0
    assert SSH.replace("port-mappings-ssh", "port-mappings-jump-host") in told_nothing.out
    folder = str(account.file("policy")).encode()
    left = [one for one in Path("/proc").glob("[0-9]*/cmdline") if folder in _bytes(one)]
    assert left == []


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""  # the process has ended meanwhile
