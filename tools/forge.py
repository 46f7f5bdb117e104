"""`python3 -m tools forge comment|issues 'STACK …'`: tell what stands in `.pipeline/`.

`comment` puts the stacks' reviews into one comment on the pull request, `issues` opens, changes or
closes an issue for each stack's drift: made once, and changed from then on. What is told comes from
`tools.pipeline`. Needs nothing but Python itself, so the job that may write comments installs no
package and runs no program of the stack.

Sources: GitHub's REST API (issue comments, issues, pull requests), GitLab's (notes of merge
requests, issues). Exit codes: 0 it is told; 1 it isn't, and why.
"""

import argparse
import json
import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from stack.command_line import DONE, command
from stack.problems import NotDoneError

FOLDER: Final = Path(__file__).resolve().parent.parent / ".pipeline"

REVIEW: Final = "<!-- alicloud-gateways: review -->"
_DRIFT: Final = "<!-- alicloud-gateways: drift of {stack} -->"
_LABEL: Final = "drift"
_LONGEST: Final = 60_000
"""GitHub ends a comment at 65,536 characters."""

_SECONDS = 30
_PAGE = 100
_MOST_PAGES = 50
_LONGEST_REASON = 300


@dataclass(frozen=True)
class Api:
    """One forge's API: where it is, and what every request has with it."""

    root: str
    headers: Mapping[str, str]

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        """One request; returns what the answer holds.

        Raises:
            NotDoneError: it was refused, or there was no answer.
        """
        data = None if body is None else json.dumps(body).encode("utf-8")
        headers = {"Content-Type": "application/json", "User-Agent": "alicloud-gateways"}
        request = Request(  # noqa: S310 - the root is the forge's own, from its runner
            f"{self.root.rstrip('/')}/{path}",
            data=data,
            headers={**headers, **self.headers},
            method=method,
        )
        try:
            with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
                return json.loads(answer.read() or b"null")
        except HTTPError as error:
            said = error.read(_LONGEST_REASON).decode("utf-8", "replace").strip()
            raise NotDoneError(f"{method} {path} was refused ({error.code}): {said}") from None
        except (URLError, OSError, ValueError) as error:
            raise NotDoneError(f"{method} {path} had no answer: {error}") from None

    def all(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        """Every item of a list, page after page."""
        for page in range(1, _MOST_PAGES + 1):
            asked = urlencode({**query, "per_page": str(_PAGE), "page": str(page)})
            items: list[dict[str, Any]] = self.send("GET", f"{path}?{asked}")
            yield from items
            if len(items) < _PAGE:
                return


@dataclass(frozen=True)
class Issue:
    """An issue that is there."""

    id: int
    text: str


class Forge(ABC):
    """Where a pipeline runs, and what it can tell there: own comments, and issues with a label."""

    notes: ClassVar[str]
    """What the end of a conversation's path is called."""

    edit: ClassVar[str]
    """The method that changes what is there."""

    text: ClassVar[str]
    """Where an issue has its text, and its number."""

    number: ClassVar[str]
    open_state: ClassVar[str]
    closing: ClassVar[Mapping[str, str]]
    """What closes an issue."""

    labels: ClassVar[object] = _LABEL

    def __init__(self, given: Mapping[str, str], api: Api, project: str) -> None:
        """Take what the runner says of itself, and the project's path."""
        self.given, self.api, self.project = given, api, project

    @abstractmethod
    def about(self) -> str:
        """A line that says which run of which commit this is."""

    @abstractmethod
    def conversation(self) -> str:
        """The path of the pull request's conversation; a run by hand finds its branch's."""

    @abstractmethod
    def ours(self) -> Mapping[str, object]:
        """What an author has who is us."""

    @abstractmethod
    def comment_path(self, comment: int) -> str:
        """Where one comment is changed."""

    def comment(self, marker: str, text: str) -> bool:
        """Let our comment on the pull request, which begins with the marker, say this.

        Returns:
            Whether it is a new one.
        """
        ours, path = self.ours().items(), f"{self.conversation()}/{self.notes}"
        for note in self.api.all(path, sort="asc"):
            author: dict[str, object] = note.get("user") or note.get("author") or {}
            if ours <= author.items() and _begins(note["body"], marker):
                self.api.send(self.edit, self.comment_path(note["id"]), {"body": text})
                return False
        self.api.send("POST", path, {"body": text})
        return True

    def issue(self, marker: str) -> Issue | None:
        """The open issue whose text begins with the marker."""
        asked = {"state": self.open_state, "labels": _LABEL}
        for issue in self.api.all(f"{self.project}/issues", **asked):
            if "pull_request" not in issue and _begins(issue[self.text], marker):
                return Issue(issue[self.number], issue[self.text])
        return None

    def open_issue(self, title: str, text: str) -> None:
        """Open an issue with our label."""
        body = {"title": title, self.text: text, "labels": self.labels}
        self.api.send("POST", f"{self.project}/issues", body)

    def change_issue(self, issue: Issue, text: str) -> None:
        """Let an issue say something else."""
        self.api.send(self.edit, f"{self.project}/issues/{issue.id}", {self.text: text})

    def close_issue(self, issue: Issue, why: str) -> None:
        """Say why in a last comment, and close the issue."""
        path = f"{self.project}/issues/{issue.id}"
        self.api.send("POST", f"{path}/{self.notes}", {"body": why})
        self.api.send(self.edit, path, self.closing)


class GitHub(Forge):
    """A workflow's own repository. Needs GITHUB_TOKEN; PULL_REQUEST for comments."""

    notes, edit, text, number, open_state = "comments", "PATCH", "body", "number", "open"
    closing: ClassVar = {"state": "closed", "state_reason": "completed"}
    labels: ClassVar = [_LABEL]

    def __init__(self, given: Mapping[str, str]) -> None:
        """Take what the runner says of itself."""
        headers = {
            "Authorization": f"Bearer {_needed(given, 'GITHUB_TOKEN')}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        api = Api(_needed(given, "GITHUB_API_URL"), headers)
        super().__init__(given, api, f"repos/{_needed(given, 'GITHUB_REPOSITORY')}")

    def about(self) -> str:
        given = self.given
        commit = given.get("HEAD_SHA") or given.get("GITHUB_SHA", "")
        run = "/".join(given.get(name, "") for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY"))
        return f"Commit {commit[:10]}, [run]({run}/actions/runs/{given.get('GITHUB_RUN_ID', '')})"

    def ours(self) -> Mapping[str, object]:
        return {"type": "Bot"}

    def comment_path(self, comment: int) -> str:
        return f"{self.project}/issues/comments/{comment}"

    def conversation(self) -> str:
        return f"{self.project}/issues/{self.given.get('PULL_REQUEST') or self._by_branch()}"

    def _by_branch(self) -> int:
        branch = _needed(self.given, "GITHUB_REF_NAME")
        owner = self.given["GITHUB_REPOSITORY"].partition("/")[0]
        asked = urlencode({"state": "open", "head": f"{owner}:{branch}"})
        found: list[dict[str, Any]] = self.api.send("GET", f"{self.project}/pulls?{asked}")
        if not found:
            raise NotDoneError(f"The branch {branch} has no open pull request to comment on.")
        return int(found[0]["number"])


class GitLab(Forge):
    """A pipeline's own project. Needs GITLAB_TOKEN, of a bot with the scope `api`."""

    notes, edit, text, number, open_state = "notes", "PUT", "description", "iid", "opened"
    closing: ClassVar = {"state_event": "close"}

    def __init__(self, given: Mapping[str, str]) -> None:
        """Take what the runner says of itself."""
        project = f"projects/{quote(_needed(given, 'CI_PROJECT_ID'), safe='')}"
        headers = {"PRIVATE-TOKEN": _needed(given, "GITLAB_TOKEN")}
        super().__init__(given, Api(_needed(given, "CI_API_V4_URL"), headers), project)

    def about(self) -> str:
        commit = self.given.get("CI_COMMIT_SHA", "")
        return f"Commit {commit[:10]}, [pipeline]({self.given.get('CI_PIPELINE_URL', '')})"

    def ours(self) -> Mapping[str, object]:
        return {"id": self.api.send("GET", "user")["id"]}

    def comment_path(self, comment: int) -> str:
        return f"{self.conversation()}/notes/{comment}"

    def conversation(self) -> str:
        number = self.given.get("CI_MERGE_REQUEST_IID") or self._by_branch()
        return f"{self.project}/merge_requests/{number}"

    def _by_branch(self) -> str:
        """Of a pipeline by hand: `group/project!12,group/project!15` are its branch's."""
        first = self.given.get("CI_OPEN_MERGE_REQUESTS", "").partition(",")[0]
        number = first.rpartition("!")[2]
        if not number.isdigit():
            raise NotDoneError("The branch has no open merge request to comment on.")
        return number


def this_forge(given: Mapping[str, str]) -> Forge:
    """The forge that the environment is a runner of.

    Raises:
        NotDoneError: it is none that we know, or lacks something.
    """
    if given.get("GITHUB_ACTIONS") == "true":
        return GitHub(given)
    if given.get("GITLAB_CI") == "true":
        return GitLab(given)
    raise NotDoneError("This is neither a GitHub nor a GitLab runner: there is nobody to tell.")


def _begins(text: str | None, marker: str) -> bool:
    return (text or "").startswith(marker)


def _needed(given: Mapping[str, str], name: str) -> str:
    value = given.get(name)
    if not value:
        raise NotDoneError(f"{name} isn't set, so nothing can be told.")
    return value


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("comment", "issues"))
    parser.add_argument("stacks", type=str.split, metavar="STACKS", help="their names, in one word")


@command("forge", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Tell what the command line names; returns the exit code."""
    forge = this_forge(os.environ)
    if options.what == "comment":
        done = [tell_reviews(forge, FOLDER, options.stacks)]
    else:
        done = tell_drift(forge, FOLDER, options.stacks)
    print("\n".join(done))
    return DONE


def tell_reviews(forge: Forge, folder: Path, stacks: Sequence[str]) -> str:
    """One comment on the pull request with every stack's review; returns what was done."""
    reports = [_review_of(folder, stack) for stack in stacks]
    text = "\n".join([REVIEW, f"{forge.about()}.", "", *reports])
    if len(text) > _LONGEST:
        cut = text[:_LONGEST].rpartition("\n")[0]
        text = f"{cut}\n{_closing(cut)}\n… the rest is in the run's summary.\n"
    if forge.comment(REVIEW, text):
        return "The pull request has a new comment."
    return "The pull request's comment is changed."


def tell_drift(forge: Forge, folder: Path, stacks: Sequence[str]) -> list[str]:
    """One issue for each stack that has drifted, closed once it hasn't; returns what was done.

    A stack of which nobody knows keeps its issue as it is.
    """
    done: list[str] = []
    for stack in stacks:
        kept = folder / stack / "drift.env"
        drift = kept.read_text(encoding="utf-8").strip() if kept.is_file() else ""
        if drift not in {"DRIFT=found", "DRIFT=none"}:
            done.append(f"{stack}: whether it has drifted isn't known.")
            continue
        marker = _DRIFT.format(stack=stack)
        there = forge.issue(marker)
        if drift == "DRIFT=none":
            if there is not None:
                forge.close_issue(there, f"The drift is gone. {forge.about()}.")
            done.append(f"{stack}: no drift" + (", its issue is closed." if there else "."))
            continue
        text = f"{marker}\n{(folder / stack / 'drift.md').read_text(encoding='utf-8')}"[:_LONGEST]
        if there is None:
            forge.open_issue(f"Drift of {stack}", text)
            done.append(f"{stack}: drift, and a new issue.")
        elif there.text.strip() != text.strip():
            forge.change_issue(there, text)
            done.append(f"{stack}: drift, and its issue is changed.")
        else:
            done.append(f"{stack}: the drift that its issue tells of.")
    return done


def _review_of(folder: Path, stack: str) -> str:
    report = folder / stack / "review.md"
    if report.is_file():
        return report.read_text(encoding="utf-8")
    return f"## {stack}: no review was made\n\nThe job's log says why.\n"


def _closing(text: str) -> str:
    """What a text that was cut leaves open."""
    fences = [line for line in text.splitlines() if line.startswith("```")]
    end = fences[-1].rstrip("abcdefghijklmnopqrstuvwxyz") if len(fences) % 2 else ""
    folded = text.count("<details>") - text.count("</details>")
    return f"{end}\n" + "</details>\n" * folded


if __name__ == "__main__":
    sys.exit(main())
