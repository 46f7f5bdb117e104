"""JSON of whatever shape: what isn't as expected is as if it weren't there."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast


def mapping_in(file: Path) -> Mapping[str, Any]:
    """The mapping that a file holds; an empty one where it holds none, or can't be read."""
    try:
        return as_mapping(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def as_mapping(value: object) -> Mapping[str, Any]:
    """A value as a mapping; an empty one where it is something else."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
