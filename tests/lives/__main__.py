"""`make lives SECONDS=600`: random lives until the time is over, two or more at once.

Says of each fault which seed lives through it again, and in the end how many steps there were.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from multiprocessing import get_context

from sandbox.engine import find_engine
from tests.example_stacks import name_of
from tests.lives.living import STARTS, Told, lived


def _lives(options: argparse.Namespace) -> Iterator[tuple[int, Told, str]]:
    """Each life that has ended, with its seed."""
    engine, until = find_engine(print), time.time() + options.seconds
    lines = os.cpu_count() or 1
    with ProcessPoolExecutor(lines, mp_context=get_context("spawn")) as pool:
        seeds = count(options.seed)
        while time.time() < until:
            some = [
                (seed, pool.submit(lived, seed, options.steps, engine, until))
                for seed, _ in zip(seeds, range(2 * lines), strict=False)
            ]
            yield from ((seed, *life.result()) for seed, life in some)


def main(arguments: Sequence[str] | None = None) -> int:
    """Live; returns 1 where something went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.lives", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0, help="of the first life")
    parser.add_argument("--steps", type=int, default=6, help="of each life")
    parser.add_argument("--refusals", action="store_true", help="say what was refused, and why")
    options = parser.parse_args(arguments)
    whole, faults, last = Told(), 0, options.seed
    for seed, told, fault in _lives(options):
        whole, last = whole + told, seed
        if fault:
            faults += 1
            print(
                f"FAULT of seed {seed} ({name_of(STARTS[seed % len(STARTS)])}):\n{fault}",
                flush=True,
            )
        for reason in told.reasons if options.refusals else ():
            print(f"refused, seed {seed}: {reason}", flush=True)
    print(
        f"seeds {options.seed} to {last}: {whole.steps} edits, {whole.refused_by_rules} refused by "
        f"rules, {whole.refused_by_rehearsal} by the rehearsal; {faults} faults"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
