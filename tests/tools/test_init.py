"""`make init` writes a stack file that builds as it stands, wherever it is to lie."""

import io
import os
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from facts.zones import REGIONS, ZONES, zones_of
from stack.file.source import Source
from stack.file.yaml_file import YamlFile
from stack.settings import StackSettings
from stack.stack_file import StackFile
from stack.tiers import Tier
from tests.made import ROOT
from tests.mocked_cloud import run
from tools.init import __main__ as init
from tools.init.drafting import TOPOLOGIES, Wanted, drafted
from topologies import TOPOLOGIES as KNOWN
from topologies.builder import build

NEXT = "make plan STACK=shop"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program without a stack, and nobody at a terminal."""
    monkeypatch.setattr(init, "ROOT", tmp_path)
    monkeypatch.delenv("ALICLOUD_REGION", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return tmp_path


def _judged(wanted: Wanted) -> StackSettings:
    file = ROOT / "Pulumi.shop.yaml"
    return StackFile(Source.of(YamlFile(file, drafted(wanted, file))), "shop", KNOWN).settings


def test_every_topology_can_be_drafted() -> None:
    assert TOPOLOGIES.keys() == {one.name for one in KNOWN}


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_what_is_drafted_passes_the_rules_in_every_region_without_a_warning(
    topology: str, tier: Tier
) -> None:
    for region in REGIONS:
        settings = _judged(Wanted(topology, region, tier, IPv4Network("192.168.0.0/16")))
        assert topology in settings.common.topology
        assert (settings.region, settings.common.tier) == (region, tier)
        if len(zones_of(region)) > 1:
            assert settings.warnings == ()


@pytest.mark.parametrize("cidr", ["10.0.0.0/8", "172.16.0.0/16", "10.1.2.0/24", "192.168.0.0/28"])
@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_what_is_drafted_fits_into_the_range_however_large(topology: str, cidr: str) -> None:
    settings = _judged(Wanted(topology, "cn-shanghai", Tier.STAGING, IPv4Network(cidr)))
    assert settings.warnings == ()
    if settings.common.network.exists:
        assert settings.common.network.vpc.cidr == cidr


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_what_is_drafted_can_be_built(topology: str) -> None:
    settings = _judged(
        Wanted(topology, "cn-shanghai", Tier.DEVELOPMENT, IPv4Network("192.168.0.0/16"))
    )
    assert run(lambda: build(settings)).resources


def test_a_region_s_zones_are_those_that_are_known() -> None:
    assert sorted(zone for region in REGIONS for zone in zones_of(region)) == sorted(ZONES)
    assert zones_of("cn-qingdao") == ("cn-qingdao-c", "cn-qingdao-b")
    assert zones_of("ap-southeast-1")[0] == "ap-southeast-1a"


def test_the_file_is_written_and_the_next_commands_are_told(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init.main(["--topology", "api-gateway", "--stack", "shop", "--region", "eu-west-1"]) == 0
    text = (root / "Pulumi.shop.yaml").read_text("utf-8")
    assert "alicloud:region: eu-west-1" in text
    told = capsys.readouterr().out
    assert NEXT in told
    assert "make up STACK=shop" in told
    assert "tiers.yaml has it: shop: development" in told


def test_a_file_that_exists_is_never_replaced(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = root / "Pulumi.shop.yaml"
    file.write_text("mine\n", "utf-8")
    assert init.main(["--topology", "api-gateway", "--stack", "shop"]) == 1
    assert "isn't overwritten" in capsys.readouterr().err
    assert file.read_text("utf-8") == "mine\n"


def test_a_stack_of_the_list_gets_its_folder_and_its_tier(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "tiers.yaml").write_text("stacks/shop: {prod: production}\n", "utf-8")
    (root / "stacks" / "shop").mkdir(parents=True)
    assert init.main(["--topology", "shared-bandwidth", "--stack", "shop-prod"]) == 0
    text = (root / "stacks" / "shop" / "Pulumi.prod.yaml").read_text("utf-8")
    assert "alicloud-gateways:tier: production" in text
    told = capsys.readouterr().out
    assert "make up STACK=shop-prod" in told
    assert "tiers.yaml" not in told


def test_what_breaks_a_rule_is_refused_and_nothing_is_written(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--topology", "shared-bandwidth", "--stack", "shop", "--cidr", "100.64.0.0/16"]
    assert init.main(words) == 2
    assert "a VPC can't have addresses of 100.64.0.0/10" in capsys.readouterr().err
    assert list(root.iterdir()) == []


@pytest.mark.parametrize(
    ("missing", "words"),
    [("TOPOLOGY", ["--stack", "shop"]), ("STACK", ["--topology", "functions"])],
)
def test_without_a_terminal_what_has_no_default_is_named(
    missing: str, words: list[str], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init.main(words) == 1
    assert f"say {missing}=…" in capsys.readouterr().err
    assert list(root.iterdir()) == []


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_at_a_terminal_five_questions_are_asked_until_each_answer_fits(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = ("shared-bandwith", "shared-bandwidth", "1st", "shop", "", "", "10.0.0.0/33", "")
    monkeypatch.setattr("sys.stdin", _Terminal("\n".join(answers) + "\n"))
    assert init.main([]) == 0
    asked = capsys.readouterr().err
    assert "did you mean shared-bandwidth?" in asked
    assert "a stack's name starts every name" in asked
    assert "an IPv4 range in CIDR notation" in asked
    assert "vpc: {cidr: 192.168.0.0/16}" in (root / "Pulumi.shop.yaml").read_text("utf-8")


def test_a_region_of_the_environment_is_what_enter_means(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "ALICLOUD_REGION", "cn-beijing")
    assert init.main(["--topology", "api-gateway", "--stack", "shop"]) == 0
    assert "alicloud:region: cn-beijing" in (root / "Pulumi.shop.yaml").read_text("utf-8")


def test_questions_that_nobody_answers_write_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", _Terminal("shared-bandwidth\n"))
    assert init.main([]) == 1
    assert "weren't answered" in capsys.readouterr().err
    assert list(root.iterdir()) == []
