"""What is particular to the two components of Cloud Enterprise Network."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest

import components as c
from tests.components.cen_builds import (
    HANGZHOU,
    SEGMENT,
    SHANGHAI,
    ZHANGJIAKOU,
    basic_args,
    basic_cen,
    basic_cen_in_a_region,
    regional,
    router_args,
    transit_routers,
    transit_routers_that_exist,
    transit_routers_with_a_package,
)
from tests.components.test_every_component import built
from tests.mocked_cloud import Registered, run, value_of

if TYPE_CHECKING:
    import pulumi

# --- both ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("build", [basic_cen, transit_routers])
def test_what_lies_in_a_region_is_made_by_that_one_s_provider(build: Any) -> None:
    regions = {one.name: one.provider for one in built(build).resources}
    assert regions["joined-attachment-gateway"] == SHANGHAI
    assert regions["joined-attachment-functions"] == ZHANGJIAKOU
    assert regions["joined-service-gateway"] == SHANGHAI
    for name, provider in regions.items():
        if SHANGHAI in name or ZHANGJIAKOU in name:
            assert provider in name, name
    own = {name for name, provider in regions.items() if not provider}
    assert own <= {"joined-cen", "joined-package", "joined-package-place"}


@pytest.mark.parametrize("build", [basic_cen, transit_routers, transit_routers_with_a_package])
def test_what_the_cloud_holds_once_is_deleted_before_it_is_made_anew(build: Any) -> None:
    tables = {f"joined-table-{one}" for one in (SHANGHAI, ZHANGJIAKOU, HANGZHOU)}
    twice = {"joined-cen", "joined-package", *tables}
    for one in built(build).resources:
        assert one.request.deleteBeforeReplace == (one.name not in twice), one.name


@pytest.mark.parametrize("build", [basic_cen, transit_routers])
def test_a_renamed_entry_keeps_everything_that_it_is_part_of_the_name_of(build: Any) -> None:
    old = {"attachment-gateway": "attachment-api", "link-north": "link-up"}
    old |= {"attachment-functions": "attachment-fc", "service-gateway": "service-api"}
    for one in built(build).resources:
        for new, former in old.items():
            if one.name.startswith(f"joined-{new}") and one.aliases:
                assert one.name.replace(new, former) in one.aliases, one.name
    renamed = built(build)
    assert renamed["joined-attachment-gateway"].aliases == {"joined-attachment-api"}
    assert renamed["joined-link-north"].aliases == {"joined-link-up"}
    assert renamed["joined-service-gateway"].aliases == {"joined-service-api"}


def test_a_package_is_paid_by_use_unless_it_is_said_otherwise() -> None:
    package = built(basic_cen)["joined-package"]
    assert package.inputs["paymentType"] == "PostPaid", "never the provider's default"
    assert (package.inputs["geographicRegionAId"], package.inputs["geographicRegionBId"]) == (
        "China",
        "China",
    )
    assert not package.request.protect
    assert not package.request.retainOnDelete
    assert {"period", "autoRenew"}.isdisjoint(package.inputs)


def test_a_subscription_is_protected_and_left_in_the_cloud() -> None:
    package = built(transit_routers_with_a_package)["joined-package"]
    assert package.request.protect
    assert package.request.retainOnDelete
    assert package.inputs["autoRenew"] is True
    assert package.inputs["period"] == 1
    assert package.inputs["geographicRegionBId"] == "Europe"
    place = built(transit_routers_with_a_package)["joined-package-place"]
    assert not place.request.protect, "the CEN can be deleted"


def changed(change: dict[str, Any], *, basic: bool = False, regions: Sequence[str] = ()) -> None:
    """Either component, with some arguments changed and those left out that are None.

    Providers are made with it: outside a program they would wait for an engine for ever.
    """
    args: Any = {**(basic_args() if basic else router_args()), **change}
    stated: Any = {name: value for name, value in args.items() if value is not None}
    own = regional(regions=regions or (SHANGHAI, ZHANGJIAKOU))
    (c.BasicCen if basic else c.TransitRouters)("joined", stated, own)


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"cen_name": "far"}, "no provider for the region cn-zhangjiakou"),
    ({"bandwidth_package": {}}, "needs a bandwidth .* or a package_id"),
    (
        {"attachments": {"both": {"region": SHANGHAI, "vpc_id": "v", "vbr_id": "b"}}},
        "both needs a vpc_id or a vbr_id, and not both",
    ),
    ({"attachments": {"none": {"region": SHANGHAI}}}, "none needs a vpc_id or a vbr_id"),
]


@pytest.mark.parametrize("basic", [True, False])
@pytest.mark.parametrize(("change", "words"), MISTAKES)
def test_mistakes_are_named(change: dict[str, Any], words: str, *, basic: bool) -> None:
    regions = [SHANGHAI] if "cen_name" in change else []
    with pytest.raises(ValueError, match=words):
        run(lambda: changed({"services": {}, **change}, basic=basic, regions=regions))


def test_bandwidth_of_the_basic_edition_comes_from_a_package() -> None:
    with pytest.raises(ValueError, match="links need a bandwidth_package"):
        run(lambda: changed({"bandwidth_package": None}, basic=True))


def test_a_router_needs_vswitches_in_a_vpc() -> None:
    bare = {"gateway": {"region": SHANGHAI, "vpc_id": "vpc-1"}}
    with pytest.raises(ValueError, match="attachment-gateway: a VPC needs vswitches"):
        run(lambda: changed({"attachments": bare, "services": {}}))


# --- basic edition ------------------------------------------------------------------------------


def test_bandwidth_comes_when_both_regions_and_the_package_are_there() -> None:
    link = built(basic_cen)["joined-link-north"]
    assert link.inputs["regionIds"] == [SHANGHAI, ZHANGJIAKOU]
    assert link.inputs["bandwidthLimit"] == 2
    assert {
        "joined-package-place",
        "joined-attachment-gateway",
        "joined-attachment-functions",
    } <= link.after


def test_a_service_is_reached_from_its_own_region_alone() -> None:
    inputs = built(basic_cen)["joined-service-gateway"].inputs
    assert inputs["hostRegionId"] == inputs["accessRegionId"] == SHANGHAI
    assert (inputs["host"], inputs["hostVpcId"]) == (SEGMENT, "vpc-1")


def test_a_cen_that_exists_is_used_as_it_is() -> None:
    made = built(basic_cen_in_a_region)
    assert {one.name for one in made.resources} == {
        "joined-attachment-gateway",
        "joined-attachment-office",
    }
    types = {one.inputs["childInstanceType"] for one in made.resources}
    assert types == {"VPC", "VBR"}
    assert {one.inputs["instanceId"] for one in made.resources} == {"cen-1"}


# --- transit routers ----------------------------------------------------------------------------


def test_each_region_has_a_router_and_a_table_of_its_own() -> None:
    made = built(transit_routers)
    assert made.names("TransitRouter") == [
        f"joined-router-{one}" for one in (SHANGHAI, ZHANGJIAKOU)
    ]
    table = made[f"joined-table-{SHANGHAI}"].inputs
    router = made[f"joined-router-{SHANGHAI}"]
    assert table["transitRouterId"] != f"{router.name}-id", "the router's own id, not Pulumi's"
    assert table["transitRouterId"].startswith("tr-")


def ties(made: Registered, kind: str) -> set[tuple[str, str]]:
    """Which attachment is tied to which region's table."""
    return {
        (one.name.removeprefix("joined-").partition(f"-{kind.lower()}")[0], one.provider)
        for one in made.resources
        if one.kind == f"TransitRouterRouteTable{kind}"
    }


@pytest.mark.parametrize("kind", ["Association", "Propagation"])
def test_every_connection_is_served_and_learned_where_it_ends(kind: str) -> None:
    made = built(transit_routers)
    assert ties(made, kind) == {
        ("attachment-gateway", SHANGHAI),
        ("attachment-office", SHANGHAI),
        ("attachment-functions", ZHANGJIAKOU),
        (f"link-north-{SHANGHAI}", SHANGHAI),
        (f"link-north-{ZHANGJIAKOU}", ZHANGJIAKOU),
    }
    tables = {
        region: made[f"joined-attachment-{key}-association"].inputs["transitRouterRouteTableId"]
        for key, region in (("gateway", SHANGHAI), ("functions", ZHANGJIAKOU))
    }
    for one in made.resources:
        if one.kind == f"TransitRouterRouteTable{kind}":
            assert one.inputs["transitRouterRouteTableId"] == tables[one.provider]


def test_all_routes_are_advertised_back() -> None:
    made = built(transit_routers)
    for name in ("attachment-gateway", "attachment-functions", "attachment-office", "link-north"):
        assert made[f"joined-{name}"].inputs["autoPublishRouteEnabled"] is True


def test_a_router_is_in_each_vswitch_that_it_is_given() -> None:
    inputs = built(transit_routers)["joined-attachment-gateway"].inputs
    assert inputs["zoneMappings"] == [
        {"zoneId": "cn-shanghai-b", "vswitchId": "vsw-1"},
        {"zoneId": "cn-shanghai-f", "vswitchId": "vsw-2"},
    ]


def test_a_table_is_changed_by_one_at_a_time() -> None:
    made = built(transit_routers)
    for region in (SHANGHAI, ZHANGJIAKOU):
        on_table = [
            one
            for one in made.resources
            if one.kind.startswith("TransitRouterRouteTable") and one.provider == region
        ]
        names = {one.name for one in on_table}
        waits = [one.after & names for one in on_table]
        # A chain: one waits for nobody there, each of the others for the table and one more.
        before = [name for one in waits for name in one if not name.startswith("joined-table")]
        assert len(before) == len(set(before)) == len(on_table) - 2


def test_without_a_package_traffic_is_paid_for() -> None:
    inputs = built(transit_routers)["joined-link-north"].inputs
    assert (inputs["bandwidthType"], inputs["bandwidth"]) == ("DataTransfer", 2)
    assert "cenBandwidthPackageId" not in inputs
    assert inputs["peerTransitRouterRegionId"] == ZHANGJIAKOU


def test_with_a_package_bandwidth_is_taken_from_it() -> None:
    link = built(transit_routers_with_a_package)["joined-link-north"]
    assert link.inputs["bandwidthType"] == "BandwidthPackage"
    assert link.inputs["cenBandwidthPackageId"] == "joined-package-id"
    assert "joined-package-place" in link.after


def test_routers_and_a_package_that_exist_are_used_as_they_are() -> None:
    made = built(transit_routers_that_exist)
    assert made.names("TransitRouter") == [f"joined-router-{ZHANGJIAKOU}"]
    assert made[f"joined-table-{SHANGHAI}"].inputs["transitRouterId"] == "tr-1"
    assert made.names("BandwidthPackage") == made.names("BandwidthPackageAttachment") == []
    assert made["joined-link-north"].inputs["cenBandwidthPackageId"] == "cenbwp-1"


def test_a_service_has_a_way_out_of_each_other_vpc_and_one_in() -> None:
    made = built(transit_routers)
    out = made["joined-service-gateway-from-functions"]
    assert out.inputs["routeTableId"] == "vtb-2"
    assert (out.inputs["destinationCidrblock"], out.inputs["nexthopType"]) == (
        SEGMENT,
        "Attachment",
    )
    assert out.provider == ZHANGJIAKOU
    assert made.names("RouteEntry") == [out.name], "none from where the service is"
    entry = made["joined-service-gateway"]
    assert entry.inputs["transitRouterRouteEntryNextHopType"] == "Attachment"
    assert out.name in entry.after, "the VPC's own route comes before the advertised one"
    assert out.aliases == {
        "joined-service-gateway-from-fc",
        "joined-service-api-from-functions",
        "joined-service-api-from-fc",
    }


def test_a_vpc_whose_table_isn_t_known_gets_no_route() -> None:
    def program() -> None:
        args = router_args()
        functions = {**args["attachments"]["functions"]}
        del functions["route_table_id"]
        changed({"attachments": {**args["attachments"], "functions": functions}})

    made = run(program)
    assert made.names("RouteEntry") == []
    assert "joined-service-gateway" in {one.name for one in made.resources}


def test_a_region_that_is_only_connected_has_a_router_too() -> None:
    south = {"south": {"regions": (SHANGHAI, HANGZHOU), "bandwidth": 2}}
    everywhere = (SHANGHAI, ZHANGJIAKOU, HANGZHOU)
    made = run(lambda: changed({"links": south}, regions=everywhere))
    assert f"joined-router-{HANGZHOU}" in made.names("TransitRouter")


def test_both_give_out_their_ids() -> None:
    ids: dict[str, pulumi.Output[str]] = {}

    def program() -> None:
        routers = c.TransitRouters("joined", router_args(), regional())
        basic = c.BasicCen("old", basic_args(), regional())
        assert routers.package_id is None
        assert basic.package_id is not None
        ids.update(routers.attachment_ids)
        ids.update({"cen": routers.cen_id, "package": basic.package_id})
        ids.update(routers.router_ids)

    run(program)
    values = {key: value_of(one) for key, one in ids.items()}
    assert values["cen"] == "joined-cen-id"
    assert values["package"] == "old-package-id"
    assert values[SHANGHAI].startswith("tr-")
    assert values["gateway"].startswith("tr-attach-")
