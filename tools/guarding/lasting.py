"""Addresses, gateways, packages and groups that a preview deletes or replaces, and protection."""

from collections.abc import Iterator

from tools.guarding.findings import (
    DELETE_PROTECTED,
    DELETED,
    REPLACE_PROTECTED,
    REPLACED,
    UNPROTECT,
    Finding,
    found,
)
from tools.guarding.groups import LASTING
from tools.guarding.preview import Change, Op, Preview, State, name_of

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
}
_SWITCHES = ("deletionProtection", "deleteProtection")


def loss_findings(preview: Preview) -> Iterator[Finding]:
    """Each lasting thing that is lost: released, deleted, or made anew as another one."""
    for change in preview.changes:
        what = LASTING.get(change.type)
        if what is None or change.old is None or not change.goes:
            continue
        known = next((str(change.old.outputs[key]) for key in _SHOWN if _has(change.old, key)), "")
        thing = f"{_WORDS[what]} {known}".strip()
        if change.op is Op.DELETE:
            yield found(DELETED[what], change, f"deletes the {thing} for good")
        else:
            yield found(REPLACED[what], change, f"replaces the {thing} by another one")


def _has(state: State, key: str) -> bool:
    return isinstance(state.outputs.get(key), str) and bool(state.outputs[key])


def protection_findings(preview: Preview) -> Iterator[Finding]:
    """Each protected resource that goes, and each that loses its protection."""
    told: set[str] = set()
    for change in preview.changes:
        if change.old is None or not _protected(change.old):
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
