"""The file that `pulumi import --file` reads: components, and in them resources by their ids."""

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from tools.recorder import RecordedResource


def import_file(
    resources: Iterable[RecordedResource], ids: Mapping[tuple[str, str], str]
) -> dict[str, Any]:
    """What Pulumi has to know to take resources over under the program's names.

    Args:
        resources: as the program registers them.
        ids: the ids of those that exist, by type and name.
    """
    mine = [one for one in resources if (one.type, one.name) in ids]
    components = {one.parent: one.parent_type for one in mine if one.parent is not None}
    return {
        "resources": [
            {"type": type_, "name": name, "component": True} for name, type_ in components.items()
        ]
        + [
            {
                "type": one.type,
                "name": one.name,
                "id": ids[one.type, one.name],
                **({"parent": one.parent} if one.parent is not None else {}),
                "version": version("pulumi-alicloud"),
            }
            for one in mine
        ]
    }
