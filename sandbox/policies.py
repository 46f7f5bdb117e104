"""Which policy pack judges a run of the sandbox, and by which configuration."""

from dataclasses import dataclass
from pathlib import Path

from stack.tiers import Tier


@dataclass(frozen=True)
class PolicyPack:
    """A policy pack, and its configuration."""

    folder: Path
    configuration: Path


def policy_pack(root: Path, tier: Tier, configuration: str | None) -> PolicyPack:
    """The project's own pack, configured for a tier.

    Args:
        root: the project's folder.
        tier: the one that judges, whose file configures the pack.
        configuration: another file, instead of the tier's.
    """
    folder = root / "policy"
    file = Path(configuration).resolve() if configuration else folder / f"{tier}.json"
    return PolicyPack(folder, file)
