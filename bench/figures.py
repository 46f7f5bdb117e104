"""The arithmetic of the bench: pairs of runs into ratios, sizes into growth, both into verdicts.

CPU seconds are judged, wall seconds are only shown: on a busy machine the second say as much about
the neighbours. A ratio is taken pair by pair, since the two runs of a pair met the same neighbours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

MOST_RATIO = 1.10
"""A preview's cost beside the bare program's ("Speed" in the design)."""

MOST_GROWTH = 2.5
"""How much faster a run's cost grows than the number of mappings. In step with the number it is at
most 1 (starting costs the same for all); in step with its square, ten times the mappings make it
10. Between them is room for noise, and for Python's garbage collector on large stack files."""

VALIDATION_SECONDS = 1.0
"""CPU seconds that judging 10,000 mappings may take."""

PLAN_SECONDS = 2.0
"""CPU seconds that `make plan` may take on the dev stack."""


@dataclass(frozen=True)
class Run:
    """What one run cost, its child processes included; seconds."""

    cpu: float
    wall: float


@dataclass(frozen=True)
class Spread:
    """A median and what it stands for."""

    least: float
    median: float
    most: float


@dataclass(frozen=True)
class Row:
    """One measurement: runs of ours, and as many of the bare program's if there is one."""

    what: str
    size: int | None
    ours: Sequence[Run]
    bare: Sequence[Run] = ()
    most_ratio: float | None = None
    most_seconds: float | None = None

    @property
    def ratio(self) -> Spread | None:
        """Ours to bare in CPU, pair by pair."""
        return _ratio([run.cpu for run in self.ours], [run.cpu for run in self.bare])

    @property
    def wall_ratio(self) -> Spread | None:
        """Ours to bare in wall time, pair by pair."""
        return _ratio([run.wall for run in self.ours], [run.wall for run in self.bare])


@dataclass(frozen=True)
class Judged:
    """A row with what takes its neighbours to say."""

    row: Row
    per_mapping: float | None
    """CPU seconds of one more mapping, between the size before and this one."""

    bare_per_mapping: float | None
    growth: float | None
    """How often this row costs the one before, beside how often it has its mappings."""

    missed: tuple[str, ...]


def spread(values: Sequence[float]) -> Spread:
    """Least, median and most of some values."""
    return Spread(min(values), median(values), max(values))


def judged(rows: Sequence[Row]) -> list[Judged]:
    """Rows with growth and verdicts; rows of one measurement stand in order of size."""
    done: list[Judged] = []
    for row in rows:
        before = done[-1] if done and done[-1].row.what == row.what else None
        per_mapping = _step(before and before.row, row, of_bare=False)
        growth = _growth(before.row, row) if before is not None else None
        bare = _step(before and before.row, row, of_bare=True)
        done.append(Judged(row, per_mapping, bare, growth, tuple(_missed(row, growth))))
    return done


def _ratio(ours: Sequence[float], bare: Sequence[float]) -> Spread | None:
    return spread([a / b for a, b in zip(ours, bare, strict=True)]) if bare else None


def _growth(before: Row, row: Row) -> float | None:
    if not before.size or not row.size:
        return None
    cost = min(run.cpu for run in row.ours) / min(run.cpu for run in before.ours)
    return cost / (row.size / before.size)


def _step(before: Row | None, row: Row, *, of_bare: bool) -> float | None:
    """CPU seconds for each mapping more than in the row before.

    Between least values: noise only ever adds to a run, and a difference has twice of it.
    """
    if before is None or before.size is None or row.size is None:
        return None
    small, large = (before.bare, row.bare) if of_bare else (before.ours, row.ours)
    if not small or not large:
        return None
    more = min(run.cpu for run in large) - min(run.cpu for run in small)
    return more / (row.size - before.size)


def _missed(row: Row, growth: float | None) -> list[str]:
    missed: list[str] = []
    if row.most_ratio is not None and row.ratio is not None and row.ratio.median > row.most_ratio:
        missed.append(f"ratio {row.ratio.median:.2f} > {row.most_ratio:.2f}")
    if growth is not None and growth > MOST_GROWTH:
        missed.append(f"growth {growth:.1f} > {MOST_GROWTH}")
    seconds = median(run.cpu for run in row.ours)
    if row.most_seconds is not None and seconds >= row.most_seconds:
        missed.append(f"{seconds:.2f} s >= {row.most_seconds:g} s")
    return missed
