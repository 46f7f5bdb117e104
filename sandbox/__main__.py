"""`python -m sandbox COMMAND`: the real engine on the simulated cloud.

Exit codes: 0 when it did its job; 2 when the stack file, or the change that it asks for, was
refused before anything ran; 1 for anything else.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pulumi.automation as auto

from sandbox.accounts import dependents
from sandbox.adopting import adoption_of
from sandbox.cloud.store import DEFAULT_REGION
from sandbox.driver import Driver, OnEvent, driver
from sandbox.engine import EngineMissing, find_engine
from sandbox.leftovers import left_in_cloud
from sandbox.paths import Paths
from sandbox.policies import PolicyPack, policy_pack
from sandbox.recovery import lock_owners, recover
from sandbox.states import held_by_others, outputs_in_account, resources_of
from stack.filling import stacks_referred_to
from stack.loader import file_values, settings_of_file
from stack.placing import placed
from stack.problems import StackFileError, describe
from stack.settings import StackSettings
from stack.yaml_file import YamlFile
from tools.adopt import write
from tools.adoption.listing import read_listing
from tools.command_line import ROOT
from tools.neighbours import neighbour_warnings
from tools.plan_tables import plan_tables, reach_tables
from tools.planning import Plan, make_plan
from tools.target import TargetError, new_target, target
from topologies import TOPOLOGIES, change_problems, reach

OK, FAILED, REFUSED = 0, 1, 2
ADOPT, IMPORT, PREVIEW = "adopt", "import", "preview"
TIER_FILE = "1"
"""Instead of a file's name: that of the stack's tier."""


class CannotRunError(Exception):
    """Why nothing was run; `str()` says so and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    options = _parser().parse_args(arguments)
    which = new_target if options.command == ADOPT else target
    try:
        paths = Paths(ROOT, which(options.stack, options.config, ROOT))
    except TargetError as error:
        _tell(str(error))
        return FAILED
    return run(options.command, lambda: _work(options, paths), paths)


def _work(options: argparse.Namespace, paths: Paths) -> int:
    if options.policy is not None and options.command not in _JUDGED:
        message = f"{options.command} isn't judged by policies; {' and '.join(_JUDGED)} are"
        raise CannotRunError(message)
    if options.command == ADOPT:
        words = "adopt needs the list of what exists: make adopt LIST=existing.yaml STACK=shop"
        return _adopt(paths, _given(options.list, words))
    if options.command == IMPORT:
        words = "import needs the file to import: make import FILE=adopt.json"
        return _import(paths, _given(options.file, words))
    if options.json:
        return _in_json(options, paths)
    if options.command in _JUDGED:
        return _JUDGED[options.command](paths, options.policy)
    return _COMMANDS[options.command](paths)


def _in_json(options: argparse.Namespace, paths: Paths) -> int:
    if options.command != PREVIEW:
        message = f"{options.command} has no JSON form; preview has"
        raise CannotRunError(message)
    return _preview_json(paths, options.policy)


def _given(file: str | None, otherwise: str) -> Path:
    if not file:
        raise CannotRunError(otherwise)
    return Path(file)


def run(command: str, work: Callable[[], int], paths: Paths) -> int:
    """Do a command's work; what keeps it from being done is told, and becomes the exit code."""
    try:
        return work()
    except StackFileError as refusal:
        _tell(str(refusal))
        return REFUSED
    except (EngineMissing, CannotRunError) as reason:
        _tell(str(reason))
        return FAILED
    except auto.CommandError as error:
        if isinstance(error, auto.ConcurrentUpdateError) or "currently locked" in str(error):
            _tell(_locked(paths))
            return FAILED
        # The engine has said what and why, line by line, as it happened.
        _tell(
            f"{command} failed; what was done is kept, "
            f"and make {command} goes on from there once the cause is gone."
        )
        return FAILED
    except KeyboardInterrupt:
        _tell("Interrupted. If the next command says so, run make recover.")
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("command", choices=sorted([*_COMMANDS, *_JUDGED, ADOPT, IMPORT]))
    parser.add_argument("--stack", help="the stack's name; dev unless given")
    parser.add_argument("--config", help="a stack file, instead of Pulumi.<stack>.yaml")
    parser.add_argument(
        "--json", action="store_true", help="with preview: the engine's document on standard output"
    )
    parser.add_argument(
        "--policy",
        nargs="?",
        const=TIER_FILE,
        help="with preview and up: judge by the policy pack, configured by the stack's tier "
        "or by this file",
    )
    parser.add_argument("--file", help="with import: the list of resources to take over")
    parser.add_argument("--list", help="with adopt: the list of what exists")
    return parser


def _up(paths: Paths, policy: str | None) -> int:
    settings = _known_settings(paths)
    with _driver(paths, settings, policy) as running:
        _refuse_pending(running)
        _refuse_impossible(running, settings)
        if policy is not None:
            _preview_first(running)
        outputs = running.up().outputs
        addresses: dict[str, str] = outputs["publicIps"].value if "publicIps" in outputs else {}
    print(reach_tables(_plan_with(paths, settings, addresses), settings), end="")
    return OK


def _preview_first(running: Driver) -> None:
    """`pulumi up` does so by itself, the Automation API doesn't.

    Without it a run stops at the first resource that a policy refuses, with half of them made.
    """
    try:
        running.preview()
    except auto.CommandError:
        message = "Its preview failed, for the reason above; nothing was changed."
        raise CannotRunError(message) from None


def _plan_with(paths: Paths, settings: StackSettings, addresses: Mapping[str, str]) -> Plan:
    """What the stack opens, with the addresses that the cloud gave out."""
    opened = reach(settings)
    known = tuple(replace(ip, address=addresses.get(ip.name)) for ip in opened.public_ips)
    return Plan(
        settings.stack, paths.target.file, settings, reach=replace(opened, public_ips=known)
    )


def preview(paths: Paths, on_event: OnEvent | None = None, policy: str | None = None) -> int:
    """Show what `up` would do.

    Args:
        paths: the stack's.
        on_event: is told each step as the engine tells it.
        policy: the file that configures the policy pack, or `TIER_FILE`; none is run unless given.
    """
    settings = _known_settings(paths)
    with _driver(paths, settings, policy) as running:
        _refuse_pending(running)
        _refuse_impossible(running, settings)
        running.preview(on_event)
    return OK


def _preview_json(paths: Paths, policy: str | None) -> int:
    """Protection doesn't stop this preview: whoever reads it judges what is touched."""
    settings = _known_settings(paths)
    # Without an engine there is no plan instead: standard output is for the document.
    with driver(paths, find_engine(_tell), _pack(settings, policy)) as running:
        _refuse_pending(running)
        _refuse_impossible(running, settings)
        document, succeeded = running.preview_json()
    print(document)
    return OK if succeeded else FAILED


def _refresh(paths: Paths) -> int:
    with _driver(paths, _settings(paths)) as running:
        _refuse_pending(running)
        running.refresh()
    return OK


def _destroy(paths: Paths) -> int:
    settings = _settings(paths)
    _refuse_needed(paths)
    with _driver(paths, settings) as running:
        _refuse_pending(running)
        _refuse_protected(running)
        running.destroy()
    left = left_in_cloud(paths.cloud, held_by_others(paths))
    _tell("\n".join(left) or "Nothing is left in the simulated cloud.")
    return OK


def _import(paths: Paths, file: Path) -> int:
    listed = _listed(file)
    settings = _settings(paths)
    with _driver(paths, settings) as running:
        _refuse_pending(running)
        running.adopt(listed)
    return OK


def _adopt(paths: Paths, list_file: Path) -> int:
    read_listing(list_file)  # what is wrong with it needs no engine
    engine = find_engine(_tell)
    adoption = adoption_of(list_file, paths, engine)
    print(write(paths.target, adoption), end="", flush=True)
    with driver(paths, engine) as running:
        _refuse_pending(running)
        try:
            running.adopt(adoption.import_file)
        except auto.CommandError:
            message = (
                "The files are written, and the import failed: what it did is kept.\n"
                "Once the cause is gone, make import FILE=adopt.json goes on from there."
            )
            raise CannotRunError(message) from None
    return OK


def _listed(file: Path) -> Mapping[str, Any]:
    try:
        listed: object = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{file} can't be read: {error.strerror}"
        raise CannotRunError(message) from None
    except ValueError as error:
        message = f"{file} is no JSON: {error}"
        raise CannotRunError(message) from None
    if not isinstance(listed, dict) or "resources" not in listed:
        message = f"{file} is no import file: it needs a list of resources"
        raise CannotRunError(message)
    return cast("Mapping[str, Any]", listed)


def _recover(paths: Paths) -> int:
    busy = list(lock_owners(paths.locks))
    if busy:
        numbers = ", ".join(map(str, busy))
        message = f"Another run is at work (process {numbers}). Wait for it, or end it first."
        raise CannotRunError(message)
    settings = _settings(paths)
    with _driver(paths, settings) as running:
        done = recover(running, settings.region or DEFAULT_REGION)
    for line in done or ["Nothing was pending."]:
        _tell(line)
    _tell("Recovered. make up completes what was interrupted.")
    return OK


_COMMANDS: dict[str, Callable[[Paths], int]] = {
    "destroy": _destroy,
    "recover": _recover,
    "refresh": _refresh,
}
_JUDGED: dict[str, Callable[[Paths, str | None], int]] = {
    PREVIEW: lambda paths, policy: preview(paths, policy=policy),
    "up": _up,
}
"""Commands that the policy pack can judge."""


def _settings(paths: Paths) -> StackSettings:
    """What the stack file says; of what it refers to of other stacks, only that it is there."""
    settings = settings_of_file(paths.target.file, paths.target.stack, TOPOLOGIES)
    for warning in (*settings.warnings, *neighbour_warnings(paths.target.file, settings)):
        _tell(f"warning: {describe(paths.target.file, warning)}\n")
    if paths.former is not None:
        _tell(
            f"{paths.target.stack} shares the account of the stacks that it refers to, or that "
            f"refer to it.\nWhat it had before, alone, is still in {paths.former}, and isn't used."
        )
    return settings


def _known_settings(paths: Paths) -> StackSettings:
    """The same, with what other stacks of the account have put out."""
    settings = _settings(paths)
    file, stack = paths.target.file, paths.target.stack
    names = stacks_referred_to(file, TOPOLOGIES, file_values)
    if not names:
        return settings
    return settings_of_file(file, stack, TOPOLOGIES, outputs_in_account(paths, names))


def _pack(settings: StackSettings, policy: str | None) -> PolicyPack | None:
    if policy is None:
        return None
    pack = policy_pack(ROOT, settings.common.tier, None if policy == TIER_FILE else policy)
    if not pack.configuration.is_file():
        message = f"{pack.configuration} isn't there, by which the policy pack is configured"
        raise CannotRunError(message)
    return pack


def _driver(
    paths: Paths, settings: StackSettings, policy: str | None = None
) -> AbstractContextManager[Driver]:
    try:
        engine = find_engine(_tell)
    except EngineMissing:
        # What can be known without an engine.
        print(plan_tables(make_plan(paths.target), settings), end="", flush=True)
        raise
    return driver(paths, engine, _pack(settings, policy))


def _refuse_pending(running: Driver) -> None:
    pending = running.deployment().get("pending_operations")
    if pending:
        names = ", ".join(str(o["resource"]["urn"]).rsplit("::", 1)[-1] for o in pending)
        message = (
            f"A run was interrupted while it changed {names}; whether the cloud did it isn't known."
            "\nRun make recover first: it looks, and settles it."
        )
        raise CannotRunError(message)


def _refuse_protected(running: Driver) -> None:
    """The engine would find out only after it had deleted what stands on the protected ones."""
    protected = running.state().protected
    if protected:
        message = (
            f"Deletion protection is on for {', '.join(protected)}; nothing was deleted.\n"
            "If this stack is really to go: take tier: production out of the stack file, "
            "run make up, then make destroy."
        )
        raise CannotRunError(message)


def _refuse_needed(paths: Paths) -> None:
    """The cloud would find out only after it had deleted what nothing stands on."""
    standing = [name for name in dependents(paths.target) if resources_of(paths, name)]
    if standing:
        message = (
            f"{', '.join(standing)} {'stands' if len(standing) == 1 else 'stand'} on what "
            f"{paths.target.stack} puts out; nothing was deleted.\n"
            f"Destroy {'it' if len(standing) == 1 else 'them'} first."
        )
        raise CannotRunError(message)


def _refuse_impossible(running: Driver, settings: StackSettings) -> None:
    problems = list(change_problems(settings, running.state()))
    if problems:
        file = YamlFile.read(running.paths.target.file)
        raise StackFileError(running.paths.target.file, placed(problems, file, {}))


def _locked(paths: Paths) -> str:
    busy = list(lock_owners(paths.locks))
    if busy:
        return f"Another run is at work on this stack (process {busy[0]}). Wait for it to end."
    return "An earlier run was killed and left the state locked.\nRun make recover first."


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
