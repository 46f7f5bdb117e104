"""Ask the account whether it may be read: where there are keys, and for no longer than a moment.

What goes wrong is told by the cloud's codes alone: other words could hold a value of a variable.
"""

import os
import threading
from collections.abc import Mapping
from typing import Any, Final

from judging.account.credentials import KEYS, PROFILES, SECRETS, first
from judging.account.reading import Call, Reader, RefusedError, UnreadError
from tools.doctor.machine import Account

__all__ = ["SECONDS", "asked"]

_HOME: Final = "cn-hangzhou"
SECONDS: Final = 10.0
"""A network that swallows calls isn't waited for longer."""


def asked(region: str) -> Account | None:
    """What the account says in a region; None without keys or a profile."""
    keys = first(os.environ, KEYS) and first(os.environ, SECRETS)
    if not keys and not first(os.environ, PROFILES):
        return None
    where = region or _HOME
    found: list[Account | None] = [Account(where, reached=False)]

    def ask() -> None:
        found.append(_answer(where))

    # Whoever doesn't answer in time is left alone: the doctor ends with everything else.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(SECONDS)
    return found[-1]


def _answer(region: str) -> Account | None:
    # Packages may be what is missing, which other lines say.
    from judging.account.holding import unseen  # noqa: PLC0415 - as above
    from judging.account.transport import official  # noqa: PLC0415 - as above

    codes: list[str] = []

    def sent(call: Call) -> Mapping[str, Any]:
        try:
            return send(call)
        except RefusedError as refusal:
            codes.append(refusal.code)
            raise

    try:
        send = official(os.environ)
    except UnreadError:
        return None  # what is wrong with the credentials, their own lines say
    try:
        gaps = unseen(Reader(sent, wait=lambda _: None), region)
    except UnreadError:
        return Account(region, refused=codes[-1] if codes else "", reached=bool(codes))
    return Account(region, tuple(gap.what for gap in gaps))
