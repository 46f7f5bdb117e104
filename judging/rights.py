"""Rights that a preview gives away: who may act by a role, and what it may do then.

Documents are compared as what they say: each right by itself, whatever the order. What can't be
read counts as more.

Source: RAM, "Policy structure and syntax" and "Trust policy of a RAM role".
"""

import itertools
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final, cast

from facts import kinds
from judging.findings import DELETED, LOOSEN_RIGHTS, Finding, found
from judging.preview import Change, Op, Preview, State, entries_of, several
from judging.values import changed_inputs, first_of, parsed, shown

_DOCUMENTS: Final = {
    kinds.ROLE: ("assumeRolePolicyDocument", "document"),
    kinds.ROLE_POLICY: ("document", "policyDocument"),
}
_ATTACHED: Final = {
    kinds.ROLE_POLICY_ATTACHMENT: "roleName",
    kinds.USER_POLICY_ATTACHMENT: "userName",
}
_SERVICE: Final = "Service"
_MIGHTY: Final = ("AdministratorAccess", "FullAccess")
_Right = tuple[str, str, str, str, str]
"""Effect, who, action, resource and condition."""


def rights_findings(preview: Preview) -> Iterator[Finding]:
    """Each role and policy that lets more be done, or by more, than before; or less."""
    present = preview.present_urns()
    for change in preview.changes:
        if change.type in _DOCUMENTS and (states := change.altered) is not None:
            for key in changed_inputs(change, present):
                if key in _DOCUMENTS[change.type]:
                    yield from _changed(change, key, *(_rights(s.inputs.get(key)) for s in states))
        elif change.op is Op.CREATE and change.new is not None:
            if change.type in _DOCUMENTS:
                yield from _made(change, change.new)
            elif change.type in _ATTACHED:
                yield from _attached(change, change.new, preview.created)
            elif change.type == kinds.USER_KEY:
                user = change.new.text("userName") or "the account or a user"
                yield found(LOOSEN_RIGHTS, change, f"lets whoever holds it act as {user}")


def _changed(
    change: Change, key: str, old: set[_Right] | None, new: set[_Right] | None
) -> Iterator[Finding]:
    if old is None or new is None:
        yield found(LOOSEN_RIGHTS, change, f"changes its {key}, which can't be read here")
        return
    more = {right for right in old ^ new if (right in new) == (right[0] == _ALLOW)}
    fewer = (old ^ new) - more
    if more:
        yield found(LOOSEN_RIGHTS, change, f"lets more be done: {_told(more)}")
    if fewer:
        yield found(DELETED["permission"], change, f"lets less be done: {_told(fewer)}")


def _made(change: Change, state: State) -> Iterator[Finding]:
    """A new role that more than a service may take, and a policy for whatever there is."""
    for key in _DOCUMENTS[change.type]:
        rights = _rights(state.inputs.get(key))
        wide = [
            right
            for right in rights or ()
            if right[0] == _ALLOW
            and (
                not right[1].startswith(_SERVICE)
                if change.type == kinds.ROLE
                else right[2].endswith("*") and right[3] == "*"
            )
        ]
        if wide:
            yield found(LOOSEN_RIGHTS, change, f"lets be done: {_told(wide)}")


def _attached(change: Change, place: State, created: frozenset[str]) -> Iterator[Finding]:
    policy, whose = (
        place.text("policyName") or "a policy that isn't known yet",
        _ATTACHED[change.type],
    )
    if policy.endswith(_MIGHTY) or not created & set(place.comes_from(whose)):
        who = place.text(whose) or f"a {whose.removesuffix('Name')}"
        yield found(LOOSEN_RIGHTS, change, f"gives {who} what {policy} lets be done")


_ALLOW: Final = "Allow"
_MOST: Final = 4


def _told(rights: Iterable[_Right]) -> str:
    return first_of((" ".join(filter(None, right)) for right in sorted(rights)), _MOST, "; ")


def _rights(document: object) -> set[_Right] | None:
    """Each right that a document gives or refuses; None where it can't be read."""
    if document in (None, ""):
        return set()
    said = parsed(document)
    if not isinstance(said, dict):
        return None
    rights: set[_Right] = set()
    for one in several(cast("dict[str, Any]", said).get("Statement")):
        if not isinstance(one, dict):
            return None
        statement = cast("dict[str, Any]", one)
        condition = statement.get("Condition")
        terms = (
            _principals(statement.get("Principal")),
            several(statement.get("Action")) or _without(statement, "NotAction"),
            several(statement.get("Resource")) or _without(statement, "NotResource"),
        )
        effect = str(statement.get("Effect"))
        asked = shown(condition) if condition else ""
        rights |= {
            (effect, str(who), str(action), str(resource), asked)
            for who, action, resource in itertools.product(*terms)
        }
    return rights


def _without(statement: dict[str, Any], key: str) -> list[object]:
    return [f"all but {json.dumps(statement[key])}"] if key in statement else [""]


def _principals(value: object) -> list[object]:
    if not isinstance(value, dict):
        return several(value) or [""]
    kinds_of_names = entries_of(cast("object", value)).items()
    return [f"{kind} {name}" for kind, names in kinds_of_names for name in several(names)]
