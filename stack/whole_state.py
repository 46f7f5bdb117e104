"""What a state has to be for the engine to load it, judged before the engine is asked.

The engine's own rules (pkg/resource/deploy/snapshot.go, VerifyIntegrity), but for one: that a
resource stands in a state twice is nothing to go back for, since `tools.settle` mends it.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

_KINDS: Final[Mapping[str, type]] = {
    **dict.fromkeys(("urn", "type", "id", "parent", "provider", "deletedWith"), str),
    **dict.fromkeys(("custom", "delete", "protect", "pendingReplacement"), bool),
    **dict.fromkeys(("inputs", "outputs", "propertyDependencies"), dict),
    **dict.fromkeys(("dependencies", "replaceWith"), list),
}
"""What the fields of a resource hold that somebody reads."""

_WORDS: Final[Mapping[type, str]] = {str: "text", bool: "boolean", dict: "object", list: "list"}

_URN_STARTS: Final = "urn:pulumi:"
_URN_PARTS: Final = 4


class NotWholeError(ValueError):
    """Why the engine wouldn't load a state."""


def whole(deployment: object) -> dict[str, Any]:
    """The state, in the form of `pulumi stack export`, where the engine would load it.

    Raises:
        NotWholeError: it wouldn't.
    """
    state = _mapping(deployment, "the state")
    manifest = _mapping(state.get("manifest") or {}, "the manifest")
    version = str(manifest.get("version") or "")
    if str(manifest.get("magic") or "") != (
        version and hashlib.sha256(version.encode()).hexdigest()
    ):
        message = "the manifest's magic doesn't fit its version"
        raise NotWholeError(message)
    standing: set[str] = set()
    for number, one in enumerate(_list(state, "resources", "the state"), 1):
        resource = _resource(one, f"resource {number}")
        for role, other in _leans_on(resource):
            if not isinstance(other, str) or other not in standing:
                message = f"{resource['urn']}: its {role} {other} doesn't stand before it"
                raise NotWholeError(message)
        urn = str(resource["urn"])
        standing |= {urn, f"{urn}::{resource.get('id')}"}  # the latter is how a provider is named
    for number, one in enumerate(_list(state, "pending_operations", "the state"), 1):
        name = f"pending operation {number}"
        operation = _mapping(one, name)
        if not isinstance(operation.get("type"), str):
            message = f"{name} has no type"
            raise NotWholeError(message)
        _resource(operation.get("resource"), f"the resource of {name}")
    return state


def whole_in_file(document: object) -> dict[str, Any]:
    """The state in a file of the backend; an empty one where nothing has run yet.

    Raises:
        NotWholeError: the engine wouldn't load it.
    """
    file = _mapping(document, "the file")
    if "checkpoint" not in file:
        message = "it holds no state"
        raise NotWholeError(message)
    latest: object = _mapping(file["checkpoint"], "its checkpoint").get("latest")
    return {} if latest is None else whole(latest)


def _resource(one: object, name: str) -> dict[str, Any]:
    resource = _mapping(one, name)
    for key, kind in _KINDS.items():
        if resource.get(key) is not None and not isinstance(resource[key], kind):
            message = f"{name}: its {key} is no {_WORDS[kind]}"
            raise NotWholeError(message)
    urn = str(resource.get("urn") or "")
    if not urn.startswith(_URN_STARTS) or len(urn.split("::")) < _URN_PARTS:
        message = f"{name} has {f'the URN {urn!r}' if urn else 'no URN'}"
        raise NotWholeError(message)
    if not resource.get("type"):
        message = f"{urn} has no type"
        raise NotWholeError(message)
    if resource.get("id") and not resource.get("custom"):
        message = f"{urn} has an id, and isn't custom"
        raise NotWholeError(message)
    return resource


def _leans_on(resource: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """What has to stand before a resource, and what it is to it."""
    urn = str(resource["urn"])
    properties: dict[str, object] = resource.get("propertyDependencies") or {}
    named: list[tuple[str, object]] = [
        ("parent", resource.get("parent")),
        ("deletedWith", resource.get("deletedWith")),
        *(("dependency", one) for one in _list(resource, "dependencies", urn)),
        *(("replaceWith", one) for one in _list(resource, "replaceWith", urn)),
        *((f"{key}'s source", one) for key in properties for one in _list(properties, key, urn)),
    ]
    if not resource.get("pendingReplacement"):
        named.append(("provider", resource.get("provider")))
    for role, other in named:
        if other is not None and other != "":
            yield role, other


def _mapping(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        message = f"{name} is no {_WORDS[dict]}"
        raise NotWholeError(message)
    return cast("dict[str, Any]", value)


def _list(holder: Mapping[str, Any], key: str, name: str) -> list[object]:
    value: object = holder.get(key)
    if value is not None and not isinstance(value, list):
        message = f"{name}: its {key} is no {_WORDS[list]}"
        raise NotWholeError(message)
    return cast("list[object]", value or [])
