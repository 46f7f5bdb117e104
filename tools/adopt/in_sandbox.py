"""Adoption in the sandbox: its engine reads and takes over, its simulated account is asked.

Nothing of the cloud is changed.
"""

import dataclasses
import tempfile
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi.automation as auto
import yaml
from typing_extensions import override

from judging.account.reading import Reader
from sandbox.accounts import resources_of
from sandbox.cloud import Store
from sandbox.driver import Driver, driver
from sandbox.engine import find_engine
from sandbox.paths import Paths
from stack.command_line import tell
from stack.naming import NAMESPACE, REGION_KEY
from tools.adopt.adopting import Adoption, assume
from tools.adopt.place import refuse_a_stack_that_holds_something
from tools.adopt.reading import SCRATCH_STACK, Cloud, Wanted, read_all
from tools.pipeline.holders import Holders, holders_of
from tools.sandbox.asking import asking
from tools.sandbox.running import CannotRunError, refuse_pending


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


class InSandbox:
    """The sandbox of a stack, whose file isn't there yet."""

    def __init__(self, paths: Paths) -> None:
        """Look where the stack's things are.

        Raises:
            NotDoneError: the stack isn't new: it holds something.
        """
        resources = resources_of(paths, paths.target.stack)
        refuse_a_stack_that_holds_something(paths.target.stack, resources)
        self._paths = paths
        self._engine = find_engine(tell)

    @contextmanager
    def reader(self) -> Generator[Reader]:
        """What asks the account."""
        self._paths.cloud.parent.mkdir(parents=True, exist_ok=True)
        with closing(Store(self._paths.cloud)) as store:
            yield Reader(asking(store))

    def holders(self) -> Holders:
        """Which of the account's other stacks holds what."""
        paths = self._paths
        others = [file.stem for file in paths.stacks.glob("*.json") if file != paths.checkpoint]
        return holders_of({name: {"resources": resources_of(paths, name)} for name in others})

    def read(self, needed: list[Wanted], region: str) -> tuple[Cloud, list[Wanted]]:
        """What the provider reads of what is needed, and what the cloud doesn't have.

        Raises:
            NotDoneError: the engine failed otherwise; says how.
        """
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / f"Pulumi.{SCRATCH_STACK}.yaml"
            file.write_text(_settings(region), encoding="utf-8")
            target = dataclasses.replace(self._paths.target, stack=SCRATCH_STACK, file=file)
            paths = self._paths
            scratch = _ScratchPaths(paths.root, target, paths.folder, Path(folder))
            with driver(scratch, self._engine) as running:
                gone = read_all(needed, lambda listed: _imported(running, listed))
                return Cloud.of_deployment(running.deployment()), gone

    def take(self, adoption: Adoption) -> None:
        """Take what exists into the stack's state.

        Raises:
            CannotRunError: it failed; says how to go on.
        """
        paths = self._paths
        with driver(paths, self._engine) as running:
            refuse_pending(running)
            try:
                running.make_alone(adoption.providers)
                running.adopt(adoption.import_file)
            except auto.CommandError:
                message = (
                    "The files are written, and the import failed: what it did is kept.\n"
                    f"Once the cause is gone, make import FILE=adopt.json {paths.said} goes on "
                    "from there."
                )
                raise CannotRunError(message) from None
            if adoption.assumed:
                running.replace_deployment(assume(running.deployment(), adoption.assumed))
        tell(f"Look: make preview {paths.said}")


def _settings(region: str) -> str:
    """A stack file for the scratch stack, whose program never runs: the project asks for one."""
    return yaml.safe_dump({"config": {REGION_KEY: region, f"{NAMESPACE}:topology": "none"}})


def _imported(running: Driver, listed: Mapping[str, Any]) -> str | None:
    """What the engine says of an import that fails."""
    lines: list[str] = []
    try:
        running.adopt(listed, lines.append)
    except auto.CommandError:
        return "\n".join(lines)
    return None
