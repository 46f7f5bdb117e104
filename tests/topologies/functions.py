"""Stack files with functions for tests, and edits of them."""

from typing import Any

from tests.stackfiles import Edit
from tests.topologies.api_stacks import SECURE, G, api_stack
from tests.topologies.unified import put

F = "functions"
LOOKUP = f"{F}.lookup"
CODE = "tests/data/phone-lookup"


def functions_stack(*edits: Edit) -> str:
    """A stack file with a function and the API in front of it, after some edits."""

    def both(settings: dict[str, Any]) -> None:
        settings["topology"] = ["functions", "api-gateway"]
        settings[F] = {
            "lookup": {
                "code": CODE,
                "environment": {"APP_CODE": SECURE, "MODE": "fast"},
            }
        }
        put(f"{G}.apis.order", backend={"function": {"function": "lookup"}})(settings)

    return api_stack(both, *edits)


def lookup(**entries: object) -> str:
    """The stack file with more settings of its function."""
    return functions_stack(put(LOOKUP, **entries))
