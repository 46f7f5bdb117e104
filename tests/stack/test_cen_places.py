"""Areas of regions, and zones with transit routers."""

import pytest

from facts.zones import ROUTER_ZONES, area_of, takes_router


@pytest.mark.parametrize(
    ("region", "area"),
    [
        ("cn-shanghai", "China"),
        ("cn-hongkong", "Asia-Pacific"),
        ("ap-southeast-1", "Asia-Pacific"),
        ("ap-southeast-2", "Australia"),
        ("eu-central-1", "Europe"),
        ("me-east-1", "Middle-East"),
        ("us-west-1", "North-America"),
        ("moon-1", None),
    ],
)
def test_a_region_lies_in_one_area(region: str, area: str | None) -> None:
    assert area_of(region) == area


def test_every_region_with_routers_lies_in_an_area() -> None:
    assert all(area_of(region) for region in ROUTER_ZONES)


def test_a_zone_has_routers_or_not_and_an_unknown_region_may_have_them() -> None:
    assert takes_router("cn-shanghai", "cn-shanghai-b")
    assert not takes_router("cn-shanghai", "cn-shanghai-a")
    assert takes_router("ap-southeast-1", "ap-southeast-1a")
    assert takes_router("moon-1", "moon-1z")
