"""A plugin that is written in Python, run as Pulumi's language host runs it: a policy pack, say.

What it prints goes to the engine piece by piece; it ends when the engine is done with it.

Source: Pulumi's protocol, `LanguageRuntime.RunPlugin`.
"""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO

from pulumi.runtime.proto import language_pb2

Answer = language_pb2.RunPluginResponse
AtEnd = Callable[[Callable[[], None]], object]
"""Asks to be told when the engine is done."""

_ENVIRONMENT = "virtualenv"
_PIECE = 64 * 1024


def run_plugin(request: language_pb2.RunPluginRequest, at_end: AtEnd) -> Iterator[Answer]:
    """Run a plugin's folder to its end; yields what it prints, and how it ended."""
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
