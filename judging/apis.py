"""How APIs are called, and by whom: each API's ways of asking, its apps, plugins and address lists.

Both sides of a preview are looked at as a whole, with what doesn't change: a binding that goes is
nothing where an equal one comes, and everything where it was the only thing that asked.

Source: API Gateway, "CreateApi", "DeployApi", "SetAppsAuthorities", "AttachPlugin" and "Access
control of dedicated instances".
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from facts import kinds
from judging.access_lists import list_findings
from judging.findings import CLOSE_API, LOOSEN_API, OPEN_API, Finding, GuardRule, found
from judging.plugins import GRANTING, NEUTRAL, RESTRICTING, Plugin, compared, plugin_of
from judging.preview import Change, Op, Preview, State, entries_of, items_of
from judging.values import changed_inputs, shown
from judging.ways import Naming, Place, naming


class Endpoint(NamedTuple):
    """How an API is called in one stage, by one scheme."""

    stage: str
    scheme: str
    method: str
    path: str

    def __str__(self) -> str:
        """`GET /getinfo by https in RELEASE`."""
        return f"{self.method} {self.path} by {self.scheme} in {self.stage}"


def endpoints(state: State) -> set[Endpoint]:
    """Everything that an API answers to; nothing while it isn't published."""
    request = request_of(state)
    return {
        Endpoint(str(stage), scheme, str(request.get("method")), str(request.get("path")))
        for stage in state.items("stageNames")
        for scheme in schemes(state)
    }


def schemes(state: State) -> list[str]:
    """What an API can be called by: http, https, or both."""
    request = request_of(state)
    return [scheme.strip() for scheme in str(request.get("protocol", "")).lower().split(",")]


def request_of(state: State) -> dict[str, Any]:
    """What an API says about its requests: an object, or a list of one in some versions."""
    request: object = state.inputs.get("requestConfig")
    return entries_of(next(iter(items_of(request)), request))


def anonymous(state: State) -> bool:
    """Whether the API itself asks nobody who they are; a plugin of it may."""
    return state.text("authType").upper() == "ANONYMOUS"


_GROUPS = frozenset({kinds.API_GROUP})
_APIS = frozenset({kinds.API})
_APPS = frozenset({kinds.API_APP})
_PLUGINS = frozenset({kinds.PLUGIN})


@dataclass
class Bound:
    """What is bound to one API in one stage."""

    apps: dict[str, Place] = field(default_factory=dict[str, Place])
    """By the URN of each binding."""

    plugins: dict[str, Plugin | None] = field(default_factory=dict[str, "Plugin | None"])
    """The same; None where a plugin isn't known."""

    def asks(self, *, unread: bool) -> bool:
        """Whether a plugin stops whoever doesn't say who they are, or doesn't call from a list.

        Args:
            unread: what to take a plugin for that isn't known, or says what can't be read.
        """
        return any(
            unread
            if plugin is None or (plugin.data is None and not plugin.asks_who)
            else plugin.asks_who or not plugin.addresses.everyone
            for plugin in self.plugins.values()
        )


class Callers:
    """Who may call the APIs among some resources: all before a run, or all after it."""

    def __init__(self, states: Mapping[str, State], named: Naming) -> None:
        """Find out what is bound to what.

        Args:
            states: resources by the URN that they have after the run.
            named: how they name one another.
        """
        self.states = states
        self._named = named
        self._by_name = {
            name: urn
            for urn, state in states.items()
            for name in (urn, *_ids(state))
            if state.type in _APIS | _PLUGINS
        }
        self.bound: dict[tuple[str, str], Bound] = defaultdict(Bound)
        for urn, state in states.items():
            if state.type == kinds.APP_ATTACHMENT:
                self._bound(state).apps[urn] = named(state, "appId", _APPS)
            elif state.type == kinds.PLUGIN_ATTACHMENT:
                place = named(state, "pluginId", _PLUGINS)
                plugin = self._of(place)
                self._bound(state).plugins[urn] = plugin_of(states[plugin]) if plugin else None

    def nobody_asks(self, urn: str) -> bool:
        """Whether an API asks nobody who they are in some stage: neither itself nor by a plugin."""
        api = self.states[urn]
        stages = {endpoint.stage for endpoint in endpoints(api)} or {""}
        return anonymous(api) and any(
            not any(plugin is not None and plugin.asks_who for plugin in plugins)
            for stage in sorted(stages)
            for plugins in [self.bound.get((urn, stage), Bound()).plugins.values()]
        )

    def _of(self, place: Place) -> str | None:
        """The URN of the API or the plugin that a place is, if it is among these resources."""
        return next((self._by_name[name] for name in place.names if name in self._by_name), None)

    def _bound(self, binding: State) -> Bound:
        place = self._named(binding, "apiId", _APIS)
        return self.bound[self._of(place) or min(place.names), binding.text("stageName")]


def _ids(state: State) -> list[str]:
    return [str(state.outputs[key]) for key in ("apiId", "id") if state.outputs.get(key)]


def api_findings(preview: Preview) -> Iterator[Finding]:
    """What is closed, moved, or lets more callers in, or fewer: APIs, groups, plugins, lists."""
    named = naming(preview)
    before, after = (Callers(states, named) for states in preview.sides())
    changes = {change.urn: change for change in preview.changes}
    for change in preview.changes:
        if change.type == kinds.API:
            yield from _closed(change, named)
            yield from _opened(change, before, after)
            if change.altered is not None:
                yield from _asked(change, *change.altered)
        elif change.type == kinds.PLUGIN and change.altered is not None:
            yield from _plugin(change, *change.altered)
        elif change.type == kinds.API_GROUP and change.altered is not None:
            yield from _group(change, *change.altered)
    for key in dict.fromkeys((*before.bound, *after.bound)):
        yield from _bindings(key, before, after, changes)
    yield from list_findings(preview, named)


def _closed(change: Change, named: Naming) -> Iterator[Finding]:
    closed, why = set[Endpoint](), ""
    if change.altered is not None:
        old, new = map(endpoints, change.altered)
        closed = old - new
        before, after = (named(state, "groupId", _GROUPS) for state in change.altered)
        if old and new and not before.is_(after):
            closed, why = old, " (it moves to another group, with another domain)"
    elif change.goes and change.old is not None:
        closed = endpoints(change.old)
    if closed:
        yield found(CLOSE_API, change, f"closes {', '.join(map(str, sorted(closed)))}{why}")


def _group(change: Change, old: State, new: State) -> Iterator[Finding]:
    """Its APIs' place, and a domain that VPCs call by; that a group is replaced is told itself."""
    base, other = (state.text("basePath") or "/" for state in (old, new))
    was, is_ = (state.inputs.get("vpcIntranetEnable") is True for state in (old, new))
    if is_ and not was:
        yield found(LOOSEN_API, change, "gives its APIs a domain for VPCs")
    if change.op is Op.UPDATE and base != other:
        yield found(CLOSE_API, change, f"moves every API of the group from {base} to {other}")
    if change.op is Op.UPDATE and was and not is_:
        yield found(CLOSE_API, change, "takes the group's domain for VPCs away")


def _opened(change: Change, before: Callers, after: Callers) -> Iterator[Finding]:
    """What everybody may call that they couldn't."""
    if change.new is None or change.op is Op.DELETE:
        return
    new = _for_everybody(change.new, change.urn, after, unread=False)
    # What is replaced is another API, with another address.
    kept = change.op in {Op.UPDATE, Op.SAME}
    old = _for_everybody(change.old, change.urn, before, unread=True) if kept else set[Endpoint]()
    if opened := new - old:
        what = ", ".join(str(one) for one in sorted(opened))
        yield found(OPEN_API, change, f"lets everybody call {what}")


def _for_everybody(api: State | None, urn: str, side: Callers, *, unread: bool) -> set[Endpoint]:
    if api is None or not anonymous(api):
        return set[Endpoint]()
    return {
        endpoint
        for endpoint in endpoints(api)
        if not side.bound.get((urn, endpoint.stage), Bound()).asks(unread=unread)
    }


def _asked(change: Change, old: State, new: State) -> Iterator[Finding]:
    """What an API itself asks of callers. That it asks nothing any more is told already."""
    before, after = old.text("authType").upper(), new.text("authType").upper()
    if before != after:
        if _ANYBODY not in {before, after}:
            yield found(LOOSEN_API, change, f"asks callers for {after or '?'} instead of {before}")
        if after != _ANYBODY:
            yield found(CLOSE_API, change, f"shuts out who isn't called by {after or '?'}")
    yield from _code(change, old, new)
    was, is_ = (state.inputs.get("forceNonceCheck") is True for state in (old, new))
    if was != is_:
        what = "refuses" if is_ else "takes"
        yield found(CLOSE_API if is_ else LOOSEN_API, change, f"{what} calls that are repeated")
    if "http" in schemes(new) and "http" not in schemes(old):
        yield found(LOOSEN_API, change, "takes calls without encryption")
    modes = [request_of(state).get("mode") for state in (old, new)]
    if modes[0] != modes[1] and modes[1] not in {_STRICT, None}:
        yield found(LOOSEN_API, change, "passes on parameters that it doesn't name")
    for key in ("systemParameters", "constantParameters"):
        kept = new.items(key)
        gone = [parameter for parameter in old.items(key) if parameter not in kept]
        if gone:
            names = ", ".join(shown(entries_of(one).get("name", one)) for one in gone)
            yield found(LOOSEN_API, change, f"leaves {names} to the caller, or says another value")


_ANYBODY = "ANONYMOUS"
_STRICT = "MAPPING"
_CODES = ("DISABLE", "HEADER", "HEADER_QUERY")
"""How an app may call by its code alone, the looser ones later."""


def _code(change: Change, old: State, new: State) -> Iterator[Finding]:
    """Whether an app's code is enough, instead of a signature."""
    before, after = old.text("appCodeAuthType"), new.text("appCodeAuthType")
    if before == after:
        return
    what = f"lets apps call by their code: {after or 'as the gateway likes'}, was {before or '?'}"
    ranks = [_CODES.index(one) if one in _CODES else None for one in (before, after)]
    known = ranks[0] is not None and ranks[1] is not None and ranks[1] < ranks[0]
    tighter = known or after == _CODES[0]
    yield found(CLOSE_API if tighter else LOOSEN_API, change, what)


def _plugin(change: Change, before: State, after: State) -> Iterator[Finding]:
    """What a plugin itself lets in, for all APIs that it is bound to."""
    old, new = plugin_of(before), plugin_of(after)
    changed = change.op is Op.REPLACE or "pluginData" in changed_inputs(change, {})
    if changed and old.kind == new.kind:  # another kind has other bindings, which are told
        yield from _compared(change, old.kind, old, new)


def _compared(change: Change, what: str, old: Plugin, new: Plugin) -> Iterator[Finding]:
    for rule, differences in zip((LOOSEN_API, CLOSE_API), compared(old, new), strict=True):
        if differences:
            yield found(rule, change, f"{what}: {'; '.join(differences)}")


def _bindings(
    key: tuple[str, str], before: Callers, after: Callers, changes: Mapping[str, Change]
) -> Iterator[Finding]:
    """What comes to an API that was there, in one stage, and what goes from it."""
    api, stage = key
    old, new = before.bound.get(key, Bound()), after.bound.get(key, Bound())
    change = changes.get(api)
    if change is not None and change.op in {Op.CREATE, Op.DELETE}:
        return
    if change is None or change.new is None or not anonymous(change.new):
        for rule, mine, others, what in (
            (LOOSEN_API, new, old, "lets the app {} call in {}"),
            (CLOSE_API, old, new, "shuts the app {} out of {}"),
        ):
            for urn, app in mine.apps.items():
                if not any(app.is_(other) for other in others.apps.values()):
                    yield found(rule, change or changes[urn], what.format(app.shown, stage))
    yield from _plugins(old, new, stage, change, changes)


def _plugins(
    old: Bound, new: Bound, stage: str, api: Change | None, changes: Mapping[str, Change]
) -> Iterator[Finding]:
    gone = {urn: one for urn, one in old.plugins.items() if one not in new.plugins.values()}
    come = {urn: one for urn, one in new.plugins.items() if one not in old.plugins.values()}
    for urn, plugin in gone.items():
        heir = _of_kind(plugin, come)
        if plugin is None or heir is None:
            what = f"is without {_kind(plugin)} in {stage}"
            for rule in _rules(plugin, comes=False):
                yield found(rule, api or changes[urn], what)
        # A binding stays where its plugin's own finding says what changes.
        elif urn not in changes or changes[urn].op is not Op.SAME:
            where = api or changes[urn]
            yield from _compared(where, f"{plugin.kind} in {stage}", plugin, heir)
    for urn, plugin in come.items():
        if _of_kind(plugin, gone) is None:
            for rule in _rules(plugin, comes=True):
                yield found(rule, api or changes[urn], f"gets {_kind(plugin)} in {stage}")
    for urn, plugin in new.plugins.items():
        replaced = urn in changes and changes[urn].op is Op.REPLACE
        made_anew = api is not None and api.op is Op.REPLACE
        if replaced and not made_anew and LOOSEN_API in _rules(plugin, comes=False):
            what = f"is without {_kind(plugin)} in {stage} while its binding is replaced"
            yield found(LOOSEN_API, api or changes[urn], what)


def _of_kind(plugin: Plugin | None, others: Mapping[str, Plugin | None]) -> Plugin | None:
    """The first of some plugins that is known to be of the same kind."""
    same = (one for one in others.values() if one and plugin and one.kind == plugin.kind)
    return next(same, None)


def _kind(plugin: Plugin | None) -> str:
    return "a plugin that isn't known" if plugin is None else f"its {plugin.kind} plugin"


def _rules(plugin: Plugin | None, *, comes: bool) -> list[GuardRule]:
    """What it means that a plugin comes or goes."""
    kind = plugin.kind if plugin is not None else ""
    if kind in NEUTRAL:
        return []
    if kind in RESTRICTING:
        return [CLOSE_API if comes else LOOSEN_API]
    if kind in GRANTING:
        return [LOOSEN_API if comes else CLOSE_API]
    return [LOOSEN_API]
