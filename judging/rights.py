"""Rights that a preview gives away: who may act by a role, and what it may do then.

Documents are compared as what they say: each right by itself, whatever the order. What can't be
read counts as more.

Source: RAM, "Policy structure and syntax" and "Trust policy of a RAM role".
"""

import itertools
import json
from collections.abc import Iterator
from typing import Any, Final, cast

from facts import kinds
from judging.findings import DELETED, LOOSEN_RIGHTS, Finding, found
from judging.preview import Change, Op, Preview
from judging.values import changed_inputs, parsed, shown

_DOCUMENTS: Final = {
    kinds.ROLE: ("assumeRolePolicyDocument", "document"),
    kinds.ROLE_POLICY: ("document", "policyDocument"),
}
_SERVICE: Final = "Service"
_MIGHTY: Final = ("AdministratorAccess", "FullAccess")
_Right = tuple[str, str, str, str, str]
"""Effect, who, action, resource and condition."""


def rights_findings(preview: Preview) -> Iterator[Finding]:
    """Each role and policy that lets more be done, or by more, than before; or less."""
    present = preview.present_urns()
    for change in preview.changes:
        if change.type in _DOCUMENTS and change.op in {Op.UPDATE, Op.REPLACE}:
            changed = set(changed_inputs(change, present)) & set(_DOCUMENTS[change.type])
            for key in sorted(changed):
                yield from _changed(change, key)
        elif change.type in _DOCUMENTS and change.op is Op.CREATE:
            yield from _made(change)
        elif change.type == kinds.ROLE_POLICY_ATTACHMENT and change.op is Op.CREATE:
            yield from _attached(change, preview.created)


def _changed(change: Change, key: str) -> Iterator[Finding]:
    old, new = (
        _rights(state.inputs.get(key) if state else None) for state in (change.old, change.new)
    )
    if old is None or new is None:
        yield found(LOOSEN_RIGHTS, change, f"changes its {key}, which can't be read here")
        return
    more = [one for one in new - old if one[0] == _ALLOW] + [
        one for one in old - new if one[0] != _ALLOW
    ]
    fewer = (old ^ new) - set(more)
    if more:
        yield found(LOOSEN_RIGHTS, change, f"lets more be done: {_told(more)}")
    if fewer:
        yield found(DELETED["permission"], change, f"lets less be done: {_told(fewer)}")


def _made(change: Change) -> Iterator[Finding]:
    """A new role that more than a service may take, and a policy for whatever there is."""
    assert change.new is not None
    for key in _DOCUMENTS[change.type]:
        rights = _rights(change.new.inputs.get(key))
        wide = [
            one
            for one in rights or ()
            if one[0] == _ALLOW
            and (
                not one[1].startswith(_SERVICE)
                if change.type == kinds.ROLE
                else one[2].endswith("*") and one[3] == "*"
            )
        ]
        if wide:
            yield found(LOOSEN_RIGHTS, change, f"lets be done: {_told(wide)}")


def _attached(change: Change, created: frozenset[str]) -> Iterator[Finding]:
    assert change.new is not None
    policy = change.new.text("policyName") or "a policy that isn't known yet"
    mighty = policy.endswith(_MIGHTY)
    if mighty or not created & set(change.new.comes_from("roleName")):
        role = change.new.text("roleName") or "a role"
        yield found(LOOSEN_RIGHTS, change, f"gives {role} what {policy} lets be done")


_ALLOW: Final = "Allow"
_MOST: Final = 4


def _told(rights: list[_Right] | set[_Right]) -> str:
    found = [" ".join(part for part in one if part) for one in sorted(rights)]
    more = len(found) - _MOST
    return "; ".join(found[:_MOST]) + (f"; and {more} more" if more > 0 else "")


def _rights(document: object) -> set[_Right] | None:
    """Each right that a document gives or refuses; None where it can't be read."""
    if document in (None, ""):
        return set()
    said = parsed(document)
    if not isinstance(said, dict):
        return None
    rights: set[_Right] = set()
    for one in _several(cast("dict[str, Any]", said).get("Statement")):
        if not isinstance(one, dict):
            return None
        statement = cast("dict[str, Any]", one)
        condition = statement.get("Condition")
        terms = (
            _principals(statement.get("Principal")),
            _several(statement.get("Action")) or _without(statement, "NotAction"),
            _several(statement.get("Resource")) or _without(statement, "NotResource"),
        )
        effect = str(statement.get("Effect"))
        asked = shown(condition) if condition else ""
        rights |= {
            (effect, str(who), str(action), str(resource), asked)
            for who, action, resource in itertools.product(*terms)
        }
    return rights


def _several(value: object) -> list[object]:
    if value is None:
        return []
    return cast("list[object]", value) if isinstance(value, list) else [value]


def _without(statement: dict[str, Any], key: str) -> list[object]:
    return [f"all but {json.dumps(statement[key])}"] if key in statement else [""]


def _principals(value: object) -> list[object]:
    if not isinstance(value, dict):
        return _several(value) or [""]
    return [
        f"{kind} {one}"
        for kind, names in cast("dict[str, object]", value).items()
        for one in _several(names)
    ]
