"""Public addresses: where they come from, what they are bound to, which package they are in."""

import ipaddress
import time

import pytest
from cloud_lab import Lab, new_lab, refused

from sandbox.cloud import Resource


@pytest.fixture
def lab() -> Lab:
    return new_lab()


def test_addresses_come_from_the_documentation_ranges_one_after_the_other(lab: Lab) -> None:
    lab.store.set_quota("eips_per_region", 1000)
    given = [lab.new_eip().text("ip_address") for _ in range(762)]
    blocks = [ipaddress.ip_network(given[index] + "/24", strict=False) for index in (0, 254, 508)]
    assert list(map(str, blocks)) == ["198.51.100.0/24", "203.0.113.0/24", "192.0.2.0/24"]
    assert len(set(given)) == 762
    with refused("QuotaExceeded.Eip"):
        lab.new_eip()


def test_an_address_is_not_given_again_while_another_is_free(lab: Lab) -> None:
    first = lab.new_eip()
    lab.store.delete("eip_address", first.id)
    assert lab.new_eip()["ip_address"] != first["ip_address"]


@pytest.mark.parametrize("bandwidth", ["", "0", "²", "1.5", "9" * 5000])
def test_a_bandwidth_that_is_no_number_is_refused(lab: Lab, bandwidth: str) -> None:
    with refused("InvalidBandwidth.Malformed"):
        lab.new_package(bandwidth=bandwidth)
    if bandwidth:
        with refused("InvalidParameter"):
            lab.new_eip(bandwidth=bandwidth)


def test_an_address_that_is_none_is_refused(lab: Lab) -> None:
    with refused("InvalidIpAddress.Malformed"):
        lab.new_eip(ip_address="web")


def test_an_address_may_be_asked_for_by_name_unless_it_is_taken(lab: Lab) -> None:
    lab.new_eip(ip_address="203.0.113.7")
    with refused("InvalidIpAddress.NotAvailable"):
        lab.new_eip(ip_address="203.0.113.7")


@pytest.mark.parametrize(
    ("charge", "bandwidth"), [("PayByTraffic", "201"), ("PayByBandwidth", "501"), (None, "0")]
)
def test_too_much_or_too_little_bandwidth_is_refused(
    lab: Lab, charge: str | None, bandwidth: str
) -> None:
    more = {"internet_charge_type": charge} if charge else {}
    with refused("InvalidParameter"):
        lab.new_eip(bandwidth=bandwidth, **more)


def test_the_account_has_twenty_addresses(lab: Lab) -> None:
    for _ in range(20):
        lab.new_eip()
    with refused("QuotaExceeded.Eip"):
        lab.new_eip()


def test_binding_puts_an_address_in_use_and_unbinding_frees_it(lab: Lab) -> None:
    eip = lab.new_eip()
    bound = lab.bind(eip)
    assert bound.id == f"{eip.id}:{lab.gateway.id}"
    assert bound["instance_type"] == "Nat"
    assert lab.store.all("eip_address")[0]["status"] == "InUse"
    lab.store.delete("eip_association", bound.id)
    assert lab.store.all("eip_address")[0]["status"] == "Available"


def associating(lab: Lab) -> tuple[Resource, Resource]:
    """An address that is still being bound to the gateway, and its association."""
    eip = lab.new_eip()
    lab.store.association_seconds = 60
    return eip, lab.bind(eip)


def test_binding_and_unbinding_take_a_while(lab: Lab) -> None:
    lab.store.association_seconds = 1.0
    eip = lab.new_eip()
    bound = lab.bind(eip)
    assert bound["status"] == "Pending"
    assert lab.store.all("eip_address")[0]["status"] == "Associating"
    time.sleep(1.1)
    assert lab.store.all("eip_address")[0]["status"] == "InUse"
    lab.store.delete("eip_association", bound.id)
    assert lab.store.all("eip_address")[0]["status"] == "Unassociating"
    with refused("IncorrectEipStatus"):
        lab.bind(eip)
    with refused("IncorrectEipStatus"):
        lab.store.delete("eip_address", eip.id)
    with refused("TaskConflict"):
        lab.store.delete("eip_association", bound.id)
    time.sleep(1.1)
    assert lab.store.all("eip_address")[0]["status"] == "Available"
    assert lab.store.all("eip_association") == []


def test_an_address_that_is_still_being_bound_serves_no_entry(lab: Lab) -> None:
    eip, _ = associating(lab)
    with refused("InvalidIp.NotInNatgw"):
        lab.forward(eip.text("ip_address"))
    with refused("EIP_NOT_IN_GATEWAY"):
        lab.snat(eip.text("ip_address"))


def test_an_address_that_is_still_being_bound_stays_as_it_is(lab: Lab) -> None:
    package = lab.new_package()
    eip, bound = associating(lab)
    with refused("IncorrectEipStatus"):
        lab.store.update("eip_address", eip.id, {"bandwidth": "10"})
    with refused("IncorrectEipStatus"):
        lab.pack(eip, package)
    with refused("IncorrectEipStatus"):
        lab.store.update("eip_association", bound.id, {"mode": "BINDED"})
    with refused("IncorrectEipStatus"):
        lab.store.delete("eip_association", bound.id)


def test_a_change_behind_the_back_disturbs_no_binding(lab: Lab) -> None:
    lab.store.association_seconds = 1.0
    eip = lab.new_eip()
    lab.bind(eip)
    lab.store.change_behind(eip.id, description="by hand")
    assert lab.store.all("eip_address")[0]["status"] == "Associating"
    time.sleep(1.1)
    found = lab.store.all("eip_address")[0]
    assert (found["status"], found["description"]) == ("InUse", "by hand")


def test_an_address_is_bound_to_one_thing_at_a_time(lab: Lab) -> None:
    eip = lab.new_eip()
    lab.bind(eip)
    with refused("IncorrectEipStatus"):
        lab.bind(eip, lab.new_gateway())


def test_binding_to_a_gateway_that_is_gone_is_refused(lab: Lab) -> None:
    lab.store.delete("nat_gateway", lab.gateway.id)
    with refused("InvalidInstanceId.NotFound"):
        lab.bind(lab.new_eip())


def test_binding_to_a_gateway_that_is_busy_is_refused(lab: Lab) -> None:
    lab.store.change_behind(lab.gateway.id, status="Modifying")
    with refused("IncorrectInstanceStatus"):
        lab.bind(lab.new_eip())


def test_binding_to_an_instance_that_is_starting_is_refused(lab: Lab) -> None:
    instance = lab.new_instance(lab.new_group())
    lab.store.change_behind(instance.id, status="Starting")
    with refused("IncorrectInstanceStatus"):
        lab.bind(lab.new_eip(), instance)


def test_binding_to_what_is_not_simulated_is_refused(lab: Lab) -> None:
    asked = {"allocation_id": lab.new_eip().id, "instance_id": "lb-1"}
    with refused("InvalidInstanceType.ValueNotSupported"):
        lab.store.create("eip_association", asked)


def test_an_instance_has_one_public_address(lab: Lab) -> None:
    instance = lab.new_instance(lab.new_group())
    lab.bind(lab.new_eip(), instance)
    with refused("InvalidAssociation.Duplicated"):
        lab.bind(lab.new_eip(), instance)


def test_a_gateway_has_twenty_addresses(lab: Lab) -> None:
    lab.store.set_quota("eips_per_region", 100)
    for _ in range(20):
        lab.bound_ip()
    with refused("QuotaExceeded.Eip"):
        lab.bound_ip()


def test_a_bound_address_is_not_released(lab: Lab) -> None:
    eip = lab.new_eip()
    lab.bind(eip)
    with refused("IncorrectEipStatus"):
        lab.store.delete("eip_address", eip.id)


def test_an_address_in_a_package_is_not_released(lab: Lab) -> None:
    eip = lab.new_eip()
    lab.pack(eip, lab.new_package())
    with refused("OperationDenied.EipInBandwidthPackage"):
        lab.store.delete("eip_address", eip.id)


def test_an_address_that_forwards_is_not_unbound(lab: Lab) -> None:
    eip = lab.new_eip()
    bound = lab.bind(eip)
    lab.forward(eip.text("ip_address"))
    with refused("InvalidIpStatus.HasBeenUsedByForwardEntry"):
        lab.store.delete("eip_association", bound.id)


def test_an_address_that_serves_snat_is_not_unbound(lab: Lab) -> None:
    eip = lab.new_eip()
    bound = lab.bind(eip)
    lab.snat(eip.text("ip_address"))
    with refused("InvalidIpStatus.HasBeenUsedBySnatTable"):
        lab.store.delete("eip_association", bound.id)


def test_a_subscription_address_joins_no_package(lab: Lab) -> None:
    with refused("IpInstanceId.ChargeType.NotSupport"):
        lab.pack(lab.new_eip(payment_type="Subscription"), lab.new_package())


def test_a_package_takes_addresses_of_its_own_line_alone(lab: Lab) -> None:
    other = lab.new_eip(isp="BGP_PRO")
    with refused("OperationUnsupported.EipIsp"):
        lab.pack(other, lab.new_package())
    lab.pack(other, lab.new_package(isp="BGP_PRO"))


def test_an_address_is_in_one_package(lab: Lab) -> None:
    eip = lab.new_eip()
    lab.pack(eip, lab.new_package())
    with refused("IpInstanceId.AlreadyInBandwidthPackage"):
        lab.pack(eip, lab.new_package())


def test_a_package_with_an_address_stays(lab: Lab) -> None:
    package = lab.new_package()
    inside = lab.pack(lab.new_eip(), package)
    with refused("DependencyViolation.Eip"):
        lab.store.delete("common_bandwidth_package", package.id)
    lab.store.delete("common_bandwidth_package_attachment", inside.id)
    lab.store.delete("common_bandwidth_package", package.id)


def test_a_package_billed_by_peaks_needs_a_ratio(lab: Lab) -> None:
    with refused("MissingParameter.Ratio"):
        lab.new_package(internet_charge_type="PayBy95")


def test_a_package_holds_as_many_addresses_as_its_quota(lab: Lab) -> None:
    lab.store.set_quota("eips_per_bandwidth_package", 1)
    package = lab.new_package()
    lab.pack(lab.new_eip(), package)
    with refused("IpInstanceId.QuotaExceeded"):
        lab.pack(lab.new_eip(), package)


def test_an_address_of_a_snat_pool_stays_in_its_package(lab: Lab) -> None:
    package, eips = lab.new_package(), [lab.new_eip(), lab.new_eip()]
    inside = [lab.pack(eip, package) for eip in eips]
    for eip in eips:
        lab.bind(eip)
    lab.snat(*(eip.text("ip_address") for eip in eips))
    with refused("InvalidIP.IpInSnatPool"):
        lab.store.delete("common_bandwidth_package_attachment", inside[0].id)


def test_what_is_billed_how_is_the_clouds_choice_where_nobody_says(lab: Lab) -> None:
    assert lab.new_eip()["internet_charge_type"] == "PayByBandwidth"
    assert lab.new_package()["internet_charge_type"] == "PayByBandwidth"


@pytest.mark.parametrize("name", ["1", "a", "a" * 128])
def test_an_address_and_a_package_take_any_name(lab: Lab, name: str) -> None:
    assert lab.new_eip(name=name)["address_name"] == name
    assert lab.new_package(name=name)["bandwidth_package_name"] == name
