"""The laboratory as a fixture, where this machine lets us make network namespaces."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.routing.eni_lab import Lab, NoNamespacesError, lab


@pytest.fixture
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A server whose second card was just plugged in; parametrized indirectly, as `lab` is."""
    try:
        with lab(tmp_path, **getattr(request, "param", {})) as made:
            yield made
    except NoNamespacesError as error:
        pytest.skip(f"network namespaces can't be made here: {error}")
