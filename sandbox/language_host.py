"""`sandbox/bin/pulumi-language-python`: what the engine asks to run a program or a policy pack.

Pulumi's own comes with its CLI and isn't to be had as a module. This one runs the program in its
own process, as the Automation API does for programs given to it as functions, starts policy packs,
and answers what the CLI asks around that. It installs nothing: `make` has made the environment that
it runs in.
"""

import asyncio
import os
import runpy
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2, language_pb2_grpc
from typing_extensions import override

from sandbox.plugin_process import run_plugin

_CALLBACKS = "/pulumirpc.Callbacks/"  # gRPC names the task that serves a call after it


class LanguageHost(LanguageServer):
    """Runs `__main__.py` of whatever folder the engine names."""

    def __init__(self) -> None:
        """There is no program yet: the engine names it when it runs one."""
        super().__init__(lambda: None)
        self._interrupt: Callable[[], object] = lambda: None

    @override
    def Run(
        self, request: language_pb2.RunRequest, context: grpc.ServicerContext
    ) -> language_pb2.RunResponse:
        folder = Path(request.info.program_directory, request.info.entry_point or ".")
        os.chdir(request.pwd or folder)
        sys.path.insert(0, str(folder))
        self.program = lambda: self._run(folder / "__main__.py")
        inherited: Any = super()  # the SDK's server is written without types
        result: language_pb2.RunResponse = inherited.Run(request, context)
        if result.error:
            # It has been told already; the engine would tell it again, as unhandled.
            return language_pb2.RunResponse(bail=True)
        return result

    def _run(self, program: Path) -> None:
        loop = asyncio.get_running_loop()
        ends = lambda: loop.create_task(_without_callbacks())  # noqa: E731 - made in the loop
        self._interrupt = lambda: loop.call_soon_threadsafe(ends)
        runpy.run_path(str(program), run_name="__main__")

    @override
    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:
        """End what the program does for the engine. Pulumi's own host interrupts the program."""
        with suppress(RuntimeError):  # the program has ended, and its loop with it
            self._interrupt()
        return Empty()

    @override
    def RunPlugin(
        self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.RunPluginResponse]:
        yield from run_plugin(request, context.add_callback)

    @override
    def InstallDependencies(
        self, request: language_pb2.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        yield language_pb2.InstallDependenciesResponse(
            stdout=b"The sandbox runs in the environment that make has made.\n"
        )


async def _without_callbacks() -> None:
    """End what the engine waits for in the program, now and from now on."""
    while True:
        for task in asyncio.all_tasks():
            if _CALLBACKS in task.get_name():
                task.cancel()
        await asyncio.sleep(0.1)


def main() -> int:
    """Serve until the engine is gone: it holds the other end of standard input."""
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageHost(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    with suppress(KeyboardInterrupt):  # how the engine tells a plugin to end
        sys.stdin.buffer.read()
    server.stop(None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
