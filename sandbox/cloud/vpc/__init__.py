"""Virtual private clouds: networks, their vSwitches, custom routes, and flow logs."""

from sandbox.cloud.vpc.flow_log import FlowLog
from sandbox.cloud.vpc.network import Vpc, VSwitch
from sandbox.cloud.vpc.route_entry import RouteEntry

KINDS = (Vpc(), VSwitch(), RouteEntry(), FlowLog())
