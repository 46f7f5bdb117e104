"""Rules about APIs: who may call them, by what, and what is known of it afterwards.

Source: API Gateway, "CreateApi", "CreateInstance" and "Create log configurations".
"""

import re
from collections.abc import Iterator
from typing import Final

from pulumi_policy import Severity

from facts import kinds
from judging.apis import Callers, schemes
from judging.preview import State
from policy.rule import (
    ADVICE_FROM_STAGING,
    IN_PRODUCTION,
    NAMED,
    Limits,
    ResourceRule,
    Stack,
    StackRule,
    Violation,
    known,
)
from stack.pulumi_wire import UNKNOWN

_TLS = re.compile(r"TLS1_([0-9])$")
_OLDEST_TLS = 2
_GROUPS = frozenset({kinds.API_GROUP})
_SEVERAL_ZONES = "-MAZ"
"""In the zone of an instance that lies in several: cn-hangzhou-MAZ6(i,j,k)."""


def _open(stack: Stack, _: Limits) -> Iterator[Violation]:
    callers = Callers({state.urn: state for state in stack.states}, NAMED)
    for api in stack.of(kinds.API):
        if api.inputs.get("authType") == UNKNOWN:
            stack.cannot_know(api, "authType")
        elif callers.nobody_asks(api.urn):
            what = "lets everybody call it (authType: ANONYMOUS, and no plugin that asks who calls)"
            yield Violation(api, what)


def _plain(stack: Stack, _: Limits) -> Iterator[Violation]:
    inside = {g.urn for g in stack.of(kinds.API_GROUP) if g.inputs.get("vpcIntranetEnable") is True}
    for api in stack.of(kinds.API):
        if api.inputs.get("requestConfig") == UNKNOWN:
            stack.cannot_know(api, "requestConfig")
        elif "http" in schemes(api) and inside.isdisjoint(NAMED(api, "groupId", _GROUPS).names):
            yield Violation(api, "takes calls by http")


def _old_tls(state: State, _: Limits) -> Iterator[str]:
    known(state, "httpsPolicy")
    policy = state.text("httpsPolicy")
    match = _TLS.search(policy)
    if match is None or int(match[1]) < _OLDEST_TLS:
        yield f"takes encryption as old as its policy {policy or '(none)'} lets it"


def _one_zone(state: State, _: Limits) -> Iterator[str]:
    known(state, "zoneId")
    zone = state.text("zoneId")
    if zone and _SEVERAL_ZONES not in zone:
        yield f"lies in one zone, {zone}"


def _unlogged(stack: Stack, _: Limits) -> Iterator[Violation]:
    if next(stack.of(kinds.API_LOG), None) is None:
        for group in stack.of(kinds.API_GROUP):
            yield Violation(group, "has no access log in this stack")


RULES: Final = (
    StackRule(
        id="api-auth",
        severity=Severity.HIGH,
        levels=IN_PRODUCTION,
        judge=_open,
        what="An API asks nobody who they are",
        reason="everyone on the internet can call it, as often as they like",
        remedy="say `auth: app`, and authorize apps; or bind a plugin that checks tokens",
        counterparts=("api-gateway-api-auth-required",),
    ),
    StackRule(
        id="api-https",
        severity=Severity.MEDIUM,
        levels=IN_PRODUCTION,
        judge=_plain,
        what="An API can be called without encryption, and its group has no domain inside",
        reason="whoever is on the way reads the call, its answer and its keys",
        remedy="take https alone, and bind a domain with a certificate",
        counterparts=("api-gateway-api-internet-request-https", "CKV_ALI_21"),
    ),
    ResourceRule(
        id="api-instance-tls",
        severity=Severity.MEDIUM,
        levels=IN_PRODUCTION,
        kinds=frozenset({kinds.API_INSTANCE}),
        judge=_old_tls,
        what="An instance of API Gateway takes encryption that is known to be weak",
        reason="TLS 1.0 and 1.1 can be broken, and auditors look for them",
        remedy="set httpsPolicy: HTTPS2_TLS1_2",
        counterparts=("api-gateway-group-https-policy-check",),
    ),
    ResourceRule(
        id="api-instance-zones",
        severity=Severity.LOW,
        levels=ADVICE_FROM_STAGING,
        kinds=frozenset({kinds.API_INSTANCE}),
        judge=_one_zone,
        what="An instance of API Gateway lies in one zone",
        reason="every API of it is down with that zone",
        remedy="choose a zone with -MAZ in its name; the instance has to be made anew for it",
        counterparts=("apigateway-instance-multi-zone",),
    ),
    StackRule(
        id="api-log",
        severity=Severity.LOW,
        levels=ADVICE_FROM_STAGING,
        judge=_unlogged,
        what="Calls of an API group aren't logged",
        reason="nobody can tell afterwards who called what",
        remedy="set `accessLog`; leave the group alone where another stack of the region does",
        counterparts=("api-gateway-group-log-enabled",),
    ),
)
