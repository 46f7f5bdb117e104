"""What a preview deletes or replaces, and protection that it takes off."""

from collections.abc import Iterator, Mapping

from judging.findings import (
    DELETE_PROTECTED,
    DELETED,
    REPLACE_PROTECTED,
    REPLACED,
    UNPROTECT,
    Finding,
    found,
)
from judging.preview import Change, Op, Preview, State
from judging.stakes import STAKES
from stack.pulumi_wire import name_of

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


def loss_findings(preview: Preview) -> Iterator[Finding]:
    """Each thing that is lost: released, deleted, or made anew as another one.

    What isn't lasting is told with what it stands on, where that goes as well.
    """
    lost = {change.urn: change for change in preview.changes if change.goes and _word(change)}
    for change in lost.values():
        if change.old is None or (not STAKES[change.type].lasting and _along(change, lost)):
            continue
        what = _word(change)
        known = next((str(change.old.outputs[key]) for key in _SHOWN if _has(change.old, key)), "")
        thing = f"{_WORDS.get(what, what)} {known}".strip()
        if change.op is Op.DELETE:
            yield found(DELETED[what], change, f"deletes the {thing} for good")
        else:
            yield found(REPLACED[what], change, f"replaces the {thing} by another one")


def _word(change: Change) -> str:
    stake = STAKES.get(change.type)
    if stake is None:
        return ""
    return stake.deleted if change.op is Op.DELETE else stake.replaced


def _along(change: Change, lost: Mapping[str, Change]) -> bool:
    """Whether something that it stands on goes the same way."""
    if change.old is None:
        return False
    under = {urn for key in change.old.inputs for urn in change.old.comes_from(key)} - {change.urn}
    return any(urn in lost and lost[urn].op in {change.op, Op.DELETE} for urn in under)


def _has(state: State, key: str) -> bool:
    return isinstance(state.outputs.get(key), str) and bool(state.outputs[key])


def protection_findings(preview: Preview) -> Iterator[Finding]:
    """Each protected resource that goes, and each that loses its protection."""
    told: set[str] = set()
    for change in preview.changes:
        if change.old is None:
            continue
        if change.old.retained and change.new is not None and not change.new.retained:
            yield found(UNPROTECT, change, f"lets it go with the stack ({_KEPT} is off)")
        if not _protected(change.old):
            continue
        if change.op in {Op.DELETE, Op.REPLACE}:
            told |= {change.urn, change.old.urn}
            yield _touched(change)
        elif change.new is not None and (
            lost := _protections(change.old) - _protections(change.new)
        ):
            yield found(UNPROTECT, change, f"takes the protection {' and '.join(sorted(lost))} off")
    for urn, op in dict.fromkeys(preview.refused):
        if urn not in told:
            rule = DELETE_PROTECTED if op is Op.DELETE else REPLACE_PROTECTED
            what = f"{op.value}s what is protected; the engine stopped there"
            yield Finding(rule, name_of(urn), urn, what)


def _touched(change: Change) -> Finding:
    rule = DELETE_PROTECTED if change.op is Op.DELETE else REPLACE_PROTECTED
    return found(rule, change, f"{change.op.value}s what is protected")


def _protected(state: State) -> bool:
    return bool(_protections(state))


def _protections(state: State) -> set[str]:
    by_cloud = any(state.inputs.get(key) in (True, "on") for key in _SWITCHES)
    places = {"in Pulumi": state.protect, "in the cloud": by_cloud}
    return {place for place, on in places.items() if on}
