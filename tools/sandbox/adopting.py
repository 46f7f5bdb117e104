"""Adoption in the sandbox: what a list names is read by the engine, in a stack of its own.

The same steps as in an account (docs/adopt.md): a scratch stack imports what is listed, its state
says what was read, and it goes away again. Nothing of the cloud is changed.
"""

import dataclasses
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pulumi.automation as auto
import yaml
from typing_extensions import override

from sandbox.driver import Driver, driver
from sandbox.paths import Paths
from stack.naming import NAMESPACE, REGION_KEY
from tools.adopt.adopting import Adoption, adopt, schema_of
from tools.adopt.listing import Listing, read_listing, refusal
from tools.adopt.parts import wanted
from tools.adopt.reading import (
    SCRATCH_STACK,
    Cloud,
    Wanted,
    missing,
    not_there,
    scratch_import,
)


@dataclass(frozen=True)
class _ScratchPaths(Paths):
    """A stack's cloud, and a state that is thrown away."""

    scratch: Path

    @property
    @override
    def state(self) -> Path:
        return self.scratch / "state"

    @property
    @override
    def work(self) -> Path:
        return self.scratch / "work"


def adoption_of(list_file: Path, paths: Paths, engine: Path) -> Adoption:
    """What taking over what a list says comes to; nothing is written.

    Args:
        list_file: the list.
        paths: of the new stack; the list is about its cloud.
        engine: the Pulumi CLI.

    Raises:
        StackFileError: about the list, with everything that doesn't fit.
        pulumi.automation.CommandError: the engine failed otherwise.
    """
    cloud = _read_cloud(list_file, paths, engine)
    return adopt(list_file, cloud, paths.target.stack, schema_of(paths.target.file))


def _read_cloud(list_file: Path, paths: Paths, engine: Path) -> Cloud:
    listing = read_listing(list_file)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"Pulumi.{SCRATCH_STACK}.yaml"
        file.write_text(_settings(listing), encoding="utf-8")
        target = dataclasses.replace(paths.target, stack=SCRATCH_STACK, file=file)
        with driver(
            _ScratchPaths(paths.root, target, paths.folder, Path(folder)), engine
        ) as running:
            gone = _import(running, wanted(listing))
            found = Cloud.of_deployment(running.deployment())
    if gone:
        raise refusal(list_file, missing(gone))
    return found


def _settings(listing: Listing) -> str:
    """A stack file for the scratch stack, whose program never runs: the project asks for one."""
    config = {REGION_KEY: listing.region, f"{NAMESPACE}:topology": "none"}
    return yaml.safe_dump({"config": config})


def _import(running: Driver, left: list[Wanted]) -> list[Wanted]:
    """Read all that is there; returns what isn't.

    The engine stops soon after the first that it doesn't find, and doesn't read twice what it has.
    """
    gone: list[Wanted] = []
    while left:
        lines: list[str] = []
        try:
            running.adopt(scratch_import(left), lines.append)
        except auto.CommandError:
            found = not_there(left, "\n".join(lines))
            if not found:
                print("\n".join(lines), file=sys.stderr)
                raise
            gone += found
            left = [one for one in left if one not in found]
        else:
            break
    return gone
