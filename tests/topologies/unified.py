"""Stack files with unified egress for tests: on a gateway of its own, and on a shared one."""

from collections.abc import Callable
from typing import Any

from stack.problems import Problem
from tests.stackfiles import NAMESPACE, Edit, dev_stack, loaded, problems_of, warnings_of, where

Settings = dict[str, Any]

NETWORK = """\
vpc: {cidr: 192.168.0.0/16}
vswitches:
  apps: {cidr: 192.168.3.0/24, zone: cn-shanghai-a}
  doors: {cidr: 192.168.4.0/24, zone: cn-shanghai-a}
  far: {cidr: 192.168.5.0/24, zone: cn-shanghai-b}
hosts:
  ecs1: {ip: 192.168.3.10, vswitch: apps, instance: {type: ecs.g7.large, image: aliyun_3.vhd}}
  ecs2: {ip: 192.168.3.20, vswitch: apps, instanceId: i-2, eniQuantity: 2}
"""

# A created server and one that exists, in two vSwitches: nothing to refuse, nothing to warn about.
OWN = """\
natGateway: {vswitch: apps}
publicIps:
  egress: {bandwidth: 50}
  web1: {bandwidth: 20}
  web2: {}
  idle: {spare: true}
egress:
  apps: {vswitch: apps, publicIps: [egress]}
servers:
  web1:
    host: ecs1
    publicIp: web1
    eni: {vswitch: apps, ip: 192.168.3.11}
    reachable: {ssh: {port: 22, source: 203.0.113.0/24}, https: {port: 443}}
  web2:
    host: ecs2
    publicIp: web2
    eni: {vswitch: doors, ip: 192.168.4.21}
    reachable: {ssh: {port: 22, source: 203.0.113.0/24}, https: {port: 443}}
"""

# Beside the dev stack's `sharedBandwidth`, whose gateway, package and egress it uses.
SHARED = """\
publicIps:
  mail: {}
servers:
  mail:
    host: ecs2
    publicIp: mail
    eni: {vswitch: apps, ip: 192.168.1.12}
    reachable: {ssh: {port: 22, source: 203.0.113.0/24}, smtp: {port: 25}}
"""


def unified_stack(*edits: Edit) -> str:
    """A stack file with unified egress alone, on a gateway of its own, after some edits."""

    def own(settings: Settings) -> None:
        del settings["sharedBandwidth"]
        settings["topology"] = "unified-egress"
        settings["network"] = loaded(NETWORK)
        settings["unifiedEgress"] = loaded(OWN)

    return dev_stack(_each(own, *edits))


def shared_stack(*edits: Edit) -> str:
    """A stack file with both topologies on one gateway, after some edits."""

    def beside(settings: Settings) -> None:
        settings["topology"] = ["shared-bandwidth", "unified-egress"]
        settings["network"]["hosts"]["ecs2"].update(instanceId="i-2", eniQuantity=2)
        settings["unifiedEgress"] = loaded(SHARED)

    return dev_stack(_each(beside, *edits))


def beside() -> list[Edit]:
    """Edits of the shared stack that give unified egress a gateway and a source of its own."""
    return [
        put("unifiedEgress", natGateway={"vswitch": "apps"}),
        put("unifiedEgress.publicIps", out={}),
        put("unifiedEgress", egress={"out": {"vswitch": "apps", "publicIps": ["out"]}}),
    ]


def put(place: str, **entries: object) -> Edit:
    """An edit that adds entries to the map at `place`, or replaces them; a dot separates keys."""

    def edit(settings: Settings) -> None:
        _at(settings, place).update(entries)

    return edit


def gone(place: str) -> Edit:
    """An edit that removes what is at `place`."""

    def edit(settings: Settings) -> None:
        owner, _, key = place.rpartition(".")
        del _at(settings, owner)[key]

    return edit


def moved(place: str, old: str, new: str, **more: object) -> Edit:
    """An edit that gives an entry of the map at `place` another key, and some more."""

    def edit(settings: Settings) -> None:
        entries = _at(settings, place)
        entries[new] = {**entries.pop(old), **more}

    return edit


def only(text: str) -> Problem:
    """The one problem that a stack file has; whole, and in its place."""
    found = problems_of(text)
    assert len(found) == 1, found
    check_place(text, found[0])
    return found[0]


def only_warning(text: str) -> Problem:
    """The one warning of a stack file that is accepted; whole, and in its place."""
    found = warnings_of(text)
    assert len(found) == 1, found
    check_place(text, found[0])
    return found[0]


def places(text: str) -> list[tuple[str, object]]:
    """Where a stack file is refused, and with which values."""
    return [(where(problem), problem.value) for problem in problems_of(text)]


def check_place(text: str, problem: Problem) -> None:
    """Rule and remedy are said, and the line is the very key's, or what should hold it."""
    assert problem.rule
    assert problem.remedy
    assert problem.line is not None
    document: Any = loaded(text)["config"]
    key: str | int = ""
    for part in (f"{NAMESPACE}:{problem.path[0]}", *problem.path[1:]):
        try:
            document, key = document[part], part
        except (KeyError, TypeError, IndexError):
            break
    written = text.splitlines()[problem.line - 1]
    assert ("- " if isinstance(key, int) else f"{key}:") in written, written


def _each(*edits: Edit) -> Callable[[Settings], None]:
    def edit(settings: Settings) -> None:
        for one in edits:
            one(settings)

    return edit


def _at(settings: Settings, place: str) -> Settings:
    for part in filter(None, place.split(".")):
        settings = settings[part]
    return settings
