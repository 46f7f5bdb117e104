"""Forward and SNAT entries: the rules that our ordering and our checks must respect."""

import time
from collections.abc import Callable

import pytest
from cloud_lab import Lab, new_lab, refused

WHOLE_TAKEN = "Forbidden.ExternalIp.UsedInForwardTable"
PORT_TAKEN = "Forbidden.ExternalIp.PortDuplicated"


@pytest.fixture
def lab() -> Lab:
    return new_lab()


def test_a_mapping_on_an_address_that_is_not_on_the_gateway_is_refused(lab: Lab) -> None:
    with refused("InvalidIp.NotInNatgw"):
        lab.forward(lab.new_eip().text("ip_address"))


def test_a_mapping_on_an_address_of_another_gateway_is_refused(lab: Lab) -> None:
    eip = lab.new_eip()
    lab.bind(eip, lab.new_gateway())
    with refused("InvalidIp.NotInNatgw"):
        lab.forward(eip.text("ip_address"))


def test_a_mapping_in_a_table_that_is_gone_is_refused(lab: Lab) -> None:
    with refused("InvalidForwardTableId.NotFound"):
        lab.forward(lab.bound_ip(), forward_table_id="ftb-gone")


def test_a_taken_port_is_refused(lab: Lab) -> None:
    ip = lab.bound_ip()
    lab.forward(ip, "80")
    with refused(PORT_TAKEN):
        lab.forward(ip, "80", host="192.168.1.2")


def test_the_same_port_of_the_other_protocol_is_free(lab: Lab) -> None:
    ip = lab.bound_ip()
    lab.forward(ip, "80")
    lab.forward(ip, "80", ip_protocol="udp")


def test_the_same_port_of_another_address_is_free(lab: Lab) -> None:
    lab.forward(lab.bound_ip(), "80")
    lab.forward(lab.bound_ip(), "80", host="192.168.1.2")


@pytest.mark.parametrize("ports", [("9000/9010", "9010"), ("9010", "9000/9010")])
def test_a_port_inside_a_taken_range_is_taken(lab: Lab, ports: tuple[str, str]) -> None:
    ip = lab.bound_ip()
    lab.forward(ip, ports[0])
    with refused(PORT_TAKEN):
        lab.forward(ip, ports[1], host="192.168.1.2")


def test_ranges_that_only_touch_are_apart(lab: Lab) -> None:
    ip = lab.bound_ip()
    lab.forward(ip, "9000/9010")
    lab.forward(ip, "9011/9020", host="192.168.1.2")


@pytest.mark.parametrize("ports", [("any", "80"), ("80", "any"), ("any", "any")])
def test_an_address_mapped_whole_has_no_other_mapping(lab: Lab, ports: tuple[str, str]) -> None:
    ip = lab.bound_ip()
    lab.forward(ip, ports[0])
    with refused(WHOLE_TAKEN):
        lab.forward(ip, ports[1], host="192.168.1.2")


def test_one_destination_has_one_mapping(lab: Lab) -> None:
    lab.forward(lab.bound_ip(), "80")
    with refused("OperationUnsupported.ForwardEntry"):
        lab.forward(lab.bound_ip(), "80")


@pytest.mark.parametrize("port", ["0", "65536", "80-90", "90/80", "80/80", "web", "", "1/2/3"])
def test_a_malformed_port_is_refused(lab: Lab, port: str) -> None:
    with refused("InvalidExternalPort.Malformed"):
        lab.forward(lab.bound_ip(), port, internal_port="80")


def test_ranges_of_different_lengths_are_refused(lab: Lab) -> None:
    with refused("InvalidInternalPort.Malformed"):
        lab.forward(lab.bound_ip(), "9000/9010", internal_port="9000/9011")


@pytest.mark.parametrize(
    "more", [{"ip_protocol": "any"}, {"external_port": "any"}, {"internal_port": "any"}]
)
def test_any_is_all_three_or_none(lab: Lab, more: dict[str, str]) -> None:
    with refused("InvalidExternalPort.Malformed"):
        lab.forward(lab.bound_ip(), "80", **more)


def test_a_protocol_in_capitals_is_refused(lab: Lab) -> None:
    with refused("InvalidProtocal.ValueNotSupported"):
        lab.forward(lab.bound_ip(), ip_protocol="TCP")


def test_a_host_outside_the_vpc_is_refused(lab: Lab) -> None:
    with refused("Forbidden.DestnationIpOutOfVpcCIDR"):
        lab.forward(lab.bound_ip(), host="10.0.0.1")


def test_a_host_with_a_public_address_of_its_own_is_refused(lab: Lab) -> None:
    lab.bind(lab.new_eip(), lab.new_instance(lab.new_group(), private_ip="192.168.1.9"))
    with refused("Forbindden"):
        lab.forward(lab.bound_ip(), host="192.168.1.9")


def test_a_table_has_a_hundred_mappings_unless_the_quota_is_raised(lab: Lab) -> None:
    ip = lab.bound_ip()
    for port in range(1, 101):
        lab.forward(ip, str(port))
    with refused("QuotaExceeded"):
        lab.forward(ip, "101")
    lab.store.set_quota("forward_entries_per_table", 101)
    lab.forward(ip, "101")


def test_a_mapping_may_be_changed_but_not_onto_a_taken_port(lab: Lab) -> None:
    ip = lab.bound_ip()
    entry = lab.forward(ip, "80")
    lab.forward(ip, "443")
    changed = lab.store.update("forward_entry", entry.id, {"external_port": "81"})
    assert changed["external_port"] == "81"
    with refused(PORT_TAKEN):
        lab.store.update("forward_entry", entry.id, {"external_port": "443"})


def test_a_mapping_changed_to_a_range_is_found_as_a_range(lab: Lab) -> None:
    ip = lab.bound_ip()
    entry = lab.forward(ip, "80")
    ports = {"external_port": "80/89", "internal_port": "80/89"}
    lab.store.update("forward_entry", entry.id, ports)
    with refused(PORT_TAKEN):
        lab.forward(ip, "85", host="192.168.1.2")


def test_a_vswitch_goes_out_through_one_entry(lab: Lab) -> None:
    lab.snat(lab.bound_ip())
    with refused("Forbidden.SourceVSwitchId.Duplicated"):
        lab.snat(lab.bound_ip())


def test_a_network_goes_out_through_one_entry(lab: Lab) -> None:
    lab.snat(lab.bound_ip(), source_cidr="192.168.9.0/24")
    with refused("OperationUnsupported.CidrConflict"):
        lab.snat(lab.bound_ip(), source_cidr="192.168.9.0/24")


def test_a_vswitch_and_its_own_network_are_one_source(lab: Lab) -> None:
    lab.snat(lab.bound_ip(), source_cidr="192.168.1.0/24")
    with refused("OperationUnsupported.CidrConflict"):
        lab.snat(lab.bound_ip())


def test_a_source_is_a_vswitch_or_a_network(lab: Lab) -> None:
    with refused("INVALID_PARAMETER"):
        lab.snat(lab.bound_ip(), source_cidr="192.168.9.0/24", source_vswitch_id=lab.vswitch.id)
    with refused("INVALID_PARAMETER"):
        lab.snat(lab.bound_ip(), source_cidr=None)


def test_snat_through_an_address_that_is_not_on_the_gateway_is_refused(lab: Lab) -> None:
    with refused("EIP_NOT_IN_GATEWAY"):
        lab.snat(lab.new_eip().text("ip_address"))


def test_addresses_that_share_an_entry_must_share_a_package(lab: Lab) -> None:
    with refused("OperationUnsupported.EipNotInSamePackage"):
        lab.snat(lab.bound_ip(), lab.bound_ip())
    package, eips = lab.new_package(), [lab.new_eip(), lab.new_eip()]
    for eip in eips:
        lab.pack(eip, package)
        lab.bind(eip)
    assert lab.snat(*(eip.text("ip_address") for eip in eips))["source_cidr"] == "192.168.1.0/24"


def test_a_gateway_has_as_many_snat_entries_as_its_quota(lab: Lab) -> None:
    lab.store.set_quota("snat_entries_per_table", 1)
    ip = lab.bound_ip()
    lab.snat(ip)
    with refused("Forbidden.SnatEntryCountLimited"):
        lab.snat(ip, source_cidr="192.168.9.0/24")


def test_an_address_mapped_whole_serves_no_snat(lab: Lab) -> None:
    ip = lab.bound_ip()
    lab.forward(ip, "any")
    with refused("Forbidden.IpUsedInForwardTable"):
        lab.snat(ip)


def test_an_address_that_serves_snat_is_not_mapped_whole(lab: Lab) -> None:
    ip = lab.bound_ip()
    lab.snat(ip)
    with refused("Forbidden.ExternalIp.UsedInSnatTable"):
        lab.forward(ip, "any")


def test_a_high_port_beside_snat_needs_a_port_break(lab: Lab) -> None:
    ip = lab.bound_ip()
    lab.snat(ip)
    lab.forward(ip, "1024")
    with refused("OperationUnsupported.PortBreak"):
        lab.forward(ip, "1025")
    lab.forward(ip, "1025", port_break=True)


def test_snat_beside_a_high_port_needs_the_port_break_too(lab: Lab) -> None:
    ip = lab.bound_ip()
    entry = lab.forward(ip, "8080")
    with refused("OperationUnsupported.PortBreak"):
        lab.snat(ip)
    lab.store.update("forward_entry", entry.id, {"port_break": True})
    lab.snat(ip)


def _make_snat(lab: Lab, ip: str) -> object:
    return lab.snat(ip)


def _make_mapping(lab: Lab, ip: str) -> object:
    return lab.forward(ip, "443")


@pytest.mark.parametrize("second", [_make_mapping, _make_snat])
def test_a_second_entry_while_one_is_under_way_is_refused(
    lab: Lab, second: Callable[[Lab, str], object]
) -> None:
    ip = lab.bound_ip()
    lab.store.entry_seconds = 60
    assert lab.forward(ip)["status"] == "Pending"
    with refused("OperationConflict"):
        second(lab, ip)


def test_entries_of_two_gateways_do_not_wait_for_each_other(lab: Lab) -> None:
    other = Lab(lab.store)
    first, second = lab.bound_ip(), other.bound_ip()
    lab.store.entry_seconds = 60
    lab.forward(first)
    assert other.forward(second)["status"] == "Pending"


def test_an_entry_is_available_when_its_time_is_over(lab: Lab) -> None:
    ip = lab.bound_ip()
    lab.store.entry_seconds = 0.01
    entry = lab.forward(ip)
    time.sleep(0.02)
    found = lab.store.read("forward_entry", entry.id)
    assert found is not None
    assert found["status"] == "Available"
    lab.forward(ip, "443")


def test_a_deleted_entry_holds_its_port_until_it_is_gone(lab: Lab) -> None:
    ip = lab.bound_ip()
    entry = lab.forward(ip)
    lab.store.entry_seconds = 1.0
    lab.store.delete("forward_entry", entry.id)
    leaving = lab.store.read("forward_entry", entry.id)
    assert leaving is not None
    assert leaving["status"] == "Deleting"
    with refused("OperationConflict"):
        lab.forward(ip)
    time.sleep(1.1)
    assert lab.store.read("forward_entry", entry.id) is None
    lab.forward(ip)
