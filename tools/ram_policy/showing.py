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
                "name": policy.name,
                "role": policy.role,
                "characters": len(policy.text),
                "document": policy.document,
            }
            for policy in policies
        ],
    }
    return json.dumps(shown, indent=2) + "\n"


def tables(policies: Sequence[Policy]) -> list[RenderableType]:
    """For each policy its name, and a table: what it allows or denies, on what, and when."""
    return [part for policy in policies for part in (_title(policy), _table(policy))]


def warnings(account: str, policies: Sequence[Policy]) -> list[str]:
    """What can't be made as it is, and whom the deploy role could make of itself."""
    return [*_too_many(policies), *_too_powerful(account, policies)]


def _too_many(policies: Sequence[Policy]) -> list[str]:
    roles = {
        policy.role: sum(other.role == policy.role for other in policies) for policy in policies
    }
    return [
        f"{role} takes {count} policies; a role holds {MOST_POLICIES} custom ones, "
        "until the Quota Center raises it"
        for role, count in roles.items()
        if count > MOST_POLICIES
    ]


def _too_powerful(account: str, policies: Sequence[Policy]) -> list[str]:
    documents = [policy.document for policy in policies if policy.role == "deploy"]
    somebodys = Account() if account == ANY else Account(account)
    return [
        f"whoever deploys could become {_WHOM[becoming.who]} ({', then '.join(becoming.steps)}): "
        f"{_REMEDIES[becoming.who]}"
        for becoming in becomings(documents, somebodys)
        if becoming.who in _WHOM
    ]


def _title(policy: Policy) -> str:
    return f"{policy.name} · {len(policy.text)} of {LONGEST_DOCUMENT} characters"


def _table(policy: Policy) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("Effect", "Actions", "On", "When"):
        table.add_column(column, overflow="fold")
    for statement in policy.statements:
        when = (
            f"{key} {operator} {', '.join(values)}"
            for operator, keys in statement.condition.items()
            for key, values in keys.items()
        )
        table.add_row(
            statement.effect,
            "\n".join(statement.actions),
            "\n".join(statement.resources),
            "\n".join(when),
        )
    return table
