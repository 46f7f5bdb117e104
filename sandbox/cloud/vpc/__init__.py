"""Virtual private clouds: networks, their vSwitches, and custom routes in their route tables."""

from sandbox.cloud.vpc.network import Vpc, VSwitch
from sandbox.cloud.vpc.route_entry import RouteEntry

KINDS = (Vpc(), VSwitch(), RouteEntry())
