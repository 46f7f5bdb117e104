"""The stack files that the tools' tests look at."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stack.settings import StackSettings
from stack.stack_file import StackFile
from tests.tools.promotions import Pair
from topologies import TOPOLOGIES

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def dev_settings() -> StackSettings:
    return StackFile(ROOT / "Pulumi.dev.yaml", "dev", TOPOLOGIES).settings


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Dev's stack file with one text replaced by another; called again, with both."""
    file = tmp_path / "trial.yaml"
    file.write_text((ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8"), encoding="utf-8")

    def replace(old: str, new: str) -> Path:
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        return file

    return replace


@pytest.fixture
def pair(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Pair:
    """Copies of dev's and staging's stack files, and `tools.promote` between them."""
    return Pair(tmp_path, capsys)
