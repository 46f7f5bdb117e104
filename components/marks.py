"""What components say about themselves in their outputs, for whoever judges by resources.

Needs neither Pulumi nor the provider.
"""

from collections.abc import Mapping
from typing import Any, Final

SPARE: Final = "sparePublicIps"
"""The output with the keys of addresses that are bound to nothing on purpose. Nothing about an EIP
itself tells that from one that was forgotten."""


def spare_keys(addresses: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The keys of the addresses that are said to be spare."""
    return sorted(key for key, address in addresses.items() if address.get("spare"))
