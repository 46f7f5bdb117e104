"""Pulumi's resource ids against the cloud's.

The real provider imports entries by table and entry (`ftb-…:fwd-…`), APIs by group and API, and
what belongs to a CEN or a transit router by both; the cloud knows the last part alone. A VPC
authorization has its name in front of what it is for. Everything else has the same id on both
sides. Each kind says which it is: `Provider.id_front`.
"""

from sandbox.cloud import KINDS, Resource

__all__ = ["cloud_id", "pulumi_id"]


def pulumi_id(resource: Resource) -> str:
    """`ftb-…:fwd-…` for entries and the like, the cloud's id for the rest."""
    front = KINDS[resource.kind].provider.id_front
    return f"{resource.text(front)}:{resource.id}" if front else resource.id


def cloud_id(kind: str, identity: str) -> str:
    """The cloud's id of a resource that Pulumi knows by `identity`."""
    return identity.partition(":")[2] if KINDS[kind].provider.id_front else identity
