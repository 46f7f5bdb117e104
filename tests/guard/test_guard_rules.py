"""Lasting things, APIs, protection, secrets: what is found and what isn't."""

import pytest

from judging.findings import RULES
from judging.guard import findings
from judging.preview import SECRET
from judging.reading import preview_of
from judging.stakes import STAKES
from stack.pulumi_wire import UNKNOWN
from tests.guard.previews import (
    API,
    EIP,
    GROUP,
    api,
    created,
    deleted,
    document,
    ids,
    state,
    step,
    told,
    updated,
    urn,
)

FUNCTION = "alicloud:fc/v3Function:V3Function"
KEYS = "environmentVariables"


@pytest.mark.parametrize(
    ("type_", "what"),
    [(kind, stake.lost) for kind, stake in STAKES.items() if stake.lasting],
)
def test_a_lasting_thing_that_is_deleted_or_replaced_is_found(type_: str, what: str) -> None:
    assert ids(deleted(type_, "one", {})) == [f"delete-{what}:one"]
    assert ids(updated(type_, "one", {}, {}, op="replace")) == [f"replace-{what}:one"]
    assert ids(updated(type_, "one", {}, {"description": "x"})) == []
    assert ids(created(type_, "one", {})) == []


def test_the_address_is_told() -> None:
    gone = deleted(EIP, "ip2", {}, outputs={"ipAddress": "198.51.100.3"})
    assert told(gone) == ["deletes the public address 198.51.100.3 for good"]


def test_what_is_retained_isnt_lost() -> None:
    assert ids(deleted(EIP, "ip2", {}, retainOnDelete=True)) == []


def test_an_api_that_is_deleted_or_unpublished_is_closed() -> None:
    assert told(deleted(API, "page", api())) == ["closes GET /page by https in RELEASE"]
    assert ids(updated(API, "page", api(), api(stageNames=[]))) == ["close-api:page"]
    assert ids(updated(API, "page", api(), api(stageNames=["PRE"]))) == ["close-api:page"]


@pytest.mark.parametrize(
    "change", [{"method": "POST"}, {"path": "/pages"}, {"protocol": "HTTP"}], ids=str
)
def test_an_api_that_answers_elsewhere_is_closed_where_it_was(change: dict[str, str]) -> None:
    request = {**api()["requestConfig"], **change}
    assert "close-api:page" in ids(updated(API, "page", api(), api(requestConfig=request)))


def test_a_scheme_more_closes_nothing_and_without_encryption_it_is_looser() -> None:
    both = api(requestConfig={**api()["requestConfig"], "protocol": "HTTP,HTTPS"})
    assert told(updated(API, "page", api(), both)) == ["takes calls without encryption"]
    plain = api(requestConfig={**api()["requestConfig"], "protocol": "HTTP"})
    assert ids(updated(API, "page", plain, both)) == []


def test_an_api_for_everybody_is_opened() -> None:
    everybody = api(authType="ANONYMOUS")
    assert ids(created(API, "page", everybody)) == ["open-api:page"]
    assert ids(created(API, "page", api())) == []
    assert told(updated(API, "page", api(), everybody)) == [
        "lets everybody call GET /page by https in RELEASE"
    ]
    assert ids(updated(API, "page", everybody, {**everybody, "description": "x"})) == []
    assert ids(updated(API, "page", everybody, api())) == ["close-api:page"]


def test_an_api_in_another_group_has_another_domain() -> None:
    moved = updated(API, "page", api(), api(groupId=UNKNOWN), op="replace")
    moved["newState"]["propertyDependencies"] = {"groupId": [urn(GROUP, "tele")]}
    assert ids(moved) == ["close-api:page"]


def test_a_group_made_anew_is_told_once_and_not_for_each_api() -> None:
    group = updated(GROUP, "phone", {}, {}, op="replace")
    moved = updated(API, "page", api(), api(groupId=UNKNOWN), op="replace")
    for side in ("oldState", "newState"):
        moved[side]["propertyDependencies"] = {"groupId": [urn(GROUP, "phone")]}
    assert ids(group, moved) == ["replace-api-group:phone"]


def test_a_groups_other_base_path_and_lost_intranet_domain_close_its_apis() -> None:
    assert ids(updated(GROUP, "g", {"basePath": "/v1"}, {"basePath": "/v2"})) == ["close-api:g"]
    on, off = {"vpcIntranetEnable": True}, {"vpcIntranetEnable": False}
    assert ids(updated(GROUP, "g", on, off)) == ["close-api:g"]
    assert ids(updated(GROUP, "g", off, on)) == ["loosen-api:g"]


@pytest.mark.parametrize("op", ["delete", "replace"])
def test_a_protected_resource_that_goes_is_found_besides(op: str) -> None:
    gone = updated("alicloud:vpc/network:Network", "vpc", {}, {}, op=op)
    gone["oldState"]["protect"] = True
    assert ids(gone) == [f"{op}-protected:vpc"]


def test_protection_in_the_cloud_counts_as_well() -> None:
    assert ids(deleted("x:y/z:Z", "a", {"deletionProtection": True})) == ["delete-protected:a"]
    assert ids(deleted("x:y/z:Z", "a", {"deleteProtection": "on"})) == ["delete-protected:a"]
    assert ids(deleted("x:y/z:Z", "a", {"deletionProtection": False})) == []


def test_protection_that_is_taken_off_is_found_even_where_nothing_else_changes() -> None:
    same = updated(EIP, "ip1", {}, {}, op="same")
    same["oldState"]["protect"] = True
    assert ids(same) == ["unprotect:ip1"]
    cloud = updated(EIP, "ip1", {"deletionProtection": True}, {"deletionProtection": False})
    assert ids(cloud) == ["unprotect:ip1"]


def test_a_secret_that_turns_plain_is_found_and_never_shown() -> None:
    change = updated(FUNCTION, "f", {KEYS: SECRET}, {KEYS: {"CODE": "hunter2"}})
    assert told(change) == [f"turns {KEYS} from secret into plain"]
    inner = updated(FUNCTION, "f", {KEYS: {"CODE": SECRET}}, {KEYS: {"CODE": "hunter2"}})
    assert told(inner) == [f"turns {KEYS}.CODE from secret into plain"]
    listed = updated(FUNCTION, "f", {"layers": ["x", SECRET]}, {"layers": ["x", "y"]})
    assert told(listed) == ["turns layers[1] from secret into plain"]
    part = updated(FUNCTION, "f", {KEYS: SECRET}, {KEYS: {"CODE": SECRET, "B": "now plain"}})
    assert ids(part) == ["plain-secret:f"]


@pytest.mark.parametrize("new", [{}, {KEYS: SECRET}, {KEYS: {"A": SECRET}}, {KEYS: UNKNOWN}])
def test_a_secret_that_goes_or_stays_hidden_isnt_found(new: dict[str, object]) -> None:
    assert ids(updated(FUNCTION, "f", {KEYS: SECRET}, new)) == []


def test_a_secret_output_that_is_none_any_more_is_found() -> None:
    change = updated(FUNCTION, "f", {KEYS: SECRET}, {KEYS: {"A": "b"}})
    change["oldState"]["additionalSecretOutputs"] = [KEYS, "other"]
    assert told(change) == [f"turns {KEYS}, other from secret into plain"]


def test_what_is_deleted_along_with_a_replaced_one_is_a_deletion() -> None:
    steps = (
        step("delete-replaced", EIP, "ip2", oldState=state(EIP, "ip2", {})),
        step("delete-replaced", EIP, "ip1", oldState=state(EIP, "ip1", {})),
        updated(EIP, "ip1", {}, {}, op="replace"),
        step("delete-replaced", EIP, "old", oldState=state(EIP, "old", {}, delete=True)),
    )
    assert ids(*steps) == ["delete-address:ip2", "replace-address:ip1"]


def test_a_renamed_one_that_is_replaced_isnt_deleted_under_its_old_name() -> None:
    gone = step("delete-replaced", EIP, "ip1", oldState=state(EIP, "ip1", {}))
    replaced = updated(EIP, "front", {}, {}, op="replace")
    replaced["newState"]["aliases"] = [urn(EIP, "ip1")]
    assert ids(gone, replaced) == ["replace-address:front"]


def test_a_preview_that_hides_what_goes_along_says_so() -> None:
    replaced = updated("alicloud:vpc/switch:Switch", "apps", {}, {}, op="replace")
    assert ids(replaced) == []
    replaced["oldState"]["pendingReplacement"] = True
    assert ids(replaced) == ["hidden-deletions:shop"]
    shown = step("delete-replaced", "x:y/z:Z", "apps", oldState=state("x:y/z:Z", "apps", {}))
    assert ids(replaced, shown) == []


def test_what_a_refresh_found_isnt_what_the_run_does() -> None:
    drift = step("refresh", EIP, "ip1", oldState=state(EIP, "ip1", {}))
    assert ids(drift, step("delete", EIP, "ip1", oldState=state(EIP, "ip1", {}))) == [
        "delete-address:ip1"
    ]
    gone, back = deleted(EIP, "ip1", {}), created(EIP, "ip1", {})
    assert ids(gone, back) == []


def test_findings_come_in_one_order_whatever_the_previews() -> None:
    steps = [deleted(EIP, name, {"deletionProtection": True}) for name in ("b", "a")]
    forth, back = (
        [one.id for one in findings(preview_of(document(*some)))] for some in (steps, steps[::-1])
    )
    assert forth == back == sorted(forth, key=lambda one: (one.startswith("delete-prot"), one))


def test_every_rule_has_an_id_of_its_own() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
