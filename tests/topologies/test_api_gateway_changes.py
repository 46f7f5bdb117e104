"""Changes of APIs that no single update can carry out."""

from typing import Any

import pytest

from facts import kinds
from tests.stackfiles import Edit, where
from tests.topologies.api_stacks import G, api_stack, mock_api
from tests.topologies.held_states import Held, changes, held
from tests.topologies.unified import gone, moved, put

APIS = f"{G}.apis"


def api(name: str, method: str, path: str, group: str = "group-shop-group-id") -> dict[str, Any]:
    """An API, as the state has it."""
    request = {"method": method, "path": path, "protocol": "HTTPS", "mode": "MAPPING"}
    return held(kinds.API, f"api-{name}-api", groupId=group, requestConfig=request)


SHOP = held(kinds.API_GROUP, "group-shop-group")
ORDER, PAY = api("order", "GET", "/orders/[id]"), api("pay", "POST", "/pay")
STATE: Held = [SHOP, ORDER, PAY]


def replaced(**more: object) -> Edit:
    """An edit that drops `pay` and adds another API."""

    def edit(settings: dict[str, Any]) -> None:
        del settings[G]["apis"]["pay"]
        settings[G]["apis"]["charge"] = mock_api(
            **{"method": "POST", "path": "/pay", "mode": "passthrough", **more}
        )

    return edit


def group_renamed(**more: str) -> Edit:
    """An edit that calls the group `store`, for its APIs too, and says some more of it."""

    def edit(settings: dict[str, Any]) -> None:
        moved(f"{G}.groups", "shop", "store", **more)(settings)
        for one in settings[G]["apis"].values():
            one["group"] = "store"

    return edit


def test_nothing_is_wrong_with_a_stack_that_stays_as_it_is() -> None:
    assert changes(api_stack(), STATE) == []


def test_nothing_is_wrong_with_a_first_deployment() -> None:
    assert changes(api_stack(), []) == []


@pytest.mark.parametrize("method", ["POST", "ANY"])
def test_a_requests_new_api_cant_come_before_its_old_one_goes(method: str) -> None:
    (problem,) = changes(api_stack(replaced(method=method)), STATE)
    assert (where(problem), problem.value) == (f"{APIS}.charge", f"{method} /pay")
    assert problem.rule == (
        f"{method} /pay is held by pay, which is deleted only after this has been created"
    )
    assert problem.remedy == "say was: pay in charge: apiGateway.apis.pay is then updated in place"
    assert changes(api_stack(replaced(method=method, was="pay")), STATE) == []


def test_an_api_for_any_method_stands_in_the_way_of_each() -> None:
    (problem,) = changes(api_stack(replaced()), [SHOP, ORDER, api("pay", "ANY", "/pay")])
    assert (where(problem), problem.value) == (f"{APIS}.charge", "POST /pay")


def test_the_names_of_a_paths_parameters_make_no_difference() -> None:
    number = {
        "path": "/orders/[number]",
        "parameters": {"number": {"in": "path", "required": True}},
    }
    text = api_stack(gone(f"{APIS}.order"), put(APIS, one=mock_api(**number)))
    (problem,) = changes(text, STATE)
    assert problem.value == "GET /orders/[]"
    assert "held by order" in problem.rule


@pytest.mark.parametrize("change", [{"method": "PUT"}, {"path": "/charge"}])
def test_another_method_or_path_can_be_had_at_once(change: dict[str, str]) -> None:
    assert changes(api_stack(replaced(**change)), STATE) == []


def test_another_group_can_have_the_same_requests() -> None:
    edits = [put(f"{G}.groups", other={}), replaced(group="other")]
    assert changes(api_stack(*edits), STATE) == []
    state = [*STATE, held(kinds.API_GROUP, "group-other-group")]
    assert changes(api_stack(*edits), state) == []


def test_apis_follow_their_group_over_its_rename() -> None:
    assert changes(api_stack(group_renamed(was="shop")), STATE) == []
    replacing = api_stack(group_renamed(was="shop"), replaced(group="store"))
    assert [where(problem) for problem in changes(replacing, STATE)] == [f"{APIS}.charge"]
    fresh = api_stack(group_renamed(), replaced(group="store"))
    assert changes(fresh, STATE) == [], "a new group holds nothing yet"


def test_two_apis_that_swap_their_requests_need_two_steps() -> None:
    def swapped(settings: dict[str, Any]) -> None:
        apis = settings[G]["apis"]
        apis["one"] = mock_api(path="/two")
        apis["two"] = mock_api(path="/one")

    state = [*STATE, api("one", "GET", "/one"), api("two", "GET", "/two")]
    found = changes(api_stack(swapped), state)
    assert [where(problem) for problem in found] == [f"{APIS}.one", f"{APIS}.two"]
    assert "swap GET /two, which no single update can do" in found[0].rule
    assert found[0].remedy.startswith("do it in two steps")


# Authorizations.


def test_a_port_is_authorized_anew_only_when_the_old_authorization_has_gone() -> None:
    state = [
        *STATE,
        held(kinds.VPC_ACCESS, "vpc-access-ingress-access", instanceId="lb-1", port=80.0),
    ]
    same = {"vpc": "vpc-1", "instanceId": "lb-1", "port": 80}
    edits = [put(f"{G}.vpcAccess", ingress=same)]
    assert changes(api_stack(*edits), state) == []

    def renamed(settings: dict[str, Any]) -> None:
        section = settings[G]
        section["vpcAccess"] = {"door": same}
        section["apis"]["pay"]["backend"]["vpc"]["access"] = "door"

    (problem,) = changes(api_stack(renamed), state)
    assert where(problem) == f"{G}.vpcAccess.door"
    assert "the authorization of lb-1:80 is held by ingress" in problem.rule
    assert "say was: ingress in door" in problem.remedy

    def carried_over(settings: dict[str, Any]) -> None:
        settings[G]["vpcAccess"]["door"]["was"] = "ingress"

    assert changes(api_stack(renamed, carried_over), state) == []


def test_a_load_balancer_of_the_stack_is_known_by_its_id_in_the_state() -> None:
    state = [
        *STATE,
        held(kinds.LOAD_BALANCER, "balancer-front-load-balancer"),
        held(
            kinds.VPC_ACCESS,
            "vpc-access-old-access",
            instanceId="balancer-front-load-balancer-id",
            port=80,
        ),
    ]

    def led_by_a_balancer(settings: dict[str, Any]) -> None:
        servers = {"ecs1": 30080}
        balancer = {"vswitch": "apps", "port": 80, "servers": servers}
        settings["network"] = {
            "vpc": {"cidr": "192.168.0.0/16"},
            "vswitches": {"apps": {"cidr": "192.168.1.0/24", "zone": "cn-shanghai-a"}},
            "hosts": {"ecs1": {"ip": "192.168.1.1", "vswitch": "apps", "instanceId": "i-1"}},
        }
        settings[G]["loadBalancers"] = {"front": balancer}
        settings[G]["vpcAccess"]["ingress"] = {"loadBalancer": "front", "port": 80}

    (problem,) = changes(api_stack(led_by_a_balancer), state)
    assert where(problem) == f"{G}.vpcAccess.ingress"
    assert "is held by old" in problem.rule


BALANCER = f"{G}.loadBalancers.front"
BALANCED: Held = [
    held(kinds.LOAD_BALANCER, "balancer-front-load-balancer"),
    held(kinds.SERVER_GROUP, "balancer-front-servers"),
    *(
        {
            **held(
                kinds.SERVER_GROUP_SERVER,
                f"balancer-front-server-{host}",
                serverGroupId="balancer-front-servers-id",
                serverId=server,
                port=8080,
            ),
            "parent": "urn:pulumi:dev::alicloud-gateways::a:b:C::balancer-front",
        }
        for host, server in (("ecs1", "i-1"), ("ecs2", "i-2"))
    ),
]


def balanced(*edits: Edit) -> str:
    """A stack file with a load balancer in front of two servers."""

    def edit(settings: dict[str, Any]) -> None:
        settings["network"] = {
            "vpc": {"cidr": "192.168.0.0/16"},
            "vswitches": {"apps": {"cidr": "192.168.1.0/24", "zone": "cn-shanghai-a"}},
            "hosts": {
                f"ecs{n}": {"ip": f"192.168.1.{n}", "vswitch": "apps", "instanceId": f"i-{n}"}
                for n in (1, 2)
            },
        }
        servers = {"ecs1": 8080, "ecs2": 8080}
        settings[G]["loadBalancers"] = {
            "front": {"vswitch": "apps", "port": 80, "servers": servers}
        }
        settings[G]["vpcAccess"]["ingress"] = {"loadBalancer": "front", "port": 80}

    return api_stack(edit, *edits)


def test_a_server_is_behind_a_load_balancer_under_another_name_only_with_was() -> None:
    state = [*STATE, *BALANCED]
    assert changes(balanced(), state) == []
    servers = put(BALANCER, servers={"core1": 8080, "ecs2": 8080})
    (problem,) = changes(balanced(moved("network.hosts", "ecs1", "core1"), servers), state)
    assert where(problem) == f"{BALANCER}.servers.core1"
    assert "i-1:8080 in the server group is held by front.servers.ecs1" in problem.rule
    assert problem.remedy.startswith("say was: ecs1 in core1: ")
    with_was = moved("network.hosts", "ecs1", "core1", was="ecs1")
    assert changes(balanced(with_was, servers), state) == []


def test_servers_behind_a_load_balancer_dont_change_their_names_with_each_other() -> None:
    swapped = [
        put(f"network.hosts.ecs{n}", instanceId=f"i-{other}") for n, other in ((1, 2), (2, 1))
    ]
    (problem,) = changes(balanced(*swapped), [*STATE, *BALANCED])
    assert where(problem) == f"{BALANCER}.servers.ecs1"
    assert "swap i-2:8080" in problem.rule


def test_an_authorization_is_known_by_a_balancer_and_a_host_that_are_renamed() -> None:
    balancer = "balancer-front-load-balancer-id"
    held_by = held(kinds.VPC_ACCESS, "vpc-access-old-access", instanceId=balancer, port=80)
    moves = [
        moved(f"{G}.loadBalancers", "front", "door", was="front"),
        put(f"{G}.vpcAccess.ingress", loadBalancer="door"),
    ]
    (problem,) = changes(balanced(*moves), [*STATE, *BALANCED, held_by])
    assert where(problem) == f"{G}.vpcAccess.ingress"

    server = held(kinds.INSTANCE, "host-ecs1-instance", privateIp="192.168.1.1")
    created = {"type": "ecs.g7.large", "image": "some.vhd"}
    core = {"ip": "192.168.1.1", "vswitch": "apps", "instance": created, "was": "ecs1"}
    moves = [
        gone("network.hosts.ecs1"),
        put("network.hosts", core1=core),
        gone(f"{BALANCER}.servers.ecs1"),
        gone(f"{G}.vpcAccess.ingress"),
        put(f"{G}.vpcAccess", ingress={"host": "core1", "port": 80}),
    ]
    held_by = held(
        kinds.VPC_ACCESS, "vpc-access-old-access", instanceId="host-ecs1-instance-id", port=80
    )
    (problem,) = changes(balanced(*moves), [*STATE, server, held_by])
    assert where(problem) == f"{G}.vpcAccess.ingress"


# Ranges of an access control list.


def test_a_range_is_in_a_list_under_another_name_only_when_the_old_entry_has_gone() -> None:
    state = [
        *STATE,
        held(kinds.ACCESS_LIST_RANGE, "api-gateway-entry-office", entry="203.0.113.0/24"),
    ]

    def listed(**entries: object) -> Edit:
        acl = {"mode": "allow", "entries": entries}
        return put(G, instance={"id": "apigateway-1", "acl": acl})

    same = {"cidr": "203.0.113.0/24"}
    assert changes(api_stack(listed(office=same)), state) == []
    (problem,) = changes(api_stack(listed(bureau=same)), state)
    assert where(problem) == f"{G}.instance.acl.entries.bureau"
    assert "203.0.113.0/24 is held by acl.entries.office" in problem.rule
    assert "say was: office in acl.entries.bureau" in problem.remedy
    assert changes(api_stack(listed(bureau={**same, "was": "office"})), state) == []
    assert changes(api_stack(listed(bureau={"cidr": "198.51.100.0/24"})), state) == []


# The instance.


def test_a_group_that_is_kept_keeps_the_instance_that_goes() -> None:
    instance = held(kinds.API_INSTANCE, "api-gateway-instance")
    group = held(kinds.API_GROUP, "group-shop-group", instanceId="api-gateway-instance-id")
    state = [instance, group, ORDER, PAY]
    assert changes(api_stack(put(G, instance={"spec": "api.s1.small"})), state) == []
    (problem,) = changes(api_stack(), state)
    assert (where(problem), problem.value) == (f"{G}.groups.shop", "shop")
    assert "is on the instance api-gateway-instance-id" in problem.rule
    assert "give the group another name, without was" in problem.remedy

    assert changes(api_stack(group_renamed()), state) == []
    (problem,) = changes(api_stack(group_renamed(was="shop")), state)
    assert where(problem) == f"{G}.groups.store"


def test_a_group_of_another_instance_stays_where_it_is() -> None:
    instance = held(kinds.API_INSTANCE, "api-gateway-instance")
    group = held(kinds.API_GROUP, "group-shop-group", instanceId="apigateway-shared")
    assert changes(api_stack(), [instance, group, ORDER, PAY]) == []
