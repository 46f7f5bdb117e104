"""What edits of the API Gateway section do to resources, on the real engine."""

import pytest

from tests.lifecycle.conftest import Stack

pytestmark = pytest.mark.engine

TEXT = """\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology: api-gateway
  alicloud-gateways:apiGateway:
    instance:
      id: apigateway-1
      acl:
        mode: allow
        entries:
          office: {cidr: 203.0.113.0/24}
          partner: {cidr: 198.51.100.0/24}
    groups:
      shop: {}
    apps:
      caller: {}
    apis:
      order:
        group: shop
        method: POST
        bodyFormat: form
        path: /orders
        apps: [caller]
        backend: {mock: {body: ok}}
        plugins: [limits]
    plugins:
      limits: {trafficControl: {unit: MINUTE, apiDefault: 100}}
"""
API, BOUND = "api_gateway_api api-order-api", "api_gateway_plugin_attachment api-order-plugin"
PLUGIN = "api_gateway_plugin plugin-limits-plugin"
ENTRY = "api_gateway_acl_entry_attachment api-gateway-entry"
LIST = "api_gateway_access_control_list api-gateway-acl"
USE = "api_gateway_instance_acl_attachment api-gateway-acl-attachment"


def built(stack: Stack) -> None:
    stack.stand(TEXT.replace("id: apigateway-1", "spec: api.s1.small"))


def test_an_edit_of_an_api_or_of_what_a_plugin_says_is_an_update_in_place(stack: Stack) -> None:
    built(stack)
    stack.edit("method: POST", "method: PUT")
    stack.edit("bodyFormat: form", "bodyFormat: stream")
    stack.edit("path: /orders", "path: /carts")
    stack.edit("apiDefault: 100", "apiDefault: 200")
    stack.succeed("up")
    assert sorted(stack.changes()) == [f"update {API}", f"update {PLUGIN}"]


def test_another_kind_of_plugin_is_bound_when_the_old_one_is_gone(stack: Stack) -> None:
    built(stack)
    stack.edit("trafficControl: {unit: MINUTE, apiDefault: 100}", "cors: {allowMethods: [GET]}")
    stack.succeed("up")
    assert stack.changes() == [
        f"delete {BOUND}-trafficControl",
        f"delete {PLUGIN}",
        f"create {PLUGIN}",
        f"create {BOUND}-cors",
    ]


def test_a_list_of_addresses_follows_its_entries_one_by_one(stack: Stack) -> None:
    built(stack)
    stack.edit("office:", "bureau:\n            was: office\n            cidr: 203.0.113.0/24 #")
    stack.edit("198.51.100.0/24", "198.51.100.0/25")
    stack.succeed("up")
    assert stack.changes() == [f"delete {ENTRY}-partner", f"create {ENTRY}-partner"]
    stack.edit("mode: allow", "mode: deny")
    stack.succeed("up")
    assert stack.changes() == [f"delete {USE}", f"create {USE}"]
    cut_to_the_groups(stack, "      acl:\n")
    stack.succeed("up")
    assert stack.changes()[0] == f"delete {USE}", "open to all before the list is empty"
    assert stack.changes()[-1] == f"delete {LIST}"


def test_an_instance_that_goes_takes_its_groups_along_or_stays(stack: Stack) -> None:
    built(stack)
    cut_to_the_groups(stack, "    instance:\n")
    stack.cloud.forget_calls()
    refused = stack.run("up")
    assert (refused.code, stack.changes()) == (2, []), refused.err
    assert "apiGateway.groups.shop" in refused.err
    stack.edit("      shop: {}", "      store: {}")
    stack.edit("group: shop", "group: store")
    stack.succeed("up")
    assert "delete api_gateway_instance api-gateway-instance" in stack.changes()
    assert stack.all("api_gateway_instance") == []
    (group,) = stack.all("api_gateway_group")
    assert group.text("name").endswith("store")


def cut_to_the_groups(stack: Stack, first: str) -> None:
    """Take out of the stack file what stands between a line and the groups."""
    head, _, tail = stack.text.partition(first)
    stack.write(head + tail[tail.index("    groups:") :])
