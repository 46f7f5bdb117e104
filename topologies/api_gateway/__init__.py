"""API Gateway: doors for APIs before servers, VPCs, Kubernetes, functions and other gateways."""

from typing import Final

SECTION: Final = "apiGateway"
