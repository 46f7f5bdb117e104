"""What the section holds that only one can have: nothing that an update couldn't carry over."""

from stack.claims import Holdings
from stack.held import HeldState
from stack.settings import StackSettings
from topologies.cross_region.settings import CrossRegionSettings


def cross_region_holdings(
    _settings: StackSettings, _section: CrossRegionSettings, _state: HeldState
) -> Holdings:
    """Nothing: a network that another entry attaches is detached first, in the same update."""
    return Holdings()
