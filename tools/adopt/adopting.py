"""From a list and what was read of it to everything that taking it over needs.

All or nothing: while anything that is listed doesn't fit, nothing is written. What is to be left
alone is taken off the list, so that the list always says what the stack has.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facts import kinds
from stack.problems import Problem, StackFileError
from stack.settings import StackSettings
from stack.stack_file import StackFile
from tools.adopt.cloud import Cloud
from tools.adopt.composing import compose
from tools.adopt.drafting import Draft
from tools.adopt.foreseeing import Change, changes, created
from tools.adopt.import_file import import_file
from tools.adopt.listing import Entry, Listing, entries, read_listing, refusal
from tools.adopt.matching import Key, matched
from tools.adopt.text import stack_text
from topologies import TOPOLOGIES
from topologies.recorder import PROVIDER_TYPES, RecordedResource, record, record_all

_RUN_IN_SERVERS = {kinds.COMMAND, kinds.INVOCATION}
"""What may be created beside what exists: scripts that set a server's routes can't be taken over,
and change nothing where the routes are right."""


@dataclass(frozen=True)
class Adoption:
    """What taking over what a list says comes to."""

    text: str
    """The stack file."""

    import_file: dict[str, Any]
    """What `pulumi import --file` reads."""

    taken: tuple[tuple[str, str], ...]
    """Names in Pulumi and ids, of everything that is taken over."""

    changes: tuple[Change, ...]
    """What the first `up` changes, in place."""

    creates: tuple[str, ...]
    """Names of what the first `up` creates."""

    warnings: tuple[Problem, ...]
    """Of the stack file."""


def adopt(list_file: Path, cloud: Cloud, stack: str, schema: str) -> Adoption:
    """Work out a stack file and an import file.

    Args:
        list_file: the list.
        cloud: what was read of it.
        stack: the new stack's name.
        schema: where the stack file's schema is, from the stack file.

    Raises:
        StackFileError: about the list, with all that doesn't fit.
    """
    listing = read_listing(list_file)
    problems = cloud.unread(listing)
    if problems:
        raise refusal(list_file, problems)
    draft = compose(listing, cloud, stack)
    if draft.problems:
        raise refusal(list_file, draft.problems)
    text = stack_text(draft, schema, list_file.name)
    try:
        settings = _judged(draft, text)
        marked = compose(listing, cloud, stack, marking=True)
        probe = _judged(marked, stack_text(marked, schema, list_file.name))
    except StackFileError as error:
        raise refusal(list_file, [draft.traced(problem) for problem in error.problems]) from None
    everything, components = record_all(settings)
    recorded = [one for one in everything if not one.type.startswith(PROVIDER_TYPES)]
    ids = matched(record(probe), entries(listing))
    found = [*changes(recorded, ids, cloud)]
    problems = [*_replacements(listing, found), *_strangers(draft, recorded, ids)]
    if problems:
        raise refusal(list_file, problems)
    return Adoption(
        text,
        import_file(recorded, ids, components),
        tuple(
            (one.name, ids[one.type, one.name]) for one in recorded if (one.type, one.name) in ids
        ),
        tuple(found),
        tuple(one.name for one in created(recorded, ids)),
        settings.warnings,
    )


def _judged(draft: Draft, text: str) -> StackSettings:
    """The settings that the text holds, by the program's own loader."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"Pulumi.{draft.stack}.yaml"
        file.write_text(text, encoding="utf-8")
        return StackFile(file, draft.stack, TOPOLOGIES).settings


def _replacements(listing: Listing, found: list[Change]) -> Iterator[Problem]:
    """What could be had only by a new resource in place of the one that exists."""
    for change in found:
        if not change.replaces:
            continue
        entry = _entry(listing, change.id)
        rule = (
            f"its {change.property} is {change.before!r}, the program has {change.after!r}, and it "
            "can't be changed: it would be deleted and made anew"
        )
        remedy = "change it in the cloud where that can be done, or take it off the list"
        if entry.kind.usable:
            remedy = "add its id to uses: the stack then uses it without owning it"
        yield Problem(entry.path, change.id, rule, remedy)


def _strangers(
    draft: Draft, recorded: list[RecordedResource], ids: dict[Key, str]
) -> Iterator[Problem]:
    """What the program would make that isn't there, and what is listed that it wouldn't have."""
    for one in created(recorded, ids):
        if one.type not in _RUN_IN_SERVERS:
            rule = f"the stack would have {one.name} beside it, which doesn't exist"
            yield Problem((), one.type, rule, "list what it is, or leave out what needs it")
    have = {*ids.values()}
    for entry in entries(draft.listing):
        owned = not draft.uses(entry.id) and entry.kind.type != kinds.INSTANCE
        if owned and entry.id not in have:
            rule = f"the stack wouldn't have {entry.kind.what} like this"
            yield Problem(entry.path, entry.id, rule, "take it off the list")


def _entry(listing: Listing, identity: str) -> Entry:
    """The entry that an id belongs to; for a link, that of one of its ends."""
    listed = {entry.id: entry for entry in entries(listing)}
    parts = [identity, *identity.split(":")]
    return next(listed[part] for part in reversed(parts) if part in listed)
