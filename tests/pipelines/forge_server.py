"""GitHub's and GitLab's API on loopback, as far as comments and issues go.

It keeps what it is told, pages its lists, and refuses what the real ones refuse: a wrong token, a
body that isn't JSON, a path or a field that they don't have.
"""

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.loopback import QuietHandler, serving
from tests.pipelines.machine import FORGE, secret

TOKEN = secret("token", FORGE)
BOT = {"id": 7, "login": "github-actions[bot]", "type": "Bot"}
SOMEBODY = {"id": 1, "login": "somebody", "type": "User"}
_PULL_REQUEST = "12"

Item = dict[str, Any]
_GITLAB = "/api/v4"


@dataclass
class Server:
    """What the forge holds, and each call that was made of it."""

    url: str = ""
    comments: list[Item] = field(default_factory=list[Item])
    """Of the pull request."""

    issues: list[Item] = field(default_factory=list[Item])
    calls: list[str] = field(default_factory=list[str])
    pulls: Mapping[str, int] = field(default_factory=dict[str, int])
    """Open pull requests, by `owner:branch`."""

    def comment(self, text: str, by: Mapping[str, Any] = SOMEBODY) -> None:
        self.comments.append({"id": len(self.comments) + 100, "body": text, "user": by})

    # What GitHub's API does; its fields are the parameters.

    def say(self, number: str, body: str) -> None:
        """On the pull request, or on an issue."""
        if number == _PULL_REQUEST:
            self.comment(_fitting(body), BOT)
        else:
            self._issue(number)["comments"].append(_fitting(body))

    def change(self, number: str, body: str) -> None:
        """A comment."""
        (one,) = [one for one in self.comments if one["id"] == int(number)]
        one["body"] = _fitting(body)

    def open(self, title: str, body: str, labels: list[str]) -> None:
        known: Item = {"number": len(self.issues) + 40, "state": "open", "comments": []}
        self.issues.append({"title": title, "body": _fitting(body), "labels": labels, **known})

    def edit(self, number: str, body: str = "", state: str = "", state_reason: str = "") -> None:
        one = self._issue(number)
        one["body"] = body or one["body"]
        one["state"] = state or one["state"]

    def labelled(self, labels: str, state: str) -> list[Item]:
        return [one for one in self.issues if one["state"] == state and labels in one["labels"]]

    def _issue(self, number: str) -> Item:
        (one,) = [one for one in self.issues if one["number"] == int(number)]
        return one


class Refusal(Exception):  # noqa: N818 - what the real one answers
    """A status and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@contextmanager
def forge_server() -> Generator[Server]:
    """Serve both APIs: GitHub's under `/`, GitLab's under `/api/v4`."""
    held = Server()

    class Handler(QuietHandler):
        def answer(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            place = urlsplit(self.path)
            held.calls.append(f"{self.command} {place.path}")
            asked = {key: values[0] for key, values in parse_qs(place.query).items()}
            gitlab = place.path.startswith(_GITLAB)
            token = self.headers["PRIVATE-TOKEN" if gitlab else "Authorization"]
            words = [self.command, *place.path.removeprefix(_GITLAB).strip("/").split("/")]
            try:
                _check(token == (TOKEN if gitlab else f"Bearer {TOKEN}"))
                answer = _gitlab if gitlab else _github
                status, found = 200, answer(held, words, asked, json.loads(text or "{}"))
            except Refusal as refusal:
                status, found = refusal.status, {"message": str(refusal)}
            except (TypeError, KeyError, ValueError) as error:
                status, found = 422, {"message": f"a field or a number isn't known: {error}"}
            data = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_PUT = answer

    with serving(Handler) as held.url:
        yield held


def _check(known: bool) -> None:  # noqa: FBT001 - whether the token is
    if not known:
        raise Refusal(401, "Bad credentials")


def _fitting(text: str) -> str:
    if not text or len(text) > 65_536:
        raise Refusal(422, "the text is missing or too long")
    return text


def _page(items: list[Item], asked: Mapping[str, str]) -> list[Item]:
    size, page = int(asked.get("per_page", 30)), int(asked.get("page", 1))
    return items[(page - 1) * size : page * size]


def _github(held: Server, words: list[str], asked: dict[str, str], body: Item) -> Any:
    verb, repository, path = words[0], words[1:4], words[4:]
    if repository != ["repos", "shop", "infrastructure"]:
        raise Refusal(404, "Not Found")
    found: Any = {}
    match [verb, *path]:
        case ["GET", "issues", "12", "comments"]:
            found = _page(held.comments, asked)
        case ["POST", "issues", number, "comments"]:
            held.say(number, **body)
        case ["PATCH", "issues", "comments", number]:
            held.change(number, **body)
        case ["GET", "issues"]:
            found = _page(held.labelled(asked["labels"], asked["state"]), asked)
        case ["POST", "issues"]:
            held.open(**body)
        case ["PATCH", "issues", number]:
            held.edit(number, **body)
        case ["GET", "pulls"]:
            number = held.pulls.get(asked["head"])
            found = [] if number is None else [{"number": number}]
        case _:
            raise Refusal(404, "Not Found")
    return found


def _gitlab(held: Server, words: list[str], asked: dict[str, str], body: Item) -> Any:
    """Fields by GitLab's names: a text is a `description`, a closed issue the end of an event."""
    found: Any = {}
    match words:
        case ["GET", "user"]:
            found = {"id": BOT["id"]}
        case ["GET", "projects", "77", "merge_requests", "12", "notes"]:
            found = [
                {"id": one["id"], "body": one["body"], "author": one["user"]}
                for one in _page(held.comments, asked)
            ]
        case ["POST", "projects", "77", "merge_requests" | "issues", number, "notes"]:
            held.say(number, **body)
        case ["PUT", "projects", "77", "merge_requests", "12", "notes", number]:
            held.change(number, **body)
        case ["GET", "projects", "77", "issues"]:
            state = {"opened": "open"}[asked["state"]]
            found = [
                {"iid": one["number"], "description": one["body"]}
                for one in _page(held.labelled(asked["labels"], state), asked)
            ]
        case ["POST", "projects", "77", "issues"]:
            labels = body.pop("labels").split(",")
            held.open(body=body.pop("description"), labels=labels, **body)
        case ["PUT", "projects", "77", "issues", number]:
            state = {"close": "closed", "": ""}[body.pop("state_event", "")]
            held.edit(number, body=body.pop("description", ""), state=state, **body)
        case _:
            raise Refusal(404, "Not Found")
    return found
