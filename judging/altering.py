"""Resources that a preview alters in place, and what it makes beside what is there.

Which input means what stands in `stakes`, a row for each kind; ports, who may call an API, and
protection have judges of their own.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Final

from facts import kinds
from judging.findings import (
    CHANGE_PROVIDER,
    INTERRUPT,
    LOOSEN_NETWORK,
    LOOSEN_PORT,
    NOT_UNDERSTOOD,
    RESTART_SERVER,
    RUN_SCRIPT,
    WIPE_DISK,
    Finding,
    GuardRule,
    found,
)
from judging.preview import Change, Op, Preview, State
from judging.stakes import STAKES
from judging.values import changed_inputs, shown, told_input

_OURS: Final = "alicloud:"
_PASSING: Final = {RESTART_SERVER, WIPE_DISK, INTERRUPT}
"""What a replacement's own finding says already."""

_SCRIPT: Final = "commandContent"

_JOINS: Final[Mapping[str, tuple[GuardRule, str, str]]] = {
    kinds.VPC_ACCESS: (LOOSEN_PORT, "instanceId", "lets API Gateway in to {}, port {port}"),
    kinds.SERVER_GROUP_SERVER: (LOOSEN_PORT, "serverId", "puts {}, port {port}, behind a balancer"),
    kinds.LISTENER: (LOOSEN_PORT, "loadBalancerId", "opens port {frontendPort} of {}"),
    kinds.CEN_ATTACHMENT: (LOOSEN_NETWORK, "childInstanceId", "links {} with other networks"),
    kinds.ROUTER_ATTACHMENT: (LOOSEN_NETWORK, "vpcId", "links {} with other networks"),
    kinds.ROUTER_LINE_ATTACHMENT: (LOOSEN_NETWORK, "vbrId", "links {} with other networks"),
    kinds.VPN_CONNECTION: (LOOSEN_NETWORK, "", "links a data centre: {remoteSubnets}"),
}
"""What is made beside something that was there: the rule, the input that names that, and how."""

_ROUTES: Final = frozenset(
    {
        *(kinds.ROUTE, kinds.CEN_ROUTE, kinds.ROUTER_ROUTE, kinds.CEN_SERVICE),
        *(kinds.ROUTER_ASSOCIATION, kinds.ROUTER_PROPAGATION, kinds.ROUTER_LINK),
    }
)
_BASIC_PROVIDER: Final = {"region", "version"}
"""What a provider may be made with, unsaid."""


_OFF: Final = (
    *(
        "icmpReplyEnabled",
        "innerAccess",
        "internetAccess",
        "systemRouteTableRoutePropagationEnable",
    ),
    *("autoPublishRouteEnabled", "routeTableAssociationEnabled", "routeTablePropagationEnabled"),
)
_OFF_OR_UNSAID: Final = (
    *("deleteOnRelease", "egressIpv6Enable", "enableIpv6", "enableSsl", "forceDelete"),
    "ipv6Enabled",
)
TIGHT: Final[Mapping[str, tuple[object, ...]]] = {
    **dict.fromkeys(_OFF, (False,)),
    **dict.fromkeys(_OFF_OR_UNSAID, (False, None)),
    **dict.fromkeys(("deleteProtectionValidation", "sourceDestCheck"), (True,)),
    "aclStatus": ("on",),
    "autoReleaseTime": (None, ""),
    "force": (False, "False", "false", None),
    "httpEndpoint": ("disabled",),
    "httpTokens": ("required",),
    "innerAccessPolicy": ("Drop",),
    "modificationProtectionStatus": ("ConsoleProtection",),
    "networkType": ("intranet", "private"),
    "renewalStatus": ("AutoRenewal",),
}
"""The safest values of inputs: a change to one of them loosens nothing."""

_VERSION: Final = re.compile(r"1_[0-9]\w*$")
_ENCRYPTION: Final = frozenset({"httpsPolicy", "tlsCipherPolicy"})
_BANDWIDTHS: Final = frozenset(
    {
        *("bandwidth", "bandwidthLimit", "bandwidthPackageBandwidth"),
        *("internetMaxBandwidthIn", "internetMaxBandwidthOut"),
    }
)
"""Inputs in Mbit/s."""

_UNLIMITED: Final = -1
"""A listener's bandwidth, where its balancer's own is the limit."""


def _tightens(key: str, old: object, new: object) -> bool:
    """Whether a change of an input can loosen nothing, by its new value or by both."""
    if key in _ENCRYPTION:
        # HTTPS2_TLS1_2 and tls_cipher_policy_1_2_strict: the older, the lesser text.
        before, after = (_VERSION.search(str(one)) for one in (old, new))
        return before is not None and after is not None and before[0] <= after[0]
    if key in _BANDWIDTHS:
        # Where none is said any more, the cloud keeps what there was.
        return any(one in {None, ""} for one in (old, new)) or _mbits(old) <= _mbits(new)
    return new in TIGHT.get(key, ())


def _mbits(value: object) -> float:
    """A bandwidth as a number, in whichever form it stands; none where it isn't known."""
    try:
        number = float(str(value))
    except ValueError:
        return math.nan  # neither more nor less than any other
    return math.inf if number == _UNLIMITED else number


def alteration_findings(preview: Preview) -> Iterator[Finding]:
    """Each resource that is altered where that matters, and each that joins others."""
    present = preview.present_urns()
    for change in preview.changes:
        if change.type == kinds.PROVIDER:
            yield from _provider(change, present)
        elif change.type not in STAKES:
            yield from _strange(change)
        elif change.altered is not None:
            yield from _altered(change, *change.altered, present)
            yield from _moved_provider(change, *change.altered)
        elif change.op is Op.CREATE and change.new is not None:
            yield from _joined(change, change.new, preview.created)


def _altered(
    change: Change, old: State, new: State, present: Mapping[str, str]
) -> Iterator[Finding]:
    stake = STAKES[change.type]
    for key in changed_inputs(change, present):
        if _tightens(key, old.inputs.get(key), new.inputs.get(key)):
            continue
        what = f"changes {told_input(old, new, key)}"
        for rule in stake.rules_of(key):
            if change.op is Op.UPDATE or rule not in _PASSING:
                yield found(rule, change, what)
        if change.type == kinds.COMMAND and key == _SCRIPT:
            yield found(RUN_SCRIPT, change, "runs another script on its servers")
        elif change.op is Op.UPDATE and not stake.knows(key):
            yield found(NOT_UNDERSTOOD, change, what)


def _strange(change: Change) -> Iterator[Finding]:
    if change.op is not Op.SAME and change.type.startswith(_OURS):
        yield found(NOT_UNDERSTOOD, change, f"{change.op.value}s a {change.type}")


def _joined(change: Change, state: State, created: frozenset[str]) -> Iterator[Finding]:
    if change.type in _ROUTES:
        sources = {urn for key in state.inputs for urn in state.comes_from(key)}
        if state.inputs and not sources & created:
            yield found(LOOSEN_NETWORK, change, f"leads networks elsewhere: {shown(_ends(state))}")
        return
    if change.type not in _JOINS:
        return
    rule, key, form = _JOINS[change.type]
    if (key and not state.inputs.get(key)) or created & set(state.comes_from(key)):
        return  # nothing was there to be let in to
    values = {name: shown(state.inputs.get(name)) for name in state.inputs}
    values = {"port": "", "frontendPort": "", "remoteSubnets": "", **values}
    yield found(rule, change, form.format(state.text(key) or "what isn't known yet", **values))


def _ends(route: State) -> dict[str, object]:
    """What a route says, without words about it."""
    words = ("Description", "Name", "description", "name", "dryRun", "__defaults")
    return {key: one for key, one in route.inputs.items() if not key.endswith(words)}


def _provider(change: Change, present: Mapping[str, str]) -> Iterator[Finding]:
    if change.altered is not None:
        for key in changed_inputs(change, present):
            what = f"changes {told_input(*change.altered, key)}"
            yield found(CHANGE_PROVIDER, change, what)
    elif change.op is Op.CREATE and change.new is not None:
        for key, value in sorted(change.new.inputs.items()):
            if key not in _BASIC_PROVIDER and value not in (None, "") and not key.startswith("__"):
                yield found(CHANGE_PROVIDER, change, f"makes one with {key}: {shown(value, key)}")


def _moved_provider(change: Change, old: State, new: State) -> Iterator[Finding]:
    """A resource that another provider takes over: another region, another account."""
    before, after = old.provider, new.provider
    if before and after and _plain(before) != _plain(after):
        names = (one.rpartition("::")[-1] for one in (before, after))
        yield found(CHANGE_PROVIDER, change, f"moves from {' to '.join(names)}")


def _plain(provider: str) -> str:
    """Without the version that a default provider has in its name."""
    return provider.partition("::default")[0] if "::default" in provider else provider
