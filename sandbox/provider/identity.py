"""Pulumi's resource ids against the cloud's.

The real provider imports entries by table and entry (`ftb-…:fwd-…`); the cloud knows the entry's
id alone. Everything else has the same id on both sides.
"""

from collections.abc import Mapping

from sandbox.cloud import Resource

__all__ = ["cloud_id", "pulumi_id"]

_TABLE: Mapping[str, str] = {
    "forward_entry": "forward_table_id",
    "snat_entry": "snat_table_id",
}


def pulumi_id(resource: Resource) -> str:
    """`ftb-…:fwd-…` for entries, the cloud's id for the rest."""
    table = _TABLE.get(resource.kind)
    return f"{resource.text(table)}:{resource.id}" if table else resource.id


def cloud_id(kind: str, identity: str) -> str:
    """The cloud's id of a resource that Pulumi knows by `identity`."""
    return identity.rpartition(":")[2] if kind in _TABLE else identity
