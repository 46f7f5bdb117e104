"""The policies as people and as programs read them."""

import json
from collections.abc import Sequence
from typing import Final

from rich import box
from rich.console import RenderableType
from rich.table import Table

from tools.ram_policy.becoming import ADMINISTRATOR, ANY_SERVER, Account, becomings
from tools.ram_policy.policies import ANY, LONGEST_DOCUMENT, MOST_POLICIES, Policy

__all__ = ["as_json", "tables", "warnings"]

# A role that the stack hands on is the deploy role's to use: those aren't warned of.
_WHOM: Final = {
    ADMINISTRATOR: "administrator of the account",
    ANY_SERVER: "the role of any server of the account in the stack's regions",
}
_REMEDIES: Final = {
    ADMINISTRATOR: "make the roles apart (docs/permissions.md#roles-made-apart)",
    ANY_SERVER: "where others have servers there, give gateways an account of their own, or make "
    "servers elsewhere",
}


def as_json(stack: str, account: str, policies: Sequence[Policy]) -> str:
    """One document: each policy with its name, its role, its length and what it says."""
    shown = {
        "stack": stack,
        "account": account,
        "policies": [
            {
                "name": one.name,
                "role": one.role,
                "characters": len(one.text),
                "document": one.document,
            }
            for one in policies
        ],
    }
    return json.dumps(shown, indent=2) + "\n"


def tables(policies: Sequence[Policy]) -> list[RenderableType]:
    """For each policy its name, and a table: what it allows or denies, on what, and when."""
    return [part for one in policies for part in (_title(one), _table(one))]


def warnings(account: str, policies: Sequence[Policy]) -> list[str]:
    """What can't be made as it is, and whom the deploy role could make of itself."""
    return [*_too_many(policies), *_too_powerful(account, policies)]


def _too_many(policies: Sequence[Policy]) -> list[str]:
    roles = {one.role: sum(other.role == one.role for other in policies) for one in policies}
    return [
        f"{role} takes {count} policies; a role holds {MOST_POLICIES} custom ones, "
        "until the Quota Center raises it"
        for role, count in roles.items()
        if count > MOST_POLICIES
    ]


def _too_powerful(account: str, policies: Sequence[Policy]) -> list[str]:
    documents = [one.document for one in policies if one.role == "deploy"]
    somebodys = Account() if account == ANY else Account(account)
    return [
        f"whoever deploys could become {_WHOM[one.who]} ({', then '.join(one.steps)}): "
        f"{_REMEDIES[one.who]}"
        for one in becomings(documents, somebodys)
        if one.who in _WHOM
    ]


def _title(policy: Policy) -> str:
    return f"{policy.name} · {len(policy.text)} of {LONGEST_DOCUMENT} characters"


def _table(policy: Policy) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("Effect", "Actions", "On", "When"):
        table.add_column(column, overflow="fold")
    for one in policy.statements:
        when = (
            f"{key} {operator} {', '.join(values)}"
            for operator, keys in one.condition.items()
            for key, values in keys.items()
        )
        table.add_row(one.effect, "\n".join(one.actions), "\n".join(one.resources), "\n".join(when))
    return table
