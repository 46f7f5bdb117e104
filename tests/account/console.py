"""An account that somebody filled at a console: by the official SDKs, each call by its own name."""

import importlib
import json
from dataclasses import dataclass, field
from typing import Any

from sandbox.api import cbn, cloudapi, ecs, fc, ram, vpc
from sandbox.api.actions import Product
from tests.account.accounts import REGION
from tests.sandbox.api.api_lab import Served
from tests.sandbox.api.official import package_of

__all__ = ["CODE", "Console", "filled_by_hand"]

CODE = "UEsDBAoAAAAA"
"""A function's archive."""


@dataclass
class Console:
    """Calls the products of a local cloud, and remembers what it made, under a word for each."""

    cloud: Served
    made: dict[str, str] = field(default_factory=dict[str, str])

    def do(self, product: Product, action: str, **said: Any) -> Any:
        """Call an action by the SDK's own method and request."""
        client = self.cloud.official(product)
        models = importlib.import_module(f"{package_of(product)}.models")
        request = getattr(models, f"{action}Request")(**said)
        method = next(one for one in dir(client) if one.replace("_", "") == action.lower())
        return getattr(client, method)(request).body

    def vpc(self, action: str, **said: Any) -> Any:
        return self.do(vpc.PRODUCT, action, region_id=REGION, **said)

    def ecs(self, action: str, **said: Any) -> Any:
        return self.do(ecs.PRODUCT, action, region_id=REGION, **said)

    def api(self, action: str, **said: Any) -> Any:
        return self.do(cloudapi.PRODUCT, action, **said)

    def cen(self, action: str, **said: Any) -> Any:
        return self.do(cbn.PRODUCT, action, **said)

    def ram(self, action: str, **said: Any) -> Any:
        return self.do(ram.PRODUCT, action, **said)

    def eip(self, name: str, bound_to: str = "", kind: str = "Nat") -> tuple[str, str]:
        """A public address, bound to something; its id and itself."""
        eip = self.vpc("AllocateEipAddress", name=name)
        if bound_to:
            what = {"allocation_id": eip.allocation_id, "instance_type": kind}
            self.vpc("AssociateEipAddress", instance_id=bound_to, **what)
        self.made[name] = eip.allocation_id
        return eip.allocation_id, eip.eip_address

    def auditor(self, name: str, *statements: dict[str, Any]) -> tuple[str, str]:
        """A user who has these rights, by a key of theirs."""
        self.ram("CreateUser", user_name=name)
        document = json.dumps({"Version": "1", "Statement": [*statements]})
        self.ram("CreatePolicy", policy_name=name, policy_document=document)
        self.ram("AttachPolicyToUser", user_name=name, policy_name=name, policy_type="Custom")
        key = self.ram("CreateAccessKey", user_name=name).access_key
        return key.access_key_id, key.access_key_secret


def filled_by_hand(cloud: Served) -> Console:
    """A network with doors of every kind."""
    console, made = Console(cloud), dict[str, str]()
    console.made = made
    cloud.store.instance_seconds = 0
    made["vpc"] = network = console.vpc("CreateVpc", cidr_block="10.0.0.0/16").vpc_id
    made["vswitch"] = vswitch = console.vpc(
        "CreateVSwitch", vpc_id=network, cidr_block="10.0.1.0/24", zone_id=f"{REGION}-b"
    ).v_switch_id
    made["gateway"] = gateway = console.vpc(
        "CreateNatGateway",
        vpc_id=network,
        v_switch_id=vswitch,
        nat_type="Enhanced",
        name="front",
    ).nat_gateway_id
    _servers(console, network, vswitch)
    _entries(console, gateway, vswitch)
    _apis(console, network)
    _cens(console, network, vswitch)
    return console


def _servers(console: Console, network: str, vswitch: str) -> None:
    made = console.made
    made["security group"] = group = console.ecs(
        "CreateSecurityGroup", vpc_id=network
    ).security_group_id
    console.ecs(
        "AuthorizeSecurityGroup",
        security_group_id=group,
        ip_protocol="tcp",
        port_range="3389/3389",
        source_cidr_ip="0.0.0.0/0",
    )
    servers = console.ecs(
        "RunInstances",
        amount=2,
        image_id="aliyun_3_x64_20G_alibase_20240819.vhd",
        instance_type="ecs.g6.large",
        security_group_id=group,
        v_switch_id=vswitch,
    ).instance_id_sets.instance_id_set
    made["server"], made["backend"] = servers
    console.eip("of the server", made["server"], "EcsInstance")


def _entries(console: Console, gateway: str, vswitch: str) -> None:
    made = console.made
    described = console.vpc("DescribeNatGateways", nat_gateway_id=gateway).nat_gateways.nat_gateway
    tables = described[0]
    hosts = console.ecs("DescribeInstances", instance_ids=json.dumps([made["backend"]]))
    host = hosts.instances.instance[0].vpc_attributes.private_ip_address.ip_address[0]
    mapped, address = console.eip("mapped", gateway)
    leaving, out = console.eip("egress", gateway)
    console.eip("idle", gateway)
    console.eip("forgotten")
    for port in ("22", "443"):
        made[f"entry {port}"] = console.vpc(
            "CreateForwardEntry",
            forward_table_id=tables.forward_table_ids.forward_table_id[0],
            external_ip=address,
            external_port=port,
            internal_ip=host,
            internal_port=port,
            ip_protocol="tcp",
        ).forward_entry_id
    made["way out"] = console.vpc(
        "CreateSnatEntry",
        snat_table_id=tables.snat_table_ids.snat_table_id[0],
        source_vswitch_id=vswitch,
        snat_ip=out,
    ).snat_entry_id
    package = console.vpc("CreateCommonBandwidthPackage", bandwidth=20)
    made["package"] = package.bandwidth_package_id
    for one in (mapped, leaving):
        console.vpc(
            "AddCommonBandwidthPackageIp", bandwidth_package_id=made["package"], ip_instance_id=one
        )


def _apis(console: Console, network: str) -> None:
    made = console.made
    models = importlib.import_module(f"{package_of(fc.PRODUCT)}.models")
    code = models.InputCodeLocation(zip_file=CODE)
    named = {"function_name": "totals", "handler": "index.handler", "runtime": "python3.12"}
    console.do(fc.PRODUCT, "CreateFunction", body=models.CreateFunctionInput(code=code, **named))
    made["group"] = group = console.api("CreateApiGroup", group_name="shop").group_id
    console.api(
        "SetVpcAccess", name="orders", vpc_id=network, instance_id=made["backend"], port=8080
    )
    made["app"] = console.api("CreateApp", app_name="mobile").app_id
    request = {"RequestProtocol": "HTTPS", "RequestHttpMethod": "GET", "RequestMode": "MAPPING"}
    served = {
        "orders": {
            "ServiceProtocol": "HTTP",
            "ServiceVpcEnable": "TRUE",
            "VpcConfig": {"Name": "orders"},
            "ServicePath": "/all",
            "ServiceHttpMethod": "GET",
            "ServiceTimeout": 1000,
        },
        "open": {"Mock": "TRUE", "MockResult": "[]", "ServiceProtocol": "HTTP"},
    }
    for name, service in served.items():
        made[name] = api = console.api(
            "CreateApi",
            group_id=group,
            api_name=name,
            visibility="PRIVATE",
            auth_type="ANONYMOUS" if name == "open" else "APP",
            request_config=json.dumps({**request, "RequestPath": f"/{name}"}),
            service_config=json.dumps(service),
            result_type="JSON",
            result_sample="[]",
        ).api_id
        console.api("DeployApi", group_id=group, api_id=api, stage_name="RELEASE", description="x")
    console.api(
        "SetAppsAuthorities",
        group_id=group,
        api_id=made["orders"],
        app_ids=str(made["app"]),
        stage_name="RELEASE",
    )


def _cens(console: Console, network: str, vswitch: str) -> None:
    made = console.made
    made["cen"] = cen = console.cen("CreateCen", name="joined").cen_id
    router = console.cen("CreateTransitRouter", cen_id=cen, region_id=REGION)
    made["router"] = router.transit_router_id
    models = importlib.import_module(f"{package_of(cbn.PRODUCT)}.models")
    zone = models.CreateTransitRouterVpcAttachmentRequestZoneMappings(
        zone_id=f"{REGION}-b", v_switch_id=vswitch
    )
    made["attachment"] = console.cen(
        "CreateTransitRouterVpcAttachment",
        cen_id=cen,
        region_id=REGION,
        transit_router_id=made["router"],
        vpc_id=network,
        zone_mappings=[zone],
    ).transit_router_attachment_id
