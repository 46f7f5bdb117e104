"""From an account alone to a stack: what stands on what is named, and what is left out and why."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from facts import kinds
from sandbox.cloud import Store
from tests.by_hand import SCENES, TAGS, ByHand, shared_bandwidth
from tests.tools.adoptions import SCHEMA, InMemory, adopted, foreseen
from tools.adopt.adopting import Adoption
from tools.adopt.finding import NotAdoptedError, adopt_found
from tools.adopt.part import Left, Sought


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store(":memory:", seed="tests")
    yield made
    made.close()


def found(
    hand: ByHand, key: str = "vpc", states: dict[str, Any] | None = None
) -> tuple[Adoption, dict[str, Left]]:
    place = InMemory(hand.store, states or {})
    identity = hand.listed["natGateway"] if key == "gateway" else hand.vpc.id
    adoption, left = adopt_found(Sought(key, identity), place, "shop", SCHEMA)
    return adoption, {one.id: one for one in left}


def refusal(hand: ByHand, key: str = "vpc", states: dict[str, Any] | None = None) -> str:
    with pytest.raises(NotAdoptedError) as caught:
        found(hand, key, states)
    return str(caught.value)


def section(adoption: Adoption, key: str) -> dict[str, Any]:
    return yaml.safe_load(adoption.text)["config"][f"alicloud-gateways:{key}"]


def ids_of(adoption: Adoption) -> set[str]:
    return {identity for _, identity in adoption.taken}


def state(*resources: tuple[str, str]) -> dict[str, Any]:
    return {"resources": [{"type": kind, "id": one} for kind, one in resources]}


# --- what is found --------------------------------------------------------------------------------


@pytest.mark.parametrize("scene", SCENES)
def test_a_network_gives_what_a_list_of_all_that_is_in_it_gives(
    scene: str, store: Store, tmp_path: Path
) -> None:
    hand = SCENES[scene](store)
    adoption, left = found(hand)
    assert left == {}
    assert ids_of(adoption) == ids_of(adopted(hand, tmp_path))
    scripts = {name for name in adoption.creates if name.endswith(("-command", "-invocation"))}
    assert set(adoption.creates) == scripts


def test_a_gateway_is_taken_over_and_its_network_used(store: Store) -> None:
    hand = shared_bandwidth(store)
    adoption, left = found(hand, "gateway")
    assert (left, adoption.changes, adoption.creates) == ({}, (), ())
    network = section(adoption, "network")
    assert network["vpc"]["id"] == hand.vpc.id
    assert network["vswitches"]["apps"]["id"] == hand.vswitch.id
    assert ids_of(adoption).isdisjoint({hand.vpc.id, hand.vswitch.id})
    assert hand.listed["natGateway"] in ids_of(adoption)


def test_spare_addresses_are_those_of_the_package_that_are_bound_to_nothing(store: Store) -> None:
    hand = shared_bandwidth(store)
    hand.eip("sparePublicIps.apart")  # in no package: nobody knows what it is for
    adoption, _ = found(hand)
    addresses = section(adoption, "sharedBandwidth")["publicIps"]
    spare = [name for name, one in addresses.items() if one.get("spare")]
    assert spare == ["spare"]


def test_hosts_are_servers_where_one_has_the_address(store: Store) -> None:
    hand = shared_bandwidth(store)
    adoption, _ = found(hand)
    hosts = section(adoption, "network")["hosts"]
    (server,) = hand.listed["hosts"]
    assert hosts["web-server"]["instanceId"] == server
    assert "instanceId" not in hosts["host-10-0-1-6"]


def test_a_hundred_entries_are_adopted_at_once(store: Store) -> None:
    hand = ByHand(store)
    store.set_quota("forward_entries_per_table", 200)
    front, package = hand.gateway(), hand.package()
    for number in range(4):
        eip = hand.eip("publicIps.", address_name=f"ip{number}")
        hand.pack(eip, package)
        hand.bind(eip, front)
        for port in range(8000, 8025):
            host = f"10.0.1.{10 + 50 * number + port % 25}"
            named = {"internal_ip": host, "forward_entry_name": f"p{port}"}
            hand.forward(front, eip, str(port), **named)
    adoption, left = found(hand)
    assert left == {}
    assert len(section(adoption, "sharedBandwidth")["portMappings"]) == 100
    assert (adoption.changes, adoption.creates) == ((), ())


# --- names ----------------------------------------------------------------------------------------


def named(store: Store, *names: str) -> ByHand:
    """A gateway with an address, and an entry of each name."""
    hand = ByHand(store)
    front, package = hand.gateway(), hand.package()
    eip = hand.eip("publicIps.web", address_name="web")
    hand.pack(eip, package)
    hand.bind(eip, front)
    for number, name in enumerate(names):
        entry = {"internal_ip": "10.0.1.5", "forward_entry_name": name}
        hand.forward(front, eip, str(8000 + number), **entry)
    return hand


def test_names_are_the_clouds_own_made_valid_and_each_once(store: Store) -> None:
    hand = named(store, "api", "api", "门户", "门户web", "", "shop-own")
    adoption, left = found(hand)
    mappings = section(adoption, "sharedBandwidth")["portMappings"]
    assert left == {}
    assert set(mappings) == {"api", "api-2", "tcp-8002", "web", "tcp-8004", "own"}
    kept = {name: one.get("name") for name, one in mappings.items()}
    assert kept["api"] == kept["api-2"] == "api"
    assert (kept["tcp-8002"], kept["web"]) == ("门户", "门户web")
    assert kept["tcp-8004"] == ""
    assert foreseen(adoption) == set()


def test_what_has_no_name_is_called_by_its_address(store: Store) -> None:
    hand = named(store, "api")
    eip = store.all("eip_address")[0]
    store.change_behind(eip.id, address_name="")
    store.change_behind(hand.vswitch.id, vswitch_name="")
    adoption, _ = found(hand)
    address = str(eip["ip_address"]).replace(".", "-")
    assert set(section(adoption, "sharedBandwidth")["publicIps"]) == {f"ip-{address}"}
    assert set(section(adoption, "network")["vswitches"]) == {"vswitch-10-0-1-0"}


# --- what is left out -----------------------------------------------------------------------------


def test_a_second_gateway_is_another_stack(store: Store) -> None:
    hand = shared_bandwidth(store)
    listed = {**hand.listed}
    other = hand.gateway(nat_gateway_name="other")
    inside = hand.gateway(nat_gateway_name="inside", network_type="intranet")
    hand.listed = listed
    adoption, left = found(hand)
    assert set(left) == {other.id, inside.id}
    assert left[other.id].remedy.endswith(f"make adopt GATEWAY={other.id}")
    assert "isn't one to the internet" in left[inside.id].why
    assert other.id not in ids_of(adoption)


def test_addresses_that_are_bound_elsewhere_are_told(store: Store) -> None:
    hand = shared_bandwidth(store)
    server = hand.instance("10.0.1.40", "legacy")
    eip = hand.make("eip_address")
    hand.bind(eip, server, "EcsInstance")
    adoption, left = found(hand)
    assert "bound to a server" in left[eip.id].why
    assert eip.id not in ids_of(adoption)


def test_an_address_outside_of_the_package_is_left_with_its_entries(store: Store) -> None:
    hand = shared_bandwidth(store)
    gateway = store.read("nat_gateway", hand.listed["natGateway"])
    assert gateway is not None
    eip = hand.make("eip_address")
    hand.bind(eip, gateway)
    entry = hand.forward(gateway, eip, "22", internal_ip="10.0.1.5", forward_entry_name="ssh")
    adoption, left = found(hand)
    assert "it is in no package" in left[eip.id].why
    pulumi_id = f"{gateway['forward_table_ids']}:{entry.id}"
    assert "whose EIP isn't listed" in left[pulumi_id].why
    assert ids_of(adoption).isdisjoint({eip.id, pulumi_id})


def test_entries_that_no_stack_can_have_are_told_and_the_rest_is_taken(store: Store) -> None:
    hand = shared_bandwidth(store)
    first, second, _ = hand.listed["portMappings"]
    # The cloud holds no two such entries; an old one may still stand beside a new one.
    store.change_behind(
        second.rpartition(":")[2], external_port="443", internal_port="443", ip_protocol="tcp"
    )
    adoption, left = found(hand)
    assert len(left) == 1
    assert set(left) <= {first, second}
    assert "tcp 443 already" in next(iter(left.values())).why
    assert len(ids_of(adoption) & {first, second}) == 1


def test_what_cannot_be_owned_is_used_by_its_id(store: Store) -> None:
    hand = shared_bandwidth(store)
    web = hand.listed["publicIps"]["web"]
    store.change_behind(web, payment_type="Subscription")
    adoption, left = found(hand)
    assert "it is used by its id, and not owned" in left[web].why
    assert section(adoption, "sharedBandwidth")["publicIps"]["web"]["id"] == web
    assert web not in ids_of(adoption)


def test_entries_under_way_are_told(store: Store) -> None:
    hand = shared_bandwidth(store)
    entry = hand.listed["egress"][0].rpartition(":")[2]
    store.change_behind(entry, status="Deleting")
    _, left = found(hand)
    assert left[entry].why == "it is Deleting"


def test_mapped_ports_without_a_package_are_told(store: Store) -> None:
    hand = ByHand(store)
    front = hand.gateway()
    web, out = hand.eip("publicIps.web", address_name="web"), hand.eip("publicIps.out")
    hand.bind(web, front)
    hand.bind(out, front)
    entry = hand.forward(front, web, "80", internal_ip="10.0.1.5", forward_entry_name="web")
    hand.leave(front, out)
    adoption, left = found(hand)
    assert "in no bandwidth package" in left[entry.id].why
    assert "no listed SNAT entry leaves by it" in left[web.id].why
    assert section(adoption, "topology") == "unified-egress"
    assert out.id in ids_of(adoption)


# --- what another stack holds ---------------------------------------------------------------------


def test_what_another_stack_holds_is_used_and_only_the_rest_is_taken(store: Store) -> None:
    hand = shared_bandwidth(store)
    gateway, package = hand.listed["natGateway"], hand.listed["bandwidthPackage"]
    web, spare = hand.listed["publicIps"]["web"], hand.listed["sparePublicIps"]["later"]
    theirs = hand.listed["portMappings"][0]
    shared = state(
        (kinds.NAT_GATEWAY, gateway),
        (kinds.BANDWIDTH_PACKAGE, package),
        *((kinds.EIP, one) for one in (*hand.listed["publicIps"].values(), spare)),
        (kinds.FORWARD_ENTRY, theirs),
    )
    adoption, left = found(hand, "gateway", {"shared": shared})
    assert "the stack shared holds it" in left[theirs].why
    assert "the stack shared holds it" in left[gateway].why
    settings = section(adoption, "sharedBandwidth")
    assert settings["natGateway"]["id"] == gateway
    assert settings["publicIps"]["web"]["bound"]
    assert ids_of(adoption) == {*hand.listed["portMappings"][1:], *hand.listed["egress"]}
    assert (adoption.changes, adoption.creates) == ((), ())
    assert web in left


def test_where_others_hold_all_of_it_nothing_is_taken(store: Store) -> None:
    hand = shared_bandwidth(store)
    adoption, _ = found(hand)
    resources = [one for one in adoption.import_file["resources"] if "id" in one]
    shared = state(*((one["type"], one["id"]) for one in resources))
    told = refusal(hand, "gateway", {"shared": shared})
    assert "the stack shared holds it" in told


def test_the_stack_itself_may_hold_it_already(store: Store) -> None:
    hand = shared_bandwidth(store)
    mine = state((kinds.NAT_GATEWAY, hand.listed["natGateway"]))
    adoption, left = found(hand, "gateway", {"shop": mine})
    assert left == {}
    assert hand.listed["natGateway"] in ids_of(adoption)


# --- what can't be adopted ------------------------------------------------------------------------


def test_what_all_the_rest_stands_on_has_to_fit(store: Store) -> None:
    hand = shared_bandwidth(store)
    store.change_behind(hand.listed["natGateway"], nat_type="Normal")
    told = refusal(hand)
    assert "natType is Normal" in told
    assert "upgrade it" in told


def test_a_network_with_nothing_on_it_is_told(store: Store) -> None:
    assert "a topology is about" in refusal(ByHand(store))


@pytest.mark.parametrize(("key", "identity"), [("vpc", "vpc-none"), ("gateway", "ngw-none")])
def test_what_is_not_there_is_told(key: str, identity: str, store: Store) -> None:
    with pytest.raises(NotAdoptedError, match=f"no {identity}"):
        adopt_found(Sought(key, identity, ("cn-shanghai",)), InMemory(store), "shop", SCHEMA)


def test_tags_that_all_have_are_the_stacks(store: Store) -> None:
    adoption, _ = found(shared_bandwidth(store))
    assert section(adoption, "tags") == TAGS
