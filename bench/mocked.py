"""`python -m bench.mocked ours|bare SIZE FOLDER`: one program, once, without an engine.

A process of its own for each run, so that what is measured includes what every run pays: starting
Python and importing the SDK. Whoever starts the process measures it. Both programs meet the same
mocks, which answer as little as they can get away with.

`--list` prints what was registered, for the comparison in `bench.registered`.
"""

import argparse
import asyncio
import json
import os
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from google.protobuf.json_format import MessageToDict
from pulumi.runtime import set_all_config
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import set_root_resource
from pulumi.runtime.stack import run_in_stack

from bench.workload import CONFIG_FILE, NAMESPACE, REGION, STACK, STACK_FILE, workload

if TYPE_CHECKING:
    from pulumi import Resource

ROOT = Path(__file__).resolve().parent.parent
STACK_FILE_VARIABLE = "ALICLOUD_GATEWAYS_STACK_FILE"
"""As in `topologies.program`, which the bare program is not to import."""


class ShortAnswers(Mocks):
    """Answers with the inputs, and with the few computed fields that others take as inputs."""

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        raise NotImplementedError(args.token)

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        made = dict(cast("dict[str, Any]", args.inputs))
        if args.typ == "alicloud:ecs/eipAddress:EipAddress":
            made["ipAddress"] = "203.0.113.1"
        elif args.typ == "alicloud:vpc/natGateway:NatGateway":
            made["forwardTableIds"], made["snatTableIds"] = "ftb-1", "stb-1"
        return f"{args.name}-id", made


class Recorder(MockMonitor):
    """Keeps what each request for a resource said."""

    def __init__(self, mocks: Mocks) -> None:
        super().__init__(mocks)
        self.requests: list[dict[str, Any]] = []

    def RegisterResource(  # noqa: N802 - the protocol's name
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        register = cast("Callable[..., Any]", super().RegisterResource)  # pulumi leaves it untyped
        answer: resource_pb2.RegisterResourceResponse = register(request)
        self.requests.append(
            {
                "urn": answer.urn,
                "parent": request.parent,
                "custom": request.custom,
                "type": request.type,
                "name": request.name,
                "inputs": MessageToDict(request.object),
                "dependencies": [*request.dependencies],
                "deleteBeforeReplace": request.deleteBeforeReplace,
                "protect": request.protect,
                "ignoreChanges": [*request.ignoreChanges],
            }
        )
        return answer


def main() -> None:
    """Run the program that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m bench.mocked")
    parser.add_argument("program", choices=("ours", "bare"))
    parser.add_argument("size", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    mocks = ShortAnswers()
    monitor = Recorder(mocks) if options.list else MockMonitor(mocks)
    program = _ours(options.folder) if options.program == "ours" else _bare(options.size)
    asyncio.run(_run(program, mocks, monitor))
    if isinstance(monitor, Recorder):
        json.dump(monitor.requests, sys.stdout)


def _ours(folder: Path) -> Callable[[], None]:
    os.environ[STACK_FILE_VARIABLE] = str(folder / STACK_FILE)
    values = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
    set_all_config(values | {"alicloud:region": REGION})

    def program() -> None:
        runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")

    return program


def _bare(size: int) -> Callable[[], None]:
    from bench.bare import run_bare  # noqa: PLC0415 - ours is not to import it

    return lambda: run_bare(workload(size))


async def _run(program: Callable[[], None], mocks: Mocks, monitor: MockMonitor) -> None:
    set_mocks(mocks, project=NAMESPACE, stack=STACK, preview=True, monitor=monitor)
    # The mocks' own stack is finished already; the program is to have one with outputs.
    set_root_resource(cast("Resource", None))
    await run_in_stack(program)


if __name__ == "__main__":
    main()
