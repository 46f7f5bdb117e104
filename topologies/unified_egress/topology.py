"""Unified egress: servers leave by one address, and each is reached on an EIP of its own."""

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
    from topologies.unified_egress.settings import UnifiedEgressSettings as Section


class UnifiedEgress(Topology["Section"]):
    """Unified egress: servers leave by one address, and each is reached on an EIP of its own."""

    name = "unified-egress"
    section = "unifiedEgress"

    @property
    @override
    def model(self) -> "type[Section]":
        from topologies.unified_egress.settings import UnifiedEgressSettings

        return UnifiedEgressSettings

    @override
    def problems(self, settings: StackSettings, section: "Section") -> Iterator[Problem]:
        from topologies.unified_egress.rules import unified_egress_problems

        return unified_egress_problems(settings, section)

    @override
    def warnings(self, settings: StackSettings, section: "Section") -> Iterator[Problem]:
        from topologies.unified_egress.rules import unified_egress_warnings

        return unified_egress_warnings(settings, section)

    @override
    def reach(self, settings: StackSettings, section: "Section") -> Reach:
        from topologies.unified_egress.views import unified_egress_reach

        return unified_egress_reach(settings, section)

    @override
    def outputs(self, settings: StackSettings, section: "Section") -> OutputKinds:
        from topologies.unified_egress.views import unified_egress_outputs

        return unified_egress_outputs(settings, section)

    @override
    def claims(self, settings: StackSettings, section: "Section", state: StackState) -> Holdings:
        from topologies.unified_egress.claims import unified_egress_claims

        return unified_egress_claims(settings, section, state)

    @override
    def changes(
        self, settings: StackSettings, section: "Section", state: StackState
    ) -> Iterator[Problem]:
        from topologies.unified_egress.claims import unified_egress_changes

        return unified_egress_changes(settings, section, state)

    @override
    def kept(
        self, settings: StackSettings, section: "Section", state: StackState
    ) -> Iterator[Kept]:
        from topologies.unified_egress.claims import unified_egress_kept

        return unified_egress_kept(settings, section, state)

    @override
    def build(self, context: "Context", section: "Section") -> "Built":
        from topologies.unified_egress.build import build

        return build(context, section)
