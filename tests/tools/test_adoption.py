"""From what exists to a stack file and an import file: what is taken over, by which names."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.cloud import Store
from stack.problems import StackFileError
from tests.by_hand import SCENES, ByHand, shared_bandwidth, unified_egress
from tests.stackfiles import settings_of
from tests.tools.adoptions import adopted, foreseen
from tools.adopt.drafting import Namer


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store(":memory:", seed="tests")
    yield made
    made.close()


def section(text: str, key: str) -> dict[str, Any]:
    return yaml.safe_load(text)["config"][f"alicloud-gateways:{key}"]


@pytest.mark.parametrize("scene", SCENES)
def test_what_fits_is_taken_over_and_the_first_up_changes_nothing_of_it(
    scene: str, store: Store, tmp_path: Path
) -> None:
    hand = SCENES[scene](store)
    adoption = adopted(hand, tmp_path)
    scripts = {name for name in adoption.creates if name.endswith(("-command", "-invocation"))}
    assert set(adoption.creates) == scripts
    assert foreseen(adoption) == set()  # in the scene of both, two addresses have no name
    assert settings_of(adoption.text, "shop")
    owned = {
        one.id
        for one in store.all()
        if one.kind not in {"instance", "security_group", "eip_association"}
        and not one.kind.endswith("attachment")
    }
    taken = {identity.rpartition(":")[2] for _, identity in adoption.taken}
    assert owned <= taken


def test_the_import_file_has_the_programs_names_and_parents(store: Store, tmp_path: Path) -> None:
    hand = shared_bandwidth(store)
    listed = adopted(hand, tmp_path).import_file["resources"]
    components = {one["name"]: one["type"] for one in listed if one.get("component")}
    assert components == {
        "network": "alicloud-gateways:index:Network",
        "gateway": "alicloud-gateways:index:NatGateway",
        "shared-bandwidth": "alicloud-gateways:index:SharedBandwidth",
        "port-mappings": "alicloud-gateways:index:PortMappings",
        "egress": "alicloud-gateways:index:SnatEgress",
    }
    found = {one["name"]: (one["id"], one["parent"]) for one in listed if "id" in one}
    web, gateway = hand.listed["publicIps"]["web"], hand.listed["natGateway"]
    assert found["shared-bandwidth-web"] == (web, "shared-bandwidth")
    assert found["shared-bandwidth-web-association"] == (f"{web}:{gateway}", "shared-bandwidth")
    assert found["port-mappings-web-tls"] == (hand.listed["portMappings"][0], "port-mappings")
    assert all(one["version"] for one in listed if "id" in one)


def test_the_stack_file_says_what_exists(store: Store, tmp_path: Path) -> None:
    adoption = adopted(shared_bandwidth(store), tmp_path)
    assert section(adoption.text, "tags") == {"team": "shop"}
    assert section(adoption.text, "tier") == "staging"
    shared = section(adoption.text, "sharedBandwidth")
    assert shared["natGateway"] == {
        "name": "front",
        "description": "the front door",
        "vswitch": "apps",
    }
    assert shared["publicIps"]["web"] == {"name": "web", "description": "the shop's own"}
    assert shared["publicIps"]["later"] == {"spare": True, "name": "spare"}
    assert shared["portMappings"] == {
        "web-tls": {
            "publicIp": "web",
            "port": 443,
            "protocol": "tcp",
            "host": "web-server",
            "hostPort": 8443,
            "name": "web-tls",
        },
        "calls": {
            "publicIp": "web",
            "port": "900-910",
            "protocol": "udp",
            "host": "host-10-0-1-6",
            "name": "calls",
        },
        "jump": {"publicIp": "jump", "host": "host-10-0-1-7", "name": "jump"},
    }
    assert shared["egress"] == {
        "apps-out": {"vswitch": "apps", "publicIps": ["out"], "name": "apps-out"}
    }
    assert "# used by its id, never owned" in adoption.text


def test_a_server_with_two_addresses_is_reached_on_both(store: Store, tmp_path: Path) -> None:
    adoption = adopted(unified_egress(store), tmp_path)
    unified = section(adoption.text, "unifiedEgress")
    assert unified["publicIps"]["egress"] == {"name": "out", "bandwidth": 50}
    server = unified["servers"]["web1"]
    assert (server["publicIp"], server["secondaryPublicIps"]) == ("web", {"web-api": "10.0.1.12"})
    assert server["eni"]["name"] == "web1-in"
    assert [name for name in adoption.creates if "routing" not in name] == []


def test_what_is_used_by_its_id_is_not_taken_over(store: Store, tmp_path: Path) -> None:
    hand = shared_bandwidth(store)
    ids = [hand.listed[key] for key in ("vpc", "natGateway", "bandwidthPackage")] + hand.listed[
        "vswitches"
    ]
    ids.append(hand.listed["publicIps"]["out"])
    hand.listed["uses"] = ids
    adoption = adopted(hand, tmp_path)
    assert {identity for _, identity in adoption.taken} & set(ids) == set()
    assert (adoption.changes, adoption.creates) == ((), ())
    shared = section(adoption.text, "sharedBandwidth")
    assert shared["natGateway"]["id"] == hand.listed["natGateway"]
    assert shared["publicIps"]["out"]["address"]
    assert section(adoption.text, "network")["vpc"]["id"] == hand.listed["vpc"]


def test_protection_decides_the_tier_unless_the_list_does(store: Store, tmp_path: Path) -> None:
    protected = {"deletion_protection": True}
    hand = shared_bandwidth(store, gateway=protected, package=protected)
    adoption = adopted(hand, tmp_path)
    assert section(adoption.text, "tier") == "production"
    assert foreseen(adoption) == {
        (f"shared-bandwidth-{name}", "deletionProtection")
        for name in ("web", "jump", "out", "later")
    }
    hand.listed["tier"] = "staging"
    adoption = adopted(hand, tmp_path)
    assert {name for name, _ in foreseen(adoption)} == {"gateway-nat", "shared-bandwidth-package"}


def test_what_the_stack_file_cannot_say_is_foreseen(store: Store, tmp_path: Path) -> None:
    hand = shared_bandwidth(store)
    store.change_behind(hand.vpc.id, description="made in 2019")
    store.change_behind(
        hand.vswitch.id, vswitch_name="Apps (old)", tags={"team": "shop", "no": "1"}
    )
    spare = hand.listed["sparePublicIps"]["later"]
    store.change_behind(spare, address_name="")
    entry = hand.listed["portMappings"][0].partition(":")[2]
    store.change_behind(entry, external_port="8443")
    adoption = adopted(hand, tmp_path)
    assert foreseen(adoption) == {
        ("network-Apps-old", "vswitchName"),
        ("network-Apps-old", "tags"),
    }
    vpc = section(adoption.text, "network")["vpc"]
    assert vpc["arguments"] == {"description": "made in 2019"}  # what has no key of its own
    assert [(one.name, one.property, one.after) for one in adoption.assumed] == [
        ("port-mappings-web-tls", "portBreak", True)
    ]


def test_names_come_from_the_cloud_each_once() -> None:
    namer = Namer("shop", ["web", None])
    assert namer.name("web", "anything", "ip1") == "web"
    assert namer.name(None, "shop-web", "ip2") == "web-2"
    assert namer.name(None, "shop-api", "ip2") == "api"
    assert namer.name(None, "api", "ip2") == "api-2"
    assert namer.name(None, "Web (TLS), old", "ip2") == "Web-TLS-old"
    assert namer.name(None, "门户", "ip9") == "ip9"
    assert namer.name(None, "shop-1", "ip9") == "shop-1"
    assert namer.name(None, "x" * 80, "ip9") == "x" * 63
    assert len(namer.name(None, "x" * 80, "ip9")) <= 63


def test_things_that_were_not_read_are_told(store: Store, tmp_path: Path) -> None:
    hand = shared_bandwidth(store)
    hand.listed["publicIps"]["gone"] = "eip-gone"
    with pytest.raises(StackFileError) as caught:
        adopted(hand, tmp_path)
    assert {problem.path for problem in caught.value.problems} == {("publicIps", "gone")}


def test_a_list_of_another_order_gives_the_same_stack(store: Store, tmp_path: Path) -> None:
    hand: ByHand = shared_bandwidth(store)
    before = section(adopted(hand, tmp_path).text, "sharedBandwidth")["portMappings"]
    hand.listed["portMappings"].reverse()
    assert section(adopted(hand, tmp_path).text, "sharedBandwidth")["portMappings"] == before
