"""A repository whose pipelines run on the simulated cloud, and a forge that they tell."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.engine import find_engine
from tests.lifecycle.account import Account
from tests.pipelines.forge_server import Server, forge_server
from tests.pipelines.token_service import TokenService, token_service


@pytest.fixture
def forge() -> Iterator[Server]:
    """GitHub and GitLab, with nothing told yet."""
    with forge_server() as server:
        yield server


@pytest.fixture
def account(tmp_path: Path) -> Account:
    """A copy of the project with `pulumi` on the simulated cloud; its stacks aren't made yet."""
    return Account.made(tmp_path / "project", find_engine(print))


@pytest.fixture
def sts() -> Iterator[TokenService]:
    """The cloud's security token service."""
    with token_service() as service:
        yield service
