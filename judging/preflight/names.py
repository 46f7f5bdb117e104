"""Names that only one of a kind may have: is one taken?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from facts import kinds
from judging.account import apis, functions
from judging.account.reading import Listing, Pages, text_of
from judging.preflight.asking import (
    ADOPT,
    Account,
    Answer,
    Question,
    UnansweredError,
    fine,
    refused,
)
from judging.preflight.wanted import Wanted
from judging.preview import State

__all__ = ["LISTINGS", "ROLES", "name_questions"]

ROLES: Final = Listing("ram", "GetRole", (), Pages.ONE)


@dataclass(frozen=True)
class _Named:
    """What has a name that nothing else of its kind may have."""

    what: str
    kind: str
    key: str
    """The input that says it."""

    listing: Listing
    parameter: str = ""
    """What asks for one by its name, or for those whose names have it in them; empty where only
    the whole list can be had."""

    field: str = ""
    """What tells the name in an answer; empty where none is answered but that one."""


_NAMED: Final = (
    _Named(
        *("API group", kinds.API_GROUP, "name"),
        apis.GROUPS,
        *("GroupName", "GroupName"),
    ),
    _Named(
        *("list of addresses", kinds.ACCESS_LIST, "accessControlListName"),
        apis.LISTS,
        *("AclName", "AclName"),
    ),
    _Named(
        *("function", kinds.FUNCTION, "functionName"),
        functions.FUNCTIONS,
        field="functionName",
    ),
    _Named("role", kinds.ROLE, "roleName", ROLES, "RoleName"),
    _Named(
        *("user", kinds.USER, "name", Listing("ram", "GetUser", (), Pages.ONE), "UserName"),
    ),
)

LISTINGS: Final = tuple(one.listing for one in _NAMED)


def name_questions(wanted: Wanted) -> Iterator[Question]:
    """One for each name that only one of its kind may have."""
    for named in _NAMED:
        own = {one.text(named.key) for one in wanted.before.values() if one.type == named.kind}
        for state in wanted.made.get(named.kind, ()):
            if (name := state.text(named.key)) and name not in own:
                yield _name(wanted, named, state, name)


def _name(wanted: Wanted, named: _Named, state: State, name: str) -> Question:
    region = wanted.region_of(state)

    def ask(account: Account) -> Answer:
        asked = {named.parameter: name} if named.parameter else {}
        try:
            found = account.listed(named.listing, region, **asked)
        except UnansweredError as reason:
            if reason.refusal.code.startswith("EntityNotExist"):
                return fine("free")
            raise
        if not named.field or name in {text_of(one, named.field) for one in found}:
            return refused(f"there is a {named.what} of this name", f"take another name, {ADOPT}")
        return fine("free")

    what = f"{state.name}: the name {name} in {region}"
    return Question(what, f"no {named.what} of this name", ask)
