"""Whether a caller may make a call, asked of RAM before the action is carried out."""

import re
from collections.abc import Mapping
from typing import Any, Final

from facts.calls import KINDS, About, ram_action
from sandbox.api.actions import Action, Call, Subject
from sandbox.api.products import product_of
from sandbox.cloud import ACCOUNT_ID

__all__ = ["check_rights"]

_ROLE: Final = re.compile(r"acs:ram::\d*:role/[A-Za-z0-9.\-]+")


def check_rights(call: Call, action: Action) -> None:
    """Refuse a call that its caller may not make.

    Raises:
        DeniedError: as the product refuses it.
    """
    rights = call.caller.rights
    if rights is None:
        return
    name = ram_action(product_of(action).code, action.name)
    for subject, identity in action.about(call):
        attributes = _attributes(call, action, subject, identity)
        rights.check(name, subject.kind, About(call.region, ACCOUNT_ID, identity, attributes))
    calls = KINDS.get(action.subject.kind)
    if calls and calls.role:
        said = (call.said.text(one) for one in action.known)
        rights.check_roles(calls.kind, [arn for text in said for arn in _ROLE.findall(text)])


def _attributes(call: Call, action: Action, subject: Subject, identity: str) -> Mapping[str, Any]:
    """What is known of what a call is about: what is there, and what the call says."""
    found = None
    if subject.kind and identity:
        found = call.store.view(lambda it: subject.found(it, identity), region=call.region)
    said = {
        subject.attribute(one): call.said.text(one) or call.said.values(one)
        for one in action.known
        if one in call.said or call.said.values(one)
    }
    return {**(found.attributes if found else {}), **said}
