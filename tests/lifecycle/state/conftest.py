"""A stack with a secret, and a bucket that its state may be kept in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lifecycle.account import Account
from tests.lifecycle.state.kept import Kept
from tests.lifecycle.state.s3_server import S3Server, s3_server


@pytest.fixture
def kept(account: Account, tmp_path: Path) -> Kept:
    """The stack `prod`, under a passphrase of its own."""
    return Kept(account, tmp_path / "home")


@pytest.fixture
def bucket() -> Iterator[S3Server]:
    """A server with an empty bucket."""
    with s3_server() as server:
        yield server
