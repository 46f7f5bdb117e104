"""The provider's other arguments on the real engine: made, kept, changed, replaced, gone."""

import pytest

from sandbox.cloud import Resource
from tests.lifecycle.conftest import Stack
from tests.lifecycle.test_guard import found, judge

pytestmark = pytest.mark.engine

VPC = "vpc: {cidr: 192.168.0.0/16"
GATEWAY = "description: My first NAT Gateway"
SPARE = "ip5: {spare: true"
POOL = ", arguments: {publicIpAddressPoolId: pippool-1}"


def eips(stack: Stack) -> list[Resource]:
    return stack.all("eip_address")


def test_arguments_are_made_and_kept_updated_replaced_and_gone(stack: Stack) -> None:
    stack.edit(VPC, f"{VPC}, arguments: {{dnsHostnameStatus: ENABLED, userCidrs: [10.9.0.0/16]}}")
    stack.edit(
        GATEWAY,
        f"{GATEWAY}, arguments: {{icmpReplyEnabled: false, accessMode: {{modeValue: route}}}}",
    )
    stack.edit(SPARE, SPARE + POOL)
    stack.succeed("up")
    (vpc,), (gateway,) = stack.all("vpc"), stack.all("nat_gateway")
    assert (vpc["dns_hostname_status"], vpc["user_cidrs"]) == ("ENABLED", ["10.9.0.0/16"])
    assert gateway["icmp_reply_enabled"] is False
    assert gateway["access_mode"] == {"mode_value": "route"}
    pools = {eip["address_name"]: eip["public_ip_address_pool_id"] for eip in eips(stack)}
    assert [name for name, pool in pools.items() if pool == "pippool-1"] == ["shop-ip5"]

    stack.succeed("up")
    assert stack.changes() == []
    stack.succeed("refresh")
    stack.succeed("up")
    assert stack.changes() == []

    stack.edit("icmpReplyEnabled: false", "icmpReplyEnabled: true")
    stack.succeed("up")
    assert stack.changes() == ["update nat_gateway gateway-nat"]

    stack.edit("pippool-1", "pippool-2")
    judged = judge(stack)
    assert judged.code == 1
    assert any("shared-bandwidth-ip5" in row for row in found(judged.out))
    stack.succeed("up")
    assert sorted({change.split()[-1] for change in stack.changes()}) == [
        "shared-bandwidth-ip5",
        "shared-bandwidth-ip5-attachment",
    ]
    assert {eip["public_ip_address_pool_id"] for eip in eips(stack)} == {None, "pippool-2"}
    stack.succeed("destroy")
    assert stack.kinds() == []


def test_what_an_argument_replaces_takes_its_users_along(stack: Stack) -> None:
    stack.stand()
    stack.edit("ip3: {}", "ip3: {arguments: {publicIpAddressPoolId: pippool-1}}")
    stack.edit(GATEWAY, f"{GATEWAY}, arguments: {{accessMode: {{modeValue: route}}}}")
    stack.succeed("up")
    assert "create nat_gateway gateway-nat" in stack.changes()
    assert "create eip_address shared-bandwidth-ip3" in stack.changes()
    stack.succeed("up")
    assert stack.changes() == []
    (address,) = [one for one in stack.all("eip_address") if one["address_name"] == "shop-ip3"]
    entries = {one["external_ip"] for one in stack.all("forward_entry")}
    assert address["ip_address"] in entries
    stack.succeed("destroy")
    assert stack.kinds() == []
