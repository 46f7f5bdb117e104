"""How many network interfaces (ENIs) an ECS instance type takes, and addresses on each.

The cloud answers this too (`DescribeInstanceTypes`: `EniQuantity`, `EniPrivateIpAddressQuantity`),
but a stack file is judged without asking the cloud: on a laptop, in a pull request, without
credentials. Hence a table of the common families. It is no list of what may be bought: types come
and go, so one that isn't here is unknown, not wrong, and callers warn rather than refuse.

Source: Elastic Compute Service, "Overview of instance families", the columns "ENIs" and "Private
IPv4 addresses per ENI" of each family's table.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class EniLimits(NamedTuple):
    """What an instance of one type takes at most."""

    interfaces: int
    """Network interfaces, the first one included."""

    addresses: int
    """Private IPv4 addresses on each interface."""


# Families with the same limits → (interfaces, addresses) → sizes. A burstable, economy or universal
# type has its ratio of vCPU to memory in its family's name: t6-c1m4 has 4 GiB for each vCPU.
# Sizes that a family doesn't have are left out, even where the next family has them.
_FAMILIES: dict[str, dict[tuple[int, int], str]] = {
    # Entry level: burstable (t5, t6) and economy (e).
    "t6-c4m1 t6-c2m1 t6-c1m1 t6-c1m2": {(2, 2): "large"},
    "t6-c1m4": {(2, 2): "large", (2, 6): "xlarge 2xlarge"},
    "t5-lc2m1": {(2, 2): "nano"},
    "t5-lc1m1": {(2, 2): "small"},
    "t5-lc1m2": {(2, 2): "small large"},
    "t5-lc1m4": {(2, 2): "large"},
    "t5-c1m1 t5-c1m2": {(2, 2): "large", (2, 6): "xlarge 2xlarge 4xlarge"},
    "t5-c1m4": {(2, 2): "large", (2, 6): "xlarge 2xlarge"},
    "e-c4m1 e-c2m1 e-c1m1": {(2, 2): "large"},
    "e-c1m2 e-c1m4": {(2, 2): "large", (2, 6): "xlarge 2xlarge"},
    # Universal.
    "u1-c1m1 u1-c1m2 u1-c1m4 u1-c1m8": {
        (2, 6): "large",
        (3, 10): "xlarge",
        (4, 10): "2xlarge",
        (6, 10): "3xlarge",
        (8, 20): "4xlarge 8xlarge",
    },
    "u2i-c1m1 u2i-c1m2 u2i-c1m4 u2i-c1m8": {
        (3, 6): "large",
        (4, 15): "xlarge 2xlarge",
        (8, 15): "3xlarge",
        (8, 30): "4xlarge 6xlarge 8xlarge",
    },
    # General purpose (g), compute (c) and memory (r), by generation.
    "g5 c5 r5": {
        (2, 6): "large",
        (3, 10): "xlarge",
        (4, 10): "2xlarge",
        (6, 10): "3xlarge",
        (8, 20): "4xlarge 6xlarge 8xlarge 16xlarge",
    },
    "g6 c6 r6": {
        (2, 6): "large",
        (3, 10): "xlarge",
        (4, 10): "2xlarge",
        (6, 10): "3xlarge",
        (8, 20): "4xlarge 6xlarge 8xlarge",
        (7, 20): "13xlarge",
        (15, 20): "26xlarge",
    },
    "g6e c6e r6e": {
        (3, 6): "large",
        (4, 15): "xlarge 2xlarge",
        (8, 30): "4xlarge 8xlarge",
        (7, 30): "13xlarge",
        (15, 30): "26xlarge",
    },
    "g7 c7 r7": {
        (3, 6): "large",
        (4, 15): "xlarge 2xlarge",
        (8, 15): "3xlarge",
        (8, 30): "4xlarge 6xlarge 8xlarge 16xlarge",
        (15, 30): "32xlarge",
    },
    "g8i c8i": {
        (3, 6): "large",
        (4, 15): "xlarge 2xlarge",
        (8, 15): "3xlarge",
        (8, 30): "4xlarge 6xlarge 8xlarge 12xlarge 16xlarge",
        (15, 30): "24xlarge",
        (15, 50): "48xlarge",
    },
    "r8i": {
        (3, 6): "large",
        (4, 15): "xlarge 2xlarge",
        (8, 15): "3xlarge",
        (8, 30): "4xlarge 6xlarge 8xlarge 12xlarge 16xlarge",
        (15, 30): "32xlarge",
    },
    "g8a c8a r8a": {
        (3, 6): "large",
        (4, 15): "xlarge 2xlarge",
        (8, 30): "4xlarge 8xlarge 12xlarge 16xlarge",
        (15, 30): "24xlarge 32xlarge",
        (15, 50): "48xlarge",
    },
    "g8y c8y r8y": {  # Arm
        (2, 3): "small",
        (3, 6): "large",
        (4, 15): "xlarge 2xlarge",
        (8, 30): "4xlarge 8xlarge 16xlarge",
        (15, 30): "32xlarge",
    },
    "g9i c9i r9i": {
        (3, 6): "large",
        (4, 15): "xlarge 2xlarge",
        (8, 15): "3xlarge",
        (8, 30): "4xlarge 6xlarge 8xlarge 12xlarge 16xlarge",
        (15, 30): "24xlarge 32xlarge",
        (15, 50): "48xlarge",
    },
    # High clock speed.
    "hfc7 hfg7": {
        (2, 6): "large",
        (3, 15): "xlarge",
        (4, 15): "2xlarge",
        (6, 15): "3xlarge",
        (8, 30): "4xlarge 6xlarge 8xlarge 12xlarge",
        (15, 30): "24xlarge",
    },
}

ENI_LIMITS: Mapping[str, EniLimits] = MappingProxyType(
    {
        f"ecs.{family}.{size}": EniLimits(*limits)
        for families, rows in _FAMILIES.items()
        for limits, sizes in rows.items()
        for size in sizes.split()
        for family in families.split()
    }
)
"""The limits of every type that is known here, by its full name (`ecs.g7.large`)."""


def eni_limits(instance_type: str) -> EniLimits | None:
    """What an instance of this type takes; None for a type that isn't known here."""
    return ENI_LIMITS.get(instance_type)


_ENTRY_LEVEL = ("ecs.e-", "ecs.t5-", "ecs.t6-")
_FEWEST_ADDRESSES = 2


def attaches_only_stopped(instance_type: str) -> bool:
    """Whether an instance of this type takes a second network interface only while it is stopped.

    The notes below the tables of e, t5 and t6 list them: their smaller types, which are those with
    two addresses for each interface.
    """
    limits = eni_limits(instance_type)
    return (
        limits is not None
        and limits.addresses == _FEWEST_ADDRESSES
        and instance_type.startswith(_ENTRY_LEVEL)
    )
