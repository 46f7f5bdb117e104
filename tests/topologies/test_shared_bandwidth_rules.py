"""What a gateway, its package, addresses and egress may not say, one rule a test."""

from typing import Any

import pytest

from tests.stackfiles import (
    DEV,
    Edit,
    dev_stack,
    edited,
    one,
    only_problem,
    problems_of,
    refused,
    warnings_of,
    where,
)

Settings = dict[str, Any]


def section(settings: Settings) -> Settings:
    return settings["sharedBandwidth"]


def mappings(settings: Settings) -> Settings:
    return section(settings)["portMappings"]


# Names, descriptions, bandwidth.


@pytest.mark.parametrize("name", ["a", "1gw", "a b", "x" * 129, "http://x", "gw\n", "é-gw"])
def test_a_name_that_the_cloud_refuses_is_refused(name: str) -> None:
    for place in ("sharedBandwidth.natGateway", "network.vpc"):
        path, rule, _ = one(place, name=name)
        assert path == f"{place}.name"
        assert "2 to 128 characters" in rule


@pytest.mark.parametrize("name", ["gw", "我的网关", "x" * 128, "a.b_c-d"])
def test_a_name_that_the_cloud_takes_is_accepted(name: str) -> None:
    assert refused("sharedBandwidth.natGateway", name=name) == []


@pytest.mark.parametrize(
    ("description", "remedy"),
    [("x", "write a little more"), ("x" * 257, "shorten it"), ("https://x.example", "put a word")],
)
def test_a_description_that_the_cloud_refuses_is_refused(description: str, remedy: str) -> None:
    for place in ("sharedBandwidth.natGateway", "sharedBandwidth.publicIps.ip1"):
        path, _, told = one(place, description=description)
        assert path == f"{place}.description"
        assert told.startswith(remedy)


@pytest.mark.parametrize("key", ["1web", "a b", "x" * 64, "é", "a/b", ""])
def test_a_key_that_can_be_no_name_is_refused(key: str) -> None:
    problem = only_problem(
        lambda s: mappings(s).update({key: {"publicIp": "ip3", "port": 81, "host": "ecs3"}})
    )
    assert problem.path == ("sharedBandwidth", "portMappings", key)
    assert "1 to 63 characters" in problem.rule


@pytest.mark.parametrize("bandwidth", [0, -5, 1001, 10**6])
def test_bandwidth_out_of_range_is_refused(bandwidth: int) -> None:
    path, rule, remedy = one("sharedBandwidth", bandwidth=bandwidth)
    assert path == "sharedBandwidth.bandwidth"
    assert "1 to 1000 Mbit/s" in rule
    assert "quotas.bandwidthPerPackage" in remedy


@pytest.mark.parametrize("bandwidth", [1, 1000])
def test_bandwidth_in_range_is_accepted(bandwidth: int) -> None:
    assert refused("sharedBandwidth", bandwidth=bandwidth) == []


@pytest.mark.parametrize("bandwidth", ["150", 1.5, True, "150 Mbit/s"])
def test_bandwidth_that_isnt_a_whole_number_is_refused(bandwidth: object) -> None:
    path, rule, remedy = one("sharedBandwidth", bandwidth=bandwidth)
    assert path == "sharedBandwidth.bandwidth"
    assert rule.startswith("a whole number is needed here")
    quoted = ", without quotes" if bandwidth == "150" else ""
    assert remedy == f"write 150{quoted}"


def test_a_package_needs_bandwidth_unless_it_exists() -> None:
    problem = only_problem(lambda s: section(s).pop("bandwidth"))
    assert where(problem) == "sharedBandwidth.bandwidth"
    exists = {"id": "cbwp-1"}
    path, _, _ = one("sharedBandwidth", bandwidthPackage=exists)
    assert path == "sharedBandwidth.bandwidth"
    text = dev_stack(
        lambda s: (section(s).pop("bandwidth"), section(s).update(bandwidthPackage=exists))
    )
    assert problems_of(text) == ()


# The gateway.


def test_a_new_gateway_needs_a_vswitch_that_the_network_has() -> None:
    assert one("sharedBandwidth", natGateway={})[0] == "sharedBandwidth.natGateway.vswitch"
    path, _, remedy = one("sharedBandwidth.natGateway", vswitch="app")
    assert (path, remedy) == ("sharedBandwidth.natGateway.vswitch", "did you mean apps?")


def test_a_gateway_that_exists_needs_the_ids_of_its_tables() -> None:
    assert refused("sharedBandwidth", natGateway={"id": "ngw-1"}) == [
        ("sharedBandwidth.natGateway.forwardTableId", None),
        ("sharedBandwidth.natGateway.snatTableId", None),
    ]
    tables = {"id": "ngw-1", "forwardTableId": "ftb-1", "snatTableId": "stb-1"}
    assert refused("sharedBandwidth", natGateway=tables) == []


def test_a_vswitch_too_small_for_the_gateways_addresses_is_refused() -> None:
    small = {"cidr": "192.168.9.0/29", "zone": "cn-shanghai-a"}  # eight addresses, four reserved
    text = dev_stack(
        lambda s: (
            s["network"]["vswitches"].update(edge=small),
            section(s)["natGateway"].update(vswitch="edge"),
        )
    )
    assert problems_of(text) == ()
    ((path, value),) = [
        (where(p), p.value) for p in problems_of(text.replace("ip6: {}", "ip6: {}\n      ip7: {}"))
    ]
    assert (path, value) == ("sharedBandwidth.natGateway.vswitch", "edge")


@pytest.mark.parametrize("lanes", [0, 6, "2"])
def test_lanes_are_one_to_five(lanes: object) -> None:
    assert one("sharedBandwidth.natGateway", lanes=lanes)[0] == "sharedBandwidth.natGateway.lanes"


# Addresses, egress, renames, tags.


def test_an_address_that_exists_is_named_by_id_and_address() -> None:
    assert one("sharedBandwidth.publicIps", a={"id": "eip-1"})[0].endswith("a.address")
    assert one("sharedBandwidth.publicIps", a={"address": "203.0.113.9"})[0].endswith("a.id")
    both = {"id": "eip-1", "address": "203.0.113.9"}
    assert refused("sharedBandwidth.publicIps", a=both) == []
    path, rule, _ = one("sharedBandwidth.publicIps", a=both, b=both)
    assert path == "sharedBandwidth.publicIps.b.id"
    assert "a is eip-1 already" in rule


def test_an_egress_has_one_source() -> None:
    for entry in ({}, {"vswitch": "apps", "cidr": "192.168.1.0/25"}):
        found = refused("sharedBandwidth", egress={"out": {**entry, "publicIps": ["ip6"]}})
        assert found == [("sharedBandwidth.egress.out", None)]


def test_two_egress_entries_with_one_source_are_refused() -> None:
    same = {"cidr": "192.168.1.0/24", "publicIps": ["ip6"]}
    path, rule, _ = one("sharedBandwidth.egress", again=same)
    assert path == "sharedBandwidth.egress.again"
    assert "apps has 192.168.1.0/24 already" in rule


@pytest.mark.parametrize("names", [["ip9"], ["ip6", "ip6"], []])
def test_egress_needs_known_addresses_each_once(names: list[str]) -> None:
    path, _, _ = one("sharedBandwidth.egress.apps", publicIps=names)
    assert path.startswith("sharedBandwidth.egress.apps.publicIps")


def test_a_rename_from_an_entry_that_is_still_here_is_refused() -> None:
    path, rule, _ = one("sharedBandwidth.portMappings.web", was="web-tls")
    assert path == "sharedBandwidth.portMappings.web.was"
    assert "still here" in rule


def test_two_renames_from_one_entry_are_refused() -> None:
    text = dev_stack(
        lambda s: (mappings(s)["web"].update(was="old"), mappings(s)["web-tls"].update(was="old"))
    )
    (problem,) = problems_of(text)
    assert problem.path[-2:] == ("web-tls", "was")


@pytest.mark.parametrize(
    "tags",
    [{f"k{n}": "v" for n in range(21)}, {"k" * 129: "v"}, {"k": "v" * 129}, {"aliyun-x": "v"},
     {"acs:x": "v"}, {"k": "http://x"}],
)  # fmt: skip
def test_tags_that_the_cloud_refuses_are_refused(tags: Settings) -> None:
    ((path, _),) = refused("", tags=tags)
    assert path.startswith("tags")


# Warnings.


@pytest.mark.parametrize(
    ("port", "protocol", "service"),
    [(22, "tcp", "22 (SSH)"), ("20-30", "tcp", "22 (SSH), 23 (Telnet)"), (3389, "tcp", "RDP"),
     (161, "udp", "161 (SNMP)")],
)  # fmt: skip
def test_a_risky_port_open_to_the_world_is_a_warning(
    port: object, protocol: str, service: str
) -> None:
    new: Settings = {"publicIp": "ip3", "port": port, "protocol": protocol, "host": "ecs5"}
    (warning,) = warnings_of(edited("sharedBandwidth.portMappings", jump=new))
    assert where(warning) == "sharedBandwidth.portMappings.jump.port"
    assert f"jump opens {service}" in warning.rule or service in warning.rule
    assert "acknowledged: true in jump" in warning.remedy
    assert warning.line is not None
    known = {**new, "acknowledged": True}
    assert warnings_of(edited("sharedBandwidth.portMappings", jump=known)) == ()


def test_an_address_mapped_whole_is_a_warning_unless_acknowledged() -> None:
    (warning,) = warnings_of(DEV.replace(", acknowledged: true", ""))
    assert where(warning) == "sharedBandwidth.portMappings.app1"
    assert "every port of ecs1" in warning.rule


@pytest.mark.parametrize(("port", "protocol"), [(80, "tcp"), (22, "udp"), ("23-24", "udp")])
def test_other_ports_are_no_warning(port: object, protocol: str) -> None:
    new = {"publicIp": "ip6", "port": port, "protocol": protocol, "host": "ecs5"}
    assert warnings_of(edited("sharedBandwidth.portMappings", new=new)) == ()


def test_an_address_that_nothing_uses_is_a_warning() -> None:
    (warning,) = warnings_of(edited("sharedBandwidth.publicIps", idle=None))
    assert where(warning) == "sharedBandwidth.publicIps.idle"
    assert "spare: true" in warning.remedy


# Servers that nobody creates.


def of_each_host(**changes: object) -> Edit:
    """An edit after which no host has an instance, but for these changes."""

    def edit(settings: Settings) -> None:
        for host in settings["network"]["hosts"].values():
            host.pop("instanceId", None)
            host.update(changes)

    return edit


def test_ports_mapped_to_servers_that_nothing_creates_are_one_warning_in_a_vpc_that_is_new() -> (
    None
):
    (warning,) = warnings_of(dev_stack(of_each_host()))
    assert where(warning) == "network.hosts"
    assert warning.value == "ecs1, ecs3, ecs4"  # ecs2 and ecs5 have no mapping
    assert warning.line is not None
    assert "instance" in warning.remedy


def test_only_the_servers_that_are_missing_are_told() -> None:
    def without_one(settings: Settings) -> None:
        del settings["network"]["hosts"]["ecs3"]["instanceId"]

    (warning,) = warnings_of(dev_stack(without_one))
    assert warning.value == "ecs3"


def test_of_many_servers_that_are_missing_some_are_told_and_how_many_more() -> None:
    def many(settings: Settings) -> None:
        of_each_host()(settings)
        for n in range(6):
            settings["network"]["hosts"][f"more{n}"] = {
                "ip": f"192.168.1.{n + 10}",
                "vswitch": "apps",
            }
            mapping = {"publicIp": "ip3", "port": 20000 + n, "host": f"more{n}"}
            mappings(settings)[f"more{n}"] = mapping

    (warning,) = warnings_of(dev_stack(many))
    assert warning.value == "ecs1, ecs3, ecs4, more0, more1 and 4 more"


def test_a_server_that_exists_or_is_created_is_no_warning() -> None:
    assert warnings_of(DEV) == ()  # its hosts have an instanceId
    created = {"type": "ecs.g7.large", "image": "aliyun_3.vhd"}
    assert warnings_of(dev_stack(of_each_host(instance=created))) == ()


def test_in_a_vpc_that_exists_servers_may_be_there() -> None:
    def existing(settings: Settings) -> None:
        of_each_host()(settings)
        settings["network"]["vpc"] = {"id": "vpc-1"}
        settings["network"]["vswitches"]["apps"]["id"] = "vsw-1"

    assert warnings_of(dev_stack(existing)) == ()


# Addresses of another stack.

ELSEWHERE = {"id": "eip-9", "address": "203.0.113.9", "bound": True}


def on_a_gateway_that_exists(settings: Settings) -> None:
    section(settings)["natGateway"] = {
        "id": "ngw-1",
        "forwardTableId": "ftb-1",
        "snatTableId": "stb-1",
    }


def test_an_address_that_another_stack_has_bound_is_mapped_as_any_other() -> None:
    def edit(settings: Settings) -> None:
        on_a_gateway_that_exists(settings)
        section(settings)["publicIps"]["front"] = ELSEWHERE
        mappings(settings)["door"] = {"publicIp": "front", "port": 8443, "host": "ecs1"}

    text = dev_stack(edit)
    assert problems_of(text) == ()
    assert not [told for told in warnings_of(text) if "front" in where(told)]


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ({"bound": True}, "an address that is bound already is one that exists"),
        ({**ELSEWHERE, "spare": True}, "an address that is bound already isn't spare"),
    ],
)
def test_what_isnt_there_or_is_spare_cant_be_bound_already(address: Settings, rule: str) -> None:
    def edit(settings: Settings) -> None:
        on_a_gateway_that_exists(settings)
        section(settings)["publicIps"]["front"] = address

    problem = only_problem(edit)
    assert (where(problem), problem.rule) == ("sharedBandwidth.publicIps.front.bound", rule)


def test_nothing_is_bound_already_to_a_gateway_that_is_created() -> None:
    path, rule, _ = one("sharedBandwidth.publicIps", front=ELSEWHERE)
    assert path == "sharedBandwidth.publicIps.front.bound"
    assert rule == "nothing is bound already to a gateway that is created here"


def test_an_address_for_others_is_no_forgotten_one() -> None:
    forgotten = edited("sharedBandwidth.publicIps", front={})
    meant = edited("sharedBandwidth.publicIps", front={"acknowledged": True})
    (told,) = [w for w in warnings_of(forgotten) if where(w) == "sharedBandwidth.publicIps.front"]
    assert "acknowledged: true" in told.remedy
    assert not [w for w in warnings_of(meant) if where(w) == "sharedBandwidth.publicIps.front"]
