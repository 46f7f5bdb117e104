"""How groups, APIs, apps and plugins are called in the cloud, which has rules of its own here.

Everywhere else a name is `<stack>-<key>`; this product takes letters, digits and underscores only
(API Gateway, CreateApiGroup, CreateApi, CreateApp, CreatePlugin).
"""

from typing import Final

from stack.naming import resource_name

LONGEST_DESCRIPTION: Final = 180  # characters, of groups, apps, APIs and their parameters
_GATEWAY = "gateway"


def gateway_name(stack: str, key: str) -> str:
    """The name in the cloud of the entry `key` of the stack `stack`."""
    return f"{stack}_{key}".replace("-", "_").replace(".", "_")


def instance_name(stack: str, given: str | None) -> str:
    """The name in the cloud of the stack's instance."""
    return given or resource_name(stack, _GATEWAY)


def list_name(stack: str, given: str | None) -> str:
    """The name in the cloud of the instance's access control list."""
    return given or resource_name(stack, _GATEWAY)
