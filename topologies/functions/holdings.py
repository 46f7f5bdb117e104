"""What functions hold that only one can have: nothing that two entries could compete for.

A function's name comes from its key, or is given and then checked to be there once (`rules`).
"""

from stack.claims import Holdings
from stack.settings import StackSettings
from stack.state import StackState
from topologies.functions.settings import FunctionsSettings


def functions_holdings(
    _settings: StackSettings, _section: FunctionsSettings, _state: StackState
) -> Holdings:
    """Nothing."""
    return Holdings()
