"""`make stacks`: the list of stacks that pipelines go by, as `tiers.yaml` has it.

As a table for people; as JSON for workflows that make their jobs of it; as names, for a loop of a
shell; and as the part of GitLab's pipeline that names stacks, kept in `.gitlab/stacks.yml`.

Exit codes: 0 it is printed; 2 the list was refused, or a stack of it has no file; 1 anything else.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from stack.command_line import DONE, ROOT, add_format_option, command
from stack.files import is_file
from stack.listing import ADD_A_LINE, TABLE, Listed, TierTableError, listed, sequences
from stack.problems import Problem
from stack.tiers import Tier

LONGEST_SEQUENCE: Final = 6
"""Jobs of GitHub can't be made in a loop in which each needs the one before it: they are written
out in .github/workflows/sequence.yml."""

GITLAB: Final = Path(".gitlab") / "stacks.yml"


def _table(stacks: Sequence[Listed]) -> str:
    from tools.plan.tables import page_of, table_of  # noqa: PLC0415 - it brings in Pulumi

    rows = [(one.stack, one.after, one.tier, str(one.file)) for one in stacks]
    return page_of([table_of(("Stack", "After", "Tier", "File"), rows)])


def as_document(stacks: Sequence[Listed]) -> Mapping[str, object]:
    """The list as workflows read it."""
    return {
        "names": [one.stack for one in stacks],
        "sequences": [[one.stack for one in some] for some in sequences(stacks)],
        "stacks": [
            {"stack": one.stack, "after": one.after, "tier": one.tier, "file": str(one.file)}
            for one in stacks
        ],
    }


def _json(stacks: Sequence[Listed]) -> str:
    """In one line, which is what a job may put out."""
    return f"{json.dumps(as_document(stacks))}\n"


def _names(stacks: Sequence[Listed]) -> str:
    return f"{' '.join(one.stack for one in stacks)}\n"


def _gitlab(stacks: Sequence[Listed]) -> str:
    """What .gitlab-ci.yml includes: GitLab takes no list that a job makes."""
    names = [one.stack for one in stacks]
    lines = [
        f"# The stacks of {TABLE}, as .gitlab-ci.yml takes them. Not to be edited: written by",
        f"#   make -s stacks FORMAT=gitlab > {GITLAB}",
        "",
        "variables:",
        f"  STACKS: {' '.join(names)}",
        "",
        ".each reviewed:",
        "  parallel:",
        "    matrix:",
        *(f'      - {{STACK: "{one.stack}", AFTER: "{one.after}"}}' for one in stacks),
        "",
        ".each looked at:",
        "  parallel:",
        "    matrix:",
        f"      - STACK: {json.dumps(names)}",
    ]
    for one in stacks:
        lines += ["", *_reviewed_and_deployed(one)]
    return "\n".join(lines) + "\n"


def _reviewed_and_deployed(one: Listed) -> Iterator[str]:
    yield f"review {one.stack}:"
    yield f"  extends: [{'.next' if one.after else '.first'}, .merged]"
    yield f"  needs: [{f'deploy {one.after}' if one.after else ''}]"
    yield f'  variables: {{STACK: "{one.stack}", AFTER: "{one.after}"}}'
    yield "  artifacts:"
    yield f"    paths: [.pipeline/{one.stack}]"
    yield f"    reports: {{dotenv: .pipeline/{one.stack}/review.env}}"
    yield ""
    yield f"deploy {one.stack}:"
    yield f"  extends: [.deploy, {'.approved' if one.tier is Tier.PRODUCTION else '.merged'}]"
    yield f"  needs: [review {one.stack}]"
    yield f'  variables: {{STACK: "{one.stack}", AFTER: "{one.after}"}}'
    yield f"  resource_group: stack-{one.stack}"


_FORMS: Final = {"table": _table, "json": _json, "names": _names, "gitlab": _gitlab}


def _options(parser: argparse.ArgumentParser) -> None:
    add_format_option(parser, tuple(_FORMS))


@command("stacks", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Print the list as the command line asks for it; returns the exit code."""
    print(_FORMS[options.format](sound(ROOT)), end="")
    return DONE


def sound(root: Path) -> list[Listed]:
    """The stacks of the list, each of which can be deployed by a pipeline.

    Raises:
        TierTableError: with everything that is wrong with it.
    """
    stacks = listed(root)
    problems = [
        Problem((one.stack,), str(one.file), "a stack of the list has its file", "write the file")
        for one in stacks
        if not is_file(root / one.file)
    ]
    if not stacks:
        problems.append(Problem((), None, "pipelines go by a list of stacks", ADD_A_LINE))
    for some in sequences(stacks):
        if len(some) > LONGEST_SEQUENCE:
            rule = f"changes go through at most {LONGEST_SEQUENCE} stacks, one after the other"
            remedy = "put those that may be deployed side by side into folders of their own"
            problems.append(Problem((some[-1].stack,), len(some), rule, remedy))
    if problems:
        raise TierTableError(Path(TABLE), problems)
    return stacks


if __name__ == "__main__":
    sys.exit(main())
