"""What the bench says: one table for people, one JSON document for machines."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.figures import Judged, Run, Spread, spread


def as_json(rows: Sequence[Judged]) -> str:
    """The whole report, with every run."""
    document = {
        "machine": {"python": platform.python_version(), "cores": os.cpu_count()},
        "rows": [_row(judged) for judged in rows],
        "missed": missed(rows),
    }
    return json.dumps(document, indent=2)


def print_table(rows: Sequence[Judged]) -> None:
    """The report on standard output."""
    table = Table(title="CPU seconds, median and range; below it wall seconds")
    table.add_column("what")
    for heading in ("mappings", "ours", "bare", "ratio", "each, ours/bare", "growth"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("verdict")
    for judged in rows:
        row = judged.row
        table.add_row(
            row.what,
            f"{row.size:,}" if row.size is not None else "",
            _seconds(row.ours),
            _seconds(row.bare),
            _ratios(row.ratio, row.wall_ratio),
            _each(judged),
            f"{judged.growth:.2f}" if judged.growth is not None else "",
            _verdict(judged),
        )
    Console(width=None if os.isatty(1) else 140).print(table)


def missed(rows: Sequence[Judged]) -> list[str]:
    """Every limit that was missed, in words."""
    return [
        f"{judged.row.what}{_of(judged.row.size)}: {what}"
        for judged in rows
        for what in judged.missed
    ]


def _of(size: int | None) -> str:
    return f", {size:,} mappings" if size is not None else ""


def _row(judged: Judged) -> dict[str, Any]:
    row = judged.row
    return {
        "what": row.what,
        "size": row.size,
        "ours": [asdict(run) for run in row.ours],
        "bare": [asdict(run) for run in row.bare],
        "ratio": asdict(row.ratio) if row.ratio else None,
        "wallRatio": asdict(row.wall_ratio) if row.wall_ratio else None,
        "secondsPerMapping": judged.per_mapping,
        "bareSecondsPerMapping": judged.bare_per_mapping,
        "growth": judged.growth,
        "missed": list(judged.missed),
    }


def _seconds(runs: Sequence[Run]) -> str:
    if not runs:
        return ""
    cpu, wall = spread([run.cpu for run in runs]), spread([run.wall for run in runs])
    return f"{_spread(cpu)}\n({_spread(wall)})"


def _ratios(cpu: Spread | None, wall: Spread | None) -> str:
    return f"{_spread(cpu)}\n({_spread(wall)})" if cpu is not None and wall is not None else ""


def _spread(values: Spread) -> str:
    return f"{values.median:.2f}, {values.least:.2f}-{values.most:.2f}"


def _each(judged: Judged) -> str:
    if judged.per_mapping is None:
        return ""
    each = f"{judged.per_mapping * 1000:.2f}"
    if judged.bare_per_mapping is not None:
        each += f" / {judged.bare_per_mapping * 1000:.2f}"
    return f"{each} ms"


def _verdict(judged: Judged) -> str:
    row = judged.row
    if judged.missed:
        return "[red]missed: " + "; ".join(judged.missed)
    limited = row.most_ratio or row.most_seconds or judged.growth is not None
    return "[green]within" if limited else ""
