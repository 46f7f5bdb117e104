"""How the engine starts a policy pack here, and which one it is told to run.

Pulumi's own CLI starts packs in Python by its language host. The one that is built from Go modules
has none (`engine/README.md`); where the engine misses it, it looks among its plugins for
`pulumi-analyzer-policy-python` and runs that. Ours is a few lines of shell, put where the engine
keeps plugins.

Source: Pulumi 3.256, `pkg/resource/plugin/analyzer_plugin.go`.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from stack.tiers import Tier

STARTER = "pulumi-analyzer-policy-python"
_VERSION = "v0.1.0"
"""The engine takes any; a plugin's folder has to name one."""


@dataclass(frozen=True)
class PolicyPack:
    """A policy pack, and its configuration."""

    folder: Path
    configuration: Path


def policy_pack(root: Path, tier: Tier, configuration: str | None) -> PolicyPack:
    """The project's own pack, configured for a tier.

    Args:
        root: the project's folder.
        tier: the stack's, whose file configures the pack.
        configuration: another file, instead of the tier's.
    """
    folder = root / "policy"
    file = Path(configuration).resolve() if configuration else folder / f"{tier}.json"
    return PolicyPack(folder, file)


def install_starter(home: Path) -> None:
    """Put the plugin that starts packs into Pulumi's own folder."""
    folder = home / "plugins" / f"analyzer-policy-python-{_VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(__file__).with_name(STARTER), folder / STARTER)
