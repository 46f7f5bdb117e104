"""`make adopt`: take over what exists, from an account or from a list, into a new stack.

    make adopt VPC=vpc-… STACK=shop                 in the sandbox of shop
    make adopt GATEWAY=ngw-… STACK=shop ACCOUNT=1   in the account, by the pulumi on the PATH
    make adopt LIST=existing.yaml STACK=shop

Finds what stands on what is named, has the provider read it into a scratch stack, writes the stack
file, which mustn't exist yet, and adopt.json beside it, and takes what exists into the new stack's
state. Says what is left out, and all that the first `up` would change. The cloud stays as it is.
docs/adopt.md says more.

Exit codes: 0 done; 2 the list was refused, and nothing was written; 1 anything else.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from facts.zones import REGIONS
from sandbox.accounts import paths_of
from stack.command_line import (
    DONE,
    ROOT,
    add_stack_options,
    command,
    one_of,
    tell_account,
    tell_sandbox,
)
from stack.target import new_target
from tools.adopt.adopting import adopt_listed, schema_of, write
from tools.adopt.finding import adopt_found
from tools.adopt.in_account import InAccount
from tools.adopt.in_sandbox import InSandbox
from tools.adopt.listing import read_listing
from tools.adopt.part import Sought
from tools.adopt.parts import STARTS
from tools.sandbox.running import run


def _identity(form: str) -> Callable[[str], str]:
    def judged(given: str) -> str:
        if not given.startswith(form.rstrip("…")) or len(given) < len(form):
            raise argparse.ArgumentTypeError(f"{given!r} is no id, such as {form}")
        return given

    return judged


def _options(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--list", type=Path, metavar="FILE", help="the list of what exists")
    for key, form in STARTS.items():
        which.add_argument(f"--{key}", type=_identity(form), metavar=form)
    parser.add_argument("--region", type=one_of(REGIONS, "region"), help="where to look")
    parser.add_argument(
        "--account", action="store_true", help="in the account, and not in the sandbox"
    )
    add_stack_options(parser)


@command("adopt", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Take over what the command line names; returns the exit code."""
    new = new_target(options.stack, options.config, ROOT)
    (tell_account if options.account else tell_sandbox)(new.stack)
    if options.list:
        read_listing(options.list)  # what is wrong with it needs no engine
    paths = paths_of(ROOT, new)

    def work() -> int:
        place = InAccount(new) if options.account else InSandbox(paths)
        schema, left = schema_of(new.file), ()
        if options.list:
            adoption = adopt_listed(options.list, place, new.stack, schema)
        else:
            adoption, left = adopt_found(_sought(options), place, new.stack, schema)
        print(write(new, adoption, left), end="", flush=True)
        place.take(adoption)
        return DONE

    return run("adopt", work, paths)


def _sought(options: argparse.Namespace) -> Sought:
    given = {key: getattr(options, key) for key in STARTS}
    key, identity = next((key, one) for key, one in given.items() if one)
    return Sought(key, identity, (options.region,) if options.region else ())


if __name__ == "__main__":
    sys.exit(main())
