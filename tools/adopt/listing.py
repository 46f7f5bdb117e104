"""The list of what exists: ids by the keys that a stack file has for them.

An id says nothing but where to look. What hangs together with what can't be read off any resource
(an EIP doesn't say what it is bound to), so that the list's own shape says it: addresses of the
gateway, spare ones, and those of a server's network interface each have a place of their own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, cast

from pydantic import BeforeValidator, Field

from facts import kinds
from stack.file.alone import read_file
from stack.model import NAME_PATTERN, Model, Name, broken_rule
from stack.problems import KeyPath, Problem, choose_from, dotted
from stack.tiers import Tier


@dataclass(frozen=True)
class Kind:
    """One kind of listed thing."""

    type: str
    what: str
    """What it is, with its article."""

    form: str
    """What its id looks like, for people."""

    usable: bool = True
    """Whether a stack can use one by its id without owning it."""

    one_in_a_region: bool = False
    """It has no name of its own in a stack file: a stack has one in a region."""

    mark: str = ""
    """Stands before the cloud's own id where a name is to tell it: names may begin with letters
    alone."""

    @property
    def prefixes(self) -> tuple[str, ...]:
        """What each part of an id starts with."""
        return tuple(part.rstrip("…") for part in self.form.split(":"))

    def has(self, identity: str) -> bool:
        """Whether this is an id of the kind."""
        parts = identity.split(":")
        return len(parts) == len(self.prefixes) and all(
            part.startswith(prefix) and len(part) > len(prefix)
            for part, prefix in zip(parts, self.prefixes, strict=True)
        )


LISTED_KINDS: Final = {
    "vpc": Kind(kinds.VPC, "a VPC", "vpc-…"),
    "vswitches": Kind(kinds.VSWITCH, "a vSwitch", "vsw-…"),
    "hosts": Kind(kinds.INSTANCE, "an ECS instance", "i-…", usable=False),
    "natGateway": Kind(kinds.NAT_GATEWAY, "a NAT gateway", "ngw-…"),
    "bandwidthPackage": Kind(kinds.BANDWIDTH_PACKAGE, "a bandwidth package", "cbwp-…"),
    "publicIps": Kind(kinds.EIP, "an EIP", "eip-…"),
    "sparePublicIps": Kind(kinds.EIP, "an EIP", "eip-…"),
    "portMappings": Kind(kinds.FORWARD_ENTRY, "a DNAT entry", "ftb-…:fwd-…", usable=False),
    "egress": Kind(kinds.SNAT_ENTRY, "a SNAT entry", "stb-…:snat-…", usable=False),
    "eni": Kind(kinds.ENI, "a network interface", "eni-…", usable=False),
    "instance": Kind(kinds.INSTANCE, "an ECS instance", "i-…", usable=False),
    "cen": Kind(kinds.CEN, "a CEN", "cen-…", usable=False),
    "router": Kind(
        kinds.TRANSIT_ROUTER, "a transit router", "cen-…:tr-…", usable=False, one_in_a_region=True
    ),
    "table": Kind(
        kinds.ROUTER_TABLE, "a router's table", "tr-…:vtb-…", usable=False, one_in_a_region=True
    ),
    "attachment": Kind(kinds.ROUTER_ATTACHMENT, "a VPC on a router", "tr-attach-…", usable=False),
    "link": Kind(kinds.ROUTER_LINK, "a link of routers", "cen-…:tr-attach-…", usable=False),
    "apiGroups": Kind(kinds.API_GROUP, "an API group", "…", usable=False, mark="id_"),
    "apis": Kind(kinds.API, "an API", "…:…", usable=False, mark="id_"),
    "vpcAccess": Kind(kinds.VPC_ACCESS, "a VPC authorization", "…:vpc-…:…:…", usable=False),
    "apiApps": Kind(kinds.API_APP, "an app", "…", usable=False, mark="id_"),
    "apiPlugins": Kind(kinds.PLUGIN, "a plugin", "…", usable=False, mark="id_"),
    "apiCallers": Kind(kinds.APP_ATTACHMENT, "an app's right to an API", "…:…:…:…", usable=False),
    "functions": Kind(kinds.FUNCTION, "a function", "…", usable=False),
    "apiBindings": Kind(kinds.PLUGIN_ATTACHMENT, "a plugin on an API", "…:…:…:…", usable=False),
}
"""By the key that they are listed under."""

LINK_PARTS: Final = {
    kinds.EIP_ASSOCIATION: ("allocationId", "instanceId"),
    kinds.PACKAGE_ATTACHMENT: ("bandwidthPackageId", "instanceId"),
    kinds.ENI_ATTACHMENT: ("networkInterfaceId", "instanceId"),
    kinds.ROUTER_ASSOCIATION: ("transitRouterAttachmentId", "transitRouterRouteTableId"),
    kinds.ROUTER_PROPAGATION: ("transitRouterAttachmentId", "transitRouterRouteTableId"),
    kinds.APP_ATTACHMENT: ("groupId", "apiId", "appId", "stageName"),
    kinds.PLUGIN_ATTACHMENT: ("groupId", "apiId", "pluginId", "stageName"),
}
"""What only ties things together: its id is made of theirs, and it has no name."""


def _numbered(value: object) -> object:
    """Ids without names by their number."""
    if isinstance(value, list):
        return dict(enumerate(cast("list[object]", value)))
    if not isinstance(value, dict):
        raise broken_rule(
            "ids are listed in brackets, or by names of your own",
            "write [eip-…, eip-…], or {web: eip-…}",
        )
    return cast("object", value)


Ids = Annotated[dict[int | str, str], BeforeValidator(_numbered)]


class ServerListing(Model):
    """A server's second network interface, and the EIPs on it."""

    eni: str
    """Its id."""

    instance: str
    """The instance that it is attached to."""

    public_ips: Ids = Field(min_length=1)
    """The EIPs that are bound to it, the one of its primary address first."""


class RouterListing(Model):
    """A transit router of a CEN, and the table by which it sends everything on."""

    router: str
    table: str


class JoinedListing(Model):
    """A VPC that a CEN joins, on the transit router of its region. It is used, never owned."""

    region: str
    vpc: str
    vswitches: Ids = Field(min_length=1)
    """Those that the router has addresses in."""

    attachment: str


class LinkListing(Model):
    """What joins two transit routers."""

    regions: Annotated[list[str], Field(min_length=2, max_length=2)]
    """The two regions, first that of the router that it begins at."""

    link: str


class Listing(Model):
    """What exists and is to be taken over."""

    region: str
    """Where all of it lies."""

    tier: Tier | None = Field(default=None, strict=False)
    """The stack's tier; the one that changes least unless given."""

    vpc: str | None = None
    vswitches: Ids = Field(default_factory=dict[int | str, str])

    hosts: Ids = Field(default_factory=dict[int | str, str])
    """Servers that ports are mapped to. They are never owned."""

    nat_gateway: str | None = None
    bandwidth_package: str | None = None
    """The package that every EIP of the list is in."""

    public_ips: Ids = Field(default_factory=dict[int | str, str])
    """EIPs that are bound to the gateway."""

    spare_public_ips: Ids = Field(default_factory=dict[int | str, str])
    """EIPs that are bound to nothing."""

    port_mappings: Ids = Field(default_factory=dict[int | str, str])
    """DNAT entries."""

    egress: Ids = Field(default_factory=dict[int | str, str])
    """SNAT entries."""

    servers: dict[Name, ServerListing] = Field(default_factory=dict[Name, ServerListing])
    """Servers that are reached on EIPs of their own."""

    functions: Ids = Field(default_factory=dict[int | str, str])
    """Functions, by their names in the cloud."""

    cen: str | None = None
    """The CEN."""

    routers: dict[str, RouterListing] = Field(default_factory=dict[str, RouterListing])
    """Its transit routers, by region."""

    attachments: dict[Name, JoinedListing] = Field(default_factory=dict[Name, JoinedListing])
    """What it joins."""

    links: dict[Name, LinkListing] = Field(default_factory=dict[Name, LinkListing])
    """What joins its regions."""

    api_groups: Ids = Field(default_factory=dict[int | str, str])
    """API groups."""

    apis: Ids = Field(default_factory=dict[int | str, str])
    """Their APIs."""

    vpc_access: Ids = Field(default_factory=dict[int | str, str])
    """The authorizations that they go through."""

    api_apps: Ids = Field(default_factory=dict[int | str, str])
    """Apps that call them."""

    api_plugins: Ids = Field(default_factory=dict[int | str, str])
    """Plugins on them."""

    api_callers: Ids = Field(default_factory=dict[int | str, str])
    """Which app may call which API, on which stage."""

    api_bindings: Ids = Field(default_factory=dict[int | str, str])
    """Which plugin is on which API, on which stage."""

    uses: list[str] = Field(default_factory=list[str])
    """Which of the ids above the stack uses without owning."""

    bound: list[str] = Field(default_factory=list[str])
    """Which of the EIPs that it uses another stack has bound to the gateway."""


@dataclass(frozen=True)
class Entry:
    """One id and its place in the list."""

    path: KeyPath
    id: str
    kind: Kind
    region: str = ""
    """Where it lies, where that isn't the list's region."""

    @property
    def own_id(self) -> str:
        """The cloud's own id, which only one thing has: of `ftb-…:fwd-…` the second half.

        An authorization has none but all that it says.
        """
        return self.id if self.kind.type == kinds.VPC_ACCESS else self.id.rpartition(":")[2]

    @property
    def marker(self) -> str:
        """That as a name."""
        return f"{self.kind.mark}{self.own_id}"

    @property
    def name(self) -> str | None:
        """The name that the list gives it."""
        match self.path:
            case (_, str(name)) | ("servers", _, "publicIps", str(name)):
                return name
            case _:
                return None


def read_listing(path: Path) -> Listing:
    """The list in a file.

    Raises:
        StackFileError: with everything that is wrong with it.
    """
    return read_file(Listing, path, listing_problems)


def entries(listing: Listing) -> Iterator[Entry]:
    """Every id of the list with its place, in the order of the keys."""
    listed: Mapping[str, Any] = listing.model_dump(by_alias=True)
    for key, kind in LISTED_KINDS.items():
        value = listed.get(key)
        if isinstance(value, str):
            yield Entry((key,), value, kind)
        elif isinstance(value, dict):
            for name, identity in cast("dict[int | str, str]", value).items():
                yield Entry((key, name), identity, kind)
    for name, server in listing.servers.items():
        yield Entry(("servers", name, "eni"), server.eni, LISTED_KINDS["eni"])
        yield Entry(("servers", name, "instance"), server.instance, LISTED_KINDS["instance"])
        for key, identity in server.public_ips.items():
            yield Entry(("servers", name, "publicIps", key), identity, LISTED_KINDS["publicIps"])
    yield from _joined(listing)


def _joined(listing: Listing) -> Iterator[Entry]:
    """What belongs to a CEN: in several regions, so that each says its own."""
    for region, one in listing.routers.items():
        for key, identity in (("router", one.router), ("table", one.table)):
            yield Entry(("routers", region, key), identity, LISTED_KINDS[key], region)
    for name, joined in listing.attachments.items():
        path, region = ("attachments", name), joined.region
        yield Entry((*path, "vpc"), joined.vpc, LISTED_KINDS["vpc"], region)
        for key, identity in joined.vswitches.items():
            vswitch = LISTED_KINDS["vswitches"]
            yield Entry((*path, "vswitches", key), identity, vswitch, region)
        attachment = LISTED_KINDS["attachment"]
        yield Entry((*path, "attachment"), joined.attachment, attachment, region)
    for name, link in listing.links.items():
        yield Entry(("links", name, "link"), link.link, LISTED_KINDS["link"], link.regions[0])


def listing_problems(listing: Listing) -> Iterator[Problem]:
    """What a list says that can't be, before anybody looks at the cloud."""
    yield from _missing(listing)
    places: dict[str, Entry] = {}
    names: dict[tuple[str, str], Entry] = {}
    for entry in entries(listing):
        yield from _id_problems(entry)
        yield from _name_problems(entry, names)
        before = places.setdefault(entry.id, entry)
        # One instance may be a host, and have several network interfaces.
        if before is not entry and entry.kind.type != LISTED_KINDS["hosts"].type:
            rule = f"an id is listed once; {dotted(before.path)} is {entry.id} already"
            yield Problem(entry.path, entry.id, rule, "remove one of the two")
    for index, identity in enumerate(listing.uses):
        path, entry = ("uses", index), places.get(identity)
        if entry is None:
            rule = "uses names ids that are listed above"
            yield Problem(path, identity, rule, choose_from(identity, places, "id"))
        elif not entry.kind.usable:
            rule = f"{entry.kind.what} isn't something to use by its id"
            yield Problem(path, identity, rule, "remove it from uses")
    for index, identity in enumerate(listing.bound):
        entry = places.get(identity)
        if identity not in listing.uses or entry is None or entry.path[0] != "publicIps":
            rule = "bound names EIPs that are listed under publicIps and uses"
            yield Problem(("bound", index), identity, rule, "list it there, or remove it here")


_ON_A_GATEWAY: Final = ("publicIps", "sparePublicIps", "portMappings", "egress", "servers")


def _missing(listing: Listing) -> Iterator[Problem]:
    """What has to be listed, since something that is listed stands on it."""
    listed: Mapping[str, Any] = listing.model_dump(by_alias=True)
    needed = {
        "natGateway": next((key for key in _ON_A_GATEWAY if listed[key]), None),
        "vpc": next((key for key in ("natGateway", "vswitches", "hosts") if listed[key]), None),
        "vswitches": "vpc" if listing.vpc else None,
    }
    for key, on_it in needed.items():
        if on_it is not None and not listed[key]:
            rule = f"{on_it} needs it"
            yield Problem((key,), None, rule, f"list {LISTED_KINDS[key].what}: {key}")
    if listing.cen is None and (listing.routers or listing.attachments or listing.links):
        yield Problem(("cen",), None, "what it joins needs it", "list a CEN: cen")
    if not any(listed[key] for key in LISTED_KINDS if key in listed):
        yield Problem((), None, "it lists nothing", "list what exists, by its ids")


def _id_problems(entry: Entry) -> Iterator[Problem]:
    if not entry.kind.has(entry.id):
        rule = f"the id of {entry.kind.what} looks like {entry.kind.form}"
        yield Problem(
            entry.path, entry.id, rule, "copy it from the console, or from a call's answer"
        )


def _name_problems(entry: Entry, names: dict[tuple[str, str], Entry]) -> Iterator[Problem]:
    if entry.name is None:
        return
    if not re.fullmatch(NAME_PATTERN, entry.name):
        rule = (
            "a name has 1 to 63 characters: a letter first, then letters, digits, '.', '_' or '-'"
        )
        yield Problem(entry.path, entry.name, rule, "choose another name")
    before = names.setdefault((entry.kind.type, entry.name), entry)
    if before is not entry:
        rule = f"a name is given once; {dotted(before.path)} has it already"
        yield Problem(entry.path, entry.name, rule, "choose another name")
