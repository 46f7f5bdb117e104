"""Addresses are judged together: by value, and before that by the EIP that they come from."""

import pytest
from pulumi_policy import PolicyResource
from pulumi_policy.proxy import UnknownValueError

from facts import kinds
from tests.policy.resources import UNKNOWN, Told, judged_stack, stack_resource

EIP = "alicloud:ecs/eipAddress:EipAddress"


def eip(name: str, **inputs: object) -> PolicyResource:
    return stack_resource(EIP, name, {"ipAddress": UNKNOWN, **inputs})


def entry(name: str, protocol: str, address: PolicyResource | str) -> PolicyResource:
    ports = "any" if protocol == "any" else "80"
    inputs = {"ipProtocol": protocol, "externalPort": ports}
    if isinstance(address, str):
        return stack_resource(kinds.FORWARD_ENTRY, name, {**inputs, "externalIp": address})
    return stack_resource(
        kinds.FORWARD_ENTRY, name, {**inputs, "externalIp": UNKNOWN}, externalIp=address
    )


def egress(name: str, *addresses: PolicyResource) -> PolicyResource:
    made = stack_resource(kinds.SNAT_ENTRY, name, {"snatIp": UNKNOWN})
    made.property_dependencies["snatIp"] = [*addresses]
    return made


def place(
    name: str, address: PolicyResource, package: PolicyResource, **more: object
) -> PolicyResource:
    inputs = {"instanceId": UNKNOWN, "bandwidthPackageId": UNKNOWN, **more}
    return stack_resource(
        kinds.PACKAGE_ATTACHMENT, name, inputs, instanceId=address, bandwidthPackageId=package
    )


def package(name: str, bandwidth: int) -> PolicyResource:
    return stack_resource(kinds.BANDWIDTH_PACKAGE, name, {"bandwidth": str(bandwidth)})


def names(told: Told) -> list[str]:
    return [name for name, _ in told]


def test_an_address_that_is_mapped_whole_and_leaves_too_is_found_before_it_has_a_value() -> None:
    ip = eip("ip1")
    ((name, message),) = judged_stack(
        "eip-used-whole", [ip, entry("app", "any", ip), egress("out", ip)]
    )
    assert name == "app"
    assert "maps ip1 whole, which out uses as well" in message


def test_an_address_that_is_mapped_whole_and_by_ports_is_found_by_value() -> None:
    stack = [entry("app", "any", "198.51.100.1"), entry("web", "tcp", "198.51.100.1")]
    assert names(judged_stack("eip-used-whole", stack)) == ["app"]


def test_an_address_that_leaves_among_others_is_found_by_value() -> None:
    out = stack_resource(kinds.SNAT_ENTRY, "out", {"snatIp": "198.51.100.7, 198.51.100.1"})
    stack = [entry("app", "any", "198.51.100.1"), out]
    assert names(judged_stack("eip-used-whole", stack)) == ["app"]


def test_addresses_that_are_used_once_or_by_ports_pass() -> None:
    one, two = eip("ip1"), eip("ip2")
    stack = [
        *(one, two, entry("app", "any", one), entry("web", "tcp", two), entry("dns", "udp", two)),
        egress("out", two),
    ]
    assert judged_stack("eip-used-whole", stack) == []


def test_an_address_from_nowhere_is_told_as_unknown_after_the_others_are_judged() -> None:
    stack = [
        entry("lost", "any", UNKNOWN),
        entry("app", "any", "198.51.100.1"),
        entry("web", "tcp", "198.51.100.1"),
    ]
    told: Told = []
    with pytest.raises(UnknownValueError) as unknown:
        judged_stack("eip-used-whole", stack, told=told)
    assert "lost.externalIp" in unknown.value.message
    assert names(told) == ["app"]


def test_an_address_that_is_bound_to_nothing_is_found() -> None:
    ip, box = eip("ip1"), package("box", 100)
    stack = [ip, box, place("place", ip, box), entry("app", "any", ip)]
    assert names(judged_stack("eip-unattached", stack)) == ["ip1"]


def test_an_address_that_is_bound_or_said_to_be_spare_passes() -> None:
    bound, named = eip("ip1"), eip("ip2", id="eip-2")
    stack = [
        *(bound, named, eip("ip5", tags={"spare": "true"})),
        stack_resource(kinds.EIP_ASSOCIATION, "one", {"allocationId": UNKNOWN}, allocationId=bound),
        stack_resource(kinds.EIP_ASSOCIATION, "two", {"allocationId": "eip-2"}),
    ]
    assert judged_stack("eip-unattached", stack) == []


def test_an_address_that_its_component_calls_spare_passes_and_its_namesake_doesnt() -> None:
    kind = "alicloud-gateways:index:SharedBandwidth"
    component = stack_resource(kind, "shared", {"sparePublicIps": ["ip5"]})
    stack = [component, eip("shared-ip5"), eip("shared-ip1"), eip("ip5")]
    assert names(judged_stack("eip-unattached", stack)) == ["shared-ip1", "ip5"]


def test_an_address_that_is_exempt_passes_and_others_dont() -> None:
    stack = [eip("ip1"), eip("ip2")]
    assert names(judged_stack("eip-unattached", stack, {"exempt": ["ip1"]})) == ["ip2"]


def test_a_share_of_a_package_above_the_package_is_found() -> None:
    ip, box = eip("ip1", bandwidth="500"), package("box", 100)
    wide = place("place", ip, box, bandwidthPackageBandwidth="200")
    assert names(judged_stack("eip-bandwidth", [ip, box, wide])) == ["place"]
    fits = place("place", ip, box, bandwidthPackageBandwidth="100")
    assert judged_stack("eip-bandwidth", [ip, box, fits]) == []


def test_an_address_outside_of_packages_has_a_limit_of_its_own() -> None:
    stack = [eip("ip1", bandwidth="101"), eip("ip2", bandwidth="100")]
    assert names(judged_stack("eip-bandwidth", stack)) == ["ip1"]
    assert judged_stack("eip-bandwidth", stack, {"maximum": 200}) == []


def test_addresses_that_leave_together_have_to_share_a_package() -> None:
    one, two, box, other = eip("ip1"), eip("ip2"), package("box", 100), package("other", 100)
    out = egress("out", one, two)
    base = [one, two, box, other, out]
    apart = [*base, place("a", one, box), place("b", two, other)]
    half = [*base, place("a", one, box)]
    together = [*base, place("a", one, box), place("b", two, box)]
    assert names(judged_stack("snat-pool-package", apart)) == ["out"]
    assert names(judged_stack("snat-pool-package", half)) == ["out"]
    assert names(judged_stack("snat-pool-package", base)) == ["out"]
    assert judged_stack("snat-pool-package", together) == []
    assert judged_stack("snat-pool-package", [one, egress("out", one)]) == []


def test_packages_that_nobody_knows_yet_are_told_as_unknown_and_accuse_nobody() -> None:
    one, two = eip("ip1"), eip("ip2")
    places = [
        stack_resource(
            kinds.PACKAGE_ATTACHMENT,
            name,
            {"instanceId": UNKNOWN, "bandwidthPackageId": UNKNOWN},
            instanceId=ip,
        )
        for name, ip in (("a", one), ("b", two))
    ]
    told: Told = []
    stack = [one, two, egress("out", one, two), *places]
    with pytest.raises(UnknownValueError) as unknown:
        judged_stack("snat-pool-package", stack, told=told)
    assert told == []
    assert "a.bandwidthPackageId" in unknown.value.message
