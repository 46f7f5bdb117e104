"""From settings to resources and outputs: networks first, then each chosen topology on them.

A topology's `build` module is imported here by name and only where it is chosen: it brings in the
provider's packages for its resources, and those take longer to import than a small stack to plan.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

import pulumi

from stack.settings import StackSettings
from topologies import TOPOLOGIES, reach
from topologies.network import build_networks
from topologies.regions import Regions
from topologies.site import Built, Site

Ground = Callable[[Site, Any], Site]
Build = Callable[[Site, Any], Built]


def build(settings: StackSettings) -> dict[str, pulumi.Input[Any]]:
    """Register everything that the settings ask for; returns the stack's outputs."""
    # Whoever judges the stack by its resources has to know how much they matter.
    outputs: dict[str, pulumi.Input[Any]] = {"tier": settings.common.tier.value}
    regions = Regions(settings.region)
    networks = build_networks(settings, regions, reach(settings))
    outputs.update(networks.outputs())
    site = Site(settings, networks, regions)
    chosen = [topology for topology in TOPOLOGIES if topology.name in settings.sections]
    for topology in chosen:
        if topology.parts.ground:
            ground = cast("Ground", importlib.import_module(topology.parts.ground).ground)
            site = ground(site, settings.sections[topology.name])
    for topology in chosen:
        build_topology = cast("Build", importlib.import_module(topology.parts.builder).build)
        built = build_topology(site, settings.sections[topology.name])
        site = replace(
            site,
            shared=built.shared or site.shared,
            functions={**site.functions, **built.functions},
        )
        _join(outputs, built.outputs)
    return outputs


def _join(outputs: dict[str, pulumi.Input[Any]], more: Mapping[str, Any]) -> None:
    """Add a topology's outputs; maps under one key are joined, since names in them are unique."""
    for key, value in more.items():
        before = outputs.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            outputs[key] = cast("dict[str, Any]", before) | cast("dict[str, Any]", value)
        else:
            outputs[key] = value
