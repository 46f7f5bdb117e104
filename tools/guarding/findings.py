"""What the guard may find: rules with a reason and a remedy, and one finding of one of them."""

from dataclasses import dataclass
from typing import Final

from tools.guarding.preview import Change


@dataclass(frozen=True)
class Rule:
    """A rule of the guard."""

    id: str
    reason: str
    """Why it matters."""

    remedy: str
    """What to do about a finding, where it isn't meant."""


@dataclass(frozen=True)
class Finding:
    """One thing that a preview would do and that somebody should have meant."""

    rule: Rule
    resource: str
    """The resource's name in the program, and so a part of the finding's."""

    urn: str
    what: str
    """What would happen, in a line."""

    @property
    def id(self) -> str:
        """By what it is allowed: the same at every run, whatever else changes."""
        return f"{self.rule.id}:{self.resource}"


def found(rule: Rule, change: Change, what: str) -> Finding:
    """A finding about the resource of a change."""
    return Finding(rule, change.name, change.urn, what)


_IN_PLACE: Final = "take back what replaces it, or say `was` where it was a rename"
_LOST: Final = {
    "address": (
        "whoever has the address on a list, or in DNS, loses it for good",
        "keep it in the stack file; `spare: true` keeps an address that isn't used",
    ),
    "nat-gateway": (
        "every way in and out through it is down, until another one stands",
        "keep it; its vSwitch and VPC are what it can't change",
    ),
    "bandwidth-package": (
        "its addresses fall back to a bandwidth of their own, and are billed by it",
        "keep it; only another charge type or its removal makes it go",
    ),
    "api-group": (
        "its domain is gone with it, and clients call that domain",
        "keep the group and its instance",
    ),
    "api-instance": (
        "its groups, their domains and the address that it calls out by go with it",
        "keep it; its kind, zone and charge type can't change in place",
    ),
    "vpn-gateway": (
        "the other side knows it by its address, which is gone with it",
        "keep it; the tunnels have to be set up anew on both sides otherwise",
    ),
    "cen": (
        "regions and networks that it links can't reach each other without it",
        "keep it, or move the traffic first",
    ),
}
DELETED: Final = {
    what: Rule(f"delete-{what}", reason, remedy) for what, (reason, remedy) in _LOST.items()
}
REPLACED: Final = {
    what: Rule(f"replace-{what}", reason, _IN_PLACE) for what, (reason, _) in _LOST.items()
}
CLOSE_PORT: Final = Rule(
    "close-port",
    "whoever comes in there is shut out",
    "keep the entry; say `was` where it was a rename",
)
OPEN_PORT: Final = Rule(
    "open-port",
    "everyone on the internet can reach it",
    "name a `source`, another port, or no entry at all",
)
CLOSE_API: Final = Rule(
    "close-api",
    "clients that call it get an error",
    "keep the API where it is published, with its method and path",
)
OPEN_API: Final = Rule(
    "open-api",
    "everyone on the internet can call it",
    "say `auth: app`, and authorize apps",
)
DELETE_PROTECTED: Final = Rule(
    "delete-protected",
    "somebody protected it, so that this wouldn't happen",
    "keep it, or take its protection off in a run of its own first",
)
REPLACE_PROTECTED: Final = Rule(
    "replace-protected",
    "somebody protected it, so that this wouldn't happen",
    "take back what replaces it, or take its protection off in a run of its own first",
)
UNPROTECT: Final = Rule(
    "unprotect",
    "the next run can delete it, without a word",
    "keep `tier: production`",
)
LOWER_TIER: Final = Rule(
    "lower-tier",
    "what was mandatory for it becomes advice, and nothing protects it any more",
    "keep its `tier`",
)
PLAIN_SECRET: Final = Rule(
    "plain-secret",
    "it stands readable in the state, in previews and in logs from then on",
    "set it with `pulumi config set --secret`",
)
HIDDEN: Final = Rule(
    "hidden-deletions",
    "what is deleted along with a replaced resource isn't in this preview",
    "preview with `--show-replacement-steps`",
)
RULES: Final = (
    *(rule for what in _LOST for rule in (DELETED[what], REPLACED[what])),
    *(CLOSE_PORT, OPEN_PORT, CLOSE_API, OPEN_API),
    *(DELETE_PROTECTED, REPLACE_PROTECTED, UNPROTECT, LOWER_TIER, PLAIN_SECRET, HIDDEN),
)
