"""Marks that components leave on resources, for whoever reads the cloud or a preview.

Needs neither Pulumi nor the provider.
"""

from typing import Final

SPARE_TAG: Final = "spare"
"""The tag, `true`, of an address that is kept for later and bound to nothing on purpose. Nothing
else about an EIP tells that from one that was forgotten."""
