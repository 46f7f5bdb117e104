"""BSS, version 2017-12-14: what the provider asks billing for at its start, and nothing else.

By whether the call is understood it tells accounts of the domestic site from others. Nothing here
is paid for in advance there.
"""

from typing import Any, Final

from sandbox.api.actions import ANYTHING, Action, Call, Own, Product

__all__ = ["PRODUCT"]


def _instances(call: Call) -> dict[str, Any]:
    page: dict[str, Any] = {
        "PageNum": call.said.number("PageNum", 1, 10**8),
        "PageSize": call.said.number("PageSize", 20, 300),
        "TotalCount": 0,
        "InstanceList": [],
    }
    return {"Data": page, "Success": True}


_TABLE: tuple[Action, ...] = (
    Own(
        name="QueryAvailableInstances",
        subject=ANYTHING,
        takes=("PageNum", "PageSize", "ProductCode", "ProductType", "SubscriptionType"),
        do=_instances,
    ),
)

PRODUCT: Final = Product("bssopenapi", "2017-12-14", _TABLE)
