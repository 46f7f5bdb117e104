"""Answers for unit tests' mocks: complete, typed, and the sandbox's own."""

from collections.abc import Iterable
from typing import Any

import pytest

from facts.contract import TOKENS, Field
from tests.mock_outputs import mock_outputs

GATEWAY = "alicloud:vpc/natGateway:NatGateway"
EIP = "alicloud:ecs/eipAddress:EipAddress"

# Computed, but only ever set for what the topologies don't use: pools, spot prices, IPv6.
LEFT_OUT = {
    "access_mode",
    "cpu_options",
    "escalations_critical",
    "escalations_info",
    "escalations_warn",
    "http_put_response_hop_limit",
    "image_options",
    "ipv6_address_count",
    "network_card_index",
    "network_interfaces",
    "period",
    "private_pool_options_id",
    "secondary_private_ip_address_count",
    "security_enhancement_strategy",
    "security_groups",
    "source_dest_check",
    "spot_duration",
    "spot_interruption_behavior",
    "spot_price_limit",
    "system_disk_auto_snapshot_policy_id",
    "system_disk_description",
    "system_disk_encrypted",
    "system_disk_kms_key_id",
    "system_disk_name",
    "volume_tags",
    "vpc_id",
    "vswitch_id",
    "zone_id",
    "availability_zone",
    "cidr_block",
}
PYTHON: dict[str, type | tuple[type, ...]] = {
    "String": str,
    "Int": int,
    "Float": (int, float),
    "Bool": bool,
    "List": list,
    "Set": list,
    "Map": dict,
}


def needed(token: str) -> dict[str, Any]:
    """The inputs that a type can't do without."""
    return samples(TOKENS[token].inputs.values())


def samples(fields: Iterable[Field]) -> dict[str, Any]:
    plain = {"String": "x", "Int": 1, "Bool": True, "List": ["x"], "Set": ["x"]}
    return {
        one.camel: samples(one.objects.values()) if one.objects else plain[one.type]
        for one in fields
        if one.required
    }


def computed(token: str) -> list[Field]:
    return [one for one in TOKENS[token].computed.values() if one.name not in LEFT_OUT]


def python(known: Field) -> type | tuple[type, ...]:
    return dict if known.is_single_object else PYTHON[known.type]


@pytest.mark.parametrize("token", TOKENS)
def test_every_computed_output_is_answered_with_its_type(token: str) -> None:
    made = mock_outputs(token, needed(token))
    missing = [one.camel for one in computed(token) if one.camel not in made]
    assert missing == []
    wrong = [one.camel for one in computed(token) if not isinstance(made[one.camel], python(one))]
    assert wrong == []


@pytest.mark.parametrize("token", TOKENS)
def test_nothing_but_the_contract_is_answered(token: str) -> None:
    assert set(mock_outputs(token, needed(token))) <= set(TOKENS[token].by_camel)


def test_stated_inputs_stand() -> None:
    made = mock_outputs(GATEWAY, {"vpcId": "vpc-1", "natGatewayName": "MyNatGW"})
    assert made["natGatewayName"] == made["name"] == "MyNatGW"


def test_each_index_has_addresses_and_ids_of_its_own() -> None:
    first, second = (mock_outputs(EIP, {}, index) for index in (0, 1))
    assert first["ipAddress"] != second["ipAddress"]
    assert first["allocationId"] != second["allocationId"]
    assert mock_outputs(EIP, {}, 1) == second


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(LookupError, match="doesn't simulate"):
        mock_outputs("alicloud:cs/managedKubernetes:ManagedKubernetes", {})
