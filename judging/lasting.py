"""What a preview takes away: things that it deletes or replaces, protection, a tier, secrecy.

The engine shows a secret as `[secret]`, before and after, so a value that isn't one any more shows.
It doesn't show: outputs of the stack, values that nobody knows before the run, and a secret within
a value that another secret keeps hidden as a whole.
"""

from collections.abc import Iterator, Mapping
from typing import Final, cast

from facts import kinds
from judging.findings import (
    DELETE_PROTECTED,
    DELETED,
    LOWER_TIER,
    PLAIN_SECRET,
    REPLACE_PROTECTED,
    REPLACED,
    UNPROTECT,
    Finding,
    found,
)
from judging.preview import SECRET, UNKNOWN, Change, Op, Preview, State, entries_of, items_of
from judging.stakes import STAKES
from stack.file.tree import walk
from stack.naming import NAMESPACE
from stack.problems import KeyPath, dotted
from stack.pulumi_wire import name_of
from stack.tiers import TIER_OUTPUT, Tier, strictest, tier_named

_SHOWN = ("ipAddress", "subDomain", "internetIp")
"""The outputs that others know a resource by."""

_WORDS = {
    "address": "public address",
    "nat-gateway": "NAT gateway",
    "bandwidth-package": "bandwidth package",
    "api-group": "API group",
    "api-instance": "API Gateway instance",
    "vpn-gateway": "VPN gateway",
    "cen": "CEN, or a part of it,",
    "tunnel": "tunnel, or an end of it,",
    "server": "server, with its disks,",
    "interface": "network interface, or its place on a server,",
    "binding": "binding of an address",
    "egress": "way out",
    "load-balancer": "load balancer",
    "listener": "load balancer's listener, or its servers,",
    "balanced-server": "load balancer's server",
    "authorization": "authorization to a server",
    "app": "app, with its key and secret,",
    "log": "access log",
}
"""Where a word of the rules needs more."""

_SWITCHES = ("deletionProtection", "deleteProtection")
_KEPT = "retainOnDelete"
_TOUCHING = {Op.DELETE: DELETE_PROTECTED, Op.REPLACE: REPLACE_PROTECTED}


def loss_findings(preview: Preview) -> Iterator[Finding]:
    """Each thing that is lost: released, deleted, or made anew as another one.

    What isn't lasting is told with what it stands on, where that goes as well.
    """
    lost = {change.urn: change for change in preview.changes if change.goes and _word(change)}
    for change in lost.values():
        if change.old is None or (not STAKES[change.type].lasting and _along(change, lost)):
            continue
        what, outputs = _word(change), change.old.outputs
        known = next(
            (text for key in _SHOWN if isinstance(text := outputs.get(key), str) and text), ""
        )
        thing = f"{_WORDS.get(what, what)} {known}".strip()
        if change.op is Op.DELETE:
            yield found(DELETED[what], change, f"deletes the {thing} for good")
        else:
            yield found(REPLACED[what], change, f"replaces the {thing} by another one")


def _word(change: Change) -> str:
    stake = STAKES.get(change.type)
    if stake is None:
        return ""
    return stake.deleted if change.op is Op.DELETE else stake.lost


def _along(change: Change, lost: Mapping[str, Change]) -> bool:
    """Whether something that it stands on goes the same way."""
    if change.old is None:
        return False
    under = {urn for key in change.old.inputs for urn in change.old.comes_from(key)} - {change.urn}
    return any(urn in lost and lost[urn].op in {change.op, Op.DELETE} for urn in under)


def protection_findings(preview: Preview) -> Iterator[Finding]:
    """Each protected resource that goes, and each that loses its protection."""
    told: set[str] = set()
    for change in preview.changes:
        if change.old is None:
            continue
        if change.old.retained and change.new is not None and not change.new.retained:
            yield found(UNPROTECT, change, f"lets it go with the stack ({_KEPT} is off)")
        protections = _protections(change.old)
        if protections and change.op in _TOUCHING:
            told |= {change.urn, change.old.urn}
            yield found(_TOUCHING[change.op], change, f"{change.op.value}s what is protected")
        elif change.new is not None and (lost := protections - _protections(change.new)):
            yield found(UNPROTECT, change, f"takes the protection {' and '.join(sorted(lost))} off")
    for urn, op in dict.fromkeys(preview.refused):
        if urn not in told:
            what = f"{op.value}s what is protected; the engine stopped there"
            yield Finding(_TOUCHING[op], name_of(urn), urn, what)


def _protections(state: State) -> set[str]:
    by_cloud = any(state.inputs.get(key) in (True, "on") for key in _SWITCHES)
    places = {"in Pulumi": state.protect, "in the cloud": by_cloud}
    return {place for place, on in places.items() if on}


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


def secret_findings(preview: Preview) -> Iterator[Finding]:
    """Each resource with an input that was secret and isn't any more. Values are never shown."""
    for change in preview.changes:
        paths = sorted(set(_paths(change)))
        if paths:
            yield found(PLAIN_SECRET, change, f"turns {', '.join(paths)} from secret into plain")


def _paths(change: Change) -> Iterator[str]:
    """The paths at which something secret became readable."""
    lasts = change.op in {Op.UPDATE, Op.REPLACE, Op.SAME}
    if not lasts or change.old is None or change.new is None:
        return
    for path, value in walk(change.old.inputs):
        if value == SECRET and _readable(_stands_at(change.new.inputs, path)):
            yield dotted(path)
    for key in set(change.old.secret_outputs) - set(change.new.secret_outputs):
        if change.new.inputs.get(key) != SECRET:
            yield key


def _stands_at(value: object, path: KeyPath) -> object:
    """What stands at a path; what stands above it, where that is no object any more."""
    for part in path:
        if isinstance(part, int):
            value = next(iter(items_of(value)[part : part + 1]), None)
        elif isinstance(value, dict):
            value = entries_of(cast("object", value)).get(part)
    return value


def _readable(value: object) -> bool:
    leaves = (leaf for _, leaf in walk(value) if not isinstance(leaf, dict | list))
    return any(leaf is not None and leaf not in (SECRET, UNKNOWN, "") for leaf in leaves)
