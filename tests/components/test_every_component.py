"""What holds for every component, whichever way it is built."""

from collections.abc import Callable
from functools import cache

import pulumi
import pytest
from syrupy.assertion import SnapshotAssertion

import components as c
from facts.contract import contract_of
from tests.components.api_builds import API_BUILDS
from tests.components.builds import (
    TAGS,
    alarm,
    critical_alarm,
    ecs_host,
    ecs_host_with_given_security_groups,
    eip_addresses,
    eip_addresses_in_a_package,
    eni_attachment,
    eni_attachment_with_given_security_groups,
    eni_public_ips,
    eni_routing,
    existing_network,
    flow_log,
    guarded_eip_addresses,
    guarded_nat_gateway,
    guarded_shared_bandwidth,
    nat_gateway,
    network,
    plain_eni_routing,
    plain_flow_log,
    port_mappings,
    shared_bandwidth,
    snat_egress,
)
from tests.components.cen_builds import CEN_BUILDS
from tests.components.vpn_builds import VPN_BUILDS
from tests.mocked_cloud import Registered, run
from tests.registrations import told

UNTAGGED = {
    "EipAssociation",
    "CommonBandwithPackageAttachment",
    "ForwardEntry",
    "SnatEntry",
    "SecurityGroupRule",
    "EcsNetworkInterfaceAttachment",
    "Command",
    "EcsInvocation",
    "alicloud:apigateway/instance:Instance",  # by its type: an ECS instance is an Instance too
    "Group",
    "Api",
    "AppAttachment",
    "PluginAttachment",
    "VpcAccess",
    "LogConfig",
    "AccessControlList",
    "AclEntryAttachment",
    "InstanceAclAttachment",
    "RolePolicyAttachment",
    "Listener",
    "ServerGroupServerAttachment",
    "InstanceAttachment",
    "BandwidthPackage",
    "BandwidthPackageAttachment",
    "BandwidthLimit",
    "RouteService",
    "RouteEntry",
    "TransitRouterRouteTableAssociation",
    "TransitRouterRouteTablePropagation",
    "TransitRouterRouteEntry",
}


BUILDS = [
    network,
    existing_network,
    nat_gateway,
    guarded_nat_gateway,
    shared_bandwidth,
    guarded_shared_bandwidth,
    port_mappings,
    snat_egress,
    ecs_host,
    ecs_host_with_given_security_groups,
    eip_addresses,
    eip_addresses_in_a_package,
    guarded_eip_addresses,
    eni_attachment,
    eni_attachment_with_given_security_groups,
    eni_public_ips,
    eni_routing,
    plain_eni_routing,
    alarm,
    critical_alarm,
    flow_log,
    plain_flow_log,
    *API_BUILDS,
    *CEN_BUILDS,
    *VPN_BUILDS,
]
Build = Callable[[pulumi.ResourceOptions | None], None]


@cache
def built(build: Build) -> Registered:
    """What it registers; made once, and looked at by each test below."""
    return run(lambda: build(None))


@pytest.mark.parametrize("build", BUILDS)
def test_a_component_registers_this_and_nothing_else(
    build: Build, snapshot: SnapshotAssertion
) -> None:
    assert told(built(build)) == snapshot


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
        fields = {field.camel: field for field in contract_of(child.type).inputs.values()}
        assert set(child.inputs) <= set(fields), child.name
        assert not [key for key in child.inputs if fields[key].deprecated], child.name


@pytest.mark.parametrize("build", BUILDS)
def test_no_required_input_is_missing_and_every_closed_value_is_allowed(build: Build) -> None:
    for child in built(build).resources:
        for field in contract_of(child.type).inputs.values():
            if field.required:
                assert field.camel in child.inputs, f"{child.name}.{field.camel}"
            if field.one_of and field.camel in child.inputs:
                assert child.inputs[field.camel] in field.one_of


@pytest.mark.parametrize("build", BUILDS)
def test_every_child_that_can_carry_tags_carries_them(build: Build) -> None:
    for child in built(build).resources:
        if {child.kind, child.type} & UNTAGGED:
            assert "tags" not in {field.camel for field in contract_of(child.type).inputs.values()}
        else:
            assert child.inputs["tags"] == TAGS, child.name


@pytest.mark.parametrize("build", BUILDS)
def test_no_two_resources_have_the_same_name(build: Build) -> None:
    names = [one.name for one in built(build).all]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("build", BUILDS)
def test_a_preview_registers_the_same_resources(build: Build) -> None:
    def names(made: Registered) -> list[str]:
        return sorted(one.name for one in made.all)

    assert names(run(lambda: build(None), preview=True)) == names(built(build))


@pytest.mark.parametrize("build", BUILDS)
def test_no_component_makes_a_provider(build: Build) -> None:
    assert not [one for one in built(build).all if one.type.startswith("pulumi:providers:")]


def test_every_component_of_the_package_is_built_here() -> None:
    public = {name: one for name, one in vars(c).items() if isinstance(one, type)}
    kinds = {name for name, one in public.items() if issubclass(one, pulumi.ComponentResource)}
    assert {one.kind for build in BUILDS for one in built(build).components} == kinds
