"""Questions to an account, and what becomes of them: as needed, refused, or not to be known.

What isn't known is never taken for fine: a right that is missing, a refusal that nobody foresaw,
a figure that isn't published make an answer of its own.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from judging.account.reading import Listing, Reader, RefusedError, text_of, unread

_ABSENT: Final = re.compile(r"NotFound|NotExist", re.IGNORECASE)


class Verdict(Enum):
    """What an answer comes to."""

    REFUSED = "refused"
    """The update would fail on it."""

    UNKNOWN = "unknown"
    FINE = "fine"


@dataclass(frozen=True)
class Answer:
    """What the account said."""

    verdict: Verdict
    there: str
    remedy: str = ""


@dataclass(frozen=True)
class Row:
    """A question and its answer."""

    what: str
    needed: str
    verdict: Verdict
    there: str
    remedy: str


class UnansweredError(Exception):
    """The cloud refuses to answer a question, for a reason that may be an answer itself."""

    def __init__(self, right: str, refusal: RefusedError) -> None:
        """Keep what was asked, as RAM calls it, and what came instead of an answer."""
        super().__init__(f"{right}: {refusal}")
        self.right = right
        self.refusal = refusal


class Account:
    """An account that is asked, each thing once."""

    def __init__(self, reader: Reader) -> None:
        """Ask by a reader."""
        self.reader = reader
        self._listed: dict[tuple[object, ...], list[Mapping[str, Any]] | RefusedError] = {}

    def listed(self, listing: Listing, region: str, **parameters: str) -> list[Mapping[str, Any]]:
        """All that a list has in a region.

        Raises:
            UnansweredError: the cloud refuses.
            UnreadError: it wasn't reached, or knows the caller no more.
        """
        key = (listing, region, *sorted(parameters.items()))
        if key not in self._listed:
            try:
                self._listed[key] = self.reader.found(listing, region, **parameters)
            except RefusedError as refusal:
                if refusal.is_of_caller:
                    raise unread(listing.right, region, refusal) from None
                self._listed[key] = refusal
        found = self._listed[key]
        if isinstance(found, RefusedError):
            raise UnansweredError(listing.right, found)
        return found


@dataclass(frozen=True)
class Question:
    """What is asked."""

    what: str
    needed: str
    ask: Callable[[Account], Answer]


def fine(there: str) -> Answer:
    """It is as needed."""
    return Answer(Verdict.FINE, there)


def refused(there: str, remedy: str) -> Answer:
    """The update would fail on it."""
    return Answer(Verdict.REFUSED, there, remedy)


def unknown(there: str, remedy: str) -> Answer:
    """It can't be told."""
    return Answer(Verdict.UNKNOWN, there, remedy)


def answered(question: Question, account: Account) -> Row:
    """Ask one question.

    Raises:
        UnreadError: the account wasn't reached.
    """
    try:
        answer = question.ask(account)
    except UnansweredError as reason:
        answer = _of_refusal(reason.right, reason.refusal)
    return Row(question.what, question.needed, answer.verdict, answer.there, answer.remedy)


def _of_refusal(right: str, refusal: RefusedError) -> Answer:
    """What a refusal of the question itself means."""
    if refusal.is_of_activation:
        product = right.partition(":")[0]
        there = f"the account hasn't activated {product} ({refusal.code})"
        return refused(there, f"activate {product} once, at its console, and ask again")
    if refusal.is_of_rights:
        remedy = f"grant {right} (make ram-policy ROLE=preview prints it)"
        return unknown(f"not to be seen: {right}, {refusal.code}", remedy)
    if _ABSENT.search(refusal.code):
        return refused(f"not there ({refusal.code})", ELSEWHERE)
    return unknown(f"{right} was refused: {refusal}", "ask again")


ELSEWHERE: Final = (
    "correct the id in the stack file; it may be another region's, or another account's"
)
"""What to do about an id that nothing has."""


ADOPT: Final = "or take over what is there: docs/adopt.md"
"""What else may be done about what somebody else has made."""


def called(answer: Mapping[str, Any], what: str) -> str:
    """What is there, by its name and its id: `web (fwd-…)`, of a `ForwardEntry`."""
    name, identity = text_of(answer, f"{what}Name"), text_of(answer, f"{what}Id")
    return f"{name} ({identity})" if name else identity


def names_of(names: list[str]) -> str:
    """A few names; of many, how many more there are."""
    most = 3
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
