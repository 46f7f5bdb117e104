"""What each instance type takes in network interfaces and addresses, and what isn't known."""

import re
from collections import defaultdict
from itertools import pairwise

import pytest

from facts.instance_types import ENI_LIMITS, EniLimits, eni_limits

VCPUS = {"nano": 1, "small": 1, "large": 2, "xlarge": 4}


def vcpus(size: str) -> int:
    """What a size stands for: 4 for each `xlarge`; less below it."""
    match = re.fullmatch(r"(\d+)xlarge", size)
    return 4 * int(match[1]) if match else VCPUS[size]


@pytest.mark.parametrize(
    ("instance_type", "interfaces", "addresses"),
    [
        ("ecs.t5-lc2m1.nano", 2, 2),
        ("ecs.t6-c1m1.large", 2, 2),
        ("ecs.t6-c1m4.xlarge", 2, 6),
        ("ecs.e-c1m4.large", 2, 2),
        ("ecs.u1-c1m2.3xlarge", 6, 10),
        ("ecs.r5.16xlarge", 8, 20),
        ("ecs.g6.large", 2, 6),
        ("ecs.c6.13xlarge", 7, 20),
        ("ecs.r6e.13xlarge", 7, 30),
        ("ecs.g7.large", 3, 6),
        ("ecs.c7.32xlarge", 15, 30),
        ("ecs.hfc7.large", 2, 6),
        ("ecs.g8i.48xlarge", 15, 50),
        ("ecs.r8i.32xlarge", 15, 30),
        ("ecs.c8a.4xlarge", 8, 30),
        ("ecs.g8y.small", 2, 3),
        ("ecs.g9i.xlarge", 4, 15),
    ],
)
def test_a_type_takes_what_the_clouds_table_says(
    instance_type: str, interfaces: int, addresses: int
) -> None:
    assert eni_limits(instance_type) == EniLimits(interfaces, addresses)


@pytest.mark.parametrize(
    "instance_type",
    [
        "ecs.g7.24xlarge",  # a size that other families have
        "ecs.r8i.48xlarge",  # a size that its siblings have
        "ecs.g99.large",
        "g7.large",
        "ecs.g7",
        "",
    ],
)
def test_a_type_that_is_not_in_the_table_is_unknown(instance_type: str) -> None:
    assert eni_limits(instance_type) is None


def test_every_type_takes_at_least_its_own_interface_and_address() -> None:
    for instance_type, limits in ENI_LIMITS.items():
        assert limits.interfaces >= 1, instance_type
        assert limits.addresses >= 1, instance_type


def test_a_larger_size_never_takes_fewer_addresses_on_an_interface() -> None:
    families: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for instance_type, limits in ENI_LIMITS.items():
        family, _, size = instance_type.rpartition(".")
        families[family].append((vcpus(size), limits.addresses))
    for family, sizes in families.items():
        for (_, smaller), (_, larger) in pairwise(sorted(sizes)):
            assert smaller <= larger, family
