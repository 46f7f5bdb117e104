"""What a stack is: a change that makes it less is told, since it makes its judge milder too."""

from collections.abc import Iterator
from typing import Final

from facts import kinds
from judging.findings import LOWER_TIER, Finding, found
from judging.preview import Preview
from stack.naming import NAMESPACE
from stack.tier_table import TIER_OUTPUT
from stack.tiers import Tier, strictest, tier_named

_KEY: Final = f"{NAMESPACE}:tier"


def tier_findings(preview: Preview) -> Iterator[Finding]:
    """A stack that is of a lesser tier than when it was deployed last."""
    # What nobody can read is as little as can be.
    said = tier_named(preview.config.get(_KEY)) or Tier.DEVELOPMENT
    for change in preview.changes:
        if change.type == kinds.STACK and change.old is not None:
            deployed = tier_named(change.old.outputs.get(TIER_OUTPUT))
            if deployed is not None and strictest(said, deployed) != said:
                yield found(LOWER_TIER, change, f"makes a {deployed} stack a {said} one")
