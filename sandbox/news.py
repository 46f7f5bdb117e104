"""What of the engine's lines is passed on to people."""

import re
from collections.abc import Callable
from typing import Final

from stack.command_line import tell

_NOT_FOR_HERE: Final = re.compile(
    r"The resources in the stack have been deleted, but|`pulumi stack rm|`pulumi cancel`"
)
"""Lines that send to commands that the user's own `pulumi` would carry out elsewhere."""


def tell_unless_elsewhere(line: str) -> None:
    """Tell what the engine says; what to do next is for us to say."""
    if not _NOT_FOR_HERE.search(line):
        tell(line)


class News:
    """Takes the engine's lines, and says those that are news.

    Rows of what stays, or is only looked at, aren't, and the engine has no flag to leave them out
    of a refresh. What failed and why is said whole.
    """

    _COLORS: Final = re.compile(r"\x1b\[[0-9;]*m")
    _STAYS: Final = re.compile(
        r"(?: {4}| ~  )\S+:\S+:\S+ \S+(?: running| refreshing(?: \([\d.]+s\))?)?\s*"
    )
    _WHOLE: Final = {"Diagnostics:", "Policies:"}

    def __init__(self, say: Callable[[str], object]) -> None:
        """Say them to `say`."""
        self._say = say
        self._all = False

    def __call__(self, line: str) -> None:
        """Take a line."""
        plain = self._COLORS.sub("", line)
        self._all = self._all or plain.strip() in self._WHOLE
        if self._all or (plain.strip() and not self._STAYS.fullmatch(plain)):
            self._say(line)
