"""`python -m bench`: measure what the design promises under "Speed".

CPU seconds are judged, wall seconds are only shown: on a busy machine the second say as much about
the neighbours. A ratio is taken pair by pair, since the two runs of a pair met the same neighbours.

Exit codes: 0 every limit was kept, 1 one was missed or a program failed.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from rich.console import Console
from rich.table import Table

from bench.one_run import write_stack_file
from sandbox.cloud import Store
from sandbox.engine import EngineMissing, find_engine
from sandbox.engine.find import ENGINE_VARIABLE
from sandbox.paths import SANDBOX_VARIABLE
from stack.command_line import REHEARSE_VARIABLE

MOST_RATIO: Final = 1.10
"""A preview's cost beside the bare program's; and that of `make up` where nothing changes, though
it judges the stack file and asks a copy first: it starts the engine's CLI less often."""

MOST_RATIO_OF_DESTROY: Final = 0.5
"""The same of `make destroy`, which writes the state once."""

MOST_GROWTH: Final = 2.5
"""How much faster a run's cost grows than the number of mappings. In step with the number it is at
most 1 (starting costs the same for all); in step with its square, ten times the mappings make it
10. Between them is room for noise, and for Python's garbage collector on large stack files."""

JUDGED, JUDGING_SECONDS = 10_000, 1.0
"""CPU seconds that judging so many mappings may take."""

PLAN_SECONDS: Final = 2.0
"""CPU seconds that `make plan` may take on the dev stack."""

_SIZES: Final = (10, 100, 1000)
_STANDING, _GOING = (10, 400), 400
"""Mappings of the stacks that stand while nothing changes, and of the one that is destroyed."""

CALLS, CALLS_SECONDS = 11_000, 60.0
"""CPU seconds that so many calls of the local cloud's API may take, clients included: ten reads for
each create."""

MOST_MEMORY: Final = 1.25
"""The local cloud's memory after that, beside after a tenth of it."""

ENTRIES, APIS, RATE = 1_000, 300, 100
INVENTORY_SECONDS: Final = 60.0
"""Wall seconds that the inventory of so many entries and APIs may take where an account lets each
caller make so many calls a second."""

_RUNS, _RUNS_OF_LARGE, _LARGE = 5, 3, 1000
"""Five pairs where a run takes seconds, fewer where it takes many: fifteen minutes on two cores."""

ROOT: Final = Path(__file__).resolve().parent.parent


class Run(NamedTuple):
    """What one run cost, its child processes included; seconds."""

    cpu: float
    wall: float


@dataclass(frozen=True)
class Row:
    """One measurement: runs of ours, and as many of the bare program's if there is one."""

    what: str
    size: int | None
    ours: Sequence[Run]
    bare: Sequence[Run] = ()
    before: "Row | None" = None
    """The same at the size before."""

    most_seconds: float | None = None
    most_ratio: float = MOST_RATIO

    @property
    def ratios(self) -> list[Run]:
        """Ours to bare, pair by pair."""
        pairs = zip(self.ours, self.bare, strict=True) if self.bare else ()
        return [Run(ours.cpu / bare.cpu, ours.wall / bare.wall) for ours, bare in pairs]

    @property
    def growth(self) -> float | None:
        """How often this row costs the one before, beside how often it has its mappings."""
        if self.before is None or not self.before.size or not self.size:
            return None
        return _least(self.ours) / _least(self.before.ours) / (self.size / self.before.size)

    @property
    def each(self) -> list[float]:
        """CPU seconds for each mapping more than in the row before, ours and bare.

        Between least values: noise only ever adds to a run, and a difference has twice of it.
        """
        if self.before is None or not self.before.size or not self.size:
            return []
        more = self.size - self.before.size
        both = ((self.before.ours, self.ours), (self.before.bare, self.bare))
        return [(_least(large) - _least(small)) / more for small, large in both if large]

    @property
    def missed(self) -> list[str]:
        """The limits that it is beyond."""
        missed: list[str] = []
        ratio = median(run.cpu for run in self.ratios) if self.bare else 0
        if ratio > self.most_ratio:
            missed.append(f"ratio {ratio:.2f} > {self.most_ratio:.2f}")
        if self.growth is not None and self.growth > MOST_GROWTH:
            missed.append(f"growth {self.growth:.1f} > {MOST_GROWTH}")
        seconds = median(run.cpu for run in self.ours)
        if self.most_seconds is not None and seconds >= self.most_seconds:
            missed.append(f"{seconds:.2f} s >= {self.most_seconds:g} s")
        return missed


class RunFailedError(Exception):
    """A measured program failed; `str()` has the end of what it said."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, help="mappings to preview; 10 100 1000")
    sizes = parser.parse_args(arguments).sizes or _SIZES
    try:
        with tempfile.TemporaryDirectory(prefix="alicloud-gateways-bench-") as folder:
            engine = find_engine(_tell)
            rows = [
                *_previews(sizes, Path(folder), engine),
                *_lives(Path(folder), engine),
                *_judging(Path(folder)),
                _plan(),
                *_calls(Path(folder)),
                _inventory(Path(folder)),
            ]
    except (RunFailedError, EngineMissing) as reason:
        _tell(str(reason))
        return 1
    except KeyboardInterrupt:
        _tell("interrupted; nothing is left behind")
        return 1
    _print(rows)
    missed = [f"missed: {row.what}, {row.size}: {what}" for row in rows for what in row.missed]
    _tell("\n".join(missed) or "every limit is kept")
    return 1 if missed else 0


def _previews(sizes: Sequence[int], folder: Path, engine: Path) -> Iterator[Row]:
    """The programs under the real engine, with a new sandbox each time."""
    before = None
    for size in sizes:
        runs: dict[str, list[Run]] = {"ours": [], "bare": []}
        for number in range(_RUNS if size < _LARGE else _RUNS_OF_LARGE):
            _tell(f"preview, {size} mappings, pair {number + 1}")
            # Who goes first takes turns: the second finds the machine warmer.
            for program in sorted(runs, reverse=number % 2 == 0):
                with tempfile.TemporaryDirectory(dir=folder) as place:
                    run, _ = _measured("bench.one_run", program, str(size), place, str(engine))
                runs[program].append(run)
        before = Row("preview, real engine", size, runs["ours"], runs["bare"], before)
        yield before


def _lives(folder: Path, engine: Path) -> Iterator[Row]:
    """Both programs' stacks, brought up once: an `up` that changes nothing, and a destroy.

    Ours by the commands that users type, the bare program's by the SDK.
    """
    before = None
    for size in _STANDING:
        stands = {program: folder / f"{program}-{size}" for program in ("ours", "bare")}
        for program, stand in stands.items():
            _tell(f"up, {size} mappings, {program}")
            stand.mkdir()
            _operated(program, "up", size, stand, engine)
        runs = _in_pairs("up", size, stands, engine)
        before = Row("up, nothing changes", size, runs["ours"], runs["bare"], before)
        yield before
        if size == _GOING:
            runs = _in_pairs("destroy", size, stands, engine)
            ours, bare = runs["ours"], runs["bare"]
            yield Row("destroy", size, ours, bare, most_ratio=MOST_RATIO_OF_DESTROY)


def _in_pairs(
    operation: str, size: int, stands: Mapping[str, Path], engine: Path
) -> dict[str, list[Run]]:
    """Runs of one operation on copies of both programs' stacks."""
    runs: dict[str, list[Run]] = {program: [] for program in stands}
    for number in range(_RUNS if size < _GOING else _RUNS_OF_LARGE):
        _tell(f"{operation}, {size} mappings, pair {number + 1}")
        for program in sorted(runs, reverse=number % 2 == 0):
            with tempfile.TemporaryDirectory(dir=stands[program].parent) as place:
                shutil.copytree(stands[program], place, dirs_exist_ok=True)
                runs[program].append(_operated(program, operation, size, Path(place), engine))
    return runs


def _operated(program: str, operation: str, size: int, stand: Path, engine: Path) -> Run:
    if program == "bare":
        with closing(Store(stand / "cloud.db")) as cloud:
            cloud.raise_quotas({"forward_entries_per_table": size})  # as ours does
        words = ("bare", str(size), str(stand), str(engine), operation)
        return _measured("bench.one_run", *words)[0]
    # In one place, whichever copy it is: the sandbox knows a stack by where its file is.
    file = write_stack_file(size, stand.parent)
    where = {SANDBOX_VARIABLE: str(stand), ENGINE_VARIABLE: str(engine), REHEARSE_VARIABLE: ""}
    return _measured("tools", operation, "--config", str(file), environment=where)[0]


def _judging(folder: Path) -> Iterator[Row]:
    """Reading a stack file, and judging it: types and rules."""
    rows: dict[str, Row] = {}
    for size in (JUDGED // 10, JUDGED):
        _tell(f"judging, {size} mappings")
        write_stack_file(size, folder)
        said = [_measured("bench.one_run", "judge", str(size), str(folder))[1] for _ in range(5)]
        for what in ("judging", "reading"):
            seconds = [json.loads(one.splitlines()[-1])[what] for one in said]
            runs = [Run(second, second) for second in seconds]
            limit = JUDGING_SECONDS if (what, size) == ("judging", JUDGED) else None
            rows[what] = Row(what, size, runs, before=rows.get(what), most_seconds=limit)
            yield rows[what]


def _plan() -> Row:
    """`make plan FORMAT=json` on the dev stack."""
    _tell("make plan on the dev stack")
    arguments = ("--stack", "dev", "--format", "json")
    runs = [_measured("tools.plan", *arguments)[0] for _ in range(_RUNS)]
    return Row("make plan, dev stack", None, runs, most_seconds=PLAN_SECONDS)


def _calls(folder: Path) -> Iterator[Row]:
    """Calls of the local cloud's API over HTTP, beside like calls of moto's server."""
    memory: dict[int, list[Run]] = {}
    before = None
    for size in (CALLS // 10, CALLS):
        runs: dict[str, list[Run]] = {"ours": [], "moto": []}
        for number in range(_RUNS_OF_LARGE):
            _tell(f"API, {size} calls, pair {number + 1}")
            for server in sorted(runs, reverse=number % 2 == 0):
                with tempfile.TemporaryDirectory(dir=folder) as place:
                    counts = (str(size - size // 11), str(size // 11))
                    run, said = _measured("bench.api_calls", server, *counts, place)
                runs[server].append(run)
                if server == "ours":
                    megabytes = json.loads(said.splitlines()[-1])["megabytes"]
                    memory.setdefault(size, []).append(Run(megabytes, megabytes))
        limit = CALLS_SECONDS if size == CALLS else None
        ours, moto = runs["ours"], runs["moto"]
        before = Row("API calls, beside moto", size, ours, moto, before, limit)
        yield before
    few, many = memory.values()
    yield Row("MB after API calls", CALLS, many, few, most_ratio=MOST_MEMORY)


def _inventory(folder: Path) -> Row:
    """`make inventory` of a local cloud, by the clock: what an account allows is a matter of it."""
    runs: list[Run] = []
    for number in range(_RUNS_OF_LARGE):
        _tell(f"inventory, {ENTRIES} entries and {APIS} APIs, run {number + 1}")
        with tempfile.TemporaryDirectory(dir=folder) as place:
            counts = (str(ENTRIES), str(APIS), str(RATE))
            _, said = _measured("bench.inventory", *counts, place)
        wall = json.loads(said.splitlines()[-1])["wall"]
        runs.append(Run(wall, wall))
    return Row("inventory, by the clock", ENTRIES, runs, most_seconds=INVENTORY_SECONDS)


def _measured(
    module: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> tuple[Run, str]:
    """Run `python -m module arguments`; returns what it cost, and what it said.

    CPU time includes every process that it started and waited for: engine and provider too.

    Raises:
        RunFailedError: it didn't exit with 0.
    """
    command = [sys.executable, "-m", module, *arguments]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as out:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.terminate()  # interrupted: the child isn't to outlive us
            process.wait()
            raise
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read()
    if process.returncode != 0:
        tail = "\n".join(said.splitlines()[-12:])
        raise RunFailedError(f"{' '.join(command[2:])} exited with {process.returncode}:\n{tail}")
    return Run(usage.ru_utime + usage.ru_stime, wall), said


def _print(rows: Sequence[Row]) -> None:
    table = Table(title="CPU seconds, median and range; below them wall seconds")
    for heading in ("what", "size", "ours", "bare", "ratio", "each, ours/bare", "growth", ""):
        table.add_column(heading, no_wrap=True)
    for row in rows:
        table.add_row(
            row.what,
            f"{row.size:,}" if row.size is not None else "",
            *map(_spread, (row.ours, row.bare, row.ratios)),
            " / ".join(f"{1000 * one:.2f} ms" for one in row.each),
            f"{row.growth:.2f}" if row.growth is not None else "",
            "[red]missed: " + "; ".join(row.missed) if row.missed else "",
        )
    Console(width=None if os.isatty(1) else 140).print(table)


def _spread(runs: Sequence[Run]) -> str:
    parts = zip(*runs, strict=True)  # CPU, then wall
    return "\n".join(f"{median(part):.2f}, {min(part):.2f}-{max(part):.2f}" for part in parts)


def _least(runs: Sequence[Run]) -> float:
    return min(run.cpu for run in runs)


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
