"""The process that `sandbox.language_host` runs a program in: its environment, nothing of ours.

It is started by its path with the Python of the program's own environment, so it imports Pulumi
and nothing else. The engine's request comes on standard input. The program runs as the Automation
API runs those that are given to it as functions; the exit code says how it ended.
"""

import asyncio
import runpy
import signal
import sys
from pathlib import Path
from typing import Any

try:
    from pulumi.automation._server import LanguageServer
    from pulumi.runtime.proto import language_pb2
except ImportError as missing:
    sys.exit(f"{sys.executable} has no Pulumi SDK ({missing}): install the project's requirements")

_CALLBACKS = "/pulumirpc.Callbacks/"  # gRPC names the task that serves a call after it
TOLD = 32
"""The exit code of a program that has said itself why it ended, as for Pulumi's own host."""


async def _without_callbacks() -> None:
    """End what the engine waits for in the program, now and from now on."""
    while True:
        for task in asyncio.all_tasks():
            if _CALLBACKS in task.get_name():
                task.cancel()
        await asyncio.sleep(0.1)


def _run(program: Path) -> None:
    loop = asyncio.get_running_loop()
    # Pulumi's own host interrupts the program at this point.
    loop.add_signal_handler(signal.SIGTERM, lambda: loop.create_task(_without_callbacks()))
    runpy.run_path(str(program), run_name="__main__")


def main() -> int:
    """Run the program of the request; returns the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # as the engine ends its plugins: without a word
    request = language_pb2.RunRequest.FromString(sys.stdin.buffer.read())
    entry = Path(request.info.program_directory, request.info.entry_point or ".")
    program = entry / "__main__.py" if entry.is_dir() else entry
    sys.path[0] = str(program.parent)  # where this file's folder stands
    sys.argv = [str(program)]
    server: Any = LanguageServer(lambda: _run(program))  # written without types
    return TOLD if server.Run(request, None).error else 0


if __name__ == "__main__":
    sys.exit(main())
