"""The pack: every rule as a policy of CrossGuard, and how it is served.

A policy's level is that of production unless the configuration says another: the engine tells a
pack nothing that a tier could be known by in time, so whoever runs it says so, with the file of the
tier (`docs/adr/0016-policy-levels-by-file.md`).
"""

import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Final

from pulumi_policy import (
    Policy,
    PolicyConfigSchema,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from judging.preview import State
from policy import addresses, apis, links, protection, stacks, ways_in
from policy.rule import EXEMPT, ResourceRule, Stack, StackRule, Violation, state_of
from stack.tiers import Tier

PACK: Final = "alicloud-gateways"
RULES: Final[tuple[ResourceRule | StackRule, ...]] = (
    *ways_in.RULES,
    *addresses.RULES,
    *protection.RULES,
    *apis.RULES,
    *links.RULES,
    *stacks.RULES,
)
"""In the order in which the documentation has them."""


def serve() -> None:
    """Serve the rules to the engine, until it ends this process."""
    # The engine reads the port from the first line, which has to leave at once. Pulumi's own way of
    # starting a pack says so on Python's command line, its language host doesn't.
    sys.stdout = io.TextIOWrapper(
        open(sys.stdout.fileno(), "wb", buffering=0, closefd=False),  # noqa: SIM115 - kept open
        write_through=True,
    )
    PolicyPack(name=PACK, policies=[policy_of(rule) for rule in RULES])


def policy_of(rule: ResourceRule | StackRule) -> Policy:
    """A rule as a policy."""

    def over_resources(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if isinstance(rule, ResourceRule) and args.resource_type in rule.kinds:
            for message, _ in judge(rule, [state_of(args)], args.get_config()):
                report(message, None)

    def over_stacks(args: StackValidationArgs, report: ReportViolation) -> None:
        states = [state_of(resource) for resource in args.resources]
        for message, urn in judge(rule, states, args.get_config()):
            report(message, urn)

    policy = (
        StackValidationPolicy(rule.id, rule.what, over_stacks)
        if isinstance(rule, StackRule)
        else ResourceValidationPolicy(rule.id, rule.what, over_resources)
    )
    policy.enforcement_level = rule.levels[Tier.PRODUCTION]
    policy.severity = rule.severity
    policy.remediation_steps = rule.remedy
    policy.tags = [*rule.counterparts]
    policy.config_schema = PolicyConfigSchema(
        {
            name: {**limit.schema, "description": limit.what, "default": limit.default}
            for name, limit in rule.limits.items()
        }
    )
    return policy


def judge(
    rule: ResourceRule | StackRule, states: Sequence[State], values: Mapping[str, Any]
) -> Iterator[tuple[str, str | None]]:
    """What a rule has to say about resources: each message with the URN that it is about.

    Raises:
        UnknownValueError: something hangs on a value that isn't known before the run; of a stack,
            after all that could be judged.
    """
    limits = rule.configured(values)
    forms: Sequence[str] = () if rule.about_ports else limits[EXEMPT]
    stack = Stack(states)

    def exempt(state: State) -> bool:
        return any(fnmatchcase(state.name, form) for form in forms)

    if isinstance(rule, StackRule):
        violations = rule.judge(stack, limits)
    else:
        mine = [one for one in stack.of(*rule.kinds) if not exempt(one)]
        violations = (
            Violation(state, what) for state in mine for what in rule.judge(state, limits)
        )
        if not mine:
            return
    # The engine checks values, and lets names pass that nobody asks for.
    for name in sorted(values.keys() - rule.limits.keys()):
        known = ", ".join(rule.limits)
        yield f"Its configuration has {name}, which it doesn't know. It knows {known}.", None
    for found in violations:
        if not exempt(found.resource):
            told = f"{found.resource.name} {found.what}: {rule.reason}.\nRemedy: {rule.remedy}."
            yield told, found.resource.urn
    stack.tell_unknown()
