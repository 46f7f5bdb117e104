"""`python -m tools.settle`: put what an interrupted run created into the state that never saw it.

    pulumi stack export --file state.json
    python -m tools.settle state.json 'urn:pulumi:…::shared-bandwidth-ip1=eip-uf6abc' > settled.json
    pulumi stack import --file settled.json
    pulumi refresh

A run that was killed leaves "pending creates": calls whose end the state never saw. Each is given
an id here, and becomes a resource like any other; or isn't, and is forgotten: whoever calls has
looked it up in the cloud. `pulumi refresh` then reads the rest.

Pulumi's own `refresh --import-pending-creates` doesn't do this job: as of 3.256 it marks the calls
as imports, which the refresh that follows drops, and the resources with them.
"""

import argparse
import copy
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

CREATING = "creating"


def pending_creates(deployment: Mapping[str, Any]) -> list[str]:
    """The URNs of what may or may not have been created."""
    return [
        str(operation["resource"]["urn"])
        for operation in deployment.get("pending_operations") or ()
        if operation["type"] == CREATING
    ]


def settled(deployment: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    """The deployment without pending operations; creates that have an id become resources.

    They go last: what they depend on stands before them, since they had been started after it.
    Interrupted updates and deletes need nothing: their resources are in the state already.

    Raises:
        KeyError: an id is given for something that isn't a pending create.
    """
    result = copy.deepcopy(dict(deployment))
    operations: list[dict[str, Any]] = result.pop("pending_operations", None) or []
    left = dict(ids)
    for operation in operations:
        resource: dict[str, Any] = operation["resource"]
        if operation["type"] != CREATING:
            continue
        made = left.pop(str(resource["urn"]), None)
        if made is not None:
            outputs = dict(resource.get("inputs") or {})
            result.setdefault("resources", []).append({**resource, "id": made, "outputs": outputs})
    if left:
        raise KeyError(", ".join(sorted(left)))
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the settled state; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        export: dict[str, Any] = json.loads(options.state.read_text(encoding="utf-8"))
        deployment = export["deployment"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"{options.state} isn't what pulumi stack export writes: {error}", file=sys.stderr)
        return 1
    ids = dict(pair.rpartition("=")[::2] for pair in options.found)
    try:
        export["deployment"] = settled(deployment, ids)
    except KeyError as unknown:
        known = "\n  ".join(pending_creates(deployment)) or "(none)"
        print(f"Not a pending create: {unknown}\nPending creates:\n  {known}", file=sys.stderr)
        return 1
    for urn in pending_creates(deployment):
        name = urn.rsplit("::", 1)[-1]
        verdict = f"kept as {ids[urn]}" if urn in ids else "forgotten: it had not been created"
        print(f"{name}: {verdict}", file=sys.stderr)
    print(json.dumps(export, indent=2))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.settle", description=__doc__)
    parser.add_argument("state", type=Path, help="what pulumi stack export wrote")
    parser.add_argument("found", nargs="*", metavar="URN=ID", help="what had been created")
    return parser


if __name__ == "__main__":
    sys.exit(main())
