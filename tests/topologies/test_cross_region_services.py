"""Cloud services that the others reach through a network, and what has to be asked for."""

from typing import Any

import pytest

from tests.stackfiles import problems_of, settings_of, where
from tests.topologies.cross_region import (
    ATTACHMENTS,
    LINKS,
    SERVICES,
    C,
    basic_stack,
    cross_stack,
    third_region,
)
from tests.topologies.unified import gone, only, places, put
from topologies.cross_region.attachments import joined
from topologies.cross_region.views import ServiceRequest, service_requests

GATEWAY = f"{SERVICES}.gateway"


@pytest.mark.parametrize(
    "text", ["100.104.255.128", "x", "", "100.104.255.130/26", "100.64.0.0/10"]
)
def test_a_services_range_is_written_as_one(text: str) -> None:
    problem = only(cross_stack(put(GATEWAY, range=text)))
    assert (where(problem), problem.value) == (f"{GATEWAY}.range", text)


@pytest.mark.parametrize("text", ["100.64.0.0/11", "100.104.255.128/26", "100.127.255.255/32"])
def test_a_services_range_is_a_part_of_the_clouds_own(text: str) -> None:
    assert problems_of(cross_stack(put(GATEWAY, range=text))) == ()


@pytest.mark.parametrize("text", ["10.104.255.128/26", "100.128.0.0/26"])
def test_a_range_outside_of_the_clouds_own_is_no_services(text: str) -> None:
    problem = only(cross_stack(put(GATEWAY, range=text)))
    assert (where(problem), problem.value) == (f"{GATEWAY}.range", text)
    assert problem.rule == "a cloud service's range is a part of 100.64.0.0/10"


def test_a_range_is_reached_by_one_way() -> None:
    again = {"range": "100.104.255.128/26", "attachment": "functions"}
    problem = only(cross_stack(put(SERVICES, again=again)))
    assert (where(problem), problem.value) == (f"{SERVICES}.again.range", "100.104.255.128/26")
    assert problem.rule == "a range is reached by one way; gateway has it already"
    other = {**again, "range": "100.104.255.192/26"}
    assert problems_of(cross_stack(put(SERVICES, again=other))) == ()


def test_a_service_is_reached_through_an_attachment() -> None:
    problem = only(cross_stack(put(GATEWAY, attachment="gatewy")))
    assert (where(problem), problem.value) == (f"{GATEWAY}.attachment", "gatewy")
    assert problem.remedy == "did you mean gateway?"


def test_an_attachment_that_cant_be_read_is_no_second_mistake() -> None:
    assert places(cross_stack(put(ATTACHMENTS, gateway=5))) == [(f"{ATTACHMENTS}.gateway", 5)]


def test_a_service_isnt_reached_through_a_data_centre() -> None:
    problem = only(cross_stack(put(GATEWAY, attachment="office")))
    assert (where(problem), problem.value) == (f"{GATEWAY}.attachment", "office")
    assert problem.rule == "a cloud service is reached through a network, not through a data centre"


# Route tables of VPCs that exist.


@pytest.mark.parametrize(
    ("network", "key"), [("network", "gateway"), ("networks.functions", "functions")]
)
def test_a_vpc_that_calls_a_service_has_a_route_table_that_is_known(network: str, key: str) -> None:
    text = cross_stack(put(network, vpc={"id": "vpc-1"}))
    if key == "gateway":
        assert problems_of(text) == (), "the service is reached through this one"
        return
    problem = only(text)
    assert (where(problem), problem.value) == (f"{ATTACHMENTS}.{key}", "vpc-1")
    assert problem.remedy == f"add routeTable: vtb-… to the vpc that {key} attaches"
    known = put(network, vpc={"id": "vpc-1", "routeTable": "vtb-1"})
    assert problems_of(cross_stack(known)) == ()


def test_without_services_no_route_table_is_needed() -> None:
    edit = put("networks.functions", vpc={"id": "vpc-1"})
    assert problems_of(cross_stack(edit, gone(SERVICES))) == ()
    assert problems_of(basic_stack(edit)) == (), "nor on the basic edition"


# Requests of the basic edition.


def requests(text: str) -> dict[str, ServiceRequest]:
    settings = settings_of(text)
    section: Any = settings.sections["cross-region"]
    return service_requests(section, joined(settings, section))


def test_the_basic_edition_asks_for_every_region_that_is_to_reach_a_service() -> None:
    found = requests(basic_stack(*third_region(), put(f"{C}.bandwidthPackage", bandwidth=4)))
    assert set(found) == {"gateway"}
    assert found["gateway"] == ServiceRequest(
        "100.104.255.128/26",
        "cn-shanghai",
        None,
        ("cn-beijing", "cn-shanghai", "cn-zhangjiakou"),
    )


def test_a_request_is_the_call_that_support_makes() -> None:
    assert requests(basic_stack())["gateway"].command("cen-1", "vpc-1") == (
        "aliyun cbn ResolveAndRouteServiceInCen --CenId cen-1 --Host 100.104.255.128/26 "
        "--HostRegionId cn-shanghai --HostVpcId vpc-1 "
        "--AccessRegionIds.1 cn-shanghai --AccessRegionIds.2 cn-zhangjiakou"
    )


def test_one_region_asks_for_nothing() -> None:
    text = basic_stack(
        put(ATTACHMENTS, functions={"network": "backend"}),
        gone(LINKS),
        gone(f"{C}.bandwidthPackage"),
    )
    assert problems_of(text) == ()
    assert requests(text) == {}


def test_transit_routers_ask_for_nothing() -> None:
    assert requests(cross_stack()) == {}
