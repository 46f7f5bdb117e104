"""What the network section of a stack file may not say, one rule a test."""

import pytest

from tests.stackfiles import dev_stack, edited, one, only_problem, problems_of, refused, where

# The network.


@pytest.mark.parametrize(
    "text",
    ["192.168.0.0", "192.168.0/16", "x", "192.168.0.0/33", "192.168.0.0/255.255.0.0",
     "2001:db8::/32", "192.168.0.0/016", " 192.168.0.0/16", "192.168.256.0/24", ""],
)  # fmt: skip
def test_a_cidr_that_isnt_one_is_refused(text: str) -> None:
    for place in ("network.vpc", "network.vswitches.apps"):
        path, rule, remedy = one(place, cidr=text)
        assert path == f"{place}.cidr"
        assert "CIDR" in rule
        assert "192.168.1.0/24" in remedy


def test_a_range_that_starts_in_its_middle_is_refused_with_its_first_address() -> None:
    path, _, remedy = one("network.vswitches.apps", cidr="192.168.1.7/24")
    assert (path, remedy) == ("network.vswitches.apps.cidr", "write 192.168.1.0/24")


@pytest.mark.parametrize("cidr", ["192.0.0.0/7", "192.168.1.0/29"])
def test_a_vpc_with_a_mask_that_the_cloud_refuses_is_refused(cidr: str) -> None:
    found = problems_of(edited("network.vpc", cidr=cidr))
    assert "network.vpc.cidr" in [where(problem) for problem in found]


@pytest.mark.parametrize("cidr", ["192.0.0.0/15", "192.168.1.0/30"])
def test_a_vswitch_with_a_mask_that_the_cloud_refuses_is_refused(cidr: str) -> None:
    found = problems_of(edited("network.vswitches.apps", cidr=cidr))
    assert "network.vswitches.apps.cidr" in [where(problem) for problem in found]


@pytest.mark.parametrize("cidr", ["100.64.0.0/16", "127.0.0.0/16", "169.254.0.0/20", "224.0.0.0/8"])
def test_a_vpc_on_addresses_that_mean_something_else_is_refused(cidr: str) -> None:
    found = problems_of(edited("network.vpc", cidr=cidr))
    assert found[0].path == ("network", "vpc", "cidr")
    assert "192.168.0.0/16" in found[0].remedy


def test_a_vswitch_outside_its_vpc_is_refused() -> None:
    entry = {"cidr": "10.0.0.0/24", "zone": "cn-shanghai-a"}
    path, rule, remedy = one("network.vswitches", data=entry)
    assert path == "network.vswitches.data.cidr"
    assert "192.168.0.0/16" in rule
    assert "192.168.0.0/16" in remedy


@pytest.mark.parametrize("cidr", ["192.168.1.0/24", "192.168.1.128/25", "192.168.0.0/20"])
def test_a_vswitch_over_another_is_refused(cidr: str) -> None:
    entry = {"cidr": cidr, "zone": "cn-shanghai-a"}
    ((path, _),) = refused("network.vswitches", data=entry)
    assert path in {"network.vswitches.data.cidr", "network.vswitches.apps.cidr"}


def test_every_vswitch_under_a_wide_one_is_refused() -> None:
    zone = "cn-shanghai-a"
    entries = {f"v{n}": {"cidr": f"192.168.{n}.0/24", "zone": zone} for n in (16, 17, 31, 32)}
    found = refused("network.vswitches", wide={"cidr": "192.168.16.0/20", "zone": zone}, **entries)
    assert [path for path, _ in found] == [f"network.vswitches.v{n}.cidr" for n in (16, 17, 31)]


@pytest.mark.parametrize("zone", ["cn-beijing-a", "cn-shanghai", "cn-shanghai-finance-1a", ""])
def test_a_vswitch_in_a_zone_of_another_region_is_refused(zone: str) -> None:
    path, rule, remedy = one("network.vswitches.apps", zone=zone)
    assert path == "network.vswitches.apps.zone"
    assert "cn-shanghai" in rule
    assert "cn-shanghai-a" in remedy


@pytest.mark.parametrize(
    ("region", "zone"),
    [("ap-southeast-1", "ap-southeast-1a"), ("cn-hangzhou", "cn-hangzhou-MAZ1(b,c)")],
)
def test_zones_are_accepted_as_their_regions_spell_them(region: str, zone: str) -> None:
    text = edited("network.vswitches.apps", zone=zone).replace("cn-shanghai", region)
    assert problems_of(text) == ()


def test_a_vpc_is_created_or_exists() -> None:
    problem = only_problem(lambda s: s["network"].update(vpc={}))
    assert where(problem) == "network.vpc"
    assert "cidr: 192.168.0.0/16" in problem.remedy
    assert problems_of(dev_stack(lambda s: s["network"].update(vpc={"id": "vpc-1"}))) == ()


def test_a_vpc_that_exists_cant_be_renamed() -> None:
    path, _, remedy = one("network.vpc", id="vpc-1", name="shop")
    assert (path, "remove name" in remedy) == ("network.vpc.name", True)


def test_a_vswitch_that_exists_needs_a_vpc_that_exists() -> None:
    path, _, remedy = one("network.vswitches.apps", id="vsw-1")
    assert path == "network.vswitches.apps.id"
    assert "network.vpc" in remedy


# Hosts.


@pytest.mark.parametrize("ip", ["192.168.1", "x", "192.168.1.256", "192.168.1.1/24", "::1", ""])
def test_a_host_address_that_isnt_one_is_refused(ip: str) -> None:
    path, rule, _ = one("network.hosts.ecs1", ip=ip)
    assert (path, rule) == ("network.hosts.ecs1.ip", "an IPv4 address is needed here")


@pytest.mark.parametrize("ip", ["192.168.2.1", "10.0.0.1", "192.168.0.255"])
def test_a_host_outside_its_vswitch_is_refused(ip: str) -> None:
    path, rule, remedy = one("network.hosts.ecs1", ip=ip)
    assert path == "network.hosts.ecs1.ip"
    assert "apps is 192.168.1.0/24" in rule
    assert remedy == "use an address from 192.168.1.1 to 192.168.1.252"


@pytest.mark.parametrize("last", [0, 253, 254, 255])
def test_a_host_on_an_address_that_the_cloud_reserves_is_refused(last: int) -> None:
    path, rule, remedy = one("network.hosts.ecs1", ip=f"192.168.1.{last}")
    assert path == "network.hosts.ecs1.ip"
    assert "reserves" in rule
    assert remedy == "use an address from 192.168.1.1 to 192.168.1.252"


@pytest.mark.parametrize("last", [1, 100, 252])
def test_a_host_on_any_other_address_is_accepted(last: int) -> None:
    assert refused("network.hosts.ecs1", ip=f"192.168.1.{last}") in ([], [])


def test_a_host_on_another_hosts_address_is_refused() -> None:
    path, rule, _ = one("network.hosts", twin={"ip": "192.168.1.3", "vswitch": "apps"})
    assert path == "network.hosts.twin.ip"
    assert "ecs3 has it already" in rule


def test_a_host_on_another_hosts_instance_is_refused() -> None:
    first = {"ip": "192.168.1.11", "vswitch": "apps", "instanceId": "i-77"}
    path, rule, _ = one("network.hosts", one=first, two={**first, "ip": "192.168.1.12"})
    assert path == "network.hosts.two.instanceId"
    assert "one has it already" in rule


def test_a_host_in_an_unknown_vswitch_is_refused_with_the_nearest() -> None:
    path, _, remedy = one("network.hosts.ecs1", vswitch="aps")
    assert (path, remedy) == ("network.hosts.ecs1.vswitch", "did you mean apps?")


def test_a_host_is_created_or_exists_not_both() -> None:
    instance = {"type": "ecs.t6-c1m1.large", "image": "x"}
    path, _, remedy = one("network.hosts.ecs1", instanceId="i-1", instance=instance)
    assert (path, remedy) == ("network.hosts.ecs1.instance", "keep one of the two")
