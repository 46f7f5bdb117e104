"""What a stack's settings promise as outputs is what the program puts out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from stack.ids import OTHER, IdKind
from stack.stack_file import outputs_of_settings
from tests.example_stacks import STACK_FILES, built, name_of
from tests.mocked_cloud import value_of
from topologies import TOPOLOGIES

EACH = pytest.mark.parametrize("file", STACK_FILES, ids=name_of)
Tree = Mapping[str, Any]


def _names(values: Tree, promised: Tree) -> dict[str, Any]:
    """The outputs as deep as the promise goes."""
    return {
        name: _names(cast("Tree", value), cast("Tree", promised[name]))
        if isinstance(value, Mapping) and isinstance(promised.get(name), Mapping)
        else None
        for name, value in values.items()
    }


def _without_kinds(promised: Tree) -> dict[str, Any]:
    return {
        name: _without_kinds(cast("Tree", value)) if isinstance(value, Mapping) else None
        for name, value in promised.items()
    }


@EACH
def test_a_stack_puts_out_what_its_settings_promise(file: Path) -> None:
    stack = built(file)
    promised = outputs_of_settings(stack.settings, TOPOLOGIES)
    assert _names(stack.outputs, promised) == _without_kinds(promised)


@EACH
def test_each_id_is_of_the_kind_that_is_promised(file: Path) -> None:
    """Under mocks an id is its resource's name: each kind's come from resources of one type."""
    stack = built(file)
    types = {f"{one.name}-id": one.kind for one in stack.registered.resources}
    for name, kind in _leaves(outputs_of_settings(stack.settings, TOPOLOGIES)):
        if kind is OTHER:
            continue
        value: Any = stack.outputs
        for part in name:
            value = value[part]
        text = value if isinstance(value, str) else value_of(value)
        assert isinstance(text, str), name
        if text in types:
            assert types[text] == TYPES[kind.what], name


TYPES = {
    "the id of a VPC": "Network",
    "the id of a vSwitch": "Switch",
    "the id of an ECS instance": "Instance",
    "the id of a security group": "SecurityGroup",
    "the id of a NAT gateway": "NatGateway",
    "the id of a bandwidth package": "CommonBandwithPackage",
    "the id of an EIP": "EipAddress",
    "the id of a CEN": "Instance",
    "the id of a CEN's bandwidth package": "BandwidthPackage",
    "the id of a transit router": "TransitRouter",
    "the id of a VPN gateway": "Gateway",
    "the id of a load balancer": "ApplicationLoadBalancer",
    "the id of an API Gateway instance": "Instance",
}


def _leaves(promised: Mapping[str, Any], path: tuple[str, ...] = ()) -> Any:
    for name, value in promised.items():
        if isinstance(value, IdKind):
            yield (*path, name), value
        else:
            yield from _leaves(value, (*path, name))
