"""Plugins, and which APIs have them on which stage.

The definition of a plugin is a YAML or JSON text with the keys that its type has.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, ClassVar, cast

import yaml
from typing_extensions import override

from sandbox.cloud.apigateway.api import need_access, need_published
from sandbox.cloud.apigateway.names import check_length, digest
from sandbox.cloud.core import Attributes, CloudError, Dependent, Kind, Resource, Session
from sandbox.cloud.core.kind import TIME, Quota
from sandbox.cloud.core.name_checks import matching

__all__ = ["Plugin", "PluginAttachment"]

_ATTACHMENT = "api_gateway_plugin_attachment"
_LONGEST_DESCRIPTION = 200
# Bytes.
_LARGEST = 50 * 1024
# Where a type isn't here its keys aren't looked at.
_KEYS: Mapping[str, frozenset[str]] = {
    kind: frozenset(keys.split())
    for kind, keys in {
        "accessControl": "parameters rules",
        "backendSignature": "type key secret signatureMethod",
        "basicAuth": "users usersDatasetId",
        "caching": "varyByApp varyByParameters varyByHeaders clientCacheControl cacheableHeaders "
        "duration",
        "circuitBreaker": "timeoutThreshold parameters errorCondition errorThreshold "
        "windowInSeconds openTimeoutSeconds downgradeBackend",
        "cors": "allowOrigins allowMethods allowHeaders exposeHeaders allowCredentials maxAge",
        "errorMapping": "parameters errorCondition errorCode mappings defaultMapping",
        "ipControl": "type resource items",
        "jwtAuth": "parameter parameterLocation preventJtiReplay bypassEmptyToken "
        "ignoreExpirationCheck orAppAuth claimParameters jwk jwks",
        "remoteAuth": "parameters authUriType authUri passThroughBody passThroughPath "
        "cachedTimeBySecond trimAuthorizationHeaderPrefix authParameters successCondition "
        "errorMessage errorStatusCode errorPassThroughHeaderList",
        "routing": "parameters routes",
        "trafficControl": "unit apiDefault userDefault appDefault specials controlMode "
        "blockingMode scope defaultLimit defaultPeriod defaultRetryAfterBySecond parameters rules",
        "logMask": "rules",
        "transformer": "addRequestParameterIfAbsent putRequestParameter removeRequestParameter "
        "setResponseStatusCode addResponseHeaderIfAbsent putResponseHeader removeResponseHeader",
    }.items()
}
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "accessControl": ("rules",),
    "backendSignature": ("type", "key", "secret"),
    "ipControl": ("type", "items"),
    "logMask": ("rules",),
    "remoteAuth": ("authUriType", "authUri", "successCondition"),
    "routing": ("routes",),
    "trafficControl": ("unit", "apiDefault"),
}
# trafficControl has two formats; these are the other one's.
_OF_PARAMETERS = ("defaultLimit", "defaultPeriod")


class Plugin(Kind):
    name = "api_gateway_plugin"
    not_found = "NotFoundPlugin"
    texts: ClassVar = {
        "description": partial(check_length, longest=_LONGEST_DESCRIPTION),
        "plugin_name": matching(
            r"[A-Za-z0-9\u4e00-\u9fa5][A-Za-z0-9_\u4e00-\u9fa5]{3,49}",
            "InvalidPluginName",
            "isn't 4 to 50 letters, digits and underscores, the first of them no underscore",
        ),
    }
    quotas = (Quota("api_plugins_per_region", "ExceedLimitPlugin"),)
    dependents = (
        Dependent(
            _ATTACHMENT,
            "plugin_id",
            "DependencyViolationPlugin",
            "The plugin {it[plugin_name]} is still attached to the API {user[api_id]}.",
        ),
    )
    fills: ClassVar = {"create_time": TIME}

    @override
    def shaped(self, drawn: str) -> str:
        return digest(drawn)

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        data = _read_data(str(asked.get("plugin_type")), str(asked.get("plugin_data") or ""))
        for access in _accesses_in(data):
            need_access(session, access)


class PluginAttachment(Kind):
    """A plugin on an API, on one stage. It stays when the API is unpublished."""

    name = _ATTACHMENT
    not_found = "NotFoundPluginAttachment"
    id_parts = ("group_id", "api_id", "plugin_id", "stage_name")
    indexed = ("api_id",)

    @override
    def prepare(self, session: Session, wanted: Attributes) -> None:
        stage = wanted["stage_name"]
        api = need_published(session, wanted["group_id"], wanted["api_id"], stage)
        plugin = session.need(Plugin.name, wanted["plugin_id"])
        for other in session.find(self.name, api_id=api.id):
            there = session.get(Plugin.name, other["plugin_id"])
            if other["stage_name"] != stage or there is None:
                continue
            if there["plugin_type"] == plugin["plugin_type"]:
                raise CloudError(
                    "RepeatedPlugin",
                    f"The API {api['name']} has the {plugin['plugin_type']} plugin "
                    f"{there['plugin_name']} on {stage} already; it can have one of a type.",
                )


def _read_data(kind: str, text: str) -> Mapping[str, Any]:
    """The definition as values; one that the cloud refuses is refused."""
    size = len(text.encode())
    if size > _LARGEST:
        raise CloudError("InvalidPluginData", f"It has {size} bytes; {_LARGEST} fit.")
    try:
        # JSON is YAML.
        read: object = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        raise CloudError("InvalidPluginData", f"It is neither YAML nor JSON: {problem}.") from None
    if not isinstance(read, dict):
        raise CloudError("InvalidPluginData", "It isn't a map of keys and values.")
    data = cast("dict[str, Any]", read)
    if kind in _KEYS and (strange := sorted(data.keys() - _KEYS[kind])):
        words = ", ".join(sorted(_KEYS[kind]))
        raise CloudError(
            "InvalidPluginData", f"A {kind} plugin has no key {strange[0]!r}; it has {words}."
        )
    needed = _OF_PARAMETERS if _OF_PARAMETERS[0] in data else _NEEDED.get(kind, ())
    if missing := [key for key in needed if data.get(key) in (None, "")]:
        raise CloudError("InvalidPluginData", f"A {kind} plugin needs the key {missing[0]!r}.")
    return data


def _accesses_in(data: object) -> Iterator[object]:
    """Names of the VPC authorizations that it sends requests to."""
    if isinstance(data, dict):
        inner = cast("dict[str, object]", data)
        if "vpcAccessName" in inner:
            yield inner["vpcAccessName"]
        for value in inner.values():
            yield from _accesses_in(value)
    elif isinstance(data, list):
        for value in cast("list[object]", data):
            yield from _accesses_in(value)
