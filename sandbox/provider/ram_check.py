"""RAM in front of the sandbox's cloud: what the provider's identity may call.

Off unless `ALICLOUD_GATEWAYS_POLICIES` names a file of policies, as `make ram-policy FORMAT=json`
prints them. Then every call that the real provider would make for an operation, by the table of
`tools.ram_policy`, is judged on the resource's own name before the cloud is asked.

It doesn't judge what the cloud does on its own (service-linked roles) nor what a role may do that
a function takes; `sandbox.cloud.ram.permissions` does.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from facts.calls import KINDS, Calls, Document, Operation, called_for, forms, judged
from sandbox.cloud import ACCOUNT_ID, CloudError, Resource

__all__ = ["POLICIES_VARIABLE", "RamCheck"]

POLICIES_VARIABLE = "ALICLOUD_GATEWAYS_POLICIES"
"""Names the file of policies."""

_PLACE = re.compile(r"{(\w+)}")
_ROLE_MARK = ":role/"
_SYSTEM = "System"
# Each product says it in its own words.
_CODES = {
    "ecs": "Forbidden.RAM",
    "vpc": "Forbidden.RAM",
    "slb": "Forbidden.RAM",
    "fc": "AccessDenied",
}
_OTHERS_CODE = "NoPermission"


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
            CloudError: as the cloud refuses it.
        """
        calls = KINDS[kind]
        attributes = {**(about.attributes if about else {}), **asked}
        for action in calls.of(operation):
            wanted = called_for(action)
            if wanted and not any(_is_given(name, operation, attributes, asked) for name in wanted):
                continue
            for form in forms(calls, action):
                self._need(action, _named(form, region, identity, attributes))
        if operation in {"create", "update"} and calls.role:
            self._check_role(calls, asked)

    def _check_role(self, calls: Calls, asked: Mapping[str, Any]) -> None:
        for arn in _texts_of(asked, calls.role):
            if _ROLE_MARK in arn:
                name = arn.partition(_ROLE_MARK)[2]
                role = f"acs:ram:*:{ACCOUNT_ID}:role/{name}"
                self._need("ram:PassRole", role, {"acs:Service": calls.role_service})

    def _need(self, action: str, resource: str, context: Mapping[str, str] | None = None) -> None:
        verdict = judged(self.documents, action, resource, context)
        if verdict != "Allowed":
            raise CloudError(
                _CODES.get(action.partition(":")[0], _OTHERS_CODE),
                "User not authorized to operate on the specified resource. "
                f"AccessDeniedDetail: AuthAction={action}, NoPermissionType={verdict}, "
                f"resource {resource}.",
            )


def _is_given(
    name: str, operation: Operation, attributes: Mapping[str, Any], asked: Mapping[str, Any]
) -> bool:
    """Whether an operation has to do with an attribute: an update with one that changes."""
    return name in asked if operation == "update" else bool(attributes.get(name))


def _named(form: str, region: str, identity: str, attributes: Mapping[str, Any]) -> str:
    """A resource's name in full: this region, this account, this very resource."""
    owner = "system" if attributes.get("policy_type") == _SYSTEM else ACCOUNT_ID
    values = {**attributes, "region": region, "account": ACCOUNT_ID, "owner": owner}
    # Of one that is gone, the id says its name, or ends with its role's.
    known = identity.rpartition(":")[2]
    filled = _PLACE.sub(lambda place: _single(values.get(place[1])) or known, form)
    if form != "*" and filled.endswith("/*"):
        filled = filled.removesuffix("*") + (identity or "one")
    return filled


def _single(value: object) -> str:
    """A value as it stands in a name; of a list its one item."""
    if isinstance(value, list):
        return str(value[0]) if value else ""  # pyright: ignore[reportUnknownArgumentType] - plain data
    return str(value or "")


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
