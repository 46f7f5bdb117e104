"""What the pages on unified egress say of the stack and of the script is what both do."""

import re
from pathlib import Path

import pytest
import yaml

from components.eni.routing import routing_script
from stack.problems import dotted
from stack.stack_file import StackFile
from tests.docs.pages import ROOT, blocks, prose, tables
from tests.mocked_cloud import Registered, run
from topologies import TOPOLOGIES
from topologies.builder import build

PAGE = ROOT / "docs" / "unified-egress.md"
MIGRATION = ROOT / "docs" / "migrate-fixed-public-ip.md"
SCRIPT = (ROOT / "components" / "eni" / "routing.sh").read_text("utf-8")


def _registered(text: str, folder: Path) -> Registered:
    file = folder / "Pulumi.shop.yaml"
    file.write_text(text, encoding="utf-8")
    settings = StackFile(file, "shop", TOPOLOGIES).settings
    assert [(dotted(one.path), one.rule) for one in settings.warnings] == []
    return run(lambda: build(settings))


@pytest.mark.parametrize("page", [PAGE, MIGRATION], ids=lambda page: page.stem)
def test_the_whole_stack_file_passes_every_rule_without_a_warning(
    page: Path, tmp_path: Path
) -> None:
    assert _registered(blocks(page, "yaml")[0].text, tmp_path).resources


def test_the_piece_with_two_interfaces_on_a_host_passes_in_the_whole_file(tmp_path: Path) -> None:
    whole, piece = (yaml.safe_load(block.text) for block in blocks(PAGE, "yaml"))
    config = whole["config"]
    host = config["alicloud-gateways:network"]["hosts"]["ecs1"]
    host["instance"]["type"] = "ecs.g7.large"  # takes three
    closed = {
        name: {**server, "ssh": {"closed": True}} for name, server in piece["servers"].items()
    }
    config["alicloud-gateways:unifiedEgress"] |= {
        "publicIps": {"egress": {}, "web1": {}, "shop": {}, "mail": {}},
        "servers": closed,
    }
    made = _registered(yaml.safe_dump(whole), tmp_path)
    assert len(made.names("EipAssociation")) == len(["egress", "web1", "shop", "mail"])
    assert len(made.names("EcsNetworkInterfaceAttachment")) == len(["web1", "mail"])


def test_a_server_s_address_is_bound_after_its_routes_and_they_are_set_after_its_attachment(
    tmp_path: Path,
) -> None:
    made = _registered(blocks(PAGE, "yaml")[0].text, tmp_path)
    assert "server-web1-routing-invocation" in made["server-web1-addresses-primary"].after
    assert "server-web1-attachment" in made["server-web1-routing-command"].after


def test_the_preview_that_the_runbook_waits_for_names_resources_that_there_are(
    tmp_path: Path,
) -> None:
    made = _registered(blocks(MIGRATION, "yaml")[0].text, tmp_path)
    names = {one.name for one in made.resources}
    told = set(re.findall(r"`((?:unified|server)-[\w-]+)`", prose(MIGRATION)))
    assert told
    assert told - names == set()


def test_the_table_of_files_has_those_that_the_script_leaves() -> None:
    (table,) = [table for table in tables(PAGE) if table[0][0] == "File"]
    text = routing_script("00:16:3e:12:34:56", ["192.168.3.11"], "192.168.3.0/24", 101)
    assert text.endswith(SCRIPT)
    left = re.findall(r"^(?:PROGRAM|SERVICE|TIMER|UDEV|DROP_IN)=\$ROOT(\S+)$", SCRIPT, re.MULTILINE)
    name = "alicloud-gateways-eni-00163e123456"
    told = " ".join(row[0] for row in table[1:]).replace(
        "`….timer`", f"`/etc/systemd/system/{name}.timer`"
    )
    assert {path.replace("$NAME", name) for path in left} == set(re.findall(r"`([^`]+)`", told))


def test_what_a_failed_script_says_is_what_the_table_explains() -> None:
    (table,) = [table for table in tables(PAGE) if table[0][0] == "It says"]
    said = re.sub(r"\$\w+", "…", re.sub(r'" ?\\\n\s*"', " ", SCRIPT))
    quoted = [row[0].strip("`") for row in table[1:] if row[0].startswith("`")]
    assert len(quoted) == 3
    for words in quoted:
        assert words in said, words
