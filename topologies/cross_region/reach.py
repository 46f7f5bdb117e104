"""What the section opens: nothing to the world. Who reaches whom inside is `reachability`'s."""

from stack.outputs import Reach
from stack.settings import StackSettings
from topologies.cross_region.settings import CrossRegionSettings


def cross_region_reach(_settings: StackSettings, _section: CrossRegionSettings) -> Reach:
    """Nothing: a CEN and a VPN have no door to the internet that leads to servers."""
    return Reach()
