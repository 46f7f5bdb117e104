"""The file that `pulumi import --file` reads: components, and in them resources by their ids."""

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from topologies.recorder import RecordedComponent, RecordedResource


def import_file(
    resources: Iterable[RecordedResource],
    ids: Mapping[tuple[str, str], str],
    components: Iterable[RecordedComponent] = (),
) -> dict[str, Any]:
    """What Pulumi has to know to take resources over under the program's names.

    Args:
        resources: as the program registers them.
        ids: the ids of those that exist, by type and name.
        components: the program's, so that those without such a resource are taken over as well;
            unless given, those that have one.
    """
    mine = [one for one in resources if (one.type, one.name) in ids]
    types = {one.parent: one.parent_type for one in mine if one.parent is not None}
    types |= {one.name: one.type for one in components}
    return {
        "resources": [
            {"type": type_, "name": name, "component": True} for name, type_ in types.items()
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
