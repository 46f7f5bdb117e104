"""A GitLab runner, as far as our pipeline needs one: jobs by their needs, scripts with bash.

`extends`, rules, matrices, environments' variables, dotenv reports, artifacts, manual jobs and
allowed exit codes are done here as GitLab's "CI/CD YAML syntax reference" has them. A keyword that
isn't known is refused.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from tests.pipelines.machine import FORGE, OWN, Job, Repository, secret

FILE = ".gitlab-ci.yml"
STACKS = ".gitlab/stacks.yml"
"""Of what it includes, what stacks are made of."""

_GLOBAL = {"variables", "workflow", "stages", "include"}
_KEYS = {
    *("stage", "image", "timeout", "interruptible", "rules", "needs", "before_script", "script"),
    *("variables", "environment", "parallel", "artifacts", "allow_failure", "resource_group"),
    *("id_tokens",),
}
_VARIABLE = re.compile(r"\$(\w+)")
_UNLIKE = re.compile(r"\$(\w+) !~ /(.*?)(?<!\\)/")
WAITS = "warning"
"""The result of a job that failed with a code that it may fail with."""

Values = Mapping[str, Any]


@dataclass
class GitLab(Repository):
    """A project, and its pipelines."""

    sts: str = ""
    """The address of the cloud's security token service."""

    def push(self) -> list[Job]:
        """To the main branch."""
        return self.run(CI_PIPELINE_SOURCE="push", CI_COMMIT_BRANCH="main")

    def deploy_by_hand(self, allow: str) -> list[Job]:
        """The main branch, with what is meant."""
        return self.run(CI_PIPELINE_SOURCE="web", CI_COMMIT_BRANCH="main", ALLOW=allow)

    def propose(self, head: str = OWN, branch: str = "change") -> list[Job]:
        """A merge request."""
        return self.run(
            CI_PIPELINE_SOURCE="merge_request_event",
            CI_MERGE_REQUEST_SOURCE_PROJECT_PATH=head,
            CI_MERGE_REQUEST_SOURCE_BRANCH_NAME=branch,
            CI_MERGE_REQUEST_IID="12",
        )

    def propose_as_a_stranger(self) -> Iterator[list[Job]]:
        """From a fork, and from Renovate."""
        yield self.propose(head="stranger/infrastructure")
        yield self.propose(branch="renovate/pulumi-4.x")

    def review_by_hand(self, allow: str) -> list[Job]:
        """A merge request's branch, with what is meant."""
        return self.run(
            CI_PIPELINE_SOURCE="web",
            CI_COMMIT_BRANCH="change",
            CI_OPEN_MERGE_REQUESTS=f"{OWN}!12",
            ALLOW=allow,
        )

    def night(self) -> list[Job]:
        """Comes every day."""
        return self.run(CI_PIPELINE_SOURCE="schedule", CI_COMMIT_BRANCH="main")

    def documents(self) -> list[Job]:
        """In the same pipeline."""
        return [job for job in self.night() if job.name == "openapi"]

    def run(self, **predefined: str) -> list[Job]:
        """Run the pipeline that these predefined variables start; returns its jobs in order."""
        document = load(self.checkout / FILE)
        known = {
            "ALLOW": document["variables"]["ALLOW"]["value"],
            "STACKS": document["variables"]["STACKS"],
            **self.variables,
            "CI_API_V4_URL": f"{self.api}/api/v4",
            "CI_DEFAULT_BRANCH": "main",
            "CI_PROJECT_PATH": OWN,
            "CI_PROJECT_ID": "77",
            "CI_PIPELINE_URL": "https://gitlab.example/shop/infrastructure/-/pipelines/4711",
            "CI_COMMIT_SHA": "fedcba9876543210",
            "GITLAB_CI": "true",
            **predefined,
        }
        assert _rule(document["workflow"]["rules"], known) is not None, "nothing starts it"
        done: list[tuple[str, str, Job]] = []
        for name, job in jobs(document).items():
            rule = _rule(job.get("rules", [{}]), known)
            if rule is None:
                continue
            stage = job["stage"]
            needed = [  # those of the stages before it, unless it says
                one
                for other, theirs, one in done
                if (other in job["needs"] if "needs" in job else theirs != stage)
            ]
            if self._starts(job, rule, needed):
                ran = [
                    self._job(job, label, {**known, **more}, needed)
                    for label, more in _matrix(name, job)
                ]
            else:
                ran = [Job(name, "skipped")]
            done += [(name, stage, one) for one in ran]
        return [one for _, _, one in done]

    def _starts(self, job: Values, rule: Values, needed: list[Job]) -> bool:
        match rule.get("when", "on_success"):
            case "always":
                return True
            case "manual" if not self.approves(
                _expanded(job["environment"]["name"], job["variables"])
            ):
                return False
            case _:
                return all(one.result in {"success", WAITS} for one in needed)

    def _job(self, job: Values, name: str, known: Mapping[str, str], needed: list[Job]) -> Job:
        folder = self.folder()
        self.check_out(folder)
        for one in needed:
            for kept in one.kept.values():
                shutil.copytree(kept, folder, dirs_exist_ok=True)
        values = {**known, **{k: str(v) for k, v in job.get("variables", {}).items()}}
        environment = _expanded(job.get("environment", {}).get("name", ""), values)
        values |= {"CI_JOB_ID": "99", **self._set_for(environment)}
        for one in needed:
            values |= one.outputs
        for token, asked in job.get("id_tokens", {}).items():
            assert asked == {"aud": "sts.aliyuncs.com"}
            values[token] = secret("jwt", environment)
        values = {key: _expanded(value, values) for key, value in values.items()}
        script = "\n".join([*job.get("before_script", []), *job["script"]])
        code, log = self.bash(script, folder, values)
        allowed = job.get("allow_failure", {}).get("exit_codes")
        result = "success" if code == 0 else WAITS if code == allowed else "failure"
        done = Job(name, result, log)
        artifacts: Values = job.get("artifacts", {})
        if artifacts.get("when", "on_success") in {"always", f"on_{result}"}:
            self._keep(done, artifacts, folder)
        return done

    def _set_for(self, environment: str) -> Mapping[str, str]:
        """The variables of an environment; the bot that tells has one of its own."""
        if environment == "tell":
            return {"GITLAB_TOKEN": secret("token", FORGE)}
        if not environment:
            return {}
        settings = self.settings(environment)
        return {**settings.variables, **settings.secrets, "ALIBABA_CLOUD_STS_ENDPOINT": self.sts}

    def _keep(self, done: Job, artifacts: Values, folder: Path) -> None:
        for path in artifacts.get("paths", []):
            done.kept[path] = self.keep(folder, path, artifacts.get("exclude", []))
        dotenv = artifacts.get("reports", {}).get("dotenv")
        if dotenv:
            lines = (folder / dotenv).read_text(encoding="utf-8").splitlines()
            done.outputs = dict(line.split("=", 1) for line in lines)


def load(file: Path) -> dict[str, Any]:
    """The pipeline's file."""
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert {"local": STACKS} in found["include"]
    included = yaml.safe_load((file.parent / STACKS).read_text(encoding="utf-8"))
    merged: dict[str, Any] = _merged(included, found)
    return merged


def jobs(document: Values) -> dict[str, dict[str, Any]]:
    """Each job with what it extends, by the order of its stages."""
    names = [name for name in document if name not in _GLOBAL and not name.startswith(".")]
    named = {name: _extended(document, name) for name in names}
    for name, job in named.items():
        assert job.keys() <= _KEYS, f"{name}: {job.keys() - _KEYS}"
    stages: list[str] = document["stages"]
    return dict(sorted(named.items(), key=lambda item: stages.index(item[1]["stage"])))


def _extended(document: Values, name: str) -> dict[str, Any]:
    own: dict[str, Any] = dict(document[name])
    bases = own.pop("extends", [])
    found: dict[str, Any] = {}
    for base in [bases] if isinstance(bases, str) else bases:
        found = _merged(found, _extended(document, base))
    return _merged(found, own)


def _merged(below: Any, above: Any) -> Any:
    """Maps are merged, everything else replaced."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    one, other = cast("dict[str, Any]", below), cast("dict[str, Any]", above)
    return {**one, **other, **{k: _merged(one[k], other[k]) for k in one.keys() & other.keys()}}


def _rule(rules: list[dict[str, Any]], known: Mapping[str, str]) -> dict[str, Any] | None:
    """The first rule that holds: Python's comparisons, but for `&&`, `!~` and variables."""
    for rule in rules:
        condition = _UNLIKE.sub(r'not like(r"\2", $\1)', rule.get("if", "True"))
        condition = _VARIABLE.sub(r'known.get("\1")', condition)
        if eval(condition.replace("&&", "and"), {"known": known, "like": _like}):
            return rule
    return None


def _like(pattern: str, text: str | None) -> bool:
    return re.search(pattern, text or "") is not None


def _matrix(name: str, job: Values) -> Iterator[tuple[str, dict[str, str]]]:
    for entry in job.get("parallel", {"matrix": [{}]})["matrix"]:
        stacks = entry.get("STACK", "")
        for stack in [stacks] if isinstance(stacks, str) else stacks:
            yield (f"{name}: {stack}", {**entry, "STACK": stack}) if stack else (name, {})


def _expanded(text: str, known: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: known.get(found[1], ""), text)
