"""`sandbox/bin/pulumi-language-python`: what the engine asks to run a program or a policy pack.

Pulumi's own comes with its CLI and isn't to be had as a module. This one runs the program in its
own process, as the Automation API does for programs given to it as functions, starts policy packs,
and answers what the CLI asks around that. It installs nothing: `make` has made the environment that
it runs in. Beside it, a host without a program, for engine commands that run none.

Source: Pulumi's protocol, `LanguageRuntime`.
"""

import asyncio
import os
import runpy
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any

import grpc
import yaml
from google.protobuf.empty_pb2 import Empty
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2
from typing_extensions import override

_CALLBACKS = "/pulumirpc.Callbacks/"  # gRPC names the task that serves a call after it

Answer = language_pb2.RunPluginResponse
AtEnd = Callable[[Callable[[], None]], object]
"""Asks to be told when the engine is done."""

_ENVIRONMENT = "virtualenv"
_PIECE = 64 * 1024


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


def run_plugin(request: language_pb2.RunPluginRequest, at_end: AtEnd) -> Iterator[Answer]:
    """Run a plugin that is written in Python, a policy pack, say, to its end.

    Yields what it prints, piece by piece, and how it ended.
    """
    folder = Path(request.info.program_directory)
    options = request.info.options
    environment = str(options[_ENVIRONMENT]) if _ENVIRONMENT in options else "venv"
    python = Path(request.info.root_directory, environment, "bin", "python")
    with subprocess.Popen(
        [str(python), str(folder), *request.args],
        cwd=request.pwd,
        env=dict(text.split("=", 1) for text in request.env if "=" in text),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    ) as process:
        at_end(process.kill)
        yield from _printed(process)
    yield Answer(exitcode=process.returncode)


def _printed(process: subprocess.Popen[bytes]) -> Iterator[Answer]:
    pieces: SimpleQueue[Answer | None] = SimpleQueue()

    def read(stream: IO[bytes] | None, answer: Callable[[bytes], Answer]) -> None:
        while stream is not None and (piece := stream.read(_PIECE)):
            pieces.put(answer(piece))
        pieces.put(None)

    ways: tuple[tuple[IO[bytes] | None, Callable[[bytes], Answer]], ...] = (
        (process.stdout, lambda piece: Answer(stdout=piece)),
        (process.stderr, lambda piece: Answer(stderr=piece)),
    )
    for way in ways:
        Thread(target=read, args=way, daemon=True).start()
    open_ways = len(ways)
    while open_ways:
        piece = pieces.get()
        if piece is None:
            open_ways -= 1
        else:
            yield piece


class _NoProgram(language_pb2_grpc.LanguageRuntimeServicer):
    """Needs nothing, runs nothing.

    `pulumi import` asks the project's language host which packages the program needs, before it
    does what it is for. There the program runs in the engine's driver anyway, so the engine is
    given this one's address.
    """

    @override
    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        return language_pb2.GetRequiredPackagesResponse()

    @override
    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo()


@contextmanager
def no_program(project: Path) -> Generator[None]:
    """Make the project file, a copy, name a host of this process while the context lasts."""
    before = project.read_text(encoding="utf-8")
    server, port = _serve(_NoProgram())
    document = yaml.safe_load(before)
    document["runtime"] = {"name": "client", "options": {"address": f"127.0.0.1:{port}"}}
    project.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    try:
        yield
    finally:
        project.write_text(before, encoding="utf-8")
        server.stop(None)


def _serve(host: language_pb2_grpc.LanguageRuntimeServicer) -> tuple[grpc.Server, int]:
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def main() -> int:
    """Serve until the engine is gone: it holds the other end of standard input."""
    server, port = _serve(LanguageHost())
    print(port, flush=True)
    with suppress(KeyboardInterrupt):  # how the engine tells a plugin to end
        sys.stdin.buffer.read()
    server.stop(None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
