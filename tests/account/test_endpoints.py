"""Products are called where the official SDKs call them, in the regions that those know."""

import importlib
from collections.abc import Mapping
from typing import Any

import pytest

from facts.endpoints import endpoint_of, is_in
from facts.zones import REGIONS
from judging.account.reading import VERSIONS
from sandbox.api.actions import Product
from sandbox.api.products import PRODUCTS
from tests.sandbox.api.official import package_of

WITH_SDK = [one for one in PRODUCTS if one.code not in {"bssopenapi", "location"}]
_ALSO: Mapping[str, str] = {
    "ecs-cn-hangzhou.aliyuncs.com": "ecs.cn-hangzhou.aliyuncs.com",
    "slb.aliyuncs.com": "slb.{region}.aliyuncs.com",
    "vpc.aliyuncs.com": "vpc.cn-hangzhou.aliyuncs.com",
}
"""Older names, which the SDK still has, of what has one in each region as well."""


def client(product: Product, region: str) -> Any:
    models = importlib.import_module("alibabacloud_tea_openapi.models")
    config = models.Config(region_id=region, access_key_id="id", access_key_secret="secret")
    return importlib.import_module(f"{package_of(product)}.client").Client(config)


@pytest.mark.parametrize("product", WITH_SDK, ids=lambda one: one.code)
def test_a_product_is_called_where_its_sdk_calls_it(product: Product) -> None:
    for region in REGIONS:
        if is_in(product.code, region):
            place = client(product, region)._endpoint.strip()
            place = _ALSO.get(place, place).format(region=region)
            assert endpoint_of(product.code, region) in {place, "ram.aliyuncs.com"}


@pytest.mark.parametrize("product", [one for one in WITH_SDK if one.code in {"cloudapi", "fc"}])
def test_a_product_that_is_not_everywhere_is_where_its_sdk_knows_it(product: Product) -> None:
    known = client(product, "cn-shanghai")._endpoint_map
    # Where all that is known is one address for what has none of its own, the product isn't; the
    # cloud's own insides are nobody's region.
    own = {region for region, place in known.items() if region in place and "inner" not in region}
    everywhere = own | {*REGIONS}
    assert {one for one in everywhere if is_in(product.code, one)} == own


@pytest.mark.parametrize("product", [*VERSIONS])
def test_what_is_read_is_read_in_the_version_that_is_served_here(product: str) -> None:
    served = {one.code: one.version for one in PRODUCTS}
    assert served[product] == VERSIONS[product]


def test_an_address_that_every_region_shares_is_told_for_none_too() -> None:
    assert endpoint_of("cbn", "") == "cbn.aliyuncs.com"
    assert endpoint_of("bssopenapi", "cn-shanghai") == "business.aliyuncs.com"
