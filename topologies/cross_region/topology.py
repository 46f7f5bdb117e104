"""Networks that reach each other: between regions, and with data centres."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from typing_extensions import override

from stack.claims import Holdings
from stack.ids import OutputKinds
from stack.problems import Problem
from stack.protection import Kept
from stack.reach import Reach
from stack.settings import StackSettings
from stack.state import StackState
from stack.topology import Topology

if TYPE_CHECKING:
    from topologies.context import Built, Context
    from topologies.cross_region.settings import CrossRegionSettings as Section


class CrossRegion(Topology["Section"]):
    """Networks that reach each other: between regions, and with data centres."""

    name = "cross-region"
    section = "crossRegion"
    needs_network = False

    @property
    @override
    def model(self) -> "type[Section]":
        from topologies.cross_region.settings import CrossRegionSettings

        return CrossRegionSettings

    @override
    def problems(self, settings: StackSettings, section: "Section") -> Iterator[Problem]:
        from topologies.cross_region.rules import cross_region_problems

        return cross_region_problems(settings, section)

    @override
    def warnings(self, settings: StackSettings, section: "Section") -> Iterator[Problem]:
        from topologies.cross_region.rules import cross_region_warnings

        return cross_region_warnings(settings, section)

    @override
    def reach(self, settings: StackSettings, section: "Section") -> Reach:
        from topologies.cross_region.views import cross_region_reach

        return cross_region_reach(settings, section)

    @override
    def outputs(self, settings: StackSettings, section: "Section") -> OutputKinds:
        from topologies.cross_region.views import cross_region_outputs

        return cross_region_outputs(settings, section)

    @override
    def claims(self, settings: StackSettings, section: "Section", state: StackState) -> Holdings:
        from topologies.cross_region.claims import cross_region_claims

        return cross_region_claims(settings, section, state)

    @override
    def changes(
        self, settings: StackSettings, section: "Section", state: StackState
    ) -> Iterator[Problem]:
        from topologies.cross_region.claims import cross_region_changes

        return cross_region_changes(settings, section, state)

    @override
    def kept(
        self, settings: StackSettings, section: "Section", state: StackState
    ) -> Iterator[Kept]:
        from topologies.cross_region.claims import cross_region_kept

        return cross_region_kept(settings, section, state)

    @override
    def build(self, context: "Context", section: "Section") -> "Built":
        from topologies.cross_region.build import build

        return build(context, section)
