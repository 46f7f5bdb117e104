"""A Chromium without a window, led over its own pipe: what a page does, and not only what it says.

Where the machine has none, tests that need it say so and are left out; what stands in a page is
tested without.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM: Final = next((found for name in NAMES if (found := shutil.which(name))), None)

_OPTIONS: Final = ("--headless", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe")


class Browser:
    """One page of it."""

    def __init__(self, to: int, answers: Iterator[dict[str, Any]]) -> None:
        self._to, self._answers = to, answers
        self._number = 0
        self._session: dict[str, str] = {}
        self.complaints: list[str] = []
        """Errors of the page's script, and what its policy refused."""

        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._session = {"sessionId": session}
        for domain in ("Page", "Runtime", "Log"):
            self._call(f"{domain}.enable")

    def opened(self, file: Path, width: int = 1400, height: int = 1000) -> None:
        """Open a file, and wait until its arrows are drawn."""
        self.complaints.clear()
        self.sized(width, height)
        self._call("Page.navigate", url=file.as_uri())
        self.until("document.readyState === 'complete'")
        self.drawn()

    def sized(self, width: int, height: int = 1000) -> None:
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def drawn(self) -> None:
        """Wait for what is asked for to be drawn: two frames."""
        wait = "requestAnimationFrame(() => requestAnimationFrame(() => done(1)))"
        self.said(f"new Promise((done) => {wait})")

    def said(self, expression: str) -> Any:
        """What an expression is in the page."""
        answer = self._call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def until(self, condition: str) -> None:
        """Wait for a condition."""
        end = time.monotonic() + 60
        while not self.said(condition):
            assert time.monotonic() < end, condition
            time.sleep(0.05)

    def _call(self, method: str, **parameters: object) -> dict[str, Any]:
        self._number += 1
        call = {"id": self._number, "method": method, "params": parameters, **self._session}
        os.write(self._to, json.dumps(call).encode() + b"\0")
        for answer in self._answers:
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result
            if answer.get("method") in {"Runtime.exceptionThrown", "Log.entryAdded"}:
                self.complaints.append(json.dumps(answer["params"]))
        raise AssertionError("the browser ended")


@contextmanager
def browser(folder: Path) -> Generator[Browser]:
    """A browser with a profile of its own in a folder."""
    assert CHROMIUM is not None
    their_in, our_out = os.pipe()
    our_in, their_out = os.pipe()
    # Its pipe is file 3, to it, and file 4, from it. Root has no sandbox there.
    options = [
        *_OPTIONS,
        f"--user-data-dir={folder}",
        *(["--no-sandbox"] if not os.getuid() else []),
    ]
    script = f'exec "$0" "$@" 3<&{their_in} 4>&{their_out}'
    with subprocess.Popen(
        ["bash", "-c", script, CHROMIUM, *options],
        pass_fds=(their_in, their_out),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(their_in)
        os.close(their_out)
        try:
            yield Browser(our_out, _answers(our_in))
        finally:
            os.close(our_out)  # it ends with its pipe
            process.terminate()
            process.wait(30)
            os.close(our_in)


def _answers(file: int) -> Iterator[dict[str, Any]]:
    kept = b""
    while chunk := os.read(file, 1 << 20):
        *whole, kept = (kept + chunk).split(b"\0")
        yield from map(json.loads, whole)
