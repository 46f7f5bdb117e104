"""make hands on what it is told, as it was told, and runs none of it.

Whoever may set a variable (a name in a stack file that a suggestion quotes, an input of a pipeline)
must not have it run. Each target is tried with each variable, said on the command line and in the
environment.
"""

import os
import re
import shutil
import subprocess
from itertools import product
from pathlib import Path

import pytest

from stack.command_line import NOT_JUDGED
from tests.made import ROOT, made
from tools.__main__ import main as tools

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = sorted({"help", *re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE)})
VARIABLES = sorted(
    {
        *re.findall(
            r"\b([A-Z][A-Z_]+)\b", "".join(re.findall(r"(?:\$\$|\{|,)\{?[A-Z_]+\b", MAKEFILE))
        )
    }
    | {*re.findall(r"\b([A-Z_]+)=", MAKEFILE)}
    | {"VENV", "RUN", "WHICH", "FORMATTED", "LOCKED", "REHEARSED", "OLDEST_TESTS", "TARGETS"}
    | {"ASKED", "SAID", "CHOSEN", "NO_SUCH"}
)
EVERYTHING = [*VARIABLES, "MAKECMDGOALS"]
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


def refusal(*words: str, **environment: str) -> str:
    """What make says instead of doing anything."""
    ended = subprocess.run(
        ["make", "--dry-run", *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if ended.returncode == 0 else ended.stderr


def taken(target: str) -> list[str]:
    """The variables that a target takes, as it says itself."""
    said = refusal(target, "NO_SUCH=1")
    told = re.search(r"make (\S+) doesn't take NO_SUCH; it takes (no variable|[A-Z_ ]+)\.", said)
    assert told, said
    assert told[1] == target
    return re.findall("[A-Z_]+", told[2])


def test_what_is_tried_is_all_there_is() -> None:
    assert len(TARGETS) > 25
    assert {
        *("STACK", "CONFIG", "ALLOW", "APPROVED", "AFTER", "PREVIEW", "FORMAT", "POLICY", "ARGS"),
        *("FROM", "TO", "SET", "REMOVE", "CHECK", "URL", "FILE", "LIST", "GATEWAY", "VERSION"),
        *("METHOD", "IP", "APP", "CLAIM", "HEADER", "ADDRESS", "EIP", "INSTANCE", "BASE"),
        *("ROLE", "ACCOUNT", "BREAK_GLASS", "OUT", "PYTHON", "UPGRADE"),
    } <= set(VARIABLES)


@pytest.mark.parametrize("target", TARGETS)
def test_no_target_runs_what_a_variable_says(target: str, tmp_path: Path) -> None:
    # What is set says where; a target that runs it leaves `planted` behind.
    for attack, (names, on_the_line) in product(
        ATTACKS, ((taken(target), True), (EVERYTHING, True), (EVERYTHING, False))
    ):
        values = dict.fromkeys(names, attack)
        line = [f"{name}={value}" for name, value in values.items()] if on_the_line else []
        made(["make", target, *line], tmp_path, {} if on_the_line else values)
        left = [path for path in tmp_path.rglob("planted*") if path.is_file()]
        assert left == [], f"{attack} was run by make {target}"
        shutil.rmtree(tmp_path / ".venv", ignore_errors=True)


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_refuses_whatever_it_does_not_take(target: str) -> None:
    others = set(VARIABLES) - set(taken(target))
    assert len(others) > len(VARIABLES) / 2
    for name in others:
        assert f"make {target} doesn't take {name};" in refusal(target, f"{name}=x")
    # Nor does it read one of them by another way.
    beside = {name: "no" if name == "PREVIEW" else "json" for name in others - {"CONFIG"}}
    assert made(["make", target], environment=beside) == made(["make", target])


IN_THE_ENVIRONMENT = {"PREFLIGHT", "PYTHON", "REHEARSE"}
"""What makes no word of a command; tests/docs/test_doc_project.py and the rehearsals set it."""


@pytest.mark.parametrize("target", [one for one in TARGETS if one != "check"])  # lint and test
def test_what_a_target_takes_makes_a_difference(target: str) -> None:
    plain = made(["make", target])
    for name in set(taken(target)) - IN_THE_ENVIRONMENT:
        value = {"FORMAT": "json", "PREVIEW": "no"}.get(name, "x")
        assert made(["make", target, f"{name}={value}"]) != plain, name


def test_a_stack_is_never_taken_for_the_one_that_was_meant() -> None:
    for target in ("review", "deploy", "drift"):
        for line, environment in (
            (["STACK=dev", "CONFIG=Pulumi.prod.yaml"], {}),
            (["STACK=dev"], {"CONFIG": "Pulumi.prod.yaml"}),
            ([], {"CONFIG": "Pulumi.prod.yaml", "STACK": "dev"}),
        ):
            assert f"make {target} doesn't take CONFIG;" in refusal(target, *line, **environment)
        # Of several targets none begins.
        assert f"make {target} doesn't" in refusal("plan", target, "CONFIG=Pulumi.prod.yaml")
        assert refusal(target, "STACK=prod", CONFIG="") == ""


def test_no_stack_is_deployed_that_was_not_named(capsys: pytest.CaptureFixture[str]) -> None:
    (call,) = made(["make", "deploy"])
    assert tools(call[2:]) == NOT_JUDGED
    assert "make deploy STACK=dev" in capsys.readouterr().err


def test_no_variable_that_a_user_may_set_is_read_by_make() -> None:
    ours = {"VENV", "RUN", "WHICH", "FORMATTED", "REHEARSED", "ASKED", "LOCKED", "OLDEST_TESTS"}
    ours |= {"MAKE", "SAID", "CHOSEN", "TARGETS"}
    assert set(re.findall(r"(?<!\$)\$[({]([A-Z_]+)[)}]", MAKEFILE)) <= ours
    assert set(re.findall(r"^(?:override )?([A-Z_]+)\s*[:?+]?=", MAKEFILE, re.MULTILINE)) < ours
    for name in ours - {"MAKE"}:
        assert re.search(rf"^override {name} :?=", MAKEFILE, re.MULTILINE)


ALLOWED = "$(touch planted)\"; touch planted; echo '`touch planted`"
HANDED_ON: dict[str, tuple[dict[str, str], list[str]]] = {
    "review": (
        {"ALLOW": ALLOWED, "AFTER": "dev"},
        ["--stack", "staging", "--allow", ALLOWED, "--after", "dev"],
    ),
    "deploy": (
        {"ALLOW": ALLOWED, "AFTER": "dev", "APPROVED": "seen"},
        ["--stack", "staging", "--allow", ALLOWED, "--after", "dev", "--approved", "seen"],
    ),
    "drift": ({}, ["--stack", "staging"]),
}


@pytest.mark.parametrize("what", HANDED_ON)
@pytest.mark.parametrize("on_the_line", [True, False])
def test_what_is_said_arrives_as_it_was_said(what: str, *, on_the_line: bool) -> None:
    more, told = HANDED_ON[what]
    given = {"STACK": "staging", **more}
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
