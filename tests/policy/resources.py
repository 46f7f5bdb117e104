"""Resources as the engine hands them to a pack: through its protocol, unknown values and all."""

from collections.abc import Iterable, Mapping
from typing import Any

from google.protobuf import json_format, struct_pb2
from pulumi_policy import (
    PolicyCustomTimeouts,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.deserialize import deserialize_properties
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE as UNKNOWN
from pulumi_policy.proxy import unknown_checking_proxy

from policy.pack import RULES, policy_of

__all__ = ["UNKNOWN", "judged", "judged_stack", "resource", "stack_resource", "urn"]

# Typed loosely in the SDK.
POLICIES: dict[str, Any] = {rule.id: policy_of(rule) for rule in RULES}


def urn(kind: str, name: str) -> str:
    return f"urn:pulumi:shop::alicloud-gateways::{kind}::{name}"


def _props(inputs: Mapping[str, Any]) -> Any:
    message = struct_pb2.Struct()
    message.update(inputs)
    return unknown_checking_proxy(deserialize_properties(json_format.MessageToDict(message)))


def _options(*, protect: bool) -> PolicyResourceOptions:
    return PolicyResourceOptions(
        protect, [], None, [], PolicyCustomTimeouts(0, 0, 0), additional_secret_outputs=[]
    )


def resource(
    kind: str,
    inputs: Mapping[str, Any],
    *,
    name: str = "it",
    protect: bool = False,
    config: Mapping[str, Any] | None = None,
) -> ResourceValidationArgs:
    """A resource before it is made."""
    options = _options(protect=protect)
    return ResourceValidationArgs(
        kind, _props(inputs), urn(kind, name), name, options, None, config
    )


def stack_resource(
    kind: str, name: str, inputs: Mapping[str, Any], **sources: PolicyResource
) -> PolicyResource:
    """A resource at the end of a run; `sources` says which resource an input's value comes from."""
    return PolicyResource(
        kind,
        _props(inputs),
        urn(kind, name),
        name,
        _options(protect=False),
        None,
        None,
        [],
        {key: [source] for key, source in sources.items()},
    )


def judged(rule: str, args: ResourceValidationArgs) -> list[str]:
    """What a rule reports of a resource."""
    assert isinstance(POLICIES[rule], ResourceValidationPolicy)
    told: list[str] = []

    def report(message: str, _: str | None = None) -> None:
        told.append(message)

    POLICIES[rule].validate(args, report)
    return told


Told = list[tuple[str, str]]


def judged_stack(
    rule: str,
    resources: Iterable[PolicyResource],
    config: Mapping[str, Any] | None = None,
    told: Told | None = None,
) -> Told:
    """What a rule reports of a stack: each resource's name, and the message.

    It goes into `told`, if given, as it comes: a rule reports first and raises then.
    """
    assert isinstance(POLICIES[rule], StackValidationPolicy)
    told = [] if told is None else told

    def report(message: str, about: str | None = None) -> None:
        told.append(((about or "").rsplit("::", 1)[-1], message))

    POLICIES[rule].validate(StackValidationArgs([*resources], config), report)
    return told
