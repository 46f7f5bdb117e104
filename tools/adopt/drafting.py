"""A stack file in the making: its settings, names, where each came from, and its text.

`Base` is its `network`: VPC, vSwitches, and the hosts that entries and servers lead to.
"""

import dataclasses
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

import yaml

from facts.instance_types import eni_limits
from stack.arguments import Makes
from stack.model import NAME_PATTERN
from stack.naming import NAMESPACE, REGION_KEY, name_problems, resource_name
from stack.network_rules import parse_address, parse_cidr
from stack.problems import KeyPath, Problem, dotted
from tools.adopt.listing import LISTED_KINDS, Entry, Listing, entries
from tools.adopt.reading import Cloud, Found

_LONGEST = 63
_ENDING = 4  # characters for -2, -3, …


class Namer:
    """Gives names, each once."""

    def __init__(self, stack: str, given: Iterable[str | None]) -> None:
        """Keep free what the list names itself."""
        self._start = f"{stack}-"
        self._taken = {name for name in given if name is not None}

    def name(self, given: str | None, called: str, otherwise: str) -> str:
        """The name of an entry.

        Args:
            given: the one that the list gives, which holds.
            called: what the thing is called in the cloud.
            otherwise: what to call it where that makes no name.
        """
        if given is not None:
            return given
        tries = (called.removeprefix(self._start), called, otherwise)
        name = next((name for text in tries if (name := _valid(text))), "entry")
        free, count = name, 1
        while free in self._taken:
            count += 1
            free = f"{name[: _LONGEST - _ENDING]}-{count}"
        self._taken.add(free)
        return free


def _valid(text: str) -> str:
    """The text as a name, with dashes for what a name can't hold; empty where nothing is left."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._")[:_LONGEST]
    return name if re.fullmatch(NAME_PATTERN, name) else ""


@dataclass
class Draft:
    """The settings so far. `topologies` and the rest are written by the modules beside this one."""

    listing: Listing
    cloud: Cloud
    stack: str
    marking: bool = False
    """Give each thing its id as its name in the cloud, so that what the program registers for it
    can be told (see `adopting`)."""

    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    """Keys of the stack file without the namespace."""

    origins: dict[KeyPath, Entry] = field(default_factory=dict[KeyPath, Entry])
    """Places in the stack file, and what stands there."""

    comments: dict[KeyPath, str] = field(default_factory=dict[KeyPath, str])
    """Why it is so, for the line of a place."""

    problems: list[Problem] = field(default_factory=list[Problem])

    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    """What stands beside the stack file, by its path from there."""

    def found(self, entry: Entry) -> Found:
        """What was read of an entry."""
        return self.cloud[entry.kind.type, entry.id]

    def uses(self, identity: str) -> bool:
        """Whether it is used by its id, and belongs to somebody else."""
        return identity in self.listing.uses

    def put(self, path: KeyPath, value: dict[str, Any], entry: Entry | None = None) -> None:
        """Write a map of settings at a place."""
        place: dict[str, Any] = self.settings
        for part in path[:-1]:
            place = place.setdefault(str(part), {})
        place[str(path[-1])] = value
        if entry is not None:
            self.origins[path] = entry
            self.comments.setdefault(path, entry.own_id)

    def keep(self, arguments: Iterable[tuple[KeyPath, str, object]]) -> None:
        """Write arguments into sections: what exists, and no key says."""
        for path, name, value in arguments:
            place: dict[str, Any] = self.settings
            for part in (*path, "arguments"):
                place = place.setdefault(str(part), {})
            place[name] = value

    def named(self, entry: Entry, key: str, called: str) -> dict[str, str]:
        """The `name` of an entry's thing, where the default would rename it and one fits."""
        if self.marking:
            return {"name": entry.marker}
        default = called == resource_name(self.stack, key)
        fits = not default and not [*name_problems((), called)]
        return {"name": called} if fits else {}

    def refuse(self, entry: Entry, rule: str, remedy: str) -> None:
        """Something about an entry that a stack can't have."""
        problem = Problem(entry.path, entry.id, rule, remedy)
        if problem not in self.problems:
            self.problems.append(problem)

    def traced(self, problem: Problem) -> Problem:
        """A problem of the stack file as one of the list, where that has its cause."""
        for end in range(len(problem.path), 0, -1):
            entry = self.origins.get(problem.path[:end])
            if entry is not None:
                place = f"{dotted(problem.path)} would be {problem.value!r}; "
                remedy = f"{problem.remedy}; here: change it in the cloud, or take it off the list"
                return dataclasses.replace(
                    problem, path=entry.path, value=entry.id, rule=place + problem.rule,
                    remedy=remedy, line=None,
                )  # fmt: skip
        return dataclasses.replace(problem, line=None)


def described(found: Found) -> dict[str, Any]:
    """The `description` of what has one."""
    text = found.text("description")
    return {"description": text} if text else {}


def arguments_of(makes: Makes, found: Found) -> dict[str, Any]:
    """The `arguments` of a section: what is set of that for which it has no key."""
    fields = makes.contract.by_camel
    return {
        name: value
        for name in makes.free
        if (value := found.outputs.get(name)) and not fields[name].computed
    }


def same_tags(found: list[Mapping[str, str]]) -> dict[str, str]:
    """The tags that all of them have."""
    if not found:
        return {}
    return {k: v for k, v in found[0].items() if all(one.get(k) == v for one in found[1:])}


_WIDTH: Final = 100
_STEP: Final = "  "
_ANY_LENGTH: Final = 1_000_000


def stack_text(draft: Draft, schema: str, source: str) -> str:
    """The stack file of a draft.

    Args:
        draft: the draft.
        schema: where the stack file's schema is, from the file.
        source: what the list is called.
    """
    lines = [
        f"# yaml-language-server: $schema={schema}",
        "#",
        f"# Made of {source}: what exists already. Behind an entry stands what it is in the cloud.",
        "config:",
        f"{_STEP}{REGION_KEY}: {_flow(draft.listing.region)}",
    ]
    for key, value in draft.settings.items():
        lines += _lines(f"{NAMESPACE}:{key}", value, (key,), draft.comments, 1)
    return "\n".join(lines) + "\n"


def _lines(
    key: str, value: object, path: KeyPath, comments: Mapping[KeyPath, str], depth: int
) -> Iterator[str]:
    start, comment = _STEP * depth + f"{key}:", _comment(comments.get(path))
    if isinstance(value, str) and "\n" in value:
        yield f"{start} {_block(value, _STEP * (depth + 1))}"
        return
    short = f"{start} {_flow(value)}"
    inner_values = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    if not inner_values or (not _deep(inner_values) and len(short) <= _WIDTH):
        yield short + comment
        return
    yield start + comment
    for name, inner in inner_values.items():
        yield from _lines(_flow(name), inner, (*path, name), comments, depth + 1)


def _deep(value: Mapping[str, object]) -> bool:
    """Whether a map holds others, or text of several lines: each has lines of its own then."""
    return any(
        isinstance(inner, dict) or (isinstance(inner, str) and "\n" in inner)
        for inner in value.values()
    )


def _block(text: str, indent: str) -> str:
    """Text of several lines as it is, where YAML can have it so; in quotes otherwise."""
    sign = "|" if text.endswith("\n") else "|-"
    block = "\n".join([sign, *(indent + line for line in text.removesuffix("\n").split("\n"))])
    is_same = yaml.safe_load(f"text: {block}\n") == {"text": text}
    return block if is_same else json.dumps(text, ensure_ascii=False)


def _comment(text: str | None) -> str:
    return f" # {text}" if text is not None else ""


def _flow(value: object) -> str:
    text: str = yaml.safe_dump(
        value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=_ANY_LENGTH
    )
    return text.removesuffix("\n").removesuffix("\n...").strip()


NETWORK = "network"


class Base:
    """The network of a draft, by what the rest of it refers to."""

    def __init__(self, draft: Draft) -> None:
        """Write the VPC, the vSwitches and the listed hosts."""
        self._draft = draft
        listed = [*entries(draft.listing)]
        self.vswitches: dict[str, str] = {}
        """Names by id."""
        self._ranges = {
            entry.id: parse_cidr(draft.found(entry).text("cidrBlock"))
            for entry in listed
            if entry.path[0] == "vswitches"
        }
        self._hosts: dict[str, str] = {}
        self._host_names = Namer(draft.stack, [e.name for e in listed if e.path[0] == "hosts"])
        vpc = next((entry for entry in listed if entry.path == ("vpc",)), None)
        if vpc is None:
            return
        self._vpc(vpc)
        names = Namer(draft.stack, [e.name for e in listed if e.path[0] == "vswitches"])
        for entry in listed:
            if entry.path[0] == "vswitches":
                self._vswitch(entry, vpc, names)
        for entry in listed:
            if entry.kind.type == LISTED_KINDS["hosts"].type:
                self._instance(entry)

    def _vpc(self, entry: Entry) -> None:
        draft, found = self._draft, self._draft.found(entry)
        cidr: dict[str, Any] = {"cidr": found.text("cidrBlock")}
        if draft.uses(entry.id):
            draft.put((NETWORK, "vpc"), {"id": entry.id, **cidr}, entry)
        else:
            name = draft.named(entry, "vpc", found.text("vpcName"))
            draft.put((NETWORK, "vpc"), {**cidr, **name}, entry)

    def _vswitch(self, entry: Entry, vpc: Entry, names: Namer) -> None:
        draft, found = self._draft, self._draft.found(entry)
        called = found.text("vswitchName")
        name = names.name(entry.name, called, f"vswitch-{_start(found)}")
        if found.text("vpcId") != vpc.id:
            remedy = "list the vSwitches of one VPC; another VPC is another stack"
            draft.refuse(entry, f"it lies in {found.text('vpcId')}, and not in {vpc.id}", remedy)
        self.vswitches[entry.id] = name
        place: dict[str, Any] = {"cidr": found.text("cidrBlock"), "zone": found.text("zoneId")}
        if draft.uses(entry.id):
            value = {"id": entry.id, **place}
        else:
            value = {**place, **draft.named(entry, name, called)}
        draft.put((NETWORK, "vswitches", name), value, entry)

    def _instance(self, entry: Entry) -> None:
        found = self._draft.found(entry)
        address = found.text("privateIp")
        if address in self._hosts:  # listed as a host and as a server
            return
        vswitch = self.vswitch(entry, found.text("vswitchId"), "it lies in")
        called, otherwise = found.text("instanceName"), f"host-{dashed(address)}"
        name = self._host_names.name(entry.name, called, otherwise)
        host: dict[str, Any] = {"ip": address, "vswitch": vswitch, "instanceId": entry.id}
        limits = eni_limits(found.text("instanceType"))
        if limits is not None and self._is_server(entry.id):
            host["eniQuantity"] = limits.interfaces
        self._hosts[address] = name
        self._draft.put((NETWORK, "hosts", name), host, entry)
        self._draft.comments[NETWORK, "hosts", name] = "used by its id, never owned"

    def _is_server(self, identity: str) -> bool:
        return any(server.instance == identity for server in self._draft.listing.servers.values())

    def vswitch(self, entry: Entry, identity: str, how: str) -> str:
        """The name of the vSwitch that an entry is about; refused where it isn't listed."""
        if identity not in self.vswitches:
            remedy = f"add {identity} to vswitches"
            self._draft.refuse(entry, f"{how} {identity}, which isn't listed", remedy)
            return identity
        return self.vswitches[identity]

    def _place_of(self, address: str) -> str | None:
        """The name of the vSwitch that an address is in."""
        parsed = parse_address(address)
        for identity, cidr in self._ranges.items():
            if parsed is not None and cidr is not None and parsed in cidr:
                return self.vswitches[identity]
        return None

    def host_of(self, entry: Entry, address: str) -> str:
        """The name of the host with a private address; one that isn't listed is written here."""
        if address not in self._hosts:
            place = self._place_of(address)
            if place is None:
                rule = f"it leads to {address}, which is in none of the listed vSwitches"
                self._draft.refuse(entry, rule, "add the vSwitch of that address to vswitches")
            name = self._host_names.name(None, "", f"host-{dashed(address)}")
            self._hosts[address] = name
            path = (NETWORK, "hosts", name)
            self._draft.put(path, {"ip": address, "vswitch": place or ""})
            self._draft.comments[path] = f"{entry.own_id} leads here"
        return self._hosts[address]


def _start(vswitch: Found) -> str:
    return dashed(vswitch.text("cidrBlock").partition("/")[0])


def dashed(address: str) -> str:
    """An address as a part of a name."""
    return address.replace(".", "-")
