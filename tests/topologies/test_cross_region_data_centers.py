"""Data centres: their ranges, and the leased line or the VPN to each."""

from typing import Any

import pytest

from tests.stackfiles import problems_of, warnings_of, where
from tests.topologies.cross_region import ATTACHMENTS, BRANCH, CENTERS, VPN, branch, cross_stack
from tests.topologies.unified import gone, only, places, put

OFFICE, B = f"{CENTERS}.office", f"{CENTERS}.branch"


def test_a_data_centre_is_reached_by_vpn() -> None:
    assert problems_of(cross_stack(branch())) == ()


def test_a_data_centre_by_vpn_needs_no_cen() -> None:
    everything = {"dataCenters": {"branch": BRANCH}}
    assert problems_of(cross_stack(put("", crossRegion=everything))) == ()


def test_a_data_centre_is_reached_by_something() -> None:
    problem = only(cross_stack(put(CENTERS, branch={"ranges": {"desks": "10.20.0.0/16"}})))
    assert (where(problem), problem.value) == (B, None)
    assert problem.rule == "a data centre is reached by a leased line (vbr) or by VPN (vpn)"


def test_a_data_centre_is_reached_by_one_thing() -> None:
    problem = only(cross_stack(put(OFFICE, vpn=VPN)))
    assert (where(problem), problem.value) == (OFFICE, "vbr-1")
    assert problem.remedy == "give one of the two"


def test_a_leased_line_is_attached() -> None:
    problem = only(cross_stack(gone(f"{ATTACHMENTS}.office")))
    assert (where(problem), problem.value) == (f"{OFFICE}.vbr", "vbr-1")
    assert problem.rule == "nothing leads to this data centre: no attachment names it"


def test_a_leased_line_may_end_in_another_region() -> None:
    assert problems_of(cross_stack(put(OFFICE, region="cn-zhangjiakou"))) == ()
    problem = only(cross_stack(put(OFFICE, region="cn-shenzhen")))
    assert problem.rule == "cn-shenzhen has no bandwidth to any other region, so nothing passes"


@pytest.mark.parametrize("region", ["Shenzhen", "cn_shenzhen", ""])
def test_a_leased_lines_region_is_written_as_one(region: str) -> None:
    assert places(cross_stack(put(OFFICE, region=region))) == [(f"{OFFICE}.region", region)]


# Ranges.


def test_a_data_centre_has_ranges() -> None:
    assert places(cross_stack(put(OFFICE, ranges={}))) == [(f"{OFFICE}.ranges", {})]


@pytest.mark.parametrize("text", ["10.10.0.0", "x", "10.10.0.1/16", "8.0.0.0/7", ""])
def test_a_range_is_written_as_one(text: str) -> None:
    assert places(cross_stack(put(f"{OFFICE}.ranges", servers=text))) == [
        (f"{OFFICE}.ranges.servers", text)
    ]


@pytest.mark.parametrize("text", ["100.64.0.0/16", "100.0.0.0/8"])
def test_a_data_centre_isnt_reached_on_the_clouds_own_addresses(text: str) -> None:
    problem = only(cross_stack(put(f"{OFFICE}.ranges", more=text)))
    assert (where(problem), problem.value) == (f"{OFFICE}.ranges.more", text)
    assert problem.remedy == "use other addresses towards the cloud"


def test_a_data_centres_ranges_dont_overlap() -> None:
    problem = only(cross_stack(put(f"{OFFICE}.ranges", more="10.10.1.0/24")))
    assert (where(problem), problem.value) == (f"{OFFICE}.ranges.more", "10.10.1.0/24")
    assert problem.rule == "a data centre's ranges don't overlap; servers is 10.10.0.0/16"
    assert problems_of(cross_stack(put(f"{OFFICE}.ranges", more="10.11.0.0/16"))) == ()


# VPNs.


def test_a_vpn_is_in_its_vswitchs_region() -> None:
    problem = only(cross_stack(put(CENTERS, branch={**BRANCH, "region": "cn-shanghai"})))
    assert (where(problem), problem.value) == (f"{B}.region", "cn-shanghai")
    assert problem.remedy == "remove region"


@pytest.mark.parametrize("device", ["vpn.example.com", "203.0.113", ""])
def test_a_device_has_an_address(device: str) -> None:
    problem = only(cross_stack(branch(device=device)))
    assert (where(problem), problem.value) == (f"{B}.vpn.device", device)
    assert problem.remedy == "write it as 203.0.113.10"


@pytest.mark.parametrize("bandwidth", [6, 30, 150])
def test_a_gateway_has_a_bandwidth_that_is_sold(bandwidth: int) -> None:
    problem = only(cross_stack(branch(bandwidth=bandwidth)))
    assert (where(problem), problem.value) == (f"{B}.vpn.bandwidth", bandwidth)
    assert problems_of(cross_stack(branch(bandwidth=200))) == ()


def test_a_connection_has_ten_ranges() -> None:
    def many(count: int) -> str:
        ranges = {f"r{n}": f"10.20.{n}.0/24" for n in range(count)}
        return cross_stack(put(CENTERS, branch={**BRANCH, "ranges": ranges}))

    assert problems_of(many(10)) == ()
    problem = only(many(11))
    assert (where(problem), problem.value) == (f"{B}.ranges", "11 ranges")


@pytest.mark.parametrize("key", ["vswitch", "backupVswitch"])
def test_tunnels_end_in_vswitches_of_the_stack(key: str) -> None:
    problem = only(cross_stack(branch(**{key: "gatewy"})))
    assert (where(problem), problem.value) == (f"{B}.vpn.{key}", "gatewy")
    assert problem.remedy.startswith("did you mean gateway")


def test_tunnels_end_in_one_network() -> None:
    problem = only(cross_stack(branch(backupVswitch="calls")))
    assert (where(problem), problem.value) == (f"{B}.vpn.backupVswitch", "calls")
    assert problem.rule == "a VPN gateway's vSwitches are of one network"
    there = branch(vswitch="calls", backupVswitch="calls-2")
    assert problems_of(cross_stack(there)) == (), "of any one"


def test_tunnels_that_end_in_one_zone_are_mentioned() -> None:
    def beside(settings: dict[str, Any]) -> None:
        settings["network"]["vswitches"]["beside"] = {
            "cidr": "192.168.9.0/24",
            "zone": settings["network"]["vswitches"]["gateway"]["zone"],
        }

    text = cross_stack(branch(vswitch="gateway", backupVswitch="beside"), beside)
    found = [problem for problem in warnings_of(text) if "tunnels" in problem.rule]
    (warning,) = found
    assert (where(warning), warning.value) == (f"{B}.vpn.backupVswitch", "beside")
    assert warning.rule.startswith("both tunnels end in cn-shanghai-")


def test_tunnels_end_in_two_vswitches() -> None:
    problem = only(cross_stack(branch(backupVswitch="gateway")))
    assert (where(problem), problem.value) == (f"{B}.vpn.backupVswitch", "gateway")
    assert problem.rule == "a VPN's tunnels end in two vSwitches"
    exists = branch(backupVswitch="gateway", gateway="vpn-1")
    assert problems_of(cross_stack(exists)) == (), "a gateway that exists has its own"


def test_a_vpn_adds_routes_to_a_table_that_is_known() -> None:
    problem = only(
        cross_stack(branch(), gone("crossRegion.services"), put("network", vpc={"id": "vpc-1"}))
    )
    assert (where(problem), problem.value) == (f"{B}.vpn.vswitch", "gateway")
    assert problem.remedy == "add routeTable: vtb-… to its vpc"
    table = put("network", vpc={"id": "vpc-1", "routeTable": "vtb-1"})
    assert problems_of(cross_stack(branch(), table)) == ()


def test_a_vpn_leads_to_addresses_that_its_network_doesnt_have() -> None:
    ranges = {"desks": "192.168.64.0/20"}
    problem = only(cross_stack(put(CENTERS, branch={**BRANCH, "ranges": ranges})))
    assert (where(problem), problem.value) == (f"{B}.ranges.desks", "192.168.64.0/20")
    assert problem.rule == "ranges that are joined can't overlap; the network has 192.168.0.0/16"


def test_two_vpns_of_one_network_lead_to_different_addresses() -> None:
    twin = {**BRANCH, "ranges": {"all": "10.20.0.0/16"}}
    problem = only(cross_stack(branch(), put(CENTERS, twin=twin)))
    assert (where(problem), problem.value) == (f"{CENTERS}.twin.ranges.all", "10.20.0.0/16")
    assert problem.rule == "a network has one way to an address; branch has 10.20.0.0/16 already"
    elsewhere = {**twin, "vpn": {**VPN, "vswitch": "calls", "backupVswitch": "calls-2"}}
    assert problems_of(cross_stack(branch(), put(CENTERS, twin=elsewhere))) == ()


def test_the_key_is_never_written_in_plain_text() -> None:
    text = cross_stack(branch(preSharedKey="Plain4Everyone"))
    problem = only(text)
    assert (where(problem), problem.value) == (f"{B}.vpn.preSharedKey", "[secret]")
    assert problem.remedy.endswith(
        f"pulumi config set --secret --path 'alicloud-gateways:{B}.vpn.preSharedKey'"
    )
    assert "Plain4Everyone" not in str(problems_of(text))
