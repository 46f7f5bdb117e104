"""Quotas, version 2020-05-10: how many of each thing the account may have, and has.

Which there are is the sandbox's own: `sandbox.cloud.core.quotas`. They are called as they are
published (`facts.quotas`), and where nothing is, as here.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from facts.quotas import PUBLISHED, PublishedQuota
from sandbox.api.actions import ANYTHING, Action, Call, Own, Product
from sandbox.api.requests import Said
from sandbox.cloud import ACCOUNT_ID, KINDS, CloudError
from sandbox.cloud.core import Session
from sandbox.cloud.core.quotas import OF_PRODUCTS

__all__ = ["PRODUCT"]

_NAMES: Final[Mapping[str, str]] = {
    "vpc": "Virtual Private Cloud",
    "nat": "NAT Gateway",
    "eip": "Elastic IP Address",
    "ecs": "Elastic Compute Service",
    "apigateway": "API Gateway",
    "cbn": "Cloud Enterprise Network",
    "ram": "Resource Access Management",
}
_LONGEST_PAGE: Final = 200


def _part(said: Said, rows: list[Any]) -> tuple[list[Any], dict[str, Any]]:
    """The part of a list that a token and a number of results ask for, and what is told of it."""
    part = said.part("MaxResults", 30, _LONGEST_PAGE)
    told, more = part.of(rows)
    return told, {"MaxResults": part.size, "TotalCount": len(rows), **more}


def _products(call: Call) -> dict[str, Any]:
    rows = [
        {
            "CommonQuotaSupport": "support",
            "Dynamic": False,
            "ProductCode": code,
            "ProductName": _NAMES[code],
            "ProductNameEn": _NAMES[code],
        }
        for code in OF_PRODUCTS
    ]
    part, told = _part(call.said, rows)
    return {"ProductInfo": part, **told}


def _quotas(call: Call) -> dict[str, Any]:
    said = call.said
    wanted, word = said.text("QuotaActionCode"), said.text("KeyWord").lower()
    rows = [
        one
        for one in _rows(call)
        if wanted in {"", one["QuotaActionCode"]} and word in one["QuotaName"].lower()
    ]
    part, told = _part(said, rows)
    return {"Quotas": part, **told}


def _quota(call: Call) -> dict[str, Any]:
    wanted = call.said.text("QuotaActionCode")
    for one in _rows(call):
        if one["QuotaActionCode"] == wanted:
            return {"Quota": one}
    raise CloudError(  # The code is ours.
        "QuotaNotFound", f"{call.said.text('ProductCode')} has no quota {wanted!r} here."
    )


def _rows(call: Call) -> list[dict[str, Any]]:
    """The quotas of the product that a call names, in the region that it asks about."""
    product = call.said.text("ProductCode")
    if product not in OF_PRODUCTS:
        raise CloudError(  # The code is ours.
            "ProductNotFound", f"{product!r} isn't one of {', '.join(OF_PRODUCTS)}."
        )
    said = {one.get("Key"): one.get("Value") for one in call.said.listed("Dimensions")}
    region = said.get("regionId") or call.region
    return call.store.view(lambda it: [*_told(it, product, region)], region=region)


def _told(session: Session, product: str, region: str) -> Iterator[dict[str, Any]]:
    for name in OF_PRODUCTS[product]:
        used = _used(session, name)
        published = PUBLISHED.get(name, PublishedQuota(product, "", ""))
        called = published.name.format(region=region) or name.replace("_", " ")
        identity = published.id or name
        yield {
            "Adjustable": True,
            "Consumable": used is not None,
            "Dimensions": {"regionId": region},
            "ProductCode": product,
            "QuotaActionCode": identity,
            "QuotaArn": f"acs:quotas:{region}:{ACCOUNT_ID}:quota/{product}/{identity}",
            "QuotaCategory": "CommonQuota",
            "QuotaDescription": name.replace("_", " "),
            "QuotaName": called,
            "QuotaUnit": "AMOUNT",
            "TotalQuota": float(session.quota(name)),
            **({} if used is None else {"TotalUsage": float(used)}),
        }


def _used(session: Session, name: str) -> int | None:
    """How much of a quota is used: of one that each thing has, where the most is.

    None where no kind says by itself what counts.
    """
    for kind in KINDS.values():
        for quota in kind.quotas:
            if quota.name == name and not quota.per:
                return session.count(kind.name)
            if quota.name == name:
                counts = Counter(one.text(quota.per) for one in session.find(kind.name))
                return max(counts.values(), default=0)
    return None


_PAGED: Final = ("MaxResults", "NextToken")
_TABLE: tuple[Action, ...] = (
    Own(name="ListProducts", subject=ANYTHING, takes=_PAGED, do=_products),
    Own(
        name="ListProductQuotas",
        subject=ANYTHING,
        needs=("ProductCode",),
        takes=("Dimensions", "KeyWord", "QuotaActionCode", *_PAGED),
        do=_quotas,
    ),
    Own(
        name="GetProductQuota",
        subject=ANYTHING,
        needs=("ProductCode", "QuotaActionCode"),
        takes=("Dimensions",),
        do=_quota,
    ),
)

PRODUCT: Final = Product("quotas", "2020-05-10", _TABLE)
