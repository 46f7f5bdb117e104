"""A GitHub runner, as far as our workflows need one: jobs by their needs, steps with bash.

Conditions, matrices, reusable workflows, outputs, artifacts and summaries are done here as GitHub
documents them. actionlint judges how expressions are written, so that they are only worked out
here, by Python. Actions are stand-ins for what they do. A key or an action that isn't known is
refused.
"""

import fnmatch
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml

from tests.pipelines.machine import FORGE, OWN, Job, Repository, keys_of, secret

WORKFLOWS = Path(".github") / "workflows"
_PLACE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_STATUS = re.compile(r"\b(success|failure|cancelled|always)\(")
_NAME = re.compile(r"\b[a-z]\w*(?:\.\w+)+")
_SIGN = re.compile(r"&&|\|\||!(?!=)")
_SIGNS = {"&&": " and ", "||": " or ", "!": " not "}
_PROVIDER = re.compile(r"acs:ram::\d+:oidc-provider/[\w-]+")

_ID_TOKEN = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
_TOLD = ("repository", "ref_name", "run_id", "sha")
_HIDDEN = "include-hidden-files"
_JOB = {
    *("name", "needs", "if", "uses", "with", "secrets", "permissions", "environment", "outputs"),
    *("runs-on", "timeout-minutes", "concurrency", "strategy", "steps"),
}
_STEP = {"name", "id", "if", "uses", "with", "run", "env"}
EVERYBODY = "everybody"
"""Who has the secrets of the repository itself: each job without an environment."""

Values = Mapping[str, Any]


def load(file: Path) -> dict[str, Any]:
    """A workflow. YAML 1.1 takes the key `on` for true."""
    found: dict[Any, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {("on" if key is True else str(key)): value for key, value in found.items()}


def evaluate(text: str, known: Values) -> Any:
    """The value of an expression: Python's, but for signs and names. What isn't there is empty."""

    def read(name: str) -> Any:
        found: Any = known
        for part in name.split("."):
            found = cast("Values", found).get(part, "") if isinstance(found, Mapping) else ""
        return found

    python = _SIGN.sub(lambda sign: _SIGNS[sign[0]], text)
    python = _NAME.sub(lambda name: f"read('{name[0]}')", python)
    names: dict[str, Any] = {"__builtins__": {}, "true": True, "read": read, **known, **_FUNCTIONS}
    return eval(f"({python})", names)


class _Object(dict[str, Any]):
    """An object of JSON, whose parts are named behind a dot."""

    def __getattr__(self, name: str) -> Any:
        return self.get(name)


class _Array(list[Any]):
    """An array of JSON: beyond its end there is nothing."""

    def __getitem__(self, index: Any) -> Any:
        return super().__getitem__(index) if index < len(self) else None


def _from_json(text: str) -> Any:
    found = json.loads(text, object_hook=_Object)
    if isinstance(found, _Object):
        return found
    return _Array(cast("list[Any]", found)) if isinstance(found, list) else found


def _join(items: list[str], mark: str) -> str:
    return mark.join(items)


_FUNCTIONS: Values = {"fromJSON": _from_json, "toJSON": json.dumps, "join": _join}


def filled(value: object, known: Values) -> str:
    """A text with the values of its expressions."""
    return _PLACE.sub(lambda found: _spelled(evaluate(found[1], known)), _spelled(value))


def _spelled(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _holds(condition: str, known: Values, *, fine: bool) -> bool:
    """Whether a job or a step runs; it asks by itself whether what came before is fine."""
    text = _PLACE.sub(r"\1", condition)
    asked = text if _STATUS.search(text) else f"success() && ({text})"
    status = {"success": fine, "failure": not fine, "cancelled": False, "always": True}
    asks = {name: lambda value=value: value for name, value in status.items()}
    return bool(evaluate(asked, {**known, **asks}))


@dataclass
class GitHub(Repository):
    """A repository, and the runs of its workflows."""

    jobs: list[Job] = field(default_factory=list[Job])
    summary: str = ""

    def push(self) -> list[Job]:
        """To the main branch."""
        return self.run("deploy.yml", "push")

    def deploy_by_hand(self, allow: str) -> list[Job]:
        """The main branch, with what is meant."""
        return self.run("deploy.yml", "workflow_dispatch", {"allow": allow})

    def propose(self, head: str = OWN, by: str = "User") -> list[Job]:
        """A pull request."""
        head_of = {"sha": "fedcba9876543210", "repo": {"full_name": head}}
        pull_request = {"number": 12, "head": head_of, "user": {"type": by}}
        return self.run("review.yml", "pull_request", event={"pull_request": pull_request})

    def propose_as_a_stranger(self) -> Iterator[list[Job]]:
        """From a fork, and as a bot that updates dependencies."""
        yield self.propose(head="stranger/infrastructure")
        yield self.propose(by="Bot")

    def review_by_hand(self, allow: str) -> list[Job]:
        """A pull request's branch, with what is meant."""
        return self.run("review.yml", "workflow_dispatch", {"allow": allow}, ref_name="change")

    def night(self) -> list[Job]:
        """Comes every day."""
        return self.run("drift.yml", "schedule")

    def documents(self) -> list[Job]:
        """Every day as well."""
        return self.run("openapi.yml", "schedule")

    def run(
        self, name: str, event_name: str, inputs: Values | None = None, **more: object
    ) -> list[Job]:
        """Run a workflow; returns its jobs in order. `more` is told of the event."""
        self.jobs, self.summary = [], ""
        workflow = load(self.checkout / WORKFLOWS / name)
        assert event_name in workflow["on"], "nothing starts this workflow"
        told = {
            "event_name": event_name,
            "ref_name": "main",
            "repository": OWN,
            "run_id": 4711,
            "sha": "fedcba9876543210",
            **more,
        }
        known = {"github": told, "inputs": inputs or {}, "vars": self.variables}
        self._workflow(workflow, known, inherits=True)
        return self.jobs

    def _workflow(self, workflow: Values, known: Values, *, inherits: bool) -> dict[str, Job]:
        done: dict[str, Job] = {}
        for key, job in workflow["jobs"].items():
            assert job.keys() <= _JOB, f"{key}: {job.keys() - _JOB}"
            asked = job.get("needs", [])
            needs = [done[one] for one in ([asked] if isinstance(asked, str) else asked)]
            told = {one.name: {"result": one.result, "outputs": one.outputs} for one in needs}
            here = {**known, "needs": told}
            fine = all(one.result == "success" for one in needs)
            if not _holds(str(job.get("if", "true")), here, fine=fine):
                done[key] = Job(key, "skipped")
            elif "uses" in job:
                called = [self._called(key, job, one) for one in _matrix(job, here)]
                done[key] = Job(key, _worst(called), outputs=called[-1].outputs)
            else:
                ran = [self._job(job, one, needs, inherits=inherits) for one in _matrix(job, here)]
                self.jobs += ran
                kept = {name: folder for one in ran for name, folder in one.kept.items()}
                done[key] = Job(key, _worst(ran), outputs=ran[-1].outputs, kept=kept)
        return done

    def _called(self, key: str, job: Values, known: Values) -> Job:
        """A reusable workflow. The secrets of environments come along if they are inherited."""
        workflow = load(self.checkout / job["uses"])
        called = workflow["on"]["workflow_call"]
        inputs = {name: one.get("default", "") for name, one in called.get("inputs", {}).items()}
        given = {name: filled(value, known) for name, value in job.get("with", {}).items()}
        assert given.keys() <= inputs.keys()
        inputs |= given
        inherits = job.get("secrets") == "inherit"
        done = self._workflow(workflow, {**known, "inputs": inputs}, inherits=inherits)
        inner = {"jobs": {name: {"outputs": one.outputs} for name, one in done.items()}}
        told = called.get("outputs", {})
        outputs = {name: filled(one["value"], inner) for name, one in told.items()}
        return Job(key, _worst(done.values()), outputs=outputs)

    def _job(self, job: Values, known: Values, needs: list[Job], *, inherits: bool) -> Job:
        environment = filled(job.get("environment", ""), known)
        done = Job(filled(job.get("name", ""), known))
        if environment and not self.approves(environment):
            done.result, done.log = "failure", f"Nobody has approved {environment}."
            return done
        owner = environment or EVERYBODY
        settings = self.settings(owner)
        steps = _Steps(self, done, needs, self.folder())
        steps.variables = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.api,
            "GITHUB_SERVER_URL": "https://github.example",
            **{f"GITHUB_{name.upper()}": str(known["github"][name]) for name in _TOLD},
        }
        if job["permissions"].get("id-token") == "write":
            steps.variables[_ID_TOKEN] = secret("jwt", owner)
        steps.known = {
            **known,
            "github": {**known["github"], "token": secret("token", FORGE)},
            "vars": {**self.variables, **settings.variables},
            "secrets": settings.secrets if inherits else {},
        }
        for step in job["steps"]:
            steps.run(step)
        shown = {**known, "steps": steps.ended}
        done.outputs = {k: filled(v, shown) for k, v in job.get("outputs", {}).items()}
        return done


def _worst(jobs: Iterable[Job]) -> str:
    return "failure" if any(one.result == "failure" for one in jobs) else "success"


def _matrix(job: Values, known: Values) -> list[dict[str, Any]]:
    """What each of a job's runs knows."""
    matrix = job.get("strategy", {"matrix": {"include": [{}]}})["matrix"]
    ((name, values),) = matrix.items()
    if isinstance(values, str):
        values = evaluate(_PLACE.sub(r"\1", values), known)
    return [{**known, "matrix": one if name == "include" else {name: one}} for one in values]


@dataclass
class _Steps:
    """The steps of one job, which share a folder and an environment."""

    repository: GitHub
    job: Job
    needs: list[Job]
    folder: Path
    variables: dict[str, str] = field(default_factory=dict[str, str])
    known: Values = field(default_factory=dict[str, Any])
    ended: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])

    def run(self, step: Values) -> None:
        assert step.keys() <= _STEP, step.keys() - _STEP
        known = {**self.known, "steps": self.ended}
        if not _holds(str(step.get("if", "true")), known, fine=self.job.result == "success"):
            return
        outcome, outputs = "success", dict[str, str]()
        if "uses" in step:
            given = {k: filled(v, known) for k, v in step.get("with", {}).items()}
            self._action(step["uses"].partition("@")[0], given)
        else:
            outcome, outputs = self._script(
                step["run"], {k: filled(v, known) for k, v in step.get("env", {}).items()}
            )
        if outcome == "failure":
            self.job.result = "failure"
        if "id" in step:
            self.ended[step["id"]] = {"outcome": outcome, "outputs": outputs}

    def _script(self, script: str, given: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        output, summary = (self.repository.folder() / "file" for _ in range(2))
        for file in (output, summary):
            file.touch()
        files = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
        code, said = self.repository.bash(script, self.folder, {**self.variables, **files, **given})
        self.job.log += said
        self.repository.summary += summary.read_text(encoding="utf-8")
        lines = output.read_text(encoding="utf-8").splitlines()
        return "failure" if code else "success", dict(line.split("=", 1) for line in lines)

    def _action(self, name: str, given: Mapping[str, str]) -> None:
        match name:
            case "actions/setup-python" | "pulumi/actions":
                pass  # the machine has them
            case "actions/checkout":
                self.repository.check_out(self.folder)
            case "aliyun/configure-aliyun-credentials-action":
                assert _ID_TOKEN in self.variables, "the job isn't allowed a token"
                assert given["audience"] == "sts.aliyuncs.com"
                assert _PROVIDER.fullmatch(given["oidc-provider-arn"])
                self.variables |= keys_of(given["role-to-assume"])
            case "actions/upload-artifact":
                path, *without = given["path"].split()
                if given.get(_HIDDEN) == "true" or not path.startswith("."):
                    forms = [form.removeprefix("!") for form in without]
                    kept = self.repository.keep(self.folder, path, forms) / path
                    self.job.kept |= {given["name"]: kept} if kept.exists() else {}
            case "actions/download-artifact":
                assert given["merge-multiple"] == "true", "each would get a folder of its own"
                for need in self.needs:
                    for kept in fnmatch.filter(need.kept, given["pattern"]):
                        target = self.folder / given["path"]
                        shutil.copytree(need.kept[kept], target, dirs_exist_ok=True)
            case _:
                raise AssertionError(f"the action {name} isn't known here")
