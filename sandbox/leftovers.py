"""What is still in the simulated cloud after everything of a stack was destroyed."""

from collections.abc import Set as AbstractSet
from pathlib import Path

from sandbox.cloud import Store
from sandbox.provider.identity import pulumi_id


def left_in_cloud(store: Path, others: AbstractSet[str] = frozenset()) -> list[str]:
    """A line for each resource, or none when nothing is there.

    Args:
        store: the cloud.
        others: Pulumi's ids of what other stacks of the account have.
    """
    cloud = Store(store)
    try:
        left = [
            f"  {resource.kind} {resource.id}"
            for resource in cloud.everything()
            if pulumi_id(resource) not in others
        ]
    finally:
        cloud.close()
    return ["Still in the simulated cloud, and not in the state:", *left] if left else []
