"""Code is looked at before anything is built: the folder, the handler's file, the handler."""

import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from stack.problems import Problem
from tests.stackfiles import where
from tests.topologies.functions import LOOKUP, lookup
from tests.topologies.unified import only
from topologies.functions.expand import with_code
from topologies.functions.settings import FunctionsSettings

HANDLER = "def handler(event, context):\n    return event\n"


def judged(folder: Path, **settings: object) -> list[Problem]:
    section = FunctionsSettings.model_validate({"f": {"code": "code", **settings}})
    expanded = with_code(section, folder)
    return [*expanded.problems, *expanded.warnings]


def written(folder: Path, name: str = "index.py", text: str = HANDLER) -> Path:
    file = folder / "code" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return folder


def test_a_folder_that_isnt_there_is_named_with_the_line_that_names_it() -> None:
    problem = only(lookup(code="tests/data/phone-lokup"))
    assert (where(problem), problem.value) == (f"{LOOKUP}.code", "tests/data/phone-lokup")
    assert problem.rule == "tests/data/phone-lokup: there is no such folder"
    assert problem.remedy == "give the folder that holds the code"


def test_a_folder_named_from_the_projects_root_is_named_from_the_stack_files(
    tmp_path: Path,
) -> None:
    (tmp_path / "Pulumi.yaml").touch()
    written(tmp_path)
    shop = tmp_path / "stacks/shop"
    shop.mkdir(parents=True)
    (problem,) = judged(shop)
    assert problem.rule.endswith("there is no such folder")
    assert problem.remedy == "paths begin at the stack file: write ../../code"
    assert judged(shop, code="../../code") == []


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (problem,) = judged(tmp_path)
    assert problem.path == ("functions", "f", "code")
    assert problem.rule.endswith("the folder is empty")


def test_code_is_beside_the_stack_file(tmp_path: Path) -> None:
    written(tmp_path)
    section = FunctionsSettings.model_validate({"f": {"code": "code"}})
    assert with_code(section, tmp_path).section.root["f"].code == str(tmp_path / "code")
    assert section.root["f"].code == "code"


def test_a_handler_whose_file_is_missing_gets_the_nearest_one(tmp_path: Path) -> None:
    written(tmp_path, "main.py")
    (problem,) = judged(tmp_path, handler="mian.handler")
    assert (problem.path, problem.value) == (("functions", "f", "handler"), "mian.handler")
    assert problem.rule == "the handler's file is mian.py, and code has none"
    assert problem.remedy == "did you mean main.handler?"


def test_a_handler_in_a_subfolder_is_found(tmp_path: Path) -> None:
    assert judged(written(tmp_path, "src/index.py"), handler="src/index.handler") == []


@pytest.mark.parametrize(
    ("handler", "rule"),
    [
        (f"{'a' * 300}.handler", "it can't be looked at: File name too long"),
        ("/etc/passwd.handler", "it leads out of the project, by its path or by a link"),
    ],
)
def test_a_handlers_file_is_judged_before_it_is_looked_at(
    tmp_path: Path, handler: str, rule: str
) -> None:
    (problem,) = judged(written(tmp_path), handler=handler)
    assert (problem.path, problem.rule) == (("functions", "f", "handler"), rule)


def test_a_handler_that_the_file_doesnt_define_gets_the_nearest_one(tmp_path: Path) -> None:
    (problem,) = judged(written(tmp_path), handler="index.handle")
    assert problem.rule == "the handler is handle in index.py, which defines none"
    assert problem.remedy == "did you mean index.handler?"


@pytest.mark.parametrize(
    "text",
    [
        "async def handler(e, c): ...",
        "class handler: ...",
        "handler = print",
        "handler: object = print",
        "from other import handler",
        "from other import main as handler",
        "if True:\n    def handler(e, c): ...",
    ],
)
def test_a_handler_may_come_from_anywhere(tmp_path: Path, text: str) -> None:
    assert judged(written(tmp_path, text=text)) == []


def test_code_that_isnt_python_is_mentioned_with_its_line(tmp_path: Path) -> None:
    (warning,) = judged(written(tmp_path, text="a = 1\ndef handler(:\n"))
    assert warning.path == ("functions", "f", "code")
    assert warning.rule == "code can't be read as Python here: invalid syntax (index.py, line 2)"


def test_code_with_a_null_byte_is_mentioned(tmp_path: Path) -> None:
    (warning,) = judged(written(tmp_path, text="def handler(): ...\0"))
    assert "can't be read as Python here: source code" in warning.rule


def test_code_is_read_by_many_threads_at_once(tmp_path: Path) -> None:
    # A program and the driver of its update read the same file in one process. Garbage that is
    # collected while one reads lets another begin.
    text = "".join(f"def f{n}(e, c):\n    return [{{1: (2, 3)}}, e, c]\n" for n in range(200))
    written(tmp_path, text=f"{text}\nhandler = f1\n")

    def collecting(*_: object) -> None:
        sum(range(100))

    switch = sys.getswitchinterval()
    gc.callbacks.append(collecting)
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            found = [threads.submit(judged, tmp_path) for _ in range(100)]
            assert [one.result() for one in found] == [[]] * 100
    finally:
        sys.setswitchinterval(switch)
        gc.callbacks.remove(collecting)


@pytest.mark.parametrize(
    ("runtime", "file"),
    [("nodejs20", "index.js"), ("php7.2", "index.php"), ("python3.9", "index.py")],
)
def test_each_language_has_its_own_ending(tmp_path: Path, runtime: str, file: str) -> None:
    assert judged(written(tmp_path, file), runtime=runtime) == []
    (tmp_path / "code" / file).rename(tmp_path / "code" / "other.txt")
    (problem,) = judged(tmp_path, runtime=runtime)
    assert f"the handler's file is {file}" in problem.rule
