"""`python -m tools.plan`: what it prints, where, and what it exits with."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from tools.plan.__main__ import main

Write = Callable[[str, str], Path]
Captured = pytest.CaptureFixture[str]

EMPTY: dict[str, Any] = {
    "topologies": [],
    "publicIps": [],
    "exposure": [],
    "egress": [],
    "servers": [],
    "apis": [],
    "resources": [],
}


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """As `make` runs it."""
    finished = subprocess.run(
        [sys.executable, "-m", "tools.plan", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in finished.stderr
    return finished


def test_the_plan_of_dev_is_one_json_document(root: Path, snapshot: SnapshotAssertion) -> None:
    finished = run(root, "--format", "json")
    assert (finished.returncode, finished.stderr) == (0, "")
    assert json.loads(finished.stdout)["stack"] == "dev"
    assert finished.stdout == snapshot


def test_bad_config_exits_with_2_and_is_a_document_too(root: Path, write: Write) -> None:
    file = write("port: 80,", "port: 443,")
    file = write("publicIp: ip1", "publicIp: ip9")
    finished = run(root, "--format", "json", "--config", str(file))
    assert finished.returncode == 2
    document = json.loads(finished.stdout)
    assert {key: document[key] for key in EMPTY} == EMPTY
    paths = {problem["path"] for problem in document["problems"]}
    assert paths == {
        "sharedBandwidth.portMappings.app1.publicIp",
        "sharedBandwidth.portMappings.web-tls.port",
    }
    assert all(
        sorted(problem) == ["line", "path", "remedy", "rule", "value"]
        for problem in document["problems"]
    )
    assert "2 problems" in finished.stderr


PRICES = "currency: USD\nprices: {natGateway: {price: 0.1, per: hour}}\n"


def test_a_month_is_summed_up_by_a_file_of_prices(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text(PRICES, encoding="utf-8")
    assert main(["--prices", str(file)]) == 0
    page = capsys.readouterr().out
    assert "Internet NAT gateways                 1            73.00" in page
    assert "A month: 73.00 USD, without natCapacity, publicIp, sharedBandwidth" in page
    assert main(["--prices", str(file), "--format", "json"]) == 0
    bill = json.loads(capsys.readouterr().out)["billing"]
    assert (bill["month"], bill["currency"]) == (73, "USD")
    assert {line["unit"]: line["month"] for line in bill["lines"]}["natGateway"] == 73


def test_prices_that_are_wrong_are_refused_with_their_line(
    tmp_path: Path, capsys: Captured
) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text(PRICES.replace("natGateway", "natGatway"), encoding="utf-8")
    assert main(["--prices", str(file)]) == 2
    told = capsys.readouterr()
    assert (told.out, "prices.yaml:2" in told.err) == ("", True)
    assert "did you mean natGateway?" in told.err


def test_a_file_that_isnt_there_exits_with_1(capsys: Captured) -> None:
    assert main(["--config", "Pulumi.dv.yaml"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "Did you mean Pulumi.dev.yaml?" in told.err


def test_bad_config_prints_its_report_and_no_plan(write: Write, capsys: Captured) -> None:
    file = write("hostPort: 80}", "hostPort: eighty}")
    assert main(["--config", str(file)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"{file}:" in printed.err
    assert "remedy:" in printed.err


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"config: [", b"- 1"])
def test_what_isnt_a_stack_file_is_bad_config(
    content: bytes, tmp_path: Path, capsys: Captured
) -> None:
    file = tmp_path / "stack.yaml"
    file.write_bytes(content)
    assert main(["--config", str(file), "--format", "json"]) == 2
    printed = capsys.readouterr()
    assert json.loads(printed.out)["problems"]


def test_a_folder_is_bad_config(tmp_path: Path, capsys: Captured) -> None:
    assert main(["--config", str(tmp_path)]) == 2
    assert "can't be read" in capsys.readouterr().err


def test_an_unknown_format_exits_with_1_and_names_the_nearest(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--format", "jsn"])
    assert stopped.value.code == 1
    assert "did you mean json?" in capsys.readouterr().err


def test_a_wrong_call_exits_with_1(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--nonsense"])
    assert stopped.value.code == 1
    assert "usage:" in capsys.readouterr().err


def test_a_value_that_json_cant_hold_is_told_as_text(write: Write, capsys: Captured) -> None:
    file = write("bandwidth: 150", "bandwidth: .nan")
    assert main(["--config", str(file), "--format", "json"]) == 2
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem["value"] == "nan"


def test_warnings_leave_the_exit_code_alone(write: Write, capsys: Captured) -> None:
    file = write("host: ecs5, acknowledged: true", "host: ecs5")
    assert main(["--config", str(file), "--format", "json"]) == 0
    warnings = json.loads(capsys.readouterr().out)["warnings"]
    paths = ["network.hosts", "sharedBandwidth.portMappings.jump-host.port"]
    assert [warning["path"] for warning in warnings] == paths


def test_every_way_in_is_a_row(capsys: Captured) -> None:
    assert main([]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["web", "ip3", "tcp", "80", "ecs3", "192.168.1.3", "80"] in rows
    assert ["app1", "ip1", "any", "all", "ecs1", "192.168.1.1", "all"] in rows
    assert ["Spare", "addresses:", "ip5"] in rows
    assert ["alicloud:vpc:ForwardEntry", "5"] in rows


def test_the_tables_of_dev_fit_80_columns(capsys: Captured) -> None:
    main([])
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_a_long_name_is_never_cut(write: Write, capsys: Captured) -> None:
    name = "a-mapping-whose-name-goes-on-and-on-until-no-letter-is-left"
    main(["--config", str(write("web-tls:", f"{name}:"))])
    assert f"{name} " in capsys.readouterr().out


def test_tables_end_with_the_warnings_and_their_lines(write: Write, capsys: Captured) -> None:
    file = write("host: ecs5, acknowledged: true", "host: ecs5")
    main(["--config", str(file)])
    page = capsys.readouterr().out
    warning = page[page.index("2 warnings") :]
    assert f"{file}:" in warning
    assert "remedy: narrow it down" in warning
    assert "Resources" not in warning


def test_egress_has_rows_of_its_own(write: Write, capsys: Captured) -> None:
    file = write(
        "    portMappings:",
        "    egress: {apps: {vswitch: apps, publicIps: [ip3]}}\n    portMappings:",
    )
    main(["--config", str(file)])
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["apps", "apps", "ip3"] in rows


def test_bad_config_answers_without_importing_pulumi(root: Path, write: Write) -> None:
    file = write("publicIp: ip1", "publicIp: ip9")
    assert "pulumi" not in imported(root, "--config", str(file))


def test_json_doesnt_import_the_tables(root: Path) -> None:
    modules = imported(root, "--format", "json")
    assert "pulumi" in modules
    assert "rich" not in modules


def imported(root: Path, *arguments: str) -> list[str]:
    """The modules that a plan brings in."""
    code = (
        "import sys, tools.__main__\n"
        "tools.__main__.main(['plan', *sys.argv[1:]])\n"
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return finished.stderr.splitlines()


def test_arguments_are_listed_as_they_go_to_the_provider(write: Write, capsys: Captured) -> None:
    file = write("ip1: {}", "ip1: {arguments: {isp: BGP, securityProtectionTypes: [none]}}")
    assert main(["--config", str(file)]) == 0
    page = " ".join(capsys.readouterr().out.split())
    assert "What goes to the provider as it is written" in page
    assert "sharedBandwidth.publicIps.ip1 isp BGP" in page
    assert 'sharedBandwidth.publicIps.ip1 securityProtectionTypes ["none"]' in page
    assert main(["--config", str(file), "--format", "json"]) == 0
    resources = json.loads(capsys.readouterr().out)["resources"]
    (address,) = [one for one in resources if one["name"] == "shared-bandwidth-ip1"]
    assert address["inputs"]["securityProtectionTypes"] == ["none"]
