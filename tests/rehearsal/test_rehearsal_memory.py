"""What a state remembers of the cloud, and what a stack file tells of what isn't in the state."""

import asyncio
from typing import Any

import pytest
import yaml

from facts.kinds import EIP, FORWARD_ENTRY, PROVIDER, VPC, VSWITCH
from sandbox.cloud import Store
from sandbox.rehearsal.existing import Remembered, existing, remembered
from stack.file.references import Outputs
from stack.stack_file import StackFile
from tests.recorded_state import ROOT
from tests.stackfiles import settings_of
from topologies import TOPOLOGIES
from topologies.stack_outputs import known_outputs, outputs_of

EXISTING = (ROOT / "examples/shared-bandwidth/Pulumi.existing.yaml").read_text("utf-8")
SHOP = ROOT / "examples/stack-references/Pulumi.shop.yaml"
CIPHER = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    "ciphertext": "v1:abc",
}


def resource(type_: str, name: str, identity: str, **more: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:dev::shop::{type_}::{name}"
    return {"urn": urn, "custom": True, "id": identity, "type": type_, **more}


def things(*resources: dict[str, Any]) -> list[Remembered]:
    return list(remembered({"resources": list(resources)}, "cn-shanghai"))


def test_each_lies_in_the_region_of_its_provider_and_in_the_stacks_where_that_says_none() -> None:
    told = resource(PROVIDER, "north", "1", inputs={"region": "cn-beijing"})
    silent = resource(PROVIDER, "default", "2", inputs={})
    found = things(
        told,
        silent,
        resource(VPC, "a", "vpc-a", outputs={}, provider=f"{told['urn']}::1"),
        resource(VPC, "b", "vpc-b", outputs={}, provider=f"{silent['urn']}::2"),
    )
    assert [(one.id, one.region) for one in found] == [
        ("vpc-a", "cn-beijing"),
        ("vpc-b", "cn-shanghai"),
    ]


def test_an_entry_has_the_clouds_own_id_and_attributes() -> None:
    (entry,) = things(
        resource(FORWARD_ENTRY, "web", "ftb-a:fwd-b", outputs={"externalPort": "80", "__meta": "x"})
    )
    assert (entry.kind, entry.id) == ("forward_entry", "fwd-b")
    assert entry.attributes == {"external_port": "80"}


def test_what_a_replacement_has_deleted_beforehand_is_gone_and_what_it_has_yet_to_is_there() -> (
    None
):
    found = things(
        resource(VPC, "a", "vpc-a", pendingReplacement=True),
        resource(VSWITCH, "b", "vsw-b", delete=True),
        {"urn": "urn:pulumi:dev::shop::x:y:Component::c", "custom": False, "type": "x:y:Component"},
    )
    assert [one.id for one in found] == ["vsw-b"]


def test_a_value_that_the_state_encrypts_isnt_looked_at() -> None:
    code = {"inner": [CIPHER]}
    (found,) = things(
        resource(EIP, "a", "eip-a", outputs={"description": CIPHER, "tags": code, "isp": "BGP"})
    )
    assert found.attributes == {"isp": "BGP"}
    assert not found.is_whole


def test_what_was_asked_for_stands_in_where_nothing_was_answered() -> None:
    (found,) = things(resource(VPC, "a", "vpc-a", inputs={"cidrBlock": "10.0.0.0/8"}))
    assert found.attributes == {"cidr_block": "10.0.0.0/8"}


def test_a_type_that_isnt_simulated_is_named() -> None:
    with pytest.raises(LookupError, match="alicloud:oss/bucket:Bucket"):
        things(resource("alicloud:oss/bucket:Bucket", "a", "bucket"))


# --- what exists -------------------------------------------------------------------------------


def cloud_of(found: list[Remembered]) -> Store:
    store = Store(":memory:")
    for one in found:
        store.remember(one.kind, one.id, one.attributes, region=one.region)
    return store


def test_everything_that_a_stack_file_names_by_its_id_is_there() -> None:
    store = cloud_of(existing(settings_of(EXISTING), []))
    found = {one.id: one for one in store.all()}
    assert found.keys() == {
        "vpc-uf6demo",
        "vsw-uf6demo",
        "i-uf6demo",
        "cbwp-uf6demo",
        "ngw-uf6demo",
        "eip-uf6demo",
    }
    assert found["vsw-uf6demo"]["vpc_id"] == found["ngw-uf6demo"]["vpc_id"] == "vpc-uf6demo"
    assert found["ngw-uf6demo"]["forward_table_ids"] == "ftb-uf6demo"
    assert found["i-uf6demo"]["private_ip"] == "192.168.1.10"
    assert found["eip-uf6demo"]["status"] == "Available"


def test_a_package_that_exists_is_of_the_line_of_its_addresses() -> None:
    text = EXISTING.replace("out: {}", "out: {arguments: {isp: BGP_PRO}}")
    assert text != EXISTING
    store = cloud_of(existing(settings_of(text), []))
    assert store.all("common_bandwidth_package")[0]["isp"] == "BGP_PRO"


def test_an_address_that_another_stack_has_bound_is_on_the_gateway_and_in_the_package() -> None:
    text = EXISTING.replace("address: 203.0.113.10}", "address: 203.0.113.10, bound: true}")
    store = cloud_of(existing(settings_of(text), []))
    entry = {
        "forward_table_id": "ftb-uf6demo",
        "external_ip": "203.0.113.10",
        "external_port": "443",
        "internal_ip": "192.168.1.10",
        "internal_port": "443",
        "ip_protocol": "tcp",
    }
    store.create("forward_entry", entry)
    assert len(store.all("common_bandwidth_package_attachment")) == 1


def test_what_isnt_known_of_another_stack_yet_is_left_out() -> None:
    assert existing(StackFile(SHOP, "shop", TOPOLOGIES).settings, []) == []
    outputs = {
        "vpcId": "vpc-a",
        "vswitchIds": {"shop": "vsw-a"},
        "bandwidthPackageId": "cbwp-a",
        "natGatewayId": "ngw-a",
        "forwardTableId": "ftb-a",
    }
    known = StackFile(SHOP, "shop", TOPOLOGIES).knowing({"shared": Outputs(outputs)}).settings
    assert [one.id for one in existing(known, [])] == ["vpc-a", "vsw-a", "cbwp-a", "ngw-a"]


def test_a_security_group_that_exists_lies_in_the_vpc_that_the_state_has() -> None:
    text = (ROOT / "examples/shared-bandwidth/Pulumi.created-hosts.yaml").read_text("utf-8")
    document = yaml.safe_load(text)
    network = document["config"]["alicloud-gateways:network"]
    for host in network["hosts"].values():
        if "instance" in host:
            host["instance"]["securityGroups"] = ["sg-a"]
    (vpc,) = things(resource(VPC, "vpc", "vpc-a", outputs={"cidrBlock": network["vpc"]["cidr"]}))
    groups = existing(settings_of(yaml.safe_dump(document)), [vpc])
    assert {(one.id, one.attributes["vpc_id"]) for one in groups} == {("sg-a", "vpc-a")}


def test_outputs_that_are_known_beforehand_arent_asked_of_pulumi() -> None:
    outputs = {"shared": Outputs({"vpcId": "vpc-a"})}
    with known_outputs(outputs):
        assert asyncio.run(outputs_of(["shared"])) == outputs
