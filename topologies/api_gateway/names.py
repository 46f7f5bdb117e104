"""How groups, APIs, apps and plugins are called in the cloud, and the rules of names there.

Unless one is given, everywhere else a name is `<stack>-<key>`; for these, the product takes
letters, digits and underscores only. No two have one name; plugins have rules of their own
(`plugins.rules`). Of VPC authorizations the cloud says no more than that no two have one name.

Source: API Gateway, "CreateApiGroup", "CreateApi", "CreateApp", "CreatePlugin" and
"CreateAccessControlList"; Resource Orchestration Service, "ALIYUN::ApiGateway::Instance"; Classic
Load Balancer, "CreateLoadBalancer".
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from stack.naming import resource_name
from stack.problems import KeyPath, Problem, choose_from
from topologies.api_gateway import SECTION

if TYPE_CHECKING:
    from topologies.api_gateway.settings import ApiGatewaySettings

LONGEST_DESCRIPTION: Final = 180  # characters, of groups, apps, APIs and their parameters
GROUP_NAMES: Final = range(4, 51)  # characters
API_NAMES: Final = range(4, 51)
APP_NAMES: Final = range(4, 27)
BALANCER_NAMES: Final = range(1, 81)
INSTANCE_NAMES: Final = range(1, 51)
LIST_NAMES: Final = range(1, 31)

_GIVEN = re.compile(r"[A-Za-z一-龥][A-Za-z0-9_一-龥]*")
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")  # as the provider checks instances and lists
_REFERENCES: Final = {
    "groups": ("group", "this must name a group of apiGateway.groups"),
    "apps": ("app", "this must name an app of apiGateway.apps"),
    "apis": ("API", "this must name an API of apiGateway.apis"),
    "plugins": ("plugin", "this must name a plugin of apiGateway.plugins"),
    "vpcAccess": ("authorization", "this must name an authorization of apiGateway.vpcAccess"),
    "loadBalancers": (
        "load balancer",
        "this must name a load balancer of apiGateway.loadBalancers",
    ),
}
_Named = Callable[[str, str, str | None], str]


def gateway_name(stack: str, key: str, given: str | None = None) -> str:
    """The name in the cloud of the entry `key` of the stack `stack`, unless it gives one."""
    return given or f"{stack}_{key}".replace("-", "_").replace(".", "_")


def access_name(stack: str, key: str, given: str | None) -> str:
    """The same of VPC authorizations and load balancers."""
    return given or resource_name(stack, key)


def instance_name(stack: str, given: str | None) -> str:
    """The name in the cloud of the stack's instance, or of that one's access control list."""
    return given or resource_name(stack, "gateway")


def name_problems(stack: str, section: "ApiGatewaySettings") -> Iterator[Problem]:
    """Names that the cloud refuses, and those that it couldn't tell apart.

    Args:
        stack: the stack's name.
        section: with the APIs of its documents.
    """
    groups, apps, apis = (SECTION, "groups"), (SECTION, "apps"), (SECTION, "apis")
    origins = section.origins
    yield from _length_problems(stack, groups, section.groups, GROUP_NAMES, "a group's")
    yield from _twice(stack, groups, section.groups, "a group's")
    yield from _length_problems(stack, apps, section.apps, APP_NAMES, "an app's")
    yield from _twice(stack, apps, section.apps, "an app's")
    yield from _length_problems(stack, apis, section.apis, API_NAMES, "an API's", imported=origins)
    for group in section.groups:  # an API's name is its own in its group alone
        members = {name: api for name, api in section.apis.items() if api.group == group}
        yield from _twice(stack, apis, members, "an API's", imported=origins)
    accesses = (SECTION, "vpcAccess")
    yield from _twice(stack, accesses, section.vpc_access, "an authorization's", named=access_name)
    yield from _length_problems(
        stack,
        (SECTION, "loadBalancers"),
        section.load_balancers,
        BALANCER_NAMES,
        "a load balancer's",
        named=access_name,
    )
    for key, entries in (
        ("groups", section.groups),
        ("apps", section.apps),
        ("apis", section.apis),
    ):
        for name, entry in entries.items():
            yield from _description_problems((SECTION, key, name, "description"), entry.description)
    yield from _instance_problems(stack, section)
    yield from _resource_problems(section)


def _length_problems(  # noqa: PLR0913 - what differs from kind to kind
    stack: str,
    path: KeyPath,
    entries: Mapping[str, object],
    lengths: range,
    whose: str,
    *,
    named: _Named = gateway_name,
    imported: Collection[str] = (),
) -> Iterator[Problem]:
    shortest, longest = lengths[0], lengths[-1]
    for key, entry in entries.items():
        given = _given(entry)
        if given is not None:
            yield from _given_problems((*path, key, "name"), given, lengths, whose)
            continue
        name = named(stack, key, None)
        if len(name) in lengths:
            continue
        rule = f"{whose} name has {shortest} to {longest} characters in the cloud, not {len(name)}"
        room = longest - (len(name) - len(key))
        if len(name) < shortest:
            remedy = "give it a longer name"
        elif room < 1:
            remedy = "choose a stack with a shorter name: it stands in front of every name"
        elif key in imported:
            remedy = f"give the operation an operationId of at most {room} characters, or leave it "
            remedy += "out (exclude)"
        else:
            remedy = f"shorten {key} to at most {room} characters; was: {key} keeps what is there"
        yield Problem((*path, key), name, rule, remedy)


def _given(entry: object) -> str | None:
    """The name in the cloud that an entry gives itself; of load balancers, none does."""
    given: str | None = getattr(entry, "name", None)
    return given


def _given_problems(path: KeyPath, name: str, lengths: range, whose: str) -> Iterator[Problem]:
    shortest, longest = lengths[0], lengths[-1]
    if len(name) not in lengths:
        rule = f"{whose} name has {shortest} to {longest} characters in the cloud, not {len(name)}"
        yield Problem(path, name, rule, "write another one, or none")
    elif not _GIVEN.fullmatch(name):
        rule = f"{whose} name has letters, digits and '_' in the cloud, and begins with a letter"
        yield Problem(path, name, rule, "write another one, or none")


def _twice(  # noqa: PLR0913 - as above
    stack: str,
    path: KeyPath,
    entries: Mapping[str, object],
    whose: str,
    *,
    named: _Named = gateway_name,
    imported: Collection[str] = (),
) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for key, entry in entries.items():
        name = named(stack, key, _given(entry))
        owner = owners.setdefault(name, key)
        if owner != key:
            rule = f"{whose} name is its own in the cloud; {owner} is called {name} too"
            remedy = f"rename {key} by more than '-', '.' and '_', which are all '_' there"
            if _given(entry) or _given(entries[owner]):
                remedy = "give one of the two another name: name: …"
            elif key in imported:
                remedy = "give the operation another operationId, or leave it out (exclude)"
            yield Problem((*path, key), name, rule, remedy)


def _description_problems(path: KeyPath, text: str | None) -> Iterator[Problem]:
    if text is not None and len(text) > LONGEST_DESCRIPTION:
        rule = f"a description has at most {LONGEST_DESCRIPTION} characters, not {len(text)}"
        yield Problem(path, text, rule, "shorten it")


def _instance_problems(stack: str, section: "ApiGatewaySettings") -> Iterator[Problem]:
    instance = section.instance
    if instance is None:
        return
    if instance.id is None:
        place, name = (SECTION, "instance", "name"), instance_name(stack, instance.name)
        yield from _plain_problems(place, name, INSTANCE_NAMES, "an instance's")
    if instance.acl is not None:
        place, name = (SECTION, "instance", "acl", "name"), instance_name(stack, instance.acl.name)
        yield from _plain_problems(place, name, LIST_NAMES, "an access control list's")


def _plain_problems(path: KeyPath, name: str, lengths: range, whose: str) -> Iterator[Problem]:
    if len(name) not in lengths or not _PLAIN.fullmatch(name):
        rule = f"{whose} name has {lengths[0]} to {lengths[-1]} letters, digits, '-' and '_'"
        better = re.sub(r"[^A-Za-z0-9_-]", "-", name)[: lengths[-1]] or "gateway"
        yield Problem(path, name, rule, f"say another one, such as name: {better}")


def _resource_problems(section: "ApiGatewaySettings") -> Iterator[Problem]:
    """Two pairs of keys that give Pulumi one name: a + b-app-c, and a-app-b + c."""
    pairs: dict[str, tuple[str, str]] = {}
    for path, name, entry, part in _children(section):
        first = pairs.setdefault(name, (entry, part))
        if first != (entry, part):
            rule = f"Pulumi can't tell {part} of {entry} from {first[1]} of {first[0]}: both are "
            rule += "called alike"
            yield Problem(path, name, rule, f"rename {entry} or {part}")


def _children(section: "ApiGatewaySettings") -> Iterator[tuple[KeyPath, str, str, str]]:
    for api, settings in section.apis.items():
        for index, app in enumerate(settings.apps):
            yield (SECTION, "apis", api, "apps", index), f"api-{api}-app-{app}", api, app
    for balancer, settings in section.load_balancers.items():
        for host in settings.servers:
            path = (SECTION, "loadBalancers", balancer, "servers", host)
            yield path, f"balancer-{balancer}-server-{host}", balancer, host


def reference_problems(
    path: KeyPath, name: str, known: Iterable[str], key: str
) -> Iterator[Problem]:
    """Why `name` at `path` names nothing that is known of the section's `key`."""
    if name not in (names := set(known)):
        what, rule = _REFERENCES[key]
        remedy = choose_from(name, names, what)
        yield Problem(path, name, rule, remedy, missing=(SECTION, key, name))


def slash_problems(path: KeyPath, text: str | None) -> Iterator[Problem]:
    """Why what stands at `path` is no path of requests."""
    if text is not None and not text.startswith("/"):
        yield Problem(path, text, "a path begins with /", f"write /{text}")
