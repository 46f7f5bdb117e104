"""Functions: code that runs when it is called, behind API Gateway or on its own."""

from stack.topology import TopologyParts
from topologies.functions.changes import functions_changes
from topologies.functions.expand import with_code
from topologies.functions.holdings import functions_holdings
from topologies.functions.promises import functions_promises
from topologies.functions.reach import functions_reach
from topologies.functions.rules import functions_problems, functions_warnings
from topologies.functions.settings import FunctionsSettings

PARTS = TopologyParts(
    model=FunctionsSettings,
    problems=functions_problems,
    warnings=functions_warnings,
    reach=functions_reach,
    holdings=functions_holdings,
    changes=functions_changes,
    needs_network=False,
    expand=with_code,
    promises=functions_promises,
    builder="topologies.functions.build",
)
