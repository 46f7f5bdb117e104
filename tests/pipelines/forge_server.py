"""GitHub's and GitLab's API on loopback, as far as comments and issues go.

It keeps what it is told, pages its lists, and refuses what the real ones refuse: a wrong token, a
body that isn't JSON, a path or a field that they don't have.
"""

import json
import re
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from tests.loopback import QuietHandler, serving

BOT = {"id": 7, "login": "github-actions[bot]", "type": "Bot"}
SOMEBODY = {"id": 1, "login": "somebody", "type": "User"}


@dataclass
class Server:
    """What the forge holds, and each call that was made of it."""

    url: str = ""
    comments: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    issues: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    calls: list[str] = field(default_factory=list[str])
    pulls: Mapping[str, int] = field(default_factory=dict[str, int])
    """Open pull requests, by `owner:branch`."""

    def comment(self, text: str, by: Mapping[str, Any] = SOMEBODY) -> None:
        self.comments.append({"id": len(self.comments) + 100, "body": text, "user": by})

    def issue(self, number: int) -> dict[str, Any]:
        return next(one for one in self.issues if one["number"] == number)


@dataclass(frozen=True)
class Call:
    """One request."""

    method: str
    path: str
    asked: dict[str, str]
    body: dict[str, Any]


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
            length = int(self.headers.get("Content-Length", 0))
            text = self.rfile.read(length)
            place = urlsplit(self.path)
            held.calls.append(f"{self.command} {place.path}")
            asked = {key: values[0] for key, values in parse_qs(place.query).items()}
            try:
                gitlab = self.headers.get("PRIVATE-TOKEN") == "glpat-token"
                github = self.headers.get("Authorization") == "Bearer ghs_token"
                _check(gitlab if place.path.startswith("/api/v4/") else github)
                body: dict[str, Any] = json.loads(text) if text else {}
                found = _answer(held, Call(self.command, place.path, asked, body))
                status = 200
            except Refusal as refusal:
                status, found = refusal.status, {"message": str(refusal)}
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


Answer = Callable[[Server, re.Match[str], dict[str, str], dict[str, Any]], Any]


def _answer(held: Server, call: Call) -> Any:
    """GitLab's API is under `/api/v4`, GitHub's is the root."""
    routes, path = _GITHUB, call.path
    if path.startswith("/api/v4/"):
        routes, path = _GITLAB, path.removeprefix("/api/v4")
    for (verb, form), answer in routes.items():
        found = re.fullmatch(form, path)
        if verb == call.method and found:
            return answer(held, found, call.asked, call.body)
    raise Refusal(404, "Not Found")


def _page(items: list[dict[str, Any]], asked: Mapping[str, str]) -> list[dict[str, Any]]:
    size, page = int(asked.get("per_page", 30)), int(asked.get("page", 1))
    return items[(page - 1) * size : page * size]


def _text(body: Mapping[str, Any], key: str = "body") -> str:
    text = body.get(key)
    if not isinstance(text, str) or not text or len(text) > 65_536:
        raise Refusal(422, f"{key} is missing or too long")
    return text


def _only(body: Mapping[str, Any], *keys: str) -> None:
    if body.keys() - set(keys):
        raise Refusal(422, f"unknown: {body.keys() - set(keys)}")


# --- GitHub -------------------------------------------------------------------------------------


def _gh_comments(held: Server, _m: Any, asked: dict[str, str], _b: Any) -> Any:
    return _page(held.comments, asked)


def _gh_comment(held: Server, found: re.Match[str], _a: Any, body: dict[str, Any]) -> Any:
    _only(body, "body")
    if found["number"] == "12":
        held.comment(_text(body), BOT)
    else:
        held.issue(int(found["number"]))["comments"].append(_text(body))
    return {}


def _gh_change(held: Server, found: re.Match[str], _a: Any, body: dict[str, Any]) -> Any:
    _only(body, "body")
    for one in held.comments:
        if one["id"] == int(found["id"]):
            one["body"] = _text(body)
            return one
    raise Refusal(404, "Not Found")


def _gh_issues(held: Server, _m: Any, asked: dict[str, str], _b: Any) -> Any:
    return _page(
        [
            one
            for one in held.issues
            if one["state"] == asked["state"] and asked["labels"] in one["labels"]
        ],
        asked,
    )


def _gh_open(held: Server, _m: Any, _a: Any, body: dict[str, Any]) -> Any:
    _only(body, "title", "body", "labels")
    one = {
        "number": len(held.issues) + 40,
        "title": _text(body, "title"),
        "body": _text(body),
        "labels": list(body["labels"]),
        "state": "open",
        "comments": [],
    }
    held.issues.append(one)
    return one


def _gh_edit(held: Server, found: re.Match[str], _a: Any, body: dict[str, Any]) -> Any:
    _only(body, "body", "state", "state_reason")
    one = held.issue(int(found["number"]))
    one.update(body)
    return one


def _gh_pulls(held: Server, _m: Any, asked: dict[str, str], _b: Any) -> Any:
    number = held.pulls.get(asked["head"])
    return [] if number is None else [{"number": number}]


_REPOSITORY = "/repos/shop/infrastructure"
_GITHUB: dict[tuple[str, str], Answer] = {
    ("GET", rf"{_REPOSITORY}/issues/12/comments"): _gh_comments,
    ("POST", rf"{_REPOSITORY}/issues/(?P<number>\d+)/comments"): _gh_comment,
    ("PATCH", rf"{_REPOSITORY}/issues/comments/(?P<id>\d+)"): _gh_change,
    ("GET", rf"{_REPOSITORY}/issues"): _gh_issues,
    ("POST", rf"{_REPOSITORY}/issues"): _gh_open,
    ("PATCH", rf"{_REPOSITORY}/issues/(?P<number>\d+)"): _gh_edit,
    ("GET", rf"{_REPOSITORY}/pulls"): _gh_pulls,
}


# --- GitLab -------------------------------------------------------------------------------------


def _gl_user(_h: Any, _m: Any, _a: Any, _b: Any) -> Any:
    return {"id": BOT["id"]}


def _gl_notes(held: Server, _m: Any, asked: dict[str, str], _b: Any) -> Any:
    return [
        {"id": one["id"], "body": one["body"], "author": one["user"]}
        for one in _page(held.comments, asked)
    ]


def _gl_note(held: Server, found: re.Match[str], _a: Any, body: dict[str, Any]) -> Any:
    _only(body, "body")
    if found["kind"] == "merge_requests":
        held.comment(_text(body), BOT)
    else:
        held.issue(int(found["number"]))["comments"].append(_text(body))
    return {}


def _gl_issues(held: Server, _m: Any, asked: dict[str, str], _b: Any) -> Any:
    wanted = {"opened": "open"}[asked["state"]]
    return [
        {"iid": one["number"], "description": one["body"]}
        for one in _page(
            [i for i in held.issues if i["state"] == wanted and asked["labels"] in i["labels"]],
            asked,
        )
    ]


def _gl_open(held: Server, _m: Any, _a: Any, body: dict[str, Any]) -> Any:
    _only(body, "title", "description", "labels")
    text = _text(body, "description")
    given = {"title": body["title"], "body": text, "labels": str(body["labels"]).split(",")}
    return _gh_open(held, None, None, cast("dict[str, Any]", given))


def _gl_edit(held: Server, found: re.Match[str], _a: Any, body: dict[str, Any]) -> Any:
    _only(body, "description", "state_event")
    one = held.issue(int(found["number"]))
    if "description" in body:
        one["body"] = body["description"]
    if "state_event" in body:
        one["state"] = {"close": "closed"}[body["state_event"]]
    return one


_PROJECT = "/projects/77"
_GITLAB: dict[tuple[str, str], Answer] = {
    ("GET", "/user"): _gl_user,
    ("GET", rf"{_PROJECT}/merge_requests/12/notes"): _gl_notes,
    ("POST", rf"{_PROJECT}/(?P<kind>merge_requests|issues)/(?P<number>\d+)/notes"): _gl_note,
    ("PUT", rf"{_PROJECT}/merge_requests/12/notes/(?P<id>\d+)"): _gh_change,
    ("GET", rf"{_PROJECT}/issues"): _gl_issues,
    ("POST", rf"{_PROJECT}/issues"): _gl_open,
    ("PUT", rf"{_PROJECT}/issues/(?P<number>\d+)"): _gl_edit,
}
