"""`make plan`: judge a stack file and print what it would build, without an engine or an account.

Exit codes: 0 the plan is printed, 2 the stack file was refused, 1 anything else. With
`--format json` the document goes to standard output whatever the verdict, and nothing else does.
"""

import argparse
import os
import sys

from stack.command_line import (
    DONE,
    REFUSED,
    ROOT,
    add_format_option,
    add_stack_options,
    command,
    one_of,
    print_whatever_fits,
)
from stack.problems import NotDoneError, describe
from stack.target import target
from tools.plan.billing import prices_said
from tools.plan.graphs import GRAPHS, plan_mermaid
from tools.plan.plan import Plan, make_plan, plan_json

FORMATS = ("table", "json", "mermaid", "html")


def _options(parser: argparse.ArgumentParser) -> None:
    add_stack_options(parser)
    add_format_option(parser, FORMATS)
    parser.add_argument(
        "--only",
        type=one_of(tuple(GRAPHS), "graph"),
        metavar="|".join(GRAPHS),
        help="one graph of the diagram; all unless given",
    )
    parser.add_argument("--prices", metavar="FILE", help="what a month is summed up by")


@command("plan", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Print the plan that the command line asks for; returns the exit code."""
    print_whatever_fits()
    if options.only is not None and options.format != "mermaid":
        message = f"ONLY={options.only} is a part of the diagram: say FORMAT=mermaid with it"
        raise NotDoneError(message)
    try:
        plan = make_plan(target(options.stack, options.config, ROOT), prices_said(options.prices))
        if plan.report:
            print(plan.report, file=sys.stderr)
        print(rendered(plan, options.format, options.only), end="", flush=True)
    except BrokenPipeError:
        # Whoever read the plan has seen enough. The interpreter flushes once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return REFUSED if plan.problems else DONE


def rendered(plan: Plan, form: str, only: str | None = None) -> str:
    """The plan in one of `FORMATS`, ending in a new line; empty where there is nothing to print.

    Args:
        plan: what is printed.
        form: how.
        only: of a diagram, one of its graphs.
    """
    if form == "json":
        return plan_json(plan)
    if plan.settings is None:
        return ""
    if form == "mermaid":
        for warning in plan.warnings:
            print(describe(plan.file, warning), file=sys.stderr)
        return plan_mermaid(plan, plan.settings, only)
    if form == "html":
        from tools.plan.page.page import plan_page  # noqa: PLC0415 - what a page alone needs

        return plan_page(plan, plan.settings)
    from tools.plan.tables import plan_tables  # noqa: PLC0415 - brings in rich

    return plan_tables(plan, plan.settings)


if __name__ == "__main__":
    sys.exit(main())
