"""Functions: what stands in the section `functions`, and the folders of their code.

The provider never asks for code, so that it is had from the cloud itself, and written beside the
stack file. A function that is in a network stays apart: it goes with the network's stack.
"""

import io
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final, cast

from judging.account.functions import where_code_is
from judging.account.reading import Reader
from stack.problems import NotDoneError
from tools.adopt.drafting import Base, Draft, Namer, arguments_of, described
from tools.adopt.listing import Entry, Listing, entries
from tools.adopt.part import Finding, Part
from tools.adopt.reading import Found
from topologies.functions.settings import SECTION, FunctionSettings, function_name

TOPOLOGY: Final = "functions"
FOLDER: Final = "functions"
"""Where code is written, beside the stack file."""

_SCHEMES: Final = ("https:", "data:")
_PATIENCE: Final = 60
"""In seconds: how long is waited for code."""

_UNSAID: Final[Mapping[str, object]] = {
    "handler": "index.handler",
    "runtime": "python3.12",
    "memorySize": 512,
    "cpu": 0.35,
    "diskSize": 512,
    "instanceConcurrency": 1,
    "timeout": 10,
    "internetAccess": True,
    "role": "",
}
"""What a function is unless its settings say otherwise, by the provider's words."""

_KEYS: Final = {"memorySize": "memory", "diskSize": "disk", "instanceConcurrency": "concurrency"}


def code_of(reader: Reader, listing: Listing) -> dict[str, bytes]:
    """The code of the listed functions, as ZIP files, by their names; of those that may be seen.

    Raises:
        NotDoneError: it couldn't be had.
        UnreadError: the cloud didn't say where it is.
    """
    found: dict[str, bytes] = {}
    for name in listing.functions.values():
        where = where_code_is(reader, listing.region, name)
        if where.startswith(_SCHEMES):
            try:
                with urllib.request.urlopen(where, timeout=_PATIENCE) as answer:  # noqa: S310 - as above
                    found[name] = answer.read()
            except OSError as error:
                raise NotDoneError(f"The code of {name} can't be had: {error}") from None
    return found


def _compose(draft: Draft, base: Base) -> list[str]:
    del base  # those in networks are left out
    listed = [entry for entry in entries(draft.listing) if entry.path[0] == "functions"]
    namer = Namer(draft.stack, [entry.name for entry in listed])
    for entry in listed:
        _function(draft, entry, namer)
    return [TOPOLOGY] if listed else []


def _function(draft: Draft, entry: Entry, namer: Namer) -> None:
    found = draft.found(entry)
    key = namer.name(entry.name, entry.id, "function")
    network = _values(found, "vpcConfig").get("vpcId")
    if network:
        rule = f"it is in the network {network}, which isn't taken over with it"
        draft.refuse(entry, rule, "call it by its name")
    folder = f"{FOLDER}/{key}"
    try:
        draft.files |= {f"{folder}/{name}": data for name, data in _unpacked(draft, entry)}
    except (ValueError, zipfile.BadZipFile) as error:
        draft.refuse(entry, f"its code can't be read: {error}", "call it by its name")
    log = _values(found, "logConfig")
    logs = {"project": log["project"], "store": log["logstore"]} if log.get("project") else {}
    is_default = entry.id == function_name(draft.stack, key, FunctionSettings(code=folder))
    value: dict[str, Any] = {
        "code": folder,
        **({} if is_default else {"name": entry.id}),
        **described(found),
        **{
            _KEYS.get(name, name): said
            for name, unsaid in _UNSAID.items()
            if (said := found.outputs.get(name)) not in (None, unsaid)
        },
        **_filled("logs", logs),
        **_filled("environment", dict(_values(found, "environmentVariables"))),
        **_filled("arguments", arguments_of(FunctionSettings.makes, found)),
    }
    draft.put((SECTION, key), value, entry)


def _unpacked(draft: Draft, entry: Entry) -> Iterator[tuple[str, bytes]]:
    """The files of a function's code, by their paths.

    Raises:
        ValueError: there is none that may be seen, or it would be written elsewhere.
    """
    data = draft.cloud.code.get(entry.id)
    if data is None:
        message = "that needs the right fc:GetFunctionCode"
        raise ValueError(message)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for one in archive.infolist():
            path = PurePosixPath(one.filename)
            if path.is_absolute() or ".." in path.parts or "\\" in one.filename:
                message = f"{one.filename} isn't a path in a folder"
                raise ValueError(message)
            if not one.is_dir():
                yield str(path), archive.read(one)


def _values(found: Found, attribute: str) -> Mapping[str, Any]:
    value: object = found.outputs.get(attribute)
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def _filled(key: str, value: object) -> dict[str, Any]:
    return {key: value} if value else {}


FUNCTIONS: Final = Part(
    starts={},
    find=lambda _reader, _sought: Finding(),
    links=lambda _listing: iter(()),
    compose=_compose,
)
