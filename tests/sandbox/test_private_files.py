"""What the sandbox keeps holds secrets as the cloud got them: its owner alone reads it."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.accounts import paths_of
from sandbox.cloud import Store
from sandbox.paths import SANDBOX_VARIABLE
from sandbox.pulumi_cli import account
from stack.target import target

ROOT = Path(__file__).resolve().parents[2]
OPENS = """
import sys
from pathlib import Path
from sandbox.cloud import Store
Store(Path(sys.argv[1])).close()
"""


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


def test_opening_a_store_again_lets_no_other_process_take_it_apart(tmp_path: Path) -> None:
    """SQLite removes its files when the last one closes it; by its locks it knows who is there."""
    file = tmp_path / "cloud.db"
    store = Store(file)
    Store(file)
    for other in range(3):
        subprocess.run([sys.executable, "-c", OPENS, str(file)], cwd=ROOT, check=True)
        store.entry_seconds = float(other)
        assert (tmp_path / "cloud.db-wal").exists()
    store.close()


def test_states_and_stack_files_lie_in_folders_of_their_owners(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SANDBOX_VARIABLE, str(tmp_path / "sandbox"))
    paths = paths_of(ROOT, target("dev", None, ROOT))
    paths.folder.mkdir(parents=True)
    paths.prepare()
    for folder in (paths.folder, paths.state, paths.work, paths.home):
        assert mode(folder) == 0o700, folder


def test_so_does_the_account_of_the_cli(tmp_path: Path) -> None:
    account({}, tmp_path / "account")
    assert mode(tmp_path / "account") == 0o700
