"""RAM policy documents: statements, what fits into one, and how they are written.

Sources: Resource Access Management, "Policy structure and syntax" and "Limitations" (read in 2026).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "LONGEST_DOCUMENT",
    "MOST_POLICIES",
    "Policy",
    "Statement",
    "packed",
    "statements_of",
    "text_of",
]

LONGEST_DOCUMENT = 6144
"""Characters of a custom policy. Blanks count, so none are written."""

MOST_POLICIES = 10
"""Custom policies of one role, until the Quota Center raises it."""

Condition = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True)
class Statement:
    """One statement: actions, on what, and when."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    effect: str = "Allow"
    condition: Condition = field(default_factory=dict[str, Mapping[str, Sequence[str]]])

    def as_json(self) -> dict[str, Any]:
        """As it stands in a document."""
        written: dict[str, Any] = {
            "Effect": self.effect,
            "Action": list(self.actions),
            "Resource": list(self.resources),
        }
        if self.condition:
            written["Condition"] = {
                operator: {key: list(values) for key, values in keys.items()}
                for operator, keys in self.condition.items()
            }
        return written


@dataclass(frozen=True)
class Policy:
    """One custom policy, ready to be made."""

    name: str
    role: str
    """Which role it belongs to: preview, deploy or guard-rails."""

    statements: tuple[Statement, ...]

    @property
    def document(self) -> dict[str, Any]:
        """The document."""
        return {"Version": "1", "Statement": [one.as_json() for one in self.statements]}

    @property
    def text(self) -> str:
        """The document as it is given to RAM."""
        return text_of(self.statements)


def statements_of(granted: Mapping[str, Iterable[str]]) -> list[Statement]:
    """Statements that allow each action on its resources: one for all that share them.

    Args:
        granted: resources, by action.
    """
    sharing: dict[tuple[str, ...], list[str]] = {}
    for action, resources in granted.items():
        on = ("*",) if "*" in resources else tuple(sorted(set(resources)))
        sharing.setdefault(on, []).append(action)
    made = (Statement(tuple(sorted(actions)), on) for on, actions in sharing.items())
    return sorted(made, key=lambda one: (one.resources, one.actions))


def text_of(statements: Iterable[Statement]) -> str:
    """A document, a statement a line."""
    lines = (json.dumps(one.as_json(), separators=(",", ":")) for one in statements)
    return '{"Version":"1","Statement":[\n' + ",\n".join(lines) + "\n]}"


def packed(
    statements: Iterable[Statement], name: str, role: str, longest: int = LONGEST_DOCUMENT
) -> list[Policy]:
    """As few policies as the statements fit into, in their order: name, name-2 and so on.

    Raises:
        ValueError: one action on its resources alone doesn't fit.
    """
    groups: list[list[Statement]] = [[]]
    for one in _small_enough(statements, longest):
        if groups[-1] and len(text_of([*groups[-1], one])) > longest:
            groups.append([])
        groups[-1].append(one)
    return [
        Policy(name if number == 1 else f"{name}-{number}", role, tuple(group))
        for number, group in enumerate(groups, 1)
        if group
    ]


def _small_enough(statements: Iterable[Statement], longest: int) -> Iterator[Statement]:
    """The same statements; one that is too long for a document on its own is halved."""
    for one in statements:
        if len(text_of([one])) <= longest:
            yield one
        else:
            yield from _small_enough(_halves(one), longest)


def _halves(one: Statement) -> list[Statement]:
    """Two statements that together say the same."""
    if len(one.actions) > 1:
        cut = len(one.actions) // 2
        parts = [(one.actions[:cut], one.resources), (one.actions[cut:], one.resources)]
    elif len(one.resources) > 1:
        cut = len(one.resources) // 2
        parts = [(one.actions, one.resources[:cut]), (one.actions, one.resources[cut:])]
    else:
        message = f"{', '.join(one.actions)} doesn't fit into a policy"
        raise ValueError(message)
    return [Statement(actions, on, one.effect, one.condition) for actions, on in parts]
