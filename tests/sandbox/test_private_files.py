"""What the sandbox keeps holds secrets as the cloud got them: its owner alone reads it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.cloud.store import Store
from sandbox.paths import SANDBOX_VARIABLE, Paths
from sandbox.pulumi_cli import account
from tools.target import target

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def everybody_may_read() -> Iterator[None]:
    """The mask of a machine whose users trust each other."""
    before = os.umask(0o000)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_clouds_store_and_all_its_files_are_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "dev" / "cloud.db"
    store = Store(file)
    store.entry_seconds = 0.5
    files = [*file.parent.iterdir()]
    assert {one.name for one in files} >= {"cloud.db", "cloud.db-wal"}
    assert {oct(mode(one)) for one in files} == {"0o600"}
    assert mode(file.parent) == 0o700
    store.close()


def test_a_store_that_everybody_could_read_no_longer_is(tmp_path: Path) -> None:
    file = tmp_path / "cloud.db"
    Store(file).close()
    file.chmod(0o644)
    Store(file).close()
    assert mode(file) == 0o600


def test_states_and_stack_files_lie_in_folders_of_their_owners(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SANDBOX_VARIABLE, str(tmp_path / "sandbox"))
    paths = Paths(ROOT, target("dev", None, ROOT))
    paths.folder.mkdir(parents=True)
    paths.prepare()
    for folder in (paths.folder, paths.state, paths.work, paths.home):
        assert mode(folder) == 0o700, folder


def test_so_does_the_account_of_the_cli(tmp_path: Path) -> None:
    account({}, tmp_path / "account")
    assert mode(tmp_path / "account") == 0o700
