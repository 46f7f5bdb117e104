"""For each product a small account, and parameters that are right for every one of its actions."""

from collections.abc import Callable, Mapping

from sandbox.api import bss, cbn, cloudapi, cms, ecs, fc, location, quotas, ram, slb, sts, vpc
from sandbox.api.actions import Product
from tests.sandbox.api.world import World
from tests.sandbox.api.world_account import of_bss, of_location, of_quotas, of_ram, of_sts
from tests.sandbox.api.world_cbn import of_cbn
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
    cbn.PRODUCT: of_cbn,
    fc.PRODUCT: of_fc,
    cloudapi.PRODUCT: of_cloudapi,
    ram.PRODUCT: of_ram,
    sts.PRODUCT: of_sts,
    quotas.PRODUCT: of_quotas,
    location.PRODUCT: of_location,
    bss.PRODUCT: of_bss,
    cms.PRODUCT: of_cms,
}
