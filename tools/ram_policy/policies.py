"""The RAM policies of three roles: who previews, who deploys, and what production denies even then.

Made of which resources a stack has, as far as permissions go: kind, region, names, roles handed on.
The program is run without an engine (`topologies.recorder`): what it registers there, `pulumi up`
would.

Sources: Resource Access Management, "Policy structure and syntax" and "Limitations" (read in 2026).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeGuard

from facts.calls import KINDS, Calls, becoming, forms, irreversible
from facts.contract import contract_of, contract_of_kind
from judging.account.holding import LISTINGS
from judging.account.links import TABLE_LISTINGS
from judging.account.standing import rights_about
from judging.preflight.flight import rights_for
from stack.settings import StackSettings
from topologies.recorder import PROVIDER_TYPES, RecordedResource, record

ANY = "*"
_ROLE_MARK = ":role/"
_SYSTEM = "System"


@dataclass(frozen=True)
class Used:
    """One resource of a stack."""

    kind: str
    """The cloud's word for it, such as nat_gateway."""

    region: str
    """Where it lies; `*` where the stack file doesn't say."""

    names: Mapping[str, str]
    """Inputs that are text, or a list of one, and known: what fills the places in a resource's
    name."""

    role: str = ""
    """The name of a role that it hands on to a service; `*` for one that isn't known; or none."""


def used_by(settings: StackSettings) -> list[Used]:
    """Every resource that the stack's program registers."""
    return list(_used(record(settings), settings.region or ANY))


def _used(recorded: Sequence[RecordedResource], default: str) -> Iterator[Used]:
    regions = {
        one.name: str(one.inputs.get("region") or default)
        for one in recorded
        if one.type.startswith(PROVIDER_TYPES)
    }
    role_names = {
        one.name: str(one.inputs["roleName"]) for one in recorded if "roleName" in one.inputs
    }
    for one in recorded:
        if one.type.startswith(PROVIDER_TYPES):
            continue
        contract = contract_of(one.type)
        stated = contract.to_snake(one.inputs)
        yield Used(
            contract.kind,
            regions.get(_provider(one), default),
            _names(stated),
            _role(stated, contract.kind, role_names),
        )


def _provider(one: RecordedResource) -> str:
    """The name in a reference to a provider instance: its URN and its id."""
    return one.provider.rpartition("::")[0].rpartition("::")[2]


def _names(stated: Mapping[str, Any]) -> dict[str, str]:
    single = {key: v[0] if _holds_one(v) else v for key, v in stated.items()}
    names = {key: v for key, v in single.items() if isinstance(v, str) and "${" not in v}
    # A policy of the cloud's own belongs to "system", not to the account.
    if stated.get("policy_type") == _SYSTEM:
        names["owner"] = "system"
    return names


def _holds_one(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list) and len(value) == 1  # pyright: ignore[reportUnknownArgumentType] - plain data


def _role(stated: Mapping[str, Any], kind: str, role_names: Mapping[str, str]) -> str:
    """The role that is handed on: one of the stack's (a symbol), or one that exists (an ARN)."""
    found = [value for key, value in _texts(stated) if key == KINDS[kind].role]
    if not found or not found[0]:
        return ""
    arn = found[0]
    if _ROLE_MARK in arn:
        return arn.partition(_ROLE_MARK)[2]
    return role_names.get(arn.removeprefix("${").partition(".")[0], ANY)


def _texts(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value, with the name of the field that holds it."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        for inner, one in value.items():  # pyright: ignore[reportUnknownVariableType] - plain data
            yield from _texts(one, str(inner))  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, list):
        for one in value:  # pyright: ignore[reportUnknownVariableType] - plain data
            yield from _texts(one, key)  # pyright: ignore[reportUnknownArgumentType]


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
        return {"Version": "1", "Statement": [statement.as_json() for statement in self.statements]}

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
    lines = (json.dumps(statement.as_json(), separators=(",", ":")) for statement in statements)
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
    for statement in statements:
        if len(text_of([statement])) <= longest:
            yield statement
        else:
            yield from _small_enough(_halves(statement), longest)


def _halves(one: Statement) -> list[Statement]:
    """Two statements that together say the same."""
    if len(one.actions) > 1:
        cut = len(one.actions) // 2
        parts = [(one.actions[:cut], one.resources), (one.actions[cut:], one.resources)]
    elif len(one.resources) > 1:
        cut = len(one.resources) // 2
        parts = [(one.actions, one.resources[:cut]), (one.actions, one.resources[cut:])]
    else:
        raise ValueError(f"{', '.join(one.actions)} doesn't fit into a policy")
    return [Statement(actions, on, one.effect, one.condition) for actions, on in parts]


Role = Literal["preview", "deploy", "guard-rails", "inventory"]
ROLES: tuple[Role, ...] = ("preview", "deploy", "guard-rails")
"""Those of a stack. Who reads a whole account is asked for by name."""

_PROJECT = "alicloud-gateways"
_PLACE = re.compile(r"{(\w+)}")
_LINKED = "ram:CreateServiceLinkedRole"
_PASS = "ram:PassRole"  # noqa: S105 - an action
_SEALED = "sealed"


@dataclass(frozen=True)
class Scope:
    """What the policies are for."""

    stack: str
    account: str = ANY
    """The account's number; `*` for whichever the role is in."""

    break_glass: str = ""
    """The role that the guard rails don't bind, where they are a control policy."""


def policies(used: Iterable[Used], scope: Scope, roles: Iterable[Role] = ROLES) -> list[Policy]:
    """The policies of the roles that are asked for, each as few as fit."""
    resources = list(used)
    making = {
        "preview": _preview,
        "deploy": _deploy,
        "guard-rails": _guard_rails,
        "inventory": _inventory,
    }
    return [policy for role in roles for policy in making[role](resources, scope)]


def _preview(used: list[Used], scope: Scope) -> list[Policy]:
    granted = _asked(used)
    _grant(granted, used, scope, writing=False)
    return packed(statements_of(granted), _name(scope, "preview"), "preview")


def _deploy(used: list[Used], scope: Scope) -> list[Policy]:
    granted = _asked(used)
    _grant(granted, used, scope, writing=False)
    _grant(granted, used, scope, writing=True)
    statements = [*statements_of(granted), *_linked_roles(used), *_passed_roles(used, scope)]
    return packed(statements, _name(scope, "deploy"), "deploy")


def _asked(used: list[Used]) -> dict[str, set[str]]:
    """What the account is asked about an update, and about what stands in its way.

    Lists, which a narrower right leaves empty, of the services that it has to do with.
    """
    services = {action.partition(":")[0] for one in used for action in KINDS[one.kind].create}
    ids = [name for one in used for name in one.names.values()]
    about = rights_about({contract_of_kind(one.kind).token for one in used})
    roles = any(one.role for one in used)
    return {right: {ANY} for right in (*rights_for(services, ids, roles=roles), *about)}


def _inventory(_: list[Used], scope: Scope) -> list[Policy]:
    """All that an account is asked, of whatever it has: no list tells less than it holds."""
    asked = {one.right for one in (*LISTINGS, *TABLE_LISTINGS)}
    rights = Statement(tuple(sorted(asked)), (ANY,))
    return packed([rights], _name(scope, "inventory"), "inventory")


def _guard_rails(used: list[Used], scope: Scope) -> list[Policy]:
    """Two policies: one for always, and one that also locks the switch of deletion protection.

    The first denies what can't be undone, and what makes somebody else of who deploys. A denial is
    on anything: where a service writes a resource's name otherwise than its pages do, a narrower
    one would let the call through.
    """
    kinds = {one.kind for one in used}
    facts = irreversible()
    gone = [a for kind in facts.deletions if kind in kinds for a in KINDS[kind].delete]
    switches = {a for kind in kinds for a in KINDS[kind].writing} & set(facts.protection)
    rails = [_denial(actions, scope) for actions in (gone, becoming()) if actions]
    made = packed(rails, _name(scope, "guard-rails"), "guard-rails")
    if switches:
        sealed = [_denial(switches, scope)]
        made += packed(sealed, _name(scope, f"guard-rails-{_SEALED}"), "guard-rails")
    return made


def _denial(actions: Iterable[str], scope: Scope) -> Statement:
    condition = {}
    if scope.break_glass:
        role = f"acs:ram:*:{scope.account}:role/{scope.break_glass}"
        condition = {"StringNotLike": {"acs:PrincipalARN": (role,)}}
    return Statement(tuple(sorted(set(actions))), ("*",), "Deny", condition)


def _grant(
    granted: dict[str, set[str]], used: Iterable[Used], scope: Scope, *, writing: bool
) -> None:
    """Add what reading, or changing, these resources takes."""
    for one in used:
        calls = KINDS[one.kind]
        for action in calls.writing if writing else calls.read:
            granted.setdefault(action, set()).update(_resources(calls, action, one, scope))


def _resources(calls: Calls, action: str, one: Used, scope: Scope) -> Iterator[str]:
    values = {"region": one.region, "account": scope.account, "owner": scope.account, **one.names}
    for form in forms(calls, action):
        yield _PLACE.sub(lambda place: values.get(place[1], ANY), form)


def _linked_roles(used: Iterable[Used]) -> Iterator[Statement]:
    """The cloud makes them at the first resource of their kind in an account."""
    services = sorted({KINDS[one.kind].service for one in used} - {""})
    if services:
        condition = {"StringEquals": {"ram:ServiceName": tuple(services)}}
        yield Statement((_LINKED,), ("*",), condition=condition)


def _passed_roles(used: Iterable[Used], scope: Scope) -> Iterator[Statement]:
    """Roles that a function or an API takes: those alone, and to that service alone."""
    passed: dict[str, set[str]] = {}
    for one in used:
        if one.role:
            arn = f"acs:ram:*:{scope.account}:role/{one.role}"
            passed.setdefault(KINDS[one.kind].role_service, set()).add(arn)
    for service, arns in sorted(passed.items()):
        condition = {"StringEquals": {"acs:Service": (service,)}}
        yield Statement((_PASS,), tuple(sorted(arns)), condition=condition)


def _name(scope: Scope, what: str) -> str:
    """A policy's name holds letters, digits and hyphens."""
    return re.sub(r"[^A-Za-z0-9]+", "-", f"{_PROJECT}-{scope.stack}-{what}")
