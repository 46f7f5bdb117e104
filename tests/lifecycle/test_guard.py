"""The guard on the real engine: what is planted is caught, what is harmless passes."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lifecycle import previews
from tests.lifecycle.conftest import ROOT, Run, Stack
from tests.lifecycle.previews import FOLDER, SCENARIOS, SERVERS, shape, swap
from tools import guard

pytestmark = pytest.mark.engine

JUMP_HOST = (
    "      jump-host: {publicIp: ip4, port: 22, protocol: tcp, host: ecs5, acknowledged: true}"
)


def judge(stack: Stack, *more: str) -> Run:
    """Judge what the sandbox would do to the stack."""
    document = stack.file.with_name("preview.json")
    document.write_text(stack.succeed("preview", "--json").out, encoding="utf-8")
    return stack.here(guard.main, str(document), *more)


def ask_the_sandbox(stack: Stack) -> Run:
    """The same, word for word: the guard has the sandbox preview."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.guard", "--config", str(stack.file)],
        cwd=ROOT,
        env=stack.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return Run(done.returncode, done.stdout, done.stderr)


def found(table: str) -> list[str]:
    """The names in the table's rows that aren't allowed."""
    rows = [line for line in table.splitlines() if line.startswith("| ❌ |")]
    return [row.split("`")[1] for row in rows]


PLANTED: dict[str, tuple[Callable[[str], str], list[str]]] = {
    "an address taken out": (
        SCENARIOS["address-taken-out"].edit,
        ["delete-address:shared-bandwidth-ip2", "close-port:port-mappings-app2"],
    ),
    "a replaced gateway, and a mapping that goes along": (
        SCENARIOS["gateway-replaced"].edit,
        [
            "delete-address:shared-bandwidth-ip2",
            "replace-nat-gateway:gateway-nat",
            "close-port:port-mappings-app2",
        ],
    ),
    "an open port": (
        swap((JUMP_HOST, f"{JUMP_HOST}\n      rdp: {{publicIp: ip4, port: 3389, host: ecs5}}")),
        ["open-port:port-mappings-rdp"],
    ),
    "a mapping that moves to another address": (
        swap(("web: {publicIp: ip3,", "web: {publicIp: ip4,")),
        ["close-port:port-mappings-web", "open-port:port-mappings-web"],
    ),
    "an address that is given up for a spare one": (
        swap(
            ("      ip4: {}\n", ""),
            ("ip5: {spare: true}", "ip5: {}"),
            ("publicIp: ip4", "publicIp: ip5"),
        ),
        [
            "delete-address:shared-bandwidth-ip4",
            "close-port:port-mappings-jump-host",
            "open-port:port-mappings-jump-host",
        ],
    ),
}


def test_what_is_planted_is_found_and_passes_once_each_is_allowed(
    stack: Stack, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.stand()
    before = stack.text
    for name, (edit, expected) in PLANTED.items():
        stack.write(edit(before))
        document = tmp_path / "preview.json"
        document.write_text(stack.succeed("preview", "--json").out, encoding="utf-8")
        code = guard.main([str(document)])
        assert (code, found(capsys.readouterr().out)) == (1, expected), name
        for one in expected:
            others = " ".join(other for other in expected if other != one)
            code = guard.main([str(document), "--allow", others])
            assert (code, found(capsys.readouterr().out)) == (1, [one]), name
        assert guard.main([str(document), "--allow", " ".join(expected)]) == 0, name
        assert found(capsys.readouterr().out) == []


HARMLESS: dict[str, Callable[[str], str]] = {
    "nothing": lambda text: text,
    "a mapping renamed with was": swap(("      web: {", "      shop: {was: web, ")),
    "an address renamed with was": swap(
        ("      ip4: {}", "      front: {was: ip4}"), ("publicIp: ip4", "publicIp: front")
    ),
    "more bandwidth": swap(("bandwidth: 150", "bandwidth: 200")),
    "other tags": swap(("env: dev", "env: test")),
    "an address more, spare": swap(("      ip4: {}", "      ip4: {}\n      ip6: {spare: true}")),
}


def test_what_is_harmless_passes(stack: Stack) -> None:
    stack.stand()
    before = stack.text
    for name, edit in HARMLESS.items():
        stack.write(edit(before))
        passed = judge(stack)
        assert (passed.code, found(passed.out)) == (0, []), name
        assert passed.out.startswith("### Guard: nothing found"), name


def test_a_server_renamed_with_was_passes_though_its_script_is_replaced(stack: Stack) -> None:
    stack.stand(SERVERS)
    stack.write(
        swap(("      web2:\n        host", "      site:\n        was: web2\n        host"))(SERVERS)
    )
    passed = judge(stack, "--format", "json")
    assert passed.code == 0, passed.out
    assert json.loads(passed.out)["changes"]["replace"] == 2


def test_a_protected_stack_shows_everything_that_would_go(stack: Stack) -> None:
    stack.stand(SCENARIOS["protected-stopped"].before)
    stack.write(SCENARIOS["gateway-replaced"].edit(stack.text))
    caught = judge(stack)
    assert caught.code == 1
    assert {
        "delete-protected:shared-bandwidth-ip2",
        "replace-protected:gateway-nat",
        "close-port:port-mappings-app2",
    } <= set(found(caught.out))
    assert "stopped" not in caught.out


def test_a_first_deployment_is_allowed_with_a_star(stack: Stack) -> None:
    assert stack.kinds() == []
    first = ask_the_sandbox(stack)
    assert first.code == 1
    assert {one.partition(":")[0] for one in found(first.out)} == {"open-port"}
    assert judge(stack, "--allow", "open-port:*").code == 0
    assert stack.kinds() == []  # judging builds nothing


def test_a_stack_file_that_is_refused_ends_with_2_and_its_own_report(stack: Stack) -> None:
    stack.edit("host: ecs3, hostPort", "host: nowhere, hostPort")
    refused = ask_the_sandbox(stack)
    assert (refused.code, refused.out) == (2, "")
    assert "this must name a host of network.hosts" in refused.err
    assert "The sandbox made no preview, so nothing was judged." in refused.err
    assert "Traceback" not in refused.err


@pytest.mark.parametrize(
    "name", ["address-taken-out", "gateway-replaced", "protected-stopped", "secret-and-api-opened"]
)
def test_the_engine_writes_previews_as_they_were_recorded(stack: Stack, name: str) -> None:
    anew = previews.run(stack, SCENARIOS[name])
    kept = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    assert shape(anew) == shape(kept)
