"""`sandbox/bin/pulumi-language-python`: what the engine asks to run a Python program.

Pulumi's own comes with its CLI and isn't to be had as a module. This one runs the program in its
own process, as the Automation API does for programs given to it as functions, starts policy packs,
and answers what the CLI asks around that. It installs nothing: `make` has made the environment that
it runs in.
"""

import os
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any

import grpc
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2, language_pb2_grpc
from typing_extensions import override


class LanguageHost(LanguageServer):
    """Runs `__main__.py` of whatever folder the engine names."""

    def __init__(self) -> None:
        """There is no program yet: the engine names it when it runs one."""
        super().__init__(lambda: None)

    @override
    def Run(
        self, request: language_pb2.RunRequest, context: grpc.ServicerContext
    ) -> language_pb2.RunResponse:
        folder = Path(request.info.program_directory, request.info.entry_point or ".")
        os.chdir(request.pwd or folder)
        sys.path.insert(0, str(folder))
        self.program = lambda: _run(folder / "__main__.py")
        inherited: Any = super()  # the SDK's server is written without types
        result: language_pb2.RunResponse = inherited.Run(request, context)
        if result.error:
            # It has been told already; the engine would tell it again, as unhandled.
            return language_pb2.RunResponse(bail=True)
        return result

    @override
    def InstallDependencies(
        self, request: language_pb2.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        yield language_pb2.InstallDependenciesResponse(
            stdout=b"The sandbox runs in the environment that make has made.\n"
        )

    @override
    def RunPlugin(
        self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.RunPluginResponse]:
        """Run a policy pack until the engine is done with it, telling what it says."""
        process = subprocess.Popen(
            [
                sys.executable,
                "-u",
                "-m",
                "pulumi.policy",
                *request.args,
                request.info.program_directory,
            ],
            cwd=request.pwd,
            env=dict(pair.split("=", 1) for pair in request.env) or None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        context.add_callback(process.kill)
        said: _Said = SimpleQueue()
        for stream, told in ((process.stdout, _out), (process.stderr, _err)):
            assert stream is not None
            Thread(target=_pass_on, args=(stream, told, said), daemon=True).start()
        for _ in range(2):  # streams
            yield from iter(said.get, None)
        yield language_pb2.RunPluginResponse(exitcode=process.wait())


_Said = SimpleQueue[language_pb2.RunPluginResponse | None]


def _out(line: bytes) -> language_pb2.RunPluginResponse:
    return language_pb2.RunPluginResponse(stdout=line)


def _err(line: bytes) -> language_pb2.RunPluginResponse:
    return language_pb2.RunPluginResponse(stderr=line)


def _pass_on(
    stream: IO[bytes], told: Callable[[bytes], language_pb2.RunPluginResponse], said: _Said
) -> None:
    for line in stream:
        said.put(told(line))
    said.put(None)


def _run(program: Path) -> None:
    runpy.run_path(str(program), run_name="__main__")


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
