"""Whether both programs registered the same resources: else a ratio between them means nothing.

Components don't count as resources: they are part of our cost. What a component waits for, its
children wait for; so what is compared is all that comes before a resource, not whom it names.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

Request = Mapping[str, Any]

_COMPARED = ("type", "name", "inputs", "deleteBeforeReplace", "protect", "ignoreChanges")


def differences(ours: Iterable[Request], bare: Iterable[Request]) -> list[str]:
    """A line for each provider resource that only one has, or that they have differently."""
    mine, other = _resources(ours), _resources(bare)
    found: list[str] = []
    for name in sorted({*mine, *other}):
        if name not in other or name not in mine:
            found.append(f"{name}: only {'ours' if name in mine else 'the bare program'} has it")
            continue
        found += [
            f"{name}: {key} is {mine[name][key]} in ours and {value} in the bare program"
            for key, value in other[name].items()
            if mine[name][key] != value
        ]
    return found


def _resources(requests: Iterable[Request]) -> dict[str, dict[str, Any]]:
    by_urn = {str(request["urn"]): request for request in requests}
    before: dict[str, frozenset[str]] = {}
    return {
        request["name"]: {key: _plain(request[key]) for key in _COMPARED}
        | {"before": sorted(_before(urn, by_urn, before))}
        for urn, request in by_urn.items()
        if request["custom"]
    }


def _plain(value: object) -> object:
    """Text for anything with an order of its own, so that equal things compare equal."""
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else value


def _before(
    urn: str, by_urn: Mapping[str, Request], known: dict[str, frozenset[str]]
) -> frozenset[str]:
    """Names of the provider resources that come before `urn`, however indirectly."""
    if urn in known:
        return known[urn]
    request = by_urn.get(urn)
    if request is None:
        return frozenset()
    found: set[str] = set()
    for other in (*request["dependencies"], request["parent"]):
        found |= _before(other, by_urn, known)
        if other in by_urn and by_urn[other]["custom"]:
            found.add(by_urn[other]["name"])
    known[urn] = frozenset(found)
    return known[urn]
