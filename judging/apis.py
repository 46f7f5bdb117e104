"""How APIs are called, and APIs that a preview takes from their callers.

`callers` has who may call them.

Source: API Gateway, "CreateApi" and "DeployApi".
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from facts import kinds
from judging.findings import CLOSE_API, Finding, found
from judging.preview import Change, Op, Preview, State
from judging.ways import Naming, naming


class Endpoint(NamedTuple):
    """How an API is called in one stage, by one scheme."""

    stage: str
    scheme: str
    method: str
    path: str

    def __str__(self) -> str:
        """`GET /getinfo by https in RELEASE`."""
        return f"{self.method} {self.path} by {self.scheme} in {self.stage}"


def endpoints(state: State) -> set[Endpoint]:
    """Everything that an API answers to; nothing while it isn't published."""
    request = request_of(state)
    stages: object = state.inputs.get("stageNames")
    return {
        Endpoint(str(stage), scheme, str(request.get("method")), str(request.get("path")))
        for stage in (cast("list[object]", stages) if isinstance(stages, list) else [])
        for scheme in schemes(state)
    }


def schemes(state: State) -> list[str]:
    """What an API can be called by: http, https, or both."""
    request = request_of(state)
    return [scheme.strip() for scheme in str(request.get("protocol", "")).lower().split(",")]


def request_of(state: State) -> dict[str, Any]:
    """What an API says about its requests."""
    return _one(state.inputs.get("requestConfig"))


def anonymous(state: State) -> bool:
    """Whether the API itself asks nobody who they are; a plugin of it may."""
    return state.text("authType").upper() == "ANONYMOUS"


def api_findings(preview: Preview) -> Iterator[Finding]:
    """Each API that is closed or moved, and each group that changes its APIs' place."""
    named = naming(preview)
    for change in preview.changes:
        if change.type == kinds.API:
            yield from _api(change, named)
        elif change.type == kinds.API_GROUP and change.op is Op.UPDATE:
            yield from _group(change)


def _api(change: Change, named: Naming) -> Iterator[Finding]:
    old = endpoints(change.old) if change.old is not None and _was(change) else set[Endpoint]()
    new = endpoints(change.new) if change.new is not None and _is(change) else set[Endpoint]()
    moved = bool(old and new) and not _same_group(change, named)
    closed = old if moved else old - new
    if closed:
        why = " (it moves to another group, with another domain)" if moved else ""
        yield found(CLOSE_API, change, f"closes {_text(closed)}{why}")


def _was(change: Change) -> bool:
    return change.op in {Op.UPDATE, Op.REPLACE} or (change.op is Op.DELETE and change.goes)


def _is(change: Change) -> bool:
    return change.op in {Op.UPDATE, Op.REPLACE}


def _same_group(change: Change, named: Naming) -> bool:
    if change.old is None or change.new is None:
        return False
    groups = frozenset({kinds.API_GROUP})
    before, after = (named(state, "groupId", groups) for state in (change.old, change.new))
    return before.is_(after)


def _group(change: Change) -> Iterator[Finding]:
    if change.old is None or change.new is None:
        return
    base, other = (state.text("basePath") or "/" for state in (change.old, change.new))
    if base != other:
        what = f"moves every API of the group from {base} to {other}"
        yield found(CLOSE_API, change, what)
    if change.old.inputs.get("vpcIntranetEnable") is True and (
        change.new.inputs.get("vpcIntranetEnable") is not True
    ):
        yield found(CLOSE_API, change, "takes the group's domain for VPCs away")


def _text(called: set[Endpoint]) -> str:
    return ", ".join(str(one) for one in sorted(called))


def _one(value: object) -> dict[str, Any]:
    """The provider's single objects, which some of its versions write as lists of one."""
    if isinstance(value, list) and value:
        return _one(cast("list[object]", value)[0])
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
