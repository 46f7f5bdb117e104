"""`name`: what a thing is called in the cloud, where `<stack>-<key>` isn't it."""

import pytest

from tests.stackfiles import dev_stack, edited, one, problems_of, settings_of
from tests.topologies.unified import unified_stack
from topologies.recorder import record

PLACES = [
    ("network.vswitches.apps", "network-apps", "vswitchName"),
    ("sharedBandwidth.publicIps.ip1", "shared-bandwidth-ip1", "addressName"),
    ("sharedBandwidth.portMappings.web", "port-mappings-web", "forwardEntryName"),
    ("sharedBandwidth.egress.apps", "egress-apps", "snatEntryName"),
]


@pytest.mark.parametrize(("place", "resource", "field"), PLACES)
def test_a_name_is_taken_as_it_is(place: str, resource: str, field: str) -> None:
    def called(text: str) -> dict[str, object]:
        return {r.name: r.inputs.get(field) for r in record(settings_of(text))}

    key = resource.rpartition("-")[2]
    assert called(dev_stack())[resource] == f"dev-{key}"
    for name in ("Old.Door", ""):  # what has none in the cloud may go on without
        assert called(edited(place, name=name))[resource] == name


@pytest.mark.parametrize("place", [place for place, _, _ in PLACES])
def test_a_name_that_the_cloud_refuses_is_told(place: str) -> None:
    where, rule, _ = one(place, name="no spaces")
    assert where == f"{place}.name"
    assert "a letter first" in rule


def test_an_interface_has_a_name_too() -> None:
    text = unified_stack().replace("eni:\n", "eni:\n          name: old-card\n", 1)
    names = {r.inputs.get("networkInterfaceName") for r in record(settings_of(text))}
    assert "old-card" in names


@pytest.mark.parametrize(
    ("place", "exists"),
    [
        ("sharedBandwidth.publicIps.ip1", {"id": "eip-1", "address": "203.0.113.9"}),
        ("network.vswitches.apps", {"id": "vsw-1"}),
    ],
)
def test_what_exists_keeps_its_name(place: str, exists: dict[str, str]) -> None:
    text = edited(place, name="mine", **exists)
    if place.startswith("network"):
        text = text.replace("cidr: 192.168.0.0/16", "cidr: 192.168.0.0/16\n      id: vpc-1", 1)
    (problem,) = problems_of(text)
    assert problem.rule.endswith("that exists keeps its name")
