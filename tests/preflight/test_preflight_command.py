"""`make preflight`: by the official transport, on a local cloud; and its part of a review."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from facts import kinds
from judging.account.reading import UnreadError
from judging.preflight.asking import Row, Verdict
from judging.reading import preview_of
from stack.command_line import DONE, FOUND, NOT_JUDGED
from tests.docs.pages import ROOT
from tests.guard.previews import created, document
from tests.preflight.flights import document_of
from tests.sandbox.api.api_lab import Served, served
from tools.pipeline.asking import asked
from tools.pipeline.reviewing import preflight
from tools.preflight.__main__ import main
from tools.preflight.showing import FORMS

DEV = ROOT / "Pulumi.dev.yaml"


@pytest.fixture
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    with served(tmp_path, DEV) as one:
        for name, value in one.exported.items():
            monkeypatch.setenv(name, value)
        yield one


def written(folder: Path, text: str) -> str:
    file = folder / "preview.json"
    file.write_text(text, "utf-8")
    return str(file)


# --- the command ----------------------------------------------------------------------------------


def test_a_stack_that_fits_into_the_account_passes_and_makes_nothing(
    cloud: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([written(tmp_path, document_of(DEV)), "--format", "json"]) == DONE
    told = json.loads(capsys.readouterr().out)
    assert told["refused"] is False
    assert {one["verdict"] for one in told["rows"]} == {"fine"}
    assert "vpc:CreateVpc, for network-vpc" in {one["what"] for one in told["rows"]}
    assert cloud.store.all() == []


def test_what_would_be_refused_ends_with_one_and_says_what_to_do(
    cloud: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.store.set_quota("eips_per_region", 4)
    assert main([written(tmp_path, document_of(DEV))]) == FOUND
    page = capsys.readouterr().out
    (row,) = [line for line in page.splitlines() if line.startswith("refused")]
    assert "EIPs in cn-shanghai" in row
    assert "5 more" in row
    assert "0 of 4" in row
    assert "eip_quota_instances_num" in row
    assert "refused: 1, unknown: 0." in page


FAKE = """#!{python}
import sys
print({document!r})
"""


def test_the_preview_is_that_of_the_pulumi_on_the_path(
    cloud: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(FAKE.format(python=sys.executable, document=document_of(DEV)), "utf-8")
    pulumi.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["--stack", "dev"]) == DONE
    cloud.store.set_quota("vpcs_per_region", 0)
    assert main(["--stack", "dev"]) == FOUND


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["no-such-file.json"], "can't be read"),
        (["preview.json", "--stack", "dev"], "not both"),
    ],
)
def test_without_a_preview_nothing_is_asked(
    words: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == NOT_JUDGED
    assert reason in capsys.readouterr().err


def test_a_pulumi_that_has_no_preview_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pulumi = tmp_path / "pulumi"
    pulumi.write_text("#!/bin/sh\necho no stack named dev >&2\nexit 255\n", "utf-8")
    pulumi.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.defpath}")
    assert main(["--stack", "dev"]) == NOT_JUDGED
    told = capsys.readouterr().err
    assert "There is no preview to ask about: pulumi says above why\n" in told


MISSING = {"SECRET": "No credentials", "REGION": "Which region"}


@pytest.mark.parametrize("word", MISSING)
def test_what_is_missing_to_ask_is_said(
    word: str, cloud: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in (one for one in cloud.exported if word in one):
        monkeypatch.delenv(name)
    text = document(created(kinds.EIP, "ip", {}))
    with pytest.raises(UnreadError, match=MISSING[word]):
        asked(preview_of(text), os.environ, deploys=True)
    assert main([written(tmp_path, text)]) == NOT_JUDGED


# --- how it is shown ------------------------------------------------------------------------------

ROWS = (
    Row("eip-1", "there", Verdict.FINE, "there", ""),
    Row("ports", "free", Verdict.UNKNOWN, "not to be seen", "grant it"),
    Row("EIPs", "2 more", Verdict.REFUSED, "20 of 20", "raise it"),
)


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_what_is_refused_comes_first_and_what_is_fine_is_counted(form: str) -> None:
    page = FORMS[form](ROWS)
    assert page.index("20 of 20") < page.index("not to be seen")
    assert "eip-1" not in page
    assert "Asked: 3. As needed: 1, refused: 1, unknown: 1." in page


def test_what_others_named_does_nothing_in_a_comment() -> None:
    rows = [Row("x", "free", Verdict.REFUSED, "@everyone | ![](http://x)", "y")]
    page = FORMS["markdown"](rows)
    assert "@everyone" not in page
    assert "![" not in page


def test_nothing_that_is_asked_is_said_to_be_nothing() -> None:
    assert "asked nothing" in FORMS["table"](())


# --- its part of a review -------------------------------------------------------------------------


def test_a_review_is_stopped_by_what_the_account_would_refuse(cloud: Served) -> None:
    assert preflight(document_of(DEV), deploys=False).passed
    cloud.store.set_quota("eips_per_region", 4)
    part = preflight(document_of(DEV), deploys=False)
    assert (part.code, part.markdown) == (FOUND, True)
    assert part.text.startswith("### Preflight: 1 in the way")


def test_an_account_that_can_not_be_asked_holds_up_no_review(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [one for one in os.environ if one.startswith(("ALICLOUD", "ALIBABA"))]:
        monkeypatch.delenv(name)
    part = preflight(document_of(DEV), deploys=True)
    assert part.passed
    assert "nothing is known" in part.text
    assert "No credentials" in part.text
