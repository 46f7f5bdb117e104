"""A cloud that is made of a state is the one that the state was made on, but for what is named."""

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from cen_lab import SHANGHAI, CenLab
from gateway_lab import GatewayLab
from vpn_lab import VpnLab

from sandbox.cloud import KINDS, Resource, Store
from sandbox.rehearsal.existing import remembered
from tests.recorded_state import EXAMPLES, ROOT, RecordingStore, built

STACKS = [*EXAMPLES, *sorted(ROOT.glob("Pulumi.*.yaml"))]
KEPT = sorted((ROOT / "tests" / "data" / "states").glob("*/*"))
# What it may lack of them: the state has these encrypted, all of the value or a part of it.
ENCRYPTED = {"plugin_data", "environment_variables"}
# What earlier versions kept of an API, and nobody reads.
FORMER = {"published", "revision"}


def made_of(deployment: Mapping[str, Any], region: str) -> Store:
    """The cloud that a state remembers."""
    store = Store(":memory:")
    store.entry_seconds = store.association_seconds = store.instance_seconds = 0
    for one in remembered(deployment, region):
        store.remember(one.kind, one.id, one.attributes, region=one.region)
    return store


def told(resources: Iterable[Resource]) -> dict[tuple[str, str, str], dict[str, Any]]:
    """What is known of each resource: all but what its kind names as unknowable."""
    return {
        (one.kind, one.id, one.region): {
            name: value
            for name, value in one.attributes.items()
            if name not in {*KINDS[one.kind].unknowable, *FORMER, "status_meanwhile"}
        }
        for one in resources
    }


@functools.cache
def example(file: Path) -> RecordingStore:
    """What the program makes of a stack file."""
    store = RecordingStore()
    built(file, store)
    return store


@pytest.mark.parametrize("file", STACKS, ids=lambda file: file.name)
def test_the_cloud_of_an_examples_state_is_the_examples_cloud(file: Path) -> None:
    store = example(file)
    again = made_of(store.deployment, "nowhere")
    assert told(again.all()) == told(store.all())
    assert len(again.all()) > 5


def access_control(store: Store) -> None:
    lab = GatewayLab(store)
    front = lab.new_gateway_instance()
    name = {"access_control_list_name": "offices"}
    acl = store.create("api_gateway_access_control_list", name)
    entry = {"acl_id": acl.id, "entry": "203.0.113.0/24", "comment": "office"}
    store.create("api_gateway_acl_entry_attachment", entry)
    use = {"acl_id": acl.id, "instance_id": front.id, "acl_type": "white"}
    store.create("api_gateway_instance_acl_attachment", use)
    log = {"log_type": "PROVIDER", "sls_project": "calls", "sls_log_store": "gateway"}
    store.create("api_gateway_log_config", log)


def lines(store: Store) -> None:
    lab = VpnLab(store)
    lab.connect(vpn_connection_name="office")
    lab.connect_old(lab.new_old_vpn(), remote_subnet=["10.9.0.0/16"])
    lab.route()


def services(store: Store) -> None:
    lab = CenLab(store)
    lab.attach(SHANGHAI)
    vpc = lab.vpcs[SHANGHAI]
    asked = {
        "cen_id": lab.cen.id,
        "host": "100.104.0.0/26",
        "host_region_id": SHANGHAI,
        "host_vpc_id": vpc.id,
        "access_region_id": SHANGHAI,
    }
    store.create("cen_route_service", asked)
    vpn = lab.new_vpn(vpc)
    route = lab.vpc_route(vpc, "172.31.0.0/16", vpn, nexthop_type="VpnGateway")
    published = {
        "instance_id": lab.cen.id,
        "route_table_id": route["route_table_id"],
        "cidr_block": "172.31.0.0/16",
    }
    store.create("cen_route_entry", published)


def users(store: Store) -> None:
    store.create("ram_user", {"name": "anna", "comments": "of the shop"})
    store.create("ram_access_key", {"user_name": "anna"})
    asked = {"user_name": "anna", "policy_name": "ReadOnlyAccess", "policy_type": "System"}
    store.create("ram_user_policy_attachment", asked)


LABS = (access_control, lines, services, users)


@pytest.mark.parametrize("fill", LABS, ids=lambda fill: fill.__name__)
def test_so_is_the_cloud_of_what_no_example_has(fill: Callable[[Store], None]) -> None:
    store = RecordingStore()
    fill(store)
    assert told(made_of(store.deployment, "nowhere").all()) == told(store.all())


def test_together_they_have_every_kind() -> None:
    labs = RecordingStore()
    for fill in LABS:
        fill(labs)
    stores = [labs, *map(example, STACKS)]
    assert {one.kind for store in stores for one in store.all()} == KINDS.keys()


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.name)
def test_so_is_the_cloud_of_a_state_that_an_engine_kept(kept: Path) -> None:
    state = json.loads((kept / "state.json").read_text("utf-8"))["deployment"]
    cloud = json.loads((kept / "cloud.json").read_text("utf-8"))["resources"]
    before = [Resource(**one) for one in cloud]
    found = told(made_of(state, "nowhere").all())
    for place, attributes in told(before).items():
        hidden = {name for name in attributes if name not in found[place]}
        assert hidden <= ENCRYPTED
        assert found.pop(place) == {k: v for k, v in attributes.items() if k not in hidden}
    assert found == {}
