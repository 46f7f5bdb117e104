"""make hands on what it is told, as it was told, and runs none of it.

Whoever may set a variable (a name in a stack file that a suggestion quotes, an input of a pipeline)
must not have it run. Each target is tried with each variable, said on the command line and in the
environment.
"""

import re
import shutil
from itertools import product
from pathlib import Path

import pytest

from tests.made import ROOT, made

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = sorted(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
VARIABLES = sorted(
    {
        *re.findall(
            r"\b([A-Z][A-Z_]+)\b", "".join(re.findall(r"(?:\$\$|\{|,)\{?[A-Z_]+\b", MAKEFILE))
        )
    }
    | {*re.findall(r"\b([A-Z_]+)=", MAKEFILE)}
    | {"VENV", "RUN", "WHICH", "FORMATTED", "LOCKED", "OLDEST_TESTS", "REHEARSE", "SHELLED"}
)
ATTACKS = (
    "$(shell touch planted)",
    "$$(touch planted)",
    "$(touch planted)",
    "`touch planted`",
    '"; touch planted; "',
    "'; touch planted; '",
    "x; touch planted",
    "x\n\ttouch planted",
    "${shell touch planted}",
    "$(eval X:=$(shell touch planted))",
    "a$(error planted)b",
)


def test_what_is_tried_is_all_there_is() -> None:
    assert len(TARGETS) > 25
    assert {
        *("STACK", "CONFIG", "ALLOW", "APPROVED", "AFTER", "PREVIEW", "FORMAT", "POLICY", "ARGS"),
        *("FROM", "TO", "SET", "REMOVE", "CHECK", "URL", "FILE", "LIST", "STATE", "VERSION"),
        *("METHOD", "IP", "APP", "CLAIM", "HEADER", "ADDRESS", "EIP", "INSTANCE", "BASE"),
        *("ROLE", "ACCOUNT", "BREAK_GLASS", "OUT", "PYTHON", "UPGRADE"),
    } <= set(VARIABLES)


@pytest.mark.parametrize("target", TARGETS)
def test_no_target_runs_what_a_variable_says(target: str, tmp_path: Path) -> None:
    # What is set says where; a target that runs it leaves `planted` behind.
    for attack, on_the_line in product(ATTACKS, (True, False)):
        values = dict.fromkeys(VARIABLES, attack)
        line = [f"{name}={value}" for name, value in values.items()] if on_the_line else []
        made(["make", target, *line], tmp_path, {} if on_the_line else values)
        left = [path for path in tmp_path.rglob("planted*") if path.is_file()]
        assert left == [], f"{attack} was run by make {target}"
        shutil.rmtree(tmp_path / ".venv", ignore_errors=True)


def test_no_variable_that_a_user_may_set_is_read_by_make() -> None:
    ours = {"VENV", "RUN", "WHICH", "FORMATTED", "LOCKED", "OLDEST_TESTS", "MAKE"}
    assert set(re.findall(r"(?<!\$)\$[({]([A-Z_]+)[)}]", MAKEFILE)) <= ours
    assert set(re.findall(r"^(?:override )?([A-Z_]+)\s*[:?+]?=", MAKEFILE, re.MULTILINE)) < ours
    for name in ours - {"MAKE"}:
        assert re.search(rf"^override {name} :?=", MAKEFILE, re.MULTILINE)


ALLOWED = "$(touch planted)\"; touch planted; echo '`touch planted`"
HANDED_ON: dict[str, tuple[dict[str, str], list[str]]] = {
    "review": ({}, ["--stack", "staging", "--allow", ALLOWED, "--after", "dev"]),
    "deploy": (
        {"APPROVED": "seen"},
        ["--stack", "staging", "--allow", ALLOWED, "--after", "dev", "--approved", "seen"],
    ),
    "drift": ({}, ["--stack", "staging"]),
}


@pytest.mark.parametrize("what", HANDED_ON)
@pytest.mark.parametrize("on_the_line", [True, False])
def test_what_is_said_arrives_as_it_was_said(what: str, *, on_the_line: bool) -> None:
    more, told = HANDED_ON[what]
    given = {"STACK": "staging", "ALLOW": ALLOWED, "AFTER": "dev", **more}
    line = [f"{key}={value}" for key, value in given.items()] if on_the_line else []
    calls = made(["make", "-s", what, *line], None, {} if on_the_line else given)
    assert calls == [["-m", "tools", what, *told]]


@pytest.mark.parametrize("value", [*ATTACKS, "a b", "$", "#", "\\", "a\nb", "a  b ", "$(STACK)"])
def test_any_text_arrives_whole(value: str) -> None:
    if "\n" not in value:  # what stands on a line
        assert made(["make", "guard", f"ALLOW={value}"]) == made(
            ["make", "guard"], environment={"ALLOW": value}
        )
    (call,) = made(["make", "guard"], environment={"ALLOW": value})
    assert call == ["-m", "tools", "guard", "--allow", value, "--format", "table"]


def test_an_approval_that_is_empty_is_handed_on_and_one_that_isnt_given_is_not() -> None:
    for given in (
        made(["make", "deploy", "APPROVED="]),
        made(["make", "deploy"], environment={"APPROVED": ""}),
    ):
        assert given[0][-2:] == ["--approved", ""]
    (by_hand,) = made(["make", "deploy"])
    assert "--approved" not in by_hand


def test_a_part_of_the_tests_is_several_words_and_no_pattern(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    (call,) = made(["make", "test", "ARGS=tests/stack -k v* *"], tmp_path)
    assert call[-4:] == ["tests/stack", "-k", "v*", "*"]
