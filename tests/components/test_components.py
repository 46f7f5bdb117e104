"""What is particular to each of the other components."""

from typing import TYPE_CHECKING

import pytest

from components import EcsHost, NatGateway, Network, PublicIpArgs, SharedBandwidth, SnatEgress
from components.marks import SPARE, spare_keys
from tests.components.test_every_component import (
    built,
    ecs_host,
    ecs_host_with_given_security_groups,
    existing_network,
    nat_gateway,
    network,
    shared_bandwidth,
    snat_egress,
)
from tests.mocked_cloud import run, value_of

if TYPE_CHECKING:
    import pulumi


def test_a_network_that_exists_is_passed_through_untouched() -> None:
    made = built(existing_network)
    assert [one.name for one in made.resources] == ["net-new"]
    assert made["net-new"].inputs["vpcId"] == "vpc-1"


def test_a_vswitch_keeps_its_resource_over_a_rename_and_never_overlaps_its_successor() -> None:
    apps = built(network)["net-apps"]
    assert apps.aliases == {"net-old"}
    assert apps.request.deleteBeforeReplace
    assert apps.after == {"net-vpc"}


def test_a_network_without_range_or_id_says_what_is_missing() -> None:
    with pytest.raises(ValueError, match="needs a cidr_block"):
        run(lambda: Network("net", {"vpc": {}, "vswitches": {}}))


def test_a_gateway_is_of_the_one_kind_that_can_be_bought() -> None:
    inputs = built(nat_gateway)["gw-nat"].inputs
    assert inputs["natType"] == "Enhanced"
    assert inputs["paymentType"] == "PayAsYouGo"
    assert inputs["internetChargeType"] == "PayByLcu"
    assert inputs["networkType"] == "internet"
    assert inputs["vswitchId"] == "vsw-1"


def test_a_gateway_gives_out_the_ids_of_its_two_tables() -> None:
    ids: list[pulumi.Output[str]] = []

    def program() -> None:
        gateway = NatGateway("gw", {"vpc_id": "vpc-1", "vswitch_id": "vsw-1"})
        ids.extend([gateway.forward_table_id, gateway.snat_table_id])

    run(program)
    forward, snat = (value_of(output) for output in ids)
    assert forward.startswith("ftb-")
    assert snat.startswith("stb-")


def test_a_gateway_in_another_vswitch_is_a_new_gateway_after_the_old_one() -> None:
    request = built(nat_gateway)["gw-nat"].request
    assert list(request.replaceOnChanges) == ["vswitchId"]
    assert request.deleteBeforeReplace


def test_deletion_protection_holds_in_the_cloud_and_in_pulumi() -> None:
    def program() -> None:
        NatGateway("gw", {"vpc_id": "v", "vswitch_id": "s", "deletion_protection": True})
        SharedBandwidth(
            "shared",
            {
                "nat_gateway_id": "n",
                "bandwidth": 5,
                "public_ips": {"ip1": {}},
                "deletion_protection": True,
            },
        )

    made = run(program)
    for name in ("gw-nat", "shared-package", "shared-ip1"):
        assert made[name].inputs["deletionProtection"] is True
        assert made[name].request.protect
    assert not made["shared-ip1-association"].request.protect


def test_a_spare_address_is_in_the_package_and_bound_to_nothing() -> None:
    made = built(shared_bandwidth)
    assert "shared-ip2-attachment" in made.names("CommonBandwithPackageAttachment")
    assert "shared-ip2-association" not in made.names("EipAssociation")


def test_a_spare_address_and_no_other_is_said_to_be_one() -> None:
    assert spare_keys({"ip1": {}, "ip2": {"spare": True}, "ip3": {"spare": False}}) == ["ip2"]
    assert built(shared_bandwidth).outputs["shared"][SPARE] == ["ip2"]


def test_an_address_that_exists_is_used_and_not_created() -> None:
    made = built(shared_bandwidth)
    assert made.names("EipAddress") == ["shared-ip1", "shared-ip2"]
    assert made["shared-ip3-attachment"].inputs["instanceId"] == "eip-1"
    assert made["shared-ip3-association"].inputs["allocationId"] == "eip-1"


def test_an_address_that_is_bound_elsewhere_is_known_at_once_and_nothing_is_made_for_it() -> None:
    found: list[pulumi.Output[str]] = []

    def program() -> None:
        shared = SharedBandwidth(
            "shared",
            {
                "nat_gateway_id": "n",
                "bandwidth_package_id": "p",
                "public_ips": {
                    "front": {
                        "allocation_id": "eip-9",
                        "ip_address": "203.0.113.9",
                        "bound": True,
                    }
                },
            },
        )
        found.append(shared.bound_addresses["front"])

    assert run(program).resources == []
    (bound,) = found
    assert value_of(bound) == "203.0.113.9"


@pytest.mark.parametrize("given", [{}, {"allocation_id": "eip-9"}, {"ip_address": "203.0.113.9"}])
def test_an_address_that_is_bound_elsewhere_needs_its_id_and_itself(given: PublicIpArgs) -> None:
    def program() -> None:
        front: PublicIpArgs = {**given, "bound": True}
        SharedBandwidth(
            "shared", {"nat_gateway_id": "n", "bandwidth": 5, "public_ips": {"front": front}}
        )

    with pytest.raises(ValueError, match="front is bound already, so it needs its allocation_id"):
        run(program)


def test_an_address_is_bound_after_it_joined_the_package() -> None:
    made = built(shared_bandwidth)
    assert "shared-ip1-attachment" in made["shared-ip1-association"].after
    assert made["shared-ip1-association"].inputs["instanceType"] == "Nat"


def test_bindings_are_undone_before_they_are_made_anew() -> None:
    made = built(shared_bandwidth)
    for name in ("shared-ip1-association", "shared-ip1-attachment"):
        assert made[name].request.deleteBeforeReplace


def test_an_address_keeps_its_resources_over_a_rename() -> None:
    made = built(shared_bandwidth)
    assert made["shared-ip1"].aliases == {"shared-first"}
    assert made["shared-ip1-attachment"].aliases == {"shared-first-attachment"}
    assert made["shared-ip1-association"].aliases == {"shared-first-association"}


def test_what_the_package_does_to_an_address_never_replaces_it() -> None:
    ignored = set(built(shared_bandwidth)["shared-ip1"].request.ignoreChanges)
    assert ignored == {"bandwidth", "internetChargeType"}


def test_the_packages_charge_type_is_always_said() -> None:
    package = built(shared_bandwidth)["shared-package"].inputs
    assert package["internetChargeType"] == "PayByBandwidth"
    assert package["bandwidth"] == "150"


def test_a_bound_address_carries_its_binding_along() -> None:
    """An entry is given text; only this dependency keeps it behind the association."""

    def program() -> None:
        shared = SharedBandwidth(
            "shared", {"nat_gateway_id": "n", "bandwidth": 5, "public_ips": {"ip1": {}}}
        )
        bound = shared.bound_addresses["ip1"]
        SnatEgress(
            "out",
            {"snat_table_id": "s", "entries": {"a": {"snat_ips": [bound], "source_cidr": "c"}}},
        )

    made = run(program)
    assert "shared-ip1-association" in made["out-a"].after
    assert made["out-a"].inputs["snatIp"] == made.outputs["shared"]["publicIps"]["ip1"]


def test_egress_joins_its_addresses_and_waits_in_line() -> None:
    made = built(snat_egress)
    assert made["out-office"].inputs["snatIp"] == "203.0.113.1,203.0.113.2"
    assert made["out-office"].inputs["sourceCidr"] == "10.0.2.0/24"
    assert made["out-office"].after == {"out-apps"}
    assert made["out-apps"].inputs["sourceVswitchId"] == "vsw-1"
    assert made["out-apps"].request.deleteBeforeReplace


def test_a_host_has_no_public_address_of_its_own() -> None:
    inputs = built(ecs_host)["host-instance"].inputs
    assert inputs["internetMaxBandwidthOut"] == 0
    assert inputs["privateIp"] == "10.0.1.1"
    assert inputs["keyName"] == "ops"


def test_a_host_lets_in_what_it_is_told_and_nothing_else() -> None:
    made = built(ecs_host)
    assert made.names("SecurityGroupRule") == ["host-allow-tcp-80"]
    rule = made["host-allow-tcp-80"].inputs
    assert (rule["type"], rule["ipProtocol"], rule["portRange"]) == ("ingress", "tcp", "80/80")
    assert rule["cidrIp"] == "0.0.0.0/0"


def test_a_host_with_given_security_groups_gets_none_of_its_own() -> None:
    made = built(ecs_host_with_given_security_groups)
    assert made.names("SecurityGroup") == []
    assert made["host-instance"].inputs["securityGroups"] == ["sg-1"]


def test_a_host_says_whether_it_made_a_security_group() -> None:
    made: list[EcsHost] = []

    def program() -> None:
        made.append(
            EcsHost(
                "host",
                {
                    "vpc_id": "v",
                    "vswitch_id": "s",
                    "private_ip": "10.0.1.1",
                    "instance_type": "ecs.t6-c1m1.large",
                    "image_id": "i",
                },
            )
        )

    run(program)
    group = made[0].security_group_id
    assert group is not None
    assert value_of(group) == "host-security-group-id"


def test_pulumi_can_refuse_what_the_cloud_would_delete() -> None:
    def program() -> None:
        NatGateway("gw", {"vpc_id": "v", "vswitch_id": "s", "protect": True})

    made = run(program)
    assert not made["gw-nat"].inputs.get("deletionProtection", False)
    assert made["gw-nat"].request.protect
