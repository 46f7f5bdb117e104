"""The component provider: components for programs in other languages.

The engine starts it, as `__main__.py` does. What it says of itself is kept in `schema.json`, with
the words of the docstrings, which can't be had of every installed form.
"""

import json
import sys
from importlib.metadata import version
from importlib.resources import files
from typing import Final

import pulumi
import pulumi.provider
from pulumi.provider.experimental.component import ComponentProvider

NAME: Final = "alicloud-gateways"
"""The package's name in every language, and the beginning of every component's type."""

_PACKAGE: Final = __name__.rpartition(".")[0]

DISTRIBUTION: Final = "pulumi-alicloud-gateways"


def components() -> list[type[pulumi.ComponentResource]]:
    """Every component that the library makes public."""
    public = vars(sys.modules[_PACKAGE]).values()
    types = (one for one in public if isinstance(one, type))
    return [one for one in types if issubclass(one, pulumi.ComponentResource)]


def main() -> None:
    """Serve the engine until it is done."""
    provider = ComponentProvider(components(), NAME, version=version(DISTRIBUTION))
    kept = json.loads((files(_PACKAGE) / "schema.json").read_text(encoding="utf-8"))
    provider.schema = json.dumps({**kept, "version": provider.version})
    pulumi.provider.main(provider, sys.argv[1:])
