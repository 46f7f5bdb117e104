"""The how-to's API calls, from top to bottom, as the page gives them to its readers.

The `aliyun` command line isn't had here: its lines are held against the table of actions, and
against what the SDK's call beside each says.
"""

import json
import re
import shlex
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import Any, cast

import pytest

from sandbox.api.vpc import PRODUCT
from tests.docs.pages import ROOT, Block, blocks, commands, text_of
from tests.lifecycle.account import Account

PAGE = ROOT / "docs" / "walkthrough-api.md"
CLOUD = "make cloud > cloud.env\n"
PYTHON = ". ./cloud.env\n.venv/bin/python\n"


@contextmanager
def serving(
    account: Account, monkeypatch: pytest.MonkeyPatch, line: str = CLOUD
) -> Generator[None]:
    """`make cloud` in a terminal of its own, and in this one what it says."""
    process = account.start(f"exec {line}")
    try:
        file = account.file("cloud.env")
        until = time.monotonic() + 60
        while not (file.exists() and "\n#" in file.read_text("utf-8")):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < until
            time.sleep(0.1)
        exported = re.findall(r"^export (\w+)=(.*)$", file.read_text("utf-8"), re.MULTILINE)
        for name, value in exported:
            monkeypatch.setenv(name, shlex.split(value)[0])
        yield
    finally:
        account.run(f"kill -INT -- -{process.pid}")
        process.communicate(timeout=20)


def shape(told: object) -> object:
    """Names and types, without what differs from one account to the next."""
    if isinstance(told, dict):
        return {name: shape(value) for name, value in cast("dict[str, Any]", told).items()}
    if isinstance(told, list):
        return [shape(one) for one in cast("list[Any]", told)]
    return type(told).__name__


@pytest.mark.engine
@pytest.mark.timeout(600)
def test_what_the_how_to_made_by_api_is_made_by_todays_actions_and_by_make_up(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = [block for block in blocks(PAGE) if not block.text.startswith("aliyun ")]
    assert [block.text for block in page[:2]] == [CLOUD, PYTHON]
    session: dict[str, Any] = {}
    printed = ""
    with serving(account, monkeypatch):
        for block in page[2:]:
            if block.language == "python":
                exec(compile(block.text, PAGE.name, "exec"), session)
                printed = capsys.readouterr().out
            elif block.language == "json":
                assert shape(json.loads(printed)) == shape(json.loads(block.text))
            elif block.language == "text":
                assert printed == block.text
            else:
                account.succeed(block.text)
    with closing(account.cloud("dev")) as cloud:
        assert [one["nat_gateway_name"] for one in cloud.all("nat_gateway")] == ["MyNatGW"]


def spoken() -> Iterator[tuple[str, dict[str, str], Block]]:
    """Each call of the command line: its action, its parameters, and the SDK's call before it."""
    before = Block(PAGE, "", "")
    for block in blocks(PAGE, "python", "sh"):
        if block.language == "python":
            before = block
        elif block.text.startswith("aliyun "):
            for line in block.text.replace("\\\n", " ").splitlines():
                program, product, action, *said = shlex.split(line)
                assert (program, product) == ("aliyun", PRODUCT.code)
                said.remove("--insecure")
                pairs = dict(zip(said[::2], said[1::2], strict=True))
                assert pairs.pop("--endpoint") == "$ALIBABA_CLOUD_ENDPOINT_VPC"
                yield action, {name[2:]: value for name, value in pairs.items()}, before


def test_each_line_for_the_command_line_calls_what_the_sdk_calls_beside_it() -> None:
    lines = list(spoken())
    assert {action for action, _, _ in lines} == set(
        re.findall(r"vpc\.(\w+)Request", text_of(PAGE))
    )
    for action, said, block in lines:
        assert f"{action}Request(" in block.text
        assert not said.keys() - PRODUCT.actions[action].known
        assert {*PRODUCT.actions[action].needs} <= said.keys()
        for value in said.values():  # a fixed one stands in the SDK's call too
            if not value.endswith("…") and value != "cn-shanghai":
                assert value in block.text


def test_every_command_of_the_page_is_one_that_is_walked() -> None:
    assert {line.split()[0] for line in commands(PAGE)} == {
        "make",
        ".",
        ".venv/bin/python",
        "aliyun",
    }
