"""What an identity could become by any chain of allowed calls: RAM, as attackers see it.

A small model: roles with what they trust and may, policies, users, and the places where somebody's
code runs as a role (functions, servers, the backends of APIs). It is on the attacker's side: a
policy that can be written is taken to be attached to every role that the documents name, and what
isn't known of a role (whom it trusts) is taken to be in the way of nobody.

Whoever may change whom a role trusts has the role: the new trust may name an account of their own,
which asks nobody here (`sts:AssumeRole` is checked on the caller, and on the role's trust).

Not modelled: conditions that our documents don't have, service-linked roles (no identity can take
or change them), and what code gets at without RAM (data that a server holds).

Source: Resource Access Management, "AssumeRole", "AttachPolicyToRole", "CreatePolicyVersion",
"UpdateRole" and "Policy elements"; Resource Directory, "Examples of custom access control
policies"; Elastic Compute Service, "Grant a RAM user the permissions to manage an instance RAM
role".
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from facts.calls import Document, judged

__all__ = [
    "ADMINISTRATOR",
    "ALL_POWERFUL",
    "ANY_SERVER",
    "Account",
    "Becoming",
    "Role",
    "becomings",
]

ADMINISTRATOR: Final = "administrator of the account"
ANY_SERVER: Final = "role-of-any-server"
"""The role of a server that isn't the stack's; what it may is its owner's business."""

ALL_POWERFUL: Final[Document] = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_ADMINISTRATOR_ACCESS: Final = "system:policy/AdministratorAccess"
_NOBODYS: Final = "nobodys-yet"
"""A name that nothing in the account has."""

_CODE: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "fc.aliyuncs.com": (
        ("fc:CreateFunction", "acs:fc:{region}:{account}:functions/{name}"),
        ("fc:UpdateFunction", "acs:fc:{region}:{account}:functions/{name}"),
    ),
    "apigateway.aliyuncs.com": (
        ("apigateway:CreateApi", "acs:apigateway:{region}:{account}:apigroup/{name}"),
        ("apigateway:ModifyApi", "acs:apigateway:{region}:{account}:apigroup/{name}"),
    ),
    "ecs.aliyuncs.com": (
        ("ecs:RunInstances", "acs:ecs:{region}:{account}:instance/{name}"),
        ("ecs:AttachInstanceRamRole", "acs:ecs:{region}:{account}:instance/{name}"),
    ),
}
"""By what a service gets a role and does with it what the caller says. API Gateway runs no code,
but calls with the role whatever the API's backend names."""

_ON_SERVERS: Final = (
    "ecs:InvokeCommand",
    "ecs:RunCommand",
    "ecs:SendFile",
    "ecs:ModifyInstanceAttribute",  # user data, passwords
    "ecs:ReplaceSystemDisk",
)
"""What makes somebody root on a server, who can read the keys of its role there."""

_ON_USERS: Final = (
    "ram:AttachPolicyToUser",
    "ram:AddUserToGroup",
    "ram:CreateAccessKey",
    "ram:CreateLoginProfile",
    "ram:UpdateLoginProfile",
)
_NAMED = re.compile(r"acs:ram:[^:]*:[^:]*:(role|policy)/([^*?]+)")
_PLACED = re.compile(r"acs:[a-z]+:([a-z0-9-]+):")


@dataclass(frozen=True)
class Role:
    """A role that is in the account before anybody meddles."""

    trusts: frozenset[str] | None = None
    """Services that may take it; None for any that one likes."""

    trusts_account: bool = False
    """Whether every identity of the account that may take roles may take this one."""

    documents: tuple[Document, ...] = ()
    """What it may."""


@dataclass(frozen=True)
class Account:
    """What else is in the account: others' roles, servers, functions and users."""

    number: str = "1000000000000001"
    roles: Mapping[str, Role] = field(
        default_factory=lambda: {
            "somebody-elses": Role(trusts_account=True, documents=(ALL_POWERFUL,)),
            ANY_SERVER: Role(frozenset({"ecs.aliyuncs.com"})),
        }
    )
    servers: Mapping[str, str] = field(default_factory=lambda: {"i-somebody-elses": ANY_SERVER})
    """The roles of servers, by id."""

    functions: Mapping[str, str] = field(
        default_factory=lambda: {"somebody-elses": "somebody-elses"}
    )
    """The roles of functions, by name."""

    users: tuple[str, ...] = ("somebody",)


@dataclass(frozen=True)
class Becoming:
    """Something that an identity could become."""

    who: str
    """A role's name, or `ADMINISTRATOR`."""

    steps: tuple[str, ...]
    """The calls that get there, in their order."""


def becomings(documents: Sequence[Document], account: Account | None = None) -> list[Becoming]:
    """Everything that who has these policies could become; the first way that is found to each.

    Who could become administrator could become anything: that alone is told then.
    """
    world = _World(account or Account(), documents)
    found: dict[str, Becoming] = {}
    waiting: list[tuple[tuple[Document, ...], tuple[str, ...]]] = [(tuple(documents), ())]
    while waiting:
        held, steps = waiting.pop(0)
        for who, allowed, how in world.next_from(held):
            if ALL_POWERFUL in allowed:
                return [Becoming(ADMINISTRATOR, (*steps, *how))]
            if who not in found:
                found[who] = Becoming(who, (*steps, *how))
                waiting.append((allowed, found[who].steps))
    return list(found.values())


_Next = tuple[str, tuple[Document, ...], tuple[str, ...]]
"""Whom one becomes, what that one may, and by which calls."""


class _World:
    """The account, with the roles and policies that the documents name."""

    def __init__(self, account: Account, documents: Iterable[Document]) -> None:
        patterns = [resource for document in documents for resource in _resources(document)]
        named = [found for pattern in patterns if (found := _NAMED.fullmatch(pattern))]
        self._account = account
        self._policies = sorted({_NOBODYS, *(found[2] for found in named if found[1] == "policy")})
        own = {found[2]: Role() for found in named if found[1] == "role"}
        self._roles = {**own, **account.roles, _NOBODYS: Role()}
        placed = (_PLACED.match(pattern) for pattern in patterns)
        self._regions = sorted({"cn-nowhere-yet", *(found[1] for found in placed if found)})

    def next_from(self, held: Sequence[Document]) -> Iterator[_Next]:
        """Everything that is one step away from who has these policies."""
        written = self._written(held)
        for name, role in self._roles.items():
            powers, raised = self._raised(held, name, role, written)
            taken = next(self._taken(held, name, role), None)
            if taken is not None:
                yield name, powers, (*raised, *taken)
        for user, action in product(self._account.users, _ON_USERS):
            if self._may(held, action, self._ram(f"user/{user}")):
                yield ADMINISTRATOR, (ALL_POWERFUL,), (f"{action} of {user}",)

    def _written(self, held: Sequence[Document]) -> tuple[str, str] | None:
        """A policy that can be made to say anything, and the call for it."""
        for name in self._policies:
            for action in ("ram:CreatePolicyVersion", "ram:CreatePolicy"):
                if self._may(held, action, self._ram(f"policy/{name}")):
                    return name, f"{action} of {name}"
        return None

    def _raised(
        self, held: Sequence[Document], name: str, role: Role, written: tuple[str, str] | None
    ) -> tuple[tuple[Document, ...], tuple[str, ...]]:
        """What a role may once everything was attached to it, and the calls for that."""
        theirs = name in self._account.roles
        if written is not None:
            policy, call = written
            if not theirs and name != _NOBODYS:
                return (ALL_POWERFUL,), (call,)
            if self._attaches(held, name, self._ram(f"policy/{policy}")):
                return (ALL_POWERFUL,), (call, f"ram:AttachPolicyToRole to {name}")
        if self._attaches(held, name, f"acs:ram:*:{_ADMINISTRATOR_ACCESS}"):
            return (ALL_POWERFUL,), (f"ram:AttachPolicyToRole of AdministratorAccess to {name}",)
        return role.documents, ()

    def _attaches(self, held: Sequence[Document], role: str, policy: str) -> bool:
        """RAM asks for both: the role and the policy."""
        return all(
            self._may(held, "ram:AttachPolicyToRole", one)
            for one in (self._ram(f"role/{role}"), policy)
        )

    def _taken(self, held: Sequence[Document], name: str, role: Role) -> Iterator[tuple[str, ...]]:
        """Each way in which one gets to act as a role."""
        arn = self._ram(f"role/{name}")
        # A role of others' that was deleted and made anew would have lost what it may.
        new = () if name in self._account.roles else ("ram:CreateRole",)
        for action in ("ram:UpdateRole", *new):
            if self._may(held, action, arn):
                yield (f"{action} of {name}, with a trust of one's own",)
        if role.trusts_account and self._may(held, "sts:AssumeRole", arn):
            yield (f"sts:AssumeRole of {name}",)
        for service, calls in _CODE.items():
            trusted = role.trusts is None or service in role.trusts
            if trusted and self._may(held, "ram:PassRole", arn, {"acs:Service": service}):
                for action, form in calls:
                    if self._anywhere(held, action, form, [_NOBODYS]):
                        yield (f"ram:PassRole of {name} to {service}", action)
        yield from self._run_already(held, name)

    def _run_already(self, held: Sequence[Document], name: str) -> Iterator[tuple[str, ...]]:
        """Each way into what acts as a role already."""
        account = self._account
        functions = [one for one, acts_as in account.functions.items() if acts_as == name]
        servers = [one for one, acts_as in account.servers.items() if acts_as == name]
        if self._anywhere(held, "fc:UpdateFunction", _CODE["fc.aliyuncs.com"][1][1], functions):
            yield ("fc:UpdateFunction of a function that acts as it",)
        for action in _ON_SERVERS:
            if self._anywhere(held, action, "acs:ecs:{region}:{account}:instance/{name}", servers):
                yield (f"{action} on a server that acts as it",)

    def _anywhere(
        self, held: Sequence[Document], action: str, form: str, names: Iterable[str]
    ) -> bool:
        return any(
            self._may(held, action, form.format(region=r, account=self._account.number, name=name))
            for r, name in product(self._regions, names)
        )

    def _ram(self, what: str) -> str:
        return f"acs:ram:*:{self._account.number}:{what}"

    @staticmethod
    def _may(
        held: Sequence[Document],
        action: str,
        resource: str,
        context: Mapping[str, str] | None = None,
    ) -> bool:
        return judged(held, action, resource, context) == "Allowed"


def _resources(document: Document) -> Iterator[str]:
    for statement in document["Statement"]:
        yield from statement["Resource"]
