"""Zones with functions: what is in the table, and what is made of a zone that isn't."""

import pytest

from facts.zones import FUNCTION_ZONES, lacks_functions


@pytest.mark.parametrize(
    "zone", ["cn-shanghai-b", "cn-shanghai-n", "cn-zhangjiakou-a", "ap-southeast-1c", "us-east-1a"]
)
def test_a_zone_of_the_table_has_functions(zone: str) -> None:
    assert not lacks_functions(zone)


@pytest.mark.parametrize(
    "zone", ["cn-shanghai-a", "cn-shanghai-d", "cn-shenzhen-a", "ap-southeast-3b", "eu-west-1b"]
)
def test_another_zone_of_a_region_of_the_table_lacks_them(zone: str) -> None:
    assert lacks_functions(zone)


@pytest.mark.parametrize("zone", ["cn-wulanchabu-a", "ap-southeast-7a", "cn-shanghai", "x", ""])
def test_nothing_is_said_of_a_region_that_is_not_in_the_table(zone: str) -> None:
    assert not lacks_functions(zone)


def test_every_zone_belongs_to_its_region_and_is_there_once() -> None:
    for region, zones in FUNCTION_ZONES.items():
        assert zones
        assert len(set(zones)) == len(zones)
        assert all(zone[:-1].removesuffix("-") == region for zone in zones)
