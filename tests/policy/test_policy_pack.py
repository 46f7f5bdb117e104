"""The pack as a whole: its files for the tiers, its metadata, and how engines start it."""

import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import jsonschema
import pytest
import yaml
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from pulumi_policy import EnforcementLevel

from policy.pack import PACK, RULES, policy_of
from policy.stacks import TIER_LIMIT, TIER_RULE
from stack.tiers import TIERS, Tier

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "policy"
LEVEL = "enforcementLevel"
EACH_TIER = pytest.mark.parametrize("tier", list(Tier))


def configured(tier: Tier) -> dict[str, dict[str, Any]]:
    said = json.loads((FOLDER / f"{tier}.json").read_text("utf-8"))
    return {
        name: {LEVEL: value} if isinstance(value, str) else value for name, value in said.items()
    }


@EACH_TIER
def test_each_tiers_file_says_the_level_of_each_rule(tier: Tier) -> None:
    levels = {name: value[LEVEL] for name, value in configured(tier).items()}
    assert levels == {rule.id: rule.levels[tier].value for rule in RULES}
    assert [*levels] == [rule.id for rule in RULES]


@EACH_TIER
def test_each_tiers_file_is_told_which_tier_it_is_for(tier: Tier) -> None:
    assert configured(tier)[TIER_RULE][TIER_LIMIT] == tier.value


@EACH_TIER
def test_each_tiers_file_sets_limits_that_the_rules_know_and_take(tier: Tier) -> None:
    said = configured(tier)
    for rule in RULES:
        limits = {name: value for name, value in said[rule.id].items() if name != LEVEL}
        assert limits.keys() <= rule.limits.keys()
        for name, value in limits.items():
            jsonschema.validate(value, dict(rule.limits[name].schema))


def test_a_tier_is_never_more_lenient_than_a_lesser_one() -> None:
    order = [EnforcementLevel.DISABLED, EnforcementLevel.ADVISORY, EnforcementLevel.MANDATORY]
    for rule in RULES:
        levels = [order.index(rule.levels[tier]) for tier in Tier]
        assert levels == sorted(levels), rule.id


def test_protection_is_asked_for_where_the_program_gives_it() -> None:
    by_id = {rule.id: rule for rule in RULES}
    for tier, defaults in TIERS.items():
        for name, given in (
            ("deletion-protection", defaults.deletion_protection),
            ("pulumi-protect", defaults.protect),
        ):
            level = by_id[name].levels[tier]
            assert (level is EnforcementLevel.MANDATORY) is given


def test_every_rule_says_what_why_and_what_to_do() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.what[0].isupper()
        assert not rule.what.endswith(".")
        assert rule.reason[0].islower() or rule.reason[0].isdigit() or rule.reason.startswith("TLS")
        assert rule.remedy[0].islower()
        policy = policy_of(rule)
        assert policy.enforcement_level is rule.levels[Tier.PRODUCTION]
        assert policy.severity is rule.severity


def test_every_default_of_a_limit_is_one_that_its_schema_takes() -> None:
    for rule in RULES:
        for limit in rule.limits.values():
            jsonschema.validate(limit.default, dict(limit.schema))


@contextmanager
def served(command: list[str], folder: Path) -> Generator[Any]:
    """The pack, started as an engine does, with a pipe for its port."""
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield analyzer_pb2_grpc.AnalyzerStub(channel)
        finally:
            process.kill()


WAYS = {
    "by the language host, which runs the folder": ([sys.executable, str(FOLDER), "engine"], ROOT),
    "by an engine without one, in the pack's folder": (
        [sys.executable, "-u", "-m", "pulumi.policy", "engine", "."],
        FOLDER,
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_pack_can_be_started(way: str) -> None:
    with served(*WAYS[way]) as pack:
        info = pack.GetAnalyzerInfo(empty_pb2.Empty())
        assert info.name == PACK
        assert [one.name for one in info.policies] == [rule.id for rule in RULES]
        pack.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(stack="shop"))


def test_the_packs_project_file_names_the_programs_own_environment() -> None:
    project = yaml.safe_load((FOLDER / "PulumiPolicy.yaml").read_text("utf-8"))
    program = yaml.safe_load((ROOT / "Pulumi.yaml").read_text("utf-8"))
    environment = project["runtime"]["options"]["virtualenv"]
    assert (FOLDER / environment).resolve().name
    assert environment == f"../{program['runtime']['options']['virtualenv']}"
