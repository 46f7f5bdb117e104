"""How much bandwidth and how many things unified egress may have, alone and beside another."""

import pytest

from tests.stackfiles import problems_of, where
from tests.topologies.unified import beside, gone, only, places, put, shared_stack, unified_stack

U = "unifiedEgress"


# Bandwidth and packages.


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [("bandwidth", 100, 100), ("bandwidthPackage", {"id": "cbwp-1"}, "cbwp-1"),
     ("bandwidthPackage", {"name": "wide"}, None)],
)  # fmt: skip
def test_addresses_on_a_shared_gateway_are_in_its_package(
    key: str, value: object, shown: object
) -> None:
    problem = only(shared_stack(put(U, **{key: value})))
    assert (where(problem), problem.value) == (f"{U}.{key}", shown)
    assert problem.remedy == f"remove {key}, or add a natGateway"


@pytest.mark.parametrize("bandwidth", [0, 1001])
def test_a_package_of_its_own_has_the_bandwidth_that_the_cloud_sells(bandwidth: int) -> None:
    no_own = [gone(f"{U}.publicIps.{name}.bandwidth") for name in ("egress", "web1")]
    problem = only(unified_stack(put(U, bandwidth=bandwidth), *no_own))
    assert (where(problem), problem.value) == (f"{U}.bandwidth", bandwidth)
    assert problems_of(unified_stack(put(U, bandwidth=100), *no_own)) == ()


def test_a_package_that_is_described_has_to_be_created_or_to_exist() -> None:
    problem = only(unified_stack(put(U, bandwidthPackage={"name": "wide"})))
    assert (where(problem), problem.value) == (f"{U}.bandwidth", None)
    assert "bandwidthPackage: {id: cbwp-…}" in problem.remedy


def test_an_address_in_a_package_has_no_bandwidth_of_its_own() -> None:
    shares = "an address in a bandwidth package shares its bandwidth"
    problem = only(shared_stack(put(f"{U}.publicIps.mail", bandwidth=20)))
    assert (where(problem), problem.value) == (f"{U}.publicIps.mail.bandwidth", 20)
    assert (problem.rule, problem.remedy) == (shares, "remove bandwidth")
    for package in ({"bandwidth": 100}, {"bandwidthPackage": {"id": "cbwp-1"}}):
        assert places(unified_stack(put(U, **package))) == [
            (f"{U}.publicIps.egress.bandwidth", 50),
            (f"{U}.publicIps.web1.bandwidth", 20),
        ]


def test_an_address_that_exists_keeps_its_bandwidth() -> None:
    exists = {"id": "eip-1", "address": "203.0.113.1"}
    problem = only(unified_stack(put(f"{U}.publicIps", web1={**exists, "bandwidth": 20})))
    assert (where(problem), problem.value) == (f"{U}.publicIps.web1.bandwidth", 20)
    assert problem.rule == "an EIP that exists keeps its bandwidth"
    assert problems_of(unified_stack(put(f"{U}.publicIps", web1=exists))) == ()


@pytest.mark.parametrize("bandwidth", [0, 201, "20"])
def test_an_address_has_the_bandwidth_that_the_cloud_sells(bandwidth: object) -> None:
    problem = only(unified_stack(put(f"{U}.publicIps.web1", bandwidth=bandwidth)))
    assert (where(problem), problem.value) == (f"{U}.publicIps.web1.bandwidth", bandwidth)


def test_several_addresses_of_one_egress_need_a_package() -> None:
    edits = [
        put(f"{U}.publicIps", egress={}, web1={}, egress2={}),
        put(f"{U}.egress.apps", publicIps=["egress", "egress2"]),
    ]
    problem = only(unified_stack(*edits))
    assert (where(problem), problem.value) == (f"{U}.egress.apps.publicIps", "egress, egress2")
    assert problem.remedy == "add bandwidth (Mbit/s) to unifiedEgress, or leave by one address"
    assert problems_of(unified_stack(*edits, put(U, bandwidth=100))) == ()


def test_several_addresses_of_one_egress_are_fine_on_a_shared_gateway() -> None:
    entry = {"cidr": "192.168.1.0/28", "publicIps": ["ip6", "out"]}
    text = shared_stack(put(f"{U}.publicIps", out={}), put(U, egress={"few": entry}))
    assert problems_of(text) == ()


# Quotas.


@pytest.mark.parametrize(
    ("quota", "limit", "place", "used"),
    [
        ("snatEntriesPerGateway", 1, "egress", 2),
        ("eipsPerBandwidthPackage", 5, "publicIps", 6),
        ("eipsPerGateway", 3, "publicIps", 4),
        ("eipsPerAccount", 5, "publicIps", 6),
    ],
)
def test_quotas_of_a_shared_gateway_hold_for_both_sections_together(
    quota: str, limit: int, place: str, used: int
) -> None:
    more = [
        put(f"{U}.publicIps", out={}),
        put(U, egress={"far": {"cidr": "10.0.0.0/8", "publicIps": ["out"]}}),
    ]
    assert problems_of(shared_stack(put("", quotas={quota: limit}))) == ()
    problem = only(shared_stack(put("", quotas={quota: limit}), *more))
    assert (where(problem), problem.value) == (f"{U}.{place}", f"{used} entries")
    assert problem.rule == f"the quota {quota} allows {limit}"
    assert problem.remedy.endswith(f"quotas: {{{quota}: {used}}}")
    assert problems_of(shared_stack(put("", quotas={quota: used}), *more)) == ()


def test_what_the_shared_section_alone_uses_up_is_told_there_alone() -> None:
    problem = only(shared_stack(put("", quotas={"eipsPerGateway": 2})))
    assert (where(problem), problem.value) == ("sharedBandwidth.publicIps", "3 entries")


def test_what_two_gateways_have_counts_for_each_and_for_the_account_together() -> None:
    for quota in ({"snatEntriesPerGateway": 1}, {"eipsPerGateway": 3}):
        assert problems_of(shared_stack(put("", quotas=quota), *beside())) == ()
    problem = only(shared_stack(put("", quotas={"eipsPerAccount": 5}), *beside()))
    assert (where(problem), problem.value) == (f"{U}.publicIps", "6 entries")


def test_a_package_of_its_own_takes_as_many_addresses_as_the_quota_says() -> None:
    packed = [
        put(U, bandwidth=100),
        put(f"{U}.publicIps", egress={}, web1={}),
        put("", quotas={"eipsPerBandwidthPackage": 3}),
    ]
    problem = only(unified_stack(*packed))
    assert (where(problem), problem.value) == (f"{U}.publicIps", "4 entries")
