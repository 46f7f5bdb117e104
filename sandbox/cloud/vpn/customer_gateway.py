"""Customer gateways: the data centre's device, as far as the cloud knows it (its address)."""

import ipaddress
from collections.abc import Mapping
from typing import Any, ClassVar

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Kind, Making, Resource, Session
from sandbox.cloud.core.name_checks import check_description, check_name

__all__ = ["CustomerGateway", "customers_of"]

_ASNS = range(1, 2**32)


class CustomerGateway(Kind):
    name = "vpn_customer_gateway"
    prefix = "cgw-"
    not_found = "InvalidCustomerGatewayInstanceId.NotFound"
    twins: ClassVar = {"customer_gateway_name": "name"}
    texts: ClassVar = {"customer_gateway_name": check_name, "description": check_description}

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        # The codes of these two are ours.
        try:
            ipaddress.IPv4Address(str(wanted.get("ip_address")))
        except ValueError:
            raise CloudError(
                "InvalidIpAddress", f"{wanted.get('ip_address')!r} is no IPv4 address."
            ) from None
        asn = wanted.get("asn")
        if asn and (not str(asn).isdigit() or int(asn) not in _ASNS):
            raise CloudError("InvalidAsn", f"{asn!r} is no autonomous system: 1 to 4294967295.")
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "create_time": int(making.now * 1000),
            "customer_gateway_name": making.id,
            **wanted,
        }

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        for connection in session.find("vpn_connection"):
            if resource.id in customers_of(connection.attributes):
                raise CloudError(  # The code is ours.
                    "DependencyViolation.VpnConnection",
                    f"{resource.id} is the other end of {connection.id}.",
                )


def customers_of(connection: Mapping[str, Any]) -> list[str]:
    """The customer gateways of a connection, one for each of its tunnels."""
    tunnels = connection.get("tunnel_options_specification") or [connection]
    return [str(one["customer_gateway_id"]) for one in tunnels if one.get("customer_gateway_id")]
