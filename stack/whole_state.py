"""What a state has to be for the engine to load it, and how one that isn't is made so.

Judged by the engine's own rules (pkg/resource/deploy/snapshot.go, VerifyIntegrity), but for one:
that a resource stands in a state twice is nothing to go back for, since it is mended here. So are
creates whose end a run didn't see, once somebody knows what became of each.
"""

import copy
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from stack.pulumi_wire import is_urn, name_of

CREATING: Final = "creating"
"""What the engine calls the operation that a pending create is."""

_KINDS: Final[Mapping[str, type]] = {
    **dict.fromkeys(("urn", "type", "id", "parent", "provider", "deletedWith"), str),
    **dict.fromkeys(("custom", "delete", "protect", "pendingReplacement"), bool),
    **dict.fromkeys(("inputs", "outputs", "propertyDependencies"), dict),
    **dict.fromkeys(("dependencies", "replaceWith"), list),
}
"""What the fields of a resource hold that somebody reads."""

_WORDS: Final[Mapping[type, str]] = {str: "text", bool: "boolean", dict: "object", list: "list"}


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
        raise NotWholeError("the manifest's magic doesn't fit its version")
    standing: set[str] = set()
    for number, one in enumerate(_list(state, "resources", "the state"), 1):
        resource = _resource(one, f"resource {number}")
        urn = str(resource["urn"])
        for role, other in _leans_on(resource):
            if not isinstance(other, str) or other not in standing:
                raise NotWholeError(f"{urn}: its {role} {other} doesn't stand before it")
        standing |= {urn, f"{urn}::{resource.get('id')}"}  # the latter is how a provider is named
    for number, one in enumerate(_list(state, "pending_operations", "the state"), 1):
        name = f"pending operation {number}"
        operation = _mapping(one, name)
        if not isinstance(operation.get("type"), str):
            raise NotWholeError(f"{name} has no type")
        _resource(operation.get("resource"), f"the resource of {name}")
    return state


def whole_in_file(document: object) -> dict[str, Any]:
    """The state in a file of the backend; an empty one where nothing has run yet.

    Raises:
        NotWholeError: the engine wouldn't load it.
    """
    file = _mapping(document, "the file")
    if "checkpoint" not in file:
        raise NotWholeError("it holds no state")
    latest: object = _mapping(file["checkpoint"], "its checkpoint").get("latest")
    return {} if latest is None else whole(latest)


def _resource(one: object, name: str) -> dict[str, Any]:
    resource = _mapping(one, name)
    for key, kind in _KINDS.items():
        if resource.get(key) is not None and not isinstance(resource[key], kind):
            raise NotWholeError(f"{name}: its {key} is no {_WORDS[kind]}")
    urn = str(resource.get("urn") or "")
    if not is_urn(urn):
        raise NotWholeError(f"{name} has {f'the URN {urn!r}' if urn else 'no URN'}")
    if not resource.get("type"):
        raise NotWholeError(f"{urn} has no type")
    if resource.get("id") and not resource.get("custom"):
        raise NotWholeError(f"{urn} has an id, and isn't custom")
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
        raise NotWholeError(f"{name} is no {_WORDS[dict]}")
    return cast("dict[str, Any]", value)


def _list(holder: Mapping[str, Any], key: str, name: str) -> list[object]:
    value: object = holder.get(key)
    if value is not None and not isinstance(value, list):
        raise NotWholeError(f"{name}: its {key} is no {_WORDS[list]}")
    return cast("list[object]", value or [])


def pending_creates(deployment: Mapping[str, Any]) -> list[str]:
    """The URNs of what may or may not have been created."""
    return [str(resource["urn"]) for resource in creating(deployment)]


def settled(deployment: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    """The deployment without pending operations; creates that have an id become resources.

    They go last: what they depend on stands before them, since they had been started after it. One
    that was to replace a resource goes before that, which is then left to be deleted by the next
    run, as the engine itself has it. Interrupted updates and deletes need nothing: their resources
    are in the state already.

    Raises:
        KeyError: an id is given for something that isn't a pending create.
    """
    result = copy.deepcopy(dict(deployment))
    left = dict(ids)
    made = [
        {**resource, "id": left.pop(urn), "outputs": dict(resource.get("inputs") or {})}
        for resource in creating(result)
        if (urn := str(resource["urn"])) in left
    ]
    if left:
        raise KeyError(", ".join(sorted(left)))
    result.pop("pending_operations", None)
    for resource in made:
        _put(result.setdefault("resources", []), resource)
    return result


def is_doubled(deployment: Mapping[str, Any]) -> bool:
    """Whether a resource stands in the state twice, beside what is only left to be deleted."""
    resources: list[Mapping[str, Any]] = deployment.get("resources") or []
    urns = [str(resource["urn"]) for resource in resources if not resource.get("delete")]
    return len(set(urns)) < len(urns)


def undoubled(deployment: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The deployment with every resource in it once, and what was done for that, a line each.

    The engine writes what a run has made before what was there already, so the first of two is the
    new one. What stands on the other one (an input has a value that only that one has) goes on
    doing so under its new name. Two with one id are one thing in the cloud: the second is left
    out, since to delete it would be to delete the first.
    """
    result = copy.deepcopy(dict(deployment))
    resources: list[dict[str, Any]] = result.get("resources") or []
    current: dict[str, dict[str, Any]] = {}
    standing: set[tuple[str, object]] = set()
    left: list[dict[str, Any]] = []
    done: list[str] = []
    for resource in resources:
        urn, identity = str(resource["urn"]), resource.get("id")
        if resource.get("delete"):
            left.append(resource)
            continue
        if (urn, identity) in standing:
            done.append(f"{name_of(urn)} stood twice as {identity or 'the same'}: once is left out")
            continue
        standing.add((urn, identity))
        left.append(resource)
        if urn not in current:
            current[urn] = resource
            continue
        earlier = _free(f"{urn}-replaced", current)
        own = _values(resource) - _values(current[urn])
        for dependent in resources:
            _lean_on(dependent, urn, earlier, own)
        resource["urn"] = earlier
        current[earlier] = resource
        kept = current[urn].get("id")
        done.append(
            f"{name_of(urn)} stood twice: {kept} is kept, and {identity} is left to be deleted"
        )
    if done:
        result["resources"] = left
        metadata: dict[str, object] = result.get("metadata") or {}
        metadata.pop("integrity_error", None)
    return result, done


def _free(urn: str, taken: Mapping[str, object]) -> str:
    number = 1
    while (found := urn if number == 1 else f"{urn}-{number}") in taken:
        number += 1
    return found


def _values(resource: Mapping[str, Any]) -> set[str]:
    """What others name a resource by: its id, and ids among its outputs."""
    outputs: dict[str, object] = resource.get("outputs") or {}
    ids = {str(one) for key, one in outputs.items() if key.lower().endswith(("id", "ids")) and one}
    return {str(resource.get("id")), *ids}


def _lean_on(dependent: dict[str, Any], urn: str, other: str, values: set[str]) -> None:
    """Let a resource depend on `other` instead of `urn` where an input has one of the values."""
    properties: dict[str, list[str]] = dependent.get("propertyDependencies") or {}
    inputs: dict[str, object] = dependent.get("inputs") or {}
    moved = False
    for key, sources in properties.items():
        said = json.dumps(inputs.get(key))
        if urn in sources and any(f'"{value}"' in said for value in values):
            properties[key] = [other if source == urn else source for source in sources]
            moved = True
    if moved:
        named: list[str] = dependent.get("dependencies") or []
        dependent["dependencies"] = [other if source == urn else source for source in named]


def creating(deployment: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What may or may not have been created, as the state has it."""
    for operation in deployment.get("pending_operations") or ():
        if operation["type"] == CREATING:
            yield operation["resource"]


def _put(resources: list[dict[str, Any]], made: dict[str, Any]) -> None:
    for place, other in enumerate(resources):
        if other["urn"] == made["urn"] and not other.get("delete"):
            other["delete"] = True
            resources.insert(place, made)
            return
    resources.append(made)
