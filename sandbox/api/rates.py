"""How many calls each caller may make in a second."""

import threading
from collections import deque
from typing import Final

from sandbox.api.refusals import refused

__all__ = ["Rates"]

_SECOND: Final = 1.0


class Rates:
    """Remembers each caller's calls of the last second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[str, deque[float]] = {}

    def check(self, who: str, allowed: float, now: float) -> None:
        """Count a call, or refuse it; one that is refused doesn't count.

        Args:
            who: calls.
            allowed: how many a second; any number at 0.
            now: in seconds.

        Raises:
            CloudError: there were as many within the last second.
        """
        if not allowed:
            return
        with self._lock:
            calls = self._calls.setdefault(who, deque())
            while calls and calls[0] <= now - _SECOND:
                calls.popleft()
            if len(calls) >= allowed:
                raise refused("Throttling.User")
            calls.append(now)
