"""What stacks register in which every key has a value of its own: nothing dropped or exchanged."""

from dataclasses import fields
from functools import cache
from typing import cast

import pulumi
import pytest
from pydantic import BaseModel, RootModel
from syrupy.assertion import SnapshotAssertion

from stack.settings import StackSettings
from tests.mocked_cloud import Registered, run
from tests.program.whole_stacks import BASIC, MADE, WHOLE
from tests.registrations import told
from tests.stackfiles import settings_of
from topologies import reach
from topologies.api_gateway import plugins
from topologies.builder import build

EACH = pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)


@cache
def whole(text: str) -> Registered:
    """What the program registers, and what it puts out, as a component's outputs."""
    settings = settings_of(text)

    def program() -> None:
        outputs = pulumi.ComponentResource("test:index:Outputs", "stack")
        outputs.register_outputs(dict(build(settings)))

    return run(program)


@EACH
def test_a_stack_registers_this_and_nothing_else(text: str, snapshot: SnapshotAssertion) -> None:
    assert told(whole(text)) == snapshot


@EACH
def test_the_plan_says_of_a_stack_that_this_is_open_and_nothing_else(
    text: str, snapshot: SnapshotAssertion
) -> None:
    opened = reach(settings_of(text))
    found = [one for field in fields(opened) for one in getattr(opened, field.name)]
    assert "\n".join(map(str, found)) == snapshot


def test_what_arrives_at_a_port_goes_to_the_hosts_port_as_the_plan_says() -> None:
    made, outputs = whole(MADE), whole(MADE).outputs["stack"]
    shown = {way.mapping: way.document for way in reach(settings_of(MADE)).exposure}
    put_out = {one["mapping"]: one for one in outputs["exposure"]}
    for name, (ip, protocol, port, host_ip, host_port) in WAYS_IN.items():
        address = outputs["publicIps"][ip]
        entry = made[f"port-mappings-{name}"].inputs
        assert entry["externalIp"] == put_out[name]["address"] == address, name
        assert (
            entry["ipProtocol"],
            entry["externalPort"],
            entry["internalIp"],
            entry["internalPort"],
        ) == (protocol, port, host_ip, host_port), name
        for told_of in (shown[name], put_out[name]):
            keys = ("publicIp", "protocol", "port", "hostIp", "hostPort")
            assert tuple(told_of[key] for key in keys) == (ip, protocol, port, host_ip, host_port)
    assert shown.keys() == put_out.keys() == WAYS_IN.keys()


WAYS_IN = {
    "all": ("whole", "any", "any", "10.1.1.10", "any"),
    "web": ("front", "tcp", "80", "10.1.1.10", "8080"),
    "voice": ("front", "udp", "9000/9002", "10.1.1.11", "7000/7002"),
    "same": ("front", "udp", "1024", "10.1.1.11", "1024"),
    "high": ("front", "tcp", "1025", "10.1.2.10", "1025"),
}


def test_a_source_leaves_by_all_of_its_addresses_and_no_other() -> None:
    made, addresses = whole(MADE), whole(MADE).outputs["stack"]["publicIps"]
    for entry, ips in {
        "egress-two": ["out-1", "out-2"],
        "egress-some": ["out-2"],
        "egress-more": ["out-1"],
        "unified-egress-office": ["away-1", "away-2"],
        "unified-egress-shop": ["away-1"],
        "unified-egress-rest": ["away-2"],
    }.items():
        assert made[entry].inputs["snatIp"].split(",") == [addresses[ip] for ip in ips], entry


def test_the_gateway_may_call_the_port_that_is_named_in_the_network_where_it_is() -> None:
    for name, expected in {
        "host": ("host-made-instance-id", 81, "network-vpc-id"),
        "balanced": ("balancer-lb-load-balancer-id", 82, "network-vpc-id"),
        "balanced-back": ("balancer-back-load-balancer-id", 87, "networks-back-vpc-id"),
        "other-host": ("i-behind", 83, "networks-back-vpc-id"),
        "address": ("10.3.1.99", 84, "networks-back-vpc-id"),
        "elsewhere": ("i-elsewhere", 85, "vpc-elsewhere"),
        "own": ("i-own", 86, "network-vpc-id"),
    }.items():
        access = whole(MADE)[f"vpc-access-{name}-access"].inputs
        assert tuple(access[key] for key in ("instanceId", "port", "vpcId")) == expected, name


def test_names_and_descriptions_of_the_stack_file_are_those_in_the_cloud() -> None:
    made = whole(MADE)
    for name, expected in {
        "gateway-nat": {"natGatewayName": "the-gateway", "description": "The first one"},
        "unified-gateway-nat": {"natGatewayName": "the-second", "description": "The second one"},
        "shared-bandwidth-package": {
            "bandwidthPackageName": "the-package",
            "description": "One for all",
        },
        "shared-bandwidth-front": {
            "addressName": "the-front",
            "description": "Where the shop is",
        },
        "port-mappings-web": {"forwardEntryName": "the-web"},
        "port-mappings-voice": {"forwardEntryName": "dev-voice"},
        "egress-two": {"snatEntryName": "the-way-out"},
        "egress-some": {"snatEntryName": "dev-some"},
    }.items():
        assert {key: made[name].inputs.get(key) for key in expected} == expected


def test_only_a_development_stack_deletes_what_others_have_put_on_its_gateway() -> None:
    for text, forced in ((MADE, True), (BASIC, False)):
        assert whole(text)["gateway-nat"].inputs.get("force", False) is forced
        assert ("force" in whole(text)["shared-bandwidth-package"].inputs) is forced


def test_every_key_of_a_stack_file_is_said_in_one_of_them() -> None:
    said: dict[type[BaseModel], set[str]] = {}
    for text in WHOLE.values():
        _said(settings_of(text), said)
    # Which resource `arguments` reach is said of each section by tests of their own.
    unsaid = {
        model.__name__: {*model.model_fields} - keys - {"arguments"} for model, keys in said.items()
    }
    assert {name: keys for name, keys in unsaid.items() if keys} == UNSAID


# Has tests of its own. So have the kinds of plugins, which `_said` passes by.
UNSAID = {
    "CommonSettings": {"quotas"},
    "SampleSettings": {"app", "app_id", "query", "claims", "headers", "form"},
    "WhoSettings": {"app_ids", "older_than", "users"},
    "AddressSettings": {"bandwidth"},
    "ApiGatewaySettings": {"openapi"},
}


def _said(value: object, said: dict[type[BaseModel], set[str]]) -> None:
    """Which keys each model is given."""
    match value:
        case StackSettings():
            _said([value.common, *value.sections.values()], said)
        case RootModel():
            _said(cast("RootModel[object]", value).root, said)
        case BaseModel() if type(value).__module__.startswith(plugins.__name__):
            pass
        case BaseModel():
            said.setdefault(type(value), set()).update(value.model_fields_set)
            _said([getattr(value, name) for name in value.model_fields_set], said)
        case list():
            for one in cast("list[object]", value):
                _said(one, said)
        case dict():
            _said([*cast("dict[str, object]", value).values()], said)
        case _:
            pass
