"""What tests of documents share."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wheels import installed


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The library as its wheel installs it, where examples find it by its own name."""
    with pytest.MonkeyPatch.context() as patched:
        place = installed(tmp_path_factory.mktemp("library"))
        patched.setattr(sys, "path", [str(place), *sys.path])
        yield place
