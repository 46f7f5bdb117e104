"""What the gateway adds to a request: constants, and parameters that it knows by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from stack.file.yaml_file import Value
from stack.problems import KeyPath, choose_from
from topologies.api_gateway.api_settings import (
    ConstantSettings,
    Location,
    SystemParameterSettings,
)
from topologies.api_gateway.openapi.document import table, text
from topologies.api_gateway.openapi.extensions import CONSTANTS, SYSTEM, Extensions
from topologies.api_gateway.openapi.findings import Findings

_PLACES: Final = {"header": Location.HEADER, "query": Location.QUERY}


@dataclass(frozen=True)
class Added:
    """Reads both lists."""

    extensions: Extensions
    findings: Findings

    def constants(self, place: KeyPath) -> dict[str, ConstantSettings]:
        """By their names towards the backend."""
        made: dict[str, ConstantSettings] = {}
        for entry, path in self._entries(CONSTANTS, place, ("backendName", "value", "location")):
            name = str(entry["backendName"])
            constant = ConstantSettings.model_validate(
                {
                    "in": _PLACES[str(entry["location"])],
                    "value": str(entry["value"]),
                    "description": text(entry.get("description")),
                }
            )
            if made.setdefault(name, constant) != constant:
                self._refuse_second(path, name, "backendName")
        return made

    def system_parameters(self, place: KeyPath) -> dict[str, SystemParameterSettings]:
        """By the gateway's names for them."""
        made: dict[str, SystemParameterSettings] = {}
        needed = ("systemName", "backendName", "location")
        for entry, path in self._entries(SYSTEM, place, needed):
            name = str(entry["systemName"])
            parameter = SystemParameterSettings.model_validate(
                {
                    "in": _PLACES[str(entry["location"])],
                    "backendName": str(entry["backendName"]),
                }
            )
            if made.setdefault(name, parameter) != parameter:
                self._refuse_second(path, name, "systemName")
        return made

    def _entries(
        self, key: str, place: KeyPath, needed: tuple[str, ...]
    ) -> Iterator[tuple[dict[str, Value], KeyPath]]:
        setting = self.extensions.first(key, place, ())
        if setting is None:
            return
        if not isinstance(setting.value, list):
            rule = f"{key} is a list"
            self.findings.refuse(setting.path, setting.value, rule, "begin each entry with -")
            return
        for index, value in enumerate(setting.value):
            entry, path = table(value), (*setting.path, index)
            if self._is_whole(entry, path, needed):
                yield entry, path

    def _is_whole(self, entry: dict[str, Value], path: KeyPath, needed: tuple[str, ...]) -> bool:
        known = (*needed, "description")
        missing = [key for key in needed if entry.get(key) in ("", None)]
        for key in missing:
            self.findings.refuse(path, None, f"{key} is required here", f"add {key}")
        for key in entry:
            if key not in known:
                rule = "an entry has no such key"
                self.findings.refuse((*path, key), key, rule, choose_from(key, known, "key"))
        place = str(entry.get("location"))
        if "location" not in missing and place not in _PLACES:
            rule = "what the gateway adds stands in header or query"
            remedy = choose_from(place, _PLACES, "place")
            self.findings.refuse((*path, "location"), place, rule, remedy)
            return False
        return not missing

    def _refuse_second(self, path: KeyPath, name: str, key: str) -> None:
        rule = "it is added once, and the list has it already"
        self.findings.refuse((*path, key), name, rule, "remove one of the two")
