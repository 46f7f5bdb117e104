"""What is still in the simulated cloud after everything was destroyed."""

from pathlib import Path

from sandbox.cloud.store import Store


def left_in_cloud(store: Path) -> list[str]:
    """A line for each resource, or none when nothing is there."""
    cloud = Store(store)
    try:
        left = [f"  {resource.kind} {resource.id}" for resource in cloud.everything()]
    finally:
        cloud.close()
    return ["Still in the simulated cloud, and not in the state:", *left] if left else []
