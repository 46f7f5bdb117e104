"""What is cut into parts is judged as a whole: at one address, one host, one group, one server."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_policy import PolicyResource
from pulumi_policy.proxy import UnknownValueError

from facts import kinds
from judging.ways import everyone
from tests.policy.resources import UNKNOWN, Told, judged_stack, stack_resource
from tests.policy.test_policy_ways_in import mapped, opened

LOWER, UPPER = "1/32767", "32768/65535"
HALVES = ("0.0.0.0/1", "128.0.0.0/1")
EIGHTHS = [f"{first}.0.0.0/8" for first in range(256)]
PREFIX_LIST = "alicloud:ecs/ecsPrefixList:EcsPrefixList"


def whole(*resources: PolicyResource, exempt: Sequence[str] = ()) -> Told:
    return judged_stack("nat-every-port", resources, {"exempt": [*exempt]})


def groups(rule: str, *resources: PolicyResource, exempt: Sequence[str] = ()) -> Told:
    return judged_stack(f"security-group-{rule}", resources, {"exempt": [*exempt]})


# Port mappings.


def test_two_mappings_of_one_address_that_are_every_port_are_found() -> None:
    ((name, told),) = whole(mapped("a", LOWER), mapped("b", UPPER))
    assert name == "a"
    assert told.startswith(
        "a maps tcp 1-32767 and b tcp 32768-65535, together every port of 198.51.100.1, for every"
    )


def test_one_port_less_is_not_every_port() -> None:
    assert whole(mapped("a", "1/32767"), mapped("b", "32769/65535")) == []
    assert whole(mapped("a", LOWER), mapped("b", UPPER, "udp")) == []


def test_an_address_is_the_same_by_its_eip_whatever_its_value_will_be() -> None:
    eip = stack_resource(kinds.EIP, "ip1", {})

    def half(name: str, ports: str, host: str) -> PolicyResource:
        inputs = {
            "ipProtocol": "tcp",
            "externalPort": ports,
            "externalIp": UNKNOWN,
            "internalIp": host,
            "internalPort": ports,
        }
        return stack_resource(kinds.FORWARD_ENTRY, name, inputs, externalIp=eip)

    entries = [half("a", LOWER, "192.168.1.1"), half("b", UPPER, "192.168.1.2")]
    assert [name for name, _ in whole(eip, *entries)] == ["a"]


def test_two_addresses_that_lead_to_every_port_of_one_host_are_found() -> None:
    other = {"externalIp": "198.51.100.2"}
    ((_, told),) = whole(mapped("a", LOWER), mapped("b", UPPER, **other))
    assert "together every port of 192.168.1.1" in told
    # By public ports that are alike, to the two halves of the host.
    moved = {"externalIp": "198.51.100.2", "externalPort": LOWER}
    assert whole(mapped("a", LOWER), mapped("b", UPPER, **moved))
    assert whole(mapped("a", LOWER), mapped("b", UPPER, internalIp="192.168.1.2", **other)) == []


def test_hosts_of_two_networks_may_have_one_address() -> None:
    def entry(name: str, ports: str, network: str) -> Iterator[PolicyResource]:
        vpc = stack_resource(kinds.VPC, network, {})
        gateway = stack_resource(kinds.NAT_GATEWAY, f"{network}-nat", {"vpcId": UNKNOWN}, vpcId=vpc)
        inputs = {
            "ipProtocol": "tcp",
            "externalPort": ports,
            "externalIp": f"198.51.100.{len(name)}",
            "internalIp": "192.168.1.1",
            "internalPort": ports,
            "forwardTableId": UNKNOWN,
        }
        yield from (vpc, gateway)
        yield stack_resource(kinds.FORWARD_ENTRY, name, inputs, forwardTableId=gateway)

    assert whole(*entry("a", LOWER, "one"), *entry("bb", UPPER, "two")) == []
    assert whole(*entry("a", LOWER, "one"), *entry("bb", UPPER, "one"))


def test_each_that_maps_every_port_alone_is_told_and_its_neighbours_arent() -> None:
    found = whole(mapped("a", "any", "any"), mapped("b", "1/65535"), mapped("web", "80"))
    assert [name for name, _ in found] == ["a", "b"]


def test_what_is_exempt_is_no_excuse_for_the_others() -> None:
    entries = [mapped("a", "any", "any"), mapped("web", "80")]
    assert whole(*entries, exempt=["a: any"]) == []
    assert whole(*entries, exempt=["a: tcp 22"])
    halves = [mapped("a", LOWER), mapped("b", UPPER)]
    assert whole(*halves, exempt=["a: tcp 1-32767"])
    assert whole(*halves, exempt=["a: tcp 1-32767", "b: tcp 32768-65535"]) == []
    assert whole(*halves, exempt=["a: any", "b: any"]) == []


@given(cuts=st.sets(st.integers(2, 65535), min_size=1, max_size=12), missing=st.booleans())
def test_however_every_port_is_cut_it_is_found_unless_a_part_is_missing(
    cuts: set[int], *, missing: bool
) -> None:
    ends = [1, *sorted(cuts), 65536]
    parts = [
        mapped(f"part{index}", f"{first}/{after - 1}")
        for index, (first, after) in enumerate(pairwise(ends))
    ]
    assert len(whole(*parts[missing:])) == (0 if missing else 1)


def test_a_port_that_nobody_knows_yet_doesnt_hide_what_the_others_open() -> None:
    told: Told = []
    entries = [mapped("a", LOWER), mapped("b", UPPER), mapped("c", "80", internalPort=UNKNOWN)]
    with pytest.raises(UnknownValueError) as unknown:
        judged_stack("nat-every-port", entries, told=told)
    assert "internalPort" in unknown.value.message
    assert [name for name, _ in told] == ["a"]


# Security groups.


def test_a_group_that_is_opened_by_halves_of_ports_is_found() -> None:
    halves = [
        opened(name, portRange=ports, cidrIp="0.0.0.0/0")
        for name, ports in (("a", LOWER), ("b", UPPER))
    ]
    ((_, told),) = groups("open", *halves)
    assert "a opens tcp 1-32767 and b tcp 32768-65535, together every port" in told
    assert "to everyone (0.0.0.0/0)" in told


def test_a_group_that_is_opened_to_everyone_by_parts_is_found() -> None:
    parts = [opened(f"p{cidr}", portRange="22/22", cidrIp=cidr) for cidr in EIGHTHS]
    ((_, told),) = groups("risky-ports", *parts)
    assert "opens 22 (SSH) to everyone (0.0.0.0/8, 1.0.0.0/8, 10.0.0.0/8" in told
    assert "and 252 more" in told
    wide = [opened(f"p{cidr}", portRange="-1/-1", cidrIp=cidr) for cidr in EIGHTHS]
    assert len(groups("open", *wide)) == 1
    assert groups("risky-ports", *wide) == []


def test_halves_of_the_internet_for_halves_of_the_ports_are_each_found() -> None:
    rules = [
        opened(f"{cidr} {ports}", portRange=ports, cidrIp=cidr)
        for cidr in HALVES
        for ports in (LOWER, UPPER)
    ]
    assert groups("open", *rules)


def test_a_server_in_two_groups_is_open_by_both() -> None:
    rules = [
        opened("a", portRange=LOWER, cidrIp="0.0.0.0/0", securityGroupId="sg-1"),
        opened("b", portRange=UPPER, cidrIp="0.0.0.0/0", securityGroupId="sg-2"),
    ]
    assert groups("open", *rules) == []
    for kind, key in ((kinds.INSTANCE, "securityGroups"), (kinds.ENI, "securityGroupIds")):
        server = stack_resource(kind, "shop", {key: ["sg-1", "sg-2"]})
        ((_, told),) = groups("open", *rules, server)
        assert "together every port of shop" in told
        elsewhere = stack_resource(kind, "shop", {key: ["sg-1", "sg-3"]})
        assert groups("open", *rules, elsewhere) == []


def test_a_group_is_the_same_by_its_resource_whatever_its_id_will_be() -> None:
    group = stack_resource(kinds.SECURITY_GROUP, "group", {})
    rules = [
        stack_resource(
            kinds.SECURITY_GROUP_RULE,
            name,
            {**RULE_INPUTS, "portRange": ports, "securityGroupId": UNKNOWN},
            securityGroupId=group,
        )
        for name, ports in (("a", LOWER), ("b", UPPER))
    ]
    assert len(groups("open", group, *rules)) == 1


RULE_INPUTS: Mapping[str, object] = {
    "type": "ingress",
    "ipProtocol": "tcp",
    "policy": "accept",
    "cidrIp": "0.0.0.0/0",
}


@pytest.mark.parametrize("known", [True, False])
def test_a_prefix_list_of_the_stack_is_spelt_out(*, known: bool) -> None:
    entries = [{"cidr": cidr} for cidr in HALVES]
    listed = stack_resource(PREFIX_LIST, "all", {"id": "pl-1", "entries": entries})
    by_list = {"portRange": "22/22", "prefixListId": "pl-1" if known else UNKNOWN}
    rule = stack_resource(
        kinds.SECURITY_GROUP_RULE,
        "it",
        {**RULE_INPUTS, "cidrIp": "", "securityGroupId": "sg-1", **by_list},
        prefixListId=listed,
    )
    ((_, told),) = groups("risky-ports", listed, rule)
    assert "22 (SSH) to everyone" in told
    ours = stack_resource(PREFIX_LIST, "all", {"id": "pl-1", "entries": [{"cidr": "10.0.0.0/8"}]})
    assert groups("risky-ports", ours, rule) == []


def test_a_rule_of_a_group_is_exempt_with_its_port() -> None:
    rules = [opened("a", portRange="22/22", cidrIp="0.0.0.0/0")]
    assert groups("risky-ports", *rules, exempt=["a: tcp 22"]) == []
    assert groups("risky-ports", *rules, exempt=["a: tcp 3389"])
    both = [*rules, opened("b", portRange="3389/3389", cidrIp="0.0.0.0/0")]
    assert [name for name, _ in groups("risky-ports", *both, exempt=["*: tcp 22"])] == ["b"]


# Everyone, by parts.


@pytest.mark.parametrize(
    "sources",
    [
        ["0.0.0.0/1", "128.0.0.0/1"],
        ["0.0.0.0/0"],
        ["8.0.0.0/8", "9.0.0.0/8"],
        EIGHTHS,
        ["2000::/3"],
        [f"{first:x}00::/8" for first in range(0x20, 0x40)],
        [f"2{part:03x}::/16" for part in range(0x600)],
    ],
)
def test_parts_of_everyone_are_everyone(sources: list[str]) -> None:
    assert everyone(sources)


@pytest.mark.parametrize(
    "sources",
    [
        [],
        ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
        ["8.0.0.0/8", "10.0.0.0/8"],
        ["8.0.0.0/8", "8.128.0.0/9", "8.0.0.0/8"],
        [f"203.0.{part}.0/24" for part in range(256)],
        ["sg-1", "pl-1", "not an address"],
        ["2001:db8::/32", "fd00::/16", "fe80::/16"],
    ],
)
def test_what_somebody_may_well_mean_is_not_everyone(sources: list[str]) -> None:
    assert not everyone(sources)
