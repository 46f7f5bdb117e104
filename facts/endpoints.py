"""Where the cloud's products are called, and in which regions they are.

A product is called by its name in a region, unless a table says otherwise: one address serves every
region, the name is another, or it is in some regions alone.

Source: the official Python SDKs of November 2026 (each client's `_endpoint_map` and
`_endpoint_rule`), which a test compares; for BSS, its page "Service endpoints".
"""

from collections.abc import Mapping
from typing import Final

__all__ = ["endpoint_of", "is_central", "is_in"]

_DOMAIN: Final = "aliyuncs.com"

_CENTRAL: Final[Mapping[str, str]] = {
    "bssopenapi": "business",
    "cbn": "cbn",
    "location": "location",
    "quotas": "quotas",
    "ram": "ram",
}
"""Products that are called at one address, whatever the region."""

_NAMES: Final[Mapping[str, str]] = {"cloudapi": "apigateway", "cms": "metrics", "fc": "fcv3"}
"""Products whose addresses begin with another name than theirs."""

_APART: Final[Mapping[tuple[str, str], str]] = {
    **{
        ("fc", region): f"{region}.fc"
        for region in (
            *("cn-hangzhou-finance", "cn-heyuan-acdr-1", "cn-shanghai-finance-1"),
            "me-central-1",
        )
    },
}
"""What is called otherwise in some regions."""

_FUNCTIONS: Final = (
    *("ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2"),
    *("ap-southeast-3", "ap-southeast-5", "ap-southeast-7"),
    *("cn-beijing", "cn-chengdu", "cn-hangzhou", "cn-hangzhou-finance", "cn-heyuan-acdr-1"),
    *("cn-hongkong", "cn-huhehaote", "cn-qingdao", "cn-shanghai", "cn-shanghai-finance-1"),
    *("cn-shenzhen", "cn-wulanchabu", "cn-zhangjiakou"),
    *("eu-central-1", "eu-west-1", "me-central-1", "us-east-1", "us-west-1"),
)
_GATEWAYS: Final = (
    *("ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3"),
    *("ap-southeast-5", "ap-southeast-6", "ap-southeast-7"),
    *("cn-beijing", "cn-beijing-finance-1", "cn-chengdu", "cn-guangzhou", "cn-hangzhou"),
    *("cn-hangzhou-finance", "cn-heyuan", "cn-hongkong", "cn-huhehaote", "cn-north-2-gov-1"),
    *("cn-qingdao", "cn-shanghai", "cn-shanghai-finance-1", "cn-shenzhen"),
    *("cn-shenzhen-finance-1", "cn-wulanchabu", "cn-zhangjiakou"),
    *("eu-central-1", "eu-west-1", "me-central-1", "me-east-1", "us-east-1", "us-west-1"),
)
_REGIONS: Final[Mapping[str, frozenset[str]]] = {
    "cloudapi": frozenset(_GATEWAYS),
    "fc": frozenset(_FUNCTIONS),
}
"""The regions of products that aren't in each."""


def endpoint_of(product: str, region: str) -> str:
    """The host that a product is called at in a region."""
    if apart := _APART.get((product, region)):
        return f"{apart}.{_DOMAIN}"
    if central := _CENTRAL.get(product):
        return f"{central}.{_DOMAIN}"
    return f"{_NAMES.get(product, product)}.{region}.{_DOMAIN}"


def is_in(product: str, region: str) -> bool:
    """Whether a product is in a region."""
    return product not in _REGIONS or region in _REGIONS[product]


def is_central(product: str) -> bool:
    """Whether a product is one for all regions."""
    return product in _CENTRAL
