"""Location, version 2015-06-12: where each product is called. Here it is this very server."""

from typing import Any, Final

from sandbox.api.actions import ANYTHING, Action, Call, Own, Product

__all__ = ["PRODUCT"]


def _endpoints(call: Call) -> dict[str, Any]:
    said = call.said
    service = said.text("ServiceCode")
    endpoint = {
        "Endpoint": call.host,
        "Id": said.text("Id"),
        "Namespace": "",
        "Protocols": {"Protocols": ["HTTP", "HTTPS"]},
        "SerivceCode": service,  # The cloud's own spelling.
        "ServiceCode": service,
        "Type": said.text("Type") or "openAPI",
    }
    return {"Endpoints": {"Endpoint": [endpoint]}, "Success": True}


_TABLE: tuple[Action, ...] = (
    Own(
        name="DescribeEndpoints",
        subject=ANYTHING,
        needs=("Id", "ServiceCode"),
        takes=("Namespace", "Type"),
        do=_endpoints,
        of=lambda _: (),
    ),
)

PRODUCT: Final = Product("location", "2015-06-12", _TABLE)
