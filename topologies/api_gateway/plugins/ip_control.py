"""The ipControl plugin: addresses that may call an API, or may not.

API Gateway, "IP access control plug-in", whose newer pages know IPv6 too.
"""

import ipaddress
import re
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from stack.model import Model, Name
from stack.network_rules import cidr_problem, parse_address, parse_cidr
from stack.problems import KeyPath, Problem
from topologies.api_gateway.plugins.base import Data, DataValue, PluginKind

_FORWARDED = re.compile(r"XFF:(?:0|-?[1-9][0-9]?)")


IpControlType = Literal["ALLOW", "REFUSE"]


class IpControlItem(Model):
    """Some addresses."""

    blocks: list[str] = Field(min_length=1, examples=[["203.0.113.0/24", "198.51.100.7"]])
    """Ranges and addresses, IPv4 and IPv6."""

    app_id: int | None = Field(default=None, examples=[219810])
    """With ALLOW: the id of the app that these addresses are for. It may call from nowhere else,
    and other apps don't heed this item."""


class IpControlSettings(PluginKind):
    """Addresses that may call an API, or may not."""

    type: IpControlType = Field(examples=["ALLOW"])
    """ALLOW lets only these addresses in; REFUSE keeps them out."""

    resource: str | None = Field(default=None, examples=["XFF:-1"])
    """Where the client's address is taken from: `XFF:-1` is the last one of X-Forwarded-For, for
    APIs behind a firewall (WAF). The address that connects to the gateway unless given."""

    items: dict[Name, IpControlItem] = Field(
        min_length=1, examples=[{"office": {"blocks": ["203.0.113.0/24"]}}]
    )
    """Addresses, by names of your choice."""

    def problems(self, path: KeyPath) -> Iterator[Problem]:
        """Everything that an ipControl plugin may not say."""
        if self.resource is not None and not _FORWARDED.fullmatch(self.resource):
            rule = "resource is XFF: and which address of X-Forwarded-For: 0 the first, -1 the last"
            yield Problem((*path, "resource"), self.resource, rule, 'write "XFF:-1"')
        taken: dict[tuple[int | None, str], str] = {}
        for name, item in self.items.items():
            where = (*path, "items", name)
            if item.app_id is not None and self.type == "REFUSE":
                rule = "a refusal is for every app: the gateway would ignore appId"
                yield Problem((*where, "appId"), item.app_id, rule, "remove it, or say type: ALLOW")
            for index, text in enumerate(item.blocks):
                place = (*where, "blocks", index)
                problem = _block_problem(place, text)
                if problem is not None:
                    yield problem
                block = _block(text)
                if block is None:
                    continue
                if (key := (item.app_id, str(block))) in taken:
                    rule = f"an address is listed once; {taken[key]} has {text} already"
                    yield Problem(place, text, rule, "remove one of the two")
                taken.setdefault(key, name)

    def warnings(self, path: KeyPath) -> Iterator[Problem]:
        """What an ipControl plugin may say, and hardly means."""
        for name, item in self.items.items():
            for index, text in enumerate(item.blocks):
                block = _block(text)
                if block is not None and block.prefixlen == 0:
                    everybody = "everybody" if self.type == "ALLOW" else "nobody"
                    rule = f"with {text}, {everybody} gets in"
                    remedy = "name the ranges that are meant"
                    yield Problem((*path, "items", name, "blocks", index), text, rule, remedy)

    def written(self) -> Data:
        """An ipControl plugin as the gateway documents it."""
        data: Data = {"type": self.type}
        if self.resource is not None:
            data["resource"] = self.resource
        items: list[DataValue] = []
        for item in self.items.values():
            entry: Data = {"blocks": list[DataValue](item.blocks)}
            if item.app_id is not None:
                entry["appId"] = item.app_id
            items.append(entry)
        data["items"] = items
        return data


def _block(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """A range, or an address as a range of one; None for anything else."""
    if ":" not in text:
        return parse_cidr(text if "/" in text else f"{text}/32")
    try:
        return ipaddress.IPv6Network(text)
    except ValueError:
        return None


def _block_problem(path: KeyPath, text: str) -> Problem | None:
    if ":" in text:
        if _block(text) is not None:
            return None
        rule = "an IPv6 address or range is needed here, with nothing behind its prefix"
        return Problem(path, text, rule, "write it as 2001:db8::7 or 2001:db8::/32")
    if "/" in text:
        return cidr_problem(path, text, range(33))
    if parse_address(text) is None:
        rule = "an IPv4 address or range is needed here"
        return Problem(path, text, rule, "write it as 203.0.113.7 or 203.0.113.0/24")
    return None
