"""API Gateway and what is around it, as the provider handles it: ids, imports, its own ways."""

import base64
from collections.abc import Generator, Mapping
from typing import Any

import grpc
import pytest
from fastcrc import crc64
from gateway_lab import TRUST, GatewayLab
from provider_lab import ProviderLab, plain, urn

from facts.contract import camel, contract_of, contract_of_kind
from sandbox.cloud import ACCOUNT_ID, Resource, Store
from sandbox.cloud import KINDS as RULES
from sandbox.provider.quirks import pulumi_id

INSTANCE = "alicloud:apigateway/instance:Instance"
API = "alicloud:apigateway/api:Api"
ACCESS = "alicloud:apigateway/vpcAccess:VpcAccess"
FUNCTION = "alicloud:fc/v3Function:V3Function"
ROLE = "alicloud:ram/role:Role"

POLICY = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"fc:*","Resource":"*"}]}'
KINDS = (
    "api_gateway_instance",
    "api_gateway_group",
    "api_gateway_api",
    "api_gateway_app",
    "api_gateway_app_attachment",
    "api_gateway_vpc_access",
    "api_gateway_plugin",
    "api_gateway_plugin_attachment",
    "api_gateway_log_config",
    "api_gateway_access_control_list",
    "api_gateway_acl_entry_attachment",
    "api_gateway_instance_acl_attachment",
    "fcv3_function",
    "ram_role",
    "ram_policy",
    "ram_role_policy_attachment",
    "slb_load_balancer",
    "slb_listener",
    "slb_server_group",
    "slb_server_group_server_attachment",
)


class Front(ProviderLab):
    """A provider, and a cloud with one of everything, and what a program says of each."""

    def __init__(self) -> None:
        store = Store(":memory:", seed="tests")
        self.cloud = GatewayLab(store)
        super().__init__(store)
        store.instance_seconds = 0
        self.inputs: dict[str, Mapping[str, Any]] = {}
        self.made: dict[str, Resource] = {}

    def make(self, kind: str, **inputs: object) -> Resource:
        contract = contract_of_kind(kind)
        checked = plain(self.check(contract.token, inputs).inputs)
        self.inputs[kind] = inputs
        self.made[kind] = self.store.create(kind, contract.to_snake(checked))
        return self.made[kind]

    def fill(self) -> None:
        """One of each kind."""
        instance = self.make("api_gateway_instance", **self.instance_inputs())
        group = self.make("api_gateway_group", name="orders", instanceId=instance.id)
        self._apis(group)
        self._balancer()
        trust = {"assumeRolePolicyDocument": TRUST, "description": "for the gateway"}
        role = self.make("ram_role", roleName="gateway", **trust)
        policy = self.make("ram_policy", policyName="invoke", policyDocument=POLICY)
        both = {"roleName": role.id, "policyName": policy.id}
        self.make("ram_role_policy_attachment", policyType="Custom", **both)
        self.make("fcv3_function", role=role["arn"], **self.function_inputs())
        log = {"slsProject": "shop", "slsLogStore": "calls"}
        self.make("api_gateway_log_config", logType="PROVIDER", **log)
        acl = self.make("api_gateway_access_control_list", accessControlListName="office")
        self.make("api_gateway_acl_entry_attachment", aclId=acl.id, entry="203.0.113.0/24")
        used = {"instanceId": instance.id, "aclType": "white"}
        self.make("api_gateway_instance_acl_attachment", aclId=acl.id, **used)

    def _apis(self, group: Resource) -> None:
        server = {"vpcId": self.cloud.vpc.id, "instanceId": self.cloud.server.id}
        self.make("api_gateway_vpc_access", name="backend", port=80, **server)
        api = self.make("api_gateway_api", **self.api_inputs(group))
        there = {"groupId": group.id, "apiId": api.id, "stageName": "RELEASE"}
        app = self.make("api_gateway_app", name="mobile", description="the app")
        self.make("api_gateway_app_attachment", appId=app.id, **there)
        data = {"pluginType": "cors", "pluginData": '{"allowOrigins": "*"}'}
        plugin = self.make("api_gateway_plugin", pluginName="cors", **data)
        self.make("api_gateway_plugin_attachment", pluginId=plugin.id, **there)

    def _balancer(self) -> None:
        inside = {"addressType": "intranet", "vswitchId": self.cloud.vswitch.id}
        balancer = self.make("slb_load_balancer", loadBalancerName="ingress", **inside)
        group = self.make("slb_server_group", loadBalancerId=balancer.id, name="apps")
        server = {"serverId": self.cloud.server.id, "port": 8080, "weight": 50}
        self.make("slb_server_group_server_attachment", serverGroupId=group.id, **server)
        listener = {"protocol": "tcp", "frontendPort": 80, "serverGroupId": group.id}
        self.make("slb_listener", loadBalancerId=balancer.id, bandwidth=-1, **listener)

    def instance_inputs(self, **more: object) -> dict[str, Any]:
        return {
            "instanceName": "front",
            "instanceSpec": "api.s1.small",
            "httpsPolicy": "HTTPS2_TLS1_0",
            "paymentType": "PayAsYouGo",
            **more,
        }

    def ingress(self) -> dict[str, str]:
        return {"ingressVpcId": self.cloud.vpc.id, "ingressVswitchId": self.cloud.vswitch.id}

    def api_inputs(self, group: Resource, **more: object) -> dict[str, Any]:
        request = {"protocol": "HTTP", "method": "GET", "path": "/orders", "mode": "MAPPING"}
        service = {"name": "backend", "path": "/orders", "method": "GET", "timeout": 10_000}
        return {
            "groupId": group.id,
            "name": "list_orders",
            "description": "Orders",
            "authType": "APP",
            "requestConfig": request,
            "serviceType": "HTTP-VPC",
            "httpVpcServiceConfig": service,
            "stageNames": ["RELEASE"],
            **more,
        }

    def function_inputs(self, **more: object) -> dict[str, Any]:
        code = {"zipFile": "UEsDBAoAAAAA"}
        name = {"functionName": "orders", "handler": "index.handler", "runtime": "python3.10"}
        return {**name, "code": code, "environmentVariables": {"STAGE": "dev"}, **more}


@pytest.fixture
def lab() -> Generator[Front]:
    lab = Front()
    yield lab
    lab.close()


# --- ids and imports ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_what_exists_is_adopted_by_its_id_without_a_difference(lab: Front, kind: str) -> None:
    lab.fill()
    token = contract_of_kind(kind).token
    identity = pulumi_id(lab.made[kind])
    found = lab.read(token, identity, {}, {})
    assert found.id == identity
    outputs, inputs = plain(found.properties), plain(found.inputs)
    unasked = {*map(camel, RULES[kind].provider.unread)}
    assert lab.differing(token, outputs, lab.inputs[kind]) == unasked, "the program's inputs"
    assert lab.failures(token, inputs) == {}, "inputs that a program may state"
    assert lab.differing(token, outputs, inputs) == set(), "the inputs that were found"


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_made_is_found_unchanged_by_a_refresh(lab: Front, kind: str) -> None:
    lab.fill()
    token = contract_of_kind(kind).token
    checked = plain(lab.check(token, lab.inputs[kind]).inputs)
    outputs = contract_of(token).to_camel(lab.made[kind].attributes)
    found = lab.read(token, pulumi_id(lab.made[kind]), outputs, checked)
    assert plain(found.inputs) == checked


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_gone_is_found_to_be_but_of_apps_and_authorizations(lab: Front, kind: str) -> None:
    lab.fill()
    token = contract_of_kind(kind).token
    outputs = contract_of(token).to_camel(lab.made[kind].attributes)
    identity = pulumi_id(lab.made[kind])
    lab.store.delete_behind(lab.made[kind].id)
    if kind not in {"api_gateway_app", "api_gateway_app_attachment"}:
        assert lab.read(token, identity, outputs, lab.inputs[kind]).id == ""
        return
    with pytest.raises(grpc.RpcError) as failed:
        lab.read(token, identity, outputs, lab.inputs[kind])
    assert f"refreshing {urn(token)}: " in str(failed.value)
    assert "is not found" in str(failed.value)


def test_ids_are_made_as_the_provider_makes_them(lab: Front) -> None:
    lab.fill()
    ids = {kind: pulumi_id(made) for kind, made in lab.made.items()}
    made = {kind: one.id for kind, one in lab.made.items()}
    group, api = made["api_gateway_group"], made["api_gateway_api"]
    server = lab.cloud.server.id
    assert ids["api_gateway_api"] == f"{group}:{api}"
    assert ids["api_gateway_vpc_access"] == f"backend:{lab.cloud.vpc.id}:{server}:80"
    app, plugin = made["api_gateway_app"], made["api_gateway_plugin"]
    assert ids["api_gateway_app_attachment"] == f"{group}:{api}:{app}:RELEASE"
    assert ids["api_gateway_plugin_attachment"] == f"{group}:{api}:{plugin}:RELEASE"
    assert ids["api_gateway_log_config"] == "PROVIDER"
    assert ids["ram_role_policy_attachment"] == "role:invoke:Custom:gateway"
    assert ids["slb_listener"] == f"{made['slb_load_balancer']}:tcp:80"


def test_all_of_it_can_be_taken_away_again(lab: Front) -> None:
    lab.fill()
    for kind in reversed(lab.made):
        one = lab.made[kind]
        token = contract_of_kind(kind).token
        outputs = contract_of(token).to_camel(one.attributes)
        lab.delete(token, pulumi_id(one), outputs)
        lab.delete(token, pulumi_id(one), outputs)
    left = {kind for kind in KINDS if lab.store.all(kind)}
    assert left == {"api_gateway_group"}, "the lab's own"


# --- the provider's own ways --------------------------------------------------------------------


def test_a_published_api_is_unpublished_and_deleted(lab: Front) -> None:
    group = lab.cloud.group
    lab.cloud.new_access("backend")
    identity, outputs = lab.create(API, lab.api_inputs(group))
    lab.delete(API, identity, outputs)
    assert lab.store.all("api_gateway_api") == []
    done = [one.operation for one in lab.store.calls(kind="api_gateway_api") if one.id]
    assert done.index("update") < done.index("delete")


def test_an_authorization_replaced_under_another_name_is_lost(lab: Front) -> None:
    where = {"vpcId": lab.cloud.vpc.id, "instanceId": lab.cloud.server.id, "port": 80}
    first, outputs = lab.create(ACCESS, {"name": "backend", **where})
    second, renamed = lab.create(ACCESS, {"name": "renamed", **where})
    assert lab.read(ACCESS, first, outputs, {}).id == ""
    lab.delete(ACCESS, first, outputs)
    assert lab.read(ACCESS, second, renamed, {}).id == "", "so delete before replacing"


def test_the_owner_of_the_ingress_vpc_is_stated_or_differs_for_ever(lab: Front) -> None:
    inputs = lab.instance_inputs(**lab.ingress())
    identity, outputs = lab.create(INSTANCE, inputs)
    assert lab.differing(INSTANCE, outputs, inputs) == {"ingressVpcOwnerId"}
    after = lab.update(INSTANCE, identity, outputs, inputs)
    assert lab.differing(INSTANCE, after, inputs) == {"ingressVpcOwnerId"}
    stated = {**inputs, "ingressVpcOwnerId": ACCOUNT_ID}
    assert lab.differing(INSTANCE, after, stated) == set()


@pytest.mark.parametrize("name", ["vpcSlbIntranetEnable", "egressIpv6Enable", "ipv6Enabled"])
def test_switches_that_the_provider_does_not_send_differ_for_ever(lab: Front, name: str) -> None:
    inputs = lab.instance_inputs(**{name: True})
    identity, outputs = lab.create(INSTANCE, inputs)
    assert lab.differing(INSTANCE, outputs, inputs) == {name}
    after = lab.update(INSTANCE, identity, outputs, inputs)
    assert lab.differing(INSTANCE, after, inputs) == {name}
    renamed = {**inputs, "instanceName": "front2"}
    at_last = lab.update(INSTANCE, identity, after, renamed)
    assert lab.differing(INSTANCE, at_last, renamed) == set()
    plainly = lab.instance_inputs(instanceName="front2")
    assert lab.differing(INSTANCE, at_last, plainly) == {name}


def test_new_code_alone_needs_a_new_checksum(lab: Front) -> None:
    inputs = lab.function_inputs()
    identity, outputs = lab.create(FUNCTION, inputs)
    code = {**inputs["code"], "zipFile": "UEsDBAoAAAAAUEsD"}
    silent = lab.update(FUNCTION, identity, outputs, {**inputs, "code": code})
    assert silent["codeSize"] == outputs["codeSize"]
    both = {**inputs, "code": code, "timeout": 30}
    beside = lab.update(FUNCTION, identity, outputs, both)
    assert beside["codeSize"] > outputs["codeSize"], "it goes along with what else changes"
    code["zipFile"] += "BAoA"
    checksum = str(crc64.xz(base64.b64decode(code["zipFile"])))
    summed = {**inputs, "code": {**code, "checksum": checksum}}
    after = lab.update(FUNCTION, identity, beside, summed)
    assert after["codeSize"] > beside["codeSize"]


def test_a_policy_in_other_words_is_the_same(lab: Front) -> None:
    inputs = {"roleName": "gateway", "assumeRolePolicyDocument": TRUST}
    _, outputs = lab.create(ROLE, inputs)
    spaced = TRUST.replace(", ", " ,  ")
    assert spaced != TRUST
    assert lab.differing(ROLE, outputs, {**inputs, "assumeRolePolicyDocument": spaced}) == set()
    other = TRUST.replace("apigateway", "fc")
    differing = lab.differing(ROLE, outputs, {**inputs, "assumeRolePolicyDocument": other})
    assert differing == {"assumeRolePolicyDocument"}


def test_a_role_is_found_from_every_region(lab: Front) -> None:
    inputs = {"roleName": "gateway", "assumeRolePolicyDocument": TRUST}
    identity, _ = lab.create(ROLE, inputs)
    lab.stub = lab.another("cn-zhangjiakou")
    assert lab.read(ROLE, identity, {}, {}).id == "gateway"
    with pytest.raises(grpc.RpcError) as caught:
        lab.create(ROLE, inputs)
    assert "EntityAlreadyExists.Role" in str(caught.value)


def test_a_preview_does_not_know_what_the_cloud_will_fill_in(lab: Front) -> None:
    group = "alicloud:apigateway/group:Group"
    _, planned = lab.create(group, {"name": "orders"}, preview=True)
    _, made = lab.create(group, {"name": "orders"})
    assert planned["subDomain"] != made["subDomain"]
    assert made["subDomain"].endswith("-cn-shanghai.alicloudapi.com")
