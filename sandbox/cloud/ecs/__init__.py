"""Servers: instances, their network cards, their security groups, and what is run inside them."""

from sandbox.cloud.ecs.eni import NetworkInterface, NetworkInterfaceAttachment
from sandbox.cloud.ecs.instance import Command, Instance, Invocation
from sandbox.cloud.ecs.security import SecurityGroup, SecurityGroupRule

KINDS = (
    SecurityGroup(),
    SecurityGroupRule(),
    Instance(),
    NetworkInterface(),
    NetworkInterfaceAttachment(),
    Command(),
    Invocation(),
)
