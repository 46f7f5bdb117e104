"""What may be moved waits for all that it may be moved between (docs/adr/0020).

The engine replaces a resource twice, and spoils its state, where it leaves another one that is
being replaced and doesn't wait for that. So whatever is replaced for what it stands on (the
provider's facts say for which input) is registered after everything of that kind, not just after
its own.
"""

from collections.abc import Iterator
from functools import cache

import pytest

from facts.contract import contract_of
from tests.mocked_cloud import Registered, Registration, last, run
from tests.program.test_program import ROOT
from tests.stackfiles import settings_of
from tests.topologies.functions import CODE
from topologies.builder import build

# Two of everything, so that everything may be moved.
GATEWAYS = """\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology: [shared-bandwidth, unified-egress]
  alicloud-gateways:network:
    vpc: {cidr: 10.1.0.0/16}
    vswitches:
      one: {cidr: 10.1.1.0/24, zone: cn-shanghai-b}
      two: {cidr: 10.1.2.0/24, zone: cn-shanghai-b}
    hosts:
      a: {ip: 10.1.1.10, vswitch: one, instance: {type: ecs.g7.large, image: some.vhd}}
      b: {ip: 10.1.2.10, vswitch: two, instance: {type: ecs.g7.large, image: some.vhd}}
  alicloud-gateways:networks:
    other:
      vpc: {cidr: 10.2.0.0/16}
      vswitches: {three: {cidr: 10.2.1.0/24, zone: cn-shanghai-b}}
  alicloud-gateways:sharedBandwidth:
    bandwidth: 10
    natGateway: {vswitch: one, lanes: 2}
    publicIps: {in: {}, more: {}, out: {}}
    portMappings:
      web: {publicIp: in, port: 80, host: a}
      tls: {publicIp: in, port: 443, host: a}
      mail: {publicIp: more, port: 25, host: b}
    egress: {one: {vswitch: one, publicIps: [out]}}
  alicloud-gateways:unifiedEgress:
    natGateway: {vswitch: two}
    publicIps: {away: {}, front: {}, back: {}}
    egress: {all: {cidr: 10.1.0.0/16, publicIps: [away]}, two: {vswitch: two, publicIps: [away]}}
    servers:
      front: {host: a, publicIp: front, eni: {vswitch: one, ip: 10.1.1.11}}
      back: {host: b, publicIp: back, eni: {vswitch: two, ip: 10.1.2.11}}
"""
APIS = """\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology: [functions, api-gateway]
  alicloud-gateways:network:
    vpc: {cidr: 10.1.0.0/16}
    vswitches:
      one: {cidr: 10.1.1.0/24, zone: cn-shanghai-b}
      two: {cidr: 10.1.2.0/24, zone: cn-shanghai-e}
    hosts:
      a: {ip: 10.1.1.10, vswitch: one, instance: {type: ecs.g7.large, image: some.vhd}}
      b: {ip: 10.1.2.10, vswitch: two, instance: {type: ecs.g7.large, image: some.vhd}}
  alicloud-gateways:functions:
    in-one: {code: code, network: {vswitches: [one]}}
    nowhere: {code: code}
  alicloud-gateways:apiGateway:
    instance:
      spec: api.s1.small
      acl: {mode: allow, entries: {office: {cidr: 203.0.113.0/24, comment: the office}}}
    groups: {shop: {}, blog: {}}
    apps: {site: {}, mobile: {}}
    loadBalancers:
      first: {vswitch: one, port: 80, servers: {a: 8080}}
      second: {vswitch: two, port: 80, servers: {a: 8080, b: 8080}}
    plugins:
      pages: {cors: {allowOrigins: [shop.example], allowMethods: [GET]}}
      calls: {trafficControl: {unit: SECOND, apiDefault: 10}}
    vpcAccess:
      direct: {host: a, port: 80}
      spread: {loadBalancer: second, port: 80}
    apis:
      orders: &api
        group: shop
        method: GET
        path: /orders
        apps: [site]
        plugins: [pages]
        backend: {vpc: {access: direct, path: /}}
      sales: {<<: *api, path: /sales, plugins: [calls], apps: [mobile]}
      news: {<<: *api, group: blog}
"""
ROUTERS = """\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology: cross-region
  alicloud-gateways:network:
    vpc: {cidr: 10.1.0.0/16}
    vswitches:
      one: {cidr: 10.1.1.0/24, zone: cn-shanghai-g}
      two: {cidr: 10.1.2.0/24, zone: cn-shanghai-e}
  alicloud-gateways:networks:
    north:
      region: cn-zhangjiakou
      vpc: {cidr: 10.2.0.0/16}
      vswitches:
        three: {cidr: 10.2.1.0/24, zone: cn-zhangjiakou-a}
        four: {cidr: 10.2.2.0/24, zone: cn-zhangjiakou-b}
  alicloud-gateways:crossRegion:
    attachments: {main: {}, north: {network: north}}
    links: {calls: {regions: [cn-shanghai, cn-zhangjiakou], bandwidth: 2}}
    services: {logs: {range: 100.104.1.0/26, attachment: main}}
"""
STACKS = {"gateways": GATEWAYS, "apis": APIS, "routers": ROUTERS}

# Of which one end can't be had without the other, or which are called by their places in it.
OWN = {
    ("ecs_network_interface_attachment", "ecs_network_interface"),
    ("eip_association", "ecs_network_interface"),
    ("eip_association", "ecs_network_interface_attachment"),
    ("ecs_command", "ecs_network_interface"),
    ("ecs_command", "ecs_network_interface_attachment"),
    ("ecs_invocation", "ecs_command"),
    ("slb_server_group", "slb_load_balancer"),
    ("slb_listener", "slb_load_balancer"),
    ("slb_server_group_server_attachment", "slb_server_group"),
    ("api_gateway_plugin_attachment", "api_gateway_api"),
    ("api_gateway_app_attachment", "api_gateway_api"),
    ("cen_transit_router_route_table", "cen_transit_router"),
    ("cen_transit_router_route_table_association", "cen_transit_router_peer_attachment"),
    ("cen_transit_router_route_table_propagation", "cen_transit_router_peer_attachment"),
    ("cen_transit_router_route_table_association", "cen_transit_router_vpc_attachment"),
    ("cen_transit_router_route_table_propagation", "cen_transit_router_vpc_attachment"),
    ("route_entry", "cen_transit_router_vpc_attachment"),
}


@cache
def made(name: str) -> Registered:
    text = STACKS[name].replace("code: code", f"code: {ROOT / CODE}")
    settings = settings_of(text)
    return run(lambda: build(settings))


def of_kind(registered: Registered, kind: str) -> list[str]:
    return [one.name for one in registered.resources if contract_of(one.type).kind == kind]


def replaced_for(one: Registration) -> Iterator[str]:
    """What it stands on by an input that, changed, replaces it."""
    replacing = {known.camel for known in contract_of(one.type).inputs.values() if known.replaces}
    replacing |= {*one.request.replaceOnChanges}
    for key, sources in one.request.propertyDependencies.items():
        if key in replacing:
            yield from map(last, sources.urns)


def goes_first(one: Registration, registered: Registered) -> bool:
    """Whether it is deleted before it is made anew: by itself, or for what it stands on."""
    return one.request.deleteBeforeReplace or any(
        goes_first(registered[name], registered) for name in replaced_for(one)
    )


def pairs(registered: Registered) -> set[tuple[str, str]]:
    """Kinds of which one may be moved off the other while that is replaced."""
    return {
        (contract_of(one.type).kind, contract_of(stood_on.type).kind)
        for one in registered.resources
        for stood_on in map(registered.__getitem__, replaced_for(one))
        if goes_first(stood_on, registered)
    } - OWN


PAIRS = frozenset[tuple[str, str]]().union(*(pairs(made(name)) for name in STACKS))


def all_before(one: Registration, registered: Registered) -> set[str]:
    """Everything that is registered before it."""
    found: set[str] = set()
    left = [*one.after]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += registered[name].after
    return found


def test_the_stacks_have_every_pair_of_kinds_that_is_known() -> None:
    assert {
        ("nat_gateway", "vswitch"),
        ("eip_association", "nat_gateway"),
        ("forward_entry", "nat_gateway"),
        ("snat_entry", "vswitch"),
        ("ecs_network_interface", "vswitch"),
        ("ecs_network_interface_attachment", "instance"),
        ("ecs_invocation", "instance"),
        ("slb_load_balancer", "vswitch"),
        ("slb_server_group_server_attachment", "instance"),
        ("api_gateway_vpc_access", "slb_load_balancer"),
        ("api_gateway_vpc_access", "instance"),
        ("api_gateway_api", "api_gateway_group"),
        ("api_gateway_app_attachment", "api_gateway_group"),
        ("api_gateway_plugin_attachment", "api_gateway_group"),
        ("api_gateway_plugin_attachment", "api_gateway_plugin"),
        ("cen_transit_router_vpc_attachment", "cen_transit_router"),
        ("cen_transit_router_peer_attachment", "cen_transit_router"),
        ("cen_transit_router_route_entry", "cen_transit_router_vpc_attachment"),
    } <= PAIRS


def candidates(one: Registration, kind: str, registered: Registered) -> set[str]:
    """What it may have stood on: of a kind, all that there are."""
    found = {*of_kind(registered, kind)}
    if kind == "nat_gateway" and not one.name.startswith("unified-"):
        # Only what unifiedEgress has may be on either gateway; servers' addresses are on none.
        found &= {"gateway-nat"} if not one.name.startswith("server-") else set()
    if kind == "eip_association" and not one.name.startswith("unified-"):
        found = {name for name in found if name.startswith("shared-")}
    return found


@pytest.mark.parametrize("name", STACKS)
def test_what_may_be_moved_waits_for_all_that_it_may_be_moved_between(name: str) -> None:
    registered = made(name)
    for one in registered.resources:
        before = all_before(one, registered)
        for kind in [other for mine, other in PAIRS if mine == contract_of(one.type).kind]:
            missing = candidates(one, kind, registered) - before
            assert not missing, f"{one.name} doesn't wait for {missing}"


EXISTING_GATEWAY = """\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology: shared-bandwidth
  alicloud-gateways:network:
    vpc: {cidr: 10.1.0.0/16}
    vswitches:
      one: {cidr: 10.1.1.0/24, zone: cn-shanghai-b}
      two: {cidr: 10.1.2.0/24, zone: cn-shanghai-b}
    hosts: {a: {ip: 10.1.1.10, vswitch: one}}
  alicloud-gateways:sharedBandwidth:
    bandwidth: 10
    natGateway: {id: ngw-1, forwardTableId: ftb-1, snatTableId: stb-1}
    publicIps: {in: {}, out: {}}
    portMappings: {web: {publicIp: in, port: 80, host: a}}
    egress: {all: {cidr: 10.1.0.0/16, publicIps: [out]}}
"""


def test_what_stood_on_a_gateway_that_is_gone_waits_for_what_that_stood_on() -> None:
    registered = run(lambda: build(settings_of(EXISTING_GATEWAY)))
    vswitches = {"network-one", "network-two"}
    for kind in ("eip_association", "snat_entry", "forward_entry"):
        for name in of_kind(registered, kind):
            assert vswitches <= all_before(registered[name], registered)


def test_a_function_is_replaced_with_the_vswitches_that_it_is_in_and_with_no_other() -> None:
    registered = made("apis")
    replaced_with = {
        name: {last(urn) for urn in registered[name].request.replace_with}
        for name in of_kind(registered, "fcv3_function")
    }
    assert replaced_with == {
        "function-in-one-function": {"network-one"},
        "function-nowhere-function": set(),
    }
