"""What is told to GitHub and GitLab: once, then changed; and what isn't told."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.pipelines.forge_server import BOT, TOKEN, Server
from tests.pipelines.machine import ROOT
from tools.forge import Forge, tell_drift, tell_reviews, this_forge

STACKS = ("dev", "prod")


def github(server: Server, **more: str) -> Mapping[str, str]:
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": server.url,
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_REPOSITORY": "shop/infrastructure",
        "GITHUB_RUN_ID": "4711",
        "GITHUB_TOKEN": TOKEN,
        "HEAD_SHA": "fedcba9876543210",
        "PULL_REQUEST": "12",
        **more,
    }


def gitlab(server: Server, **more: str) -> Mapping[str, str]:
    return {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": f"{server.url}/api/v4",
        "CI_PROJECT_ID": "77",
        "CI_COMMIT_SHA": "fedcba9876543210",
        "CI_PIPELINE_URL": "https://gitlab.example/-/pipelines/4711",
        "CI_MERGE_REQUEST_IID": "12",
        "GITLAB_TOKEN": TOKEN,
        **more,
    }


@pytest.fixture(params=[github, gitlab], ids=["GitHub", "GitLab"])
def told(request: pytest.FixtureRequest, forge: Server) -> Forge:
    return this_forge(request.param(forge))


def write(folder: Path, stack: str, **files: str) -> None:
    (folder / stack).mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / stack / name.replace("_", ".")).write_text(text, encoding="utf-8")


def test_a_comment_is_made_once_and_changed_afterwards(
    told: Forge, forge: Server, tmp_path: Path
) -> None:
    forge.comment("Nice.")
    write(tmp_path, "dev", review_md="## dev: ready\n")
    assert tell_reviews(told, tmp_path, STACKS) == "The pull request has a new comment."
    write(tmp_path, "dev", review_md="## dev: stopped\n")
    assert tell_reviews(told, tmp_path, STACKS) == "The pull request's comment is changed."
    assert len(forge.comments) == 2
    text = forge.comments[1]["body"]
    assert "## dev: stopped" in text
    assert "Commit fedcba9876, [" in text
    assert "## prod: no review was made" in text


def test_our_comment_is_found_on_any_page_and_nobody_elses_is_touched(
    told: Forge, forge: Server, tmp_path: Path
) -> None:
    forge.comment("<!-- alicloud-gateways: review -->\nby somebody who has copied it")
    for _ in range(250):
        forge.comment("talk")
    forge.comment("<!-- alicloud-gateways: review -->\nours", BOT)
    tell_reviews(told, tmp_path, STACKS)
    assert len(forge.comments) == 252
    assert "somebody who has copied it" in forge.comments[0]["body"]
    assert "## dev" in forge.comments[-1]["body"]


def test_a_comment_that_is_too_long_is_cut_and_closed(
    told: Forge, forge: Server, tmp_path: Path
) -> None:
    long = "## dev\n\n<details>\n\n````text\n" + "a line\n" * 10_000 + "````\n\n</details>\n"
    write(tmp_path, "dev", review_md=long)
    tell_reviews(told, tmp_path, STACKS)
    text = forge.comments[0]["body"]
    assert len(text) < 65_536
    assert text.rstrip().endswith("… the rest is in the run's summary.")
    assert text.count("````") == 2
    assert text.count("<details>") == text.count("</details>") == 1


def test_drift_has_one_issue_which_is_closed_once_it_is_gone(
    told: Forge, forge: Server, tmp_path: Path
) -> None:
    write(tmp_path, "dev", drift_env="DRIFT=found\n", drift_md="app1 differs")
    write(tmp_path, "prod", drift_env="DRIFT=none\n")
    assert tell_drift(told, tmp_path, STACKS) == [
        "dev: drift, and a new issue.",
        "prod: no drift.",
    ]
    calls = len(forge.calls)
    assert tell_drift(told, tmp_path, STACKS)[0] == "dev: the drift that its issue tells of."
    assert not any(call.startswith(("P", "D")) for call in forge.calls[calls:])
    write(tmp_path, "dev", drift_md="app2 differs")
    assert tell_drift(told, tmp_path, STACKS)[0] == "dev: drift, and its issue is changed."
    (issue,) = forge.issues
    assert "app2 differs" in issue["body"]
    write(tmp_path, "dev", drift_env="DRIFT=none\n")
    assert tell_drift(told, tmp_path, STACKS)[0] == "dev: no drift, its issue is closed."
    assert issue["state"] == "closed"
    assert "The drift is gone." in issue["comments"][0]


def test_a_stack_of_which_nothing_is_known_keeps_its_issue(
    told: Forge, forge: Server, tmp_path: Path
) -> None:
    write(tmp_path, "dev", drift_env="DRIFT=found\n", drift_md="app1 differs")
    tell_drift(told, tmp_path, ("dev",))
    write(tmp_path, "dev", drift_env="DRIFT=unknown\n")
    assert tell_drift(told, tmp_path, ("dev",)) == ["dev: whether it has drifted isn't known."]
    assert tell_drift(told, tmp_path, ("prod",)) == ["prod: whether it has drifted isn't known."]
    assert forge.issues[0]["state"] == "open"


def test_a_run_by_hand_finds_its_branchs_pull_request(forge: Server, tmp_path: Path) -> None:
    forge.pulls = {"shop:change": 12}
    by_hand = github(forge, PULL_REQUEST="", GITHUB_REF_NAME="change")
    tell_reviews(this_forge(by_hand), tmp_path, STACKS)
    in_gitlab = gitlab(
        forge, CI_MERGE_REQUEST_IID="", CI_OPEN_MERGE_REQUESTS="shop/infrastructure!12"
    )
    tell_reviews(this_forge(in_gitlab), tmp_path, STACKS)
    assert len(forge.comments) == 1  # the same bot here, so the same comment


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "neither a GitHub nor a GitLab runner"),
        ({"GITHUB_ACTIONS": "true"}, "isn't set"),
        ({"GITLAB_CI": "true", "CI_PROJECT_ID": "77"}, "isn't set"),
    ],
)
def test_elsewhere_nobody_is_told(given: Mapping[str, str], reason: str) -> None:
    with pytest.raises(match=reason):
        this_forge(given)


def test_a_refusal_is_told_in_one_line(forge: Server) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tools.forge", "comment", "dev"],
        cwd=ROOT,
        env={**os.environ, **github(forge, GITHUB_TOKEN="wrong")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (1, "")
    assert "was refused (401)" in run.stderr
    assert "Traceback" not in run.stderr
    assert "wrong" not in run.stderr


def test_it_needs_nothing_but_python() -> None:
    """The job that may write comments installs nothing."""
    run = subprocess.run(
        [sys.executable, "-S", "-E", "-m", "tools.forge", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
