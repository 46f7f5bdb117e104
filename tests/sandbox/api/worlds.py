"""For each product a small account, and parameters that are right for every one of its actions."""

from collections.abc import Callable, Mapping

from sandbox.api import cbn, ecs, fc, slb, vpc
from sandbox.api.actions import Product
from tests.sandbox.api import world_fc
from tests.sandbox.api.api_lab import lab_api
from tests.sandbox.api.world import World
from tests.sandbox.api.world_cbn import of_cbn
from tests.sandbox.api.world_slb import of_slb
from tests.sandbox.api.world_vpc import of_vpc


def _of_ecs() -> World:
    _, api = lab_api()
    return World(api.of(ecs.PRODUCT), {})


WORLDS: Mapping[Product, Callable[[], World]] = {
    vpc.PRODUCT: of_vpc,
    ecs.PRODUCT: _of_ecs,
    slb.PRODUCT: of_slb,
    cbn.PRODUCT: of_cbn,
    fc.PRODUCT: world_fc.world,
}
