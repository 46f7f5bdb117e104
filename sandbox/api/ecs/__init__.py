"""ECS, version 2014-05-26: servers, network interfaces, security groups, commands."""

from typing import Any, Final

from sandbox.api import vpc
from sandbox.api.actions import Action, Call, Own, Product
from sandbox.api.ecs import assistant, eni, instance, places, security
from sandbox.api.tagging import of_type, tag_actions

__all__ = ["PRODUCT"]

_TAGGED: Final = {
    "eni": eni.CARD,
    "instance": instance.INSTANCE,
    "securitygroup": security.GROUP,
}


def _join_group(call: Call) -> dict[str, Any]:
    """Put something into a resource group."""
    said = call.said
    _, subject = of_type(_TAGGED, said)
    changes = {"resource_group_id": said.text("ResourceGroupId")}
    call.store.update(subject.kind, said.text("ResourceId"), changes, region=call.region)
    return {}


_TABLE: tuple[Action, ...] = (
    *security.TABLE,
    *eni.TABLE,
    *instance.TABLE,
    *assistant.TABLE,
    *places.TABLE,
    Own(
        name="JoinResourceGroup",
        subject=instance.INSTANCE,
        needs=("ResourceGroupId", "ResourceId", "ResourceType"),
        do=_join_group,
    ),
    *tag_actions(_TAGGED, sized=False),
)

PRODUCT: Final = Product(
    "ecs",
    "2014-05-26",
    _TABLE,
    # Networks were its business before they were a product of their own.
    {**vpc.BANDWIDTH_PACKAGES, **{name: (name,) for name in vpc.PRODUCT.actions}},
)
