"""`python -m sandbox.provider --store PATH`: the provider in a process of its own.

The first line on standard output is the port. The process ends when its standard input closes, so
that it never outlives whoever started it: give it a pipe. `--plugin` is for the engine, which tells
its plugins by an interrupt to end.
"""

import argparse
import signal
import sys
from contextlib import suppress
from pathlib import Path

from sandbox.cloud import Store
from sandbox.provider import serve


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox.provider", description=__doc__)
    parser.add_argument("--store", type=Path, required=True, help="the cloud's SQLite file")
    parser.add_argument("--seed", help="makes ids repeatable, in a new store")
    parser.add_argument("--plugin", action="store_true", help="an interrupt ends it")
    arguments = parser.parse_args()
    if not arguments.plugin:
        # Control-C reaches every process of the terminal. The engine then lets what is under way
        # end, which takes a provider that is still there; our standard input says when to go.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    store = Store(arguments.store, seed=arguments.seed)
    server, port = serve(store)
    print(port, flush=True)
    with suppress(KeyboardInterrupt):
        sys.stdin.buffer.read()
    server.stop(None)
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
