"""Data sources. Few are simulated: our topologies name what exists instead of looking it up."""

from collections.abc import Mapping
from typing import Any

__all__ = ["call_function"]

# Each region of the sandbox has as many.
_ZONES = "abc"


def call_function(token: str, region: str) -> Mapping[str, Any]:
    """The result of a data source.

    Raises:
        LookupError: it isn't simulated.
    """
    if token == "alicloud:index/getZones:getZones":  # noqa: S105 - a type token
        ids = [f"{region}-{letter}" for letter in _ZONES]
        return {"id": region, "ids": ids, "zones": [{"id": one} for one in ids]}
    raise LookupError(
        f"the sandbox doesn't simulate the data source {token!r}. State what it would look up "
        "(an id, a zone) in the stack file, or add it to sandbox/provider/functions.py."
    )
