"""What the tests of the suite share: a look at the whole repository takes a second."""

from pathlib import Path

import pytest

from tests.suite.changed import files_of
from tests.suite.uses import Uses

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def uses() -> Uses:
    """Which tests use which files, as they are now."""
    return Uses(ROOT, files_of(ROOT))
