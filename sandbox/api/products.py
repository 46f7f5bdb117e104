"""Every product that is served here."""

from collections.abc import Mapping
from typing import Final

from sandbox.api import bss, cbn, cloudapi, cms, ecs, fc, location, quotas, ram, slb, sts, vpc
from sandbox.api.actions import Action, Product
from sandbox.api.refusals import missing, refused
from sandbox.api.requests import Request

__all__ = ["PRODUCTS", "action_of", "product_of"]

PRODUCTS: Final = (
    vpc.PRODUCT,
    ecs.PRODUCT,
    slb.PRODUCT,
    cbn.PRODUCT,
    fc.PRODUCT,
    cloudapi.PRODUCT,
    ram.PRODUCT,
    sts.PRODUCT,
    quotas.PRODUCT,
    location.PRODUCT,
    bss.PRODUCT,
    cms.PRODUCT,
)
_BY_VERSION: Final[Mapping[str, Product]] = {product.version: product for product in PRODUCTS}


def product_of(action: Action) -> Product:
    """The product that has an action."""
    return next(one for one in PRODUCTS if one.actions.get(action.name) is action)


def action_of(request: Request) -> tuple[Action, Mapping[str, str]]:
    """The action that a request names, with its product's version; and what its path says.

    Raises:
        CloudError: there is none, or not any more.
    """
    if not request.action and not request.is_of_path:
        raise missing("Action")
    if not request.version:
        raise missing("Version")
    product = _BY_VERSION.get(request.version)
    if product is None:
        served = ", ".join(f"{one.version} ({one.code})" for one in PRODUCTS)
        raise refused("InvalidVersion", f"This local cloud serves {served}.")
    if request.is_of_path:
        if found := product.at(request.method, request.path):
            return found
        raise refused("InvalidAction.NotFound")
    if (action := product.action(request.action)) and not action.route:
        return action, {}
    if today := product.gone.get(request.action):
        raise refused(
            "InvalidAction.NotFound",
            f"{request.action} of {request.version} is gone. Today's actions are "
            f"{' and '.join(today)}, version {vpc.PRODUCT.version}.",
        )
    raise refused("InvalidAction.NotFound")
