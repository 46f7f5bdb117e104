"""`sandbox/bin/pulumi-language-python`: what the engine asks to run a program or a policy pack.

Pulumi's own comes with its CLI and isn't to be had as a module. This one starts programs and policy
packs as that one does, each with the Python of the `virtualenv` that its project names and with
nothing of the sandbox's on its path, and answers what the CLI asks around that. It installs
nothing. Beside it, a host without a program, for engine commands that run none.

Source: Pulumi's protocol, `LanguageRuntime`.
"""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO, Final

import grpc
import yaml
from google.protobuf.empty_pb2 import Empty
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2
from typing_extensions import override

from sandbox import program_process

Answer = language_pb2.RunPluginResponse
AtEnd = Callable[[Callable[[], None]], object]
"""Asks to be told when the engine is done."""

_POLICY_ENVIRONMENT: Final = "venv"
"""Of a policy pack whose project names none."""

_PIECE = 64 * 1024


class NoEnvironmentError(Exception):
    """There is no Python where the project says; `str()` says where, and what to do."""


class LanguageHost(LanguageServer):
    """Runs whatever program the engine names, in a process of its own."""

    def __init__(self) -> None:
        """There is no program yet: the engine names it when it runs one."""
        super().__init__(lambda: None)
        self._running: subprocess.Popen[bytes] | None = None

    @override
    def Run(
        self, request: language_pb2.RunRequest, context: grpc.ServicerContext
    ) -> language_pb2.RunResponse:
        try:
            python = _python(request.info)
        except NoEnvironmentError as error:
            return language_pb2.RunResponse(error=str(error))
        with subprocess.Popen(
            [python, program_process.__file__],
            cwd=request.pwd or request.info.program_directory,
            stdin=subprocess.PIPE,
        ) as process:
            self._running = process
            process.communicate(request.SerializeToString())
        if process.returncode == program_process.TOLD:
            # The engine would tell it again, as unhandled.
            return language_pb2.RunResponse(bail=True)
        error = f"the program ended with {process.returncode}" if process.returncode else ""
        return language_pb2.RunResponse(error=error)

    @override
    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:
        """End what the program does for the engine."""
        if self._running is not None:
            self._running.send_signal(signal.SIGTERM)
        return Empty()

    def end(self) -> None:
        """End the program itself: nobody is left to hear of it."""
        if self._running is not None:
            self._running.kill()

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
            stdout=b"The sandbox installs nothing: the project's environment is made beforehand.\n"
        )


def _python(info: language_pb2.ProgramInfo, otherwise: str = "") -> str:
    """The Python of a project's environment; the one on the PATH where it names none.

    Args:
        info: where the project is, and its runtime's options.
        otherwise: its environment where the options name none.

    Raises:
        NoEnvironmentError: there is no Python.
    """
    named = str(info.options["virtualenv"]) if "virtualenv" in info.options else otherwise
    if not named:
        return shutil.which("python3") or sys.executable
    environment = Path(info.root_directory, named)
    python = environment / "bin" / "python"
    if not python.is_file():
        message = (
            f"the project's virtualenv is {named}, and there is no {python}; make it with "
            f"`python3 -m venv {environment}`, and install the project's requirements there"
        )
        raise NoEnvironmentError(message)
    return str(python)


def run_plugin(request: language_pb2.RunPluginRequest, at_end: AtEnd) -> Iterator[Answer]:
    """Run a plugin that is written in Python, a policy pack, say, to its end.

    Yields what it prints, piece by piece, and how it ended.
    """
    folder = Path(request.info.program_directory)
    try:
        python = _python(request.info, _POLICY_ENVIRONMENT)
    except NoEnvironmentError as error:
        yield Answer(stderr=f"{error}\n".encode())
        yield Answer(exitcode=1)
        return
    with subprocess.Popen(
        [python, str(folder), *request.args],
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
    host = LanguageHost()
    server, port = _serve(host)
    print(port, flush=True)
    with suppress(KeyboardInterrupt):  # how the engine tells a plugin to end
        sys.stdin.buffer.read()
    host.end()
    server.stop(None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
