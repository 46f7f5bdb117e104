"""`make inventory`: what an account opens, live, and which stack holds each part.

Asks the account and the backend that the environment names; changes nothing in either. Needs no
stack file. docs/inventory.md says what it shows.

Exit codes: 0 it is printed; 1 it couldn't be read.
"""

import argparse
import os
import re
import sys

from judging.account.holding import account_of
from judging.account.reading import Reader, UnreadError
from judging.account.transport import official
from stack.command_line import DONE, add_format_option, command, print_whatever_fits, tell
from tools.inventory.progress import watched

_FORMATS = ("table", "json", "markdown", "mermaid")
_REGION = re.compile(r"[a-z]{2}-[a-z]+(-[a-z0-9]+)*")


def _regions(given: str) -> tuple[str, ...]:
    regions = tuple(filter(None, re.split(r"[, ]+", given)))
    for one in regions:
        if not _REGION.fullmatch(one):
            raise argparse.ArgumentTypeError(f"{one!r} is no region, such as cn-shanghai")
    return regions


def _network(given: str) -> str:
    if not re.fullmatch(r"vpc-[a-z0-9]+", given):
        raise argparse.ArgumentTypeError(f"{given!r} is no network's id, such as vpc-uf6…")
    return given


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--region", type=_regions, default=(), help="one or several; all unless given"
    )
    parser.add_argument("--vpc", type=_network, help="the one network that it is about")
    add_format_option(parser, _FORMATS)


@command("inventory", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Print what the account has that the environment's credentials are of."""
    print_whatever_fits()
    tell("Account: the one of the credentials in the environment; it is read, and never written.")
    with watched(official(os.environ)) as progress:
        reader, vpc = Reader(progress.send), options.vpc or ""
        account = account_of(reader, options.region, vpc, watch=progress.regions)
    if options.vpc and not account.vpcs and not account.gaps:
        raise UnreadError(f"There is no network {options.vpc} where it was looked for.")
    # These bring in Pulumi, which an account that can't be read needn't wait for.
    from tools.inventory.findings import findings  # noqa: PLC0415 - as above
    from tools.inventory.showing import FORMS  # noqa: PLC0415 - as above
    from tools.inventory.tables import Inventory  # noqa: PLC0415 - as above
    from tools.pipeline.holders import holders_in_backend  # noqa: PLC0415 - as above

    shown = Inventory(account, holders_in_backend(), findings(account))
    print(FORMS[options.format](shown), end="")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
