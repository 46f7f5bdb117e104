"""A GitLab runner, as far as our pipeline needs one: jobs by their needs, scripts with bash.

`extends`, rules, matrices, environments' variables, dotenv reports, artifacts, manual jobs and
allowed exit codes are done here as GitLab's "CI/CD YAML syntax reference" has them. Scripts are
executed as they stand. What isn't known here is refused.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml

_GLOBAL = {"variables", "workflow", "stages", "include"}
_KEYS = {
    *("stage", "image", "timeout", "interruptible", "rules", "needs", "before_script", "script"),
    *("variables", "environment", "parallel", "artifacts", "allow_failure", "resource_group"),
    *("id_tokens",),
}
_UNTRACKED = shutil.ignore_patterns(".sandbox", ".pipeline", "__pycache__")
_COMPARISON = re.compile(r'\$(\w+) (==|!=|!~) ("[^"]*"|\$\w+|/.*/)')
FAILED_ALLOWED = "warning"


@dataclass
class Job:
    """How a job ended."""

    name: str
    result: str = "success"
    log: str = ""
    dotenv: dict[str, str] = field(default_factory=dict[str, str])
    artifacts: Path | None = None


@dataclass
class Runner:
    """A project with its settings, and its pipelines."""

    checkout: Path
    scratch: Path
    environment: Mapping[str, str]
    """The machine's."""

    environments: Mapping[str, Mapping[str, str]]
    """The variables that are set for an environment alone."""

    plays: Callable[[str], bool] = lambda _: True
    """Whether somebody starts a manual job."""

    def run(self, **variables: str) -> dict[str, Job]:
        """Run the pipeline that these predefined variables start; returns the jobs that ran."""
        document = load(self.checkout / ".gitlab-ci.yml")
        known = {
            "ALLOW": document["variables"]["ALLOW"]["value"],
            "CI_DEFAULT_BRANCH": "main",
            "CI_PROJECT_PATH": "shop/infrastructure",
            "CI_PROJECT_ID": "77",
            "CI_PIPELINE_URL": "https://gitlab.example/shop/infrastructure/-/pipelines/4711",
            "CI_COMMIT_SHA": "0123456789abcdef",
            "GITLAB_CI": "true",
            **variables,
        }
        assert _rule(document["workflow"]["rules"], known), "nothing starts this pipeline"
        done: dict[str, list[Job]] = {}
        for name, job in jobs(document).items():
            rule = _rule(job.get("rules", [{}]), known)
            if rule is None:
                continue
            needed = [one for need in job["needs"] for one in done[need]] if "needs" in job else []
            if not self._starts(name, rule, needed, stopped=_stopped(done) and "needs" not in job):
                done[name] = [Job(name, "skipped")]
                continue
            with ThreadPoolExecutor() as pool:  # a matrix runs at once there, too
                ran = [
                    pool.submit(self._job, label, job, {**known, **values}, needed)
                    for label, values in _matrix(name, job)
                ]
            done[name] = [one.result() for one in ran]
        return {job.name: job for jobs in done.values() for job in jobs}

    def _starts(
        self, name: str, rule: Mapping[str, Any], needed: list[Job], *, stopped: bool
    ) -> bool:
        when = rule.get("when", "on_success")
        if when == "always":
            return True
        if stopped or any(one.result not in {"success", FAILED_ALLOWED} for one in needed):
            return False
        return when == "on_success" or (when == "manual" and self.plays(name))

    def _job(
        self, name: str, job: Mapping[str, Any], known: Mapping[str, str], needed: list[Job]
    ) -> Job:
        done = Job(name)
        folder = Path(tempfile.mkdtemp(prefix="job-", dir=self.scratch)) / "checkout"
        shutil.copytree(self.checkout, folder, symlinks=True, ignore=_UNTRACKED)
        for one in needed:
            if one.artifacts is not None:
                shutil.copytree(one.artifacts, folder, dirs_exist_ok=True)
        given = {key: str(value) for key, value in job.get("variables", {}).items()}
        values = {**known, **given, "CI_JOB_ID": "99"}
        environment = _expanded(job.get("environment", {}).get("name", ""), values)
        values |= self.environments.get(environment, {})
        for one in needed:
            values |= one.dotenv
        for token, asked in job.get("id_tokens", {}).items():
            values[token] = f"jwt:{asked['aud']}:{environment}"
        values = {key: _expanded(value, values) for key, value in values.items()}
        path = f"{folder / 'sandbox' / 'bin'}:{self.environment['PATH']}"
        for script in [*job.get("before_script", []), *job["script"]]:
            assert "$[[" not in script, "values come by the environment, never into a script"
        ended = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", _joined(job)],
            cwd=folder,
            env={**self.environment, **values, "PATH": path, "CI_PROJECT_DIR": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        done.log = ended.stdout
        allowed = job.get("allow_failure", {"exit_codes": None})["exit_codes"]
        if ended.returncode != 0:
            done.result = FAILED_ALLOWED if ended.returncode == allowed else "failure"
        self._keep(done, job.get("artifacts", {}), folder, values)
        return done

    def _keep(
        self, done: Job, kept: Mapping[str, Any], folder: Path, values: Mapping[str, str]
    ) -> None:
        """Artifacts; those of a failed job only where it says so."""
        if done.result != "success" and kept.get("when") != "always":
            return
        done.artifacts = Path(tempfile.mkdtemp(prefix="artifact-", dir=self.scratch))
        for path in kept.get("paths", []):
            here = folder / _expanded(path, values)
            if here.is_dir():
                out = [form.rpartition("/")[2] for form in kept.get("exclude", [])]
                ignored = shutil.ignore_patterns(*out)
                shutil.copytree(here, done.artifacts / path, ignore=ignored, dirs_exist_ok=True)
        dotenv = kept.get("reports", {}).get("dotenv")
        if dotenv:
            lines = (folder / dotenv).read_text(encoding="utf-8").splitlines()
            done.dotenv = dict(line.split("=", 1) for line in lines)


def load(file: Path) -> dict[str, Any]:
    """The pipeline's file."""
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def jobs(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Each job with what it extends, by the order of its stages."""
    named = {
        name: _extended(document, name)
        for name in document
        if name not in _GLOBAL and not name.startswith(".")
    }
    for name, job in named.items():
        assert job.keys() <= _KEYS, f"{name}: {job.keys() - _KEYS}"
    stages: list[str] = document["stages"]
    return dict(sorted(named.items(), key=lambda item: stages.index(item[1]["stage"])))


def _extended(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    own: dict[str, Any] = dict(document[name])
    bases = own.pop("extends", [])
    found: dict[str, Any] = {}
    for base in [bases] if isinstance(bases, str) else bases:
        found = _merged(found, _extended(document, base))
    return _merged(found, own)


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Maps are merged, everything else replaced."""
    found = dict(below)
    for key, value in above.items():
        before = found.get(key)
        if isinstance(value, dict) and isinstance(before, dict):
            maps = cast("tuple[dict[str, Any], dict[str, Any]]", (before, value))
            found[key] = _merged(*maps)
        else:
            found[key] = value
    return found


def _rule(rules: list[dict[str, Any]], known: Mapping[str, str]) -> dict[str, Any] | None:
    """The first rule that holds."""
    for rule in rules:
        condition = str(rule.get("if", ""))
        if not condition or all(_holds(part, known) for part in condition.split(" && ")):
            return rule
    return None


def _holds(condition: str, known: Mapping[str, str]) -> bool:
    found = _COMPARISON.fullmatch(condition)
    assert found, f"this is no condition: {condition}"
    left = known.get(found[1])
    if found[2] == "!~":
        return not re.search(found[3][1:-1].replace("\\/", "/"), left or "")
    right = found[3].strip('"') if found[3].startswith('"') else known.get(found[3][1:])
    return (left == right) if found[2] == "==" else (left != right)


def _matrix(name: str, job: Mapping[str, Any]) -> list[tuple[str, dict[str, str]]]:
    if "parallel" not in job:
        return [(name, {})]
    found: list[dict[str, str]] = []
    matrix: list[dict[str, Any]] = job["parallel"]["matrix"]
    for entry in matrix:
        stacks = entry["STACK"]
        each: list[str] = [stacks] if isinstance(stacks, str) else stacks
        found += [{**entry, "STACK": one} for one in each]
    return [(f"{name}: {values['STACK']}", values) for values in found]


def _stopped(done: Mapping[str, list[Job]]) -> bool:
    return any(job.result == "failure" for ended in done.values() for job in ended)


def _expanded(text: str, known: Mapping[str, str]) -> str:
    return re.sub(r"\$(\w+)", lambda found: known.get(found[1], ""), text)


def _joined(job: Mapping[str, Any]) -> str:
    """One script: what `before_script` exports is there for `script`."""
    return "\n".join([*job.get("before_script", []), *job["script"]])
