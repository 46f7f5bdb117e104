"""`python -m sandbox.engine`: print the path of the engine, found or made.

With `--oldest` it is of the oldest version that is accepted, from the cache or made, whatever else
is installed: `make test-oldest` runs tests on it. Exit codes: 0 when there is one, else 1.
"""

import sys
from collections.abc import Sequence

from sandbox.engine import EngineMissing, find_engine
from sandbox.engine.find import engine_of
from sandbox.engine.versions import OLDEST_VERSION
from stack.command_line import Parser, tell


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the path alone to standard output; returns the exit code."""
    parser = Parser(prog="python -m sandbox.engine", allow_abbrev=False)
    parser.add_argument("--oldest", action="store_true", help=f"of version {OLDEST_VERSION}")
    oldest: bool = parser.parse_args(arguments).oldest
    try:
        engine = engine_of(OLDEST_VERSION, tell) if oldest else find_engine(tell)
    except EngineMissing as missing:
        tell(str(missing))
        return 1
    print(engine)
    return 0


if __name__ == "__main__":
    sys.exit(main())
