"""The component provider: components for programs in other languages.

The engine starts it, as `__main__.py` does. What it says of itself is kept in `schema.json`, with
the words of the docstrings, which the analyzer of Pulumi's SDK finds of a class's own fields alone.
"""

import json
import sys
from importlib.metadata import version
from importlib.resources import files
from typing import Any, Final

import pulumi
import pulumi.provider
from pulumi.provider.experimental.analyzer import PropertyDefinition, PropertyType
from pulumi.provider.experimental.component import ComponentProvider
from typing_extensions import override

from ._busy_cloud import serve_components

NAME: Final = "alicloud-gateways"
"""The package's name in every language, and the beginning of every component's type."""

DISTRIBUTION: Final = "pulumi-alicloud-gateways"

_PACKAGE: Final = __name__.rpartition(".")[0]


def components() -> list[type[pulumi.ComponentResource]]:
    """Every component that the library makes public."""
    public = vars(sys.modules[_PACKAGE]).values()
    types = (one for one in public if isinstance(one, type))
    return [one for one in types if issubclass(one, pulumi.ComponentResource)]


class LibraryProvider(ComponentProvider):
    """Pulumi's, where whole numbers stay whole: they arrive as 50.0, and SDK 3.272 leaves them."""

    def __init__(self) -> None:
        """Serve every component, and the schema that is kept."""
        super().__init__(components(), NAME, version=version(DISTRIBUTION))
        kept = json.loads((files(_PACKAGE) / "schema.json").read_text(encoding="utf-8"))
        self.schema = json.dumps({**kept, "version": self.version})

    @override
    def map_input_properties(
        self,
        inputs: Any,
        properties: dict[str, PropertyDefinition],
        mapping: dict[str, str],
        component_name: str,
        property_path: str,
    ) -> dict[str, Any]:
        found = super().map_input_properties(
            inputs, properties, mapping, component_name, property_path
        )
        mapped: dict[str, Any] = {**found}
        for key, one in properties.items():
            value = mapped.get(mapping[key])
            if one.type is PropertyType.INTEGER and isinstance(value, float):
                mapped[mapping[key]] = int(value)
        return mapped


def main() -> None:
    """Serve the engine until it is done."""
    serve_components()
    pulumi.provider.main(LibraryProvider(), sys.argv[1:])
