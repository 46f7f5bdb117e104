"""Plans of stack files with servers, for tests of what is made of them."""

from functools import cache
from pathlib import Path

from stack.settings import StackSettings
from tests.stackfiles import Edit, settings_of
from tests.tools.flowcharts import Chart, parsed
from tests.topologies.unified import put
from tools.plan.graphs import plan_mermaid
from tools.plan.plan import Plan
from topologies import reach
from topologies.recorder import PROVIDER_TYPES, record


def planned(settings: StackSettings) -> Plan:
    """As `make_plan` makes it from a file."""
    recorded = record(settings)
    resources = tuple(one for one in recorded if not one.type.startswith(PROVIDER_TYPES))
    file = Path("Pulumi.trial.yaml")
    return Plan(settings.stack, file, settings, reach=reach(settings), resources=resources)


@cache
def chart(text: str, only: str | None = None) -> Chart:
    """The chart for a stack file."""
    settings = settings_of(text)
    return parsed(plan_mermaid(planned(settings), settings, only))


def server(**changes: object) -> Edit:
    """An edit of the server web1."""
    return put("unifiedEgress.servers.web1", **changes)


def on_two_gateways() -> list[Edit]:
    """Edits after which unified egress has a gateway of its own beside the shared one."""
    return [
        put("unifiedEgress", natGateway={"vswitch": "apps", "name": "mine"}),
        put("unifiedEgress.publicIps", out={}),
        put("unifiedEgress", egress={"own": {"vswitch": "apps", "publicIps": ["out"]}}),
    ]
