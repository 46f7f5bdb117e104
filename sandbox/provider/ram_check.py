"""RAM in front of the sandbox's cloud: what the provider's identity may call.

Off unless `ALICLOUD_GATEWAYS_POLICIES` names a file of policies, as `make ram-policy FORMAT=json`
prints them. Then every call that the real provider would make for an operation, by the table of
`tools.ram_policy`, is judged on the resource's own name before the cloud is asked.

It doesn't judge what the cloud does on its own (service-linked roles) nor what a role may do that
a function takes. How one call is judged, `sandbox.cloud.ram` says.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from facts.calls import KINDS, About, Document, Operation, called_for
from sandbox.cloud import ACCOUNT_ID, Resource
from sandbox.cloud.ram import Rights

__all__ = ["POLICIES_VARIABLE", "RamCheck"]

POLICIES_VARIABLE = "ALICLOUD_GATEWAYS_POLICIES"
"""Names the file of policies."""


@dataclass(frozen=True)
class RamCheck:
    """Judges calls by the policies of one identity."""

    documents: tuple[Document, ...]

    @classmethod
    def of_environment(cls) -> Self | None:
        """The one that the environment asks for; None where anything is allowed."""
        file = os.environ.get(POLICIES_VARIABLE)
        return cls.read(Path(file)) if file else None

    @classmethod
    def read(cls, file: Path) -> Self:
        """The one of a file."""
        listed = json.loads(file.read_text(encoding="utf-8"))
        return cls(tuple(policy["document"] for policy in listed["policies"]))

    def check(  # noqa: PLR0913, PLR0917 - one call, as the cloud sees it
        self,
        operation: Operation,
        kind: str,
        region: str,
        identity: str,
        about: Resource | None,
        asked: Mapping[str, Any],
    ) -> None:
        """Refuse an operation that the identity may not do.

        Args:
            operation: what the provider is about to do.
            kind: with which kind of resource.
            region: where.
            identity: the resource's id; empty for a new one.
            about: the resource, where there is one.
            asked: the attributes that are asked for, or that change.

        Raises:
            DeniedError: as the cloud refuses it.
        """
        calls, rights = KINDS[kind], Rights(self.documents)
        attributes = {**(about.attributes if about else {}), **asked}
        named = About(region, ACCOUNT_ID, identity, attributes)
        for action in calls.of(operation):
            wanted = called_for(action)
            if wanted and not any(_is_given(name, operation, attributes, asked) for name in wanted):
                continue
            rights.check(action, kind, named)
        if operation in {"create", "update"} and calls.role:
            rights.check_roles(kind, _texts_of(asked, calls.role))


def _is_given(
    name: str, operation: Operation, attributes: Mapping[str, Any], asked: Mapping[str, Any]
) -> bool:
    """Whether an operation has to do with an attribute: an update with one that changes."""
    return name in asked if operation == "update" else bool(attributes.get(name))


def _texts_of(value: object, name: str) -> Iterator[str]:
    """Every text of that name in nested attributes."""
    if isinstance(value, Mapping):
        for key, one in value.items():  # pyright: ignore[reportUnknownVariableType] - plain data
            if key == name and isinstance(one, str):
                yield one
            else:
                yield from _texts_of(one, name)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, list):
        for one in value:  # pyright: ignore[reportUnknownVariableType] - plain data
            yield from _texts_of(one, name)  # pyright: ignore[reportUnknownArgumentType]
