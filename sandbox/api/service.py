"""The API as a function: a request in, an answer out, whatever stands in front of it.

It owns the order of things: who calls, which action, what it answers, and how that is written.
"""

import json
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, cast
from uuid import uuid4
from xml.etree import ElementTree as ET

from facts.zones import REGIONS
from sandbox.api.actions import Action, Call
from sandbox.api.callers import Caller, Callers
from sandbox.api.products import action_of
from sandbox.api.rates import Rates
from sandbox.api.refusals import refused, status_of
from sandbox.api.requests import Request, Said
from sandbox.api.rights import check_rights
from sandbox.cloud import CallerKilledError, CloudError, LostAnswerError, Store
from sandbox.cloud.ram import DeniedError

__all__ = ["Answered", "Service", "most_bytes"]

_COMMON: Final = frozenset(
    {
        *("accesskeyid", "action", "format", "securitytoken", "signature", "signaturemethod"),
        *("signaturenonce", "signaturetype", "signatureversion", "timestamp", "version"),
    }
)
_OK, _NOTHING_TO_TELL = 200, 204
_JSON: Final = "application/json"
_MEGABYTE: Final = 1024 * 1024
_MOST_BYTES, _MOST_BYTES_BY_PATH = 4 * _MEGABYTE, 101 * _MEGABYTE


def most_bytes(path: str) -> int:
    """How long the body of a call may be: one that is longer isn't read to its end.

    Of those whose path says what to do, some bring the code of a function along.
    """
    return _MOST_BYTES if path == "/" else _MOST_BYTES_BY_PATH


@dataclass(frozen=True)
class Answered:
    """An answer, as it goes over the network."""

    status: int
    media_type: str
    body: bytes
    request_id: str


class Service:
    """Answers calls about one account.

    Args:
        store: the account's cloud.
        region: where, unless a call says otherwise.
        callers: those who may call.
        log: takes a line for each call.
        places: where each region is called; those that aren't said, where this one is.
    """

    def __init__(
        self,
        store: Store,
        region: str,
        callers: Callers,
        log: Callable[[str], object],
        places: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._store = store
        self._region = region
        self._regions = frozenset({region, *REGIONS})
        self._callers = callers
        self._log = log
        self._places = places
        self._rates = Rates()

    def answer(self, request: Request) -> Answered:
        """Answer one request; refusals are answers too.

        Raises:
            LostAnswerError: the fault plan wants the connection to break.
            CallerKilledError: it wants this process to end.
        """
        identity, name, who, outcome = str(uuid4()).upper(), "", "?", "OK"
        try:
            _check_size(request)
            name = request.action
            caller = self._callers.of(request)
            who = caller.name
            self._rates.check(caller.arn, self._store.calls_per_second, self._callers.clock())
            action, of_path = action_of(request)
            name = action.name
            told = self._do(request, caller, action, {**request.sent, **of_path})
            return _answer(request, identity, f"{name}Response", told)
        except CloudError as refusal:
            outcome = refusal.code
            return _refusal(request, identity, refusal)
        except (LostAnswerError, CallerKilledError) as fault:
            outcome = str(fault)
            raise
        except Exception:  # noqa: BLE001 - a mistake of ours is an answer of the cloud's kind
            outcome = "InternalError: " + traceback.format_exc(limit=-1).strip().replace("\n", " ")
            words = "The request processing has failed due to some unknown error."
            return _refusal(request, identity, CloudError("InternalError", words))
        finally:
            at = time.strftime("%H:%M:%S")
            self._log(f"{at} {_named(name)} {who} {outcome} {identity}")

    def _do(
        self, request: Request, caller: Caller, action: Action, sent: Mapping[str, str]
    ) -> dict[str, Any]:
        # Of names by path, capital letters don't count.
        known = {name.lower(): name for name in action.known} if action.route else {}
        said = {
            known.get(name.lower(), name): value
            for name, value in sent.items()
            if name.lower() not in _COMMON
        }
        region = said.get("RegionId") or self._region
        if region not in self._regions:
            raise refused("InvalidRegionId.NotFound", "DescribeRegions tells those known here.")
        call = Call(
            self._store,
            region,
            Said(said),
            caller,
            self._callers.clock(),
            lambda region: self._places.get(region) or request.headers.get("host", ""),
        )
        check_rights(call, action)
        if self._store.faults.are_asked_for:
            self._store.check_action(action.name)
        return action.answer(call)


def _check_size(request: Request) -> None:
    if len(request.body) > most_bytes(request.path):
        raise refused("RequestEntityTooLarge")


def _named(action: str) -> str:
    """The action's name as it goes into the log: no more than a name, whatever was sent."""
    return "".join(one for one in action if one.isalnum())[:64] or "?"


# --- how answers are written ----------------------------------------------------------------------


def _answer(request: Request, identity: str, root: str, told: Mapping[str, Any]) -> Answered:
    if not request.is_of_path:
        return _written(request, identity, root, _OK, {"RequestId": identity, **told})
    if told:
        return _written(request, identity, root, _OK, told)
    return Answered(_NOTHING_TO_TELL, _JSON, b"", identity)


def _refusal(request: Request, identity: str, refusal: CloudError) -> Answered:
    host = {} if request.is_of_path else {"HostId": request.headers.get("host", "")}
    why = {"Code": refusal.code, "Message": refusal.message}
    told: dict[str, Any] = {"RequestId": identity, **host, **why}
    if isinstance(refusal, DeniedError):
        told["AccessDeniedDetail"] = refusal.detail
    return _written(request, identity, "Error", status_of(refusal), told)


def _written(
    request: Request, identity: str, root: str, status: int, told: Mapping[str, Any]
) -> Answered:
    if _wants_xml(request):
        return Answered(status, "text/xml", _xml(root, told), identity)
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return Answered(status, _JSON, text.encode(), identity)


def _wants_xml(request: Request) -> bool:
    try:
        return request.wants_xml
    except CloudError:  # its parameters can't even be read
        return False


def _xml(root: str, told: Mapping[str, Any]) -> bytes:
    element = ET.Element(root)
    _fill(element, told)
    return cast("bytes", ET.tostring(element, encoding="utf-8", xml_declaration=True))


def _fill(element: ET.Element, told: Mapping[str, Any]) -> None:
    for name, value in told.items():
        for one in cast("list[Any]", value) if isinstance(value, list) else [value]:
            inner = ET.SubElement(element, name)
            if isinstance(one, Mapping):
                _fill(inner, cast("Mapping[str, Any]", one))
            else:
                inner.text = _plain(one)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    # XML has no way to write most control characters, which a message may quote.
    return "".join(one if one >= " " or one in "\t\n\r" else "�" for one in str(value))
