"""What the section holds that only one can have: not compared with the state yet.

An attachment, a link or a service that is renamed without `was` meets the old one in the cloud, and
the run stops there (docs/changes.md says how to go on).
"""

from stack.claims import Holdings
from stack.held import HeldState
from stack.settings import StackSettings
from topologies.cross_region.settings import CrossRegionSettings


def cross_region_holdings(
    _settings: StackSettings, _section: CrossRegionSettings, _state: HeldState
) -> Holdings:
    """Nothing, so that no change is refused beforehand."""
    return Holdings()
