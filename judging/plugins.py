"""What plugins of API Gateway say about who may call: read, and compared before and after.

A plugin's data is compared field by field: each has a direction in which it lets more in. A field
that isn't understood lets more in whenever it changes, and so does a plugin of a kind that isn't.

Source: API Gateway, "Plug-ins"; `topologies.api_gateway.plugins` writes such data.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from itertools import chain
from pathlib import Path
from typing import Any, Final, cast

from judging.address_sets import EVERYONE, AddressSet, address_set
from judging.preview import SECRET, State, entries_of, items_of, several
from judging.values import parsed, shown, told
from stack.file.yaml_file import YamlFile
from stack.pulumi_wire import UNKNOWN

Data = Mapping[str, Any]

IDENTITY: Final = frozenset({"basicAuth", "remoteAuth"})
"""Kinds that ask who calls, whatever they say."""

TOKENS: Final = "jwtAuth"
ADDRESSES: Final = "ipControl"
RESTRICTING: Final = frozenset(
    {*IDENTITY, TOKENS, ADDRESSES, "accessControl", "trafficControl", "logMask"}
)
"""Kinds that let fewer in."""

GRANTING: Final = frozenset({"cors", "caching", "backendSignature", "transformer"})
"""Kinds that let more in: pages of other origins, whoever gets a kept answer, whoever calls in the
name of an app."""

NEUTRAL: Final = frozenset({"routing", "errorMapping", "circuitBreaker"})
"""Kinds that say where calls go and what is answered, not who may call."""


@dataclass(frozen=True)
class Plugin:
    """A plugin: its kind, and what it says; None where that can't be read."""

    kind: str
    data: Data | None

    @property
    def asks_who(self) -> bool:
        """Whether nobody gets through it without saying who they are."""
        if self.kind == TOKENS:
            return self.data is not None and self.data.get("bypassEmptyToken") is not True
        return self.kind in IDENTITY

    @property
    def addresses(self) -> AddressSet:
        """Whom it lets through by their address."""
        found = _let_in(self.data or {}, None) if self.kind == ADDRESSES else EVERYONE
        return EVERYONE if found is None else found


Compared = tuple[list[str], list[str]]
"""In what one plugin lets more in than another one, and in what it shuts out."""


def plugin_of(state: State) -> Plugin:
    """The plugin that a state is."""
    return Plugin(state.text("pluginType"), _data(state))


def _data(state: State) -> Data | None:
    text = state.inputs.get("pluginData")
    if not isinstance(text, str) or text in (SECRET, UNKNOWN):
        return None
    data = parsed(text)
    if not isinstance(data, dict):  # the gateway takes YAML too
        data = YamlFile(Path("data"), text).values
    return cast("Data", data) if isinstance(data, dict) else None


def compared(old: Plugin, new: Plugin) -> Compared:
    """How what a plugin lets in changes."""
    if old.kind != new.kind:
        return [f"is a {new.kind} plugin instead of a {old.kind} one"], []
    if old.kind in NEUTRAL:
        return [], []
    if old.data is None or new.data is None:
        return ["says something else, which can't be read here"], []
    looser, tighter = _compare_addresses(old.data, new.data) if old.kind == ADDRESSES else ([], [])
    before, after = _with_keys(old.kind, old.data), _with_keys(new.kind, new.data)
    for key in sorted({*before, *after} - (_ADDRESS_FIELDS if old.kind == ADDRESSES else set())):
        if before.get(key) != after.get(key):
            more, fewer = _compare_field(old.kind, key, before.get(key), after.get(key))
            looser += more
            tighter += fewer
    return looser, tighter


def _with_keys(kind: str, data: Data) -> dict[str, Any]:
    """One key and several are the same to a token: a list of keys."""
    if kind != TOKENS:
        return dict(data)
    rest = {key: one for key, one in data.items() if key not in ("jwk", "jwks")}
    return {**rest, "keys": [data.get("jwk"), *several(data.get("jwks"))]}


class _How(Enum):
    """How a field of a plugin's data lets more in. Every other one does whenever it changes."""

    HARMLESS = auto()
    SHIFTED = auto()
    """Another place for the same thing: those who put it at the old one are shut out."""

    TRUE_LETS_IN = auto()
    TRUE_SHUTS_OUT = auto()
    MORE_LETS_IN = auto()
    """A number; none is no limit."""

    MEMBERS_LET_IN = auto()
    """A list, or words that commas part; `*` is everything."""

    MEMBERS_SHUT_OUT = auto()
    """A list of what is heeded: less of it lets more in."""


def _compare_field(kind: str, key: str, old: Any, new: Any) -> Compared:  # noqa: ANN401 - plain values
    differs = [told(old, new, key)]
    loosens: bool | None = True
    match _FIELDS.get(kind, {}).get(key):
        case _How.HARMLESS:
            loosens = None
        case _How.SHIFTED:
            loosens = False
        case _How.TRUE_LETS_IN | _How.TRUE_SHUTS_OUT as how if (old is True) != (new is True):
            loosens = (new is True) == (how is _How.TRUE_LETS_IN)
        case _How.TRUE_LETS_IN | _How.TRUE_SHUTS_OUT:
            loosens = None
        case _How.MORE_LETS_IN:
            loosens = not _is_number(new) or (_is_number(old) and new > old)
        case _How.MEMBERS_LET_IN | _How.MEMBERS_SHUT_OUT as how:
            before, after = _members(old), _members(new)
            gone = [f"{key}: without {listed}"] if (listed := _without(before, after)) else []
            come = [f"{key}: with {listed}"] if (listed := _without(after, before)) else []
            if how is _How.MEMBERS_SHUT_OUT:
                return gone, []
            return [] if _ALL in before else come, [] if _ALL in after else gone
        case _:
            pass
    return differs if loosens else [], differs if loosens is False else []


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_ALL: Final = json.dumps("*")


def _members(value: object) -> dict[str, object]:
    """The members of a list, by what tells them apart."""
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    return {
        json.dumps(one, sort_keys=True, default=str): one
        for one in several(value)
        if one is not None
    }


def _without(members: Mapping[str, object], others: Mapping[str, object]) -> str:
    return ", ".join(shown(members[key]) for key in sorted(members.keys() - others.keys()))


_FIELDS: Final[Mapping[str, Mapping[str, _How]]] = {
    TOKENS: {
        "parameter": _How.SHIFTED,
        "parameterLocation": _How.SHIFTED,
        "preventJtiReplay": _How.TRUE_SHUTS_OUT,
        "bypassEmptyToken": _How.TRUE_LETS_IN,
        "ignoreExpirationCheck": _How.TRUE_LETS_IN,
        "claimParameters": _How.MEMBERS_SHUT_OUT,
        "keys": _How.MEMBERS_LET_IN,
    },
    "remoteAuth": {
        "errorMessage": _How.HARMLESS,
        "errorStatusCode": _How.HARMLESS,
        "errorPassThroughHeaderList": _How.HARMLESS,
    },
    "trafficControl": {
        "apiDefault": _How.MORE_LETS_IN,
        "userDefault": _How.MORE_LETS_IN,
        "appDefault": _How.MORE_LETS_IN,
        "defaultLimit": _How.MORE_LETS_IN,
        "defaultRetryAfterBySecond": _How.HARMLESS,
        "controlMode": _How.HARMLESS,
        "blockingMode": _How.HARMLESS,
    },
    "cors": {
        "allowOrigins": _How.MEMBERS_LET_IN,
        "allowMethods": _How.MEMBERS_LET_IN,
        "allowHeaders": _How.MEMBERS_LET_IN,
        "exposeHeaders": _How.MEMBERS_LET_IN,
        "allowCredentials": _How.TRUE_LETS_IN,
        "maxAge": _How.HARMLESS,
    },
    "caching": {
        "varyByApp": _How.TRUE_SHUTS_OUT,
        "varyByParameters": _How.MEMBERS_SHUT_OUT,
        "varyByHeaders": _How.MEMBERS_SHUT_OUT,
        "cacheableHeaders": _How.MEMBERS_LET_IN,
        "duration": _How.HARMLESS,
    },
}
_ADDRESS_FIELDS: Final = {"type", "items"}


def _compare_addresses(old: Data, new: Data) -> Compared:
    looser, tighter = list[str](), list[str]()
    for app in sorted({None, *map(_app, _items(old)), *map(_app, _items(new))}, key=str):
        before, after = _let_in(old, app), _let_in(new, app)
        who = "" if app is None else f" of the app {app}"
        if before is None or after is None:
            return [*looser, *([told(old, new)] if old != new else [])], tighter
        if more := after - before:
            looser.append(f"lets {more} in{who}")
        if fewer := before - after:
            tighter.append(f"shuts {fewer} out{who}")
    return looser, tighter


def _items(data: Data) -> list[Data]:
    return [entries_of(item) for item in items_of(data.get("items"))]


def _app(item: Data) -> str | None:
    return None if item.get("appId") is None else str(item["appId"])


def _let_in(data: Data, app: str | None) -> AddressSet | None:
    """Whom a list of addresses lets in, of an app's callers or of all; None if that is unclear."""
    items = _items(data)
    refuses = data.get("type") == "REFUSE"
    if data.get("type") not in ("ALLOW", "REFUSE"):
        return None
    own = [one for one in items if app is not None and _app(one) == app]
    heeded = items if refuses else own or [one for one in items if _app(one) is None]
    blocks: list[object] = [one.get("blocks") for one in heeded]
    if not all(isinstance(listed, list) for listed in blocks):
        return None
    addresses = address_set(chain.from_iterable(map(items_of, blocks)))
    return EVERYONE - addresses if refuses and addresses is not None else addresses
