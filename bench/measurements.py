"""The four measurements. Each runs its programs in turn and returns rows in order of size."""

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.figures import MOST_RATIO, PLAN_SECONDS, VALIDATION_SECONDS, Row, Run
from bench.processes import measured, output_of
from bench.registered import differences
from bench.workload import workload, write_workload

Say = Callable[[str], None]


@dataclass(frozen=True)
class Sizes:
    """How many mappings, and how many pairs of runs for each."""

    alone: dict[int, int]
    preview: dict[int, int]
    validation: dict[int, int]
    plan: int

    @property
    def all(self) -> set[int]:
        """Every size that is measured."""
        return {*self.alone, *self.preview, *self.validation}


# Five pairs where a run takes seconds, fewer where it takes many: six minutes on two cores.
FULL = Sizes(
    alone={10: 5, 100: 5, 1000: 3},
    preview={10: 5, 100: 5, 1000: 3},
    validation={1000: 5, 10_000: 5},
    plan=5,
)
QUICK = Sizes(
    alone={10: 2, 100: 2, 400: 2},
    preview={10: 2, 100: 1},
    validation={1000: 2, 10_000: 2},
    plan=2,
)


class Bench:
    """Measures with workloads that lie in a folder of its own."""

    def __init__(self, folder: Path, sizes: Sizes, say: Say) -> None:
        """Write every workload that will be needed."""
        self._folder, self._sizes, self._say = folder, sizes, say
        self._log = folder / "log.txt"
        for size in sizes.all:
            place = self._place(size)
            place.mkdir()
            write_workload(workload(size), place)

    def compare(self) -> list[str]:
        """What the two programs register differently; also warms Python's caches."""
        size = min(self._sizes.alone)
        ours, bare = (
            json.loads(output_of("bench.mocked", [program, *self._size(size), "--list"]))
            for program in ("ours", "bare")
        )
        return differences(ours, bare)

    def alone(self) -> list[Row]:
        """The programs under mocks. No limit of their own: the promise is about previews."""

        def run(program: str, size: int) -> Run:
            return measured("bench.mocked", [program, *self._size(size)], self._log)

        return self._pairs("program alone, mocks", self._sizes.alone, run, None)

    def preview(self, engine: Path) -> list[Row]:
        """The programs under the real engine, with a new sandbox each time."""

        def run(program: str, size: int) -> Run:
            with tempfile.TemporaryDirectory(dir=self._folder) as place:
                arguments = [program, *self._size(size), str(engine), place]
                return measured("bench.previewed", arguments, self._log)

        return self._pairs("preview, real engine", self._sizes.preview, run, MOST_RATIO)

    def validation(self) -> list[Row]:
        """Reading a stack file, and judging it."""
        reading: list[Row] = []
        judging: list[Row] = []
        for size, count in self._sizes.validation.items():
            self._say(f"validation, {size} mappings")
            done = [
                json.loads(output_of("bench.judging", [str(self._place(size))]))
                for _ in range(count)
            ]
            limit = VALIDATION_SECONDS if size == max(self._sizes.validation) else None
            reads, judges = ([Run(d[key], d[key]) for d in done] for key in ("read", "judge"))
            reading.append(Row("reading the stack file", size, reads))
            what = "validation, types and rules"
            judging.append(Row(what, size, judges, most_seconds=limit))
        return [*judging, *reading]

    def plan(self) -> list[Row]:
        """`make plan FORMAT=json` on the dev stack."""
        self._say("make plan on the dev stack")
        arguments = ["--stack", "dev", "--format", "json"]
        runs = [measured("tools.plan", arguments, self._log) for _ in range(self._sizes.plan)]
        return [Row("make plan, dev stack", None, runs, most_seconds=PLAN_SECONDS)]

    def _pairs(
        self,
        what: str,
        counts: dict[int, int],
        run: Callable[[str, int], Run],
        most_ratio: float | None,
    ) -> list[Row]:
        rows: list[Row] = []
        for size, count in counts.items():
            runs: dict[str, list[Run]] = {"ours": [], "bare": []}
            for number in range(count):
                self._say(f"{what}, {size} mappings, pair {number + 1} of {count}")
                # Who goes first takes turns: the second finds the machine warmer.
                for program in _in_turn(number):
                    runs[program].append(run(program, size))
            rows.append(Row(what, size, runs["ours"], runs["bare"], most_ratio))
        return rows

    def _place(self, size: int) -> Path:
        return self._folder / str(size)

    def _size(self, size: int) -> list[str]:
        return [str(size), str(self._place(size))]


def _in_turn(number: int) -> Sequence[str]:
    return ("ours", "bare") if number % 2 == 0 else ("bare", "ours")
