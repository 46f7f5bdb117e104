"""What an open project has beside its code: licence, changelog, templates, hooks, updates."""

import hashlib
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.pages import ROOT, text_of
from tests.made import made
from tests.wheels import PROJECT as LIBRARY_PROJECT
from tools.release import CHANGELOG, PART_ON_STATES, STATES, UNRELEASED, section_of

PROJECT: dict[str, Any] = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
FORMS = ROOT / ".github" / "ISSUE_TEMPLATE"
GITLAB = ROOT / ".gitlab"
APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
"""The digest of the licence's text as the Apache Software Foundation publishes it."""


def run(*command: str | Path, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


# --- licence and changelog -----------------------------------------------------------------------


def test_the_licence_is_the_one_that_is_named_word_for_word() -> None:
    assert PROJECT["license"] == "Apache-2.0"
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE_2
    assert all((ROOT / file).is_file() for file in PROJECT["license-files"])


def test_the_notice_names_files_that_are_there() -> None:
    (file,) = re.findall(r"\S+/\S+\.yaml", text_of(ROOT / "NOTICE"))
    assert (ROOT / file).is_file()


def versions() -> list[tuple[str, str]]:
    text = text_of(ROOT / CHANGELOG)
    assert text.count(UNRELEASED) == 1
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert f"## {headings[0]}" == UNRELEASED
    found = [re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)", one) for one in headings[1:]]
    assert None not in found, headings
    return [(one[1], one[2]) for one in found if one]


def test_the_changelog_has_every_version_the_newest_first() -> None:
    numbers = [tuple(map(int, version.split("."))) for version, _ in versions()]
    assert numbers == sorted(set(numbers), reverse=True)
    days = [date.fromisoformat(day) for _, day in versions()]
    assert days == sorted(days, reverse=True)
    assert versions()[0][0] == LIBRARY_PROJECT["version"]
    assert {version for version, _ in versions()} == {one.name for one in (ROOT / STATES).iterdir()}


def test_every_version_says_what_it_does_to_states() -> None:
    text = text_of(ROOT / CHANGELOG)
    for version, _ in versions():
        assert f"{PART_ON_STATES}\n\n- " in section_of(text, f"## [{version}]"), version


# --- templates -----------------------------------------------------------------------------------


@pytest.mark.parametrize("file", sorted(FORMS.iterdir()), ids=lambda file: file.name)
def test_githubs_schema_of_forms_is_kept(file: Path) -> None:
    kind = "config" if file.name == "config.yml" else "forms"
    schema = f"vendor.github-issue-{kind}"
    done = run(Path(sys.executable).parent / "check-jsonschema", "--builtin-schema", schema, file)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["bug", "feature"])
def test_gitlab_asks_what_github_asks(name: str) -> None:
    form: list[dict[str, Any]] = yaml.safe_load(text_of(FORMS / f"{name}.yml"))["body"]
    asked = [part["attributes"] for part in form]
    template = text_of(GITLAB / "issue_templates" / f"{name.capitalize()}.md")
    assert re.findall(r"^## (.+)$", template, re.MULTILINE) == [
        one["label"] for one in asked if "label" in one
    ]
    said = [one.get("description") or one.get("value") for one in asked]
    assert re.findall(r"<!-- (.+) -->", template) == [one for one in said if one]
    assert text_of(GITLAB / "merge_request_templates" / "Default.md") == text_of(
        ROOT / ".github" / "pull_request_template.md"
    )


def test_what_a_bug_report_asks_for_can_be_had() -> None:
    (command,) = re.findall(r"label: (make .+)", text_of(FORMS / "bug.yml"))
    assert "lines" in json.loads(run(*shlex.split(command)).stdout)


# --- hooks and updates ---------------------------------------------------------------------------


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with the hooks installed, and `make lint` in it a command that only says so."""
    (tmp_path / ".venv").symlink_to(sys.prefix)
    for name in (".pre-commit-config.yaml", ".gitignore", "pyproject.toml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    (tmp_path / "Makefile").write_text("lint:\n\t@echo linted; touch linted\n")
    run("git", "init", "--quiet", "--initial-branch=main", folder=tmp_path)
    for key, value in (("user.name", "somebody"), ("user.email", "somebody@example.com")):
        run("git", "config", key, value, folder=tmp_path)
    done = run(".venv/bin/prek", "install", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path


def test_a_commit_is_formatted_and_checked_and_a_push_linted(clone: Path) -> None:
    def committed() -> subprocess.CompletedProcess[str]:
        run("git", "add", ".", folder=clone)
        return run("git", "commit", "--quiet", "--message=A file", folder=clone)

    file = clone / "doors.py"
    file.write_text('"""Doors."""\nDOOR=1\n')
    refused = committed()
    assert refused.returncode != 0
    assert "ruff format" in refused.stderr
    assert file.read_text() == '"""Doors."""\n\nDOOR = 1\n'

    file.write_text('"""Doors."""\n\nimport os\n')
    refused = committed()
    assert refused.returncode != 0
    assert "F401" in refused.stderr

    file.write_text('"""Doors."""\n\nDOOR = 1\n')
    assert committed().returncode == 0
    run("git", "init", "--quiet", "--bare", "there", folder=clone)
    assert run("git", "push", "--quiet", "./there", "main", folder=clone).returncode == 0
    assert (clone / "linted").exists()


def renovate() -> dict[str, Any]:
    return json.loads(text_of(ROOT / "renovate.json"))


def test_renovates_own_schema_is_kept() -> None:
    checker = Path(sys.executable).parent / "check-jsonschema"
    done = run(checker, "--builtin-schema", "vendor.renovate", ROOT / "renovate.json")
    assert done.returncode == 0, done.stdout + done.stderr


# Of uv's options its manager takes these, and values behind `=` alone.
# Source: renovatebot/renovate, lib/modules/manager/pip-compile/common.ts
TAKEN = {"--universal", "--generate-hashes", "--python-version", "--group", "--output-file"}


def test_renovate_moves_the_locks_by_the_command_that_make_lock_runs() -> None:
    forms = renovate()["pip-compile"]["managerFilePatterns"]
    locks = [file for file in ROOT.iterdir() if _matches(forms, file)]
    assert {lock.name for lock in locks} == {"requirements.txt", "requirements-dev.txt"}
    planned = [[word for word in call[1:] if word != "-q"] for call in made(["make", "lock"])]
    for lock in locks:
        command = text_of(lock).splitlines()[1].removeprefix("#    ")
        assert command.split() in planned
        words = shlex.split(command)
        assert words[:3] == ["uv", "pip", "compile"]
        assert words[-1] == "pyproject.toml"
        assert f"--output-file={lock.name}" in words
        assert {word.partition("=")[0] for word in words[3:-1]} <= TAKEN


def test_renovate_looks_at_files_that_are_there() -> None:
    found = renovate()
    forms = [
        *found["gitlabci"]["managerFilePatterns"],
        *found["kubernetes"]["managerFilePatterns"],
        *(form for one in found["customManagers"] for form in one["managerFilePatterns"]),
    ]
    tracked = [file for file in ROOT.rglob("*") if ".venv" not in file.parts]
    for form in forms:
        assert [file for file in tracked if _matches([form], file)], form
    (engine,) = found["customManagers"]
    (versions_file,) = [f for f in tracked if _matches(engine["managerFilePatterns"], f)]
    (pattern,) = engine["matchStrings"]
    assert len(re.findall(pattern.replace("?<", "?P<"), text_of(versions_file))) == 1


def _matches(forms: list[str], file: Path) -> bool:
    path = file.relative_to(ROOT).as_posix()
    return any(re.search(form.strip("/"), path) for form in forms)
