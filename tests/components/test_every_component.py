"""What holds for every component, whichever way it is built."""

from collections.abc import Callable

import pulumi
import pytest

import components as c
from tests.mocked_cloud import Registered, run

TAGS = {"team": "shop"}
UNTAGGED = {
    "EipAssociation",
    "CommonBandwithPackageAttachment",
    "ForwardEntry",
    "SnatEntry",
    "SecurityGroupRule",
}


def network(opts: pulumi.ResourceOptions | None) -> None:
    c.Network(
        "net",
        {
            "vpc": {"vpc_name": "shop", "cidr_block": "10.0.0.0/8"},
            "vswitches": {
                "apps": {"cidr_block": "10.0.1.0/24", "zone_id": "cn-shanghai-a", "was": "old"}
            },
            "tags": TAGS,
        },
        opts,
    )


def existing_network(opts: pulumi.ResourceOptions | None) -> None:
    c.Network(
        "net",
        {
            "vpc": {"vpc_id": "vpc-1"},
            "vswitches": {
                "apps": {
                    "cidr_block": "10.0.1.0/24",
                    "zone_id": "cn-shanghai-a",
                    "vswitch_id": "vsw-1",
                },
                "new": {"cidr_block": "10.0.2.0/24", "zone_id": "cn-shanghai-a"},
            },
            "tags": TAGS,
        },
        opts,
    )


def nat_gateway(opts: pulumi.ResourceOptions | None) -> None:
    c.NatGateway(
        "gw",
        {
            "vpc_id": "vpc-1",
            "vswitch_id": "vsw-1",
            "gateway_name": "MyNatGW",
            "description": "My first NAT Gateway",
            "tags": TAGS,
        },
        opts,
    )


def shared_bandwidth(opts: pulumi.ResourceOptions | None) -> None:
    c.SharedBandwidth(
        "shared",
        {
            "nat_gateway_id": "ngw-1",
            "bandwidth": 150,
            "public_ips": {
                "ip1": {"address_name": "shop-ip1", "was": "first"},
                "ip2": {"spare": True},
                "ip3": {"allocation_id": "eip-1", "ip_address": "203.0.113.1"},
            },
            "tags": TAGS,
        },
        opts,
    )


def port_mappings(opts: pulumi.ResourceOptions | None) -> None:
    c.PortMappings(
        "map",
        {
            "forward_table_id": "ftb-1",
            "mappings": {
                "web": {
                    "external_ip": "203.0.113.1",
                    "external_port": "80",
                    "internal_ip": "10.0.1.1",
                    "internal_port": "8080",
                    "ip_protocol": "tcp",
                    "entry_name": "shop-web",
                    "was": "legacy",
                },
                "dns": {
                    "external_ip": "203.0.113.1",
                    "external_port": "5300/5310",
                    "internal_ip": "10.0.1.2",
                    "internal_port": "5300/5310",
                    "ip_protocol": "udp",
                    "port_break": True,
                },
            },
        },
        opts,
    )


def snat_egress(opts: pulumi.ResourceOptions | None) -> None:
    c.SnatEgress(
        "out",
        {
            "snat_table_id": "stb-1",
            "entries": {
                "apps": {"snat_ips": ["203.0.113.1"], "source_vswitch_id": "vsw-1", "was": "old"},
                "office": {
                    "snat_ips": ["203.0.113.1", "203.0.113.2"],
                    "source_cidr": "10.0.2.0/24",
                    "entry_name": "shop-office",
                },
            },
        },
        opts,
    )


def ecs_host(opts: pulumi.ResourceOptions | None) -> None:
    c.EcsHost(
        "host",
        {
            "vpc_id": "vpc-1",
            "vswitch_id": "vsw-1",
            "private_ip": "10.0.1.1",
            "instance_type": "ecs.t6-c1m1.large",
            "image_id": "aliyun_3.vhd",
            "instance_name": "shop-host",
            "key_pair_name": "ops",
            "ingress": {"tcp-80": {"ip_protocol": "tcp", "port_range": "80/80"}},
            "tags": TAGS,
        },
        opts,
    )


def ecs_host_with_given_security_groups(opts: pulumi.ResourceOptions | None) -> None:
    c.EcsHost(
        "host",
        {
            "vpc_id": "vpc-1",
            "vswitch_id": "vsw-1",
            "private_ip": "10.0.1.1",
            "instance_type": "ecs.t6-c1m1.large",
            "image_id": "aliyun_3.vhd",
            "security_group_ids": ["sg-1"],
            "tags": TAGS,
        },
        opts,
    )


BUILDS = [
    network,
    existing_network,
    nat_gateway,
    shared_bandwidth,
    port_mappings,
    snat_egress,
    ecs_host,
    ecs_host_with_given_security_groups,
]
Build = Callable[[pulumi.ResourceOptions | None], None]


def built(build: Build, opts: pulumi.ResourceOptions | None = None) -> Registered:
    return run(lambda: build(opts))


@pytest.mark.parametrize("build", BUILDS)
def test_every_child_has_the_component_as_its_parent_and_its_name_as_prefix(build: Build) -> None:
    made = built(build)
    (component,) = made.components
    assert made.resources
    for child in made.resources:
        assert child.parent == component.name
        assert child.name.startswith(f"{component.name}-")


@pytest.mark.parametrize("build", BUILDS)
def test_a_callers_parent_and_aliases_stay_with_the_component(build: Build) -> None:
    def program() -> None:
        owner = pulumi.ComponentResource("test:index:Owner", "owner")
        build(pulumi.ResourceOptions(parent=owner, aliases=[pulumi.Alias(name="before")]))

    made = run(program)
    component = next(one for one in made.components if one.name != "owner")
    assert component.parent == "owner"
    assert all(child.parent == component.name for child in made.resources)
    assert all("before" not in child.aliases for child in made.resources)


@pytest.mark.parametrize("build", BUILDS)
def test_every_input_is_one_that_the_provider_takes_and_none_is_deprecated(build: Build) -> None:
    for child in built(build).resources:
        fields = {field.camel: field for field in child.contract.inputs.values()}
        assert set(child.inputs) <= set(fields), child.name
        assert not [key for key in child.inputs if fields[key].deprecated], child.name


@pytest.mark.parametrize("build", BUILDS)
def test_no_required_input_is_missing_and_every_closed_value_is_allowed(build: Build) -> None:
    for child in built(build).resources:
        for field in child.contract.inputs.values():
            if field.required:
                assert field.camel in child.inputs, f"{child.name}.{field.camel}"
            if field.one_of and field.camel in child.inputs:
                assert child.inputs[field.camel] in field.one_of


@pytest.mark.parametrize("build", BUILDS)
def test_every_child_that_can_carry_tags_carries_them(build: Build) -> None:
    for child in built(build).resources:
        if child.kind in UNTAGGED:
            assert "tags" not in {field.camel for field in child.contract.inputs.values()}
        else:
            assert child.inputs["tags"] == TAGS, child.name


@pytest.mark.parametrize("build", BUILDS)
def test_names_don_t_depend_on_the_order_of_a_map(build: Build) -> None:
    assert sorted(one.name for one in built(build).all) == sorted(
        {one.name for one in built(build).all}
    )


@pytest.mark.parametrize("build", BUILDS)
def test_a_preview_registers_the_same_resources(build: Build) -> None:
    def names(made: Registered) -> list[str]:
        return sorted(one.name for one in made.all)

    assert names(run(lambda: build(None), preview=True)) == names(built(build))


@pytest.mark.parametrize("build", BUILDS)
def test_no_component_makes_a_provider(build: Build) -> None:
    assert not [one for one in built(build).all if one.type.startswith("pulumi:providers:")]


def test_every_component_of_the_package_is_built_here() -> None:
    public = {name for name in c.__all__ if isinstance(getattr(c, name), type)}
    kinds = {name for name in public if issubclass(getattr(c, name), pulumi.ComponentResource)}
    assert {one.kind for build in BUILDS for one in built(build).components} == kinds
