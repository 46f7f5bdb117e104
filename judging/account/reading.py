"""Asks an account: every page, as fast as it lets, and nothing that isn't a question.

Knows no network: what sends a call is handed in. A right that is missing leaves a gap, which is
told; whatever else keeps an answer from coming is an error, since a list that lacks some of its
pages looks like a shorter list.

Source: Alibaba Cloud, "Request syntax and signature method of RPC API" and "Common error codes";
the pages of each product about each action.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeVar
from urllib.parse import quote

from facts.calls import ram_action
from facts.endpoints import is_in
from judging.preview import entries_of, items_of
from stack.markdown import visible
from stack.problems import NotDoneError

VERSIONS: Final[Mapping[str, str]] = {
    "cbn": "2017-09-12",
    "cloudapi": "2016-07-14",
    "ecs": "2014-05-26",
    "fc": "2023-03-30",
    "location": "2015-06-12",
    "quotas": "2020-05-10",
    "ram": "2015-05-01",
    "slb": "2014-05-15",
    "vpc": "2016-04-28",
}
"""The products that are read, each with the version of its API."""

_READS: Final = re.compile(r"(Describe|List|Get|Query|Search)[A-Z]\w*")
_BUSY: Final = ("Throttling", "ServiceUnavailable", "ResourceThrottled", "TooManyRequests")
_UNPERMITTED: Final = re.compile(
    r"NoPermission|AccessDenied|Forbidden($|\.\w*(RAM|User|Auth|Permi|Access)\w*$)"
)
_UNKNOWN_CALLER: Final = (
    *("InvalidAccessKeyId", "InvalidSecurityToken", "SecurityTokenExpired"),
    *("IncompleteSignature", "SignatureDoesNotMatch", "InvalidTimeStamp"),
)
"""How codes begin: of what passes, of a right that is missing, of a caller that isn't known.

Many others begin with `Forbidden.` too: `Forbidden.ExternalIp.PortDuplicated` is about a port."""

_CLOSED: Final = re.compile(
    r"NotOpen|Unopened|NotActivated|Inactive(?!Key)|not (yet )?(been )?(activated|enabled|opened)"
    r"|is inactive to this service",
    re.IGNORECASE,
)
"""How the products say that they haven't been activated: no two say it alike."""

_NO_THING: Final = ("InvalidAccessKeyId", "InvalidRegionId")
"""How codes begin that say of something else than a resource that it isn't there."""

_WAITS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""In seconds, before a call is tried again; half a minute in all."""

_PAGE: Final = 50
"""As long as each list's page may be."""

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})

_SIDE_BY_SIDE: Final = 8
"""Places that are read at the same time."""

_EVERYWHERE: Final = "every region"

_Place = TypeVar("_Place")
_Part = TypeVar("_Part")


@dataclass(frozen=True)
class Call:
    """A question to an account. What isn't one can't be made."""

    product: str
    action: str
    region: str
    """Where; empty of what is one for all regions."""

    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    path: str = ""
    """What is read by GET, of a product whose calls are told apart by method and path."""

    def __post_init__(self) -> None:
        """Refuse what could change something.

        Raises:
            ValueError: the action's name isn't that of a list or a read.
        """
        if not _READS.fullmatch(self.action):
            raise ValueError(f"{self.action} isn't a list or a read: accounts are read alone")

    @property
    def version(self) -> str:
        """The version of the product's API."""
        return VERSIONS[self.product]


class RefusedError(Exception):
    """The cloud's refusal of a call, by its code."""

    def __init__(self, code: str, message: str) -> None:
        """Keep both as the cloud said them."""
        super().__init__(f"{code}: {message}")
        self.code = code

    @property
    def is_of_rights(self) -> bool:
        """Whether it is for a right that is missing."""
        return _UNPERMITTED.match(self.code) is not None

    @property
    def is_of_rate(self) -> bool:
        """Whether the cloud is busy, and takes the same call later."""
        return self.code.startswith(_BUSY)

    @property
    def is_of_activation(self) -> bool:
        """Whether the account never activated the product: there is nothing of it then."""
        return _CLOSED.search(str(self)) is not None

    @property
    def is_of_caller(self) -> bool:
        """Whether it is for who calls: no other call is answered then."""
        return self.code.startswith(_UNKNOWN_CALLER)


class UnreadError(NotDoneError):
    """Why an account couldn't be read; `str()` says so and what to do."""


class AbsentError(UnreadError):
    """What was asked about isn't there."""


Send: TypeAlias = Callable[[Call], Mapping[str, Any]]
"""Sends a call and returns what is answered.

Raises:
    RefusedError: the cloud refused it.
    UnreadError: it wasn't reached.
"""


class Pages(Enum):
    """How a list that is too long for one answer goes on."""

    NUMBERED = "numbered"
    CHAINED = "chained"
    """Each names the next, by a token."""

    ONE = "one"
    """It doesn't."""


@dataclass(frozen=True)
class Listing:
    """A list that a product has."""

    product: str
    action: str
    inside: tuple[str, ...]
    """How an answer nests it: `("NatGateways", "NatGateway")`; empty where it tells one thing."""

    pages: Pages = Pages.NUMBERED
    path: str = ""
    """As calls have it."""

    of: str = ""
    """The parameter that says what it is of; empty of a list that is asked for by itself."""

    @property
    def right(self) -> str:
        """What RAM calls the right to ask for it."""
        return ram_action(self.product, self.action)


@dataclass(frozen=True, order=True)
class Gap:
    """Something of an account that this identity may not see."""

    region: str
    right: str
    code: str

    @property
    def asked(self) -> str:
        """The right, and where it is missing."""
        return f"{self.right} in {self.region or _EVERYWHERE}"

    @property
    def what(self) -> str:
        """The same, and what the cloud said."""
        return f"{self.asked}: {self.code}"


class Reader:
    """Asks one account, for several threads at once."""

    def __init__(self, send: Send, wait: Callable[[float], object] = time.sleep) -> None:
        """Ask by `send`, and pass the time between two tries by `wait`."""
        self._send = send
        self._wait = wait
        self._gaps: dict[Gap, None] = {}
        self._answers = 0

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What couldn't be seen so far, each once."""
        return tuple(sorted(self._gaps))

    def listed(self, listing: Listing, region: str, **parameters: str) -> list[Mapping[str, Any]]:
        """All that a list has in a region; none, and a gap, where the right to it is missing.

        None as well of a product that the account never activated.

        Args:
            listing: the list.
            region: where; empty for one list of all regions. A product that isn't there has none.
            parameters: what is asked for of it.

        Raises:
            AbsentError: what it is asked about isn't there.
            UnreadError: it couldn't be read to its end.
        """
        if region and not is_in(listing.product, region):
            return []
        try:
            return self.found(listing, region, **parameters)
        except RefusedError as refusal:
            if refusal.is_of_activation:
                return []
            if not refusal.is_of_rights:
                raise unread(listing.right, region, refusal) from None
            self._gaps[Gap(region, listing.right, refusal.code)] = None
            return []

    def found(self, listing: Listing, region: str, **parameters: str) -> list[Mapping[str, Any]]:
        """The same, for those who want to know what the cloud refuses, and why.

        Raises:
            RefusedError: the cloud refuses, or is busy for longer than is waited.
            UnreadError: it wasn't reached.
        """
        pages = {
            Pages.NUMBERED: self._by_number,
            Pages.CHAINED: self._by_token,
            Pages.ONE: self._at_once,
        }[listing.pages]
        return [one for page in pages(listing, region, parameters) for one in page]

    def may_see(self, listing: Listing, region: str) -> bool:
        """Whether the right to a list is there; its first page is asked for.

        Raises:
            UnreadError: it couldn't be asked.
        """
        once = replace(listing, pages=Pages.ONE)
        before = len(self._gaps)
        self.listed(once, region)
        return len(self._gaps) == before

    def told(self, listing: Listing, region: str, **parameters: str) -> Mapping[str, Any]:
        """The one thing that a call tells; nothing, and a gap, where the right to it is missing.

        Raises:
            UnreadError: it couldn't be read.
        """
        return next(iter(self.listed(listing, region, **parameters)), _NOTHING)

    def _at_once(
        self, listing: Listing, region: str, parameters: Mapping[str, str]
    ) -> Iterator[list[Any]]:
        yield _nested(self._answered(listing, region, parameters), listing)

    def _by_number(
        self, listing: Listing, region: str, parameters: Mapping[str, str]
    ) -> Iterator[list[Any]]:
        number, seen = 1, 0
        while True:
            pages = {"PageNumber": str(number), "PageSize": str(_PAGE)}
            answer = self._answered(listing, region, {**parameters, **pages})
            page = _nested(answer, listing)
            yield page
            seen, number = seen + len(page), number + 1
            # The count is asked anew with each page: others may add to a list meanwhile.
            if not page or seen >= int(answer.get("TotalCount") or 0):
                return

    def _by_token(
        self, listing: Listing, region: str, parameters: Mapping[str, str]
    ) -> Iterator[list[Any]]:
        size, next_one = ("limit", "nextToken") if listing.path else ("MaxResults", "NextToken")
        token: dict[str, str] = {}
        while True:
            said = {**parameters, size: str(_PAGE), **token}
            answer = self._answered(listing, region, said)
            yield _nested(answer, listing)
            following = str(answer.get(next_one) or "")
            if following in {"", token.get(next_one)}:
                return
            token = {next_one: following}

    def _answered(
        self, listing: Listing, region: str, parameters: Mapping[str, str]
    ) -> Mapping[str, Any]:
        # What is called by path is in the region that it is called in.
        named = {"RegionId": region} if region and not listing.path else {}
        said = {**named, **parameters}
        within = quote(said.pop(listing.of, ""), safe="") if listing.path else ""
        path = listing.path.replace(f"{{{listing.of}}}", within)
        return self.sent(Call(listing.product, listing.action, region, said, path))

    def sent(self, call: Call) -> Mapping[str, Any]:
        """What a call is answered, after as many tries as it takes while the cloud is busy.

        One that is busy with the other calls of this reader's is waited for as long as it takes.

        Raises:
            RefusedError: the cloud refuses, or is busy for longer than is waited.
            UnreadError: it wasn't reached.
        """
        while True:
            before = self._answers
            try:
                answer = self._tried(call)
            except RefusedError as refusal:
                if not refusal.is_of_rate or self._answers == before:
                    raise
            else:
                self._answers += 1
                return answer

    def _tried(self, call: Call) -> Mapping[str, Any]:
        for wait in _WAITS:
            try:
                return self._send(call)
            except RefusedError as refusal:
                if not refusal.is_of_rate:
                    raise
            self._wait(wait)
        return self._send(call)


def side_by_side(places: Iterable[_Place], read: Callable[[_Place], _Part]) -> Iterator[_Part]:
    """What is read of each region or other place, in their order, several at a time."""
    pool = ThreadPoolExecutor(_SIDE_BY_SIDE)
    try:
        yield from pool.map(read, places)
    finally:
        # Once one has failed, the others needn't begin.
        pool.shutdown(cancel_futures=True)


def text_of(answer: Mapping[str, Any], name: str) -> str:
    """What an answer tells under a name, as text; empty where it tells nothing."""
    value: object = answer.get(name)
    return "" if value is None else str(value)


def number_of(answer: Mapping[str, Any], name: str) -> float:
    """A number, which the cloud may write as text; 0 where there is none."""
    text = text_of(answer, name)
    return float(text) if text.replace(".", "", 1).isdecimal() else 0.0


def _nested(answer: Mapping[str, Any], listing: Listing) -> list[Any]:
    if not listing.inside:
        return [answer]
    *around, inside = listing.inside
    for name in around:
        answer = entries_of(answer.get(name))
    return [entries_of(one) for one in items_of(answer.get(inside))]


def unread(right: str, region: str, refusal: RefusedError) -> UnreadError:
    """Why an account is left unread, where a call about it was refused."""
    # Of a signature that doesn't match, the cloud tells in many lines what it should have signed.
    shown = visible(str(refusal).partition("\n")[0])
    what = f"{right} in {region or _EVERYWHERE} was refused with {shown}"
    if refusal.is_of_caller:
        remedy = "The credentials aren't valid, or have ended meanwhile: renew them (make doctor \
says which are taken), and read again."
    elif refusal.is_of_rate:
        remedy = f"It was tried for {sum(_WAITS):g} seconds: read again when less is going on."
    else:
        remedy = "What is known so far would be a part that looks like the whole: read again, or \
leave the region out."
    is_absent = "NotFound" in refusal.code and not refusal.code.startswith(_NO_THING)
    error = AbsentError if is_absent else UnreadError
    return error(f"The account wasn't read to its end: {what}\n{remedy}")
