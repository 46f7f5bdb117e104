"""CENs of an account: what each joins, in both editions, and how wide its links are."""

import importlib
from typing import Any

import pytest

from judging.account.links import Cen, cens_of
from sandbox.cloud import Resource
from tests.account.accounts import Asked, refusing_to
from tests.sandbox.api.api_lab import Api
from tests.sandbox.cen_lab import SHANGHAI, ZHANGJIAKOU, CenLab


def joined(lab: CenLab) -> tuple[Resource, ...]:
    """Two regions joined by transit routers: both, what is attached there, and the link."""
    here, there = lab.new_router(SHANGHAI), lab.new_router(ZHANGJIAKOU)
    attached = [lab.join(here), lab.join(there)]
    line = {"cen_id": lab.cen.id, "transit_router_id": here.id, "vbr_id": "vbr-1"}
    attached.append(lab.make("cen_transit_router_vbr_attachment", **line))
    return here, there, *attached, lab.peer(here, there, bandwidth=20)


def read(lab: CenLab) -> tuple[Cen, ...]:
    return cens_of(Asked(Api(store=lab.store)).reader())


def last(one: Resource) -> str:
    return one.id.rpartition(":")[2]


def test_transit_routers_are_told_with_what_they_join_and_each_link_once() -> None:
    lab = CenLab()
    here, there, first, second, line, link = joined(lab)
    (cen,) = read(lab)
    assert (cen.id, cen.name) == (lab.cen.id, "joined")
    assert {(one.id, one.region) for one in cen.routers} == {
        (last(here), SHANGHAI),
        (last(there), ZHANGJIAKOU),
    }
    assert {
        (one.id, one.kind, one.attached, one.region, one.router) for one in cen.attachments
    } == {
        (last(first), "VPC", lab.vpcs[SHANGHAI].id, SHANGHAI, last(here)),
        (last(second), "VPC", lab.vpcs[ZHANGJIAKOU].id, ZHANGJIAKOU, last(there)),
        (last(line), "VBR", "vbr-1", SHANGHAI, last(here)),
    }
    (found,) = cen.links
    assert (found.id, found.region, found.to) == (last(link), SHANGHAI, ZHANGJIAKOU)
    assert (found.bandwidth, found.routers) == (20.0, (last(here), last(there)))


def test_the_basic_edition_is_told_by_its_own_lists_under_the_states_ids() -> None:
    lab = CenLab()
    lab.new_package(20)
    children = [lab.attach(SHANGHAI), lab.attach(ZHANGJIAKOU)]
    limit = lab.limit(5)
    (cen,) = read(lab)
    assert cen.routers == ()
    assert {one.id for one in cen.attachments} == {one.id for one in children}
    assert {one.attached for one in cen.attachments} == {one.id for one in lab.vpcs.values()}
    (link,) = cen.links
    assert (link.id, link.bandwidth, link.routers) == (limit.id, 5.0, ())
    assert {link.region, link.to} == {SHANGHAI, ZHANGJIAKOU}


@pytest.mark.parametrize(
    ("regions", "found"), [((SHANGHAI,), 1), (("cn-beijing",), 0), (("cn-beijing", SHANGHAI), 1)]
)
def test_cens_of_a_region_are_those_that_have_something_there(
    regions: tuple[str, ...], found: int
) -> None:
    lab = CenLab()
    joined(lab)
    assert len(cens_of(Asked(Api(store=lab.store)).reader(), regions)) == found


def test_cens_of_a_network_are_those_that_join_it() -> None:
    lab = CenLab()
    joined(lab)
    lab.make("cen_instance", cen_instance_name="other")
    reader = Asked(Api(store=lab.store)).reader()
    assert len(cens_of(reader)) == 2
    assert [one.id for one in cens_of(reader, vpc=lab.vpcs[SHANGHAI].id)] == [lab.cen.id]
    assert cens_of(reader, vpc="vpc-other") == ()


def test_what_is_of_no_region_is_a_gap_of_every_region() -> None:
    lab = CenLab()
    asked = Asked(Api(store=lab.store))
    asked.before = refusing_to("DescribeCens", "NoPermission")
    reader = asked.reader()
    assert cens_of(reader) == ()
    assert [gap.what for gap in reader.gaps] == ["cen:DescribeCens in every region: NoPermission"]


def vpns(lab: CenLab, router: Resource) -> dict[str, Any]:
    """A VPN on a transit router, by the SDK's own model: the simulated cloud makes none."""
    sdk = importlib.import_module("alibabacloud_cbn20170912.models")
    told = sdk.ListTransitRouterVpnAttachmentsResponseBodyTransitRouterAttachments(
        cen_id=lab.cen.id,
        resource_type="VPN",
        transit_router_attachment_id="tr-attach-vpn",
        transit_router_id=last(router),
        vpn_id="vco-1",
        vpn_region_id=SHANGHAI,
    )
    body = sdk.ListTransitRouterVpnAttachmentsResponseBody(transit_router_attachments=[told])
    return body.to_map()


def test_a_vpn_on_a_transit_router_is_told_with_what_it_joins() -> None:
    lab = CenLab()
    router = lab.new_router(SHANGHAI)
    asked = Asked(Api(store=lab.store))
    asked.answers["ListTransitRouterVpnAttachments"] = vpns(lab, router)
    ((one,),) = (cen.attachments for cen in cens_of(asked.reader()))
    assert (one.id, one.kind, one.attached) == ("tr-attach-vpn", "VPN", "vco-1")
    assert (one.region, one.router) == (SHANGHAI, last(router))
