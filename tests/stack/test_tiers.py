"""What a tier means is one table, and the resources follow it."""

import pytest

from stack.tiers import TIERS, Tier
from tests.mocked_cloud import run
from tests.stackfiles import dev_stack, settings_of
from topologies.builder import build

ADDRESSES = ("shared-bandwidth-ip1", "shared-bandwidth-ip3")


def test_every_tier_has_its_row() -> None:
    assert set(TIERS) == set(Tier)


def test_nothing_that_is_protected_is_deleted_by_force() -> None:
    for defaults in TIERS.values():
        assert not (defaults.force_delete and (defaults.deletion_protection or defaults.protect))


@pytest.mark.parametrize("tier", list(Tier))
def test_a_stack_is_built_as_its_tier_says(tier: Tier) -> None:
    settings = settings_of(dev_stack(lambda s: s.update(tier=tier.value)))
    made = run(lambda: build(settings))
    wanted = TIERS[tier]
    assert settings.protected is wanted.deletion_protection
    for name in ("gateway-nat", "shared-bandwidth-package", *ADDRESSES):
        assert made[name].inputs.get("deletionProtection", False) is wanted.deletion_protection
        assert made[name].request.protect is wanted.protect
    assert bool(made["gateway-nat"].inputs.get("force")) is wanted.force_delete
    assert made["shared-bandwidth-package"].inputs.get("force") == (
        "true" if wanted.force_delete else None
    )
