"""The project's own CI: the same on both forges, without credentials, and with caches that fit."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.engine.cache import Entry
from stack.stack_file import StackFile
from stack.target import stack_of
from tests.example_stacks import STACK_FILES, name_of
from tests.lifecycle import account
from topologies import TOPOLOGIES

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = ROOT / ".github" / "workflows"
GITLAB = ROOT / ".gitlab" / "test.yml"


def load(file: Path) -> dict[str, Any]:
    """With every value a text, so that the key `on` is one, too."""
    found: dict[str, Any] = yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)
    return found


TEST, RELEASE = load(WORKFLOWS / "test.yml"), load(WORKFLOWS / "release.yml")
PIPELINE = load(ROOT / ".gitlab-ci.yml")
OWN: dict[str, dict[str, Any]] = load(GITLAB)
JOBS = {
    name: {**PIPELINE[".python"], **OWN[".project"], **job}
    for name, job in OWN.items()
    if not name.startswith(".")
}
LOCKS = {"requirements.txt", "requirements-dev.txt"}
ENGINES = {"engine/go.sum", "engine/oldest/go.sum"}
COLD, WARM = 20, 12
"""Minutes that a run may take at most."""


def steps(job: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = job["steps"]
    return found


def runs(job: dict[str, Any]) -> str:
    return "\n".join(step.get("run", "") for step in steps(job))


def used(action: str) -> Iterator[dict[str, Any]]:
    for job in TEST["jobs"].values():
        for step in steps(job):
            if step.get("uses", "").startswith(f"{action}@"):
                yield step["with"]


# --- what runs when ------------------------------------------------------------------------------


def test_both_forges_lint_and_test_on_both_engines() -> None:
    assert {name: job["script"] for name, job in JOBS.items()} == {
        target: [f"make -s {target}"] for target in ("lint", "test", "test-oldest")
    }
    lint, test = TEST["jobs"].values()
    assert steps(lint)[-1]["run"] == "make -s lint"
    last = steps(test)[-1]
    assert (last["run"], last["env"]) == ('make -s "$TESTS"', {"TESTS": "${{ matrix.make }}"})
    assert [one["make"] for one in test["strategy"]["matrix"]["include"]] == ["test", "test-oldest"]


def test_every_pull_request_the_main_branch_and_releases_are_tested() -> None:
    assert TEST["on"] == {
        "pull_request": {"branches": ["main"]},
        "push": {"branches": ["main"]},
        "workflow_call": "",
    }
    assert OWN[".project"]["rules"] == [
        {"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'},
        {"if": '$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH'},
    ]
    assert {"local": ".gitlab/test.yml"} in PIPELINE["include"]
    assert RELEASE["on"] == {"push": {"tags": ["v*"]}}
    assert RELEASE["jobs"]["check"]["uses"] == "./.github/workflows/test.yml"
    assert RELEASE["jobs"]["publish"]["needs"] == "check"


def test_nothing_is_linted_or_tested_twice() -> None:
    others = [file for file in WORKFLOWS.glob("*.yml") if file.name != "test.yml"]
    for file in [*others, ROOT / ".gitlab-ci.yml"]:
        assert not re.search(r"make -s (lint|test|check)\b", file.read_text("utf-8")), file.name


def test_deployments_on_gitlab_wait_for_no_test() -> None:
    """As on GitHub: what is merged was tested before."""
    stacks = load(ROOT / ".gitlab" / "stacks.yml")
    tiers = {name: job for name, job in stacks.items() if re.match(r"(review|deploy) ", name)}
    assert len(tiers) == 6
    assert all("needs" in job for job in tiers.values())
    assert not {need for job in tiers.values() for need in job["needs"]} & {*JOBS}


def commands() -> list[str]:
    texts = [runs(job) for job in TEST["jobs"].values()]
    texts += ["\n".join(job["script"]) for job in JOBS.values()]
    found = re.findall(r"^(?:make|\.venv/bin/python) .*", "\n".join(texts), re.MULTILINE)
    return sorted(command for command in set(found) if "$" not in command)


@pytest.mark.parametrize("command", commands())
def test_every_command_that_is_called_is_known(command: str) -> None:
    only_look = ["--dry-run", "--always-make"] if command.startswith("make") else ["--help"]
    done = subprocess.run(
        [*shlex.split(command), *only_look], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_a_release_is_built_by_its_command_and_published_with_what_that_wrote() -> None:
    build, publish = [step["run"] for step in steps(RELEASE["jobs"]["publish"]) if "run" in step]
    words = shlex.split(build)
    assert words[:5] == ["python3", "-m", "tools", "release", "build"]
    done = subprocess.run(
        [sys.executable, *words[1:5], "v0.0.0-never", "unused"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "v0.0.0-never" in done.stderr) == (1, True)
    assert f"--notes-file {words[-1]}/notes.md {words[-1]}/alicloud-gateways-*" in publish
    assert "--verify-tag" in publish


def test_every_stack_file_that_stands_alone_lives_natively() -> None:
    (job,) = load(WORKFLOWS / "native.yml")["jobs"].values()
    alone = [
        name_of(file)
        for file in STACK_FILES
        if not StackFile(file, stack_of(file), TOPOLOGIES).stacks
    ]
    assert job["strategy"]["matrix"]["file"] == alone
    (life,) = [step for step in steps(job) if "native-life" in step.get("run", "")]
    assert (life["run"], life["env"]) == (
        'make -s native-life CONFIG="$FILE"',
        {"FILE": "${{ matrix.file }}"},
    )


def test_a_native_life_has_no_credentials() -> None:
    text = (WORKFLOWS / "native.yml").read_text("utf-8")
    assert not re.search(r"secrets\b|vars\.|github\.token|TOKEN|PASSPHRASE", text)


# --- without credentials -------------------------------------------------------------------------


def test_no_test_has_credentials_or_may_write() -> None:
    for name, job in TEST["jobs"].items():
        assert job["permissions"] == {"contents": "read"}, name
        assert "environment" not in job, name
    for name, job in JOBS.items():
        assert not {"id_tokens", "environment", "secrets"} & job.keys(), name
    for file in (WORKFLOWS / "test.yml", GITLAB):
        text = file.read_text("utf-8")
        assert not re.search(r"secrets\b|vars\.|github\.token|TOKEN|PASSPHRASE", text), file.name


def test_whoever_has_credentials_takes_nothing_from_a_cache() -> None:
    """Whatever a test put there would run with them."""
    for file in WORKFLOWS.glob("*.yml"):
        cached = re.search(r"actions/cache|^ +cache:", file.read_text("utf-8"), re.MULTILINE)
        assert (cached is not None) is (file.name == "test.yml"), file.name
    assert "cache:" not in (ROOT / ".gitlab-ci.yml").read_text("utf-8")


# --- caches and time -----------------------------------------------------------------------------


def test_caches_change_with_the_locks() -> None:
    assert {use["cache"] for use in used("actions/setup-python")} == {"pip"}
    (form,) = {use["cache-dependency-path"] for use in used("actions/setup-python")}
    assert {file.name for file in ROOT.glob(form)} == LOCKS
    (programs,) = used("actions/cache")
    forms = re.findall(r"'([^']+)'", programs["key"])
    hashed = {str(file.relative_to(ROOT)) for form in forms for file in ROOT.glob(form)}
    assert hashed == {*ENGINES, "tests/pipelines/checker/go.sum"}
    assert "matrix.make" in programs["key"], "each makes an engine of its own"
    keys = [cache["key"] for cache in OWN[".project"]["cache"]]
    assert [set(key["files"]) for key in keys] == [LOCKS, ENGINES]
    assert keys[1]["prefix"] == "$CI_JOB_NAME"


def test_what_is_cached_is_where_programs_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/runner")
    (programs,) = used("actions/cache")
    cached = Path(programs["path"].replace("~", "/home/runner"))
    assert cached in Entry.here().executable.parents

    home = OWN[".project"]["variables"]["XDG_CACHE_HOME"]
    monkeypatch.setenv("XDG_CACHE_HOME", home.replace("$CI_PROJECT_DIR", "/builds/doors"))
    paths = [path for cache in OWN[".project"]["cache"] for path in cache["paths"]]
    assert paths[0] == f"{Path(home).name}/pip"
    assert Path("/builds/doors", paths[1]) in Entry.here().executable.parents


def test_a_cache_in_the_project_is_no_part_of_it() -> None:
    name = Path(OWN[".project"]["variables"]["XDG_CACHE_HOME"]).name
    assert f"{name}/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert any(fnmatch(name, form) for form in account.NOT_COPIED)


def test_a_cold_run_and_a_warm_one_end_in_time() -> None:
    """Cold: the job's limit. Warm: little more than the last step's, what it needs being there."""
    for job in TEST["jobs"].values():
        assert int(job["timeout-minutes"]) <= COLD
    for job in JOBS.values():
        assert int(job["timeout"].removesuffix(" minutes")) <= COLD
    assert int(steps(TEST["jobs"]["test"])[-1]["timeout-minutes"]) < WARM


# --- GitLab's file -------------------------------------------------------------------------------


def test_gitlabs_own_schema_is_kept() -> None:
    command = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run(
        [command, "--builtin-schema", "vendor.gitlab-ci", GITLAB],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", JOBS)
def test_a_job_has_a_pinned_image_and_a_stage_and_gives_way_to_newer_commits(name: str) -> None:
    job = JOBS[name]
    assert re.fullmatch(r"python:3\.11-\S+@sha256:[0-9a-f]{64}", job["image"])
    assert job["stage"] in PIPELINE["stages"]
    assert job["interruptible"] == "true"
