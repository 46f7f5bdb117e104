"""ECS, version 2014-05-26: servers, network interfaces, security groups, commands."""

from typing import Final

from sandbox.api import vpc
from sandbox.api.actions import Action, Product

__all__ = ["PRODUCT"]

_TABLE: tuple[Action, ...] = ()

PRODUCT: Final = Product(
    "ecs",
    "2014-05-26",
    _TABLE,
    # Networks were its business before they were a product of their own.
    {**vpc.BANDWIDTH_PACKAGES, **{name: (name,) for name in vpc.PRODUCT.actions}},
)
