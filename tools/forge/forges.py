"""GitHub and GitLab behind one face: own comments, and issues with a label.

Sources: GitHub's REST API (issue comments, issues, pull requests), GitLab's (notes of merge
requests, issues).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from tools.forge.api import Api, ForgeError

LABEL = "drift"


@dataclass(frozen=True)
class Said:
    """A comment or an issue that is there."""

    id: int
    text: str


class Forge(Protocol):
    """Where a pipeline runs, and what it can tell there."""

    def about(self) -> str:
        """A line that says which run of which commit this is."""
        ...

    def comment(self, marker: str) -> Said | None:
        """Our comment on the pull request that begins with the marker."""
        ...

    def add_comment(self, text: str) -> None: ...

    def change_comment(self, comment: Said, text: str) -> None: ...

    def issue(self, marker: str) -> Said | None:
        """The open issue whose text begins with the marker."""
        ...

    def open_issue(self, title: str, text: str) -> None: ...

    def change_issue(self, issue: Said, text: str) -> None: ...

    def close_issue(self, issue: Said, why: str) -> None: ...


class GitHub:
    """A workflow's own repository. Needs GITHUB_TOKEN; PULL_REQUEST for comments."""

    def __init__(self, given: Mapping[str, str]) -> None:
        """Take what the runner says of itself."""
        self._given = given
        self._repository = f"repos/{_needed(given, 'GITHUB_REPOSITORY')}"
        self._api = Api(
            _needed(given, "GITHUB_API_URL"),
            {
                "Authorization": f"Bearer {_needed(given, 'GITHUB_TOKEN')}",
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )

    def about(self) -> str:
        given = self._given
        commit = given.get("HEAD_SHA") or given.get("GITHUB_SHA", "")
        run = "/".join(given.get(name, "") for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY"))
        return f"Commit {commit[:10]}, [run]({run}/actions/runs/{given.get('GITHUB_RUN_ID', '')})"

    def comment(self, marker: str) -> Said | None:
        for one in self._api.all(f"{self._pull_request}/comments"):
            if one["user"]["type"] == "Bot" and _begins(one["body"], marker):
                return Said(one["id"], one["body"])
        return None

    def add_comment(self, text: str) -> None:
        self._api.send("POST", f"{self._pull_request}/comments", {"body": text})

    def change_comment(self, comment: Said, text: str) -> None:
        path = f"{self._repository}/issues/comments/{comment.id}"
        self._api.send("PATCH", path, {"body": text})

    def issue(self, marker: str) -> Said | None:
        for one in self._api.all(f"{self._repository}/issues", state="open", labels=LABEL):
            if "pull_request" not in one and _begins(one["body"], marker):
                return Said(one["number"], one["body"])
        return None

    def open_issue(self, title: str, text: str) -> None:
        body = {"title": title, "body": text, "labels": [LABEL]}
        self._api.send("POST", f"{self._repository}/issues", body)

    def change_issue(self, issue: Said, text: str) -> None:
        self._api.send("PATCH", f"{self._repository}/issues/{issue.id}", {"body": text})

    def close_issue(self, issue: Said, why: str) -> None:
        path = f"{self._repository}/issues/{issue.id}"
        self._api.send("POST", f"{path}/comments", {"body": why})
        self._api.send("PATCH", path, {"state": "closed", "state_reason": "completed"})

    @property
    def _pull_request(self) -> str:
        """The pull request's conversation; a run by hand finds its branch's."""
        number = self._given.get("PULL_REQUEST") or self._by_branch()
        return f"{self._repository}/issues/{number}"

    def _by_branch(self) -> int:
        branch = _needed(self._given, "GITHUB_REF_NAME")
        owner = self._given["GITHUB_REPOSITORY"].partition("/")[0]
        asked = urlencode({"state": "open", "head": f"{owner}:{branch}"})
        found: list[dict[str, Any]] = self._api.send("GET", f"{self._repository}/pulls?{asked}")
        if not found:
            raise ForgeError(f"The branch {branch} has no open pull request to comment on.")
        return int(found[0]["number"])


class GitLab:
    """A pipeline's own project. Needs GITLAB_TOKEN, of a bot with the scope `api`."""

    def __init__(self, given: Mapping[str, str]) -> None:
        """Take what the runner says of itself."""
        self._given = given
        self._project = f"projects/{quote(_needed(given, 'CI_PROJECT_ID'), safe='')}"
        self._api = Api(
            _needed(given, "CI_API_V4_URL"), {"PRIVATE-TOKEN": _needed(given, "GITLAB_TOKEN")}
        )

    def about(self) -> str:
        commit = self._given.get("CI_COMMIT_SHA", "")
        return f"Commit {commit[:10]}, [pipeline]({self._given.get('CI_PIPELINE_URL', '')})"

    def comment(self, marker: str) -> Said | None:
        us = self._api.send("GET", "user")["id"]
        for one in self._api.all(f"{self._merge_request}/notes", sort="asc"):
            if one["author"]["id"] == us and _begins(one["body"], marker):
                return Said(one["id"], one["body"])
        return None

    def add_comment(self, text: str) -> None:
        self._api.send("POST", f"{self._merge_request}/notes", {"body": text})

    def change_comment(self, comment: Said, text: str) -> None:
        self._api.send("PUT", f"{self._merge_request}/notes/{comment.id}", {"body": text})

    def issue(self, marker: str) -> Said | None:
        for one in self._api.all(f"{self._project}/issues", state="opened", labels=LABEL):
            if _begins(one["description"], marker):
                return Said(one["iid"], one["description"])
        return None

    def open_issue(self, title: str, text: str) -> None:
        body = {"title": title, "description": text, "labels": LABEL}
        self._api.send("POST", f"{self._project}/issues", body)

    def change_issue(self, issue: Said, text: str) -> None:
        self._api.send("PUT", f"{self._project}/issues/{issue.id}", {"description": text})

    def close_issue(self, issue: Said, why: str) -> None:
        path = f"{self._project}/issues/{issue.id}"
        self._api.send("POST", f"{path}/notes", {"body": why})
        self._api.send("PUT", path, {"state_event": "close"})

    @property
    def _merge_request(self) -> str:
        number = self._given.get("CI_MERGE_REQUEST_IID") or self._by_branch()
        return f"{self._project}/merge_requests/{number}"

    def _by_branch(self) -> str:
        """Of a pipeline by hand: `group/project!12,group/project!15` are its branch's."""
        first = self._given.get("CI_OPEN_MERGE_REQUESTS", "").partition(",")[0]
        number = first.rpartition("!")[2]
        if not number.isdigit():
            raise ForgeError("The branch has no open merge request to comment on.")
        return number


def this_forge(given: Mapping[str, str]) -> Forge:
    """The forge that the environment is a runner of.

    Raises:
        ForgeError: it is none that we know, or lacks something.
    """
    if given.get("GITHUB_ACTIONS") == "true":
        return GitHub(given)
    if given.get("GITLAB_CI") == "true":
        return GitLab(given)
    raise ForgeError("This is neither a GitHub nor a GitLab runner: there is nobody to tell.")


def _begins(text: str | None, marker: str) -> bool:
    return (text or "").startswith(marker)


def _needed(given: Mapping[str, str], name: str) -> str:
    value = given.get(name)
    if not value:
        raise ForgeError(f"{name} isn't set, so nothing can be told.")
    return value
