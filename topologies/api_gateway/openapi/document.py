"""A Swagger or OpenAPI document: its values, and the line of each, from YAML or JSON.

JSON is read as the YAML that it nearly is, so that both have lines. What other tools write without
a thought, keys like `200:` and dates without quotes, is text here: Pulumi never reads this file.
"""

import re
from pathlib import Path
from typing import Final

from typing_extensions import override

from stack.file.yaml_file import Value, YamlFile
from stack.problems import KeyPath

# Pulumi's own reading of a stack file, and nothing to a document.
_HARMLESS: Final = ("without quotes, Pulumi takes", "a key must be text, and without quotes")
_PAIR = re.compile(
    r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE
)


class Document(YamlFile):
    """The values of a document, what is wrong with its syntax, and where each value stands."""

    largest_mb = 10  # as much as `make fetch-openapi` takes

    def __init__(self, path: Path, text: str) -> None:
        """Parse `text`; what doesn't parse becomes a problem, not an exception."""
        super().__init__(path, _PAIR.sub(_one_character, text) if path.suffix == ".json" else text)

    @classmethod
    @override
    def read(cls, path: Path) -> "Document":
        """Read a document; one that can't be read is a problem too."""
        document = super().read(path)
        if not isinstance(document, Document):  # the base makes what it is called on
            raise TypeError(path)
        return document

    def at(self, path: KeyPath) -> Value:
        """The value at a path, or None."""
        found: Value = self.values
        for part in path:
            if isinstance(found, dict) and isinstance(part, str):
                found = found.get(part)
            elif isinstance(found, list) and isinstance(part, int) and part < len(found):
                found = found[part]
            else:
                return None
        return found

    @override
    def _refuse(self, path: KeyPath, line: int | None, rule: str, remedy: str) -> None:
        if rule.startswith(_HARMLESS):
            return
        if rule.startswith("the file must be valid YAML"):
            kind = "JSON" if self.path.suffix == ".json" else "YAML"
            rule = rule.replace("valid YAML", f"valid {kind}")
            rule = rule.replace("a stack file is one document", "one file holds one document")
        super()._refuse(path, line, rule, remedy)


def _one_character(pair: re.Match[str]) -> str:
    r"""JSON's two escapes for one character outside the basic plane, as YAML's single \U."""
    before, high, low = pair.groups()
    code = 0x10000 + ((int(high, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00)
    return f"{before}\\U{code:08X}"


def table(value: object) -> dict[str, Value]:
    """A value as a map; empty where it is none, which the document's schema has refused."""
    return value if isinstance(value, dict) else {}  # pyright: ignore[reportUnknownVariableType] - plain values


def items(value: object) -> list[Value]:
    """A value as a list; empty where it is none."""
    return value if isinstance(value, list) else []  # pyright: ignore[reportUnknownVariableType] - plain values


def text(value: object) -> str | None:
    """A value as text; None where it is none."""
    return value if isinstance(value, str) else None
