"""`python -m tools.settle`: a state as it was found, made ready for `pulumi stack import`.

    pulumi stack export --file before.json
    python -m tools.settle before.json port-mappings-web=ftb-…:fwd-… app1=gone > after.json
    pulumi stack import --file after.json
    pulumi refresh

A run that was killed leaves "pending creates": calls whose end the state never saw. Whoever calls
looks each up in the cloud, and says what became of it: its id, and it becomes a resource like any
other; or `gone`, and it is forgotten. Without a word on every one nothing is printed but the list
of them: a forgotten address would be paid for by someone who doesn't know that it exists.
`pulumi refresh` then reads the rest.

Pulumi's own `refresh --import-pending-creates` doesn't do this job: as of 3.276 it marks the calls
as imports, which the refresh that follows drops, and the resources with them.

A state in which a resource stands twice (a defect of the engine, docs/adr/0020) can't be loaded any
more ("snapshot integrity failure"), but exported it can. The earlier of the two gets a name of its
own: the program doesn't know that, so that the next run deletes it, once what stands on it is gone.
Where both have the same id, they are one thing, and the second is left out.

The backend's own files (`history/….checkpoint.json`, `backups/`, `….json.bak`) have another form
than an export, which `pulumi stack import` doesn't take. They are read as well, so that an earlier
state can be imported.
"""

import argparse
import copy
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from facts.import_ids import import_id_form
from stack.pulumi_wire import name_of
from stack.whole_state import NotWholeError, whole, whole_in_file

CREATING = "creating"
GONE = "gone"
"""Said instead of an id: the cloud doesn't have it."""

_LONGEST_SHOWN = 60


class UnsettledError(Exception):
    """Why a state can't be settled as asked; `str()` says so, and what to say instead."""


def pending_creates(deployment: Mapping[str, Any]) -> list[str]:
    """The URNs of what may or may not have been created."""
    return [str(resource["urn"]) for resource in _creating(deployment)]


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
        for resource in _creating(result)
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


def _creating(deployment: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
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


def exported(document: object) -> dict[str, Any]:
    """A file of the backend, or an export, as `pulumi stack import` takes it.

    Raises:
        NotWholeError: it is neither, or the engine wouldn't load it.
    """
    file = cast("dict[str, Any]", document) if isinstance(document, dict) else {}
    if "deployment" in file:
        return {**file, "deployment": whole(file["deployment"])}
    latest = whole_in_file(file)
    if latest:
        rest = {key: value for key, value in file.items() if key != "checkpoint"}
        return {**rest, "deployment": latest}
    message = "it holds no deployment"
    raise NotWholeError(message)


def decided(deployment: Mapping[str, Any], said: Sequence[str]) -> dict[str, str]:
    """The ids that were said, by URN, where every pending create has a word said about it.

    Args:
        deployment: the state.
        said: `name=id` or `name=gone`; a name is the last part of a URN, or the URN.

    Raises:
        UnsettledError: something isn't said, or is said of nothing or of two.
    """
    words: dict[str, str] = {}
    for pair in said:
        name, _, word = pair.rpartition("=")
        if not name or not word:
            message = f"{pair!r} is no decision: it takes name=id, or name={GONE}"
            raise UnsettledError(message)
        meant = [u for u in pending_creates(deployment) if name in {u, name_of(u)}]
        if not meant:
            message = f"{name} isn't a pending create.\n\n{_listed(deployment, {})}"
            raise UnsettledError(message)
        if len(meant) > 1:
            message = "\n  ".join([f"{name} may be any of these, so give the URN:", *meant])
            raise UnsettledError(message)
        words[meant[0]] = word
    if words.keys() < set(pending_creates(deployment)):
        raise UnsettledError(_listed(deployment, words))
    return {urn: word for urn, word in words.items() if word != GONE}


def _listed(deployment: Mapping[str, Any], words: Mapping[str, str]) -> str:
    left = [r for r in _creating(deployment) if r["urn"] not in words]
    if not left:
        return "No create is pending."
    lines = [
        f"Look each of these up in the cloud, then say its id, or {GONE} where it isn't there:",
        *(line for resource in left for line in _described(resource)),
    ]
    return "\n".join(lines)


def _described(resource: Mapping[str, Any]) -> Iterator[str]:
    name = name_of(resource["urn"])
    token = str(resource.get("type", ""))
    yield f"\n  {name}={import_id_form(token)}"
    yield f"    {token.rpartition(':')[2]}"
    # Never what is nested: a secret is, as the state has it.
    inputs: dict[str, object] = resource.get("inputs") or {}
    for key, value in inputs.items():
        text = str(value) if isinstance(value, str | int) else ""
        if 0 < len(text) <= _LONGEST_SHOWN and not key.startswith("__"):
            yield f"    {key}: {text}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the settled state; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        export = exported(json.loads(options.state.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        print(f"{options.state} is no state of a stack: {error}", file=sys.stderr)
        return 1
    deployment, doubles = undoubled(export["deployment"])
    try:
        ids = decided(deployment, options.said)
    except UnsettledError as unsettled:
        print(f"Nothing was settled.\n\n{unsettled}", file=sys.stderr)
        return 1
    export["deployment"] = settled(deployment, ids)
    for line in doubles:
        print(line, file=sys.stderr)
    for urn in pending_creates(deployment):
        verdict = f"kept as {ids[urn]}" if urn in ids else "forgotten: it had not been created"
        print(f"{name_of(urn)}: {verdict}", file=sys.stderr)
    print(json.dumps(export, indent=2))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.settle",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("state", type=Path, help="an export, or a file of the backend")
    parser.add_argument(
        "said", nargs="*", metavar="NAME=ID", help=f"what became of each; {GONE} for nothing"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
