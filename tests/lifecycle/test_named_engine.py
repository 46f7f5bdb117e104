"""An engine that the user names."""

from pathlib import Path

import pytest

from sandbox.engine import ENGINE_VARIABLE
from tests.lifecycle.conftest import Stack

pytestmark = pytest.mark.engine


def test_an_engine_may_have_any_name(stack: Stack, tmp_path: Path) -> None:
    engine = tmp_path / "pulumi-of-mine"
    engine.symlink_to(stack.environment[ENGINE_VARIABLE])
    stack.environment[ENGINE_VARIABLE] = str(engine)
    ended = stack.succeed("preview")
    assert f"named by {ENGINE_VARIABLE} ({engine})" in ended.err
