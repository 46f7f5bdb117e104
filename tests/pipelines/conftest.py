"""A forge that pipelines tell, a service that gives them keys, and a machine with stand-ins."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.engine import find_engine
from sandbox.provider_process import provider
from tests.lifecycle.account import Account
from tests.pipelines.forge_server import Server, forge_server
from tests.pipelines.machine import ROOT, Machine
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


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    """A copy of the project, and the CLI itself on a cloud that is served as long as the test."""
    made = Account.made(tmp_path / "project", find_engine(print))
    with provider(made.file(".sandbox/account/cloud.db"), ROOT) as port:
        made.environment |= {
            "PULUMI_CONFIG_PASSPHRASE": "correct horse",
            "PULUMI_DEBUG_PROVIDERS": f"alicloud:{port}",
        }
        yield made
