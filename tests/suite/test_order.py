"""In which order the tests run, and what a whole run is held against."""

from types import SimpleNamespace
from typing import cast

import pytest

from tests.conftest import dealt
from tests.suite.uses import Uses


def items(words: str) -> list[pytest.Item]:
    """Tests by their names; those in capitals have an engine."""

    def item(name: str) -> pytest.Item:
        def get_closest_marker(marker: str) -> str | None:
            return marker if name.isupper() else None

        made = SimpleNamespace(name=name, get_closest_marker=get_closest_marker)
        return cast("pytest.Item", made)

    return [item(name) for name in words.split()]


@pytest.mark.parametrize(
    ("workers", "order"),
    [(1, "B D F a c e g h"), (2, "B F a c D e g h"), (3, "B a D c e F g h")],
)
def test_each_worker_begins_with_its_share_of_the_long_ones(workers: int, order: str) -> None:
    given = items("a B c D e F g h")
    assert " ".join(one.name for one in dealt(given, workers)) == order


def test_a_file_that_is_read_and_isn_t_named_is_told_with_who_reads_it(uses: Uses) -> None:
    reading, other = "tests/docs/test_doc_state.py", "tests/sandbox/test_cloud_store.py"
    opened = {
        "docs/state.md": {reading, other, "tests/suite/test_uses.py"},
        "tools/__pycache__/route.cpython-311.pyc": {other},
        "tools/__pycache__/route.cpython-311-pytest-9.2.0.pyc": {other},
        ".pytest_cache/of/a/run": {other},
    }
    assert uses.missed(opened) == [
        f"{other} uses docs/state.md",
        f"{other} uses tools/route.py",
    ]
