"""What a gateway reaches in several networks, and in which regions it can."""

from typing import Any

import pytest

from tests.stackfiles import Edit, problems_of, warnings_of, where
from tests.topologies.api_stacks import G, api_stack, mock_api
from tests.topologies.unified import gone, only, places, put

ACCESS, BALANCERS = f"{G}.vpcAccess", f"{G}.loadBalancers"
CREATED = {"type": "ecs.g7.large", "image": "aliyun_3.vhd"}


def network(prefix: str, name: str, region: str) -> dict[str, Any]:
    """A network with two hosts, one with an instance and one without."""
    return {
        "region": region,
        "vpc": {"cidr": f"{prefix}.0.0/16"},
        "vswitches": {f"{name}-apps": {"cidr": f"{prefix}.1.0/24", "zone": f"{region}-b"}},
        "hosts": {
            f"{name}-1": {
                "ip": f"{prefix}.1.10",
                "vswitch": f"{name}-apps",
                "instanceId": f"i-{name}",
            },
            f"{name}-2": {"ip": f"{prefix}.1.11", "vswitch": f"{name}-apps"},
        },
    }


def stack(*edits: Edit) -> str:
    """An API stack with a network of its own, one beside it, and one in another region."""
    own = network("192.168", "own", "cn-shanghai")
    del own["region"]
    others = {
        "back": network("172.16", "back", "cn-shanghai"),
        "far": network("10.1", "far", "cn-beijing"),
    }
    return api_stack(put("", network=own, networks=others), *edits)


def access(**entries: object) -> Edit:
    """An edit that replaces the stack's authorization."""
    return put(ACCESS, ingress={"port": 80, **entries})


def balancer(vswitch: str, *servers: str) -> Edit:
    """An edit that adds a load balancer, which the stack's authorization leads to."""
    one = {"vswitch": vswitch, "port": 80, "servers": dict.fromkeys(servers, 8080)}

    def edit(settings: dict[str, Any]) -> None:
        put(G, loadBalancers={"front": one})(settings)
        access(loadBalancer="front")(settings)

    return edit


def instance(vswitch: str) -> Edit:
    """An edit that lets a vSwitch's VPC call a new instance."""
    ingress = {"vswitch": vswitch, "ownerId": "123456789012"}
    return put(G, instance={"spec": "api.s1.small", "ingress": ingress})


def test_the_stack_that_these_tests_start_from_is_fine() -> None:
    assert problems_of(stack()) == ()
    assert warnings_of(stack()) == ()


# Authorizations.


@pytest.mark.parametrize("host", ["own-1", "back-1"])
def test_a_host_of_any_network_of_the_region_is_authorized(host: str) -> None:
    assert problems_of(stack(access(host=host))) == ()


def test_a_host_of_another_network_needs_its_instance_too() -> None:
    problem = only(stack(access(host="back-2")))
    assert (where(problem), problem.value) == (f"{ACCESS}.ingress.host", "back-2")
    assert problem.remedy.startswith("add instanceId: i-… to networks.back.hosts.back-2")
    created = put("networks.back.hosts.back-2", instance=CREATED)
    assert problems_of(stack(access(host="back-2"), created)) == ()


def test_a_host_in_another_region_isnt_reached() -> None:
    problem = only(stack(access(host="far-1")))
    assert (where(problem), problem.value) == (f"{ACCESS}.ingress.host", "far-1")
    assert problem.rule == (
        "the gateway is in cn-shanghai and connects to VPCs there alone; far-1 is in cn-beijing"
    )
    assert "crossRegion" in problem.remedy


def test_an_address_behind_another_network_is_authorized() -> None:
    assert problems_of(stack(access(instanceId="172.16.1.10", network="back"))) == ()


def test_an_authorization_names_a_network_of_the_stack() -> None:
    problem = only(stack(access(instanceId="172.16.1.10", network="bak")))
    assert (where(problem), problem.value) == (f"{ACCESS}.ingress.network", "bak")
    assert problem.remedy == "did you mean back?"


def test_an_authorization_names_a_network_of_the_gateways_region() -> None:
    problem = only(stack(access(instanceId="10.1.1.10", network="far")))
    assert (where(problem), problem.value) == (f"{ACCESS}.ingress.network", "far")
    assert problem.rule.endswith("far is in cn-beijing")


def test_an_authorization_is_for_one_vpc() -> None:
    problem = only(stack(access(instanceId="172.16.1.10", network="back", vpc="vpc-1")))
    assert (where(problem), problem.value) == (f"{ACCESS}.ingress.network", "back")
    assert problem.remedy == "keep vpc or network"


@pytest.mark.parametrize("host", ["own-1", "far-1"])
def test_a_host_is_in_the_network_that_its_authorization_names(host: str) -> None:
    problem = only(stack(access(host=host, network="back")))
    assert (where(problem), problem.value) == (f"{ACCESS}.ingress.network", "back")
    assert problem.rule == "what this leads to isn't in back"
    assert problems_of(stack(access(host="back-1", network="back"))) == ()


def test_without_a_network_of_its_own_a_stack_names_another() -> None:
    alone = gone("network")
    problem = only(stack(alone, access(instanceId="172.16.1.10")))
    assert where(problem) == f"{ACCESS}.ingress.vpc"
    assert problems_of(stack(alone, access(instanceId="172.16.1.10", network="back"))) == ()
    assert problems_of(stack(alone, access(host="back-1"))) == ()


def test_one_address_in_two_networks_is_two_things() -> None:
    two = {
        "one": {"instanceId": "172.16.1.10", "port": 80, "network": "back"},
        "two": {"instanceId": "172.16.1.10", "port": 80},
    }
    assert problems_of(stack(put(ACCESS, **two))) == ()


def test_a_port_of_another_network_is_authorized_once() -> None:
    two = {
        "host": {"host": "back-1", "port": 80, "network": "back"},
        "same": {"instanceId": "i-back", "port": 80, "network": "back"},
    }
    problem = only(stack(put(ACCESS, **two)))
    assert (where(problem), problem.value) == (f"{ACCESS}.same.port", 80)
    assert problem.rule == "a port is authorized once; host has i-back:80 already"


@pytest.mark.parametrize(
    ("vpc", "one", "other"),
    [
        ({"id": "vpc-9"}, {"host": "back-1"}, {"instanceId": "i-back", "network": "back"}),
        ({"id": "vpc-9"}, {"host": "back-1"}, {"instanceId": "i-back", "vpc": "vpc-9"}),
        (
            {"id": "vpc-9"},
            {"instanceId": "lb-1", "network": "back"},
            {"instanceId": "lb-1", "vpc": "vpc-9"},
        ),
    ],
)
def test_a_network_and_the_id_of_its_vpc_are_one(
    vpc: dict[str, Any], one: dict[str, Any], other: dict[str, Any]
) -> None:
    two = {"one": {"port": 80, **one}, "two": {"port": 80, **other}}
    assert places(stack(put("networks.back", vpc=vpc), put(ACCESS, **two))) == [
        (f"{ACCESS}.two.port", 80)
    ]


# Load balancers.


def test_a_load_balancer_stands_in_any_network_of_the_region() -> None:
    assert problems_of(stack(balancer("own-apps", "own-1"))) == ()
    assert problems_of(stack(balancer("back-apps", "back-1"))) == ()


def test_a_load_balancer_in_another_region_isnt_reached() -> None:
    problem = only(stack(balancer("far-apps", "far-1")))
    assert (where(problem), problem.value) == (f"{BALANCERS}.front.vswitch", "far-apps")
    assert problem.rule.endswith("far-apps is in cn-beijing")


def test_a_load_balancer_and_its_servers_are_in_one_vpc() -> None:
    problem = only(stack(balancer("own-apps", "own-1", "back-1")))
    assert (where(problem), problem.value) == (f"{BALANCERS}.front.servers.back-1", "back-1")
    assert problem.rule == "a load balancer and its servers are in one VPC; back-1 is in another"
    assert problem.remedy == "use hosts of network"


def test_a_load_balancer_needs_its_servers_instances() -> None:
    problem = only(stack(balancer("back-apps", "back-2")))
    assert (where(problem), problem.value) == (f"{BALANCERS}.front.servers.back-2", "back-2")
    assert problem.remedy.startswith("add instanceId: i-… to networks.back.hosts.back-2")


def test_a_load_balancers_vswitch_and_servers_are_the_stacks() -> None:
    found = places(stack(balancer("back-app", "back-3")))
    assert found == [
        (f"{BALANCERS}.front.vswitch", "back-app"),
        (f"{BALANCERS}.front.servers.back-3", "back-3"),
    ]


def test_an_authorization_names_a_load_balancer() -> None:
    problem = only(stack(balancer("own-apps", "own-1"), access(loadBalancer="frnt")))
    assert (where(problem), problem.value) == (f"{ACCESS}.ingress.loadBalancer", "frnt")
    assert problem.remedy == "did you mean front?"


def test_a_load_balancer_is_in_the_network_that_its_authorization_names() -> None:
    named = put(f"{ACCESS}.ingress", network="back")
    assert problems_of(stack(balancer("back-apps", "back-1"), named)) == ()
    problem = only(stack(balancer("own-apps", "own-1"), named))
    assert problem.rule == "what this leads to isn't in back"


def test_a_load_balancer_of_a_stack_without_network_of_its_own_gives_the_vpc() -> None:
    assert problems_of(stack(gone("network"), balancer("back-apps", "back-1"))) == ()


# Calls from a VPC.


def test_any_network_of_the_region_may_call_the_instance() -> None:
    assert problems_of(stack(instance("own-apps"))) == ()
    assert problems_of(stack(instance("back-apps"))) == ()


def test_a_network_of_another_region_doesnt_call_the_instance_directly() -> None:
    problem = only(stack(instance("far-apps")))
    assert (where(problem), problem.value) == (f"{G}.instance.ingress.vswitch", "far-apps")
    assert "crossRegion" in problem.remedy


def test_apis_need_no_network_at_all() -> None:
    mock = put(G, apis={"mock": mock_api()}, vpcAccess={}, apps={}, plugins={})
    assert problems_of(api_stack(mock)) == ()
