"""API groups with their APIs: what stands in the section `apiGateway`.

An API is taken over where it is published on one stage, the one that most of the listed ones are
on: the provider takes it off every other. Functions behind APIs are used by their names.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias, cast
from urllib.parse import urlsplit

from stack.arguments import Made
from stack.file.read import read
from stack.file.yaml_file import YamlFile
from stack.secrets import names_a_secret
from tools.adopt.apis_found import START, group_found
from tools.adopt.drafting import Base, Draft, Namer, arguments_of, described
from tools.adopt.listing import Entry, entries
from tools.adopt.part import Part
from tools.adopt.reading import Found
from topologies.api_gateway import SECTION
from topologies.api_gateway.apis.settings import ApiSettings, Location
from topologies.api_gateway.backends.settings import DEFAULT_TIMEOUT, VpcAccessSettings
from topologies.api_gateway.names import access_name, gateway_name
from topologies.api_gateway.plugins.settings import PLUGIN_KINDS, PluginSettings
from topologies.api_gateway.settings import GroupSettings
from topologies.functions.settings import SECTION as FUNCTIONS

TOPOLOGY: Final = "api-gateway"
_SHARED: Final = "api-shared-"
"""How the ids begin of instances that an account doesn't have to itself."""

_PLACES: Final = {
    "HEAD": Location.HEADER.value,
    "QUERY": Location.QUERY.value,
    "PATH": Location.PATH.value,
    "BODY": Location.FORM.value,
}
_Values: TypeAlias = Mapping[str, Any]


def _compose(draft: Draft, base: Base) -> list[str]:
    del base  # no network is needed
    door = _Door(draft)
    if not door.at("apiGroups"):
        return []
    door.write()
    return [TOPOLOGY]


class _Door:
    """API Gateway in a draft: who is called how in the stack file, by ids."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._listed = [*entries(draft.listing)]
        self._stage = self._most_used_stage()
        self._groups: dict[str, str] = {}
        self._accesses: dict[str, str] = {}
        """Names here by names in the cloud, which APIs know them by."""

        self._apps: dict[str, str] = {}
        self._plugins: dict[str, str] = {}

    def at(self, key: str) -> list[Entry]:
        """The entries below a key of the list."""
        return [entry for entry in self._listed if entry.path[0] == key]

    def write(self) -> None:
        """Write the section."""
        draft = self._draft
        draft.settings[SECTION] = {} if self._stage == "RELEASE" else {"stage": self._stage}
        self._instance()
        namer = self._namer("apiGroups")
        for entry in self.at("apiGroups"):
            self._group(entry, namer)
        namer = self._namer("vpcAccess")
        for entry in self.at("vpcAccess"):
            self._access(entry, namer)
        namer = self._namer("apiApps")
        for entry in self.at("apiApps"):
            found = draft.found(entry)
            key = self._key(entry, namer, found.text("name"), "app")
            self._apps[entry.id] = key
            value = self._named(entry, key, found.text("name")) | described(found)
            draft.put((SECTION, "apps", key), value, entry)
        namer = self._namer("apiPlugins")
        for entry in self.at("apiPlugins"):
            self._plugin(entry, namer)
        callers = self._ends("apiCallers", self._apps, "app")
        bindings = self._ends("apiBindings", self._plugins, "plugin")
        namer = self._namer("apis")
        for entry in self.at("apis"):
            self._api(entry, namer, callers.get(entry.id, []), bindings.get(entry.id, []))

    def _namer(self, key: str) -> Namer:
        return Namer(self._draft.stack, [entry.name for entry in self.at(key)])

    def _key(self, entry: Entry, namer: Namer, called: str, otherwise: str) -> str:
        return namer.name(entry.name, called.removeprefix(f"{self._draft.stack}_"), otherwise)

    def _named(
        self,
        entry: Entry,
        key: str,
        called: str,
        default: Callable[[str, str, None], str] = gateway_name,
    ) -> dict[str, Any]:
        """The `name` of an entry's thing, where the default isn't what it is called."""
        if self._draft.marking:
            return {"name": entry.marker}
        return {} if called == default(self._draft.stack, key, None) else {"name": called}

    def _most_used_stage(self) -> str:
        apis = (self._draft.found(entry) for entry in self.at("apis"))
        stages = Counter(_stages(one)[0] for one in apis if len(_stages(one)) == 1)
        return max(stages, key=lambda one: (stages[one], one), default="RELEASE")

    def _instance(self) -> None:
        """The instance that the groups are on, which is used by its id."""
        draft, first = self._draft, ""
        for entry in self.at("apiGroups"):
            instance = draft.found(entry).text("instanceId")
            own = "" if instance.startswith(_SHARED) else instance
            if entry is self.at("apiGroups")[0]:
                first = own
            elif own != first:
                rule = f"it is on the instance {instance}, and others are on {first or 'none'}"
                draft.refuse(entry, rule, "groups of one stack are on one instance")
        if first:
            draft.put((SECTION, "instance"), {"id": first})

    def _group(self, entry: Entry, namer: Namer) -> None:
        draft, found = self._draft, self._draft.found(entry)
        key = self._key(entry, namer, found.text("name"), "group")
        self._groups[entry.id] = key
        base = found.text("basePath").rstrip("/")
        value: dict[str, Any] = {
            **self._named(entry, key, found.text("name")),
            **described(found),
            **({"basePath": base} if base else {}),
            **({"intranet": True} if found.outputs.get("vpcIntranetEnable") else {}),
            **_arguments(GroupSettings, found),
        }
        draft.put((SECTION, "groups", key), value, entry)

    def _access(self, entry: Entry, namer: Namer) -> None:
        draft, found = self._draft, self._draft.found(entry)
        called, port = found.text("name"), int(found.outputs["port"])
        otherwise = f"access-{port}"
        key = namer.name(entry.name, called, otherwise)
        self._accesses[called] = key
        value: dict[str, Any] = {
            "instanceId": found.text("instanceId"),
            "port": port,
            "vpc": found.text("vpcId"),
            **self._named(entry, key, called, access_name),
            **_arguments(VpcAccessSettings, found),
        }
        draft.put((SECTION, "vpcAccess", key), value, entry)

    def _plugin(self, entry: Entry, namer: Namer) -> None:
        draft, found = self._draft, self._draft.found(entry)
        called, kind = found.text("pluginName"), found.text("pluginType")
        key = self._key(entry, namer, called, kind)
        self._plugins[entry.id] = key
        said = _said_by_plugin(kind, found.text("pluginData"))
        value = {**self._named(entry, key, called), **described(found), **said}
        draft.put((SECTION, "plugins", key), value, entry)

    def _ends(self, key: str, known: Mapping[str, str], what: str) -> dict[str, list[str]]:
        """By API, the names of the apps or plugins that are on it."""
        draft, found = self._draft, dict[str, list[str]]()
        apis = {entry.id for entry in self.at("apis")}
        for entry in self.at(key):
            group, api, end, stage = entry.id.split(":")
            if f"{group}:{api}" not in apis:
                draft.refuse(entry, "its API isn't taken over", "list that API as well")
            elif end not in known:
                draft.refuse(entry, f"its {what} isn't taken over", f"list that {what} as well")
            elif stage != self._stage:
                rule = f"it is about the stage {stage}, and the stack's APIs are on {self._stage}"
                draft.refuse(entry, rule, "another stage is another stack")
            else:
                found.setdefault(f"{group}:{api}", []).append(known[end])
        return found

    def _api(self, entry: Entry, namer: Namer, apps: Sequence[str], plugins: Sequence[str]) -> None:
        draft, found = self._draft, self._draft.found(entry)
        request = _values(found, "requestConfig")
        called, method = found.text("name"), str(request.get("method"))
        stages = _stages(found)
        if stages != [self._stage]:
            where = f"on {' and '.join(stages)}" if stages else "nowhere"
            rule = f"it is published {where}, and a stack has APIs that are on {self._stage} alone"
            draft.refuse(entry, rule, f"publish it on {self._stage} alone, and adopt again")
        group = self._groups.get(found.text("groupId"))
        if group is None:
            draft.refuse(entry, "its group isn't taken over", "list that group as well")
        path = str(request.get("path"))
        key = self._key(entry, namer, called, f"{method.lower()}{path.replace('/', '-')}")
        value: dict[str, Any] = {
            "group": group or "",
            "method": method,
            "path": path,
            **self._named(entry, key, called),
            **({} if found.text("description") == key else described(found)),
            **self._request(request, found),
            **_unless("app", "auth", found.text("authType").lower()),
            **_unless("", "appCode", found.text("appCodeAuthType").lower().replace("_", "-")),
            **({"replayProtection": True} if found.outputs.get("forceNonceCheck") else {}),
            **({"apps": sorted(apps)} if apps else {}),
            **({"plugins": sorted(plugins)} if plugins else {}),
            "backend": self._backend(entry, found, method),
            **self._parameters(entry, found),
            **_arguments(ApiSettings, found),
        }
        draft.put((SECTION, "apis", key), value, entry)

    def _request(self, request: _Values, found: Found) -> dict[str, Any]:
        """What callers send, as far as it isn't what an API says unasked."""
        body = str(request.get("bodyFormat") or "").lower()
        form = any(one.get("in") == "BODY" for one in _many(found, "requestParameters"))
        return {
            **_unless("https", "protocol", str(request.get("protocol")).lower()),
            **_unless("mapping", "mode", str(request.get("mode")).lower()),
            **_unless("form" if form else "", "bodyFormat", body),
        }

    def _backend(self, entry: Entry, found: Found, method: str) -> dict[str, Any]:
        kind = found.text("serviceType")
        if kind == "MOCK":
            return {"mock": {"body": _values(found, "mockServiceConfig").get("result", "")}}
        if kind == "FunctionCompute":
            return self._function(entry, _values(found, "fcServiceConfig"))
        own = _values(found, "httpVpcServiceConfig" if kind == "HTTP-VPC" else "httpServiceConfig")
        how = _unless(method, "method", str(own.get("method")))
        path = str(own.get("path") or "/")
        if kind == "HTTP-VPC":
            access = self._accesses.get(str(own.get("name")))
            if access is None:
                rule = f"it goes through the authorization {own.get('name')}, which isn't listed"
                self._draft.refuse(entry, rule, "add that one to vpcAccess")
            scheme = _unless("http", "scheme", str(own.get("vpcScheme") or "http").lower())
            backend = {"vpc": {"access": access or "", "path": path, **how, **scheme}}
        else:
            address = str(own.get("address"))
            if urlsplit(address).path or urlsplit(path).query:
                rule = f"its backend is {address} and there {path}, which no address says at once"
                self._draft.refuse(entry, rule, "write protocol and host alone into the address")
            backend = {"http": {"url": f"{address}{'' if path == '/' else path}", **how}}
        return {**backend, **_timeout(own)}

    def _function(self, entry: Entry, own: _Values) -> dict[str, Any]:
        draft = self._draft
        for name, wanted, what in (
            ("functionVersion", "3.0", "version of Function Compute"),
            ("functionType", "FCEvent", "kind"),
            ("region", draft.listing.region, "region"),
        ):
            if own.get(name) != wanted:
                rule = f"its function's {what} is {own.get(name)}; it has to be {wanted}"
                draft.refuse(entry, rule, "move it there first")
        called = str(own.get("functionName") or "")
        # One that is taken over is called by its name here.
        keys = {it.id: path[-1] for path, it in draft.origins.items() if path[0] == FUNCTIONS}
        function = {
            "function": keys.get(called, called),
            "role": own.get("arnRole", ""),
            **_unless("LATEST", "qualifier", str(own.get("qualifier") or "LATEST")),
        }
        return {"function": function, **_timeout(own)}

    def _parameters(self, entry: Entry, found: Found) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for key, attribute, said in (
            ("parameters", "requestParameters", _parameter),
            ("constants", "constantParameters", _constant),
            ("systemParameters", "systemParameters", _system_parameter),
        ):
            many = _many(found, attribute)
            names = [str(one.get("name")) for one in many]
            if len({*names}) != len(names):
                twice = next(name for name in names if names.count(name) > 1)
                rule = f"it has two {key} called {twice}"
                self._draft.refuse(entry, rule, "call one of them otherwise")
            if key == "constants" and (hidden := next(filter(names_a_secret, names), None)):
                rule = f"its constant {hidden} holds a secret, which a stack file has encrypted"
                self._draft.refuse(entry, rule, "write it into the stack file by hand")
            one_by_one = sorted(zip(names, many, strict=True), key=lambda it: it[0])
            if many:
                value[key] = {name: said(one) for name, one in one_by_one}
        return value


def _arguments(section: type[Made], found: Found) -> dict[str, Any]:
    arguments = arguments_of(section.makes, found)
    return {"arguments": arguments} if arguments else {}


def _parameter(one: _Values) -> dict[str, Any]:
    place = _place(one, "in")
    return {
        "in": place,
        **_unless("string", "type", str(one.get("type")).lower()),
        **({"required": True} if one.get("required") == "REQUIRED" else {}),
        **_unless("", "default", str(one.get("defaultValue") or "")),
        **_unless("", "description", str(one.get("description") or "")),
        **_unless(str(one.get("name")), "backendName", str(one.get("nameService"))),
        **_unless(place, "backendIn", _place(one, "inService")),
    }


def _constant(one: _Values) -> dict[str, Any]:
    description = _unless("", "description", str(one.get("description") or ""))
    return {"in": _place(one, "in"), "value": str(one.get("value")), **description}


def _system_parameter(one: _Values) -> dict[str, Any]:
    return {"in": _place(one, "in"), "backendName": str(one.get("nameService"))}


def _place(one: _Values, key: str) -> str:
    place = str(one.get(key))
    return _PLACES.get(place, place)


def _timeout(own: _Values) -> dict[str, Any]:
    timeout = int(own.get("timeout") or DEFAULT_TIMEOUT)
    return {} if timeout == DEFAULT_TIMEOUT else {"timeout": timeout}


def _unless(default: str, key: str, value: str) -> dict[str, str]:
    """A setting, unless it is what it is unasked."""
    return {} if value == default else {key: value}


def _values(found: Found, attribute: str) -> _Values:
    value: object = found.outputs.get(attribute)
    return cast("_Values", value) if isinstance(value, dict) else {}


def _many(found: Found, attribute: str) -> list[_Values]:
    value: object = found.outputs.get(attribute)
    return cast("list[_Values]", value) if isinstance(value, list) else []


def _stages(found: Found) -> list[str]:
    return sorted(map(str, found.outputs.get("stageNames") or ()))


def _said_by_plugin(kind: str, text: str) -> dict[str, Any]:
    """A plugin in the settings of its kind, where those make the same text; else as it is."""
    data = YamlFile(Path("data"), text).values
    if kind in PLUGIN_KINDS and isinstance(data, dict):
        # The gateway takes some lists as text with commas.
        split = {key: it.split(",") if isinstance(it, str) else it for key, it in data.items()}
        for said in (data, split):
            reading = read(PluginSettings, {kind: said}, ())
            settings = reading.settings
            if settings is not None and not reading.problems and settings.text() == text:
                return {kind: said}
    return {"other": {"type": kind, "data": text}}


APIS: Final = Part(
    starts={START: "…"},
    find=group_found,
    links=lambda _listing: iter(()),
    compose=_compose,
)
