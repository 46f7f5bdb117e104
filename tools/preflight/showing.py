"""A preflight for people and for programs: what stands in the way, and what couldn't be told."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Final

from judging.preflight.asking import Row, Verdict
from stack.markdown import line, plain
from tools.plan.tables import page_of, table_of, titled

_HEADERS: Final = ("", "What", "Needed", "There", "Remedy")
_SHOWN: Final[Mapping[Verdict, str]] = {Verdict.REFUSED: "❌", Verdict.UNKNOWN: "❔"}
"""In this order. What is as needed is counted."""


def as_table(rows: Sequence[Row]) -> str:
    """For a terminal."""
    shown = _cells(rows, line, lambda verdict: verdict.value)
    if not shown:
        return f"{_counted(rows)}\n"
    return page_of([titled("Preflight"), table_of(_HEADERS, shown), "", _counted(rows)])


def as_markdown(rows: Sequence[Row]) -> str:
    """For a comment or a summary; names that others gave are shown as they are, and do nothing."""
    lines = [f"### Preflight: {_headline(rows)}", ""]
    if shown := _cells(rows, plain, lambda verdict: _SHOWN[verdict]):
        lines += [_row(_HEADERS), _row(["---"] * len(_HEADERS)), *map(_row, shown), ""]
    return "\n".join([*lines, _counted(rows)]) + "\n"


def as_json(rows: Sequence[Row]) -> str:
    """For a program: every question with its answer."""
    told = [{**asdict(row), "verdict": row.verdict.value} for row in rows]
    return json.dumps({"refused": stops(rows), "rows": told}, indent=2, ensure_ascii=False) + "\n"


FORMS: Final = {"table": as_table, "json": as_json, "markdown": as_markdown}


def stops(rows: Sequence[Row]) -> bool:
    """Whether the update would fail."""
    return any(one.verdict is Verdict.REFUSED for one in rows)


def _cells(
    rows: Sequence[Row], form: Callable[[str], str], mark: Callable[[Verdict], str]
) -> list[tuple[str, ...]]:
    """What isn't as needed, the worst first."""
    return [
        (mark(verdict), *map(form, (one.what, one.needed, one.there, one.remedy)))
        for verdict in _SHOWN
        for one in rows
        if one.verdict is verdict
    ]


def _headline(rows: Sequence[Row]) -> str:
    refused = sum(one.verdict is Verdict.REFUSED for one in rows)
    return f"{refused} in the way" if refused else "nothing in the way"


def _counted(rows: Sequence[Row]) -> str:
    if not rows:
        return "The account was asked nothing: nothing is made or changed that it could refuse."
    number = {verdict: sum(one.verdict is verdict for one in rows) for verdict in Verdict}
    return (
        f"Asked: {len(rows)}. As needed: {number[Verdict.FINE]}, "
        f"refused: {number[Verdict.REFUSED]}, unknown: {number[Verdict.UNKNOWN]}."
    )


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
