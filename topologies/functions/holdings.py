"""What functions hold that only one can have: nothing that two entries could compete for.

A function's name comes from its key, or is given and then checked to be there once (`rules`).
"""

from stack.claims import Holdings
from stack.held import HeldState
from stack.settings import StackSettings
from topologies.functions.settings import FunctionsSettings


def functions_holdings(
    _settings: StackSettings, _section: FunctionsSettings, _state: HeldState
) -> Holdings:
    """Nothing."""
    return Holdings()
