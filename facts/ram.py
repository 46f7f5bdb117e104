"""How RAM judges one call: a denial wins, else an allowance, else it is refused.

Only the conditions that our documents have are known; another one raises, so that no test passes
because a condition was overlooked.

Source: Resource Access Management, "Policy evaluation process" and "Policy elements".
"""

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Literal

__all__ = ["Verdict", "judged"]

Verdict = Literal["Allowed", "ImplicitDeny", "ExplicitDeny"]
Document = Mapping[str, Any]


def judged(
    documents: Iterable[Document],
    action: str,
    resource: str,
    context: Mapping[str, str] | None = None,
) -> Verdict:
    """What RAM says of `action` on `resource`, by all of an identity's policies.

    Args:
        documents: the policies.
        action: one call, such as vpc:CreateVpc.
        resource: the one thing that it is about.
        context: condition keys of the request.
    """
    verdict: Verdict = "ImplicitDeny"
    for document in documents:
        for statement in document["Statement"]:
            if not _is_about(statement, action, resource, context or {}):
                continue
            if statement["Effect"] == "Deny":
                return "ExplicitDeny"
            verdict = "Allowed"
    return verdict


def _is_about(
    statement: Mapping[str, Any], action: str, resource: str, context: Mapping[str, str]
) -> bool:
    # An action's case doesn't count; a resource's does.
    return (
        any(fnmatchcase(action.lower(), one.lower()) for one in _many(statement["Action"]))
        and any(fnmatchcase(resource, one) for one in _many(statement["Resource"]))
        and all(
            _holds(operator, context.get(key), _many(values))
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _holds(operator: str, value: str | None, wanted: Sequence[str]) -> bool:
    """A key that the request doesn't have matches nothing."""
    match operator:
        case "StringEquals":
            return value in wanted
        case "StringNotLike":
            return value is None or not any(fnmatchcase(value, one) for one in wanted)
        case _:
            message = f"the condition operator {operator} isn't known here"
            raise ValueError(message)


def _many(values: str | Sequence[str]) -> Sequence[str]:
    """RAM takes one string where it takes many."""
    return [values] if isinstance(values, str) else values
