"""Where in the program a resource is registered: Pulumi notes it, and the sandbox doesn't."""

import subprocess
import sys

from tests.made import ROOT

_PROGRAM = """
import asyncio, pulumi
from pulumi.runtime.mocks import MockMonitor, set_mocks
from pulumi.runtime.proto.resource_pb2 import RegisterResourceResponse
from pulumi.runtime.stack import run_pulumi_func

class Engine(MockMonitor):
    def RegisterResource(self, request):
        if request.name == "part":
            print(len(request.stackTrace.frames), request.HasField("sourcePosition"))
        return RegisterResourceResponse(urn=f"urn:pulumi:shop::shop::{request.type}::part")

class Part(pulumi.ComponentResource):
    def __init__(self):
        super().__init__("shop:index:Part", "part")

async def program():
    Part()

async def run():
    set_mocks(None, monitor=Engine(None))
    await run_pulumi_func(program)

asyncio.run(run())
"""


def _told_of_a_component(before: str = "") -> str:
    """What the engine is told, by a process of its own: the tests' own notes nothing either."""
    code = f"{before}\n{_PROGRAM}"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_engine_is_told_where_each_resource_is_registered() -> None:
    frames, has_position = _told_of_a_component("import topologies.program").split()
    assert int(frames) > 0
    assert has_position == "True"


def test_the_sandbox_does_not_tell_it_as_the_engine_would_write_it_at_each_step() -> None:
    assert _told_of_a_component("import sandbox.driver") == "0 False"
