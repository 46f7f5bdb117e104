"""Which tier judges a stack: the strictest of what is known of it, whatever its file says."""

from pathlib import Path

import pytest

from stack.listing import TABLE, TierTableError, tier_in_table
from stack.tiers import Tier, judging_tier

ROOT = Path(__file__).resolve().parents[2]
DEV, STAGING, PROD = Tier


@pytest.mark.parametrize("said", Tier)
@pytest.mark.parametrize("deployed", [*Tier, None, "prod", 7, {"secret": "production"}])
@pytest.mark.parametrize("listed", [*Tier, None])
def test_no_source_makes_the_judge_milder_than_another_one(
    said: Tier, deployed: object, listed: Tier | None
) -> None:
    strictness = [*Tier].index
    judge = judging_tier(said, deployed, listed)
    known = [said, *(one for one in (deployed, listed) if isinstance(one, Tier))]
    assert strictness(judge) == max(map(strictness, known))


def test_the_projects_own_stacks_are_in_the_table_with_the_tiers_of_their_files() -> None:
    for file in ROOT.glob("Pulumi.*.yaml"):
        stack = file.name.split(".")[1]
        tier = tier_in_table(ROOT, stack)
        assert tier is not None, f"{stack} isn't in {TABLE}"
        said = f"alicloud-gateways:tier: {tier}\n" in file.read_text("utf-8")
        assert said or tier is Tier.DEVELOPMENT


def test_a_stack_that_isnt_in_the_table_has_no_tier_there(tmp_path: Path) -> None:
    assert tier_in_table(tmp_path, "prod") is None, "there is no table"
    (tmp_path / TABLE).write_text("# empty\n", encoding="utf-8")
    assert tier_in_table(tmp_path, "prod") is None
    (tmp_path / TABLE).write_text("prod: production\n", encoding="utf-8")
    assert tier_in_table(tmp_path, "prod") is PROD
    assert tier_in_table(tmp_path, "prod2") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("prod: productoin\n", "  rule:   a tier is development, staging, production\n"),
        ("prod: production\ndev: {a: b}\n", "tiers.yaml:2  dev.a"),
        ("- prod\n", "it gives each stack a tier"),
        ("prod: [\n", "tiers.yaml:"),
        ("prod: production\nprod: development\n", "tiers.yaml:2"),
    ],
)
def test_a_table_that_cant_be_read_says_where_and_judges_nobody_milder(
    tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / TABLE).write_text(text, encoding="utf-8")
    with pytest.raises(TierTableError) as refused:
        tier_in_table(tmp_path, "prod")
    assert told in str(refused.value)
