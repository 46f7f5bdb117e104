"""The two files of an adoption: the new stack's, and what `pulumi import` takes."""

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from stack.command_line import ROOT
from stack.problems import describe, shown_value
from stack.target import Target, shown_path
from tools.adopt.adopting import Adoption

IMPORT_FILE = "adopt.json"


def schema_of(file: Path) -> str:
    """Where the schema is, seen from a stack file."""
    schema = ROOT / "schemas" / "stack.schema.json"
    return os.path.relpath(schema, file.resolve().parent).replace(os.sep, "/")


def write(new: Target, adoption: Adoption) -> str:
    """Write stack file and import file; returns what to tell."""
    listed = new.file.with_name(IMPORT_FILE)
    new.file.write_text(adoption.text, encoding="utf-8")
    listed.write_text(json.dumps(adoption.import_file, indent=2) + "\n", encoding="utf-8")
    for warning in adoption.warnings:
        print(describe(shown_path(new.file), warning), end="\n\n", file=sys.stderr)
    return told(adoption, [shown_path(new.file), shown_path(listed)])


def told(adoption: Adoption, files: Iterable[Path]) -> str:
    """What is taken over under which name, and what the first `up` does."""
    width = max((len(name) for name, _ in adoption.taken), default=0)
    lines = [f"Written: {', '.join(map(str, files))}", "", "Taken over, by its name in Pulumi"]
    lines += [f"  {name:<{width}}  {identity}" for name, identity in adoption.taken]
    lines += ["", "The first up"]
    for change in adoption.changes:
        before, after = _shown(change.before), _shown(change.after)
        lines.append(f"  changes in place {change.name} {change.property}: {before} -> {after}")
    lines += [f"  creates {name}" for name in adoption.creates]
    if not adoption.changes and not adoption.creates:
        lines.append("  changes nothing")
    return "\n".join(lines) + "\n"


def _shown(value: object) -> str:
    return shown_value(value) if value else "(none)"
