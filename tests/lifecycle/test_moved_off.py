"""Edits that move everything off what they replace, carried out by one update (docs/adr/0020).

Which kinds wait for which is kept in `tests/program/test_moves.py`; here the engine goes along.
"""

import pytest

from tests.lifecycle.conftest import Stack

pytestmark = pytest.mark.engine

NETWORK = """\
  alicloud-gateways:tier: staging
  alicloud-gateways:network:
    vpc: {cidr: 10.1.0.0/16}
    vswitches:
      one: {cidr: 10.1.1.0/24, zone: cn-shanghai-b}
      two: {cidr: 10.1.2.0/24, zone: cn-shanghai-b}
    hosts:
      a: {ip: 10.1.2.10, vswitch: two, instance: {type: ecs.g7.large, image: some.vhd}}
      b: {ip: 10.1.2.20, vswitch: two, instance: {type: ecs.g7.large, image: some.vhd}}
"""
GATEWAYS = f"""\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology: [shared-bandwidth, unified-egress]
{NETWORK}\
  alicloud-gateways:sharedBandwidth:
    bandwidth: 10
    natGateway: {{vswitch: one}}
    publicIps: {{in: {{}}, out: {{}}}}
    portMappings:
      web: {{publicIp: in, port: 80, host: a}}
      tls: {{publicIp: in, port: 443, host: b}}
    egress: {{some: {{vswitch: one, publicIps: [out]}}}}
  alicloud-gateways:unifiedEgress:
    natGateway: {{vswitch: one}}
    publicIps: {{away: {{}}, front: {{}}}}
    egress: {{all: {{cidr: 10.1.0.0/16, publicIps: [away]}}}}
    servers:
      front: {{host: a, publicIp: front, eni: {{vswitch: one, ip: 10.1.1.11}}}}
"""
APIS = f"""\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology: [functions, api-gateway]
{NETWORK}\
  alicloud-gateways:functions:
    goes: {{code: code, handler: index.handler, network: {{vswitches: [one]}}}}
    stays: {{code: code, handler: index.handler, network: {{vswitches: [one]}}}}
  alicloud-gateways:apiGateway:
    instance: {{spec: api.s1.small}}
    groups: {{shop: {{}}, blog: {{}}}}
    apps: {{site: {{}}}}
    loadBalancers:
      first: {{vswitch: one, port: 80, servers: {{a: 8080}}}}
      second: {{vswitch: one, port: 80, servers: {{a: 8080}}}}
    plugins:
      pages: {{cors: {{allowOrigins: [shop.example], allowMethods: [GET]}}}}
      calls: {{trafficControl: {{unit: SECOND, apiDefault: 10}}}}
    vpcAccess:
      direct: {{host: a, port: 80}}
      spread: {{loadBalancer: first, port: 80}}
    apis:
      orders: &api
        group: shop
        method: GET
        path: /orders
        apps: [site]
        plugins: [pages]
        backend: {{vpc: {{access: direct, path: /}}}}
      sales:
        <<: *api
        path: /sales
        plugins: [calls]
        backend: {{vpc: {{access: spread, path: /}}}}
      news:
        <<: *api
        path: /news
        group: blog
        plugins: []
        backend: {{vpc: {{access: spread, path: /}}}}
"""
REPLACED = [
    ("one: {cidr: 10.1.1.0/24", "one: {cidr: 10.1.3.0/24"),
    (
        "a: {ip: 10.1.2.10, vswitch: two, instance: {",
        "a: {ip: 10.1.2.10, vswitch: two, instance: {disk: cloud_ssd, ",
    ),
]
"""A vSwitch, and a host with its disk."""


def ends_well(stack: Stack, edits: list[tuple[str, str]]) -> None:
    """One update does it, and leaves nothing to do."""
    stack.succeed("up")
    kinds = stack.kinds()
    for old, new in edits:
        stack.edit(old, new)
    stack.succeed("up")
    assert stack.kinds() == kinds
    stack.succeed("up")
    assert stack.changes() == []


def test_gateways_cards_and_entries_leave_a_vswitch_and_a_host_that_are_replaced(
    stack: Stack,
) -> None:
    stack.write(GATEWAYS)
    ends_well(
        stack,
        [
            *REPLACED,
            (
                "bandwidth: 10\n    natGateway: {vswitch: one}",
                "bandwidth: 10\n    natGateway: {vswitch: two}",
            ),
            ("Egress:\n    natGateway: {vswitch: one}", "Egress:\n    natGateway: {vswitch: two}"),
            ("some: {vswitch: one", "some: {vswitch: two"),
            ("front: {host: a", "front: {host: b"),
            ("eni: {vswitch: one, ip: 10.1.1.11", "eni: {vswitch: two, ip: 10.1.2.11"),
        ],
    )


def test_load_balancers_functions_and_apis_leave_what_is_replaced(stack: Stack) -> None:
    stack.write(APIS)
    code = stack.file.parent / "code"
    code.mkdir()
    (code / "index.py").write_text("def handler(event, context):\n    return ''\n", "utf-8")
    ends_well(
        stack,
        [
            *REPLACED,
            ("first: {vswitch: one", "first: {vswitch: two"),
            (
                "goes: {code: code, handler: index.handler, network: {vswitches: [one]",
                "goes: {code: code, handler: index.handler, network: {vswitches: [two]",
            ),
            ("direct: {host: a", "direct: {host: b"),
            ("spread: {loadBalancer: first", "spread: {loadBalancer: second"),
            # Another instance means other groups; and the plugins become each other's kind.
            ("{spec: api.s1.small}", '{spec: api.s1.small, zone: "cn-shanghai-MAZ1(b,e)"}'),
            (
                "pages: {cors: {allowOrigins: [shop.example], allowMethods: [GET]}}",
                "pages: {trafficControl: {unit: DAY, apiDefault: 10}}",
            ),
            (
                "calls: {trafficControl: {unit: SECOND, apiDefault: 10}}",
                "calls: {cors: {allowOrigins: [shop.example], allowMethods: [GET]}}",
            ),
            ("        group: blog\n", ""),
            ("group: shop\n", "group: blog\n"),
            ("path: /sales\n", "path: /sales\n        group: shop\n"),
        ],
    )


OWN_GATEWAY = """\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology: [shared-bandwidth, unified-egress]
  alicloud-gateways:tier: staging
  alicloud-gateways:network:
    vpc: {cidr: 10.1.0.0/16}
    vswitches:
      one: {cidr: 10.1.1.0/24, zone: cn-shanghai-b}
      two: {cidr: 10.1.2.0/24, zone: cn-shanghai-e}
    hosts: {a: {ip: 10.1.1.10, vswitch: one}}
  alicloud-gateways:sharedBandwidth:
    bandwidth: 10
    natGateway: {vswitch: one}
    publicIps: {in: {}}
    portMappings: {web: {publicIp: in, port: 80, host: a}}
  alicloud-gateways:unifiedEgress:
    publicIps: {out: {}, more: {}}
    egress:
      all: {cidr: 10.1.0.0/16, publicIps: [out]}
      few: {cidr: 10.1.1.0/28, publicIps: [out]}
      other: {cidr: 10.1.2.0/28, publicIps: [more]}
"""


def test_addresses_in_use_move_to_a_gateway_of_their_own_and_back(stack: Stack) -> None:
    """The cloud lets go of an address only when no entry uses it: entries go along."""
    stack.write(OWN_GATEWAY)
    stack.succeed("up")
    addresses = {eip.id for eip in stack.all("eip_address")}
    stack.edit("Egress:\n", "Egress:\n    natGateway: {vswitch: two}\n")
    for bound in (2, 1):
        stack.succeed("up")
        touched = {change.split()[1] for change in stack.changes()}
        gateways = {one["instance_id"] for one in stack.all("eip_association")}
        assert len(gateways) == bound
        assert {eip.id for eip in stack.all("eip_address")} == addresses
        assert "forward_entry" not in touched, "nothing else is replaced"
        stack.succeed("up")
        assert stack.changes() == []
        stack.write(OWN_GATEWAY)
