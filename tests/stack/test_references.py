"""Ids of settings that may be outputs of other stacks: where they stand, and what they come to."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel, RootModel

from stack.file.references import (
    Outputs,
    PlacedReference,
    output_at,
    references_in,
    resolved,
)
from stack.file.schema import kind_at, models_of
from stack.file.tree import with_values
from stack.ids import ADDRESS, EIP, OTHER, VPC, VSWITCH, IdKind, ReferenceSettings, is_unknown
from stack.problems import KeyPath, Problem
from stack.settings import CommonSettings
from topologies import TOPOLOGIES

MODELS = models_of({t.section: {} for t in TOPOLOGIES}, TOPOLOGIES)
PLACE: KeyPath = ("network", "vpc", "id")


def to(output: str, kind: IdKind = VPC, stack: str = "shared") -> PlacedReference:
    return PlacedReference(PLACE, ReferenceSettings(stack=stack, output=output), kind)


def problem(reference: PlacedReference, outputs: Outputs) -> Problem:
    found = resolved(reference, outputs)
    assert isinstance(found, Problem)
    return found


# --- where ids stand -----------------------------------------------------------------------------


def _places(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every place of a text in the settings."""
    if issubclass(model, RootModel):
        yield from _below(model.model_fields["root"].annotation, path)
        return
    for name, field in model.model_fields.items():
        yield from _below(field.annotation, (*path, field.alias or name))


def _below(annotation: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from _places(annotation, path)
    elif annotation is str:
        yield path
    elif get_origin(annotation) is dict:
        yield from _below(get_args(annotation)[1], (*path, "x"))
    else:
        for part in get_args(annotation):
            if not isinstance(part, str | int):
                yield from _below(part, path)


def _all_places() -> set[tuple[str, ...]]:
    sections = [(t.parts.model, (t.section,)) for t in TOPOLOGIES]
    found = set(_places(CommonSettings, ()))
    return found | {place for model, path in sections for place in _places(model, path)}


IDS = {"id", "instanceId", "forwardTableId", "snatTableId", "routeTable", "vbr", "securityGroup"}
MORE = {
    "network.hosts.x.instance.securityGroups",
    "networks.x.hosts.x.instance.securityGroups",
    "unifiedEgress.servers.x.eni.securityGroups",
    "crossRegion.cen.routers.x",
    "crossRegion.dataCenters.x.vpn.gateway",
    "apiGateway.vpcAccess.x.vpc",
    "functions.x.role",
    "sharedBandwidth.publicIps.x.address",
    "unifiedEgress.publicIps.x.address",
}


def test_every_id_of_the_settings_may_be_an_output() -> None:
    places = {".".join(place): place for place in _all_places()}
    wanted = {name for name, place in places.items() if place[-1] in IDS} | MORE
    assert len(wanted) > 25
    assert wanted <= places.keys()
    listed = {name: (*p, 0) if name.endswith("Groups") else p for name, p in places.items()}
    assert {name for name in wanted if kind_at(MODELS, listed[name]) is None} == set()


def test_nothing_else_may() -> None:
    for place in _all_places():
        kind = kind_at(MODELS, place)
        if kind is not None:
            name = ".".join(place)
            assert place[-1] in IDS | {"address", "role"} or name in MORE, name


def test_references_are_found_in_maps_and_lists_in_the_order_of_the_file() -> None:
    values = {
        "network": {
            "vpc": {"id": {"stack": "a", "output": "vpcId"}},
            "hosts": {
                "web": {"instance": {"securityGroups": [{"stack": "b", "output": "groups.web"}]}}
            },
        },
        "tags": {"stack": "a", "output": "b"},
        "functions": {"stack": {"role": {"stack": "c/d/e", "output": "role"}}},
    }
    found = references_in(values, MODELS)
    assert [(one.path, one.to.stack) for one in found.all] == [
        (("network", "vpc", "id"), "a"),
        (("network", "hosts", "web", "instance", "securityGroups", 0), "b"),
        (("functions", "stack", "role"), "c/d/e"),
    ]
    assert found.stacks == {"a", "b", "c/d/e"}


def test_a_map_that_says_neither_is_left_to_the_models() -> None:
    found = references_in({"network": {"vpc": {"id": {"vpc": "shared"}}}}, MODELS)
    assert (found.all, found.unreadable) == ([], [])


@pytest.mark.parametrize(
    ("value", "at", "words"),
    [
        ({"stack": "shared"}, "output", "output is required here"),
        ({"output": "vpcId"}, "stack", "stack is required here"),
        ({"stack": "shared", "output": "vpcId", "kind": "x"}, "kind", "this key isn't known here"),
        ({"stack": "a/b", "output": "vpcId"}, "stack", "the form"),
        ({"stack": 3, "output": "vpcId"}, "stack", "text is needed here, not a number"),
    ],
)
def test_a_reference_that_cant_be_read_is_told(value: object, at: str, words: str) -> None:
    found = references_in({"network": {"vpc": {"id": value}}}, MODELS)
    assert found.unreadable == [PLACE]
    (told,) = found.problems
    assert told.path == (*PLACE, at)
    assert words in told.rule


# --- what they come to ---------------------------------------------------------------------------

VALUES: Mapping[str, Any] = {
    "vpcId": "vpc-1",
    "vswitchIds": {"apps": "vsw-1", "a.b": "vsw-2"},
    "x.y": {"z": "vpc-2"},
    "count": 3,
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vpcId", "vpc-1"),
        ("vswitchIds.apps", "vsw-1"),
        ("vswitchIds.a.b", "vsw-2"),
        ("x.y.z", "vpc-2"),
        ("vswitchIds.a", None),
        ("vpcId.apps", None),
        ("", None),
    ],
)
def test_an_output_is_found_by_its_path(name: str, value: str | None) -> None:
    assert output_at(VALUES, name) == value


def test_an_output_takes_the_place_of_the_reference() -> None:
    assert resolved(to("vpcId"), Outputs(VALUES)) == "vpc-1"
    assert resolved(to("vswitchIds.apps", VSWITCH), Outputs(VALUES)) == "vsw-1"


def test_of_a_promise_a_text_does_that_is_the_same_for_the_same_output() -> None:
    promises = Outputs({"vpcId": VPC, "vswitchIds": {"apps": VSWITCH}})
    texts = [resolved(to("vpcId"), promises), resolved(to("vswitchIds.apps", VSWITCH), promises)]
    assert texts == ["${vpcId of shared}", "${vswitchIds.apps of shared}"]
    assert all(isinstance(text, str) and is_unknown(text) for text in texts)
    assert not is_unknown("vpc-1")


def test_an_id_of_another_kind_is_refused_whether_it_is_known_or_promised() -> None:
    known = problem(to("publicIpIds.web"), Outputs({"publicIpIds": {"web": "eip-1"}}))
    assert known.path == (*PLACE, "output")
    assert known.rule == "the id of a VPC is needed here, and publicIpIds.web of shared is eip-1"
    promised = problem(to("publicIpIds.web"), Outputs({"publicIpIds": {"web": EIP}, "vpcId": VPC}))
    assert promised.rule.endswith("publicIpIds.web of shared is the id of an EIP")
    assert promised.remedy == "use an output that is defined: vpcId"


def test_what_is_for_people_is_never_an_id() -> None:
    assert "something else" in problem(to("exposure"), Outputs({"exposure": OTHER})).rule


def test_where_nothing_would_do_the_other_stack_has_to_put_it_out() -> None:
    told = problem(to("vpcId"), Outputs({"publicIps": {"web": ADDRESS}}))
    assert told.remedy == "nothing that shared puts out is the id of a VPC: add it there"


def test_of_a_stack_of_elsewhere_anything_may_be_said() -> None:
    open_ = Outputs(promised=False)
    assert resolved(to("vpc", stack="acme/net/prod"), open_) == "${vpc of acme/net/prod}"


def test_texts_are_filled_into_a_copy() -> None:
    values = {"a": {"b": [{"c": {"stack": "x"}}, 1]}, "d": {}}
    copy = with_values(values, {("a", "b", 0, "c"): "vpc-1"})
    assert copy == {"a": {"b": [{"c": "vpc-1"}, 1]}, "d": {}}
    assert values["a"] == {"b": [{"c": {"stack": "x"}}, 1]}
