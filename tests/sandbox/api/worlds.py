"""For each product a small account, and parameters that are right for every one of its actions."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.api import ecs, fc, vpc
from sandbox.api.actions import Product
from tests.sandbox.api import world_fc
from tests.sandbox.api.api_lab import lab_api
from tests.sandbox.api.world import World


def _of_vpc() -> World:
    lab, api = lab_api()
    tagged: dict[str, Any] = {"tags": {"team": "shop"}}
    eip, package = lab.new_eip(**tagged), lab.new_package(**tagged)
    lab.bind(eip)
    lab.pack(eip, package)
    forward, snat = lab.forward(eip["ip_address"], "22"), lab.snat(eip["ip_address"])
    for one in (lab.vpc, lab.vswitch, lab.gateway):
        lab.store.update(one.kind, one.id, tagged)
    return World(
        api,
        {
            "VpcId": lab.vpc.id,
            "VSwitchId": lab.vswitch.id,
            "SourceVSwitchId": lab.vswitch.id,
            "NatGatewayId": lab.gateway.id,
            "ForwardTableId": lab.gateway["forward_table_ids"],
            "SnatTableId": lab.gateway["snat_table_ids"],
            "AllocationId": eip.id,
            "IpInstanceId": eip.id,
            "BandwidthPackageId": package.id,
            "InstanceId": lab.gateway.id,
            "ExternalIp": eip["ip_address"],
            "SnatIp": eip["ip_address"],
            "InternalIp": "192.168.1.1",
            "ExternalPort": "80",
            "InternalPort": "80",
            "IpProtocol": "tcp",
            "Bandwidth": "10",
            "CidrBlock": "192.168.7.0/24",
            "ZoneId": "cn-shanghai-a",
            "ForwardEntryId": forward.id,
            "SnatEntryId": snat.id,
            "ResourceType": "VPC",
            "ResourceId.1": lab.vpc.id,
            "Tag.1.Key": "a",
        },
    )


def _of_ecs() -> World:
    _, api = lab_api()
    return World(api.of(ecs.PRODUCT), {})


WORLDS: Mapping[Product, Callable[[], World]] = {
    vpc.PRODUCT: _of_vpc,
    ecs.PRODUCT: _of_ecs,
    fc.PRODUCT: world_fc.world,
}
