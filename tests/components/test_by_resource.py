"""How components load the provider: what is used, and the whole service once more is asked for."""

import subprocess
import sys

import pytest

from tests.docs.pages import ROOT


def printed(program: str) -> str:
    """What a program of its own prints: this one has loaded the provider already."""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_a_service_isnt_loaded_for_a_few_of_its_resources() -> None:
    program = "import sys, components; print('pulumi_alicloud.vpc.bgp_group' in sys.modules)"
    assert printed(program) == "False"


@pytest.mark.parametrize("before", ["", "import pulumi_alicloud.vpc; pulumi_alicloud.vpc.Network"])
def test_classes_are_the_providers_own_whoever_comes_first(before: str) -> None:
    program = f"""
{before}
import components
from pulumi_alicloud import vpc
from pulumi_alicloud.vpc.nat_gateway import NatGateway, NatGatewayArgs
print(vpc.NatGateway is NatGateway, vpc.NatGatewayArgs is NatGatewayArgs)
print(components.NatGateway.__init__.__module__)
"""
    assert printed(program) == "True True\ncomponents.nat_gateway"


@pytest.mark.parametrize(
    ("name", "is_there"),
    [("get_networks", True), ("AwaitableGetNetworksResult", True), ("NoSuchThing", False)],
)
def test_whatever_else_a_service_has_is_found_as_ever(name: str, *, is_there: bool) -> None:
    program = f"""
import components
from pulumi_alicloud import vpc
before = vpc.NatGateway
print(callable(getattr(vpc, {name!r}, None)), vpc.NatGateway is before)
print(vpc.outputs.__name__)
"""
    assert printed(program) == f"{is_there} True\npulumi_alicloud.vpc.outputs"
