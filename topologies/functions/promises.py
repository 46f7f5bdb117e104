"""What the section puts out, by name."""

from stack.ids import OTHER, Promises
from stack.settings import StackSettings
from topologies.functions.settings import FunctionsSettings


def functions_promises(settings: StackSettings, section: FunctionsSettings) -> Promises:
    """The outputs that `build` makes."""
    del settings
    return {"functions": dict.fromkeys(section.root, OTHER)}
