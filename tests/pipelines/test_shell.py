"""What a person is told of a command that doesn't start."""

from pathlib import Path

import pytest

from tools.pipeline.shell import run

INSTALL = "README.md says how to install it, under A real account"


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("pulumi", f"There is no pulumi on the PATH; {INSTALL}."),
        ("git", "There is no git on the PATH."),
    ],
)
def test_a_program_that_is_nowhere_is_named_with_what_to_do(
    program: str,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ended = run([program, "--version"], more={})
    assert (ended.code, ended.out) == (127, f"{told}\n")
    assert told in capsys.readouterr().err


def test_a_program_that_may_not_be_run_is_told_with_the_systems_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "pulumi").write_text("", "utf-8")
    ended = run(["pulumi"], more={})
    assert ended.out == "pulumi doesn't run: Permission denied\n"
