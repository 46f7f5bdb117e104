"""`make ram-policy`: print the RAM policies that previewing and deploying a stack takes.

Made from the kinds of resources that this very stack has; docs/permissions.md says what to do with
them. Needs neither an engine nor an account.

Exit codes: 0 the policies are printed, 2 the stack file was refused, 1 anything else.
"""

import argparse
import re
import sys
from pathlib import Path
from typing import cast

from stack.command_line import (
    DONE,
    ROOT,
    add_format_option,
    add_stack_options,
    command,
    one_of,
    tell,
)
from stack.problems import NotDoneError
from stack.stack_file import StackFile
from stack.target import shown_path, target
from topologies import TOPOLOGIES

FORMATS = ("table", "json")
ALL = "all"
ROLES = (ALL, "preview", "deploy", "guard-rails", "inventory")

_ACCOUNT = re.compile(r"\*|\d{5,20}")
_ROLE_NAME = re.compile(r"[A-Za-z0-9.\-]{1,64}")


def _options(parser: argparse.ArgumentParser) -> None:
    add_stack_options(parser)
    parser.add_argument(
        "--role",
        type=one_of(ROLES, "role"),
        default=ALL,
        metavar="|".join(ROLES),
        help=f"{ALL} unless given",
    )
    parser.add_argument("--account", default="*", help="the account's number; any unless given")
    parser.add_argument(
        "--break-glass", default="", metavar="ROLE", help="the role that guard rails don't bind"
    )
    parser.add_argument("--out", metavar="FOLDER", help="also write each policy into a file there")
    add_format_option(parser, FORMATS)


@command("ram-policy", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Print the policies that the command line asks for; returns the exit code."""
    _refuse_wrong_call(options)
    wanted = target(options.stack, options.config, ROOT)
    settings = StackFile(shown_path(wanted.file), wanted.stack, TOPOLOGIES).settings
    # These bring in Pulumi, which a file that is refused needn't wait for.
    from tools.plan.tables import page_of  # noqa: PLC0415 - as above
    from tools.ram_policy.policies import ROLES as EACH  # noqa: PLC0415 - as above
    from tools.ram_policy.policies import (  # noqa: PLC0415 - as above
        Role,
        Scope,
        policies,
        used_by,
    )
    from tools.ram_policy.showing import as_json, tables, warnings  # noqa: PLC0415 - as above

    scope = Scope(wanted.stack, options.account, options.break_glass)
    roles = EACH if options.role == ALL else (cast("Role", options.role),)
    made = policies(used_by(settings), scope, roles)
    for warning in warnings(options.account, made):
        tell(f"warning: {warning}")
    if options.out:
        _write(Path(options.out), {f"{one.name}.json": one.text for one in made})
    if options.format == "json":
        print(as_json(wanted.stack, options.account, made), end="")
    else:
        print(page_of(tables(made)), end="")
    return DONE


def _write(folder: Path, texts: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text + "\n", encoding="utf-8")
        tell(f"written: {folder / name}")


def _refuse_wrong_call(options: argparse.Namespace) -> None:
    if not _ACCOUNT.fullmatch(options.account):
        message = f"An account is its number, such as 1234567890123456; not {options.account}."
        raise NotDoneError(message)
    name = options.break_glass
    if name and not _ROLE_NAME.fullmatch(name):
        raise NotDoneError(f"A role's name has 1 to 64 letters, digits, . and -; {name} is none.")


if __name__ == "__main__":
    sys.exit(main())
