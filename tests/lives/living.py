"""A life: a stack file is built, edited at random, built again, and so on; in the end destroyed.

Each edit is either refused beforehand, with what to do instead and nothing changed, or ends well:
the cloud then holds what the plan says and nothing else, and a second `up` changes nothing.
"""

import json
import re
import shutil
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

from facts.contract import TOKENS
from sandbox.accounts import deployment_of
from sandbox.provider.quirks import cloud_id
from stack.command_line import REHEARSE_VARIABLE
from stack.problems import StackFileError
from stack.stack_file import StackFile
from stack.target import target
from tests.cloud_dump import dump
from tests.example_stacks import ROOT, STACK_FILES
from tests.lifecycle.conftest import Run, Stack
from tests.lives.edits import Values, as_list, as_map, edited
from tests.stackfiles import NAMESPACE, dumped, loaded
from tools.plan.plan import make_plan
from topologies import TOPOLOGIES

STARTS: Final = [
    file
    for file in STACK_FILES
    if "stack-references" not in file.parts and file.stem != "Pulumi.existing"
]
"""Stack files that stand alone, and on nothing."""

_MOST_TRIES: Final = 400
_UNKNOWN: Final = re.compile(r"\$\{|\[secret\]")
_WRITTEN: Final = {"command_content"}
"""Made of more than what the plan knows."""

_REFERENCE = re.compile(r"\$\{[^}]*\}")


@dataclass
class Told:
    """What happened, for whoever reads of it."""

    steps: int = 0
    refused_by_rules: int = 0
    refused_by_rehearsal: int = 0
    reasons: list[str] = field(default_factory=list[str])
    """What was refused, and why."""

    def __add__(self, other: "Told") -> "Told":
        """Both together."""
        return Told(
            self.steps + other.steps,
            self.refused_by_rules + other.refused_by_rules,
            self.refused_by_rehearsal + other.refused_by_rehearsal,
            self.reasons + other.reasons,
        )


class Life:
    """One stack's, on a sandbox of its own.

    Args:
        stack: where it lives.
        start: the stack file that it begins with.
        seed: of everything that is random.
        told: what happens is added to it.
    """

    def __init__(self, stack: Stack, start: Path, seed: int, told: Told) -> None:
        self.stack, self.random, self.told = stack, Random(seed), told
        if start.parent != ROOT:
            # What they name lies beside them, some of it in folders of others.
            examples = stack.file.parent / "examples"
            shutil.copytree(ROOT / "examples", examples, ignore=lambda _, names: _files(names))
            shutil.copy(ROOT / "Pulumi.yaml", stack.file.parent)
            stack.file = examples / start.parent.relative_to(ROOT / "examples") / stack.file.name
        self.document: Values = loaded(start.read_text("utf-8"))
        self.values = _values(self.document)
        self.others = [_values(loaded(file.read_text("utf-8"))) for file in STARTS]
        self._write(self.values)
        begun = self._up(rehearse=False)
        assert begun.code == 0, begun.err

    def step(self) -> None:
        """One edit, valid by itself, and what becomes of it."""
        values, done = self._valid()
        before = self._kept()
        self._write(values)
        self.told.steps += 1
        run = self._up()
        if run.code != 2:
            self._ends_well(done, run)
            self.values = values
            return
        assert self._kept() == before, f"{done}: refused, and yet something was changed"
        by_rehearsal = "  instead: " in run.err
        by_rules = not by_rehearsal and "  remedy: " in run.err
        assert by_rehearsal or by_rules, f"{done}: no remedy in {run.err}\n{self.stack.text}"
        self.told.refused_by_rules += by_rules
        self.told.refused_by_rehearsal += by_rehearsal
        self.told.reasons.append(f"{done}\n{_reason(run.err)}")
        self._write(self.values)

    def end(self) -> None:
        """Everything is destroyed, unless it is protected."""
        run = self.stack.run("destroy")
        if "Deletion protection is on" in run.err:
            return
        assert run.code == 0, run.err
        left = [one for one in self._kept()[0] if not _is_given(one["kind"])]
        assert left == [], f"something is left: {len(left)} {run.err[-1500:]}"

    def _valid(self) -> tuple[Values, list[str]]:
        for _ in range(_MOST_TRIES):
            values, done = edited(self.random, self.values, self.others)
            if not done or values == self.values:
                continue
            self._write(values)
            try:
                _ = StackFile(self.stack.file, "shop", TOPOLOGIES).settings
            except StackFileError:
                continue
            return values, done
        raise AssertionError("no edit of this stack file is valid")

    def _write(self, values: Values) -> None:
        config = {_key(key): one for key, one in values.items()}
        self.stack.write(dumped({**self.document, "config": config}))

    def _kept(self) -> tuple[list[Any], Any]:
        """What the cloud and the state hold."""
        (file,) = self.stack.state.rglob("stacks/*/shop.json")
        resources: list[Any] = dump(self.stack.state.parent / "cloud.db")["resources"]
        return resources, json.loads(file.read_text("utf-8"))

    def _up(self, *, rehearse: bool = True) -> Run:
        self.stack.environment[REHEARSE_VARIABLE] = "" if rehearse else "no"
        self.stack.cloud.forget_calls()
        return self.stack.run("up")

    def _ends_well(self, done: list[str], run: Run) -> None:
        assert run.code == 0, f"{done}: {run.err[-3000:]}\n{self.stack.text}"
        differences = list(self._differences())
        assert differences == [], f"{done}: {differences}\n{self.stack.text}"
        again = self._up(rehearse=False)
        assert again.code == 0, f"{done}: a second up: {again.err[-3000:]}\n{self.stack.text}"
        assert self.stack.changes() == [], f"{done}: a second up\n{self.stack.text}"

    def _differences(self) -> Iterator[str]:
        """Between what is in the cloud and what the plan says."""
        (file,) = self.stack.state.rglob("stacks/*/shop.json")
        resources: list[dict[str, Any]] = deployment_of(file)["resources"]
        own = {
            (one["type"], one["urn"].rpartition("::")[2]): one
            for one in resources
            if one["type"] in TOKENS
        }
        planned = {
            (one.type, one.name): one
            for one in make_plan(target(None, str(self.stack.file), ROOT)).resources
            if one.type in TOKENS
        }
        yield from (f"{name} isn't there" for name in planned.keys() - own.keys())
        yield from (f"{name} isn't planned" for name in own.keys() - planned.keys())
        cloud = {
            (one["kind"], one["id"]): one["attributes"]
            for one in dump(self.stack.state.parent / "cloud.db")["resources"]
        }
        outputs = {name: {**one["outputs"], "id": one["id"]} for (_, name), one in own.items()}
        for key, one in own.items():
            contract = TOKENS[key[0]]
            held = cloud.pop((contract.kind, cloud_id(contract.kind, one["id"])), None)
            if held is None:
                yield f"{key} is in the state and not in the cloud"
                continue
            inputs = dict(planned[key].inputs) if key in planned else {}
            for name in planned[key].ignore_changes if key in planned else ():
                inputs.pop(name, None)
            for name, value in contract.to_snake(_filled(inputs, outputs)).items():
                if _UNKNOWN.search(json.dumps(value)) or name in _WRITTEN:
                    continue
                if name in held and not _same(held[name], value):
                    yield f"{key}: {name} is {held[name]!r:.200} and should be {value!r:.200}"
        for kind, identity in cloud:
            if not _is_given(kind):
                yield f"{kind} {identity} is in the cloud and not in the state"


def _files(names: list[str]) -> list[str]:
    return [name for name in names if name.startswith("Pulumi.") or name == "__pycache__"]


def _is_given(kind: str) -> bool:
    """Whether the cloud makes such things by itself, or they stood before."""
    return kind not in {contract.kind for contract in TOKENS.values()}


def _filled(value: Any, outputs: dict[str, dict[str, Any]]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(one, outputs) for key, one in as_map(value).items()}
    if isinstance(value, list):
        return [_filled(one, outputs) for one in as_list(value)]
    if isinstance(value, str) and (found := _REFERENCE.fullmatch(value)):
        name, _, attribute = found[0][2:-1].partition(".")
        return outputs.get(name, {}).get(attribute, value)
    return value


def _same(held: Any, planned: Any) -> bool:
    """As far as it can be told: the provider gives some maps and lists another form."""
    if isinstance(held, dict | list):
        return len(as_list(held)) == len(as_list(planned)) or isinstance(held, dict)
    return str(held).lower() == str(planned).lower()


def _values(document: Values) -> Values:
    return {key.removeprefix(f"{NAMESPACE}:"): one for key, one in document["config"].items()}


def _key(key: str) -> str:
    return key if ":" in key else f"{NAMESPACE}:{key}"


def _reason(said: str) -> str:
    lines = said.splitlines()
    words = ("  rule:", "  remedy:", "  step:", "  reason:", "  instead:", "  again:")
    return "\n".join(line for line in lines if line.startswith(words))


def lived(seed: int, steps: int, engine: Path, until: float) -> tuple[Told, str]:
    """One life; what happened, and the fault that ended it before its time, if one did."""
    told = Told()
    with tempfile.TemporaryDirectory(prefix="life-") as folder:
        stack = Stack(Path(folder), engine, Path(folder) / "bases")
        try:
            life = Life(stack, STARTS[seed % len(STARTS)], seed, told)
            for _ in range(steps):
                if time.time() < until:
                    life.step()
            life.end()
        except Exception:  # noqa: BLE001 - it is told, and the other lives go on
            return told, traceback.format_exc()
        finally:
            stack.close()
    return told, ""
