"""What functions open: nothing by themselves. Who calls them is said by the APIs before them."""

from stack.outputs import Reach
from stack.settings import StackSettings
from topologies.functions.settings import FunctionsSettings


def functions_reach(_settings: StackSettings, _section: FunctionsSettings) -> Reach:
    """Nothing: a function has no trigger here."""
    return Reach()
