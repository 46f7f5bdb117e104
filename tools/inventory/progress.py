"""How far the reading of an account is: a bar on a terminal, one line at its end elsewhere too."""

import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from judging.account.reading import Call, Send
from stack.command_line import tell

__all__ = ["Watched", "watched"]


@dataclass
class Watched:
    """What counts calls and regions while an account is read."""

    send: Send
    regions: Callable[[int, int], object]
    calls: int = 0
    read: int = 0


@contextmanager
def watched(send: Send) -> Generator[Watched]:
    """Show how far it is, while the account is read by what `send` of the result sends."""
    bar = Progress(
        TextColumn("Reading the account"),
        BarColumn(),
        TextColumn("{task.completed:.0f} of {task.total:.0f} regions, {task.fields[calls]} calls"),
        console=Console(file=sys.stderr),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    task: TaskID = bar.add_task("", total=1, calls=0)

    def counted(call: Call) -> Mapping[str, Any]:
        answer = send(call)
        with lock:  # several regions are read at the same time
            count.calls += 1
        bar.update(task, calls=count.calls)
        return answer

    def regions(done: int, of: int) -> None:
        count.read = done
        bar.update(task, completed=done, total=of)

    count, lock = Watched(counted, regions), Lock()
    with bar:
        yield count
    tell(f"Read: regions {count.read}, calls {count.calls}.")
