"""What goes for good, what goes down, and who acts: each told, each once."""

from typing import Any

import pytest

from facts import kinds
from judging.guard import findings, judged, markdown
from judging.preview import SECRET
from judging.reading import preview_of
from stack.pulumi_wire import UNKNOWN
from tests.guard.previews import created, deleted, document, ids, step, told, updated, urn

SERVER: dict[str, object] = {"imageId": "ubuntu_22", "privateIp": "192.168.1.3"}


def test_a_server_that_is_deleted_is_told_with_its_disks() -> None:
    assert told(deleted(kinds.INSTANCE, "ecs3", SERVER)) == [
        "deletes the server, with its disks, for good"
    ]


def test_another_image_wipes_the_disk() -> None:
    change = updated(kinds.INSTANCE, "ecs3", SERVER, {**SERVER, "imageId": "debian_12"})
    assert ids(change) == ["wipe-disk:ecs3"]
    assert told(change) == ['changes imageId: "ubuntu_22" → "debian_12"']


@pytest.mark.parametrize("key", ["privateIp", "instanceType", "vswitchId"])
def test_a_server_that_is_stopped_for_it_is_told(key: str) -> None:
    change = updated(kinds.INSTANCE, "ecs3", {**SERVER, key: "old"}, {**SERVER, key: "new"})
    assert ids(change) == ["restart-server:ecs3"]


def test_who_may_log_in_is_told_as_well_as_the_restart() -> None:
    change = updated(kinds.INSTANCE, "ecs3", {"keyName": "ours"}, {"keyName": "theirs"})
    assert ids(change) == ["restart-server:ecs3", "loosen-rights:ecs3"]


def test_an_app_that_goes_or_is_renamed_without_was_takes_its_key_with_it() -> None:
    gone = deleted(kinds.API_APP, "site-app", {"name": "site"})
    assert ids(gone) == ["delete-app:site-app"]
    assert ids(gone, created(kinds.API_APP, "web-app", {"name": "web"})) == ["delete-app:site-app"]


def test_a_remedy_speaks_of_was_where_it_may_be_a_rename_and_of_nothing_else() -> None:
    def remedies(*steps: dict[str, Any]) -> list[str]:
        return [one.remedy for one in findings(preview_of(document(*steps)))]

    gone, other = deleted(kinds.EIP, "ip4", {}), created(kinds.EIP, "front", {})
    (alone,) = remedies(gone)
    assert alone == "keep it in the stack file; `spare: true` keeps an address that isn't used"
    (renamed,) = remedies(gone, other)
    assert renamed == f"if it was renamed, say `was` in the entry that it is now; else {alone}"
    # What is replaced has its name, and a gateway has none to be renamed.
    replaced = updated(kinds.EIP, "ip4", {}, {}, op="replace")
    assert remedies(replaced, other) == ["take back what replaces it"]
    gateway = deleted(kinds.NAT_GATEWAY, "gateway-nat", {})
    (kept,) = remedies(gateway, created(kinds.NAT_GATEWAY, "unified-gateway-nat", {}))
    assert "was" not in kept


def test_another_network_interface_takes_the_servers_address_down_once() -> None:
    interface = updated(kinds.ENI, "eni", {"primaryIpAddress": "a"}, {"primaryIpAddress": "b"})
    interface["op"] = "replace"
    inputs = {"networkInterfaceId": UNKNOWN}
    attachment = updated(kinds.ENI_ATTACHMENT, "place", inputs, inputs, op="replace")
    for side in ("oldState", "newState"):
        attachment[side]["propertyDependencies"] = {"networkInterfaceId": [urn(kinds.ENI, "eni")]}
    assert ids(interface, attachment) == ["replace-interface:eni"]
    assert ids(attachment) == ["replace-interface:place"]


def test_what_goes_because_its_ground_is_replaced_and_doesnt_come_back_is_told() -> None:
    server = updated(kinds.INSTANCE, "ecs3", SERVER, SERVER, op="replace")
    access = deleted(kinds.VPC_ACCESS, "access", {"instanceId": "i-1"})
    access["oldState"]["propertyDependencies"] = {"instanceId": [urn(kinds.INSTANCE, "ecs3")]}
    assert ids(server, access) == ["replace-server:ecs3", "delete-authorization:access"]


def test_what_a_replacement_says_besides_isnt_lost_in_it() -> None:
    change = updated(
        kinds.FUNCTION,
        "f",
        {"functionName": "a", "internetAccess": False},
        {"functionName": "b", "internetAccess": True},
        op="replace",
    )
    assert ids(change) == ["replace-function:f", "loosen-function:f"]


def test_a_script_that_changes_runs_as_the_servers_administrator() -> None:
    change = updated(kinds.COMMAND, "c", {"commandContent": "a"}, {"commandContent": "b"})
    change["op"] = "replace"
    assert ids(change) == ["run-script:c"]
    same = updated(kinds.COMMAND, "c", {"name": "a"}, {"name": "b"}, op="replace")
    assert ids(same) == []


def test_protection_that_the_state_alone_has_is_told_where_it_goes() -> None:
    kept = step("same", kinds.CEN_PACKAGE, "p", oldState=None, newState=None)
    change = updated(kinds.CEN_PACKAGE, "p", {}, {}, op="same")
    change["oldState"]["retainOnDelete"] = True
    assert ids(kept, change) == ["unprotect:p"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"region": "cn-shanghai"}, {"region": "cn-hangzhou"}, ["change-provider:other"]),
        ({}, {"endpoints": [{"ecs": "evil.example.com"}]}, ["change-provider:other"]),
        ({"protocol": "HTTPS"}, {"protocol": "HTTP"}, ["change-provider:other"]),
        ({"accessKey": SECRET}, {"accessKey": "LTAI-plain"}, ["change-provider:other",
                                                              "plain-secret:other"]),
        ({"region": "cn-shanghai"}, {"region": "cn-shanghai"}, []),
    ],
)  # fmt: skip
def test_a_provider_that_changes_is_told(
    old: dict[str, object], new: dict[str, object], expected: list[str]
) -> None:
    change = updated(kinds.PROVIDER, "other", old, new)
    assert sorted(ids(change)) == expected
    assert not any("LTAI-plain" in one for one in told(change))


def test_a_provider_is_made_with_a_region_and_no_more() -> None:
    plain = {"region": "cn-shanghai", "version": "4.0.0"}
    assert ids(created(kinds.PROVIDER, "other", plain)) == []
    keys = created(kinds.PROVIDER, "other", {**plain, "secretKey": "hunter2", "protocol": "HTTP"})
    assert ids(keys) == ["change-provider:other"]
    assert "hunter2" not in "".join(told(keys))


def test_a_resource_that_another_provider_takes_over_is_told() -> None:
    change = updated(kinds.VPC, "v", {}, {"description": "x"})
    one, two = (f"{urn(kinds.PROVIDER, name)}::id" for name in ("home", "elsewhere"))
    change["oldState"]["provider"], change["newState"]["provider"] = one, two
    assert told(change) == ["moves from home to elsewhere"]


def test_a_value_with_marks_in_it_stays_a_value() -> None:
    evil = "![x](https://evil.example.com) | `rm` <img>\n```\n@all"
    read = preview_of(document(updated(kinds.INSTANCE, "s", {"imageId": "a"}, {"imageId": evil})))
    table = markdown(read, judged(findings(read), []))
    row = next(line for line in table.splitlines() if line.startswith("| ❌"))
    assert "\\[x\\]" in row
    assert "<img>" not in row
    assert len(table.split("\n```")) == 5  # two blocks, each begun and ended
