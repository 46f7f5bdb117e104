"""From settings to resources and outputs: the network first, then each chosen topology on it.

A topology's `build` module is imported here by name and only where it is chosen: it brings in the
provider's packages for its resources, and those take longer to import than a small stack to plan.
"""

import importlib
from collections.abc import Callable, Mapping
from typing import Any, cast

import pulumi

from stack.settings import StackSettings
from topologies import TOPOLOGIES, reach
from topologies.network import BuiltNetwork, build_network

Build = Callable[[StackSettings, Any, BuiltNetwork], Mapping[str, pulumi.Input[Any]]]


def build(settings: StackSettings) -> dict[str, pulumi.Input[Any]]:
    """Register everything that the settings ask for; returns the stack's outputs."""
    network = build_network(settings, reach(settings).exposure)
    outputs: dict[str, pulumi.Input[Any]] = {"vpcId": network.vpc_id}
    for topology in TOPOLOGIES:
        if topology.name in settings.sections:
            build_topology = cast("Build", importlib.import_module(topology.builder).build)
            outputs.update(build_topology(settings, settings.sections[topology.name], network))
    return outputs
