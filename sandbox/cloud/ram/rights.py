"""What somebody may do: which policies they have, and RAM's judgement of one call by them.

Both doors to the cloud ask it before the cloud is asked, on the resources that a call is about,
by their own names. What a call is in RAM's words, and on what it is checked, `facts.calls` says.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from facts.calls import KINDS, About, Document, judged, resources
from sandbox.cloud.core import CloudError, Resource, Session
from sandbox.cloud.core.ids import ACCOUNT_ID
from sandbox.cloud.ram.documents import NETWORK_ACTIONS, SYSTEM_POLICIES, parsed
from sandbox.cloud.ram.policies import ROLE_ATTACHMENT, USER_ATTACHMENT

__all__ = ["NETWORK_ACTIONS", "DeniedError", "Rights", "documents_of", "forbidden"]

_ROLE_MARK: Final = ":role/"
_CODES: Final = {
    "ecs": "Forbidden.RAM",
    "vpc": "Forbidden.RAM",
    "slb": "Forbidden.RAM",
    "fc": "AccessDenied",
}
"""Each product says it in its own words."""

_OTHERS_CODE: Final = "NoPermission"


class DeniedError(CloudError):
    """A call that RAM refuses.

    Args:
        action: what was asked, as RAM calls it.
        resource: on what.
        verdict: `ImplicitDeny` where nothing allows it, `ExplicitDeny` where something forbids it.
        who: the caller's own name, where it has one.
    """

    def __init__(self, action: str, resource: str, verdict: str, who: str = "") -> None:
        super().__init__(
            _CODES.get(action.partition(":")[0], _OTHERS_CODE),
            "User not authorized to operate on the specified resource. "
            f"AccessDeniedDetail: AuthAction={action}, NoPermissionType={verdict}, "
            f"resource {resource}.",
        )
        self.detail: Mapping[str, str] = {
            "AuthAction": action,
            "AuthPrincipalDisplayName": who,
            "AuthPrincipalOwnerId": ACCOUNT_ID,
            "AuthResource": resource,
            "NoPermissionType": verdict,
            "PolicyType": "AccountLevelIdentityBasedPolicy",
        }


@dataclass(frozen=True)
class Rights:
    """What an identity may do."""

    documents: tuple[Document, ...]
    """Its policies."""

    bounds: tuple[Document, ...] | None = None
    """Policies of a session's own, which narrow those; none where they don't."""

    who: str = ""
    """What refusals call it."""

    context: Mapping[str, str] | None = None
    """Condition keys of each of its calls."""

    def check(self, action: str, kind: str, about: About) -> None:
        """Refuse a call that the identity may not make.

        Args:
            action: as RAM calls it.
            kind: what it is about; none for a call about nothing in particular.
            about: which one.

        Raises:
            DeniedError: as the product refuses it.
        """
        calls = KINDS.get(kind)
        for resource in resources(calls, action, about) if calls else ["*"]:
            self.need(action, resource)

    def check_roles(self, kind: str, roles: Iterable[str]) -> None:
        """Refuse to hand roles on to a service, unless each may be.

        Args:
            kind: of what takes them.
            roles: their resource names; other texts are none.

        Raises:
            DeniedError: as above.
        """
        for arn in roles:
            if _ROLE_MARK in arn:
                name = arn.partition(_ROLE_MARK)[2]
                role = f"acs:ram:*:{ACCOUNT_ID}:role/{name}"
                self.need("ram:PassRole", role, {"acs:Service": KINDS[kind].role_service})

    def need(self, action: str, resource: str, context: Mapping[str, str] | None = None) -> None:
        """Refuse an action that isn't allowed on a resource."""
        said = {**(self.context or {}), **(context or {})}
        for documents in (self.documents, self.bounds):
            if documents is None:
                continue
            verdict = judged(documents, action, resource, said)
            if verdict != "Allowed":
                raise DeniedError(action, resource, verdict, self.who)


def documents_of(session: Session, sort: str, name: str) -> tuple[Document, ...]:
    """The policies that a `role` or a `user` has."""
    kind = {"role": ROLE_ATTACHMENT, "user": USER_ATTACHMENT}[sort]
    return tuple(_documents(session, session.find(kind, **{f"{sort}_name": name})))


def _documents(session: Session, attached: Iterable[Resource]) -> Iterator[Document]:
    for one in attached:
        if one["policy_type"] == "System":
            # One that a state tells of may be unknown here: it allows nothing.
            yield SYSTEM_POLICIES.get(one.text("policy_name"), {"Statement": []})
        elif policy := session.get("ram_policy", one["policy_name"]):
            yield parsed(policy.text("policy_document"))


def forbidden(session: Session, role: Resource, actions: Iterable[str]) -> list[str]:
    """Those of the actions that the role may not take on anything at all."""
    documents = [_anywhere(one) for one in documents_of(session, "role", role.id)]
    return [one for one in actions if judged(documents, one, "*") != "Allowed"]


def _anywhere(document: Document) -> Document:
    """The same document, of which resources and conditions aren't looked at."""
    statements: list[dict[str, Any]] = [
        {"Effect": one["Effect"], "Resource": "*"}
        | {name: one[name] for name in ("Action", "NotAction") if name in one}
        for one in document.get("Statement", [])
    ]
    return {"Statement": statements}
