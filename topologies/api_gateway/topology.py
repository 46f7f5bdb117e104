"""API Gateway: doors for APIs before servers, VPCs, Kubernetes, functions and other gateways."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override

from stack.claims import Holdings
from stack.ids import OutputKinds
from stack.problems import Problem
from stack.protection import Kept
from stack.reach import Reach
from stack.settings import StackSettings
from stack.state import StackState
from stack.topology import Expanded, Topology

if TYPE_CHECKING:
    from topologies.api_gateway.settings import ApiGatewaySettings as Section
    from topologies.context import Built, Context


class ApiGateway(Topology["Section"]):
    """Doors for APIs before servers, VPCs, Kubernetes, functions and other gateways."""

    name = "api-gateway"
    section = "apiGateway"
    needs_network = False

    @property
    @override
    def model(self) -> "type[Section]":
        from topologies.api_gateway.settings import ApiGatewaySettings

        return ApiGatewaySettings

    @override
    def expand(self, section: "Section", folder: Path) -> "Expanded[Section]":
        from topologies.api_gateway.expand import with_documents

        return with_documents(section, folder)

    @override
    def problems(self, settings: StackSettings, section: "Section") -> Iterator[Problem]:
        from topologies.api_gateway.rules import api_gateway_problems

        return api_gateway_problems(settings, section)

    @override
    def warnings(self, settings: StackSettings, section: "Section") -> Iterator[Problem]:
        from topologies.api_gateway.rules import api_gateway_warnings

        return api_gateway_warnings(settings, section)

    @override
    def at_home(self, section: "Section", problems: Iterable[Problem]) -> Iterator[Problem]:
        from topologies.api_gateway.expand import at_home

        return at_home(section, problems)

    @override
    def reach(self, settings: StackSettings, section: "Section") -> Reach:
        from topologies.api_gateway.views import api_gateway_reach

        return api_gateway_reach(settings, section)

    @override
    def outputs(self, settings: StackSettings, section: "Section") -> OutputKinds:
        from topologies.api_gateway.views import api_gateway_outputs

        return api_gateway_outputs(settings, section)

    @override
    def claims(self, settings: StackSettings, section: "Section", state: StackState) -> Holdings:
        from topologies.api_gateway.claims import api_gateway_claims

        return api_gateway_claims(settings, section, state)

    @override
    def changes(
        self, settings: StackSettings, section: "Section", state: StackState
    ) -> Iterator[Problem]:
        from topologies.api_gateway.claims import api_gateway_changes

        return api_gateway_changes(settings, section, state)

    @override
    def kept(
        self, settings: StackSettings, section: "Section", state: StackState
    ) -> Iterator[Kept]:
        from topologies.api_gateway.claims import api_gateway_kept

        return api_gateway_kept(settings, section, state)

    @override
    def lay_ground(self, context: "Context", section: "Section") -> "Context":
        from topologies.api_gateway.build import lay_ground

        return lay_ground(context, section)

    @override
    def build(self, context: "Context", section: "Section") -> "Built":
        from topologies.api_gateway.build import build

        return build(context, section)
