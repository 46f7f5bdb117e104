"""The basic edition of CEN: attachments, packages, bandwidth between regions, cloud services."""

from typing import Any

import pytest
from cen_lab import SHANGHAI, ZHANGJIAKOU, CenLab
from cloud_lab import refused

from sandbox.cloud import Resource

HANGZHOU = "cn-hangzhou"
SEGMENT = "100.104.255.128/26"


@pytest.fixture
def lab() -> CenLab:
    return CenLab()


def test_a_vpc_of_any_region_is_attached(lab: CenLab) -> None:
    made = lab.attach(ZHANGJIAKOU)
    vpc = lab.vpcs[ZHANGJIAKOU]
    assert made.id == f"{lab.cen.id}:{vpc.id}:VPC:{ZHANGJIAKOU}"
    assert made["status"] == "Attached"
    with refused("InvalidOperation.ChildInstanceAlreadyAttached"):
        lab.attach(ZHANGJIAKOU)


def test_a_vpc_is_attached_where_it_is(lab: CenLab) -> None:
    with refused("ParameterInstanceId"):
        lab.attach(SHANGHAI, child_instance_region_id=ZHANGJIAKOU)
    with refused("ParameterCenInstanceId"):
        lab.attach(SHANGHAI, instance_id="cen-none")


def test_a_leased_line_is_known_by_its_id_alone(lab: CenLab) -> None:
    line = {"child_instance_type": "VBR", "child_instance_id": "vbr-1"}
    assert lab.attach(SHANGHAI, **line)["status"] == "Attached"
    with refused("InvalidOperation.ChildInstanceAlreadyAttached"):
        lab.attach(ZHANGJIAKOU, **line)
    with refused("ParameterInstanceId"):
        lab.attach(SHANGHAI, child_instance_type="VBR")


def test_no_two_vswitches_of_a_cen_have_the_same_range(lab: CenLab) -> None:
    lab.attach(SHANGHAI)
    twin = lab.new_vpc("10.1.0.0/16", ZHANGJIAKOU)
    lab.new_vswitch(twin, "10.1.1.0/24", "a")
    with refused("InvalidOperation.CidrConflict"):
        lab.attach(ZHANGJIAKOU, child_instance_id=twin.id)
    # Overlapping is not the same.
    other = lab.new_vpc("10.1.0.0/16", ZHANGJIAKOU)
    lab.new_vswitch(other, "10.1.1.0/25", "a")
    lab.attach(ZHANGJIAKOU, child_instance_id=other.id)


def test_what_is_attached_stays(lab: CenLab) -> None:
    made = lab.attach(SHANGHAI)
    with refused("OperationFailed.DeleteCenWithAttachment"):
        lab.delete(lab.cen)
    for vswitch in lab.vswitches[SHANGHAI]:
        lab.delete(vswitch)
    with refused("DependencyViolation.Cen"):
        lab.delete(lab.vpcs[SHANGHAI])
    lab.delete(made)
    lab.delete(lab.vpcs[SHANGHAI])
    lab.delete(lab.cen)


def test_a_package_is_idle_or_in_use(lab: CenLab) -> None:
    package = lab.new_package(attached=False)
    assert package["status"] == "Idle"
    assert package["geographic_region_ids"] == ["China"]
    place = lab.give(package)
    assert lab.now(package)["status"] == "InUse"
    with refused("InvalidOperation.BwpInstanceStatus"):
        lab.give(package)
    with refused("InvalidOperation.BwpInstanceStatus"):
        lab.delete(package)
    with refused("OperationFailed.DeleteCenWithAttachment"):
        lab.delete(lab.cen)
    lab.delete(place)
    assert lab.now(package)["status"] == "Idle"
    lab.delete(package)


@pytest.mark.parametrize("bandwidth", [1, 10_001])
def test_a_package_that_isn_t_sold_is_refused(lab: CenLab, bandwidth: int) -> None:
    with refused("ParameterIllegal.BandwidthPackage"):
        lab.new_package(bandwidth, attached=False)


def test_a_package_is_for_some_areas(lab: CenLab) -> None:
    nowhere: dict[str, Any] = {"geographic_region_a_id": None, "geographic_region_b_id": None}
    with refused("ParameterIllegal.BandwidthPackage"):
        lab.new_package(attached=False, **nowhere)


def test_areas_have_one_package_each(lab: CenLab) -> None:
    lab.new_package()
    with refused("InvalidOperation.BwpAlreadyAssociated"):
        lab.new_package()
    lab.new_package(geographic_region_b_id="Europe")


def test_a_subscription_can_t_be_deleted(lab: CenLab) -> None:
    package = lab.new_package(attached=False, payment_type=None)
    assert package["payment_type"] == package["charge_type"] == "PrePaid"
    with refused("Forbidden.Release"):
        lab.delete(package)


def joined(lab: CenLab, bandwidth: int = 5) -> Resource:
    """Both VPCs attached, and a package."""
    lab.attach(SHANGHAI)
    lab.attach(ZHANGJIAKOU)
    return lab.new_package(bandwidth)


def test_two_regions_share_what_the_package_has(lab: CenLab) -> None:
    package = joined(lab, 5)
    made = lab.limit(2)
    assert made.id == f"{lab.cen.id}:{SHANGHAI}:{ZHANGJIAKOU}"
    with refused("InvalidOperation.BwpBandwidthExceeded"):
        lab.limit(6)
    assert lab.limit(5, ZHANGJIAKOU, SHANGHAI).id == made.id, "set again, the other way round"
    assert lab.now(made)["bandwidth_limit"] == 5
    with refused("InvalidOperation.BwpBandwidthExceeded"):
        lab.store.update(made.kind, made.id, {"bandwidth_limit": 6})
    with refused("InvalidOperation.BwpBandwidthExceeded"):
        lab.store.update(package.kind, package.id, {"bandwidth": 4})
    with refused("Operation.Failed"):
        lab.store.update(package.kind, package.id, {"bandwidth": 5})
    lab.store.update(package.kind, package.id, {"bandwidth": 8})
    lab.store.update(made.kind, made.id, {"bandwidth_limit": 8})


def test_pairs_of_regions_add_up(lab: CenLab) -> None:
    joined(lab, 5)
    third = lab.new_vpc("10.3.0.0/16", HANGZHOU)
    lab.vpcs[HANGZHOU] = third
    lab.attach(HANGZHOU)
    lab.limit(3)
    with refused("InvalidOperation.BwpBandwidthExceeded"):
        lab.limit(3, SHANGHAI, HANGZHOU)
    lab.limit(2, SHANGHAI, HANGZHOU)


def test_bandwidth_needs_both_regions_and_a_package_for_their_areas(lab: CenLab) -> None:
    lab.attach(SHANGHAI)
    lab.new_package(geographic_region_b_id="Europe")
    with refused("InvalidOperation.NoChildInstanceEitherRegion"):
        lab.limit(2)
    with refused("InvalidOperation.NoChildInstanceEitherRegion"):
        lab.limit(2, SHANGHAI, SHANGHAI)
    lab.attach(ZHANGJIAKOU)
    with refused("InvalidOperation.BwpNotAssociated"):
        lab.limit(2)
    with refused("ParameterCenInstanceId"):
        lab.make(
            "cen_bandwidth_limit",
            instance_id="cen-none",
            region_ids=[SHANGHAI, ZHANGJIAKOU],
            bandwidth_limit=2,
        )


def test_bandwidth_that_is_given_out_keeps_package_and_attachments(lab: CenLab) -> None:
    package = joined(lab)
    limit = lab.limit(2)
    (place,) = lab.store.all("cen_bandwidth_package_attachment")
    attachments = lab.store.all("cen_instance_attachment")
    with refused("InvalidOperation.CenBandwidthLimitsNotZero"):
        lab.delete(place)
    with refused("OperationFailed.BandwidthLimitExist"):
        lab.delete(attachments[0])
    lab.delete(limit)
    for one in (place, package, *attachments):
        lab.delete(one)


def service(lab: CenLab, **more: object) -> Resource:
    asked = {
        "cen_id": lab.cen.id,
        "host": SEGMENT,
        "host_region_id": SHANGHAI,
        "host_vpc_id": lab.vpcs[SHANGHAI].id,
        "access_region_id": SHANGHAI,
    }
    return lab.make("cen_route_service", **{**asked, **more})


def test_a_cloud_service_is_reached_within_its_region(lab: CenLab) -> None:
    with refused("CloudRoute.VpcNotAttached"):
        service(lab)
    attached = lab.attach(SHANGHAI)
    lab.attach(ZHANGJIAKOU)
    made = service(lab)
    assert made.id == f"{lab.cen.id}:{SHANGHAI}:{SEGMENT}:{SHANGHAI}"
    assert made["status"] == "Active"
    with refused("Forbidden.CloudRouteExisted"):
        lab.delete(attached)
    lab.delete(made)
    lab.delete(attached)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"access_region_id": ZHANGJIAKOU}, "ParameterIllegal.AccessRegionId"),
        ({"host": "orders.example.com"}, "ParameterIllegal.Host"),
        ({"host": "10.0.0.0/26"}, "ParameterIllegal.ClouteRouteCidrNotAllow"),
        ({"host": SEGMENT}, "CloudRoute.Exist"),
        ({"host": "100.104.255.0/24"}, "CloudRoute.Conflict"),
        ({"cen_id": "cen-none"}, "ParameterCenInstanceId"),
        ({"host_vpc_id": "vpc-none"}, "CloudRoute.VpcNotAttached"),
    ],
)
def test_ways_to_a_service_that_can_t_be_are_refused(
    lab: CenLab, more: dict[str, object], code: str
) -> None:
    lab.attach(SHANGHAI)
    lab.attach(ZHANGJIAKOU)
    service(lab)
    with refused(code):
        service(lab, **more)


def test_a_route_of_its_own_is_published_by_a_vpc(lab: CenLab) -> None:
    vpc = lab.vpcs[SHANGHAI]
    asked = {"instance_id": lab.cen.id, "route_table_id": vpc["route_table_id"]}
    with refused("Instance.NotExist"):
        lab.make("cen_route_entry", **asked, cidr_block="172.16.0.0/16")
    lab.attach(SHANGHAI)
    with refused("InvalidOperation.NotFoundRoute"):
        lab.make("cen_route_entry", **asked, cidr_block="172.16.0.0/16")
    lab.vpc_route(vpc, "172.16.0.0/16", lab.new_vpn(vpc), nexthop_type="VpnGateway")
    made = lab.make("cen_route_entry", **asked, cidr_block="172.16.0.0/16")
    assert made.id == f"{lab.cen.id}:{vpc['route_table_id']}:172.16.0.0/16"
    with refused("EntityAlreadyExists"):
        lab.make("cen_route_entry", **asked, cidr_block="172.16.0.0/16")
    with refused("Instance.NotExist"):
        lab.make("cen_route_entry", ZHANGJIAKOU, **asked, cidr_block="172.16.0.0/16")


def test_an_account_has_so_many(lab: CenLab) -> None:
    lab.store.set_quota("cens", 1)
    with refused("QuotaExceeded.CenCountExceeded"):
        lab.make("cen_instance")
    with refused("InvalidDescription.Malformed"):
        lab.store.update(lab.cen.kind, lab.cen.id, {"description": "x"})
