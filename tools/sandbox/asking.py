"""A stack's simulated account, asked as the cloud is asked, without a network between."""

import time
from collections.abc import Mapping
from typing import Any, Final

from judging.account.reading import Call, RefusedError, Send
from sandbox.api.actions import Call as Answering
from sandbox.api.products import PRODUCTS
from sandbox.api.requests import Said
from sandbox.cloud import CloudError, Store

_PRODUCTS: Final = {product.code.lower(): product for product in PRODUCTS}


def asking(store: Store) -> Send:
    """What sends calls to the account in a store, in its own name."""

    def send(call: Call) -> Mapping[str, Any]:
        product = _PRODUCTS[call.product]
        found = product.at("GET", call.path) if call.path else None
        action, in_path = found or (product.actions[call.action], {})
        said = Said({**call.parameters, **in_path})
        try:
            return action.answer(Answering(store, call.region, said, at=time.time()))
        except CloudError as refusal:
            raise RefusedError(refusal.code, refusal.message) from None

    return send
