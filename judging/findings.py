"""What the guard may find: rules with a reason and a remedy, and one finding of one of them."""

from dataclasses import dataclass
from typing import Final

from judging.preview import Change


@dataclass(frozen=True)
class GuardRule:
    """A rule of the guard."""

    id: str
    reason: str
    """Why it matters."""

    remedy: str
    """What to do about a finding, where it isn't meant."""

    renamable: bool = False
    """Whether it is about what an entry can carry over a rename, by `was`."""


@dataclass(frozen=True)
class Finding:
    """One thing that a preview would do and that somebody should have meant."""

    rule: GuardRule
    resource: str
    """The resource's name in the program, and so a part of the finding's."""

    urn: str
    what: str
    """What would happen, in a line."""

    renamed: bool = False
    """Whether another of its kind comes as it goes, so that it may be a rename."""

    @property
    def remedy(self) -> str:
        """What to do about it, where it isn't meant."""
        if self.renamed and self.rule.renamable:
            return (
                f"if it was renamed, say `was` in the entry that it is now; else {self.rule.remedy}"
            )
        return self.rule.remedy

    @property
    def id(self) -> str:
        """By what it is allowed: the same at every run, whatever else changes."""
        return f"{self.rule.id}:{self.resource}"


def found(rule: GuardRule, change: Change, what: str) -> Finding:
    """A finding about the resource of a change."""
    return Finding(rule, change.name, change.urn, what)


_IN_PLACE: Final = "take back what replaces it"
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
    "tunnel": (
        "nothing passes between the data centre and the cloud without it",
        "keep it, and its gateways; both sides have to be set up anew otherwise",
    ),
    "route": (
        "nothing reaches what is behind it any more",
        "keep it",
    ),
    "server": (
        "its disks go with it, and nobody gets back what is on them",
        "keep it, or take a snapshot first",
    ),
    "interface": (
        "the server's address on it is down",
        "keep its `ip`, its vSwitch and its server",
    ),
    "binding": (
        "its address is down until it is bound again",
        "keep the address where it is bound",
    ),
    "egress": (
        "what lies there can't call out, or calls out by an address that others don't know",
        "keep the entry, and its addresses",
    ),
    "load-balancer": (
        "its address is gone with it, and nobody is answered there",
        "keep it; its vSwitch and its address are what it can't change",
    ),
    "listener": (
        "nobody is answered there",
        "keep the load balancer's port and protocol",
    ),
    "balanced-server": (
        "it answers nobody, and the others have to do its work",
        "keep the server behind the load balancer, on its port",
    ),
    "authorization": (
        "APIs behind it answer with errors",
        "keep its name, its port and its server",
    ),
    "app": (
        "its key and secret are gone for good, and calls with them are refused",
        "keep the app",
    ),
    "function": (
        "whoever calls it gets an error",
        "keep it, under its name",
    ),
    "role": (
        "who acts by it is refused",
        "keep it, under its name",
    ),
    "permission": (
        "who acts by it is refused",
        "keep it, on the role that has it",
    ),
    "log": (
        "nobody can tell afterwards who called what, or what passed",
        "keep `accessLog`, or the entry of `flowLogs`",
    ),
    "alarm": (
        "nobody is told when it fails or fills up",
        "keep it in `alarms`; say `was` where it has another name",
    ),
}
_RENAMABLE: Final = {
    *("address", "alarm", "api-group", "app", "balanced-server", "egress", "function", "interface"),
    *("load-balancer", "route", "server", "tunnel", "vpn-gateway"),
}
_ONLY_REPLACED: Final = {"binding"}
"""Deleted, it is ports that close."""

DELETED: Final = {
    what: GuardRule(f"delete-{what}", reason, remedy, renamable=what in _RENAMABLE)
    for what, (reason, remedy) in _LOST.items()
    if what not in _ONLY_REPLACED
}
REPLACED: Final = {
    what: GuardRule(f"replace-{what}", reason, _IN_PLACE) for what, (reason, _) in _LOST.items()
}
CLOSE_PORT: Final = GuardRule(
    "close-port",
    "whoever comes in there is shut out",
    "keep the entry, where it is",
    renamable=True,
)
OPEN_PORT: Final = GuardRule(
    "open-port",
    "everyone on the internet can reach it",
    "take the entry out, map another port, or, in `reachable`, name a `source`",
)
LOOSEN_PORT: Final = GuardRule(
    "loosen-port",
    "more reaches a server, or by more ways, than before",
    "keep the rule, the list or the group as it was",
)
LOOSEN_NETWORK: Final = GuardRule(
    "loosen-network",
    "networks reach each other, or are reached, as they couldn't before",
    "keep networks, ranges and keys as they were",
)
CLOSE_EGRESS: Final = GuardRule(
    "close-egress",
    "whoever lets these servers in by their address sees another one",
    "keep the entry's addresses; add, and take away later",
)
CLOSE_API: Final = GuardRule(
    "close-api",
    "clients that call it get an error",
    "keep the API where it is published, with its method and path, and those who may call it",
    renamable=True,
)
OPEN_API: Final = GuardRule(
    "open-api",
    "everyone on the internet can call it",
    "say `auth: app`, and authorize apps",
)
LOOSEN_API: Final = GuardRule(
    "loosen-api",
    "more may call it, or with less, than before",
    "keep its apps, plugins, keys and lists of addresses as they were",
)
LOOSEN_FUNCTION: Final = GuardRule(
    "loosen-function",
    "more reaches it, or it reaches more, than before",
    "keep its network, and what it is let to",
)
LOOSEN_RIGHTS: Final = GuardRule(
    "loosen-rights",
    "more may be done, or by more, than before",
    "keep its role, its trust and its permissions as they were",
)
RUN_SCRIPT: Final = GuardRule(
    "run-script",
    "what it says is done on the servers, by their administrator",
    "keep the release that the script comes from, or read what changes in it",
)
RESTART_SERVER: Final = GuardRule(
    "restart-server",
    "it is down while it stops, changes and starts",
    "keep it as it is, or choose the hour",
)
WIPE_DISK: Final = GuardRule(
    "wipe-disk",
    "its system disk is replaced, and nobody gets back what is on it",
    "keep the image, or take a snapshot first",
)
INTERRUPT: Final = GuardRule(
    "interrupt",
    "what goes through it is down for a moment, or for good where it doesn't fit",
    "keep it as it is, or choose the hour",
)
LESS_BANDWIDTH: Final = GuardRule(
    "less-bandwidth",
    "what goes through it is slower, or is dropped, once it needs more",
    "keep its bandwidth, or look up first what it carries at most",
)
DELETE_PROTECTED: Final = GuardRule(
    "delete-protected",
    "somebody protected it, so that this wouldn't happen",
    "keep it, or take its protection off in a run of its own first",
)
REPLACE_PROTECTED: Final = GuardRule(
    "replace-protected",
    "somebody protected it, so that this wouldn't happen",
    "take back what replaces it, or take its protection off in a run of its own first",
)
UNPROTECT: Final = GuardRule(
    "unprotect",
    "the next run can delete it, without a word",
    "keep `tier: production`, and what keeps it",
)
MUTE: Final = GuardRule(
    "mute",
    "who was told isn't told any more, or what was logged isn't",
    "keep its `contactGroups`, and keep it switched on",
)
LOWER_TIER: Final = GuardRule(
    "lower-tier",
    "what was mandatory for it becomes advice, and nothing protects it any more",
    "keep its `tier`",
)
PLAIN_SECRET: Final = GuardRule(
    "plain-secret",
    "it stands readable in the state, in previews and in logs from then on",
    "set it with `pulumi config set --secret`",
)
HIDDEN: Final = GuardRule(
    "hidden-deletions",
    "what is deleted along with a replaced resource isn't in this preview",
    "preview with `--show-replacement-steps`",
)
CHANGE_PROVIDER: Final = GuardRule(
    "change-provider",
    "it decides who acts, on which account, and through which endpoint",
    "keep its configuration; nothing but the region belongs into a change like others",
)
NOT_UNDERSTOOD: Final = GuardRule(
    "not-understood",
    "the guard doesn't know what hangs on it, so that anything might",
    "look at the values in the report; a kind gets its row in judging/stakes.py",
)
RULES: Final = (
    *(rule for what in _LOST for rule in (DELETED.get(what), REPLACED[what]) if rule is not None),
    *(WIPE_DISK, RESTART_SERVER, INTERRUPT, LESS_BANDWIDTH, CLOSE_EGRESS),
    *(CLOSE_PORT, OPEN_PORT, LOOSEN_PORT, LOOSEN_NETWORK),
    *(CLOSE_API, OPEN_API, LOOSEN_API, LOOSEN_FUNCTION, LOOSEN_RIGHTS, RUN_SCRIPT),
    *(
        DELETE_PROTECTED,
        REPLACE_PROTECTED,
        UNPROTECT,
        MUTE,
        LOWER_TIER,
        PLAIN_SECRET,
        CHANGE_PROVIDER,
    ),
    *(NOT_UNDERSTOOD, HIDDEN),
)
