"""The definition of a plugin: a YAML or JSON text with the keys that its type has."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import yaml

from sandbox.cloud.errors import CloudError

__all__ = ["accesses_in", "read_data"]

# Bytes.
_LARGEST = 50 * 1024
# Where a type isn't here its keys aren't looked at.
_KEYS: Mapping[str, frozenset[str]] = {
    kind: frozenset(keys.split())
    for kind, keys in {
        "accessControl": "parameters rules",
        "backendSignature": "type key secret signatureMethod",
        "basicAuth": "users",
        "caching": "varyByApp varyByParameters varyByHeaders clientCacheControl cacheableHeaders "
        "duration",
        "circuitBreaker": "timeoutThreshold parameters errorCondition errorThreshold "
        "windowInSeconds openTimeoutSeconds downgradeBackend",
        "cors": "allowOrigins allowMethods allowHeaders exposeHeaders allowCredentials maxAge",
        "errorMapping": "parameters errorCondition errorCode mappings defaultMapping",
        "ipControl": "type resource items",
        "jwtAuth": "parameter parameterLocation preventJtiReplay bypassEmptyToken "
        "ignoreExpirationCheck orAppAuth claimParameters jwk jwks",
        "routing": "parameters routes",
        "trafficControl": "unit apiDefault userDefault appDefault specials controlMode "
        "blockingMode",
    }.items()
}
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "accessControl": ("rules",),
    "backendSignature": ("type", "key", "secret"),
    "ipControl": ("type", "items"),
    "routing": ("routes",),
    "trafficControl": ("unit",),
}


def read_data(kind: str, text: str) -> Mapping[str, Any]:
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
    if missing := [key for key in _NEEDED.get(kind, ()) if data.get(key) in (None, "")]:
        raise CloudError("InvalidPluginData", f"A {kind} plugin needs the key {missing[0]!r}.")
    return data


def accesses_in(data: object) -> Iterator[object]:
    """Names of the VPC authorizations that it sends requests to."""
    if isinstance(data, dict):
        inner = cast("dict[str, object]", data)
        if "vpcAccessName" in inner:
            yield inner["vpcAccessName"]
        for value in inner.values():
            yield from accesses_in(value)
    elif isinstance(data, list):
        for value in cast("list[object]", data):
            yield from accesses_in(value)
