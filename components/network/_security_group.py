"""A security group with exactly the ingress rules asked for, as a child of a component.

`EcsHost` and `EniAttachment` make one where no group is given.

Source: Elastic Compute Service, "Security groups" and "AuthorizeSecurityGroup".
"""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
from pulumi_alicloud import ecs

from .._component import Component
from .._options import child

EVERYONE = "0.0.0.0/0"


class IngressRuleArgs(TypedDict):
    """What one ingress rule lets in."""

    ip_protocol: str
    """"tcp", "udp" or "all"."""

    port_range: str
    """"80/80" or "9000/9010"; "-1/-1" with "all"."""

    cidr_ip: NotRequired[str]
    """The range that may come in; everyone unless given."""

    description: NotRequired[str]
    """What it is for."""


def security_group(
    component: Component,
    name: str,
    args: "ecs.SecurityGroupArgs",
    ingress: Mapping[str, IngressRuleArgs],
) -> pulumi.Output[str]:
    """Register `<name>-security-group` and `<name>-allow-<key>` for each rule; returns its id."""
    group = ecs.SecurityGroup(f"{name}-security-group", args, opts=child(component, after=()))
    for key, rule in sorted(ingress.items()):
        ecs.SecurityGroupRule(
            f"{name}-allow-{key}",
            ecs.SecurityGroupRuleArgs(
                security_group_id=group.id,
                type="ingress",
                ip_protocol=rule["ip_protocol"],
                port_range=rule["port_range"],
                cidr_ip=rule.get("cidr_ip", EVERYONE),
                description=rule.get("description"),
            ),
            # The cloud takes an equal rule for the same one, so that the old one's deletion would
            # take the new one away.
            opts=child(component, after=(), delete_before_replace=True),
        )
    return group.id
