"""API Gateway: doors for APIs before servers, VPCs, Kubernetes, functions and other gateways."""

from stack.topology import TopologyParts
from topologies.api_gateway.changes import api_gateway_changes
from topologies.api_gateway.expand import with_documents
from topologies.api_gateway.holdings import api_gateway_holdings, api_gateway_kept
from topologies.api_gateway.promises import api_gateway_promises
from topologies.api_gateway.reach import api_gateway_reach
from topologies.api_gateway.relocate import at_home
from topologies.api_gateway.rules import api_gateway_problems, api_gateway_warnings
from topologies.api_gateway.settings import ApiGatewaySettings

PARTS = TopologyParts(
    model=ApiGatewaySettings,
    problems=api_gateway_problems,
    warnings=api_gateway_warnings,
    reach=api_gateway_reach,
    holdings=api_gateway_holdings,
    changes=api_gateway_changes,
    kept=api_gateway_kept,
    needs_network=False,
    expand=with_documents,
    at_home=at_home,
    ground="topologies.api_gateway.ground",
    promises=api_gateway_promises,
    builder="topologies.api_gateway.build",
)
