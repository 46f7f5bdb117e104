"""GitLab's pipeline as it is written: valid, pinned, with keys where they are needed alone."""

import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sandbox.engine import ENGINE_VERSION
from tests.pipelines.checkers import with_shellcheck
from tests.pipelines.gitlab import STACKS as STACKS_FILE
from tests.pipelines.gitlab import jobs, load
from tests.pipelines.machine import ROOT, STACKS
from tools.stacks import main as print_stacks

FILE = ROOT / ".gitlab-ci.yml"
JOBS = jobs(load(FILE))
EACH = pytest.mark.parametrize("name", JOBS)
DIGEST = "a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b"
PYTHON = f"python:3.11-slim-bookworm@sha256:{DIGEST}"
PULUMI = f"pulumi/pulumi-python-3.11:{ENGINE_VERSION}"
TOKENS = {"ALIBABA_CLOUD_OIDC_TOKEN": {"aud": "sts.aliyuncs.com"}}
TELL = {"comment", "issues"}
DEPLOY = {"deploy dev", "deploy staging", "deploy prod"}


def script(job: dict[str, Any]) -> str:
    return "\n".join([*job.get("before_script", []), *job["script"]])


def test_gitlabs_own_schema_is_kept() -> None:
    command = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run(
        [command, "--builtin-schema", "vendor.gitlab-ci", FILE, ROOT / STACKS_FILE],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@EACH
def test_shellcheck_finds_nothing(name: str) -> None:
    done = subprocess.run(
        ["shellcheck", "--shell=bash", "--exclude=SC1090", "-"],  # `. "$keys"`: made at run time
        input=script(JOBS[name]) + "\n",
        env={**os.environ, "PATH": f"{with_shellcheck()}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@EACH
def test_images_are_pinned(name: str) -> None:
    assert JOBS[name]["image"] == (PULUMI if "id_tokens" in JOBS[name] else PYTHON)


@EACH
def test_keys_of_the_cloud_are_for_those_who_work_on_stacks(name: str) -> None:
    job = JOBS[name]
    works = "pulumi" in job["image"]
    assert job.get("id_tokens") == (TOKENS if works else None)
    assert ("tools assume-role" in script(job)) is works
    if name in TELL:
        assert job["environment"] == {"name": "tell", "action": "access"}
        assert "make" not in script(job)
    elif name in DEPLOY:
        assert job["environment"] == {"name": "$STACK"}
    elif works:
        assert job["environment"] == {"name": "preview-$STACK", "action": "access"}


@EACH
def test_every_job_ends_by_itself_and_before_its_session(name: str) -> None:
    job = JOBS[name]
    minutes = int(job["timeout"].removesuffix(" minutes"))
    seconds = job.get("variables", {}).get("ALIBABA_CLOUD_ROLE_SESSION_EXPIRATION")
    assert (minutes >= 2 * 42) is (name in DEPLOY)
    if seconds is not None:
        assert minutes * 60 < int(seconds)


def test_an_update_is_alone_on_its_stack_and_never_interrupted() -> None:
    for name, job in JOBS.items():
        stack = name.removeprefix("deploy ")
        assert job.get("resource_group") == (f"stack-{stack}" if name in DEPLOY else None)
    assert {name for name, job in JOBS.items() if job.get("interruptible")} == {
        *("check", "review", "comment"),
    }


def test_each_step_is_given_what_the_one_before_it_found_and_nothing_else() -> None:
    """Without `needs`, values of every job before it come along: another stack's digest, say."""
    steps = [f"{what} {stack}" for stack in STACKS for what in ("review", "deploy")]
    for before, step in pairwise(steps):
        assert JOBS[step]["needs"] == [before]
    assert JOBS["comment"]["needs"] == ["review"]
    assert JOBS["issues"]["needs"] == ["drift"]


@EACH
def test_no_artifact_holds_a_preview_whose_values_are_for_the_job_alone(name: str) -> None:
    kept = JOBS[name].get("artifacts", {})
    if any(path.startswith(".pipeline") for path in kept.get("paths", ())):
        assert kept["exclude"] == [".pipeline/*/preview.json"]
        assert kept["expire_in"] == "1 week"


def test_the_stacks_that_it_has_are_those_of_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert print_stacks(["--format", "gitlab"]) == 0
    assert (ROOT / STACKS_FILE).read_text("utf-8") == capsys.readouterr().out


def test_prod_is_started_by_somebody() -> None:
    assert {rule["when"] for rule in JOBS["deploy prod"]["rules"]} == {"manual"}
    for name in ("deploy dev", "deploy staging"):
        assert all("when" not in rule for rule in JOBS[name]["rules"])


def test_nothing_is_put_into_a_script_before_the_shell_reads_it() -> None:
    assert not any("$[[" in script(job) for job in JOBS.values())


def test_no_secret_stands_in_the_file() -> None:
    text = FILE.read_text("utf-8")
    assert not re.search(r"LTAI[A-Za-z0-9]{12}|glpat-|pul-[0-9a-f]{40}|PASSPHRASE: ", text)
