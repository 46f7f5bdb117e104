"""Programs with unified egress under mocks, and what they register and put out."""

import base64
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pulumi

from tests.mocked_cloud import Registered, run, value_of
from tests.program.test_program import run_program
from tests.stackfiles import Edit, loaded, settings_of
from tests.topologies.unified import put, shared_stack, unified_stack
from topologies.builder import build

U = "unifiedEgress"
WEB1 = f"{U}.servers.web1"


@cache
def program(text: str) -> Registered:
    """What the program registers for a stack file, in a folder that has no other."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
        return run_program(loaded(text)["config"], Path(folder))


def outputs(text: str) -> dict[str, Any]:
    """The stack's outputs, as they come to be known."""
    kept: list[pulumi.Output[Any]] = []
    run(lambda: kept.append(pulumi.Output.from_input(build(settings_of(text)))))
    return value_of(kept[0])


def created(made: Registered, kind: str) -> list[str]:
    """Names of the cloud's resources of a kind."""
    return sorted(one.name for one in made.resources if one.kind == kind)


def own(*edits: Edit) -> Registered:
    return program(unified_stack(*edits))


def shared(*edits: Edit) -> Registered:
    return program(shared_stack(*edits))


def in_mode(mode: str, **targets: str | None) -> list[Edit]:
    """Edits that bind web1's addresses in a mode, with more addresses than one."""
    secondary = [ip for ip in targets.values() if ip is not None]
    return [
        put(f"{WEB1}.eni", mode=mode, secondaryIps=secondary),
        *(put(f"{U}.publicIps", **{name: {"bandwidth": 5}}) for name in targets),
        put(WEB1, secondaryPublicIps=targets),
    ]


def script(made: Registered, name: str) -> str:
    """What a command runs."""
    return base64.b64decode(made[name].inputs["commandContent"]).decode()


# On a shared gateway: one more address, and a narrower source that leaves by it and another.
MORE = [
    put(f"{U}.publicIps", out={}),
    put(U, egress={"few": {"cidr": "192.168.1.0/28", "publicIps": ["out", "ip6"]}}),
]
