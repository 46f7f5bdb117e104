"""`make adopt-read` and `make adopt-write`: take over what exists, in two steps around Pulumi.

    python -m tools.adopt read --list existing.yaml > raw.json
    python -m tools.adopt write --list existing.yaml --state state.json --stack shop

Between the two, `pulumi import --file raw.json` into a scratch stack reads what is listed, and
`pulumi stack export` says what it read. The second writes the stack file, which mustn't exist yet,
and adopt.json beside it. Neither asks a cloud.

Exit codes: 0 done, 2 the list was refused and nothing was written, 1 anything else.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from stack.command_line import ROOT, Parser
from stack.problems import StackFileError, describe, shown_value
from stack.target import DEFAULT_STACK, Target, TargetError, new_target, shown_path
from tools.adopt.adopting import Adoption, adopt
from tools.adopt.cloud import Cloud
from tools.adopt.listing import read_listing
from tools.adopt.reading import scratch_import, wanted

DONE, FAILED, REFUSED = 0, 1, 2
IMPORT_FILE = "adopt.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one of the two steps; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.step == "read":
            document = scratch_import(wanted(read_listing(options.list)))
            print(json.dumps(document, indent=2))
            return DONE
        new = new_target(options.stack, options.config, ROOT)
        cloud = Cloud.of_deployment(_deployment(options.state))
        written = write(new, adopt(options.list, cloud, new.stack, schema_of(new.file)))
    except StackFileError as error:
        print(error, file=sys.stderr)
        return REFUSED
    except (TargetError, _StateError) as error:
        print(error, file=sys.stderr)
        return FAILED
    print(written, end="")
    return DONE


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


class _StateError(Exception):
    """The state can't be used; `str()` says why."""


def _deployment(file: Path) -> Mapping[str, Any]:
    try:
        export: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        deployment: Mapping[str, Any] = export["deployment"]
        resources = deployment.get("resources") or ()
        return {"resources": [one for one in resources if one["type"]]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{file} isn't what pulumi stack export writes: {error}"
        raise _StateError(message) from None


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m tools.adopt", description=__doc__, allow_abbrev=False)
    steps = parser.add_subparsers(dest="step", required=True, parser_class=Parser)
    read = steps.add_parser("read", help="print the import file that reads what is listed")
    writing = steps.add_parser("write", help="write the stack file and the import file")
    for step in (read, writing):
        step.add_argument("--list", required=True, type=Path, help="the list of what exists")
    writing.add_argument("--state", required=True, type=Path, help="what pulumi stack export wrote")
    writing.add_argument("--stack", help=f"the new stack's name; {DEFAULT_STACK} unless given")
    writing.add_argument("--config", metavar="FILE", help="the stack file to write, instead")
    return parser


if __name__ == "__main__":
    sys.exit(main())
