"""What an inventory shows, as tables: the plan's own, over what is there, each in its order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from judging.account.apis import ACCESSES, APPS, CALLABLE, Api, Authorization, BackendKind
from judging.account.functions import FUNCTIONS
from judging.account.holding import CARDS, Account, Eip, Gateway, Role
from judging.ways import everyone
from tools.pipeline.holders import UNKNOWN, Holders

__all__ = ["Inventory", "Table", "tables_of"]

_HELD: Final = "Held by"
_NOBODY: Final = "nobody"
_ON_THEIR_OWN: Final = (Role.SERVER, Role.INTERFACE, Role.BALANCER, Role.OTHER)


@dataclass(frozen=True)
class Table:
    """A title, headers and rows, whichever form they are shown in."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Inventory:
    """What is shown: an account, who holds what of it, and what is wrong."""

    account: Account
    holders: Holders = field(default_factory=Holders)
    findings: Sequence[str] = ()

    @cached_property
    def _hosts(self) -> Mapping[tuple[str, str], str]:
        return {
            (card.vpc, address): card.server or card.id
            for card in self.account.cards
            for address in card.addresses
        }

    @cached_property
    def _accesses(self) -> Mapping[tuple[str, str], Authorization]:
        return {(one.region, one.name): one for one in self.account.apis.authorizations}

    def host(self, gateway: Gateway, address: str) -> str:
        """Who has a private address behind a gateway."""
        unseen = _NOBODY if self.account.shows(CARDS, gateway.region) else UNKNOWN
        return self._hosts.get((gateway.vpc, address), unseen)

    def callers(self, api: Api) -> str:
        """Who may call an API."""
        if not api.stages:
            return "nobody, it isn't published"
        if api.auth == "anonymous":
            return "everybody"
        if api.auth != "app":
            return api.auth or UNKNOWN
        apps = [
            app.name
            for app in self.account.apis.apps
            if app.region == api.region and api.id in {one for one, _ in app.apis}
        ]
        seen = all(self.account.shows(one, api.region) for one in (APPS, CALLABLE))
        return ", ".join(apps) or (_NOBODY if seen else UNKNOWN)

    def access(self, api: Api) -> Authorization | None:
        """The authorization that an API's requests go by."""
        if api.backend.kind is not BackendKind.VPC:
            return None
        return self._accesses.get((api.region, api.backend.target))

    def behind(self, api: Api) -> str:
        """What serves an API's requests in the end."""
        backend = api.backend
        if backend.kind is BackendKind.VPC:
            unseen = _NOBODY if self.account.shows(ACCESSES, api.region) else UNKNOWN
            access = self.access(api)
            return f"{access.instance} port {access.port}" if access else unseen
        if backend.kind is BackendKind.FUNCTION and "://" not in backend.target:
            there = {(one.region, one.name) for one in self.account.functions}
            if (api.region, backend.target) not in there:
                return _NOBODY if self.account.shows(FUNCTIONS, api.region) else UNKNOWN
        return backend.target


def backend_text(api: Api) -> str:
    """Where an API's requests go, as the plan says it."""
    backend = api.backend
    match backend.kind:
        case BackendKind.HTTP:
            return f"{backend.target}{backend.path}"
        case BackendKind.VPC:
            return f"vpc:{backend.target}:{backend.path}"
        case BackendKind.FUNCTION:
            return f"function:{backend.target}"
        case _:
            return backend.kind.value


def named(name: str, identity: str) -> str:
    """What something is called, by its owner if so, and by the cloud."""
    return f"{name} {identity}" if name else identity


def port_text(port: str) -> str:
    """A port or a range of them, as the stack file writes it."""
    return {"any": "all"}.get(port.lower(), port.replace("/", "-"))


def tables_of(inventory: Inventory) -> Iterator[Table]:
    """The tables that have rows, in the plan's order."""
    every = (*_ways_in(inventory), *_apis(inventory), *_ways_out(inventory), *_parts(inventory))
    return (one for one in (*every, *_links(inventory)) if one.rows)


def _ways_in(inventory: Inventory) -> Iterator[Table]:
    account, of = inventory.account, inventory.holders.of
    yield Table(
        "Who is reachable from where",
        ("Mapping", "Public address", "Protocol", "Port", "Host", "Private", "Port", _HELD),
        [
            (
                entry.name or entry.id,
                entry.public_ip,
                entry.protocol,
                port_text(entry.port),
                inventory.host(gateway, entry.host_ip),
                entry.host_ip,
                port_text(entry.host_port),
                of(entry.id),
            )
            for gateway in account.gateways
            if gateway.public
            for entry in gateway.dnat
        ],
    )
    yield Table(
        "Reached on an address of their own",
        ("Public address", "What", "Id", _HELD),
        [
            (eip.address, eip.role.value, eip.bound_to, of(eip.id))
            for eip in account.eips
            if eip.role in _ON_THEIR_OWN
        ],
    )
    yield Table(
        "Security groups in front of them that are open to everyone",
        ("Security group", "Protocol", "Ports", "Who", _HELD),
        [
            (group.name or group.id, rule.protocol, rule.ports, rule.source, of(group.id))
            for group in account.groups
            for rule in group.rules
            if rule.accepts and everyone([rule.source])
        ],
    )


def _apis(inventory: Inventory) -> Iterator[Table]:
    account, of = inventory.account, inventory.holders.of
    groups = {one.id: one for one in account.apis.groups}
    on = {
        api: [
            plugin.name for plugin in account.apis.plugins if api in {it for it, _ in plugin.apis}
        ]
        for api in {one.id for one in account.apis.apis}
    }

    def path(api: Api) -> str:
        group = groups.get(api.group)
        base = group.base_path.rstrip("/") if group else ""
        return f"{group.name if group else api.group}: {base}{api.path}"

    yield Table(
        "APIs",
        ("API", "Who", "Method", "Path", "Plugins", "Backend", "Behind it", _HELD),
        [
            (
                api.name,
                inventory.callers(api),
                api.method,
                path(api),
                ", ".join(on[api.id]),
                backend_text(api),
                inventory.behind(api),
                of(api.id),
            )
            for api in account.apis.apis
        ],
    )
    yield Table(
        "API groups",
        ("API group", "Region", "Domain", "Inside", "Instance", "APIs", _HELD),
        [
            (
                named(one.name, one.id),
                one.region,
                ", ".join(one.domains),
                one.inside,
                one.instance,
                str(sum(api.group == one.id for api in account.apis.apis)),
                of(one.id),
            )
            for one in account.apis.groups
        ],
    )
    yield Table(
        "Authorizations into networks",
        ("Authorization", "Region", "VPC", "What", "Port", "APIs", _HELD),
        [
            (
                one.name,
                one.region,
                one.vpc,
                one.instance,
                one.port,
                str(sum(inventory.access(api) == one for api in account.apis.apis)),
                of(one.id),
            )
            for one in account.apis.authorizations
        ],
    )
    yield Table(
        "Plugins",
        ("Plugin", "Region", "Kind", "APIs", _HELD),
        [
            (named(one.name, one.id), one.region, one.kind, str(len(one.apis)), of(one.id))
            for one in account.apis.plugins
        ],
    )
    yield Table(
        "API Gateway's instances",
        ("Instance", "Region", "Spec", "Zone", "Encryption", _HELD),
        [
            (
                named(one.name, one.id),
                one.region,
                one.spec,
                one.zone,
                one.https_policy,
                of(one.id),
            )
            for one in account.apis.instances
        ],
    )
    yield Table(
        "Functions that are called without the gateway",
        ("Function", "Address", "By", "Who", _HELD),
        [
            (
                one.name,
                door.address,
                door.by,
                "whoever says who they are" if door.asks else "everybody",
                of(one.id),
            )
            for one in account.functions
            for door in one.doors
        ],
    )
    yield Table(
        "Functions",
        ("Function", "Region", "Runtime", "VPC", "APIs", _HELD),
        [
            (
                one.name,
                one.region,
                one.runtime,
                one.vpc,
                str(_calling(account.apis.apis, one.region, one.name)),
                of(one.id),
            )
            for one in account.functions
        ],
    )


def _calling(apis: Iterable[Api], region: str, function: str) -> int:
    called = (BackendKind.FUNCTION, region, function)
    return sum((one.backend.kind, one.region, one.backend.target) == called for one in apis)


def _ways_out(inventory: Inventory) -> Iterator[Table]:
    yield Table(
        "Who leaves by which address",
        ("Egress", "Source", "Public addresses", "NAT gateway", _HELD),
        [
            (
                way.name or way.id,
                way.source,
                ", ".join(way.public_ips),
                gateway.name or gateway.id,
                inventory.holders.of(way.id),
            )
            for gateway in inventory.account.gateways
            if gateway.public
            for way in gateway.snat
        ],
    )


def _parts(inventory: Inventory) -> Iterator[Table]:
    account, of = inventory.account, inventory.holders.of
    yield Table(
        "NAT gateways",
        ("NAT gateway", "Region", "VPC", "In", "Out", _HELD),
        [
            (
                named(one.name, one.id),
                one.region,
                one.vpc,
                str(len(one.dnat)),
                str(len(one.snat)),
                of(one.id),
            )
            for one in account.gateways
        ],
    )
    yield Table(
        "Public addresses",
        ("Public address", "Region", "Id", "Mbit/s", "Package", "What for", _HELD),
        [_address(one, of(one.id)) for one in account.eips],
    )
    yield Table(
        "Bandwidth packages",
        ("Package", "Region", "Mbit/s", "Public addresses", _HELD),
        [
            (
                named(one.name, one.id),
                one.region,
                f"{one.bandwidth:g}",
                str(len(one.eips)),
                of(one.id),
            )
            for one in account.packages
        ],
    )


def _address(eip: Eip, held: str) -> Sequence[str]:
    return (
        eip.address,
        eip.region,
        named(eip.name, eip.id),
        f"{eip.bandwidth:g}",
        eip.package,
        eip.role.value,
        held,
    )


def _links(inventory: Inventory) -> Iterator[Table]:
    account, of = inventory.account, inventory.holders.of
    yield Table(
        "CENs",
        ("CEN", "Transit routers", "Attachments", "Links", _HELD),
        [
            (
                named(one.name, one.id),
                *map(str, map(len, (one.routers, one.attachments, one.links))),
                of(one.id),
            )
            for one in account.cens
        ],
    )
    yield Table(
        "What CENs join",
        ("CEN", "What", "Id", "Region", "Transit router", _HELD),
        [
            (cen.name or cen.id, one.kind, one.attached, one.region, one.router, of(one.id))
            for cen in account.cens
            for one in cen.attachments
        ],
    )
    yield Table(
        "Links between regions",
        ("CEN", "From", "To", "Mbit/s", _HELD),
        [
            (cen.name or cen.id, one.region, one.to, f"{one.bandwidth:g}", of(one.id))
            for cen in account.cens
            for one in cen.links
        ],
    )
