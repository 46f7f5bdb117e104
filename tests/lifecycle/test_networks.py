"""Networks that are renamed and taken apart under what lies in them, on the real engine."""

import pytest

from tests.lifecycle.conftest import Stack

pytestmark = pytest.mark.engine

SHOP = """\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology: api-gateway
  alicloud-gateways:tier: staging
  alicloud-gateways:networks:
    back:
      vpc: {cidr: 10.1.0.0/24}
      vswitches: {apps: {cidr: 10.1.0.0/26, zone: cn-shanghai-b}}
      hosts: {a: {ip: 10.1.0.10, vswitch: apps, instance: {type: ecs.g7.large, image: some.vhd}}}
  alicloud-gateways:apiGateway:
    groups: {shop: {}}
    apps: {site: {}}
    vpcAccess: {direct: {host: a, port: 80}}
    apis:
      orders:
        group: shop
        method: GET
        path: /orders
        apps: [site]
        backend: {vpc: {access: direct, path: /}}
"""


def test_a_network_with_a_server_is_renamed_and_widened_in_place(stack: Stack) -> None:
    stack.write(SHOP)
    stack.succeed("up")
    before = stack.ids()
    stack.edit("    back:\n", "    behind:\n")
    refused = stack.run("up")
    assert refused.code == 2
    assert "if networks.behind was called back, say was: back there" in refused.err
    assert stack.ids() == before

    stack.edit("    behind:\n", "    behind:\n      was: back\n")
    stack.edit("apps: {cidr: 10.1.0.0/26", "main: {was: apps, cidr: 10.1.0.0/26")
    stack.edit("vswitch: apps", "vswitch: main")
    stack.edit("vpc: {cidr: 10.1.0.0/24}", "vpc: {cidr: 10.1.0.0/16}")
    stack.succeed("up")
    assert stack.ids() == before
    assert {change.partition(" ")[0] for change in stack.changes()} == {"update"}
    stack.succeed("up")
    assert stack.changes() == []


def test_a_server_leaves_its_vswitch_before_that_is_made_anew(stack: Stack) -> None:
    stack.write(SHOP)
    stack.succeed("up")
    before = stack.ids()
    stack.edit("zone: cn-shanghai-b}", "zone: cn-shanghai-e}")
    refused = stack.run("up")
    assert refused.code == 2
    assert "the cloud keeps it while something lies in it: host-a-instance" in refused.err
    assert stack.ids() == before

    # What the remedy says: a second vSwitch, of the server's zone.
    stack.edit(
        "apps: {cidr: 10.1.0.0/26, zone: cn-shanghai-e}",
        "apps: {cidr: 10.1.0.0/26, zone: cn-shanghai-b}, "
        "near: {cidr: 10.1.0.64/26, zone: cn-shanghai-b}",
    )
    stack.edit("ip: 10.1.0.10, vswitch: apps", "ip: 10.1.0.70, vswitch: near")
    stack.succeed("up")
    stack.edit("apps: {cidr: 10.1.0.0/26, zone: cn-shanghai-b}, ", "")
    stack.succeed("up")
    (vswitch,) = stack.all("vswitch")
    (server,) = stack.all("instance")
    assert server["vswitch_id"] == vswitch.id
    assert server.id in before
