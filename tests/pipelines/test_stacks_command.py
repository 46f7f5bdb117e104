"""`make stacks`: what workflows go by, and what of a list they couldn't."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from stack.command_line import DONE, REFUSED
from stack.listing import TABLE
from tools import stacks
from tools.pipeline import engine
from tools.pipeline.shell import Ended
from tools.stacks import LONGEST_SEQUENCE, main

LIST = "dev: development\nprod: production\nstacks/shop: {on: development, prod: production}\n"
SHOP = "stacks/shop/Pulumi.prod.yaml"
FILES = ("Pulumi.dev.yaml", "Pulumi.prod.yaml", "stacks/shop/Pulumi.on.yaml", SHOP)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / TABLE).write_text(LIST, encoding="utf-8")
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    for module in (stacks, engine):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    return tmp_path


def printed(form: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["--format", form]) == DONE
    return capsys.readouterr().out


def test_workflows_are_given_one_line_with_names_sequences_and_what_comes_before(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del root
    text = printed("json", capsys)
    assert text.count("\n") == 1
    found = json.loads(text)
    assert found["names"] == ["dev", "prod", "shop-on", "shop-prod"]
    assert found["sequences"] == [["dev", "prod"], ["shop-on", "shop-prod"]]
    assert [(one["stack"], one["after"]) for one in found["stacks"]] == [
        *(("dev", ""), ("prod", "dev"), ("shop-on", ""), ("shop-prod", "shop-on")),
    ]
    assert [one["file"] for one in found["stacks"]] == [*FILES]
    assert printed("names", capsys) == "dev prod shop-on shop-prod\n"
    table = printed("table", capsys).splitlines()
    assert [line.split()[0] for line in table[2:]] == found["names"]


def test_in_gitlab_what_matters_most_is_started_by_somebody(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / TABLE).write_text(LIST.replace("prod: production", "prod: staging", 1), "utf-8")
    found: dict[str, Any] = yaml.safe_load(printed("gitlab", capsys))
    by_hand = {name for name, job in found.items() if ".approved" in job.get("extends", ())}
    assert by_hand == {"deploy shop-prod"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "pipelines go by a list of stacks"),
        ("dev: development\nqa: staging\n", "a stack of the list has its file"),
        ("".join(f"s{n}: staging\n" for n in range(LONGEST_SEQUENCE + 1)), "at most 6 stacks"),
        ("dev: developement\n", "a tier is"),
    ],
)
def test_a_list_that_no_pipeline_could_go_by_is_refused_with_the_place(
    root: Path, text: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / TABLE).write_text(text, encoding="utf-8")
    assert main([]) == REFUSED
    said = capsys.readouterr()
    assert said.out == ""
    assert TABLE in said.err
    assert told in said.err


def test_pulumi_is_told_the_file_of_a_stack_that_it_wouldnt_find(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del root
    calls: list[list[str]] = []

    def run(command: list[str], **_: object) -> Ended:
        calls.append(command[1:])
        return Ended(0, "{}")

    monkeypatch.setattr(engine, "run", run)
    for stack in ("prod", "shop-prod"):
        one = engine.Engine(stack)
        for ask in (one.state, one.config, one.outputs, one.preview):
            ask()
        for ask in (one.up, one.settled, one.drift):
            ask()
    named = {call[0] for call in calls if "--config-file" in call}
    assert named == {"config", "preview", "up", "refresh"}
    for call in calls:
        whose = call[call.index("--stack") + 1]
        told = call[call.index("--config-file") + 1] if "--config-file" in call else None
        at = SHOP if call[0] in named and whose != "prod" else None
        assert told == at, call
