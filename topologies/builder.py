"""From settings to resources and outputs: networks first, then each chosen topology on them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import pulumi

from stack.settings import StackSettings
from topologies import chosen, reach
from topologies.arguments import laid_over
from topologies.context import Built, Context
from topologies.network import build_networks
from topologies.regions import Regions
from topologies.resource_groups import put_into_group
from topologies.watching import build_alarms, build_flow_logs


def build(settings: StackSettings) -> dict[str, pulumi.Input[Any]]:
    """Register everything that the settings ask for; returns the stack's outputs."""
    put_into_group(settings)
    with laid_over(settings):
        return _build(settings)


def _build(settings: StackSettings) -> dict[str, pulumi.Input[Any]]:
    # Whoever judges the stack by its resources has to know how much they matter.
    outputs: dict[str, pulumi.Input[Any]] = {"tier": settings.common.tier.value}
    regions = Regions(settings.region)
    networks = build_networks(settings, regions, reach(settings))
    outputs.update(networks.outputs())
    context = Context(settings, networks, regions)
    for topology, section in chosen(settings):
        context = topology.lay_ground(context, section)
    for topology, section in chosen(settings):
        built: Built = topology.build(context, section)
        context = replace(
            context,
            shared=built.shared or context.shared,
            functions={**context.functions, **built.functions},
        )
        _join(outputs, built.outputs)
    build_alarms(settings, outputs)
    build_flow_logs(settings, networks, regions)
    return outputs


def _join(outputs: dict[str, pulumi.Input[Any]], more: Mapping[str, Any]) -> None:
    """Add a topology's outputs; maps under one key are joined, since names in them are unique."""
    for key, value in more.items():
        before = outputs.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            outputs[key] = cast("dict[str, Any]", before) | cast("dict[str, Any]", value)
        else:
            outputs[key] = value
