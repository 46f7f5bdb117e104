"""What was made by hand is taken over, on the real engine: the first `up` changes nothing of it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.cloud import Store
from stack.target import new_target
from tests.apis_by_hand import CODE, ApisByHand, shop_apis
from tests.by_hand import SCENES, ByHand, shared_bandwidth, unified_egress
from tests.lifecycle.conftest import ROOT, Run, Stack
from tests.tools.adopt_cens import HandMadeCen
from tools.adopt.__main__ import main as adopt_main

pytestmark = pytest.mark.engine


class Adopting:
    """A stack whose file isn't there yet, and its cloud, which somebody filled."""

    def __init__(self, stack: Stack, fill: Callable[[Store], ByHand], tmp_path: Path) -> None:
        self.stack = stack
        self.list = tmp_path / "existing.yaml"
        folder = tmp_path / "sandbox" / new_target(None, str(stack.file), ROOT).key
        folder.mkdir(parents=True)
        self.hand = fill(stack.open_cloud(folder / "cloud.db"))
        self.cloud.forget_calls()

    @property
    def cloud(self) -> Store:
        return self.hand.store

    def adopt(self, *words: str) -> Run:
        """Adopt what is listed, or what stands on what the words name."""
        self.hand.write(self.list)
        asked = words or ("--list", str(self.list))
        done = self.stack.here(adopt_main, *asked, "--config", str(self.stack.file))
        if done.code == 0:
            self.stack.text = self.stack.file.read_text(encoding="utf-8")
        return done

    def previewed(self) -> dict[str, str]:
        """What `up` would do, by the names of what isn't left as it is."""
        done = self.stack.succeed("preview", "--json")
        steps = json.loads(done.out)["steps"]
        return {
            step["urn"].rpartition("::")[2]: step["op"] for step in steps if step["op"] != "same"
        }


@pytest.fixture
def adopting(stack: Stack, tmp_path: Path) -> Callable[[Callable[[Store], ByHand]], Adopting]:
    return lambda fill: Adopting(stack, fill, tmp_path)


Adopt = Callable[[Callable[[Store], ByHand]], Adopting]


def test_a_gateway_with_its_entries_is_taken_over_and_lives_on(adopting: Adopt) -> None:
    case = adopting(shared_bandwidth)
    stack, ids = case.stack, {one.id for one in case.cloud.all()}
    done = case.adopt()
    assert done.code == 0, done.err
    assert "changes nothing" in done.out
    assert stack.changes() == []
    assert case.previewed() == {}
    stack.succeed("up")
    assert stack.changes() == []

    # Twice: the file is there; and what is taken over already is left as it is.
    again = case.adopt()
    assert again.code == 1
    assert "isn't overwritten" in again.err
    stack.succeed("import", "--file", str(stack.file.with_name("adopt.json")))
    assert case.previewed() == {}

    # It is a stack like any other from here on.
    stack.edit("port: 443", "port: 444")
    stack.succeed("up")
    assert stack.changes() == ["update forward_entry port-mappings-web-tls"]
    assert {one.id for one in case.cloud.all()} == ids
    for one in case.cloud.all("instance") + case.cloud.all("security_group"):
        case.cloud.delete_behind(one.id)  # never owned, and the network goes only without them
    stack.succeed("destroy")
    assert stack.kinds() == []


def test_a_server_and_its_interface_are_taken_over_and_its_routes_are_set_once(
    adopting: Adopt,
) -> None:
    case = adopting(unified_egress)
    stack, listed = case.stack, case.hand.listed
    listed["uses"] = [listed["vpc"], *listed["vswitches"]]
    done = case.adopt()
    assert done.code == 0, done.err
    scripts = {"server-web1-routing-command", "server-web1-routing-invocation"}
    said = {line.split()[-1] for line in done.out.splitlines() if line.startswith("  creates")}
    assert said == scripts
    assert set(case.previewed()) == scripts
    stack.succeed("up")
    assert {change.split()[-1] for change in stack.changes()} == scripts
    stack.succeed("up")
    assert stack.changes() == []
    stack.succeed("destroy")
    assert stack.kinds() == ["instance", "security_group", "vpc", "vswitch"]  # used, never owned


def test_a_network_is_taken_over_by_its_id_alone(adopting: Adopt) -> None:
    case = adopting(shared_bandwidth)
    cloud, listed = case.cloud, case.hand.listed
    for entry, name in zip(listed["portMappings"], ("门户", "门户", "443"), strict=True):
        cloud.change_behind(entry.partition(":")[2], forward_entry_name=name)
    high = listed["portMappings"][0].partition(":")[2]
    cloud.change_behind(listed["publicIps"]["web"], address_name="")
    cloud.change_behind(case.hand.vswitch.id, vswitch_name="")
    cloud.change_behind(high, external_port="8443")  # nobody can read whether it breaks ports
    apart = case.hand.make("eip_address")
    package = cloud.read("common_bandwidth_package", listed["bandwidthPackage"])
    assert package is not None
    case.hand.pack(apart, package)
    case.hand.bind(apart, case.hand.instance("10.0.1.50", "legacy"), "EcsInstance")
    cloud.forget_calls()
    done = case.adopt("--vpc", listed["vpc"])
    assert done.code == 0, done.err
    assert f"{apart.id}, an EIP: it is bound to a server" in done.out
    assert "takes as said port-mappings-tcp-8443 portBreak: True" in done.out
    # "443" alone is a name that the program doesn't write.
    assert case.previewed() == {"port-mappings-host-10-0-1-7": "update"}
    case.stack.succeed("up")
    assert case.stack.changes() == ["update forward_entry port-mappings-host-10-0-1-7"]
    case.stack.succeed("up")
    assert case.stack.changes() == []


def test_an_api_group_is_taken_over_by_its_id_alone_and_lives_on(
    stack: Stack, tmp_path: Path
) -> None:
    folder = tmp_path / "sandbox" / new_target(None, str(stack.file), ROOT).key
    folder.mkdir(parents=True)
    cloud = stack.open_cloud(folder / "cloud.db")
    made = shop_apis(ApisByHand(cloud))
    cloud.forget_calls()
    done = stack.here(adopt_main, "--group", made["group"], "--config", str(stack.file))
    assert done.code == 0, done.err
    assert "changes nothing" in done.out
    assert "Left out" not in done.out
    assert (stack.file.parent / "functions" / "lookup" / "index.py").read_text() == CODE
    stack.text = stack.file.read_text(encoding="utf-8")
    assert stack.changes() == []
    stack.succeed("up")
    assert stack.changes() == []

    # It is a stack like any other from here on.
    ids = {one.id for one in cloud.all()}
    stack.edit("timeout: 3000", "timeout: 4000")
    (stack.file.parent / "functions" / "lookup" / "index.py").write_text(f"{CODE}# newer")
    stack.edit("apiDefault: 100  # all", "apiDefault: 200  # all")
    stack.succeed("up")
    assert sorted(stack.changes()) == [
        "update api_gateway_api api-get_order-api",
        "update api_gateway_plugin plugin-limits-plugin",
        "update fcv3_function function-lookup-function",
    ]
    assert {one.id for one in cloud.all()} == ids
    stack.succeed("destroy")
    assert {kind for kind in stack.kinds() if kind.startswith(("api_gateway", "fc"))} == set()


def test_what_is_foreseen_is_what_the_engine_does(adopting: Adopt) -> None:
    case = adopting(SCENES["both"])
    cloud, listed = case.cloud, case.hand.listed
    cloud.change_behind(listed["vpc"], description="made in 2019")
    cloud.change_behind(listed["vswitches"][0], vswitch_name="Apps (old)", tags={"other": "1"})
    cloud.change_behind(listed["publicIps"]["out"], deletion_protection=True)
    done = case.adopt()
    assert done.code == 0, done.err
    rows = [line.split() for line in done.out.splitlines() if line.startswith("  changes in place")]
    foreseen = {row[3] for row in rows}
    previewed = case.previewed()
    assert foreseen == {name for name, op in previewed.items() if op == "update"}
    assert set(previewed.values()) <= {"update", "create"}
    assert [
        name for name, op in previewed.items() if op == "create" and "routing" not in name
    ] == []
    case.stack.succeed("up")
    case.stack.succeed("up")
    assert case.stack.changes() == []


def test_ids_that_are_wrong_are_told_together_and_nothing_is_written(adopting: Adopt) -> None:
    case = adopting(shared_bandwidth)
    listed = case.hand.listed
    listed["sparePublicIps"]["gone"] = "eip-gone"
    listed["egress"][0] += "x"
    listed["publicIps"]["late"] = listed["sparePublicIps"].pop("later")  # bound to nothing
    done = case.adopt()
    assert done.code == 2
    assert "has 3 problems; nothing was changed" in done.err
    for words in ("sparePublicIps.gone", "egress[0]", "publicIps.late", "isn't bound to"):
        assert words in done.err
    assert "Traceback" not in done.err
    assert not case.stack.file.exists()
    assert case.stack.changes() == []


def test_a_cen_is_taken_over_in_each_of_its_regions(adopting: Adopt) -> None:
    made: list[HandMadeCen] = []

    def fill(store: Store) -> ByHand:
        made.append(HandMadeCen(store))
        return ByHand(store)

    case = adopting(fill)
    done = case.adopt("--cen", made[0].lab.cen.id)
    assert done.code == 0, done.err
    assert "changes nothing" in done.out
    assert case.stack.changes() == []
    assert case.previewed() == {}
    case.stack.succeed("up")
    assert case.stack.changes() == []
    # It is a stack like any other from here on: a link is made wider, and nothing else happens.
    case.stack.edit("bandwidth: 20", "bandwidth: 30")
    case.stack.succeed("up")
    assert case.stack.changes() == [
        "update cen_transit_router_peer_attachment cross-region-link-wire"
    ]
