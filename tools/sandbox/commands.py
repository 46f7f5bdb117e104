"""The sandbox's commands: each does its job on one stack, and returns its exit code."""

import json
from collections.abc import Callable, Generator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, cast

import pulumi.automation as auto

from judging.billing import billed, of_state
from judging.prices import Prices
from sandbox.accounts import Held, held_by_others, outputs_in_account, resources_of
from sandbox.cloud import DEFAULT_REGION, Store
from sandbox.driver import Driver, OnEvent, PolicyPack, driver
from sandbox.engine import EngineMissing, find_engine
from sandbox.paths import Paths
from sandbox.provider.quirks import pulumi_id
from sandbox.recovery import at_work, put_back_readable, unlock_and_settle
from sandbox.rehearsal.events import Log
from sandbox.rehearsal.rehearsing import NotRehearsedError, Rehearsed
from sandbox.rehearsal.telling import told
from stack.command_line import DONE, FAILED, REFUSED, ROOT, tell
from stack.listing import TierTableError, tier_in_table
from stack.problems import Problem, describe, describe_in_a_line
from stack.settings import StackSettings
from stack.stack_file import StackFile
from stack.target import shown_path
from stack.tiers import TIER_OUTPUT, judging_tier
from tools.plan.billing import billed_of, prices_said
from tools.plan.plan import Plan, make_plan
from tools.plan.tables import billing_change, plan_tables, reach_tables
from tools.sandbox.effects import Drift, Effects, drift_tables, effects_tables
from tools.sandbox.rehearsing import (
    have_as_said,
    rehearsal_of,
    rehearsal_of_account,
    rehearse_first,
)
from tools.sandbox.running import (
    CannotRunError,
    refuse_impossible,
    refuse_needed,
    refuse_others,
    refuse_pending,
    refuse_protected,
    tell_losses,
)
from topologies import TOPOLOGIES, reach
from topologies.neighbours import neighbour_warnings
from topologies.recorder import record

TIER_FILE = "1"
"""Instead of the name of a file that configures the policy pack: that of the tier that judges."""


def up(paths: Paths, policy: str | None) -> int:
    file, held, effects = _known(paths), Held(paths), Effects()
    pack, engine = _pack(paths, file.settings, policy), _engine(paths, file.settings)
    is_new = not held.deployment().get("resources")
    with _warned(file, effects):
        refuse_pending(held)
        refuse_impossible(held, file)
        tell_losses(held, file)
        is_done = rehearse_first(held, file, engine)
        have_as_said(held, file.settings)
        outputs: Mapping[str, Any] = {}
        if is_done and policy is None:  # policies judge what stays as well
            tell("Nothing changes, in the cloud or in the state: a run on a copy says so.")
        else:
            with driver(paths, engine, pack) as running:
                if policy is not None:
                    _preview_first(running)
                running.up(effects.hear)
                outputs = running.outputs()
    if is_new:
        settings = file.settings
        stands = reach(settings).standing(outputs)
        plan = Plan(settings.stack, paths.target.file, settings, reach=stands)
        print(reach_tables(plan, settings), end="")
    else:
        print(effects_tables(effects), end="")
    return DONE


@contextmanager
def _warned(file: StackFile, effects: Effects) -> Generator[None]:
    """Tell each warning once, after the run; of a run that changes nothing, how many there are."""
    changes = True
    try:
        yield
        changes = effects.any
    finally:
        warnings = _warnings(file)
        if changes:
            for warning in warnings:
                tell(f"warning: {describe_in_a_line(file.path, warning)}")
        elif warnings:
            count = "1 warning" if len(warnings) == 1 else f"{len(warnings)} warnings"
            tell(f"{count}, as before: make plan shows what.")


def _warnings(file: StackFile) -> tuple[Problem, ...]:
    return (*file.settings.warnings, *neighbour_warnings(file))


def _preview_first(running: Driver) -> None:
    """`pulumi up` does so by itself, the Automation API doesn't.

    Without it a run stops at the first resource that a policy refuses, with half of them made.
    """
    try:
        running.preview()
    except auto.CommandError:
        message = "Its preview failed, for the reason above; nothing was changed."
        raise CannotRunError(message) from None


def preview(paths: Paths, policy: str | None, prices: str | None) -> int:
    effects, paid = Effects(), prices_said(prices)
    file = _known(paths)
    _previewed(paths, file, effects, policy)
    print(effects_tables(effects), end="")
    if effects.any:
        print(_bill(paths, file.settings, paid), end="")
    return DONE


def _bill(paths: Paths, settings: StackSettings, prices: Prices | None) -> str:
    """What changes of what is billed."""
    before = billed(of_state(Held(paths).deployment(), settings.region or ""))
    return billing_change(before, billed_of(record(settings), settings), prices)


def previewed(paths: Paths, effects: Effects) -> int:
    """Show what `up` would do, and say whether it would end well.

    Args:
        paths: the stack's.
        effects: takes note of each step.
    """
    _previewed(paths, _known(paths), effects, None)
    return DONE


def _previewed(paths: Paths, file: StackFile, effects: Effects, policy: str | None) -> None:
    engine, log = _engine(paths, file.settings), Log(effects.hear)
    pack = _pack(paths, file.settings, policy)
    with _warned(file, effects):
        with driver(paths, engine, pack) as running:
            refuse_pending(running)
            refuse_impossible(running, file)
            running.preview(log.heard)
            tell_losses(running, file)
        if log.steps:
            rehearse_first(Held(paths), file, engine)


def rehearse(paths: Paths, *, account: bool) -> int:
    """Say whether `up` would end well; neither cloud nor state is touched.

    Args:
        paths: the stack's.
        account: whether it is about the stack that the `pulumi` on the PATH knows.
    """
    try:
        found = rehearsal_of_account(paths) if account else _rehearsal(paths)
    except NotRehearsedError as reason:
        print(f"Not rehearsed: {reason}.")
        return FAILED
    print(told(found))
    return DONE if found.ends_well else REFUSED


def _rehearsal(paths: Paths) -> Rehearsed:
    file, held = _known(paths), Held(paths)
    refuse_pending(held)
    refuse_impossible(held, file)
    return rehearsal_of(held, file, find_engine(tell))


def preview_json(paths: Paths, policy: str | None) -> int:
    """Protection doesn't stop this preview: whoever reads it judges what is touched."""
    file = _known(paths)
    # Without an engine there is no plan instead: standard output is for the document.
    for warning in _warnings(file):
        tell(f"warning: {describe(file.path, warning)}\n")
    with driver(paths, find_engine(tell), _pack(paths, file.settings, policy)) as running:
        refuse_pending(running)
        refuse_impossible(running, file, whatever_is_protected=True)
        document, succeeded = running.preview_json()
    print(document)
    return DONE if succeeded else FAILED


def refresh(paths: Paths) -> int:
    return _refreshed(paths, Driver.refresh)


def look(paths: Paths) -> int:
    """Show what `refresh` would write."""
    return _refreshed(paths, Driver.look)


def _refreshed(paths: Paths, operation: Callable[[Driver, OnEvent], None]) -> int:
    drift = Drift()
    with _driver(paths, _sound(paths).settings) as running:
        refuse_pending(running)
        operation(running, drift.hear)
    print(drift_tables(drift), end="")
    return DONE


def destroy(paths: Paths) -> int:
    settings = _sound(paths).settings
    refuse_needed(paths)
    with _driver(paths, settings) as running:
        refuse_pending(running)
        refuse_protected(running)
        refuse_others(running, settings.region or DEFAULT_REGION)
        running.destroy()
    left = left_in_cloud(paths.cloud, held_by_others(paths).keys())
    tell("\n".join(left) or "Nothing is left in the simulated cloud.")
    return DONE


def import_listed(paths: Paths, file: Path) -> int:
    listed = _listed(file)
    settings = _sound(paths).settings
    with _driver(paths, settings) as running:
        refuse_pending(running)
        running.adopt(listed)
    return DONE


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


def recover(paths: Paths) -> int:
    if busy := at_work(paths):
        raise CannotRunError(busy)
    settings = _sound(paths).settings
    done = put_back_readable(paths)
    with _driver(paths, settings) as running:
        done += unlock_and_settle(running, settings.region or DEFAULT_REGION)
    for line in done or ["Nothing was pending."]:
        tell(line)
    if done:
        own = {str(one.get("id")) for one in resources_of(paths, paths.target.stack)}
        for line in left_in_cloud(paths.cloud, held_by_others(paths).keys() | own):
            tell(line)
    tell(f"Recovered. make up {paths.said} completes what was interrupted.")
    return DONE


def _sound(paths: Paths) -> StackFile:
    """The stack file, judged; of what it refers to of other stacks, only that it is there."""
    file = StackFile(shown_path(paths.target.file), paths.target.stack, TOPOLOGIES)
    if paths.former is not None:
        tell(
            f"{paths.target.stack} shares the account of the stacks that it refers to, or that "
            f"refer to it.\nWhat it had before, alone, is still in {paths.former}, and isn't used."
        )
    return file


def _known(paths: Paths) -> StackFile:
    """The same, with what other stacks of the account have put out."""
    file = _sound(paths)
    return file.knowing(outputs_in_account(paths, file.stacks)) if file.stacks else file


def _pack(paths: Paths, settings: StackSettings, policy: str | None) -> PolicyPack | None:
    """The pack by which a run is judged, as strictly as the stack is judged in an account.

    A stack that the table doesn't have is tried out here: then there is nobody to be hidden from.
    """
    if policy is None:
        return None
    try:
        listed = tier_in_table(ROOT, paths.target.stack)
    except TierTableError as reason:
        raise CannotRunError(str(reason)) from None
    tier = judging_tier(settings.common.tier, Held(paths).outputs().get(TIER_OUTPUT), listed)
    folder = ROOT / "policy"
    file = folder / f"{tier}.json" if policy in {TIER_FILE, ""} else Path(policy).resolve()
    pack = PolicyPack(folder, file)
    if not pack.configuration.is_file():
        message = f"{pack.configuration} isn't there, by which the policy pack is configured"
        raise CannotRunError(message)
    return pack


def _driver(paths: Paths, settings: StackSettings) -> AbstractContextManager[Driver]:
    return driver(paths, _engine(paths, settings))


def _engine(paths: Paths, settings: StackSettings) -> Path:
    try:
        return find_engine(tell)
    except EngineMissing:
        # What can be known without an engine.
        print(plan_tables(make_plan(paths.target), settings), end="", flush=True)
        raise


def left_in_cloud(store: Path, others: AbstractSet[str] = frozenset()) -> list[str]:
    """What is still in the simulated cloud after all of a stack was destroyed, a line each.

    What was only assumed to be there was nobody's to delete.

    Args:
        store: the cloud.
        others: Pulumi's ids of what other stacks of the account have.
    """
    with closing(Store(store)) as cloud:
        left = [
            f"  {resource.kind} {resource.id}"
            for resource in cloud.all()
            if pulumi_id(resource) not in others and resource.id not in cloud.assumed
        ]
    return ["Still in the simulated cloud, and not in the state:", *left] if left else []
