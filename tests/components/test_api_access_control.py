"""Who may connect to a dedicated instance."""

import pytest

import components as c
from tests.components.api_builds import api_access_control
from tests.components.test_every_component import built
from tests.mocked_cloud import run

ENTRIES: dict[str, c.ApiAccessEntryArgs] = {"office": {"cidr": "203.0.113.0/24"}}


def test_a_list_is_bound_when_it_is_complete() -> None:
    """An allow list that is still being filled shuts callers out."""
    made = built(api_access_control)
    assert {"door-entry-branch", "door-entry-office"} <= made["door-acl-attachment"].after


def test_entries_are_added_one_after_the_other() -> None:
    made = built(api_access_control)
    assert "door-entry-branch" in made["door-entry-office"].after
    assert "door-entry-office" not in made["door-entry-branch"].after


def test_who_is_denied_stands_on_a_black_list() -> None:
    args: c.ApiAccessControlArgs = {
        "instance_id": "i",
        "list_name": "l",
        "mode": "deny",
        "entries": ENTRIES,
    }
    made = run(lambda: c.ApiAccessControl("door", args))
    assert made["door-acl-attachment"].inputs["aclType"] == "black"


def test_an_entry_keeps_its_resource_over_a_rename() -> None:
    assert built(api_access_control)["door-entry-office"].aliases == {"door-entry-bureau"}


def test_entries_and_binding_are_undone_before_they_are_made_anew_and_the_list_is_not() -> None:
    made = built(api_access_control)
    for name in ("door-entry-office", "door-entry-branch", "door-acl-attachment"):
        assert made[name].request.deleteBeforeReplace, name
    assert not made["door-acl"].request.deleteBeforeReplace


def test_a_list_without_entries_says_what_to_do() -> None:
    args: c.ApiAccessControlArgs = {
        "instance_id": "i",
        "list_name": "l",
        "mode": "allow",
        "entries": {},
    }
    with pytest.raises(ValueError, match="needs at least one entry"):
        run(lambda: c.ApiAccessControl("door", args))
