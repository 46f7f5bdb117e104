"""Public addresses by themselves: on a gateway or bound elsewhere, in a package or without one."""

import pulumi
import pytest

from components import EipAddresses, EipAddressesArgs, GatewayEipArgs, NatGateway, resource_at
from tests.components.test_every_component import (
    Build,
    built,
    eip_addresses,
    eip_addresses_in_a_package,
)
from tests.mocked_cloud import last, run, value_of


def test_an_address_that_exists_needs_its_own_text_as_well() -> None:
    arguments: EipAddressesArgs = {"addresses": {"old": {"allocation_id": "eip-1"}}}
    with pytest.raises(ValueError, match="EipAddresses ips: old needs its ip_address"):
        run(lambda: EipAddresses("ips", arguments))


def test_bandwidth_is_said_as_text_and_only_where_it_is_wanted() -> None:
    made = built(eip_addresses)
    assert made["ips-web"].inputs["bandwidth"] == "20"
    assert "bandwidth" not in made["ips-egress"].inputs


def test_bandwidth_of_its_own_can_be_changed_and_billing_never_replaces_an_address() -> None:
    alone, packed = built(eip_addresses)["ips-web"], built(eip_addresses_in_a_package)["ips-web"]
    assert set(alone.request.ignoreChanges) == {"internetChargeType"}
    assert set(packed.request.ignoreChanges) == {"bandwidth", "internetChargeType"}


def test_without_a_package_an_address_is_in_none() -> None:
    assert built(eip_addresses).names("CommonBandwithPackageAttachment") == []


@pytest.mark.parametrize("build", [eip_addresses, eip_addresses_in_a_package])
def test_an_address_on_a_gateway_is_bound_without_a_mode(build: Build) -> None:
    made = built(build)
    assert made["ips-egress-association"].inputs == {
        "allocationId": "ips-egress-id",
        "instanceId": "ngw-1",
        "instanceType": "Nat",
    }
    assert "ips-web-association" not in made.names("EipAssociation")


def test_an_address_is_bound_after_it_joined_the_package() -> None:
    made = built(eip_addresses_in_a_package)
    assert "ips-egress-attachment" in made["ips-egress-association"].after
    assert "ips-old-attachment" in made["ips-old-association"].after


def test_places_and_bindings_are_given_up_before_they_are_had_anew() -> None:
    made = built(eip_addresses_in_a_package)
    for name in ("ips-egress-association", "ips-egress-attachment"):
        assert made[name].request.deleteBeforeReplace, name
    assert not made["ips-egress"].request.deleteBeforeReplace


def test_an_address_keeps_its_resources_over_a_rename() -> None:
    made = built(eip_addresses_in_a_package)
    assert made["ips-egress"].aliases == {"ips-out"}
    assert made["ips-egress-attachment"].aliases == {"ips-out-attachment"}
    assert made["ips-egress-association"].aliases == {"ips-out-association"}
    assert built(eip_addresses)["ips-web"].aliases == {"ips-www"}


def test_protection_is_for_what_cant_be_had_again() -> None:
    def program() -> None:
        addresses: EipAddressesArgs = {
            "addresses": {"egress": {"nat_gateway_id": "ngw-1"}},
            "bandwidth_package_id": "cbwp-1",
            "deletion_protection": True,
        }
        EipAddresses("ips", addresses)

    made = run(program)
    assert made["ips-egress"].request.protect
    assert made["ips-egress"].inputs["deletionProtection"] is True
    assert not made["ips-egress-association"].request.protect
    assert not made["ips-egress-attachment"].request.protect


def test_an_address_tells_its_text_its_package_and_whether_it_is_bound() -> None:
    made: list[EipAddresses] = []

    def program() -> None:
        arguments: EipAddressesArgs = {
            "addresses": {
                "egress": {"nat_gateway_id": "ngw-1"},
                "web": {},
                "old": {"allocation_id": "eip-1", "ip_address": "203.0.113.1"},
            }
        }
        made.append(EipAddresses("ips", arguments))

    run(program)
    (ips,) = made
    assert ips.bound_addresses.keys() == ips.bindings.keys() == {"egress"}
    assert value_of(ips.bound_addresses["egress"]) == value_of(ips.addresses["egress"])
    assert last(value_of(ips.bindings["egress"])) == "ips-egress-association"
    assert ips.attachments == {}
    assert value_of(ips.addresses["old"]) == "203.0.113.1"
    assert value_of(ips.allocation_ids["old"]) == "eip-1"


def test_what_takes_a_bound_address_comes_after_its_binding() -> None:
    def program() -> None:
        ips = EipAddresses("ips", {"addresses": {"egress": {"nat_gateway_id": "ngw-1"}}})
        bound = ips.bound_addresses["egress"]
        EipAddresses("other", {"addresses": {"web": {"description": bound}}})

    made = run(program)
    assert "ips-egress-association" in made["other-web"].after


@pytest.mark.parametrize("gateway", [{}, {"nat_gateway_id": "ngw-1"}], ids=["alone", "bound"])
def test_what_takes_an_address_can_come_after_its_place_in_the_package(
    gateway: GatewayEipArgs,
) -> None:
    def program() -> None:
        ips = EipAddresses("ips", {"addresses": {"web": gateway}, "bandwidth_package_id": "cbwp-1"})
        opts = pulumi.ResourceOptions(depends_on=[resource_at(ips.attachments["web"])])
        NatGateway("other", {"vpc_id": "vpc-1", "vswitch_id": "vsw-1"}, opts)

    assert run(program)["other-nat"].after == {"ips-web-attachment"}


def test_addresses_can_be_had_without_any_tag() -> None:
    made = run(lambda: EipAddresses("ips", {"addresses": {"web": {}}}))
    assert "tags" not in made["ips-web"].inputs
