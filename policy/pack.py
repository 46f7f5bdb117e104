"""The pack: every rule as a policy of CrossGuard, and how it is served.

A policy's level is that of production unless the configuration says another: the engine tells a
pack nothing that a tier could be known by in time, so whoever runs it says so, with the file of the
tier (`docs/adr/0016-policy-levels-by-file.md`).
"""

import io
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from policy.rule import EXEMPT, ResourceRule, Rule, Stack, StackRule, state_of
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
    policy = (
        StackValidationPolicy(rule.id, rule.what, _over_stacks(rule))
        if isinstance(rule, StackRule)
        else ResourceValidationPolicy(rule.id, rule.what, _over_resources(rule))
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


def judge_one(rule: ResourceRule, state: State, values: Mapping[str, Any]) -> Iterator[str]:
    """What a rule has to say about a resource.

    Raises:
        UnknownValueError: it hangs on a value that isn't known before the run.
    """
    if state.type in rule.kinds and not _exempt(rule, state, values):
        yield from _misconfigured(rule, values)
        for what in rule.judge(state, rule.configured(values)):
            yield _told(rule, state, what)


def judge_all(
    rule: StackRule, states: Sequence[State], values: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """What a rule has to say about a stack: each message with the URN that it is about.

    Raises:
        UnknownValueError: something hangs on a value that isn't known before the run; after all
            that could be judged.
    """
    stack = Stack(states)
    for message in _misconfigured(rule, values):
        yield message, ""
    for found in rule.judge(stack, rule.configured(values)):
        if not _exempt(rule, found.resource, values):
            yield _told(rule, found.resource, found.what), found.resource.urn
    stack.tell_unknown()


def _over_resources(
    rule: ResourceRule,
) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if args.resource_type in rule.kinds:
            for message in judge_one(rule, state_of(args), args.get_config()):
                report(message, None)

    return validate


def _over_stacks(rule: StackRule) -> Callable[[StackValidationArgs, ReportViolation], None]:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        states = [state_of(resource) for resource in args.resources]
        for message, urn in judge_all(rule, states, args.get_config()):
            report(message, urn or None)

    return validate


def _exempt(rule: Rule, state: State, values: Mapping[str, Any]) -> bool:
    forms: Sequence[str] = rule.configured(values)[EXEMPT]
    return not rule.about_ports and any(fnmatchcase(state.name, form) for form in forms)


def _misconfigured(rule: Rule, values: Mapping[str, Any]) -> Iterator[str]:
    """The engine checks values, and lets names pass that nobody asks for."""
    for name in sorted(values.keys() - rule.limits.keys()):
        known = ", ".join(rule.limits)
        yield f"Its configuration has {name}, which it doesn't know. It knows {known}."


def _told(rule: Rule, state: State, what: str) -> str:
    return f"{state.name} {what}: {rule.reason}.\nRemedy: {rule.remedy}."
