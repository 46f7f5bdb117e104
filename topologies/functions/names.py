"""How functions, and the roles by which the gateway invokes them, are called in the cloud.

Source: Function Compute 3.0, "CreateFunction"; Resource Access Management, "CreateRole".
"""

import re
from typing import Final

from stack.naming import resource_name
from topologies.functions.settings import FunctionSettings

LONGEST: Final = 64  # of functions here (the service takes twice as much), and of RAM roles
_NAME = re.compile(rf"[A-Za-z_][A-Za-z0-9_-]{{0,{LONGEST - 1}}}")
_INVOKER = "-invoker"


def function_name(stack: str, key: str, function: FunctionSettings) -> str:
    """The function's name in the cloud, which knows no dots there."""
    if function.name is not None:
        return function.name
    return resource_name(stack, key).replace(".", "-")


def is_function_name(name: str) -> bool:
    """Whether a function can have this name."""
    return _NAME.fullmatch(name) is not None


def invoker_name(function: str) -> str:
    """The name of the role by which the gateway invokes a function; RAM knows no underscores."""
    return function.replace("_", "-").strip("-") + _INVOKER
