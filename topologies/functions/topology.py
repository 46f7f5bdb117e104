"""Functions: code that runs when it is called, behind API Gateway or on its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override

from stack.claims import Holdings
from stack.ids import OTHER, OutputKinds
from stack.problems import Problem
from stack.settings import StackSettings
from stack.state import StackState
from stack.topology import Expanded, Topology

if TYPE_CHECKING:
    from topologies.context import Built, Context
    from topologies.functions.settings import FunctionsSettings as Section


class FunctionsTopology(Topology["Section"]):
    """Functions: code that runs when it is called, behind API Gateway or on its own."""

    name = "functions"
    section = "functions"
    needs_network = False

    @property
    @override
    def model(self) -> "type[Section]":
        from topologies.functions.settings import FunctionsSettings

        return FunctionsSettings

    @override
    def expand(self, section: "Section", folder: Path) -> "Expanded[Section]":
        from topologies.functions.expand import with_code

        return with_code(section, folder)

    @override
    def problems(self, settings: StackSettings, section: "Section") -> Iterator[Problem]:
        from topologies.functions.rules import functions_problems

        return functions_problems(settings, section)

    @override
    def warnings(self, settings: StackSettings, section: "Section") -> Iterator[Problem]:
        from topologies.functions.rules import functions_warnings

        return functions_warnings(settings, section)

    @override
    def outputs(self, settings: StackSettings, section: "Section") -> OutputKinds:
        del settings
        return {"functions": dict.fromkeys(section.root, OTHER)}

    @override
    def claims(self, settings: StackSettings, section: "Section", state: StackState) -> Holdings:
        from topologies.functions.claims import functions_claims

        return functions_claims(settings, section, state)

    @override
    def changes(
        self, settings: StackSettings, section: "Section", state: StackState
    ) -> Iterator[Problem]:
        from topologies.functions.claims import functions_changes

        return functions_changes(settings, section, state)

    @override
    def build(self, context: "Context", section: "Section") -> "Built":
        from topologies.functions.build import build

        return build(context, section)
