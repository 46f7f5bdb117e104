"""The store: repeatable, idempotent, shared between processes, and never half done."""

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cloud_lab import Lab, new_lab, refused

from facts.contract import KINDS, TOKENS, contract_of
from sandbox.cloud import KINDS as SIMULATED
from sandbox.cloud import CallerKilledError, LostAnswerError, Resource, Store
from sandbox.cloud.core.quotas import known

NETWORK = {"cidr_block": "192.168.0.0/16"}


@pytest.fixture
def lab() -> Lab:
    return new_lab()


def test_the_same_seed_gives_the_same_ids(tmp_path: Path) -> None:
    stores = [Store(tmp_path / name, seed="one") for name in ("a.db", "b.db")]
    first, second = ([store.create("vpc", NETWORK).id for _ in range(3)] for store in stores)
    assert first == second
    assert len(set(first)) == 3


def test_without_a_seed_ids_differ() -> None:
    first, second = (Store(":memory:").create("vpc", NETWORK).id for _ in range(2))
    assert first != second


def test_an_id_is_never_given_twice(lab: Lab) -> None:
    eip = lab.new_eip()
    lab.store.delete("eip_address", eip.id)
    assert lab.new_eip().id != eip.id


def test_the_same_client_token_answers_the_first_result(lab: Lab) -> None:
    first, second = (lab.store.create("eip_address", {}, token="t") for _ in range(2))
    assert first.id == second.id
    assert len(lab.store.all("eip_address")) == 1


def test_a_client_token_with_other_parameters_is_refused(lab: Lab) -> None:
    lab.store.create("eip_address", {}, token="t")
    with refused("IdempotentParameterMismatch"):
        lab.store.create("eip_address", {"address_name": "other"}, token="t")


def test_who_only_tries_is_told_whether_it_would_be_done_and_nothing_is(lab: Lab) -> None:
    trying = lab.store.only_trying()
    before = lab.store.all()
    with refused("DryRunOperation"):
        trying.create("eip_address", {})
    with refused("DryRunOperation"):
        trying.update("vpc", lab.vpc.id, {"vpc_name": "else"})
    with refused("DryRunOperation"):
        trying.delete("nat_gateway", lab.gateway.id)
    with refused("DependencyViolation.NatGateway"):
        trying.delete("vswitch", lab.vswitch.id)
    assert lab.store.all() == before


def test_a_change_may_be_made_of_what_is_there(lab: Lab) -> None:
    def more(one: Resource) -> dict[str, str]:
        return {"vpc_name": one.text("vpc_name") + "ping"}

    assert lab.store.update("vpc", lab.vpc.id, more)["vpc_name"] == "shopping"


def test_a_question_sees_one_region_and_is_a_read_in_the_log(lab: Lab) -> None:
    for region, found in (("cn-shanghai", [lab.vpc.id]), ("cn-beijing", [])):
        asked = lab.store.ask("vpc", lambda s: [one.id for one in s.find("vpc")], region=region)
        assert asked == found
    assert [call.operation for call in lab.store.calls(kind="vpc")] == ["create", "read", "read"]


def test_a_refused_create_leaves_nothing_but_a_line_in_the_log(lab: Lab) -> None:
    before = lab.store.all()
    with refused("InvalidIp.NotInNatgw"):
        lab.forward("198.51.100.1")
    assert lab.store.all() == before
    assert [call.outcome for call in lab.store.calls("create", "forward_entry")] == [
        "InvalidIp.NotInNatgw"
    ]


def test_a_store_is_there_again_when_it_is_opened_again(tmp_path: Path) -> None:
    store = Store(tmp_path / "cloud.db")
    vpc = store.create("vpc", NETWORK)
    store.set_quota("vpcs_per_region", 1)
    store.close()
    again = Store(tmp_path / "cloud.db")
    assert again.read("vpc", vpc.id) == vpc
    with refused("QuotaExceeded.Vpc"):
        again.create("vpc", NETWORK)


def test_quotas_are_raised_anew_by_each_run_and_what_was_set_goes_before(tmp_path: Path) -> None:
    store = Store(tmp_path / "cloud.db")
    store.set_quota("vpcs_per_region", 1)
    store.raise_quotas({"eips_per_region": 30})
    store.raise_quotas({"vpcs_per_region": 12, "cens": 7})
    assert known(store.database) == {"vpcs_per_region": 1, "cens": 7}
    assert store.quotas == {"vpcs_per_region": 1}, "a rehearsal takes the file's as it is now"
    store.create("vpc", NETWORK)
    with refused("QuotaExceeded.Vpc"):
        store.create("vpc", NETWORK)


def _make_addresses(path: Path, count: int) -> None:
    store = Store(path)
    for _ in range(count):
        store.create("eip_address", {})


def test_processes_share_a_store_without_giving_an_address_twice(tmp_path: Path) -> None:
    path = tmp_path / "cloud.db"
    store = Store(path)
    store.set_quota("eips_per_region", 100)
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=_make_addresses, args=(path, 25)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len({one["ip_address"] for one in store.all("eip_address")}) == 50


def test_a_killed_process_leaves_a_whole_store(tmp_path: Path) -> None:
    path = tmp_path / "cloud.db"
    store = Store(path)
    store.set_quota("vpcs_per_region", 100_000)
    program = (
        "import sys; from sandbox.cloud import Store; store = Store(sys.argv[1])\n"
        "while True: print(store.create('vpc', {'cidr_block': '10.0.0.0/8'}).id, flush=True)"
    )
    command = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(20)]
        os.kill(process.pid, signal.SIGKILL)
    made = {one.id for one in store.all("vpc")}
    assert set(told) <= made
    assert len(made) == len(store.calls("create", outcome="OK"))


def test_what_someone_else_deletes_is_gone_without_a_question(lab: Lab) -> None:
    lab.forward(lab.bound_ip())
    lab.store.delete_behind(lab.gateway.id)
    assert lab.store.read("nat_gateway", lab.gateway.id) is None


def test_a_gateway_deleted_by_someone_else_leaves_neither_entries_nor_bindings(lab: Lab) -> None:
    lab.forward(lab.bound_ip())
    lab.store.delete_behind(lab.gateway.id)
    assert {one.kind for one in lab.store.all()} == {"vpc", "vswitch", "eip_address"}
    assert lab.store.all("eip_address")[0]["status"] == "Available"


def test_what_someone_else_changes_reads_so(lab: Lab) -> None:
    lab.store.change_behind(lab.gateway.id, description="by hand", nat_gateway_name="Renamed")
    found = lab.store.read("nat_gateway", lab.gateway.id)
    assert found is not None
    assert (found["description"], found["name"]) == ("by hand", "Renamed")


def test_the_nth_create_from_now_fails(lab: Lab) -> None:
    lab.store.faults.fail(nth=2, kind="eip_address", code="InternalError")
    lab.new_eip()
    with refused("InternalError"):
        lab.new_eip()
    lab.new_eip()


def test_each_create_fails_the_first_time(lab: Lab) -> None:
    lab.store.faults.fail_each_once("create")
    for key in ("one", "two"):
        with refused("InternalError"):
            lab.store.create("eip_address", {}, key=key)
        lab.store.create("eip_address", {}, key=key)
    lab.store.faults.clear()
    lab.store.create("eip_address", {}, key="three")


def test_the_next_calls_are_throttled(lab: Lab) -> None:
    lab.store.faults.throttle(next_calls=2)
    for _ in range(2):
        with refused("Throttling.User"):
            lab.new_eip()
    lab.new_eip()


def test_every_third_call_is_throttled(lab: Lab) -> None:
    lab.store.forget_calls()
    lab.store.faults.throttle(every=3)
    for number in range(1, 7):
        if number % 3 == 0:
            with refused("Throttling.User"):
                lab.new_eip()
        else:
            lab.new_eip()
    assert len(lab.store.calls(outcome="Throttling.User")) == 2


def test_a_lost_answer_is_a_deed_done(lab: Lab) -> None:
    lab.store.faults.lose_answer("create", kind="eip_address")
    with pytest.raises(LostAnswerError):
        lab.store.create("eip_address", {}, token="t")
    made = lab.store.all("eip_address")
    assert lab.store.create("eip_address", {}, token="t").id == made[0].id


@pytest.mark.parametrize(("moment", "made"), [("before", 0), ("after", 1)])
def test_a_kill_comes_before_or_after_the_deed(lab: Lab, moment: str, made: int) -> None:
    if moment == "before":
        lab.store.faults.kill("create", when="before", kind="eip_address")
    else:
        lab.store.faults.kill("create", when="after", kind="eip_address")
    with pytest.raises(CallerKilledError, match=moment):
        lab.new_eip()
    assert len(lab.store.all("eip_address")) == made


def test_faults_are_set_from_another_process(tmp_path: Path) -> None:
    store, other = (Store(tmp_path / "cloud.db") for _ in range(2))
    other.faults.fail(code="Forbidden")
    with refused("Forbidden"):
        store.create("vpc", NETWORK)


def test_the_log_says_who_asked_for_what(lab: Lab) -> None:
    lab.store.forget_calls()
    eip = lab.store.create("eip_address", {}, key="urn:ip1")
    [call] = lab.store.calls()
    assert (call.operation, call.kind, call.id, call.key, call.outcome) == (
        "create",
        "eip_address",
        eip.id,
        "urn:ip1",
        "OK",
    )


def test_an_unknown_type_says_how_to_add_it() -> None:
    with pytest.raises(LookupError, match=r"contract\.json.*sandbox/cloud"):
        contract_of("alicloud:cs/managedKubernetes:ManagedKubernetes")


def test_every_contract_has_a_kind_and_every_kind_a_contract() -> None:
    assert set(SIMULATED) == set(KINDS)
    assert len(TOKENS) == len(KINDS)


# --- what is assumed to be there ------------------------------------------------------------------


def test_what_is_assumed_is_there_once_and_as_it_is_told_last() -> None:
    cloud = Store(":memory:")
    assert cloud.assume("vpc", "vpc-a", {"cidr_block": "10.0.0.0/8"}, region="cn-beijing")
    assert not cloud.assume("vpc", "vpc-a", {"cidr_block": "10.0.0.0/9"}, region="cn-beijing")
    (vpc,) = cloud.all()
    assert (vpc.id, vpc.region, vpc["cidr_block"]) == ("vpc-a", "cn-beijing", "10.0.0.0/9")
    assert cloud.assumed == {"vpc-a"}
    assert cloud.calls() == []


def test_what_was_made_stays_as_it_is_and_isnt_assumed() -> None:
    cloud = Store(":memory:")
    made = cloud.create("vpc", {"cidr_block": "10.0.0.0/8"})
    told = {"cidr_block": "10.0.0.0/9"}
    assert not cloud.assume("vpc", made.id, told, region=made.region)
    assert cloud.all() == [made]
    assert cloud.assumed == frozenset()


def test_what_was_assumed_and_somebody_deleted_stays_away() -> None:
    cloud = Store(":memory:")
    told = {"cidr_block": "10.0.0.0/8"}
    cloud.assume("vpc", "vpc-a", told, region="cn-beijing")
    cloud.delete_behind("vpc-a")
    assert not cloud.assume("vpc", "vpc-a", told, region="cn-beijing")
    assert cloud.all() == []
