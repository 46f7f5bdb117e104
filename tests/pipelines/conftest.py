"""A forge that pipelines tell, a service that gives them keys, and a machine with stand-ins."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipelines.forge_server import Server, forge_server
from tests.pipelines.machine import Machine
from tests.pipelines.token_service import TokenService, token_service


@pytest.fixture
def forge() -> Iterator[Server]:
    """GitHub and GitLab, with nothing told yet."""
    with forge_server() as server:
        yield server


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """The machine that jobs run on."""
    return Machine(tmp_path / "machine")


@pytest.fixture
def sts() -> Iterator[TokenService]:
    """The cloud's security token service."""
    with token_service() as service:
        yield service
