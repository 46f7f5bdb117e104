"""Which stack of the backend holds what an account has, by the ids in its states."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from facts.contract import TOKENS
from judging.preview import entries_of
from sandbox.provider.quirks import cloud_id
from tools.pipeline.engine import Engine, engine_environment
from tools.pipeline.shell import run

UNMANAGED: Final = "unmanaged"
UNKNOWN: Final = "unknown"


@dataclass(frozen=True)
class Holders:
    """Which stack holds what."""

    by_id: Mapping[str, str] = field(default_factory=dict[str, str])
    unread: tuple[str, ...] = ()
    """The stacks whose states couldn't be had; all of them where the backend couldn't."""

    def of(self, identity: str) -> str:
        """The stack that holds something; what none does may still be held by one unread."""
        return self.by_id.get(identity, UNKNOWN if self.unread else UNMANAGED)


def holders_in_backend() -> Holders:
    """Ask the backend that the environment names, by the pulumi on the PATH.

    Stacks of other projects count as well: one network may be shared by several.
    """
    more = engine_environment(os.environ)
    ended = run(["pulumi", "stack", "ls", "--all", "--json"], quiet=True, more=more)
    if ended.code != 0:
        return Holders(unread=("every stack",))
    names = [str(one["name"]) for one in json.loads(ended.out)]
    return holders_of({name: Engine(name).state() for name in names})


def holders_of(states: Mapping[str, Mapping[str, Any] | None]) -> Holders:
    """Look through the states of stacks, None where one couldn't be had."""
    by_id = {
        identity: stack
        for stack, state in states.items()
        for identity in _ids((state or {}).get("resources") or ())
    }
    return Holders(by_id, tuple(name for name, state in states.items() if state is None))


def _ids(resources: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What a state holds, by Pulumi's ids and the cloud's; not what its stack only looks up."""
    for resource in resources:
        identity = str(resource.get("id") or "")
        if identity and not resource.get("external"):
            known = TOKENS.get(resource["type"])
            yield from {identity, cloud_id(known.kind, identity) if known else identity}
            # A function's id is its name, which others of other regions have as well.
            if arn := entries_of(resource.get("outputs")).get("functionArn"):
                yield str(arn)
