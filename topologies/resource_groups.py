"""The stack's resource group, on everything that can be in one.

Components take none: which resources can be in a group is for the provider's contract to say. What
a section's `arguments` say goes before it, since they are laid over a resource later.
"""

import pulumi

from facts.contract import TOKENS
from stack.settings import StackSettings

_SNAKE, _CAMEL = "resource_group_id", "resourceGroupId"


def put_into_group(settings: StackSettings) -> None:
    """Put what is registered from now on into the stack's resource group, where it has one."""
    group = settings.common.resource_group
    if group is None:
        return

    def put(
        registered: pulumi.ResourceTransformationArgs,
    ) -> pulumi.ResourceTransformationResult | None:
        contract = TOKENS.get(registered.type_)
        if contract is None or _SNAKE not in contract.inputs:
            return None
        props = {**registered.props, _CAMEL: group}
        return pulumi.ResourceTransformationResult(props, registered.opts)

    pulumi.runtime.register_stack_transformation(put)
