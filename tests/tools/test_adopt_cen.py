"""From a CEN alone to a stack: what its transit routers join, and what is left out and why."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
import yaml
from typing_extensions import override

from facts import kinds
from facts.calls import ram_action
from judging.account.reading import Call, Reader
from sandbox.cloud import Store
from tests.sandbox.cen_lab import SHANGHAI, ZHANGJIAKOU, CenLab
from tests.tools.adopt_cens import HandMadeCen
from tests.tools.adoptions import SCHEMA, InMemory, foreseen
from tools.adopt.adopting import Adoption
from tools.adopt.finding import NotAdoptedError, adopt_found
from tools.adopt.part import Left, Sought
from tools.ram_policy.policies import Scope, policies
from tools.sandbox.asking import asking


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store(":memory:", seed="tests")
    yield made
    made.close()


def found(lab: CenLab, states: dict[str, Any] | None = None) -> tuple[Adoption, dict[str, Left]]:
    place = InMemory(lab.store, states or {})
    adoption, left = adopt_found(Sought("cen", lab.cen.id), place, "shop", SCHEMA)
    return adoption, {one.id: one for one in left}


def section(adoption: Adoption, key: str) -> dict[str, Any]:
    return yaml.safe_load(adoption.text)["config"][f"alicloud-gateways:{key}"]


def test_two_regions_that_are_joined_are_taken_over_and_nothing_changes(store: Store) -> None:
    hand = HandMadeCen(store)
    adoption, left = found(hand.lab)
    assert (left, adoption.changes, adoption.creates) == ({}, (), ())
    joined = section(adoption, "crossRegion")
    assert joined["cen"] == {"name": "joined"}
    assert joined["attachments"] == {
        f"to-{region}": {
            "network": f"to-{region}",
            "vswitches": [f"vswitch-10-{number}-1-0", f"vswitch-10-{number}-2-0"],
            "name": f"to-{region}",
        }
        for number, region in ((1, SHANGHAI), (2, ZHANGJIAKOU))
    }
    assert joined["links"] == {
        "wire": {"regions": [SHANGHAI, ZHANGJIAKOU], "bandwidth": 20, "name": "wire"}
    }
    networks = section(adoption, "networks")
    assert "region" not in networks[f"to-{SHANGHAI}"]
    assert networks[f"to-{ZHANGJIAKOU}"]["region"] == ZHANGJIAKOU
    assert networks[f"to-{ZHANGJIAKOU}"]["vpc"]["id"] == hand.lab.vpcs[ZHANGJIAKOU].id
    # The CEN, and of each region router, table, attachment, and twice two ties; the link.
    assert len(adoption.taken) == 1 + 2 * (3 + 4) + 1


def test_each_is_imported_by_the_provider_of_its_region(store: Store) -> None:
    adoption, _ = found(HandMadeCen(store).lab)
    listed = [one for one in adoption.import_file["resources"] if "id" in one]
    regions = {"cross-region-cen": None} | {
        f"cross-region-{what}-{region}": f"alicloud-{region}"
        for what in ("router", "table", "attachment-to")
        for region in (SHANGHAI, ZHANGJIAKOU)
    }
    assert {one["name"]: one.get("provider") for one in listed if one["name"] in regions} == regions
    assert adoption.import_file["nameTable"] == {
        f"alicloud-{region}": urn
        for region, urn in zip((SHANGHAI, ZHANGJIAKOU), adoption.providers, strict=True)
    }


def test_routers_of_other_names_are_renamed_and_that_is_told(store: Store) -> None:
    hand = HandMadeCen(store)
    store.change_behind(hand.routers[SHANGHAI].id, transit_router_name="old")
    adoption, _ = found(hand.lab)
    assert foreseen(adoption) == {(f"cross-region-router-{SHANGHAI}", "transitRouterName")}


def test_what_goes_by_the_routers_own_table_is_left_out(store: Store) -> None:
    hand = HandMadeCen(store)
    lab = hand.lab
    other = lab.new_vpc("10.9.0.0/16", SHANGHAI)
    zone = lab.new_vswitch(other, "10.9.1.0/24", "b")
    one = lab.join(
        hand.routers[SHANGHAI],
        vpc_id=other.id,
        zone_mappings=[{"zone_id": zone["zone_id"], "vswitch_id": zone.id}],
    )
    line = {"cen_id": lab.cen.id, "transit_router_id": hand.routers[SHANGHAI].id}
    vbr = lab.make("cen_transit_router_vbr_attachment", **line, vbr_id="vbr-1")
    adoption, left = found(lab)
    assert set(left) == {each.id.rpartition(":")[2] for each in (one, vbr)}
    why = {each.why for each in left.values()}
    assert any("doesn't go by a table" in text for text in why)
    assert any("a data centre's ranges" in text for text in why)
    assert (adoption.changes, adoption.creates) == ((), ())


def test_the_basic_edition_is_told(store: Store) -> None:
    lab = CenLab(store)
    lab.attach(SHANGHAI)
    with pytest.raises(NotAdoptedError) as caught:
        found(lab)
    assert "it is of the basic edition" in str(caught.value)


def test_a_cen_that_another_stack_holds_is_told(store: Store) -> None:
    hand = HandMadeCen(store)
    states = {"core": {"resources": [{"type": kinds.CEN, "id": hand.lab.cen.id}]}}
    with pytest.raises(NotAdoptedError, match="The stack core holds"):
        found(hand.lab, states)


def test_a_cen_that_is_not_there_is_told(store: Store) -> None:
    with pytest.raises(NotAdoptedError, match="no cen-none"):
        adopt_found(Sought("cen", "cen-none"), InMemory(store), "shop", SCHEMA)


def test_the_rights_of_the_inventory_are_enough(store: Store) -> None:
    hand, asked = HandMadeCen(store), set[str]()

    class Noting(InMemory):
        @contextmanager
        @override
        def reader(self) -> Generator[Reader]:
            send = asking(self.store)

            def noted(call: Call) -> Mapping[str, Any]:
                asked.add(ram_action(call.product, call.action))
                return send(call)

            yield Reader(noted)

    adopt_found(Sought("cen", hand.lab.cen.id), Noting(store), "shop", SCHEMA)
    (policy,) = policies([], Scope("shop"), ["inventory"])
    (statement,) = policy.document["Statement"]
    assert len(asked) > 5
    assert asked <= {*statement["Action"]}
