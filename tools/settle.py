"""`python -m tools settle`: a state as it was found, made ready for `pulumi stack import`.

    pulumi stack export --file before.json
    python -m tools settle before.json port-mappings-web=ftb-…:fwd-… app1=gone > after.json
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
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from facts.contract import import_id_form
from stack.command_line import DONE, command, tell
from stack.problems import NotDoneError
from stack.pulumi_wire import name_of
from stack.whole_state import (
    NotWholeError,
    creating,
    pending_creates,
    settled,
    undoubled,
    whole,
    whole_in_file,
)

GONE = "gone"
"""Said instead of an id: the cloud doesn't have it."""

_LONGEST_SHOWN = 60


class UnsettledError(NotDoneError):
    """Why a state can't be settled as asked; `str()` says so, and what to say instead."""


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
    raise NotWholeError("it holds no deployment")


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
            raise UnsettledError(f"{pair!r} is no decision: it takes name=id, or name={GONE}")
        meant = [u for u in pending_creates(deployment) if name in {u, name_of(u)}]
        if not meant:
            raise UnsettledError(f"{name} isn't a pending create.\n\n{_listed(deployment, {})}")
        if len(meant) > 1:
            message = "\n  ".join([f"{name} may be any of these, so give the URN:", *meant])
            raise UnsettledError(message)
        words[meant[0]] = word
    if words.keys() < set(pending_creates(deployment)):
        raise UnsettledError(_listed(deployment, words))
    return {urn: word for urn, word in words.items() if word != GONE}


def _listed(deployment: Mapping[str, Any], words: Mapping[str, str]) -> str:
    left = [r for r in creating(deployment) if r["urn"] not in words]
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


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("state", type=Path, help="an export, or a file of the backend")
    parser.add_argument(
        "said", nargs="*", metavar="NAME=ID", help=f"what became of each; {GONE} for nothing"
    )


@command("settle", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Print the settled state; returns the exit code."""
    try:
        export = exported(json.loads(options.state.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise NotDoneError(f"{options.state} is no state of a stack: {error}") from None
    deployment, doubles = undoubled(export["deployment"])
    try:
        ids = decided(deployment, options.said)
    except UnsettledError as unsettled:
        raise UnsettledError(f"Nothing was settled.\n\n{unsettled}") from None
    export["deployment"] = settled(deployment, ids)
    for line in doubles:
        tell(line)
    for urn in pending_creates(deployment):
        verdict = f"kept as {ids[urn]}" if urn in ids else "forgotten: it had not been created"
        tell(f"{name_of(urn)}: {verdict}")
    print(json.dumps(export, indent=2))
    return DONE


if __name__ == "__main__":
    sys.exit(main())
