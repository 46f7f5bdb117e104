"""`python -m tools COMMAND`: every command is found by its name, and make speaks of no other."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.made import ROOT
from tools.__main__ import COMMANDS, main


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_a_module_that_can_be_run(name: str) -> None:
    assert callable(importlib.import_module(COMMANDS[name][0]).main)


def test_make_starts_commands_that_there_are() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    started = set(re.findall(r"\$\(RUN\) tools ([\w-]+)", makefile))
    assert started <= COMMANDS.keys()
    by_pipelines_and_by_hand = {"assume-role", "forge", "settle"}
    assert COMMANDS.keys() - started == by_pipelines_and_by_hand


IN_THE_SANDBOX = [
    one for one, where in COMMANDS.items() if where[0] == "tools.sandbox.__main__"
] + ["outputs", "adopt"]


@pytest.mark.parametrize(
    "name", [*IN_THE_SANDBOX, "rehearse --account", "adopt --account", "review", "deploy", "drift"]
)
def test_a_command_begins_with_where_it_works(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Before anything else is said, whatever becomes of it: this stack file is refused."""
    (tmp_path / "Pulumi.shop.yaml").write_text("config: {}\n", "utf-8")
    monkeypatch.setenv("PATH", "")
    for module in (
        "tools.outputs",
        "tools.sandbox.__main__",
        "tools.adopt.__main__",
        "tools.pipeline.review",
        "tools.pipeline.drift",
    ):
        monkeypatch.setattr(f"{module}.ROOT", tmp_path)
    monkeypatch.setattr("tools.pipeline.reports.ROOT", tmp_path)
    is_new = name.startswith("adopt")
    stack = "new" if is_new else "shop"
    more = ["--list", "none.yaml"] if is_new else []
    assert main([*name.split(), *more, "--stack", stack]) != 0
    said = capsys.readouterr().err
    where = "Sandbox" if name in IN_THE_SANDBOX else "Account"
    assert said.startswith(f"{where}: {stack}, ")


@pytest.mark.parametrize("words", [[], ["pln"]])
def test_a_command_that_there_is_not_is_told_which_there_are(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 1
    assert "plan, preview, up" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_a_wrong_call_ends_with_what_the_command_says_of_it(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With 2 where that means that nothing was judged; 2 is for refused files elsewhere."""
    with pytest.raises(SystemExit) as ended:
        main([name, "--nonsense"])
    judges = {"guard", "review", "deploy", "drift", "preflight"}
    assert ended.value.code == (2 if name in judges else 1)
    assert "usage: python -m tools" in capsys.readouterr().err


@pytest.mark.parametrize(("word", "code"), [("stacks", 0), ("pln", 1)])
def test_a_command_that_ends_is_not_searched_for_garbage(word: str, code: int) -> None:
    """Its process is asked as late as can be, what there is to search through."""
    asking = (
        "import atexit, gc, runpy; "
        "atexit.register(lambda: print(len(gc.get_objects()), 'to be searched')); "
        "runpy.run_module('tools', run_name='__main__', alter_sys=True)"
    )
    done = subprocess.run(
        [sys.executable, "-c", asking, word], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == code
    assert done.stdout.splitlines()[-1] == "0 to be searched"
