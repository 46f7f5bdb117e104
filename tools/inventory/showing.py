"""An inventory for people and for programs: the plan's tables, over what is there.

Each table is a title, headers and rows, whichever form it is printed in.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Final

from rich.console import RenderableType

from judging.account.holding import Account, Eip, Role
from judging.preview import entries_of, items_of
from judging.ways import everyone
from tools.pipeline.holders import UNKNOWN, Holders
from tools.plan.tables import page_of, table_of, titled

_HELD: Final = "Held by"
_NOTHING: Final = "Nothing that this lists is there."
_ON_THEIR_OWN: Final = (Role.SERVER, Role.INTERFACE, Role.BALANCER, Role.OTHER)


@dataclass(frozen=True)
class Inventory:
    """What is shown."""

    account: Account
    holders: Holders
    findings: Sequence[str]


@dataclass(frozen=True)
class _Shown:
    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]


def as_tables(inventory: Inventory) -> str:
    """For a terminal."""
    return page_of([*_parts(inventory)][:-1] or [_NOTHING])


def _parts(inventory: Inventory) -> Iterator[RenderableType]:
    for one in _shown(inventory):
        yield from (titled(one.title), table_of(one.headers, one.rows), "")
    for title, lines in _lists(inventory):
        yield from (titled(title), *lines, "")


def as_markdown(inventory: Inventory) -> str:
    """For a page or an issue."""
    lines: list[str] = []
    for one in _shown(inventory):
        lines += [f"## {one.title}", "", _row(one.headers), _row(["---"] * len(one.headers))]
        lines += [*map(_row, one.rows), ""]
    for title, said in _lists(inventory):
        lines += [f"## {title}", "", *(f"- {one.replace(chr(10), ' ')}" for one in said), ""]
    return "\n".join(lines[:-1] or [_NOTHING]) + "\n"


def as_json(inventory: Inventory) -> str:
    """For a program: the model as it is, with the stack that holds each id."""
    said: object = json.loads(json.dumps(asdict(inventory.account), default=_plain))
    held = {one: inventory.holders.of(one) for one in _ids(said)}
    document = {**entries_of(said), "heldBy": held, "findings": [*inventory.findings]}
    return json.dumps(document, indent=2) + "\n"


FORMS: Final = {"table": as_tables, "json": as_json, "markdown": as_markdown}


def _plain(value: object) -> object:
    assert isinstance(value, Enum)
    return value.value


def _ids(said: object) -> Iterator[str]:
    """The ids of everything in a document."""
    inside = entries_of(said)
    if "id" in inside:
        yield str(inside["id"])
    for value in (*inside.values(), *items_of(said)):
        yield from _ids(value)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(one.replace('|', chr(92) + '|') for one in cells)} |"


def _shown(inventory: Inventory) -> Iterator[_Shown]:
    """The tables that have rows, in the plan's order."""
    account, of = inventory.account, inventory.holders.of
    hosts = {
        (card.vpc, address): card.server or card.id
        for card in account.cards
        for address in card.addresses
    }
    tables = (
        _Shown(
            "Who is reachable from where",
            ("Mapping", "Public address", "Protocol", "Port", "Host", "Private", "Port", _HELD),
            [
                (
                    entry.name or entry.id,
                    entry.public_ip,
                    entry.protocol,
                    _ports(entry.port),
                    hosts.get((gateway.vpc, entry.host_ip))
                    or ("nobody" if account.shows_hosts(gateway.region) else UNKNOWN),
                    entry.host_ip,
                    _ports(entry.host_port),
                    of(entry.id),
                )
                for gateway in account.gateways
                if gateway.public
                for entry in gateway.dnat
            ],
        ),
        _Shown(
            "Reached on an address of their own",
            ("Public address", "What", "Id", _HELD),
            [
                (eip.address, eip.role.value, eip.bound_to, of(eip.id))
                for eip in account.eips
                if eip.role in _ON_THEIR_OWN
            ],
        ),
        _Shown(
            "Security groups in front of them that are open to everyone",
            ("Security group", "Protocol", "Ports", "Who", _HELD),
            [
                (group.name or group.id, rule.protocol, rule.ports, rule.source, of(group.id))
                for group in account.groups
                for rule in group.rules
                if rule.accepts and everyone([rule.source])
            ],
        ),
        _Shown(
            "Who leaves by which address",
            ("Egress", "Source", "Public addresses", "NAT gateway", _HELD),
            [
                (
                    way.name or way.id,
                    way.source,
                    ", ".join(way.public_ips),
                    gateway.name or gateway.id,
                    of(way.id),
                )
                for gateway in account.gateways
                if gateway.public
                for way in gateway.snat
            ],
        ),
        _Shown(
            "NAT gateways",
            ("NAT gateway", "Region", "VPC", "In", "Out", _HELD),
            [
                (
                    _named(one.name, one.id),
                    one.region,
                    one.vpc,
                    str(len(one.dnat)),
                    str(len(one.snat)),
                    of(one.id),
                )
                for one in account.gateways
            ],
        ),
        _Shown(
            "Public addresses",
            ("Public address", "Region", "Id", "Mbit/s", "Package", "What for", _HELD),
            [_address(one, of(one.id)) for one in account.eips],
        ),
        _Shown(
            "Bandwidth packages",
            ("Package", "Region", "Mbit/s", "Public addresses", _HELD),
            [
                (
                    _named(one.name, one.id),
                    one.region,
                    f"{one.bandwidth:g}",
                    str(len(one.eips)),
                    of(one.id),
                )
                for one in account.packages
            ],
        ),
    )
    return (one for one in tables if one.rows)


def _address(eip: Eip, held: str) -> Sequence[str]:
    return (
        eip.address,
        eip.region,
        _named(eip.name, eip.id),
        f"{eip.bandwidth:g}",
        eip.package,
        eip.role.value,
        held,
    )


def _lists(inventory: Inventory) -> Iterator[tuple[str, Sequence[str]]]:
    if inventory.findings:
        yield "What is wrong", inventory.findings
    if gaps := inventory.account.gaps:
        lines = [f"{one.right} in {one.region}: {one.code}" for one in gaps]
        yield "What this identity may not see", lines
    if unread := inventory.holders.unread:
        yield "Whose states couldn't be had", unread


def _named(name: str, identity: str) -> str:
    return f"{name} {identity}" if name else identity


def _ports(port: str) -> str:
    return {"any": "all"}.get(port.lower(), port.replace("/", "-"))
