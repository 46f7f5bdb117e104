"""The table of calls: every kind has its line, and every line says something that RAM knows."""

import re
import tomllib

import pytest

from facts.calls import KINDS, OPERATIONS, called_for, forms, irreversible
from facts.contract import KINDS as CONTRACTS
from sandbox.cloud import KINDS as SIMULATED
from tests.example_stacks import ROOT

EACH = pytest.mark.parametrize("kind", sorted(KINDS))
READING = re.compile(r"(Describe|Get|List)[A-Z*]")
UNMADE = re.compile(
    r"(Delete|Release|Remove|Detach|Unassociate|Dissociate|Withdraw|Revoke|Stop|Disable|Set)[A-Z]"
)


def test_every_kind_that_the_sandbox_knows_has_its_line_and_no_other() -> None:
    assert KINDS.keys() == SIMULATED.keys() == CONTRACTS.keys()


@EACH
def test_reading_a_kind_only_reads(kind: str) -> None:
    calls = KINDS[kind]
    assert calls.read
    assert all(READING.match(action.partition(":")[2]) for action in calls.read)


@EACH
def test_a_kind_can_be_made_and_unmade(kind: str) -> None:
    calls = KINDS[kind]
    assert calls.create
    assert calls.delete
    assert all(UNMADE.match(a.partition(":")[2]) for a in calls.delete if "Abolish" not in a)


@EACH
def test_a_call_belongs_to_a_service_that_ram_knows(kind: str) -> None:
    """RAM names CEN's calls cen:, whatever its API is called; a policy that says cbn: is void."""
    services = {a.partition(":")[0] for o in OPERATIONS for a in KINDS[kind].of(o)}
    assert services <= {"apigateway", "cen", "cms", "ecs", "fc", "ram", "slb", "vpc"}


def test_what_can_be_changed_in_place_has_calls_to_change_it() -> None:
    """An input that doesn't replace its resource is changed by an update."""
    lacking = {kind for kind, calls in KINDS.items() if not calls.update and _changeable(kind)}
    assert lacking == NEVER_CHANGED
    assert [kind for kind, calls in KINDS.items() if calls.update and not _changeable(kind)] == []


def _changeable(kind: str) -> list[str]:
    # Those left out only say how a deletion goes.
    silent = {"force", "force_delete", "dry_run"}
    inputs = CONTRACTS[kind].inputs.values()
    return [one.name for one in inputs if not one.replaces and one.name not in silent]


# Their provider has no update; what isn't said to replace is never sent again.
NEVER_CHANGED = {"cen_instance_attachment", "ecs_network_interface_attachment"}


TAGGED_AT_ONCE = {"cms_alarm"}
"""Their tags are among what they are put with, each time."""


@EACH
def test_tags_are_put_on_and_taken_off_where_a_kind_has_them(kind: str) -> None:
    calls = KINDS[kind]
    puts = [a for a in calls.writing if "tags" in called_for(a)]
    if "tags" in CONTRACTS[kind].inputs and kind not in TAGGED_AT_ONCE:
        assert {a.partition(":")[2].rstrip("*").lower().rstrip("s") for a in puts} == {
            "tagresource",
            "untagresource",
        }
    else:
        assert puts == []


@EACH
def test_deletion_protection_is_switched_where_a_kind_has_it(kind: str) -> None:
    names = {"deletion_protection", "delete_protection"} & CONTRACTS[kind].inputs.keys()
    switches = set(KINDS[kind].writing) & set(irreversible().protection)
    assert bool(switches) == bool(names - {"deletion_protection"} or (names and kind != "instance"))
    assert all(called_for(switch) & names for switch in switches)


@EACH
def test_a_resource_is_named_within_region_and_account(kind: str) -> None:
    form = re.compile(r"\*|acs:[a-z]+:({region}|\*):({account}|{owner}):[a-z]+/(\*|{[a-z_]+})")
    for operation in OPERATIONS:
        for action in KINDS[kind].of(operation):
            assert all(form.fullmatch(one) for one in forms(KINDS[kind], action))


@EACH
def test_the_places_in_a_name_are_inputs_of_the_kind(kind: str) -> None:
    places = set(re.findall(r"{(\w+)}", KINDS[kind].own)) - {"region", "account"}
    assert places <= CONTRACTS[kind].inputs.keys()
    assert bool(places) == KINDS[kind].named


def test_what_is_listed_for_a_call_is_a_call_of_some_kind() -> None:
    """A misspelt line would be silently void."""

    facts = tomllib.loads((ROOT / "facts" / "calls.toml").read_text("utf-8"))
    called = {a for calls in KINDS.values() for o in OPERATIONS for a in calls.of(o)}
    assert facts["checked_on"].keys() <= called
    assert facts["only_for"].keys() <= called
    assert set(facts["irreversible"]["protection"]) <= called
    assert set(facts["irreversible"]["deletions"]) <= KINDS.keys()
