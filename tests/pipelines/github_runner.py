"""A GitHub runner, as far as our workflows need one: jobs in order, steps with bash, no network.

Jobs, matrices, reusable workflows, conditions, outputs, artifacts and summaries are done here as
GitHub documents them. `run:` steps are executed as they stand. Actions are stand-ins for what they
do (`_ACTIONS`), which check what they are given. What isn't known here is refused.
"""

import fnmatch
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sandbox.engine import ENGINE_VERSION
from tests.pipelines.expressions import filled, holds

_WORKFLOWS = Path(".github") / "workflows"
_USES = re.compile(r"(?P<action>[\w-]+/[\w/-]+)@(?P<commit>[0-9a-f]{40})")
_NEVER: Mapping[str, Any] = {}
_UNTRACKED = shutil.ignore_patterns(".sandbox", ".pipeline", "__pycache__")
KEYS = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "STS.key",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "secret",
    "ALIBABA_CLOUD_SECURITY_TOKEN": "token",
}


def load(file: Path) -> dict[str, Any]:
    """A workflow. YAML 1.1 takes the key `on` for true."""
    found: dict[Any, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {("on" if key is True else str(key)): value for key, value in found.items()}


@dataclass
class Job:
    """How a job ended."""

    name: str
    result: str = "success"
    outputs: dict[str, str] = field(default_factory=dict[str, str])
    log: str = ""
    environment: str = ""
    permissions: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass
class Runner:
    """A repository with its settings, and the runs of its workflows."""

    checkout: Path
    """What `actions/checkout` gets: copied for each job."""

    scratch: Path
    """Where its jobs' folders go; another runner may use it too."""

    environment: Mapping[str, str]
    environments: Mapping[str, Mapping[str, Mapping[str, str]]]
    """For each environment its `vars` and `secrets`."""

    github: Mapping[str, Any]
    reviewers: Callable[[str], bool] = lambda _: True
    """Whether an environment's reviewers approve a job that waits for them."""

    jobs: list[Job] = field(default_factory=list[Job])
    summary: str = ""
    _artifacts: dict[str, Path] = field(default_factory=dict[str, Path])

    def run(self, name: str, inputs: Mapping[str, Any] = _NEVER) -> dict[str, Job]:
        """Run a workflow of the checkout; returns its jobs by their names there."""
        self.jobs, self.summary, self._artifacts = [], "", {}
        workflow = load(self.checkout / _WORKFLOWS / name)
        assert self.github["event_name"] in workflow["on"], "nothing starts this workflow"
        self._workflow(workflow, inputs, {})
        return {job.name: job for job in self.jobs}

    def _workflow(
        self, workflow: Mapping[str, Any], inputs: Mapping[str, Any], allowed: Mapping[str, str]
    ) -> dict[str, Job]:
        done: dict[str, Job] = {}
        assert workflow["permissions"] == {}, "each job says what it may"
        for key, job in workflow["jobs"].items():
            needed = job.get("needs", [])
            needs = {one: done[one] for one in ([needed] if isinstance(needed, str) else needed)}
            contexts = {
                "github": self.github,
                "inputs": inputs,
                "needs": {k: {"result": v.result, "outputs": v.outputs} for k, v in needs.items()},
            }
            done[key] = self._job(key, job, contexts, needs, allowed)
        return done

    def _job(
        self,
        key: str,
        job: Mapping[str, Any],
        contexts: Mapping[str, Any],
        needs: Mapping[str, Job],
        allowed: Mapping[str, str],
    ) -> Job:
        failed = any(one.result == "failure" for one in needs.values())
        fine = all(one.result == "success" for one in needs.values())
        functions = {
            "success": lambda: fine,
            "failure": lambda: failed,
            "cancelled": lambda: False,
            "always": lambda: True,
        }
        condition = str(job.get("if", "success()"))
        if not re.search(r"\b(success|failure|cancelled|always)\(", condition):
            condition = f"success() && ({condition.removeprefix('${{').removesuffix('}}')})"
        if not holds(condition, contexts, functions):
            return self._ended(Job(key, "skipped"))
        if "uses" in job:
            return self._called(key, job, contexts, functions)
        with ThreadPoolExecutor() as pool:  # a matrix runs at once there, too
            running = [
                pool.submit(
                    self._run_job, key, job, {**contexts, "matrix": values}, functions, allowed
                )
                for values in _matrix(job)
            ]
        results = [one.result() for one in running]
        worst = "failure" if any(one.result == "failure" for one in results) else "success"
        return Job(key, worst, results[-1].outputs)

    def _called(
        self, key: str, job: Mapping[str, Any], contexts: Mapping[str, Any], functions: Any
    ) -> Job:
        """A reusable workflow: its jobs are told as `<caller>/<job>`."""
        workflow = load(self.checkout / job["uses"])
        declared = workflow["on"]["workflow_call"]["inputs"]
        given = {k: filled(str(v), contexts, functions) for k, v in job["with"].items()}
        assert given.keys() <= declared.keys(), given
        inputs = {name: given.get(name, one.get("default")) for name, one in declared.items()}
        assert None not in inputs.values(), inputs
        assert job["secrets"] == "inherit", "environments' secrets don't come along otherwise"
        before = len(self.jobs)
        done = self._workflow(workflow, inputs, job["permissions"])
        for one in self.jobs[before:]:
            one.name = f"{key}/{one.name}"
        inner = {"jobs": {k: {"outputs": v.outputs} for k, v in done.items()}}
        outputs = {
            name: filled(one["value"], inner, {})
            for name, one in workflow["on"]["workflow_call"].get("outputs", {}).items()
        }
        failed = any(one.result == "failure" for one in done.values())
        return Job(key, "failure" if failed else "success", outputs)

    def _run_job(
        self,
        key: str,
        job: Mapping[str, Any],
        contexts: Mapping[str, Any],
        functions: Mapping[str, Any],
        allowed: Mapping[str, str],
    ) -> Job:
        name = filled(str(job.get("name", key)), contexts, functions)
        environment = filled(str(job.get("environment", "")), contexts, functions)
        permissions = job["permissions"]
        assert not allowed or permissions.items() <= allowed.items(), "more than its caller may"
        done = Job(name, environment=environment, permissions=permissions)
        if environment and not self.reviewers(environment):
            done.result = "failure"
            done.log = f"The reviewers of {environment} have refused."
            return self._ended(done)
        settings: Mapping[str, Mapping[str, str]] = (
            self.environments[environment] if environment else {}
        )
        folder = Path(tempfile.mkdtemp(prefix="job-", dir=self.scratch)) / "checkout"
        shutil.copytree(self.checkout, folder, symlinks=True, ignore=_UNTRACKED)
        variables = {
            **self.environment,
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.github["api_url"],
            "GITHUB_SERVER_URL": self.github["server_url"],
            "GITHUB_REPOSITORY": self.github["repository"],
            "GITHUB_REF_NAME": self.github["ref_name"],
            "GITHUB_RUN_ID": str(self.github["run_id"]),
            "GITHUB_SHA": self.github["sha"],
        }
        steps: dict[str, dict[str, Any]] = {}
        running = _Steps(self, folder, variables, permissions, done)
        for step in job["steps"]:
            state = {
                "success": lambda: done.result == "success",
                "failure": lambda: done.result == "failure",
                "cancelled": lambda: False,
                "always": lambda: True,
            }
            known: dict[str, Any] = {
                **contexts,
                "github": {**self.github, "token": "ghs_token"},
                "vars": settings.get("vars", {}),
                "secrets": settings.get("secrets", {}),
                "steps": steps,
            }
            if not holds(str(step.get("if", "success()")), known, state):
                continue
            outcome, outputs = running.step(step, known, state)
            if "id" in step:
                steps[step["id"]] = {"outcome": outcome, "outputs": outputs}
            if outcome == "failure":
                done.result = "failure"
        shown = {**contexts, "steps": steps}
        for output, value in job.get("outputs", {}).items():
            done.outputs[output] = filled(str(value), shown, {})
        return self._ended(done)

    def _ended(self, job: Job) -> Job:
        self.jobs.append(job)
        return job

    def keep(self, name: str, folder: Path, without: list[str]) -> None:
        kept = Path(tempfile.mkdtemp(prefix="artifact-", dir=self.scratch)) / name
        shutil.copytree(folder, kept)
        for file in [one for one in kept.rglob("*") if one.is_file()]:
            path = (folder / file.relative_to(kept)).as_posix()
            if any(fnmatch.fnmatch(path, f"*/{form}") for form in without):
                file.unlink()
        self._artifacts[name] = kept

    def get(self, pattern: str, folder: Path) -> None:
        for name, kept in self._artifacts.items():
            if fnmatch.fnmatch(name, pattern):
                shutil.copytree(kept, folder, dirs_exist_ok=True)


@dataclass
class _Steps:
    """The steps of one job, which share a folder and an environment."""

    runner: Runner
    folder: Path
    variables: dict[str, str]
    permissions: Mapping[str, str]
    job: Job
    checked_out: bool = False

    def step(
        self, step: Mapping[str, Any], contexts: Mapping[str, Any], functions: Mapping[str, Any]
    ) -> tuple[str, dict[str, str]]:
        if "uses" in step:
            found = _USES.fullmatch(step["uses"])
            assert found, f"{step['uses']} isn't pinned to a commit"
            given = {
                k: filled(str(v).lower() if isinstance(v, bool) else str(v), contexts, functions)
                for k, v in step.get("with", {}).items()
            }
            _ACTIONS[found["action"]](self, given)
            return "success", {}
        assert self.checked_out, "there is nothing to run yet"
        return self._script(step, contexts, functions)

    def _script(
        self, step: Mapping[str, Any], contexts: Mapping[str, Any], functions: Mapping[str, Any]
    ) -> tuple[str, dict[str, str]]:
        assert "${{" not in step["run"], "values come by the environment, never into a script"
        output = self.folder.with_name(f"{self.folder.name}-output")
        summary = self.folder.with_name(f"{self.folder.name}-summary")
        for file in (output, summary):
            file.write_text("")
        env = {k: filled(str(v), contexts, functions) for k, v in step.get("env", {}).items()}
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.folder,
            env={
                **self.variables,
                **env,
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(summary),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.job.log += ended.stdout
        self.runner.summary += summary.read_text(encoding="utf-8")
        outputs = dict(
            line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines()
        )
        return ("success" if ended.returncode == 0 else "failure"), outputs


def _matrix(job: Mapping[str, Any]) -> list[dict[str, str]]:
    strategy = job.get("strategy")
    if strategy is None:
        return [{}]
    assert strategy["fail-fast"] is False, "one stack's trouble isn't another's"
    matrix = strategy["matrix"]
    if "include" in matrix:
        return list(matrix["include"])
    ((name, values),) = matrix.items()
    return [{name: value} for value in values]


def _checkout(steps: _Steps, given: Mapping[str, str]) -> None:
    assert given == {"persist-credentials": "false"}
    assert steps.permissions["contents"] == "read"
    steps.checked_out = True


def _python(_steps: _Steps, given: Mapping[str, str]) -> None:
    assert given == {"python-version": "3.11"}


def _pulumi(steps: _Steps, given: Mapping[str, str]) -> None:
    """The CLI comes on the PATH; here, the one on the simulated cloud."""
    assert given == {"pulumi-version": ENGINE_VERSION}
    path = f"{steps.folder / 'sandbox' / 'bin'}:{steps.variables['PATH']}"
    steps.variables["PATH"] = path


def _credentials(steps: _Steps, given: Mapping[str, str]) -> None:
    """Exchanges the runner's token, so the job has to be allowed one, for this environment."""
    assert steps.permissions["id-token"] == "write"
    assert given["audience"] == "sts.aliyuncs.com"
    assert re.fullmatch(r"acs:ram::\d+:role/[\w-]+", given["role-to-assume"])
    assert re.fullmatch(r"acs:ram::\d+:oidc-provider/[\w-]+", given["oidc-provider-arn"])
    assert re.fullmatch(r"[\w-]{2,64}", given["role-session-name"])
    assert int(given["role-session-expiration"]) >= 3600
    steps.variables.update(KEYS)


def _upload(steps: _Steps, given: Mapping[str, str]) -> None:
    paths = given["path"].split()
    (kept,) = [path for path in paths if not path.startswith("!")]
    assert not kept.startswith(".") or given["include-hidden-files"] == "true"
    folder = steps.folder / kept
    if folder.is_dir():
        without = [path.removeprefix("!") for path in paths if path.startswith("!")]
        steps.runner.keep(given["name"], folder, without)


def _download(steps: _Steps, given: Mapping[str, str]) -> None:
    assert given["merge-multiple"] == "true"
    steps.runner.get(given["pattern"], steps.folder / given["path"])


_ACTIONS: Mapping[str, Callable[[_Steps, Mapping[str, str]], None]] = {
    "actions/checkout": _checkout,
    "actions/setup-python": _python,
    "actions/upload-artifact": _upload,
    "actions/download-artifact": _download,
    "aliyun/configure-aliyun-credentials-action": _credentials,
    "pulumi/actions": _pulumi,
}
