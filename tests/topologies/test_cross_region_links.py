"""Bandwidth between regions: which pairs have it, and where it comes from."""

from typing import Any

import pytest

from tests.stackfiles import Edit, problems_of, warnings_of, where
from tests.topologies.cross_region import (
    ATTACHMENTS,
    LINKS,
    SERVICES,
    C,
    basic_stack,
    cross_stack,
    third_region,
)
from tests.topologies.unified import gone, only, only_warning, places, put

HERE, THERE = "cn-shanghai", "cn-zhangjiakou"
PACKAGE = f"{C}.bandwidthPackage"


def link(*regions: str, bandwidth: int = 2) -> dict[str, Any]:
    return {"regions": list(regions), "bandwidth": bandwidth}


def test_regions_of_a_link_stand_in_any_order() -> None:
    assert problems_of(cross_stack(put(LINKS, calls=link(THERE, HERE)))) == ()


def test_a_link_joins_two_regions() -> None:
    text = cross_stack(put(LINKS, more=link(HERE, HERE)))
    problem = only(text)
    assert (where(problem), problem.value) == (f"{LINKS}.more.regions", f"{HERE}, {HERE}")
    assert problem.rule == "a link joins two regions"


@pytest.mark.parametrize("regions", [[], [HERE], [HERE, THERE, "cn-beijing"]])
def test_a_link_has_exactly_two_regions(regions: list[str]) -> None:
    assert [place for place, _ in places(cross_stack(put(LINKS, more=link(*regions))))] == [
        f"{LINKS}.more.regions"
    ]


def test_a_link_is_between_regions_where_something_is_attached() -> None:
    problem = only(cross_stack(put(LINKS, more=link(HERE, "cn-zhangjiaku"))))
    assert (where(problem), problem.value) == (f"{LINKS}.more.regions.1", "cn-zhangjiaku")
    assert problem.rule == "nothing is attached in cn-zhangjiaku"
    assert problem.remedy == "did you mean cn-zhangjiakou?"


def test_two_regions_have_one_link() -> None:
    problem = only(cross_stack(put(LINKS, more=link(THERE, HERE))))
    assert (where(problem), problem.value) == (f"{LINKS}.more.regions", f"{THERE}, {HERE}")
    assert problem.rule == "two regions have one link; calls joins these already"
    assert problem.remedy == "add its bandwidth to calls"


@pytest.mark.parametrize("bandwidth", [0, -1, "2"])
def test_a_link_has_bandwidth(bandwidth: object) -> None:
    text = cross_stack(put(f"{LINKS}.calls", bandwidth=bandwidth))
    assert (f"{LINKS}.calls.bandwidth", bandwidth) in places(text)


def test_two_regions_without_a_link_are_one_mistake() -> None:
    problem = only(cross_stack(gone(LINKS)))
    assert where(problem) == LINKS
    assert problem.rule == f"{HERE} has no bandwidth to any other region, so nothing passes"
    assert problem.remedy == f"add to links: {{regions: [{HERE}, {THERE}], bandwidth: 2}}"


def test_a_region_that_no_link_leads_to_is_refused() -> None:
    problem = only(cross_stack(*third_region(), gone(f"{LINKS}.desk")))
    assert where(problem) == LINKS
    assert problem.rule == "cn-beijing has no bandwidth to any other region, so nothing passes"


def test_three_regions_without_links_need_two() -> None:
    found = problems_of(cross_stack(*third_region(), gone(LINKS)))
    assert [problem.remedy for problem in found] == [
        f"add to links: {{regions: [cn-beijing, {HERE}], bandwidth: 2}}",
        f"add to links: {{regions: [{THERE}, cn-beijing], bandwidth: 2}}",
    ]


def test_without_a_region_of_the_stack_nothing_is_joined() -> None:
    problem = only(cross_stack(gone("alicloud:region")))
    assert where(problem) == ATTACHMENTS
    assert problem.remedy == "add alicloud:region: cn-shanghai"


def test_a_networks_region_that_isnt_one_is_no_second_mistake() -> None:
    text = cross_stack(put("networks.functions", region="Zhangjiakou"))
    assert places(text) == [("networks.functions.region", "Zhangjiakou")]


def test_one_region_needs_no_link() -> None:
    text = cross_stack(
        put(ATTACHMENTS, functions={"network": "backend"}), gone(LINKS), gone(SERVICES)
    )
    assert problems_of(text) == ()


def test_two_regions_that_are_linked_with_a_third_alone_are_mentioned() -> None:
    warning = only_warning(cross_stack(*third_region()))
    assert where(warning) == LINKS
    assert warning.rule == (
        "cn-beijing and cn-zhangjiakou have no bandwidth between them, so nothing passes there"
    )
    full = put(LINKS, last=link("cn-beijing", THERE))
    assert warnings_of(cross_stack(*third_region(), full)) == ()


# The package.


def test_links_of_the_basic_edition_have_a_package() -> None:
    problem = only(basic_stack(gone(PACKAGE)))
    assert where(problem) == PACKAGE
    assert problem.rule == "links of the basic edition have their bandwidth from a package"
    assert problem.remedy == "add bandwidthPackage: {bandwidth: 2}"


def test_the_package_that_is_proposed_is_one_that_can_be_had() -> None:
    problem = only(basic_stack(gone(PACKAGE), put(f"{LINKS}.calls", bandwidth=1)))
    assert problem.remedy == "add bandwidthPackage: {bandwidth: 2}"


def test_links_of_transit_routers_may_have_a_package() -> None:
    assert problems_of(cross_stack(put(C, bandwidthPackage={"bandwidth": 2}))) == ()


def test_links_have_no_more_than_their_package_together() -> None:
    problem = only(basic_stack(put(f"{LINKS}.calls", bandwidth=3)))
    assert (where(problem), problem.value) == (LINKS, "3 Mbit/s")
    assert problem.remedy == "give the package 3 Mbit/s, or links less"
    assert (
        problems_of(basic_stack(put(f"{LINKS}.calls", bandwidth=3), put(PACKAGE, bandwidth=3)))
        == ()
    )


def abroad(region: str, zones: str) -> Edit:
    one, other = (f"{region}{letter}" for letter in zones)
    network = {
        "region": region,
        "vpc": {"cidr": "10.1.0.0/16"},
        "vswitches": {
            "calls": {"cidr": "10.1.1.0/24", "zone": one},
            "calls-2": {"cidr": "10.1.2.0/24", "zone": other},
        },
    }

    def edit(settings: dict[str, Any]) -> None:
        put("networks", functions=network)(settings)
        put(f"{LINKS}.calls", regions=[HERE, region])(settings)

    return edit


def test_a_package_made_here_is_for_the_mainland() -> None:
    edit = abroad("ap-southeast-1", "ab")
    assert problems_of(cross_stack(edit)) == ()
    problem = only(cross_stack(edit, put(C, bandwidthPackage={"bandwidth": 2})))
    assert (where(problem), problem.value) == (PACKAGE, "Asia-Pacific, China")
    assert problem.rule == "a package made here is for the Chinese mainland"
    assert problem.remedy.startswith("remove bandwidthPackage")


def test_the_basic_editions_package_for_other_areas_is_one_that_exists() -> None:
    edit = abroad("ap-southeast-1", "ab")
    problem = only(basic_stack(edit))
    assert problem.remedy == "give the id of a package for these areas"
    assert problems_of(basic_stack(edit, put(C, bandwidthPackage={"id": "cenbwp-1"}))) == ()


@pytest.mark.parametrize("package", [{}, {"id": "cenbwp-1", "bandwidth": 2}])
def test_a_package_is_created_or_exists(package: dict[str, Any]) -> None:
    problem = only(basic_stack(put(C, bandwidthPackage=package)))
    assert where(problem) == PACKAGE
    assert problem.rule == "a package is created (bandwidth) or exists (id)"


def test_a_package_that_exists_may_be_attached() -> None:
    for attached in (True, False):
        package = {"id": "cenbwp-1", "attached": attached}
        assert problems_of(basic_stack(put(C, bandwidthPackage=package))) == ()
    problem = only(basic_stack(put(PACKAGE, attached=True)))
    assert (where(problem), problem.value) == (f"{PACKAGE}.attached", True)
    assert problem.rule == "a package that is created here isn't attached yet"


@pytest.mark.parametrize("bandwidth", [1, 10_001])
def test_a_package_has_a_size_that_is_sold(bandwidth: int) -> None:
    assert places(basic_stack(put(PACKAGE, bandwidth=bandwidth))) == [
        (f"{PACKAGE}.bandwidth", bandwidth)
    ]


def test_a_package_without_links_is_refused() -> None:
    problem = only(
        cross_stack(
            put(ATTACHMENTS, functions={"network": "backend"}),
            gone(LINKS),
            gone(SERVICES),
            put(C, bandwidthPackage={"bandwidth": 2}),
        )
    )
    assert where(problem) == PACKAGE
    assert problem.rule == "a package is for links, and there are none"


# Subscriptions.


@pytest.mark.parametrize("months", [1, 2, 3, 6, 12])
def test_a_subscription_is_for_some_months(months: int) -> None:
    text = basic_stack(put(PACKAGE, chargeType="PrePaid", months=months, autoRenew=True))
    assert problems_of(text) == ()


@pytest.mark.parametrize("months", [0, 4, 24])
def test_a_subscription_for_other_months_is_refused(months: int) -> None:
    problem = only(basic_stack(put(PACKAGE, chargeType="PrePaid", months=months)))
    assert (where(problem), problem.value) == (f"{PACKAGE}.months", months)


@pytest.mark.parametrize(("key", "value"), [("months", 1), ("autoRenew", True)])
def test_only_a_subscription_has_months_and_is_renewed(key: str, value: object) -> None:
    problem = only(basic_stack(put(PACKAGE, **{key: value})))
    assert (where(problem), problem.value) == (f"{PACKAGE}.{key}", value)
    assert "chargeType: PrePaid" in problem.rule


@pytest.mark.parametrize(
    ("key", "value"), [("chargeType", "PrePaid"), ("months", 1), ("autoRenew", True)]
)
def test_a_package_that_exists_keeps_how_it_is_paid(key: str, value: object) -> None:
    problem = only(basic_stack(put(C, bandwidthPackage={"id": "cenbwp-1", key: value})))
    assert (where(problem), problem.value) == (f"{PACKAGE}.{key}", value)
    assert problem.rule == "a package that exists keeps how it is paid"
    assert problem.remedy == f"remove {key}"


def test_a_subscription_is_mentioned() -> None:
    warning = only_warning(basic_stack(put(PACKAGE, chargeType="PrePaid")))
    assert (where(warning), warning.value) == (f"{PACKAGE}.chargeType", "PrePaid")
    assert warnings_of(basic_stack()) == ()
