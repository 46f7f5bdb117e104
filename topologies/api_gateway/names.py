"""How groups, APIs, apps and plugins are called in the cloud, which has rules of its own here.

Everywhere else a name is `<stack>-<key>`; this product takes letters, digits and underscores only
(API Gateway, CreateApiGroup, CreateApi, CreateApp, CreatePlugin).
"""


def gateway_name(stack: str, key: str) -> str:
    """The name in the cloud of the entry `key` of the stack `stack`."""
    return f"{stack}_{key}".replace("-", "_").replace(".", "_")
