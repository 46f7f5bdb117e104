"""What stacks in several regions register, under mocks: providers, both editions, VPNs, calls."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pulumi
import pytest

from tests.components.secrecy import is_secret
from tests.mocked_cloud import Registered, Registration
from tests.program.test_program import PREFIX, ROOT, run_program
from tests.program.unified_programs import created, outputs, program
from tests.stackfiles import Edit, loaded
from tests.topologies.api_stacks import SECURE
from tests.topologies.cross_region import (
    ATTACHMENTS,
    CENTERS,
    LINKS,
    C,
    basic_stack,
    branch,
    cross_stack,
    third_region,
)
from tests.topologies.functions import CODE, LOOKUP
from tests.topologies.test_functions_networks import calling
from tests.topologies.unified import gone, put

HERE, THERE = "cn-shanghai", "cn-zhangjiakou"
TEXT = "sesame4All"
LOCAL = put(LOOKUP, code=str(ROOT / CODE), environment={})


def providers(made: Registered) -> dict[str, Registration]:
    """The explicit providers, by name."""
    return {one.name: one for one in made.all if one.type == "pulumi:providers:alicloud"}


def configured(text: str, **settings: object) -> Registered:
    """Run the program with more of the provider's own configuration."""
    config: dict[str, Any] = loaded(text)["config"]
    config |= {f"alicloud:{key}": value for key, value in settings.items()}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
        return run_program(config, Path(folder))


def decrypted(text: str) -> Registered:
    """Run the program with a stack file whose encrypted values Pulumi has as `TEXT`."""
    config: dict[str, Any] = loaded(text)["config"]
    section = json.dumps(config[PREFIX + C])
    config[PREFIX + C] = json.loads(section.replace(json.dumps(SECURE), json.dumps(TEXT)))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
        return run_program(config, Path(folder))


def one_region(*edits: Edit) -> str:
    """A stack file with a VPN and no CEN, all in the stack's own region."""
    section: dict[str, object] = {"dataCenters": {}}
    return cross_stack(put("", crossRegion=section), gone("networks.functions"), branch(), *edits)


# Providers.


def test_each_region_has_one_provider() -> None:
    made = program(cross_stack(*third_region()))
    assert {name: one.inputs["region"] for name, one in providers(made).items()} == {
        "alicloud-cn-shanghai": HERE,
        "alicloud-cn-zhangjiakou": THERE,
        "alicloud-cn-beijing": "cn-beijing",
    }


def test_the_stacks_own_region_has_the_default_provider() -> None:
    made = decrypted(one_region())
    assert providers(made) == {}
    assert {one.provider for one in made.resources} == {""}


def test_a_network_in_another_region_is_made_there_and_the_others_by_default() -> None:
    made = program(calling(LOCAL))
    assert list(providers(made)) == ["alicloud-cn-zhangjiakou"]
    for name in ("networks-there-vpc", "networks-there-there"):
        assert made[name].provider == "alicloud-cn-zhangjiakou"
    assert made["network-vpc"].provider == ""


def test_a_host_is_made_in_its_networks_region() -> None:
    web = {
        "ip": "10.1.1.10",
        "vswitch": "there",
        "instance": {"type": "ecs.g7.large", "image": "aliyun_3.vhd"},
    }
    made = program(calling(LOCAL, put("networks.there", hosts={"web": web})))
    for name in ("host-web-instance", "host-web-security-group"):
        assert made[name].provider == "alicloud-cn-zhangjiakou"
    assert made["host-web-instance"].inputs["vswitchId"] == "networks-there-there-id"


def test_the_stacks_configuration_is_handed_on_to_other_regions() -> None:
    made = configured(
        cross_stack(),
        profile="shop",
        accountId="123456789012",
        skipRegionValidation=True,
        maxRetryTimeout=30,
        assumeRole={"roleArn": "acs:ram::123456789012:role/deploy", "sessionExpiration": 3600},
    )
    for one in providers(made).values():
        # Providers take everything that isn't text as JSON.
        assert one.inputs["profile"] == "shop"
        assert one.inputs["accountId"] == "123456789012"
        assert json.loads(one.inputs["skipRegionValidation"]) is True
        assert json.loads(one.inputs["maxRetryTimeout"]) == 30
        role = json.loads(one.inputs["assumeRole"])
        assert role == {
            "roleArn": "acs:ram::123456789012:role/deploy",
            "sessionExpiration": 3600,
        }


def test_what_isnt_configured_is_left_to_the_environment() -> None:
    for one in providers(program(cross_stack())).values():
        assert set(one.inputs) == {"region"}


def test_secrets_of_the_configuration_stay_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    def is_the_key(key: str) -> bool:
        return key in {"alicloud:secretKey", "alicloud:accessKey"}

    monkeypatch.setattr("pulumi.runtime.is_config_secret", is_the_key)
    made = configured(cross_stack(), secretKey=TEXT, accessKey="LTAI")
    for one in providers(made).values():
        assert is_secret(one.inputs["secretKey"])
        assert is_secret(one.inputs["accessKey"])
        told = {key: value for key, value in one.inputs.items() if not key.endswith("Key")}
        assert TEXT not in json.dumps(told)


@pytest.mark.parametrize("settings", [{"endpoints": [{"ecs": "x"}]}, {"secretKey": TEXT}])
def test_a_setting_that_a_stack_file_may_not_have_is_refused_wherever_it_comes_from(
    settings: dict[str, Any],
) -> None:
    """`pulumi up --config` and environments have their say beside the file."""
    with pytest.raises(pulumi.RunError) as refusal:
        configured(cross_stack(), **settings)
    assert f"alicloud:{next(iter(settings))}" in str(refusal.value)
    assert TEXT not in str(refusal.value)


# Transit routers.


def test_a_router_stands_in_each_region_by_its_provider() -> None:
    made = program(cross_stack())
    routers = {name: made[name] for name in created(made, "TransitRouter")}
    assert {one.provider for one in routers.values()} == {
        f"alicloud-{region}" for region in (HERE, THERE)
    }
    (cen,) = created(made, "Instance")
    assert made[cen].inputs["cenInstanceName"] == "dev-cen"


def test_networks_are_attached_in_their_vswitches_and_lines_as_they_are() -> None:
    made = program(cross_stack())
    there = made["cross-region-attachment-functions"]
    assert there.provider == "alicloud-cn-zhangjiakou"
    assert there.inputs["vpcId"] == "networks-functions-vpc-id"
    assert [(one["zoneId"], one["vswitchId"]) for one in there.inputs["zoneMappings"]] == [
        ("cn-zhangjiakou-a", "networks-functions-calls-id"),
        ("cn-zhangjiakou-b", "networks-functions-calls-2-id"),
    ]
    assert created(made, "TransitRouterVbrAttachment") == ["cross-region-attachment-office"]
    assert made["cross-region-attachment-office"].inputs["vbrId"] == "vbr-1"


def test_what_routers_join_is_called_as_the_stack_file_says() -> None:
    entries = {f"{C}.attachments.functions": "old", f"{C}.links.calls": "wire"}
    names: list[tuple[str, str]] = []
    for said in ({}, entries):
        made = program(cross_stack(*(put(at, name=name) for at, name in said.items())))
        attached = made["cross-region-attachment-functions"].inputs
        linked = made["cross-region-link-calls"].inputs
        names.append(
            (
                attached["transitRouterVpcAttachmentName"],
                linked["transitRouterPeerAttachmentName"],
            )
        )
    assert names == [("dev-functions", "dev-calls"), ("old", "wire")]


def test_a_service_is_reached_by_routes_from_the_other_networks() -> None:
    made = program(cross_stack())
    out = made["cross-region-service-gateway-from-functions"]
    assert out.inputs["destinationCidrblock"] == "100.104.255.128/26"
    assert out.provider == "alicloud-cn-zhangjiakou"
    assert "cross-region-service-gateway-from-gateway" not in [one.name for one in made.resources]
    assert "cross-region-service-gateway" in created(made, "TransitRouterRouteEntry")


def test_a_vpc_that_exists_gets_its_routes_in_the_table_that_is_given() -> None:
    vswitches = {
        "calls": {"id": "vsw-1", "cidr": "10.1.1.0/24", "zone": "cn-zhangjiakou-a"},
        "calls-2": {"id": "vsw-2", "cidr": "10.1.2.0/24", "zone": "cn-zhangjiakou-b"},
    }
    vpc = {"id": "vpc-1", "cidr": "10.1.0.0/16", "routeTable": "vtb-1"}
    made = program(cross_stack(put("networks.functions", vpc=vpc, vswitches=vswitches)))
    assert made["cross-region-service-gateway-from-functions"].inputs["routeTableId"] == "vtb-1"
    assert made["cross-region-attachment-functions"].inputs["vpcId"] == "vpc-1"


def test_routers_and_a_cen_that_exist_are_used() -> None:
    cen = {"id": "cen-9", "routers": {HERE: "tr-9"}}
    made = program(cross_stack(put(C, cen=cen)))
    assert created(made, "Instance") == []
    (router,) = created(made, "TransitRouter")
    assert made[router].inputs["cenId"] == "cen-9"
    assert made[router].provider == "alicloud-cn-zhangjiakou"
    assert made["cross-region-attachment-gateway"].inputs["transitRouterId"] == "tr-9"


# The basic edition.


def test_the_basic_edition_attaches_networks_and_shares_its_package() -> None:
    made = program(basic_stack())
    assert created(made, "TransitRouter") == []
    there = made["cross-region-attachment-functions"].inputs
    assert (there["childInstanceType"], there["childInstanceRegionId"]) == ("VPC", THERE)
    assert there["childInstanceId"] == "networks-functions-vpc-id"
    assert made["cross-region-attachment-office"].inputs["childInstanceType"] == "VBR"
    assert made["cross-region-link-calls"].inputs["bandwidthLimit"] == 2
    assert made["cross-region-link-calls"].inputs["regionIds"] == [HERE, THERE]


def test_leased_lines_of_a_services_region_reach_it_without_a_request() -> None:
    made = program(basic_stack())
    service = made["cross-region-service-gateway"].inputs
    assert (service["host"], service["accessRegionId"]) == ("100.104.255.128/26", HERE)
    alone = program(basic_stack(gone(f"{ATTACHMENTS}.office"), gone(CENTERS)))
    assert created(alone, "RouteService") == []


def test_a_package_that_exists_is_used() -> None:
    made = program(basic_stack(put(C, bandwidthPackage={"id": "cenbwp-9", "attached": True})))
    assert created(made, "BandwidthPackage") == []


# Renames.


@pytest.mark.parametrize("make", [cross_stack, basic_stack])
@pytest.mark.parametrize(
    ("place", "resource", "former"),
    [
        (f"{ATTACHMENTS}.functions", "cross-region-attachment-functions", "attachment-old"),
        (f"{LINKS}.calls", "cross-region-link-calls", "link-old"),
        (f"{C}.services.gateway", "cross-region-service-gateway", "service-old"),
    ],
)
def test_a_renamed_entry_carries_its_resource_on(
    make: Any, place: str, resource: str, former: str
) -> None:
    made = program(make(put(place, was="old")))
    assert made[resource].aliases == {f"cross-region-{former}"}


def test_a_renamed_data_centre_keeps_its_vpn() -> None:
    made = decrypted(one_region(put(f"{CENTERS}.branch", was="old")))
    (vpn,) = [one for one in made.components if one.kind == "DataCenterVpn"]
    assert (vpn.name, vpn.aliases) == ("vpn-branch", {"vpn-old"})


# VPNs.


def test_a_vpn_leads_from_its_network_to_the_data_centres_ranges() -> None:
    made = decrypted(one_region())
    gateway = made["vpn-branch-gateway"].inputs
    assert gateway["vpcId"] == "network-vpc-id"
    assert gateway["vswitchId"] == "network-gateway-id"
    assert gateway["disasterRecoveryVswitchId"] == "network-gateway-2-id"
    assert made["vpn-branch-device-main"].inputs["ipAddress"] == "203.0.113.10"
    connection = made["vpn-branch-connection"].inputs
    assert connection["remoteSubnets"] == ["10.20.0.0/16"]
    assert connection["localSubnets"] == ["192.168.0.0/16"]
    assert made["vpn-branch-to-desks"].inputs["destinationCidrblock"] == "10.20.0.0/16"


def test_a_data_centre_by_vpn_reaches_services_through_its_network() -> None:
    made = decrypted(cross_stack(branch()))
    assert made["vpn-branch-connection"].inputs["localSubnets"] == [
        "192.168.0.0/16",
        "100.104.255.128/26",
    ]


def test_a_vpn_is_made_in_its_networks_region() -> None:
    made = decrypted(cross_stack(branch(vswitch="calls", backupVswitch="calls-2")))
    for name in ("vpn-branch-gateway", "vpn-branch-connection", "vpn-branch-to-desks"):
        assert made[name].provider == "alicloud-cn-zhangjiakou"
    assert made["vpn-branch-gateway"].inputs["vpcId"] == "networks-functions-vpc-id"


def test_the_key_reaches_both_tunnels_and_stays_a_secret() -> None:
    made = decrypted(one_region())
    holders = [one.name for one in made.all if TEXT in json.dumps(dict(one.inputs), default=str)]
    assert holders == ["vpn-branch-connection"]
    tunnels = made["vpn-branch-connection"].inputs["tunnelOptionsSpecifications"]
    assert is_secret(tunnels)


@pytest.mark.parametrize(("tier", "protected"), [("production", True), ("development", False)])
def test_a_gateway_of_production_is_protected(tier: str, *, protected: bool) -> None:
    made = decrypted(one_region(put("", tier=tier)))
    assert made["vpn-branch-gateway"].request.protect is protected


# Functions.


def test_a_function_in_another_region_stands_there_with_its_group_and_role() -> None:
    made = program(calling(LOCAL, put(LOOKUP, network={"vswitches": ["there"]}, calls={})))
    function = made["function-lookup-function"]
    assert function.provider == "alicloud-cn-zhangjiakou"
    assert function.inputs["vpcConfig"] == {
        "vpcId": "networks-there-vpc-id",
        "vswitchIds": ["networks-there-there-id"],
        "securityGroupId": "function-lookup-security-group-id",
    }
    assert made["function-lookup-security-group"].provider == "alicloud-cn-zhangjiakou"
    assert made["function-lookup-security-group"].inputs["vpcId"] == "networks-there-vpc-id"
    role = made["function-lookup-network-role"]
    assert (role.inputs["roleName"], role.provider) == ("dev-lookup-network", "")
    assert "function-lookup-network-role" in function.after


def test_a_function_with_a_role_and_a_group_gets_none() -> None:
    role = "acs:ram::123456789012:role/lookup"
    network = {"vswitches": ["inside"], "securityGroup": "sg-1"}
    made = program(calling(LOCAL, put(LOOKUP, role=role, network=network)))
    function = made["function-lookup-function"].inputs
    assert function["role"] == role
    assert function["vpcConfig"]["securityGroupId"] == "sg-1"
    assert created(made, "SecurityGroup") == []
    assert created(made, "Role") == ["invoker-lookup-role"]


def test_an_api_calls_its_function_in_the_region_where_that_is() -> None:
    made = program(calling(LOCAL, put(LOOKUP, network={"vswitches": ["there"]}, calls={})))
    assert made["api-order-api"].inputs["fcServiceConfig"]["region"] == THERE
    assert made["api-order-api"].provider == ""


def test_a_variable_gets_the_address_that_an_api_has_inside() -> None:
    made = program(calling(LOCAL))
    function = made["function-lookup-function"]
    address: str = function.inputs["environmentVariables"]["value"]["PAY_URL"]
    domain = address.removeprefix("https://").removesuffix("/shop/pay")
    assert address == f"https://{domain}/shop/pay"
    assert "/" not in domain
    assert "." in domain
    assert "group-shop-group" in function.after
    assert "function-lookup-function" in made["api-order-api"].after


# Outputs.


def test_networks_are_put_out_by_name() -> None:
    told = outputs(cross_stack())
    assert told["vpcId"] == "network-vpc-id"
    assert told["vpcIds"] == {
        "functions": "networks-functions-vpc-id",
        "backend": "networks-backend-vpc-id",
    }


def test_transit_routers_put_out_the_cen_and_no_requests() -> None:
    told = outputs(cross_stack())
    assert told["cenId"] == "cross-region-cen-id"
    assert "serviceRequests" not in told
    assert "vpnAddresses" not in told


def test_the_basic_edition_puts_out_the_requests_that_support_is_asked_for() -> None:
    told = outputs(basic_stack())
    assert told["serviceRequests"] == {
        "gateway": "aliyun cbn ResolveAndRouteServiceInCen --CenId cross-region-cen-id "
        "--Host 100.104.255.128/26 --HostRegionId cn-shanghai --HostVpcId network-vpc-id "
        "--AccessRegionIds.1 cn-shanghai --AccessRegionIds.2 cn-zhangjiakou"
    }


def test_a_vpn_puts_out_the_addresses_that_the_device_connects_to() -> None:
    told = outputs(one_region())
    assert set(told["vpnAddresses"]) == {"branch"}
    assert len(told["vpnAddresses"]["branch"]) == 2
    assert "cenId" not in told


def test_a_gateway_that_exists_has_no_addresses_to_put_out() -> None:
    text = one_region(put(f"{CENTERS}.branch.vpn", gateway="vpn-9"))
    assert decrypted(text)["vpn-branch-connection"].inputs["vpnGatewayId"] == "vpn-9"
    assert "vpnAddresses" not in outputs(text)
