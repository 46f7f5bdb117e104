"""`python3 -m tools forge comment|issues STACK …`: tell what stands in `.pipeline/`.

`comment` puts the stacks' reviews into one comment on the pull request, `issues` opens, changes or
closes an issue for each stack's drift. Exit codes: 0 it is told; 1 it isn't, and why.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.forge.api import ForgeError
from tools.forge.forges import this_forge
from tools.forge.telling import tell_drift, tell_reviews

FOLDER = Path(__file__).resolve().parent.parent.parent / ".pipeline"
TOLD, NOT_TOLD = 0, 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Tell what the command line names; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m tools forge", allow_abbrev=False)
    parser.add_argument("what", choices=("comment", "issues"))
    parser.add_argument("stacks", nargs="+", metavar="STACK")
    options = parser.parse_args(arguments)
    try:
        forge = this_forge(os.environ)
        if options.what == "comment":
            done = [tell_reviews(forge, FOLDER, options.stacks)]
        else:
            done = tell_drift(forge, FOLDER, options.stacks)
    except ForgeError as reason:
        print(reason, file=sys.stderr)
        return NOT_TOLD
    print("\n".join(done))
    return TOLD


if __name__ == "__main__":
    sys.exit(main())
