"""What servers may not say about their network interfaces, one rule a test."""

import pytest

from tests.stackfiles import problems_of, warnings_of, where
from tests.topologies.unified import gone, only, only_warning, put, unified_stack

U = "unifiedEgress"
WEB1, WEB2 = f"{U}.servers.web1", f"{U}.servers.web2"
INSTANCE = "network.hosts.ecs1.instance"


def addresses(count: int) -> list[str]:
    return [f"192.168.3.{100 + number}" for number in range(count)]


# Where it lies.


def test_an_interface_lies_in_a_vswitch_that_is_defined() -> None:
    problem = only(unified_stack(put(f"{WEB1}.eni", vswitch="app")))
    assert (where(problem), problem.value) == (f"{WEB1}.eni.vswitch", "app")
    assert problem.remedy == "did you mean apps?"


def test_an_interface_lies_in_its_instances_zone() -> None:
    problem = only(unified_stack(put(f"{WEB1}.eni", vswitch="far", ip="192.168.5.11")))
    assert (where(problem), problem.value) == (f"{WEB1}.eni.vswitch", "far")
    assert "ecs1 is in cn-shanghai-a and far in cn-shanghai-b" in problem.rule
    assert problem.remedy == "use a vSwitch of cn-shanghai-a: apps, doors"
    fixed = put(f"{WEB1}.eni", vswitch="doors", ip="192.168.4.11")
    assert problems_of(unified_stack(fixed)) == ()


# Its addresses.


@pytest.mark.parametrize("ip", ["192.168.3", "192.168.3.256", "x", "::1", "192.168.3.11/24"])
def test_an_interfaces_address_is_one(ip: str) -> None:
    for entry, key in (({"ip": ip}, "ip"), ({"secondaryIps": [ip]}, "secondaryIps.0")):
        problem = only(unified_stack(put(f"{WEB1}.eni", **entry)))
        assert (where(problem), problem.value) == (f"{WEB1}.eni.{key}", ip)
        assert problem.rule == "an IPv4 address is needed here"


@pytest.mark.parametrize("ip", ["192.168.4.11", "10.0.0.1", "192.168.2.255"])
def test_an_interfaces_address_lies_in_its_vswitch(ip: str) -> None:
    for entry, key in (({"ip": ip}, "ip"), ({"secondaryIps": [ip]}, "secondaryIps.0")):
        problem = only(unified_stack(put(f"{WEB1}.eni", **entry)))
        assert (where(problem), problem.value) == (f"{WEB1}.eni.{key}", ip)
        assert "a network interface's address lies in its vSwitch" in problem.rule
        assert problem.remedy == "use an address from 192.168.3.1 to 192.168.3.252"


@pytest.mark.parametrize("last", [0, 253, 254, 255])
def test_an_interfaces_address_isnt_one_that_the_cloud_reserves(last: int) -> None:
    problem = only(unified_stack(put(f"{WEB1}.eni", ip=f"192.168.3.{last}")))
    assert (where(problem), problem.value) == (f"{WEB1}.eni.ip", f"192.168.3.{last}")
    assert "reserves" in problem.rule
    assert problem.remedy == "use an address from 192.168.3.1 to 192.168.3.252"


def test_an_interface_doesnt_have_a_hosts_address() -> None:
    for taken, host in (("192.168.3.10", "ecs1"), ("192.168.3.20", "ecs2")):
        problem = only(unified_stack(put(f"{WEB1}.eni", ip=taken)))
        assert (where(problem), problem.value) == (f"{WEB1}.eni.ip", taken)
        assert f"network.hosts.{host} has {taken} already" in problem.rule


def test_an_interface_doesnt_have_another_interfaces_address() -> None:
    problem = only(unified_stack(put(f"{WEB2}.eni", vswitch="apps", ip="192.168.3.11")))
    assert (where(problem), problem.value) == (f"{WEB2}.eni.ip", "192.168.3.11")
    assert "unifiedEgress.servers.web1.eni.ip has 192.168.3.11 already" in problem.rule
    free = put(f"{WEB2}.eni", vswitch="apps", ip="192.168.3.12")
    assert problems_of(unified_stack(free)) == ()


@pytest.mark.parametrize("more", [["192.168.3.11"], ["192.168.3.12", "192.168.3.12"]])
def test_an_interface_has_each_address_once(more: list[str]) -> None:
    problem = only(unified_stack(put(f"{WEB1}.eni", secondaryIps=more)))
    assert problem.path[:-1] == ("unifiedEgress", "servers", "web1", "eni", "secondaryIps")
    assert problem.value == more[-1]
    assert problem.remedy == "choose a free one"


# How many a type takes.


def test_an_instance_takes_no_more_interfaces_than_its_type_has() -> None:
    second = put(WEB2, host="ecs1", routeTable=102)
    assert problems_of(unified_stack(second)) == ()
    small = put(INSTANCE, type="ecs.g6.large")
    problem = only(unified_stack(second, small))
    assert (where(problem), problem.value) == (f"{WEB2}.host", "ecs1")
    assert "ecs1 (ecs.g6.large) takes 2 network interfaces, its first one included" in problem.rule
    assert "would get 3" in problem.rule
    assert problem.remedy == "choose a larger instance type, or remove one of web1, web2"
    for fixed in (put(INSTANCE, type="ecs.g6.xlarge"), gone(WEB2)):
        assert problems_of(unified_stack(second, small, fixed)) == ()


def test_what_a_host_says_about_its_instance_is_believed() -> None:
    problem = only(unified_stack(put("network.hosts.ecs2", eniQuantity=1)))
    assert (where(problem), problem.value) == (f"{WEB2}.host", "ecs2")
    assert "ecs2 (instance) takes 1 network interfaces" in problem.rule
    second = put(WEB1, host="ecs2", routeTable=102)
    assert "would get 3" in only(unified_stack(second)).rule
    assert problems_of(unified_stack(second, put("network.hosts.ecs2", eniQuantity=3))) == ()


def test_what_a_host_says_goes_over_what_is_known_of_its_type() -> None:
    text = unified_stack(put("network.hosts.ecs1", eniQuantity=1))
    assert "ecs1 (ecs.g7.large) takes 1 network interfaces" in only(text).rule
    two = [put(WEB2, host="ecs1", routeTable=102), put(INSTANCE, type="ecs.g6.large")]
    assert problems_of(unified_stack(*two, put("network.hosts.ecs1", eniQuantity=3))) == ()


@pytest.mark.parametrize("quantity", [0, "2"])
def test_a_quantity_of_interfaces_is_a_number(quantity: object) -> None:
    problem = only(unified_stack(put("network.hosts.ecs2", eniQuantity=quantity)))
    assert (where(problem), problem.value) == ("network.hosts.ecs2.eniQuantity", quantity)


def test_a_type_that_isnt_known_here_is_a_warning() -> None:
    unknown = put(INSTANCE, type="ecs.z9.large")
    warning = only_warning(unified_stack(unknown))
    assert (where(warning), warning.value) == (f"{WEB1}.host", "ecs1")
    assert "ecs1 gets 2 network interfaces, and how many the type ecs.z9.large" in warning.rule
    assert warning.remedy.endswith("say it: eniQuantity: 2 in network.hosts.ecs1")
    assert warnings_of(unified_stack(unknown, put("network.hosts.ecs1", eniQuantity=2))) == ()


def test_an_instance_that_exists_has_a_type_that_isnt_known_here() -> None:
    warning = only_warning(unified_stack(gone("network.hosts.ecs2.eniQuantity")))
    assert (where(warning), warning.value) == (f"{WEB2}.host", "ecs2")
    assert "how many its type takes" in warning.rule


@pytest.mark.parametrize(("type_", "most"), [("ecs.g7.large", 6), ("ecs.u1-c1m2.large", 6)])
def test_an_interface_has_no_more_addresses_than_its_type_takes(type_: str, most: int) -> None:
    instance = put(INSTANCE, type=type_)
    fits = put(f"{WEB1}.eni", secondaryIps=addresses(most - 1))
    assert problems_of(unified_stack(instance, fits)) == ()
    problem = only(unified_stack(instance, put(f"{WEB1}.eni", secondaryIps=addresses(most))))
    assert where(problem) == f"{WEB1}.eni.secondaryIps"
    assert problem.value == f"{most} secondary addresses"
    assert f"of {type_} has at most {most} private addresses" in problem.rule


def test_an_interface_has_no_more_addresses_than_the_cloud_creates_it_with() -> None:
    large = put(INSTANCE, type="ecs.g7.8xlarge")
    ten = put(f"{WEB1}.eni", secondaryIps=addresses(10))
    assert problems_of(unified_stack(large, ten)) == ()
    problem = only(unified_stack(large, put(f"{WEB1}.eni", secondaryIps=addresses(11))))
    assert where(problem) == f"{WEB1}.eni.secondaryIps"


@pytest.mark.parametrize("type_", ["ecs.t6-c1m1.large", "ecs.t5-lc1m2.small", "ecs.e-c1m2.large"])
def test_a_created_instance_of_a_small_type_runs_and_takes_no_interface(type_: str) -> None:
    problem = only(unified_stack(put(INSTANCE, type=type_)))
    assert (where(problem), problem.value) == (f"{WEB1}.host", "ecs1")
    assert f"{type_} takes a second network interface only while it is stopped" in problem.rule
    assert "network.hosts.ecs1.instance, such as ecs.u1-c1m1.large" in problem.remedy
    assert problems_of(unified_stack(put(INSTANCE, type="ecs.u1-c1m1.large"))) == ()


def test_a_larger_entry_level_type_takes_an_interface_while_it_runs() -> None:
    assert problems_of(unified_stack(put(INSTANCE, type="ecs.t6-c1m4.xlarge"))) == ()
