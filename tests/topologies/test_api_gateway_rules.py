"""What an API gateway may not say about instance, groups, authorizations and secrets."""

from typing import Any

import pytest

from tests.stackfiles import Edit, problems_of, warnings_of, where
from tests.topologies.api_stacks import (
    SECURE,
    SIGNATURE,
    G,
    api_stack,
    bound,
    limits_elsewhere,
    network,
)
from tests.topologies.unified import gone, only, only_warning, places, put

INGRESS = {"vswitch": "apps", "ownerId": "123456789012"}
SMALL = {"spec": "api.s1.small"}
DOMAIN = "17ff4c-cn-shanghai-intranet.alicloudapi.com"
ACCESS = f"{G}.vpcAccess"


def test_the_stack_that_these_tests_start_from_is_fine() -> None:
    for text in (api_stack(), api_stack(network())):
        assert problems_of(text) == ()
        assert warnings_of(text) == ()


def test_a_gateway_without_groups_is_none() -> None:
    problem = only(api_stack(put("", apiGateway={})))
    assert (where(problem), problem.rule) == (f"{G}.groups", "groups is required here")
    problem = only(api_stack(put(G, groups={}, apis={})))
    assert (where(problem), problem.value) == (f"{G}.groups", {})


# The instance.


def test_a_new_instance_has_a_size() -> None:
    problem = only(api_stack(put(G, instance={})))
    assert (where(problem), problem.value) == (f"{G}.instance.spec", None)
    assert problem.rule == "a new instance has a size"
    assert problem.remedy.startswith("add spec: api.s1.small, or the id of an instance")
    assert problems_of(api_stack(put(G, instance=SMALL))) == ()
    assert problems_of(api_stack(put(G, instance={"id": "apigateway-1"}))) == ()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "shop"),
        ("spec", "api.s1.small"),
        ("zone", "cn-shanghai-MAZ1(a,b)"),
        ("ingress", INGRESS),
        ("selfCall", True),
        ("httpsPolicy", "HTTPS2_TLS1_2"),
    ],
)
def test_an_instance_that_exists_keeps_what_it_has(key: str, value: object) -> None:
    problem = only(api_stack(network(), put(G, instance={"id": "apigateway-1", key: value})))
    assert (where(problem), problem.value) == (f"{G}.instance.{key}", value)
    assert problem.rule == f"an instance that exists keeps its {key}"
    assert problem.remedy == f"remove {key}, or id to create one"
    new = put(G, instance={**SMALL, key: value})
    assert problems_of(api_stack(network(), new)) == (), "the remedy's other half"


def test_calls_from_the_vpc_come_through_a_vswitch_of_the_network() -> None:
    edit = put(G, instance={**SMALL, "ingress": {**INGRESS, "vswitch": "app"}})
    problem = only(api_stack(network(), edit))
    assert (where(problem), problem.value) == (f"{G}.instance.ingress.vswitch", "app")
    assert problem.remedy == "did you mean apps?"


def test_calls_from_the_vpc_need_a_network() -> None:
    problem = only(api_stack(put(G, instance={**SMALL, "ingress": INGRESS})))
    assert (where(problem), problem.value) == (f"{G}.instance.ingress.vswitch", "apps")
    assert problem.rule == "this must name a vSwitch of network or of one of networks"


def test_one_vpc_calls_an_instance() -> None:
    two = put(G, instance={**SMALL, "ingress": [INGRESS, {**INGRESS, "vswitch": "more"}]})
    problem = only(api_stack(network(), two))
    assert where(problem) == f"{G}.instance.ingress"


@pytest.mark.parametrize("owner", ["me", "123****"])
def test_the_owner_of_a_vpc_is_an_account_id(owner: str) -> None:
    edit = put(G, instance={**SMALL, "ingress": {**INGRESS, "ownerId": owner}})
    problem = only(api_stack(network(), edit))
    assert (where(problem), problem.value) == (f"{G}.instance.ingress.ownerId", owner)


# Groups.


def test_the_gateway_calls_itself_on_a_dedicated_instance() -> None:
    edit = put(f"{G}.groups.shop", selfCallDomain=DOMAIN)
    problem = only(api_stack(edit))
    assert (where(problem), problem.value) == (f"{G}.groups.shop.selfCallDomain", DOMAIN)
    assert problem.rule == "the gateway calls itself over the intranet on a dedicated instance"
    assert problem.remedy.startswith("add instance: {spec: api.s1.small")
    assert problem.remedy.endswith("or remove selfCallDomain")
    assert problems_of(api_stack(edit, put(G, instance={**SMALL, "selfCall": True}))) == ()


def test_the_shared_instance_has_a_domain_inside_too() -> None:
    assert problems_of(api_stack(put(f"{G}.groups.shop", intranet=True))) == ()


def test_a_base_path_begins_with_a_slash() -> None:
    problem = only(api_stack(put(f"{G}.groups.shop", basePath="shop")))
    assert (where(problem), problem.value) == (f"{G}.groups.shop.basePath", "shop")
    assert problem.remedy == "write /shop"


# Authorizations.


@pytest.mark.parametrize(
    ("entry", "value"), [({}, None), ({"instanceId": "i-1", "host": "ecs1"}, "i-1, ecs1")]
)
def test_an_authorization_is_for_one_thing(entry: dict[str, Any], value: str | None) -> None:
    problem = only(api_stack(network(), put(ACCESS, ingress={"port": 80, **entry})))
    assert (where(problem), problem.value) == (f"{ACCESS}.ingress", value)
    assert problem.rule == (
        "an authorization is for one thing: an instanceId, a host or a loadBalancer"
    )
    assert problem.remedy == "give one of the three"


def test_an_authorization_is_for_a_host_of_the_network() -> None:
    problem = only(api_stack(network(), put(ACCESS, ingress={"host": "ecs12", "port": 80})))
    assert (where(problem), problem.value) == (f"{ACCESS}.ingress.host", "ecs12")
    assert problem.rule == "this must name a host of network or of one of networks"
    assert problem.remedy.startswith("did you mean ecs")


def test_an_authorization_needs_the_hosts_instance() -> None:
    edit = put(ACCESS, ingress={"host": "ecs2", "port": 80})
    problem = only(api_stack(network(), edit))
    assert (where(problem), problem.value) == (f"{ACCESS}.ingress.host", "ecs2")
    assert problem.rule == "requests go to an ECS instance; of ecs2 only the address is known"
    assert problem.remedy.startswith("add instanceId: i-… to network.hosts.ecs2")
    known = put("network.hosts.ecs2", instanceId="i-2")
    assert problems_of(api_stack(network(), edit, known)) == ()


@pytest.mark.parametrize("host", ["ecs1", "ecs3"])
def test_hosts_that_exist_and_hosts_that_are_created_can_be_authorized(host: str) -> None:
    assert problems_of(api_stack(network(), put(ACCESS, ingress={"host": host, "port": 80}))) == ()


def test_an_authorization_names_its_vpc_where_the_stack_has_none() -> None:
    edit = put(ACCESS, ingress={"instanceId": "lb-1", "port": 80})
    problem = only(api_stack(edit))
    assert (where(problem), problem.value) == (f"{ACCESS}.ingress.vpc", None)
    assert problem.rule == "an authorization is for a VPC, and the stack has no network"
    assert problem.remedy == "add vpc: vpc-…, or a network"
    assert problems_of(api_stack(edit, put(f"{ACCESS}.ingress", vpc="vpc-1"))) == ()
    assert problems_of(api_stack(edit, network())) == ()


def test_a_port_is_authorized_once() -> None:
    again = {"vpc": "vpc-1", "instanceId": "lb-1", "port": 80}
    problem = only(api_stack(put(ACCESS, again=again)))
    assert (where(problem), problem.value) == (f"{ACCESS}.again.port", 80)
    assert problem.rule == "a port is authorized once; ingress has lb-1:80 already"
    assert problem.remedy == "use ingress instead"
    for other in ({"port": 81}, {"vpc": "vpc-2"}, {"instanceId": "lb-2"}):
        assert problems_of(api_stack(put(ACCESS, again={**again, **other}))) == (), other


def test_a_host_and_its_instance_are_one() -> None:
    host = put(ACCESS, host={"host": "ecs1", "port": 80})
    same = put(ACCESS, same={"instanceId": "i-1", "port": 80})
    problem = only(api_stack(network(), host, same))
    assert (where(problem), problem.value) == (f"{ACCESS}.same.port", 80)
    assert "host has i-1:80 already" in problem.rule


@pytest.mark.parametrize("port", [0, 65536])
def test_a_port_is_one_of_65535(port: int) -> None:
    assert places(api_stack(put(f"{ACCESS}.ingress", port=port))) == [
        (f"{ACCESS}.ingress.port", port)
    ]


# Secrets.


@pytest.mark.parametrize("key", ["key", "secret"])
def test_a_plain_secret_is_one_problem_and_is_never_shown(key: str) -> None:
    signature: dict[str, Any] = {**SIGNATURE["backendSignature"], key: "Plain4Everyone"}
    text = api_stack(*bound("sign", {"backendSignature": signature}), limits_elsewhere())
    problem = only(text)
    place = f"{G}.plugins.sign.backendSignature.{key}"
    assert (where(problem), problem.value) == (place, "[secret]")
    assert problem.rule.startswith("a secret is never written in plain text")
    assert problem.remedy.endswith(f"pulumi config set --secret --path 'alicloud-gateways:{place}'")
    assert "Plain4Everyone" not in repr(problem)


def test_a_secret_in_a_section_that_cant_be_read_isnt_shown_either() -> None:
    signature: dict[str, Any] = {**SIGNATURE["backendSignature"], "secret": "Plain4Everyone"}
    edits = [*bound("sign", {"backendSignature": signature, "bogus": 1}), limits_elsewhere()]
    found = problems_of(api_stack(*edits, put(f"{G}.apis.order", group="nope")))
    assert [where(problem) for problem in found] == [
        f"{G}.apis.order.group",
        f"{G}.plugins.sign.bogus",
    ]
    assert "Plain4Everyone" not in repr(found)


def test_an_encrypted_secret_is_accepted() -> None:
    assert problems_of(api_stack(*bound("sign", SIGNATURE), limits_elsewhere())) == ()


@pytest.mark.parametrize(
    "edit", [put(f"{G}.apis.order", path=SECURE), put(f"{G}.groups.shop", description=SECURE)]
)
def test_what_is_no_secret_cant_be_encrypted(edit: Edit) -> None:
    problem = only(api_stack(edit))
    assert problem.value == "[secret]"
    assert problem.rule == "this value is encrypted, and only Pulumi itself can read it"


# Warnings and renames.


@pytest.mark.parametrize(
    ("place", "entry"),
    [
        ("groups", {}),
        ("apps", {}),
        ("vpcAccess", {"vpc": "vpc-1", "instanceId": "lb-2", "port": 80}),
        ("plugins", {"cors": {"allowOrigins": ["*"], "allowMethods": ["GET"]}}),
    ],
)
def test_what_no_api_uses_is_a_warning(place: str, entry: dict[str, Any]) -> None:
    warning = only_warning(api_stack(put(f"{G}.{place}", spare=entry)))
    assert where(warning) == f"{G}.{place}.spare"
    assert warning.rule == "spare is used by nothing"
    assert warning.remedy == "use it, or remove it"


def test_an_authorization_that_only_a_plugin_uses_is_used() -> None:
    route: dict[str, Any] = {
        "name": "inside",
        "condition": "$CaClientIp in_cidr '203.0.113.0/24'",
        "backend": {"vpc": {"access": "other"}},
    }
    other = put(ACCESS, other={"vpc": "vpc-1", "instanceId": "lb-2", "port": 80})
    text = api_stack(other, *bound("routes", {"routing": {"routes": [route]}}), limits_elsewhere())
    assert problems_of(text) == ()
    assert warnings_of(text) == ()


@pytest.mark.parametrize(
    ("place", "key"),
    [
        ("groups", "shop"),
        ("apps", "caller"),
        ("vpcAccess", "ingress"),
        ("apis", "order"),
        ("plugins", "limits"),
    ],
)
def test_a_rename_comes_from_an_entry_that_is_gone(place: str, key: str) -> None:
    def twin(settings: dict[str, Any]) -> None:
        entries = settings[G][place]
        entries["twin"] = {**entries[key], "was": key}
        if place == "apis":
            backend = {"mock": {"result": "ok"}}
            entries["twin"].update(path="/x", parameters={}, backend=backend)
        if place == "vpcAccess":
            entries["twin"].update(port=81)

    problem = only(api_stack(twin))
    assert (where(problem), problem.value) == (f"{G}.{place}.twin.was", key)
    assert problem.remedy == f"remove {key}, or remove this was"
    assert problems_of(api_stack(put(f"{G}.{place}.{key}", was="old"))) == ()


def test_the_section_of_a_gateway_that_isnt_chosen_is_only_mentioned() -> None:
    text = api_stack(network(), put("", topology=[]), gone("topology"))
    assert [where(problem) for problem in problems_of(text)] == ["topology"]
