"""GitHub's workflows as they are written: valid, pinned, with no more rights than they need."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sandbox.engine import ENGINE_VERSION
from tests.pipelines.checkers import actionlint, with_shellcheck
from tests.pipelines.github import load
from tests.pipelines.machine import ROOT
from tools.stacks import LONGEST_SEQUENCE

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EACH = pytest.mark.parametrize("file", WORKFLOWS, ids=[file.name for file in WORKFLOWS])

# What each action's release is called, by its commit. Another commit needs another look.
PINNED = {
    "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1": "v7.0.1",
    "actions/cache@27d5ce7f107fe9357f9df03efb73ab90386fccae": "v5.0.5",
    "actions/setup-python@ece7cb06caefa5fff74198d8649806c4678c61a1": "v6.3.0",
    "actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a": "v7.0.1",
    "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c": "v8.0.1",
    "aliyun/configure-aliyun-credentials-action@1e5248c8d5d93a8781ac344a68e19a43341e79e6": "v1.1.0",
    "pulumi/actions@8e5e406f4007fca908480587cb9893c07090f58d": "v7.0.0",
}

# What a job finds that works on a stack, in this order.
TOOLS: dict[str, dict[str, Any]] = {
    "actions/checkout": {"persist-credentials": False},
    "actions/setup-python": {"python-version": "3.11"},
    "pulumi/actions": {"pulumi-version": ENGINE_VERSION},
}
CREDENTIALS = "aliyun/configure-aliyun-credentials-action"

SEQUENCE = [*load(ROOT / ".github" / "workflows" / "sequence.yml")["jobs"]]

# What a job may beyond reading the repository, and why.
MAY = {
    ("review.yml", "review"): {"id-token"},  # keys of the cloud, that read
    ("review.yml", "comment"): {"pull-requests"},
    ("tier.yml", "review"): {"id-token"},
    ("tier.yml", "deploy"): {"id-token"},
    ("deploy.yml", "deploy"): {"id-token"},  # what a reusable workflow's jobs may at most
    **{("sequence.yml", name): {"id-token"} for name in SEQUENCE},
    ("drift.yml", "look"): {"id-token"},
    ("drift.yml", "tell"): {"issues"},
    ("release.yml", "publish"): {"contents"},
}


def jobs(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from load(file)["jobs"].items()


def steps(file: Path) -> Iterator[dict[str, Any]]:
    for _, job in jobs(file):
        yield from job.get("steps", [])


def checked(*command: str | Path) -> None:
    path = f"{with_shellcheck()}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PATH": path}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_are_workflows_for_stacks_and_for_the_project_itself() -> None:
    assert [file.name for file in WORKFLOWS] == [
        "deploy.yml",
        "drift.yml",
        "native.yml",
        "openapi.yml",
        "release.yml",
        "review.yml",
        "sequence.yml",
        "stacks.yml",
        "test.yml",
        "tier.yml",
    ]


def test_actionlint_and_shellcheck_find_nothing() -> None:
    checked(actionlint(), "-no-color", *WORKFLOWS)


def test_actionlint_would_find_a_mistake(tmp_path: Path) -> None:
    text = WORKFLOWS[0].read_text(encoding="utf-8").replace("needs: stacks", "needs: nobody")
    broken = tmp_path / "broken.yml"
    broken.write_text(text, encoding="utf-8")
    with pytest.raises(AssertionError, match="nobody"):
        checked(actionlint(), "-no-color", broken)


def test_githubs_own_schema_is_kept() -> None:
    checked(
        Path(sys.executable).parent / "check-jsonschema",
        "--builtin-schema",
        "vendor.github-workflows",
        *WORKFLOWS,
    )


def test_each_is_started_by_what_it_is_for_alone() -> None:
    started = {file.name: load(file)["on"] for file in WORKFLOWS}
    assert started["review.yml"].keys() == {"pull_request", "workflow_dispatch"}
    assert started["review.yml"]["pull_request"] == {"branches": ["main"]}
    assert started["deploy.yml"].keys() == {"push", "workflow_dispatch"}
    assert started["deploy.yml"]["push"] == {"branches": ["main"]}
    assert started["openapi.yml"].keys() == {"schedule", "workflow_dispatch"}
    assert started["native.yml"].keys() == {"schedule", "workflow_dispatch"}
    assert started["drift.yml"].keys() == {"schedule", "workflow_dispatch"}
    for called in ("sequence.yml", "stacks.yml", "tier.yml"):
        assert started[called].keys() == {"workflow_call"}


@EACH
def test_who_works_on_a_stack_has_the_engine_that_is_tested_and_keys_at_last(file: Path) -> None:
    for name, job in jobs(file):
        used = {
            s["uses"].partition("@")[0]: s.get("with") for s in job.get("steps", ()) if "uses" in s
        }
        if CREDENTIALS in used:
            assert list(used)[:4] == [*TOOLS, CREDENTIALS], name
        for action in TOOLS.keys() & used.keys():
            assert used[action].items() >= TOOLS[action].items(), name


@EACH
def test_one_stacks_trouble_isnt_anothers(file: Path) -> None:
    for _, job in jobs(file):
        assert job.get("strategy", {"fail-fast": False})["fail-fast"] is False


@EACH
def test_every_action_is_pinned_to_a_commit_that_was_looked_at(file: Path) -> None:
    used = re.findall(r"uses: (\S+)(?: # (\S+))?$", file.read_text("utf-8"), re.MULTILINE)
    for action, release in used:
        if not action.startswith("./"):
            assert PINNED.get(action) == release, action


@EACH
def test_jobs_may_what_they_need_and_no_more(file: Path) -> None:
    assert load(file)["permissions"] == {}
    for name, job in jobs(file):
        expected = {"contents": "read", **dict.fromkeys(MAY.get((file.name, name), ()), "write")}
        assert job["permissions"] == expected, name


@EACH
def test_whoever_writes_to_the_forge_has_no_keys_and_installs_nothing(file: Path) -> None:
    for name, job in jobs(file):
        if "write" in {
            job["permissions"].get(one) for one in ("pull-requests", "issues", "contents")
        }:
            text = str(job)
            assert "secrets." not in text, name
            assert "environment" not in job, name
            assert "make " not in text, name
            assert "pip install" not in text, name


@EACH
def test_nothing_untrusted_reaches_a_shell(file: Path) -> None:
    text = file.read_text("utf-8")
    assert "pull_request_target" not in text
    assert "workflow_run" not in text
    for step in steps(file):
        assert "${{" not in step.get("run", ""), step


@EACH
def test_secrets_are_given_to_the_step_that_needs_them_alone(file: Path) -> None:
    document = load(file)
    assert "env" not in document
    for _, job in jobs(file):
        assert "env" not in job
    assert not re.search(
        r"(?i)(LTAI[a-z0-9]{12}|ghp_|glpat-|pul-[0-9a-f]{40}|-----BEGIN)", str(document)
    )


@EACH
def test_no_artifact_holds_a_preview_whose_values_are_for_the_job_alone(file: Path) -> None:
    for step in steps(file):
        kept = step.get("with", {}).get("path", "")
        if "upload-artifact" in step.get("uses", "") and ".pipeline" in kept:
            assert kept.splitlines() == [".pipeline", "!.pipeline/*/preview.json"]


@EACH
def test_every_job_ends_by_itself(file: Path) -> None:
    for name, job in jobs(file):
        if "steps" in job:
            assert job["timeout-minutes"] <= 110, name
            assert job["runs-on"] == "ubuntu-24.04", name


def test_a_session_outlives_the_job_that_uses_it() -> None:
    for file in WORKFLOWS:
        for name, job in jobs(file):
            for step in job.get("steps", []):
                seconds = step.get("with", {}).get("role-session-expiration")
                if seconds is not None:
                    assert job["timeout-minutes"] * 60 < seconds, (file.name, name)


def test_an_update_has_time_for_a_transit_router_and_is_never_cancelled() -> None:
    deploy = dict(jobs(ROOT / ".github" / "workflows" / "tier.yml"))["deploy"]
    assert deploy["timeout-minutes"] >= 2 * 42
    assert deploy["concurrency"] == {
        "group": "stack-${{ inputs.stack }}",
        "cancel-in-progress": False,
    }
    assert deploy["environment"] == "${{ inputs.stack }}"


def test_a_sequence_may_be_as_long_as_there_are_jobs_each_after_the_one_before() -> None:
    assert len(SEQUENCE) == LONGEST_SEQUENCE
    found = dict(jobs(ROOT / ".github" / "workflows" / "sequence.yml"))
    for place, (before, name) in enumerate(pairwise(SEQUENCE), 1):
        assert found[name]["needs"] == before
        assert found[name]["with"]["after"] == f"${{{{ fromJSON(inputs.stacks)[{place - 1}] }}}}"
        assert found[name]["if"] == (
            f"${{{{ fromJSON(inputs.stacks)[{place}] && needs.{before}.outputs.done == 'true' }}}}"
        )


def test_only_what_changes_nothing_may_be_cancelled_by_a_newer_run() -> None:
    cancelled = [f for f in WORKFLOWS if "cancel-in-progress: true" in f.read_text("utf-8")]
    assert [file.name for file in cancelled] == ["review.yml", "test.yml"]
    for file in cancelled:
        assert "make -s deploy" not in file.read_text("utf-8")
