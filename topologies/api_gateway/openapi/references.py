"""Following `$ref` inside a document; other files aren't read.

A value that was found by reference is reported where it is written, so every step keeps its path.
"""

from dataclasses import dataclass
from urllib.parse import unquote

from stack.file.yaml_file import Value
from stack.problems import KeyPath, choose_from
from topologies.api_gateway.openapi.document import Document, table, text
from topologies.api_gateway.openapi.findings import Findings

_REF = "$ref"


@dataclass(frozen=True)
class Found:
    """A map of the document and where it is written."""

    value: dict[str, Value]
    path: KeyPath

    def child(self, key: str) -> "Found":
        """The map below `key`; empty where there is none."""
        return Found(table(self.value.get(key)), (*self.path, key))


@dataclass(frozen=True)
class References:
    """Resolves references of one document."""

    document: Document
    findings: Findings

    def follow(self, value: Value, path: KeyPath) -> Found | None:
        """The map at `path`, or the one that it refers to; None for a reference to nothing."""
        found = Found(table(value), path)
        seen: set[KeyPath] = set()
        while (reference := text(found.value.get(_REF))) is not None:
            target = self._target(reference, (*found.path, _REF))
            if target is None:
                return None
            if target in seen:
                rule = "a reference must lead to something, and this one leads back to itself"
                self.findings.refuse((*path, _REF), reference, rule, "write out what is meant")
                return None
            seen.add(target)
            found = Found(table(self.document.at(target)), target)
        return found

    def _target(self, reference: str, path: KeyPath) -> KeyPath | None:
        if not reference.startswith("#/"):
            rule = "a reference must stay in its document (#/…); other files aren't read"
            remedy = "bundle the documents into one file before, for example with `redocly bundle`"
            self.findings.refuse(path, reference, rule, remedy)
            return None
        parts = [_unescaped(part) for part in reference[2:].split("/")]
        target: KeyPath = ()
        for part in parts:
            around = self.document.at(target)
            step: str | int = int(part) if isinstance(around, list) and part.isdigit() else part
            if self.document.at((*target, step)) is None:
                rule = f"the document has nothing at {reference}"
                known = table(around) if len(target) == len(parts) - 1 else {}
                remedy = choose_from(part, known, "definition")
                self.findings.refuse(path, reference, rule, remedy)
                return None
            target = (*target, step)
        return target


def _unescaped(part: str) -> str:
    """JSON Pointer's own escapes, within a URL's."""
    return unquote(part).replace("~1", "/").replace("~0", "~")
