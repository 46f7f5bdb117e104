"""What plugins of API Gateway say about who may call: read, and compared before and after.

A plugin's data is compared field by field: each has a direction in which it lets more in. A field
that isn't understood lets more in whenever it changes, and so does a plugin of a kind that isn't.

Source: API Gateway, "Plug-ins"; `topologies.api_gateway.plugins` writes such data.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from judging.address_sets import EVERYONE, AddressSet, address_set
from judging.preview import SECRET, State
from judging.values import parsed, shown, told
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

GRANTING: Final = frozenset({"cors", "caching", "backendSignature"})
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


@dataclass
class Compared:
    """In what one plugin lets more in than another one, and in what it shuts out."""

    looser: list[str] = field(default_factory=list[str])
    tighter: list[str] = field(default_factory=list[str])


def plugin_of(state: State) -> Plugin:
    """The plugin that a state is."""
    return Plugin(state.text("pluginType"), _data(state))


def _data(state: State) -> Data | None:
    text = state.inputs.get("pluginData")
    if not isinstance(text, str) or text in (SECRET, UNKNOWN):
        return None
    found = parsed(text)
    return cast("Data", found) if isinstance(found, dict) else None


def compared(old: Plugin, new: Plugin) -> Compared:
    """How what a plugin lets in changes."""
    found = Compared()
    if old.kind in NEUTRAL and new.kind == old.kind:
        return found
    if old.kind != new.kind:
        found.looser.append(f"is a {new.kind} plugin instead of a {old.kind} one")
    elif old.data is None or new.data is None:
        found.looser.append("says something else, which can't be read here")
    elif old.kind == ADDRESSES:
        _compare_addresses(old.data, new.data, found)
    else:
        _compare_fields(old.kind, old.data, new.data, found)
    return found


_Direction = Callable[[str, object, object, Compared], None]


def _compare_fields(kind: str, old: Data, new: Data, found: Compared) -> None:
    directions = _FIELDS.get(kind, {})
    before, after = _with_keys(kind, old), _with_keys(kind, new)
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            direction = directions.get(key, _any)
            direction(key, before.get(key), after.get(key), found)


def _with_keys(kind: str, data: Data) -> dict[str, Any]:
    """One key and several are the same to a token: a list of keys."""
    if kind != TOKENS:
        return dict(data)
    rest = {key: one for key, one in data.items() if key not in ("jwk", "jwks")}
    more = data.get("jwks")
    several = cast("list[object]", more) if isinstance(more, list) else [more]
    return {**rest, "keys": [data.get("jwk"), *several]}


def _any(key: str, old: object, new: object, found: Compared) -> None:
    found.looser.append(told(old, new, key))


def _harmless(key: str, old: object, new: object, found: Compared) -> None:  # noqa: ARG001 - a direction
    return


def _shifted(key: str, old: object, new: object, found: Compared) -> None:
    """Another place for the same thing: those who put it at the old one are shut out."""
    found.tighter.append(told(old, new, key))


def _true_lets_in(key: str, old: object, new: object, found: Compared) -> None:
    if (old is True) != (new is True):
        (found.looser if new is True else found.tighter).append(told(old, new, key))


def _true_shuts_out(key: str, old: object, new: object, found: Compared) -> None:
    if (old is True) != (new is True):
        (found.tighter if new is True else found.looser).append(told(old, new, key))


def _more_lets_in(key: str, old: object, new: object, found: Compared) -> None:
    """A number; none is no limit."""
    more = not _is_number(new) or (_is_number(old) and cast("float", new) > cast("float", old))
    (found.looser if more else found.tighter).append(told(old, new, key))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _members_let_in(key: str, old: object, new: object, found: Compared) -> None:
    """A list, or words that commas part; `*` is everything."""
    before, after = _members(old), _members(new)
    if _ALL not in before and (more := after.keys() - before.keys()):
        found.looser.append(f"{key}: with {_listed(after, more)}")
    if _ALL not in after and (fewer := before.keys() - after.keys()):
        found.tighter.append(f"{key}: without {_listed(before, fewer)}")


def _members_shut_out(key: str, old: object, new: object, found: Compared) -> None:
    """A list of what is heeded: less of it lets more in."""
    before, after = _members(old), _members(new)
    if gone := before.keys() - after.keys():
        found.looser.append(f"{key}: without {_listed(before, gone)}")


_ALL: Final = json.dumps("*")


def _members(value: object) -> dict[str, object]:
    """The members of a list, by what tells them apart."""
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    members = cast("list[object]", value) if isinstance(value, list) else [value]
    return {json.dumps(one, sort_keys=True, default=str): one for one in members if one is not None}


def _listed(members: Mapping[str, object], keys: Iterable[str]) -> str:
    return ", ".join(shown(members[key]) for key in sorted(keys))


_FIELDS: Final[Mapping[str, Mapping[str, _Direction]]] = {
    TOKENS: {
        "parameter": _shifted,
        "parameterLocation": _shifted,
        "preventJtiReplay": _true_shuts_out,
        "bypassEmptyToken": _true_lets_in,
        "ignoreExpirationCheck": _true_lets_in,
        "claimParameters": _members_shut_out,
        "keys": _members_let_in,
    },
    "trafficControl": {
        "apiDefault": _more_lets_in,
        "userDefault": _more_lets_in,
        "appDefault": _more_lets_in,
        "controlMode": _harmless,
        "blockingMode": _harmless,
    },
    "cors": {
        "allowOrigins": _members_let_in,
        "allowMethods": _members_let_in,
        "allowHeaders": _members_let_in,
        "exposeHeaders": _members_let_in,
        "allowCredentials": _true_lets_in,
        "maxAge": _harmless,
    },
    "caching": {
        "varyByApp": _true_shuts_out,
        "varyByParameters": _members_shut_out,
        "varyByHeaders": _members_shut_out,
        "cacheableHeaders": _members_let_in,
        "duration": _harmless,
    },
}
"""How each field of a kind lets more in. Every other one does whenever it changes."""

_ADDRESS_FIELDS: Final = {"type", "items"}


def _compare_addresses(old: Data, new: Data, found: Compared) -> None:
    for key in sorted({*old, *new} - _ADDRESS_FIELDS):
        if old.get(key) != new.get(key):
            _any(key, old.get(key), new.get(key), found)
    for app in sorted({*_apps(old), *_apps(new)}, key=str):
        before, after = _let_in(old, app), _let_in(new, app)
        who = "" if app is None else f" of the app {app}"
        if before is None or after is None:
            found.looser += [told(old, new)] if old != new else []
            return
        if more := after - before:
            found.looser.append(f"lets {more} in{who}")
        if fewer := before - after:
            found.tighter.append(f"shuts {fewer} out{who}")


def _items(data: Data) -> list[Data]:
    items: object = data.get("items")
    listed = cast("list[object]", items) if isinstance(items, list) else []
    return [cast("Data", one) if isinstance(one, dict) else {} for one in listed]


def _apps(data: Data) -> set[str | None]:
    return {None, *(_app(one) for one in _items(data))}


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
    blocks: list[object] = []
    for one in heeded:
        listed: object = one.get("blocks")
        blocks += cast("list[object]", listed) if isinstance(listed, list) else [None]
    found = address_set(blocks)
    if found is None:
        return None
    return EVERYONE - found if refuses else found
