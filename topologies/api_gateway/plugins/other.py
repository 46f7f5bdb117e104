"""A plugin of a kind that has no settings of its own here: its data as the product's pages show it.

Nothing looks into the data, so that the cloud is the first to judge it. basicAuth is no such kind:
its data has passwords, which would stand in the stack file for everybody to read.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, cast

from pydantic import Field

from stack.file.yaml_file import YamlFile
from stack.problems import KeyPath, Problem
from topologies.api_gateway.plugins.base import PluginKind
from topologies.api_gateway.plugins.data import Data

OtherType = Literal["logMask", "remoteAuth", "transformer"]


class OtherSettings(PluginKind):
    """A plugin of another kind, whose data isn't looked at."""

    type: OtherType = Field(examples=["transformer"])
    """The kind: logMask, remoteAuth or transformer."""

    data: str = Field(examples=["request: {append: {headers: {x-door: public}}}"])
    """What it says, in YAML or JSON, as the product's documents show it."""

    def cloud_name(self, key: str) -> str:
        """The kind that it says."""
        del key
        return self.type

    def problems(self, path: KeyPath) -> Iterator[Problem]:
        """Text that is no map."""
        file = self._file()
        if file.problems or not isinstance(file.values, dict):
            why = f": {file.problems[0].rule}" if file.problems else ""
            rule = f"data is a map in YAML or JSON{why}"
            remedy = "write it as the product's documents do, below data: |"
            yield Problem((*path, "data"), self.data, rule, remedy)

    def written(self) -> Data:
        """Its data, as JSON."""
        values = self._file().values
        return cast("Data", values) if isinstance(values, dict) else {}

    def _file(self) -> YamlFile:
        return YamlFile(Path("data"), self.data)
