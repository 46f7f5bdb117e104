"""Public addresses on a network interface: how they are bound, where, and when."""

import pulumi

from components import EniAttachment, EniPublicIpArgs, EniPublicIps
from tests.components.test_every_component import built, eni_public_ips
from tests.mocked_cloud import run, value_of

ONE: EniPublicIpArgs = {"allocation_id": "eip-1", "ip_address": "203.0.113.1"}


def test_an_address_goes_to_the_interface_in_the_mode_that_is_said() -> None:
    """The provider infers neither."""
    assert built(eni_public_ips)["doors-primary"].inputs == {
        "allocationId": "eip-1",
        "instanceId": "eni-1",
        "instanceType": "NetworkInterface",
        "mode": "NAT",
    }


def test_an_address_is_unbound_before_another_one_takes_its_place() -> None:
    assert built(eni_public_ips)["doors-primary"].request.deleteBeforeReplace


def test_nothing_is_bound_before_what_has_to_be_done_first() -> None:
    def program() -> None:
        first = EniAttachment(
            "web",
            {"instance_id": "i", "vpc_id": "v", "vswitch_id": "s", "private_ip": "10.0.1.11"},
        )
        places: dict[str, EniPublicIpArgs] = {"a": ONE, "b": {**ONE, "allocation_id": "eip-2"}}
        EniPublicIps(
            "d",
            {"eni_id": "e", "mode": "MULTI_BINDED", "places": places},
            pulumi.ResourceOptions(depends_on=[first]),
        )

    made = run(program)
    for name in ("d-a", "d-b"):
        assert {"web-eni", "web-attachment"} <= made[name].after


def test_an_address_is_given_out_once_it_is_bound() -> None:
    made: list[EniPublicIps] = []

    def program() -> None:
        made.append(EniPublicIps("d", {"eni_id": "e", "mode": "NAT", "places": {"a": ONE}}))
        again: EniPublicIpArgs = {"allocation_id": made[0].addresses["a"], "ip_address": "x"}
        EniPublicIps("next", {"eni_id": "e", "mode": "NAT", "places": {"a": again}})

    registered = run(program)
    assert value_of(made[0].addresses["a"]) == "203.0.113.1"
    assert "d-a" in registered["next-a"].after
