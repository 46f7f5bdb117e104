"""What a stack's tier means, and which tier judges a stack: nothing else knows a tier by its name.

The defaults go with the tier rather than being keys of their own: a production stack whose
protection was left out by mistake is just what they are there to prevent.

A stack's own file alone never says which tier judges it. `tiers.yaml` (`stack.listing`) stands
outside the stack files and belongs to other people (CODEOWNERS), so that a change to a stack can't
bring its own, milder judge along. `docs/adr/0025-who-judges.md` says why.

Source: NAT Gateway, "DeleteNatGateway" and "ModifyNatGatewayAttribute"; Internet Shared Bandwidth,
"DeleteCommonBandwidthPackage"; Elastic IP Address, "Enable or disable deletion protection".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Tier(StrEnum):
    """How much a stack's addresses matter. `TIERS` says what each means."""

    DEVELOPMENT = "development"
    STAGING = "staging"
    PRODUCTION = "production"


def strictest(*tiers: Tier) -> Tier:
    """Of several tiers the one that lets the least through: the last one of `Tier`."""
    return max(tiers, key=tuple(Tier).index)


def tier_named(text: object) -> Tier | None:
    """The tier of this name; None where there is none."""
    return Tier(text) if isinstance(text, str) and text in tuple(Tier) else None


@dataclass(frozen=True, slots=True)
class TierDefaults:
    """What a tier decides: about resources that can't be had back, and about roles."""

    deletion_protection: bool
    """The cloud refuses to delete them, whoever asks: gateways, packages, addresses, load
    balancers."""

    protect: bool
    """Pulumi refuses to delete or replace them, before the cloud is asked. It holds for dedicated
    API Gateway instances too, for which the cloud has no such switch."""

    force_delete: bool
    """Deleting a gateway or a package doesn't stop at what others have put on it by hand: the cloud
    deletes such entries and lets such addresses go. For stacks that come and go."""

    makes_roles: bool
    """The stack makes the RAM roles that its functions and APIs act by. Whoever deploys it may then
    write roles, and so become administrator of the account; where it doesn't, roles are made apart,
    and the stack hands them on."""


TIERS: Final[Mapping[Tier, TierDefaults]] = MappingProxyType(
    {
        Tier.DEVELOPMENT: TierDefaults(
            deletion_protection=False, protect=False, force_delete=True, makes_roles=True
        ),
        Tier.STAGING: TierDefaults(
            deletion_protection=False, protect=False, force_delete=False, makes_roles=True
        ),
        Tier.PRODUCTION: TierDefaults(
            deletion_protection=True, protect=True, force_delete=False, makes_roles=False
        ),
    }
)


TIER_OUTPUT: Final = "tier"
"""What a stack puts out of it."""


def judging_tier(said: Tier, deployed: object, listed: Tier | None) -> Tier:
    """The tier that judges a stack: the strictest of all that is known of it.

    Args:
        said: by its file.
        deployed: its output of that name, as the last update left it; whatever it is.
        listed: by the table.
    """
    return strictest(said, tier_named(deployed) or said, listed or said)
