"""The engine's preview document into the model, or one clear reason why not.

The document doesn't say which engine wrote it. An operation that `ENGINE` doesn't know, or a shape
that it doesn't have, is what gives another one away.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from judging.preview import Change, Op, Preview, State
from stack.problems import NotDoneError

ENGINE = "Pulumi 3.256 to 3.276"

_KEYS = {"config", "steps", "diagnostics", "duration", "changeSummary", "maybeCorrupt"}
_OPS = {op.value: op for op in Op}
_PHYSICAL = {"create-replacement", "delete-replaced", "read-replacement", "discard-replaced"}
_HARMLESS = {
    *_PHYSICAL,
    *("read", "refresh", "discard", "import", "import-replacement"),
    *("remove-pending-replace", "diff", "extend-parameterize"),
}
"""What opens, closes and deletes nothing by itself. A replacement's own steps come with a `replace`
step; those that don't are looked at in `_gone_along`."""

_URN = re.compile(r"urn:pulumi:(?P<stack>[^:]*)::.*?::.*?::.+", re.DOTALL)
_PROTECTED = {
    re.compile(
        r'resource "(urn:pulumi:.*?)" cannot be deleted\s+because it is protected'
    ): Op.DELETE,
    re.compile(r'unable to replace resource "(urn:pulumi:.*?)"\s'): Op.REPLACE,
}
_BARE_END = re.compile(r"\s*(error: )?preview failed\s*")
_LONGEST_REASON = 600

_OTHER_DOCUMENTS: tuple[tuple[set[str], str], ...] = (
    ({"deployment"}, "a state, of pulumi stack export"),
    ({"resourcePlans"}, "an update plan, of --save-plan"),
    ({"result", "duration"}, "a summary, of --output json"),
    ({"topologies", "exposure"}, "a plan, of make plan FORMAT=json"),
    ({"sequence", "timestamp"}, "an engine event, of PULUMI_ENABLE_STREAMING_JSON_PREVIEW"),
    ({"resources", "nameTable"}, "an import file"),
)
_AGAIN = "Preview again, and hand over the whole document."
_HOW = "The guard reads what pulumi preview --json prints."


class NotAPreviewError(NotDoneError):
    """Why a document can't be judged; `str()` says so and what to do."""


def preview_of(text: str) -> Preview:
    """Read the document that `pulumi preview --json` printed.

    Raises:
        NotAPreviewError: it is something else, incomplete, another engine's, or of a failed run.
    """
    document = _document(text)
    refused, failures = _errors(document)
    if failures:
        reason = "\n".join(failures)[:_LONGEST_REASON]
        raise NotAPreviewError(f"The preview failed, so there is nothing to judge:\n{reason}")
    steps = [_mapping(step, "a step") for step in _list(document.get("steps"), "steps")]
    ops = [_op(step) for step in steps]
    if not refused:
        if "changeSummary" not in document:
            raise NotAPreviewError("The preview is incomplete: it has no changeSummary. " + _AGAIN)
        _check_count(ops, _mapping(document["changeSummary"], "changeSummary"))
    changes = _changes(steps)
    stack = _URN.fullmatch(next(iter(changes.values())).urn) if changes else None
    return Preview(
        stack=stack["stack"] if stack else "",
        changes=tuple(changes.values()),
        refused=refused,
        config=_mapping(document.get("config"), "config"),
        shows_replacements=any(op in _PHYSICAL for op in ops),
    )


def _document(text: str) -> Mapping[str, Any]:
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise NotAPreviewError(f"There is nothing to judge: the input is empty. {_HOW}")
    try:
        document: object = json.loads(text)
    except RecursionError:
        raise NotAPreviewError(f"The input is nested too deeply to be a preview. {_HOW}") from None
    except ValueError as error:
        _refuse_events(text)
        raise NotAPreviewError(f"The input isn't JSON: {error}. {_HOW}") from None
    if not isinstance(document, dict):
        raise NotAPreviewError(f"The input is JSON, and no preview. {_HOW}")
    found = cast("dict[str, Any]", document)
    for keys, what in _OTHER_DOCUMENTS:
        if keys <= found.keys():
            raise NotAPreviewError(f"The input is no preview, it is {what}. {_HOW}")
    if not found.keys() & {"steps", "changeSummary", "diagnostics"}:
        raise NotAPreviewError(f"The input is JSON, and no preview. {_HOW}")
    unknown = sorted(found.keys() - _KEYS)
    if unknown:
        raise _other_engine(f"it has {', '.join(unknown)}")
    return found


def _refuse_events(text: str) -> None:
    """Several documents, a line each, are the engine's events."""
    try:
        first: object = json.loads(text.splitlines()[0])
    except ValueError:
        return
    if isinstance(first, dict) and "sequence" in first:
        message = (
            "The input is the engine's stream of events. Unset "
            f"PULUMI_ENABLE_STREAMING_JSON_PREVIEW and preview again. {_HOW}"
        )
        raise NotAPreviewError(message)


def _errors(document: Mapping[str, Any]) -> tuple[tuple[tuple[str, Op], ...], list[str]]:
    """The protected resources that the engine stopped at, and every other error."""
    refused: list[tuple[str, Op]] = []
    failures: list[str] = []
    bare_end = ""
    for one in _list(document.get("diagnostics"), "diagnostics"):
        diagnostic = _mapping(one, "a diagnostic")
        if diagnostic.get("severity") != "error":
            continue
        message = str(diagnostic.get("message", ""))
        found = next(
            ((m[1], op) for form, op in _PROTECTED.items() if (m := form.search(message))), None
        )
        if found is not None:
            refused.append(found)
        elif _BARE_END.fullmatch(message):
            bare_end = message.strip()
        else:
            failures.append(message.strip())
    if bare_end and not refused and not failures:
        failures.append(bare_end)
    return tuple(refused), failures


def _op(step: Mapping[str, Any]) -> str:
    op = step.get("op")
    if not isinstance(op, str) or not (op in _OPS or op in _HARMLESS):
        raise _other_engine(f"it has a step of the kind {op}")
    return op


def _check_count(ops: Sequence[str], told: Mapping[str, Any]) -> None:
    """A document that was cut, or filtered, promises more than it shows."""
    counted = Counter(ops)
    for op in ("create", "update", "replace", "delete"):
        wanted = told.get(op, 0)
        if isinstance(wanted, int) and counted[op] < wanted:
            message = (
                f"The preview is incomplete: it counts {wanted} to {op}, and shows {counted[op]}. "
                + _AGAIN
            )
            raise NotAPreviewError(message)


def _changes(steps: Sequence[Mapping[str, Any]]) -> dict[str, Change]:
    """One change for each resource: what a run does last to it, after what a refresh found."""
    changes: dict[str, Change] = {}
    for step in steps:
        if step["op"] in _OPS:
            change = _change(step, _OPS[step["op"]])
            changes[change.urn] = change
    for change in _gone_along(steps, changes):
        changes[change.urn] = change
    return changes


def _gone_along(
    steps: Sequence[Mapping[str, Any]], changes: Mapping[str, Change]
) -> Iterator[Change]:
    """What is deleted because what it depends on is replaced, and isn't created again.

    The engine has a single step for it, which says that it is replaced.
    """
    staying = set(changes)
    for change in changes.values():
        if change.new is not None:
            staying |= set(change.new.aliases)
        if change.old is not None:
            staying.add(change.old.urn)
    for step in steps:
        if step["op"] == "delete-replaced":
            change = _change(step, Op.DELETE)
            # The old half of an earlier, unfinished replacement is marked so: its end was judged
            # when it was replaced.
            left_over = _mapping(step.get("oldState"), "oldState").get("delete") is True
            if change.urn not in staying and not left_over:
                yield change


def _change(step: Mapping[str, Any], op: Op) -> Change:
    urn = step.get("urn")
    if not isinstance(urn, str) or not _URN.fullmatch(urn):
        raise _other_engine(f"it has a step on {urn}, which is no URN")
    old, new = _state(step.get("oldState"), urn), _state(step.get("newState"), urn)
    if (op in {Op.DELETE, Op.UPDATE, Op.REPLACE} and old is None) or (
        op in {Op.CREATE, Op.UPDATE, Op.REPLACE} and new is None
    ):
        raise _other_engine(f"its step on {urn} has no state to judge")
    known = new or old
    told = _mapping(step.get("detailedDiff"), "detailedDiff")
    differs = {*_texts(step.get("diffReasons"), "diffReasons"), *(_input_of(key) for key in told)}
    return Change(op, urn, known.type if known else "", old, new, frozenset(differs))


def _input_of(path: str) -> str:
    """The input of a path into one: `tags` of `tags.env`, `servers` of `servers[0].port`."""
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def _state(value: object, urn: str) -> State | None:
    if value is None:
        return None
    told = _mapping(value, "a state")
    depends = _mapping(told.get("propertyDependencies"), "propertyDependencies")
    return State(
        urn=str(told.get("urn", urn)),
        type=str(told.get("type", "")),
        inputs=_mapping(told.get("inputs"), "inputs"),
        outputs=_mapping(told.get("outputs"), "outputs"),
        protect=told.get("protect") is True,
        retained=told.get("retainOnDelete") is True,
        replaced_first=told.get("pendingReplacement") is True,
        dependencies={key: _texts(urns, "dependencies") for key, urns in depends.items()},
        provider=str(told.get("provider", "")).rpartition("::")[0],
        id=str(told.get("id") or ""),
        aliases=_texts(told.get("aliases"), "aliases"),
        secret_outputs=_texts(told.get("additionalSecretOutputs"), "additionalSecretOutputs"),
    )


def _mapping(value: object, what: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _other_engine(f"{what} isn't an object")
    return cast("Mapping[str, Any]", value)


def _list(value: object, what: str) -> Sequence[object]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _other_engine(f"{what} isn't a list")
    return cast("Sequence[object]", value)


def _texts(value: object, what: str) -> tuple[str, ...]:
    return tuple(str(one) for one in _list(value, what))


def _other_engine(why: str) -> NotAPreviewError:
    return NotAPreviewError(
        f"The input is a preview that the guard can't read: {why}. It reads those of {ENGINE}; "
        "another version of the engine may have made it."
    )
