"""What a stack's settings promise as outputs is what the program puts out."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, cast

import pytest

from stack.ids import OTHER, IdKind, is_unknown
from stack.stack_file import outputs_of_settings
from tests.example_stacks import STACK_FILES, Built, built, built_of, name_of
from tests.mocked_cloud import value_of
from tests.program.whole_stacks import WHOLE
from tests.stackfiles import settings_of
from topologies import TOPOLOGIES


@cache
def _whole(text: str) -> Built:
    return built_of(settings_of(text))


STACKS: Mapping[str, Callable[[], Built]] = {
    **{name_of(file): partial(built, file) for file in STACK_FILES},
    **{name: partial(_whole, text) for name, text in WHOLE.items()},
}
EACH = pytest.mark.parametrize("stack", STACKS.values(), ids=STACKS)
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
def test_a_stack_puts_out_what_its_settings_promise(stack: Callable[[], Built]) -> None:
    made = stack()
    promised = outputs_of_settings(made.settings, TOPOLOGIES)
    assert _names(made.outputs, promised) == _without_kinds(promised)


@EACH
def test_each_id_is_of_the_kind_that_is_promised(stack: Callable[[], Built]) -> None:
    """Under mocks most ids are their resource's name: each kind's come from resources of a type."""
    made = stack()
    types = {f"{one.name}-id": one.kind for one in made.registered.resources}
    for name, kind in _leaves(outputs_of_settings(made.settings, TOPOLOGIES)):
        if kind is OTHER:
            continue
        value: Any = made.outputs
        for part in name:
            value = value[part]
        text = value if isinstance(value, str) else value_of(value)
        assert isinstance(text, str), name
        if not is_unknown(text):
            assert types[text] == TYPES[kind.what] if text in types else kind.fits(text), name


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
