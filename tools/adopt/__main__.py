"""`make adopt-read` and `make adopt-write`: take over what exists, in two steps around Pulumi.

    python -m tools adopt-read --list existing.yaml > raw.json
    python -m tools adopt-write --list existing.yaml --state state.json --stack shop

Between the two, `pulumi import --file raw.json` into a scratch stack reads what is listed, and
`pulumi stack export` says what it read. The second writes the stack file, which mustn't exist yet,
and adopt.json beside it. Neither asks a cloud.

Exit codes: 0 done, 2 the list was refused and nothing was written, 1 anything else.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stack.command_line import DONE, ROOT, command
from stack.problems import NotDoneError
from stack.target import DEFAULT_STACK, new_target
from tools.adopt.adopting import adopt, schema_of, write
from tools.adopt.listing import read_listing
from tools.adopt.parts import wanted
from tools.adopt.reading import Cloud, scratch_import


def _options(parser: argparse.ArgumentParser) -> None:
    steps = parser.add_subparsers(dest="step", required=True)
    read = steps.add_parser("read", prog="python -m tools adopt-read")
    writing = steps.add_parser("write", prog="python -m tools adopt-write")
    for step in (read, writing):
        step.add_argument("--list", required=True, type=Path, help="the list of what exists")
    writing.add_argument("--state", required=True, type=Path, help="what pulumi stack export wrote")
    writing.add_argument("--stack", help=f"the new stack's name; {DEFAULT_STACK} unless given")
    writing.add_argument("--config", metavar="FILE", help="the stack file to write, instead")


@command("", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Do one of the two steps; returns the exit code."""
    if options.step == "read":
        document = scratch_import(wanted(read_listing(options.list)))
        print(json.dumps(document, indent=2))
        return DONE
    new = new_target(options.stack, options.config, ROOT)
    cloud = Cloud.of_deployment(_deployment(options.state))
    print(write(new, adopt(options.list, cloud, new.stack, schema_of(new.file))), end="")
    return DONE


def _deployment(file: Path) -> Mapping[str, Any]:
    try:
        export: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        deployment: Mapping[str, Any] = export["deployment"]
        resources = deployment.get("resources") or ()
        return {"resources": [resource for resource in resources if resource["type"]]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotDoneError(f"{file} isn't what pulumi stack export writes: {error}") from None


if __name__ == "__main__":
    sys.exit(main())
