"""For each product a small account, and parameters that are right for every one of its actions."""

from collections.abc import Callable, Mapping

from sandbox.api import cloudapi, cms, ecs, fc, slb, vpc
from sandbox.api.actions import Product
from tests.sandbox.api.world import World
from tests.sandbox.api.world_cloudapi import of_cloudapi
from tests.sandbox.api.world_cms import of_cms
from tests.sandbox.api.world_ecs import of_ecs
from tests.sandbox.api.world_fc import of_fc
from tests.sandbox.api.world_slb import of_slb
from tests.sandbox.api.world_vpc import of_vpc

WORLDS: Mapping[Product, Callable[[], World]] = {
    vpc.PRODUCT: of_vpc,
    ecs.PRODUCT: of_ecs,
    slb.PRODUCT: of_slb,
    fc.PRODUCT: of_fc,
    cloudapi.PRODUCT: of_cloudapi,
    cms.PRODUCT: of_cms,
}
