"""What has to be read of the cloud, as a file that `pulumi import` takes, and what was read.

The provider reads every resource into a scratch stack, and `pulumi stack export` tells what it
read. So no second SDK is needed, and what is compared later is just what Pulumi itself will see.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from facts import kinds
from stack.problems import KeyPath, NotDoneError, Problem
from tools.adopt.listing import LINK_PARTS

SCRATCH_STACK = "adopt-read"
_NOT_THERE = re.compile(r"resource '(?P<id>[^']+)' does not exist")


@dataclass(frozen=True)
class Wanted:
    """One resource to read."""

    type: str
    id: str
    path: KeyPath
    """The place in the list that it is read for."""

    rule: str
    """What is wrong when the cloud doesn't have it."""

    remedy: str
    region: str = ""
    """Where it lies, where that isn't the list's region."""

    @property
    def name(self) -> str:
        """What it is called in the scratch stack: its place in the list."""
        link = {
            kinds.EIP_ASSOCIATION: "-binding",
            kinds.PACKAGE_ATTACHMENT: "-package",
            kinds.ENI_ATTACHMENT: "-attachment",
            kinds.ROUTER_ASSOCIATION: "-association",
            kinds.ROUTER_PROPAGATION: "-propagation",
        }
        return "-".join(map(str, self.path)) + link.get(self.type, "")


def scratch_import(resources: Iterable[Wanted]) -> dict[str, Any]:
    """What `pulumi import --file` reads into the scratch stack."""
    return {
        "resources": [
            {
                "type": resource.type,
                "name": resource.name,
                "id": resource.id,
                "version": version("pulumi-alicloud"),
            }
            for resource in resources
        ]
    }


def not_there(resources: Iterable[Wanted], said: str) -> list[Wanted]:
    """What the cloud doesn't have, by what Pulumi said while it read."""
    gone = set(_NOT_THERE.findall(said))
    return [resource for resource in resources if resource.id in gone]


def read_all(
    needed: Iterable[Wanted], take: Callable[[Mapping[str, Any]], str | None]
) -> list[Wanted]:
    """Read all that is there; returns what isn't.

    The engine stops soon after the first that it doesn't find, and doesn't read twice what it has.

    Args:
        needed: what is to be read.
        take: has Pulumi take what an import file lists; returns what it says where it fails.

    Raises:
        NotDoneError: it failed for another reason.
    """
    left, gone = [*needed], list[Wanted]()
    while left:
        said = take(scratch_import(left))
        if said is None:
            break
        found = not_there(left, said)
        if not found:
            raise NotDoneError(f"What exists couldn't be read:\n{said}")
        gone += found
        left = [one for one in left if one not in found]
    return gone


def missing(resources: Iterable[Wanted]) -> list[Problem]:
    """The problems of a list with things that the cloud doesn't have.

    A link can't be where one of its ends isn't: that end's problem says it all.
    """
    gone = [*resources]
    ends = {one.id for one in gone if one.type not in LINK_PARTS}
    return [
        Problem(one.path, one.id, one.rule, one.remedy)
        for one in gone
        if one.type not in LINK_PARTS or ends.isdisjoint(one.id.split(":"))
    ]


@dataclass(frozen=True)
class Found:
    """One resource as the provider read it."""

    type: str
    id: str
    outputs: Mapping[str, Any]

    def text(self, key: str) -> str:
        """A property as text; empty where there is none."""
        value = self.outputs.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> int:
        """A property as a number, which the provider writes as text; 0 where there is none."""
        text = self.text(key)
        return int(text) if text.isdigit() else 0

    @property
    def tags(self) -> Mapping[str, str]:
        """Its tags."""
        return self.outputs.get("tags") or {}


class Cloud:
    """The resources that were read."""

    def __init__(self, found: Iterable[Found]) -> None:
        """Keep them by type and id."""
        self._found = {(one.type, one.id): one for one in found}
        self.code: Mapping[str, bytes] = {}
        """The code of functions, by their names: what the provider never asks for."""

    @classmethod
    def of_deployment(cls, deployment: Mapping[str, Any]) -> "Cloud":
        """Those of the `deployment` of an exported stack."""
        return cls(
            Found(str(resource["type"]), str(resource["id"]), resource.get("outputs") or {})
            for resource in deployment.get("resources") or ()
            if resource.get("custom") and resource.get("id")
        )

    def __or__(self, other: "Cloud") -> "Cloud":
        """Those of both."""
        return Cloud([*self._found.values(), *other._found.values()])

    def __getitem__(self, key: tuple[str, str]) -> Found:
        """One resource by type and id."""
        return self._found[key]
