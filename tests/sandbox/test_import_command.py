"""`make import`: files that can't be imported are told before an engine is looked for."""

from pathlib import Path

import pytest

import tools.sandbox.__main__ as sandbox_command


@pytest.mark.parametrize(
    ("text", "said"),
    [(None, "can't be read"), ("{", "is no JSON"), ("[]", "it needs a list of resources")],
)
def test_a_file_that_isnt_an_import_file_is_told(
    tmp_path: Path, text: str | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "adopt.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    assert sandbox_command.main(["import", "--stack", "dev", "--file", str(file)]) == 1
    assert said in capsys.readouterr().err


def test_without_a_file_the_command_says_how_to_give_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert sandbox_command.main(["import", "--stack", "dev", "--file", ""]) == 1
    assert "make import FILE=adopt.json STACK=dev\n" in capsys.readouterr().err
