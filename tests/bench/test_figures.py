"""The arithmetic of the bench, and what it calls a missed limit."""

from collections.abc import Sequence

import pytest

from bench.figures import MOST_RATIO, Row, Run, Spread, judged
from bench.report import as_json, missed


def runs(*cpu: float) -> tuple[Run, ...]:
    return tuple(Run(seconds, seconds * 2) for seconds in cpu)


def grown(*cpu: float) -> list[Row]:
    sizes = (10, 100, 1000)
    return [Row("growing", size, runs(c)) for size, c in zip(sizes, cpu, strict=True)]


def verdicts(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    return [row.missed for row in judged(rows)]


def test_a_ratio_is_taken_pair_by_pair() -> None:
    row = Row("a", 10, runs(1.0, 4.0, 3.0), runs(1.0, 2.0, 2.0))
    assert row.ratio == Spread(1.0, 1.5, 2.0)
    assert row.wall_ratio == row.ratio


def test_without_a_bare_program_there_is_no_ratio() -> None:
    assert Row("a", 10, runs(1.0)).ratio is None


def test_a_pair_that_lost_its_partner_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        _ = Row("a", 10, runs(1.0, 2.0), runs(1.0)).ratio


def test_the_cost_of_a_mapping_leaves_out_what_starting_costs() -> None:
    rows = judged(grown(1.0, 1.9, 10.9))
    assert [row.per_mapping for row in rows] == [None, pytest.approx(0.01), pytest.approx(0.01)]


def test_growth_in_step_with_the_number_is_at_most_one_and_within_limits() -> None:
    last = judged(grown(0.1, 1.0, 10.0))[-1]
    assert last.growth == pytest.approx(1.0)
    assert last.missed == ()


def test_growth_in_step_with_the_square_is_missed_in_spite_of_what_starting_costs() -> None:
    square = [1 + n * n / 10_000 for n in (10, 100, 1000)]
    last = judged(grown(*square))[-1]
    assert last.growth == pytest.approx(5.05)
    assert "growth" in last.missed[0]


def test_rows_of_another_measurement_are_not_a_step_before() -> None:
    first, second = judged([Row("a", 10, runs(1.0)), Row("b", 100, runs(2.0))])
    assert first.per_mapping is second.per_mapping is None


def test_a_ratio_just_above_the_limit_is_missed_and_one_at_the_limit_is_not() -> None:
    at, above = (
        Row("a", size, runs(cpu), runs(1.0), most_ratio=MOST_RATIO)
        for size, cpu in ((10, 1.10), (20, 1.12))
    )
    assert verdicts([at]) == [()]
    assert verdicts([above]) == [("ratio 1.12 > 1.10",)]


def test_a_limit_in_seconds_goes_by_the_median_run() -> None:
    kept = Row("a", None, runs(0.5, 0.6, 9.0), most_seconds=1.0)
    broken = Row("a", None, runs(0.5, 1.2, 1.1), most_seconds=1.0)
    assert verdicts([kept, broken]) == [(), ("1.10 s >= 1 s",)]


def test_the_report_says_what_was_missed_and_where() -> None:
    rows = judged([Row("preview", 1000, runs(2.0), runs(1.0), most_ratio=MOST_RATIO)])
    assert missed(rows) == ["preview, 1,000 mappings: ratio 2.00 > 1.10"]
    assert '"ratio 2.00 > 1.10"' in as_json(rows)
