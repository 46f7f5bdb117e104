"""From a list and what was read of it to everything that taking it over needs.

All or nothing: while anything that is listed doesn't fit, nothing is written. What is to be left
alone is taken off the list, so that the list always says what the stack has.

Which resource of the program is which thing that exists? The program is run, without an engine, on
settings in which each thing is called by its id in the cloud. What it registers with that name is
that thing. What only ties two things together has no name; it is known by the ids of the two. So no
component's naming is written down a second time.

What exists is then compared with what the program would say of it, by the provider's own rules:
what is stated counts, what the cloud fills in doesn't, and some properties can't be changed without
a new resource. `facts.contract` has them from the real provider.
"""

import json
import os
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from facts import kinds
from facts.contract import camel, contract_of
from sandbox.cloud import KINDS
from sandbox.provider.checks import check_inputs
from sandbox.provider.diffs import differences
from sandbox.provider.values import UNKNOWN
from stack.command_line import ROOT
from stack.file.alone import refusal
from stack.naming import NAMESPACE
from stack.problems import (
    KeyPath,
    NotDoneError,
    Problem,
    StackFileError,
    describe,
    shown_value,
)
from stack.provider_settings import PROVIDER
from stack.settings import StackSettings
from stack.stack_file import StackFile
from stack.target import Target, shown_path
from tools.adopt.drafting import Draft, stack_text
from tools.adopt.listing import LINK_PARTS, Entry, Listing, entries, read_listing
from tools.adopt.part import Left
from tools.adopt.parts import compose, read
from tools.adopt.place import Place
from tools.adopt.reading import Cloud, missing
from topologies import TOPOLOGIES
from topologies.arguments import takers
from topologies.recorder import (
    KNOWN_LATER,
    PROVIDER_TYPES,
    RecordedComponent,
    RecordedResource,
    record,
    record_all,
)
from topologies.regions import name_of_provider, region_of

_SYMBOL = re.compile(r"\$\{(?P<name>[^{}]+)\.(?P<field>[A-Za-z]+)\}")

Key = tuple[str, str]
"""Type and name of a resource of the program."""


def matched(marked: Iterable[RecordedResource], things: Iterable[Entry]) -> dict[Key, str]:
    """The ids of the program's resources that exist.

    Args:
        marked: what the program registers for settings with ids as names.
        things: what is listed.
    """
    recorded = [*marked]
    things = [*things]
    by_marker = {(one.kind.type, one.marker): one.id for one in things}
    in_regions = {(one.kind.type, one.region): one.id for one in things if one.kind.one_in_a_region}
    ids: dict[Key, str] = {}
    for resource in recorded:
        where = (resource.type, region_of(resource.provider))
        if where in in_regions:
            ids[resource.type, resource.name] = in_regions[where]
        for value in resource.inputs.values():
            identity = by_marker.get((resource.type, value)) if isinstance(value, str) else None
            if identity is not None:
                ids[resource.type, resource.name] = identity
    names = {name: identity for (_, name), identity in ids.items()}
    for resource in recorded:
        parts = LINK_PARTS.get(resource.type)
        if parts is not None:
            ends = [_end(str(resource.inputs[part]), names) for part in parts]
            ids[resource.type, resource.name] = ":".join(ends)
    return ids


def _end(value: str, names: Mapping[str, str]) -> str:
    """The id that a link's end is: written as it is, or by the resource's symbol."""
    match = _SYMBOL.fullmatch(value)
    # Of what Pulumi knows by two ids, the cloud's own is the second.
    return names.get(match["name"], value).rpartition(":")[2] if match is not None else value


def resolved(value: Any, facts: Mapping[str, Mapping[str, Any]], unknown: object) -> Any:  # noqa: ANN401 - inputs of any shape
    """A recorded input with its symbols replaced by what exists.

    Args:
        value: the input.
        facts: outputs of what exists, by the names of the program's resources.
        unknown: stands for what isn't known before `up`.
    """
    if isinstance(value, list):
        return [resolved(one, facts, unknown) for one in value]  # pyright: ignore[reportUnknownVariableType] - as above
    if not isinstance(value, str):
        return value
    missing = False

    def fact(found: re.Match[str]) -> str:
        nonlocal missing
        answer = facts.get(found["name"], {}).get(found["field"])
        missing = missing or answer is None
        return str(answer)

    text = _SYMBOL.sub(fact, value)
    return unknown if missing else text


@dataclass(frozen=True)
class Change:
    """One property of something that exists, and what the program would make of it."""

    name: str
    id: str
    property: str
    before: object
    after: object
    replaces: bool
    """It can't be changed: a new resource would be made, and the old one deleted."""

    unread: bool = False
    """The provider never reads it: nobody knows whether it is so already."""


def changes(
    recorded: Iterable[RecordedResource], ids: Mapping[Key, str], cloud: Cloud
) -> Iterator[Change]:
    """Every property of what exists that the program says otherwise."""
    mine = [one for one in recorded if (one.type, one.name) in ids]
    facts: dict[str, Mapping[str, Any]] = {}
    for one in mine:
        identity = ids[one.type, one.name]
        facts[one.name] = {**cloud[one.type, identity].outputs, "id": identity}
    for one in mine:
        contract = contract_of(one.type)
        unread = {*map(camel, KINDS[contract.kind].provider.unread)}
        stated = {
            name: UNKNOWN if value == KNOWN_LATER else resolved(value, facts, UNKNOWN)
            for name, value in one.inputs.items()
            if value is not None and name not in one.ignore_changes
        }
        old = {k: v for k, v in facts[one.name].items() if k not in one.ignore_changes}
        new = check_inputs(contract, stated).inputs
        for change in differences(contract, old, new):
            name, identity = change.field.camel, ids[one.type, one.name]
            yield Change(
                one.name,
                identity,
                name,
                old.get(name),
                new.get(name),
                replaces=change.field.replaces,
                unread=name in unread and name not in old,
            )


def created(recorded: Iterable[RecordedResource], ids: Mapping[Key, str]) -> list[RecordedResource]:
    """What the program has beside what exists."""
    return [one for one in recorded if (one.type, one.name) not in ids]


def import_file(
    resources: Iterable[RecordedResource],
    ids: Mapping[tuple[str, str], str],
    components: Iterable[RecordedComponent] = (),
    providers: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """What Pulumi has to know to take resources over under the program's names.

    Args:
        resources: as the program registers them.
        ids: the ids of those that exist, by type and name.
        components: the program's, so that those without such a resource are taken over as well;
            unless given, those that have one.
        providers: URNs of explicit ones, by name.
    """
    mine = [resource for resource in resources if (resource.type, resource.name) in ids]
    types = {one.parent: one.parent_type for one in mine if one.parent is not None}
    types |= {component.name: component.type for component in components}
    return {
        "resources": [
            {"type": type_, "name": name, "component": True} for name, type_ in types.items()
        ]
        + [
            {
                "type": one.type,
                "name": one.name,
                "id": ids[one.type, one.name],
                **({"parent": one.parent} if one.parent is not None else {}),
                **({"provider": provider} if provider in providers else {}),
                "version": version("pulumi-alicloud"),
            }
            for one in mine
            for provider in [name_of_provider(one.provider)]
        ],
        **({"nameTable": {**providers}} if providers else {}),
    }


def _providers(
    stack: str, recorded: Iterable[RecordedResource], ids: Mapping[Key, str]
) -> dict[str, str]:
    """The URNs of the explicit providers of what exists, by name."""
    mine = [one for one in recorded if (one.type, one.name) in ids]
    names = {name_of_provider(one.provider) for one in mine} - {""}
    front = f"urn:pulumi:{stack}::{NAMESPACE}::{PROVIDER_TYPES}{PROVIDER}"
    return {name: f"{front}::{name}" for name in sorted(names)}


_RUN_IN_SERVERS = {kinds.COMMAND, kinds.INVOCATION}
"""What may be created beside what exists: scripts that set a server's routes can't be taken over,
and change nothing where the routes are right."""


@dataclass(frozen=True)
class Adoption:
    """What taking over what a list says comes to."""

    text: str
    """The stack file."""

    files: Mapping[str, bytes]
    """What stands beside it, by its path from there."""

    import_file: dict[str, Any]
    """What `pulumi import --file` reads."""

    providers: tuple[str, ...]
    """URNs of explicit providers, for what lies in other regions: they are in the state first."""

    taken: tuple[tuple[str, str], ...]
    """Names in Pulumi and ids, of everything that is taken over."""

    changes: tuple[Change, ...]
    """What the first `up` changes, in place."""

    assumed: tuple[Change, ...]
    """What nobody can read: the state has it as the stack file says, and `up` sends it with the
    next change of the same thing."""

    creates: tuple[str, ...]
    """Names of what the first `up` creates."""

    warnings: tuple[Problem, ...]
    """Of the stack file."""


@dataclass(frozen=True, slots=True)
class Replacement(Problem):
    """Something that can't become what a stack would own: it would be deleted and made anew."""


class MisfitError(Exception):
    """What of a list no stack can have; nothing is written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep all of it."""
        super().__init__()
        self.problems = [*problems]


def adopt_listed(list_file: Path, place: Place, stack: str, schema: str) -> Adoption:
    """Work out a stack file and an import file of a list: of all of it, or of nothing.

    Args:
        list_file: the list.
        place: where it is read.
        stack: the new stack's name.
        schema: where the stack file's schema is, from the stack file.

    Raises:
        StackFileError: about the list, with all that doesn't fit.
    """
    listing = read_listing(list_file)
    cloud, gone = read(place, listing)
    if gone:
        raise refusal(list_file, missing(gone))
    try:
        return adopt(listing, cloud, stack, schema, list_file.name)
    except MisfitError as misfit:
        raise refusal(list_file, misfit.problems) from None


def adopt(listing: Listing, cloud: Cloud, stack: str, schema: str, source: str) -> Adoption:
    """The same of what is listed, wherever that is from, which the stack file calls `source`.

    Raises:
        MisfitError: with all that doesn't fit.
    """
    draft = compose(listing, cloud, stack)
    if draft.problems:
        raise MisfitError(draft.problems)
    if not draft.settings["topology"]:
        rule = "a stack has a gateway, or something else that a topology is about"
        raise MisfitError([Problem((), None, rule, "list that as well")])
    text = stack_text(draft, schema, source)
    try:
        program = _Program.of(draft, text)
        marked = compose(listing, cloud, stack, marking=True)
        with _judged(marked, stack_text(marked, schema, source)) as probe:
            ids = matched(record(probe), entries(listing))
    except StackFileError as error:
        raise MisfitError(draft.traced(problem) for problem in error.problems) from None
    found = [*changes(program.resources, ids, cloud)]
    if kept := _kept(program, found):
        draft.keep(kept)
        more = stack_text(draft, schema, source)
        with suppress(StackFileError):  # what the rules refuse stays a change, and is told
            program, text = _Program.of(draft, more), more
            found = [*changes(program.resources, ids, cloud)]
    settings, recorded, components = program.settings, program.resources, program.components
    assumed = [one for one in found if one.unread and one.after not in (UNKNOWN, None)]
    found = [one for one in found if one not in assumed]
    problems = [*_replacements(listing, found), *_strangers(draft, recorded, ids)]
    if problems:
        raise MisfitError(problems)
    providers = _providers(stack, recorded, ids)
    return Adoption(
        text,
        draft.files,
        import_file(recorded, ids, components, providers),
        tuple(providers.values()),
        tuple(
            (one.name, ids[one.type, one.name]) for one in recorded if (one.type, one.name) in ids
        ),
        tuple(found),
        tuple(assumed),
        tuple(one.name for one in created(recorded, ids)),
        settings.warnings,
    )


def assume(deployment: Mapping[str, Any], assumed: Iterable[Change]) -> dict[str, Any]:
    """A state with what nobody can read as the stack file has it."""
    more = defaultdict[str, dict[str, object]](dict)
    for one in assumed:
        more[one.id][one.property] = one.after
    return {
        **deployment,
        "resources": [
            {
                **resource,
                **{part: {**resource[part], **more[resource["id"]]} for part in _VALUES},
            }
            if resource.get("custom") and resource.get("id") in more
            else resource
            for resource in deployment["resources"]
        ],
    }


_VALUES: Final = ("inputs", "outputs")


@dataclass(frozen=True)
class _Program:
    """What the program registers for a stack file, but for providers."""

    settings: StackSettings
    resources: list[RecordedResource]
    components: list[RecordedComponent]

    @classmethod
    def of(cls, draft: Draft, text: str) -> "_Program":
        """Run it.

        Raises:
            StackFileError: the stack file is refused.
        """
        with _judged(draft, text) as settings:
            everything, components = record_all(settings)
        own = [one for one in everything if not one.type.startswith(PROVIDER_TYPES)]
        return cls(settings, own, components)


def _kept(program: _Program, found: Iterable[Change]) -> list[tuple[KeyPath, str, object]]:
    """What exists and the program says nothing of: arguments of the sections that take them."""
    sections = takers(program.settings)
    said = {one.name: one for one in program.resources}
    return [
        (path, change.property, change.before)
        for change in found
        for one in [said[change.name]]
        if (one.type, one.name) in sections
        for path, makes in [sections[one.type, one.name]]
        if change.property in makes.free and one.inputs.get(change.property) is None
        if not change.replaces and isinstance(change.before, str | bool | int | float)
    ]


@contextmanager
def _judged(draft: Draft, text: str) -> Generator[StackSettings]:
    """The settings that the text holds, by the program's own loader; code is there meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"Pulumi.{draft.stack}.yaml"
        file.write_text(text, encoding="utf-8")
        _write_beside(file, draft.files)
        yield StackFile(file, draft.stack, TOPOLOGIES).settings


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
        yield Replacement(entry.path, change.id, rule, remedy)


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


IMPORT_FILE = "adopt.json"


def schema_of(file: Path) -> str:
    """Where the schema is, seen from a stack file."""
    schema = ROOT / "schemas" / "stack.schema.json"
    return os.path.relpath(schema, file.resolve().parent).replace(os.sep, "/")


def write(new: Target, adoption: Adoption, left: Iterable[Left] = ()) -> str:
    """Write stack file and import file; returns what to tell, also of what was `left` out."""
    listed = new.file.with_name(IMPORT_FILE)
    _write_beside(new.file, adoption.files)
    new.file.write_text(adoption.text, encoding="utf-8")
    listed.write_text(json.dumps(adoption.import_file, indent=2) + "\n", encoding="utf-8")
    for warning in adoption.warnings:
        print(describe(shown_path(new.file), warning), end="\n\n", file=sys.stderr)
    return told(adoption, left, [shown_path(new.file), shown_path(listed)])


def _write_beside(stack_file: Path, files: Mapping[str, bytes]) -> None:
    """Write what stands beside a stack file.

    Raises:
        NotDoneError: something of it is there already; nothing is written.
    """
    places = {stack_file.parent / path: data for path, data in files.items()}
    for place in places:
        if place.exists():
            raise NotDoneError(f"{shown_path(place)} is there already: move it away first.")
    for place, data in places.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


def told(adoption: Adoption, left: Iterable[Left], files: Iterable[Path]) -> str:
    """What is taken over under which name, what isn't, and what the first `up` does."""
    width = max((len(name) for name, _ in adoption.taken), default=0)
    lines = [f"Written: {', '.join(map(str, files))}", "", "Taken over, by its name in Pulumi"]
    lines += [f"  {name:<{width}}  {identity}" for name, identity in adoption.taken]
    lines += told_left(left)
    lines += ["", "The first up"]
    for change in adoption.changes:
        before, after = _shown(change.before), _shown(change.after)
        lines.append(f"  changes in place {change.name} {change.property}: {before} -> {after}")
    lines += [
        f"  takes as said {one.name} {one.property}: {_shown(one.after)}"
        for one in adoption.assumed
    ]
    lines += [f"  creates {name}" for name in adoption.creates]
    if not adoption.changes and not adoption.creates:
        lines.append("  changes nothing")
    return "\n".join(lines) + "\n"


def told_left(left: Iterable[Left]) -> list[str]:
    """What is left out, and why."""
    lines = [
        f"  {one.id}, {one.what}: {one.why}" + (f"; {one.remedy}" if one.remedy else "")
        for one in left
    ]
    return ["", "Left out", *lines] if lines else []


def _shown(value: object) -> str:
    return shown_value(value) if value else "(none)"
