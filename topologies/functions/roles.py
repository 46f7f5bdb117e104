"""The rule of roles that a stack makes: which tiers have none."""

from stack.problems import KeyPath, Problem
from stack.settings import StackSettings
from stack.tiers import TIERS


def made_apart(settings: StackSettings, where: KeyPath, role: str) -> Problem | None:
    """What is wrong with a role that the stack would make; None where its tier makes roles.

    Args:
        settings: the stack.
        where: where the role's ARN would stand.
        role: what it would be called.
    """
    tier = settings.common.tier
    if TIERS[tier].makes_roles:
        return None
    rule = (
        f"a {tier} stack makes no RAM role: who may write roles can become administrator of the "
        "account"
    )
    remedy = f"make the role apart (docs/permissions.md), and add role: acs:ram::…:role/{role}"
    return Problem(where, None, rule, remedy)
