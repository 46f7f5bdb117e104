"""A stack's review: everything that is known about a run before it runs.

The same for a pull request, before a deployment, and by hand. Each part is run even where an
earlier one found something, so that one look shows everything; only a refused stack file and a
state that can't be read leave nothing to look at.

The stack's own provider is a part of its own: Pulumi makes it from the stack's `alicloud:`
settings, and leaves it out of previews. The state has what it was made of; the preview's
configuration has what it will be.
"""

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from facts import kinds
from judging.account.reading import UnreadError
from judging.billing import billed, of_state
from judging.findings import CHANGE_PROVIDER, LOWER_TIER
from judging.guard import allowances, allowed, findings, judged, markdown
from judging.preview import SECRET
from judging.reading import NotAPreviewError, preview_of
from judging.values import told
from stack.command_line import DONE, FOUND, NOT_JUDGED, REFUSED, ROOT, preflights, rehearses, tell
from stack.listing import TierTableError, tier_in_table
from stack.naming import NAMESPACE
from stack.provider_settings import PROVIDER
from stack.pulumi_wire import SIGNATURE, name_of
from stack.settings import StackSettings
from stack.stack_file import StackFile
from stack.state import StackState, outputs_in
from stack.target import Target, shown_path
from stack.tiers import TIER_OUTPUT, Tier, judging_tier
from tools.pipeline.asking import asked
from tools.pipeline.engine import Engine
from tools.pipeline.previewing import Previewed
from tools.pipeline.sameness import digest, judges
from tools.pipeline.shell import run
from tools.pipeline.strangers import Stranger, Strangers, strangers
from tools.pipeline.strangers import told as told_of
from tools.plan.__main__ import rendered
from tools.plan.billing import prices_said
from tools.plan.plan import Plan, plan_of
from tools.plan.tables import billing_change
from tools.preflight.showing import as_markdown, stops
from tools.promote.__main__ import main as check_promotion
from topologies import TOPOLOGIES, change_problems, protected_problems


@dataclass(frozen=True)
class Part:
    """One look at the run: whether it passed, and what it says."""

    title: str
    code: int
    text: str = ""
    markdown: bool = False
    """Whether the text is Markdown; else it is shown as it is."""

    @property
    def passed(self) -> bool:
        return self.code == DONE


@dataclass(frozen=True)
class Review:
    """What a run would do to a stack, and whether it may."""

    stack: str
    parts: tuple[Part, ...]
    tier: str = ""
    """The tier that judges it, which its file alone doesn't choose."""

    digest: str = ""
    """Of the preview and its judges; empty where there is none, and then nothing was judged."""

    changes: int = 0
    """How many steps the preview has, and how many outputs of the stack it changes."""

    promoted_from: str = ""
    in_step: bool = True
    """Whether the stack before this one has nothing that waits to be promoted."""

    details: str = field(default="", repr=False)
    """The preview, for people."""

    @property
    def code(self) -> int:
        """`DONE`, or why it may not run: something was found, or there was nothing to judge."""
        return max([part.code for part in self.parts] + ([] if self.digest else [NOT_JUDGED]))


def review(
    goal: Target,
    folder: Path,
    *,
    allow: str = "",
    promoted_from: str = "",
    deploys: bool = False,
) -> Review:
    """Look at what `pulumi up` would do to a stack.

    Args:
        goal: the stack.
        folder: where the preview's document is kept.
        allow: findings of the guard that are meant, by name.
        promoted_from: the stack before this one, if its changes have to have come here.
        deploys: whether whoever asks is who will run it: then their rights are tried as well.
    """
    file = StackFile(shown_path(goal.file), goal.stack, TOPOLOGIES)
    plan = plan_of(file, prices_said(None))
    if plan.settings is None:
        return Review(goal.stack, (Part("Stack file", NOT_JUDGED, plan.report),))
    tell(rendered(plan, "table"))
    waiting = _waiting(promoted_from, goal.stack)
    state = Engine(goal.stack).state()
    if state is None:
        return Review(goal.stack, (Part("State", NOT_JUDGED, _NO_STATE),))
    try:
        tier = _judging(file.settings, state, allow)
    except TierTableError as reason:
        return Review(goal.stack, (Part("Tiers", NOT_JUDGED, str(reason)),))
    before = [part for part in (_pending(state), _impossible(file, state)) if part is not None]
    preview = Engine(goal.stack, tier).preview()
    document = preview.document
    if document is None:
        return Review(goal.stack, (*before, _failed(preview)), tier=tier, details=waiting)
    text = json.dumps(document)
    (folder / "preview.json").write_text(text, encoding="utf-8")
    tell(preview.text)
    passed, said = preview.policies
    after = [f"AFTER={promoted_from}"] if promoted_from else []
    again = ["make", "review", f"STACK={goal.stack}", *after]
    # What can't begin, or begins with nothing to do, isn't rehearsed.
    begins = preview.steps and not before and not preview.protected
    return Review(
        goal.stack,
        (
            *before,
            _guard(text, allow, again),
            *_provider(state, document, allow),
            Part("Policies", DONE if passed else FOUND, said),
            *(_others(state, preview) if preflights() else ()),
            *((preflight(text, deploys=deploys),) if preview.steps and preflights() else ()),
            *(_costs(plan, state) if preview.steps else ()),
            *_protection(preview),
            *((rehearsal(goal.stack),) if begins and rehearses() else ()),
        ),
        tier=tier,
        digest=digest(document, {"tier": tier, "files": judges()}),
        changes=len(preview.steps) + len(preview.outputs),
        promoted_from=promoted_from,
        in_step=not waiting,
        details="\n".join(part.rstrip() for part in (waiting, preview.text) if part.strip()),
    )


_NO_STATE = (
    "The stack's state can't be read, for the reason above. A stack is made once, by hand: "
    "docs/pipelines.md says how."
)


_NOT_PREVIEWED = (
    "The engine didn't say what it would do in a form that can be approved: so nothing was judged."
)
_LONGEST_REASON = 4000


def _judging(settings: StackSettings, state: dict[str, Any], allow: str) -> Tier:
    """The tier that judges: the strictest of the last deployed one, the table's and the file's.

    Where somebody means to lower it, and the run says so, the last deployed one has had its say:
    the table decides, which belongs to others than the stack file does.

    Raises:
        TierTableError: the table can't be read.
    """
    listed = tier_in_table(ROOT, settings.stack) or Tier.PRODUCTION
    deployed = outputs_in(state).get(TIER_OUTPUT)
    meant = allowed(f"{LOWER_TIER.id}:{NAMESPACE}-{settings.stack}", allowances(allow))
    return judging_tier(settings.common.tier, None if meant else deployed, listed)


def _provider(state: dict[str, Any], steps: dict[str, Any], allow: str) -> Iterator[Part]:
    """What becomes of the stack's own provider, which the guard can't see in a preview."""
    changes = provider_changes(state, steps.get("config") or {})
    if changes:
        meant = allowed(FINDING, allowances(allow))
        lines = [f"{FINDING}{' (allowed)' if meant else ''}", *changes, CHANGE_PROVIDER.reason]
        yield Part("Provider", DONE if meant else FOUND, "\n".join(lines))


def _pending(state: dict[str, Any]) -> Part | None:
    """A run that was killed leaves calls whose end nobody knows; `pulumi up` would go on anyway."""
    pending: list[dict[str, Any]] = state.get("pending_operations") or []
    if not pending:
        return None
    names = ", ".join(name_of(one["resource"]["urn"]) for one in pending)
    text = (
        f"A run was interrupted while it changed {names}; whether the cloud did it isn't known.\n"
        "Settle that first: docs/recovery.md says how."
    )
    return Part("Interrupted", NOT_JUDGED, text)


def _impossible(file: StackFile, state: dict[str, Any]) -> Part | None:
    """Changes that the cloud can't do in one run, of which a preview knows nothing."""
    held = StackState(state)
    problems = [*change_problems(file.settings, held), *protected_problems(file.settings, held)]
    return Part("Changes", NOT_JUDGED, str(file.refused(problems))) if problems else None


def _waiting(source: str, goal: str) -> str:
    """What of the stack before this one waits to be promoted; empty where nothing does."""
    if not source:
        return ""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = check_promotion(["--from", source, "--to", goal, "--check"])
    tell(said.getvalue())
    return said.getvalue() if code != DONE else ""


def _failed(preview: Previewed) -> Part:
    reason = "\n".join(preview.errors) or preview.ended.out
    lines = [reason[-_LONGEST_REASON:].rstrip(), _NOT_PREVIEWED]
    return Part("Preview", NOT_JUDGED, "\n".join(line for line in lines if line))


def _guard(document: str, allow: str, again: Sequence[str]) -> Part:
    try:
        preview = preview_of(document)
    except NotAPreviewError as reason:
        return Part("Guard", NOT_JUDGED, str(reason))
    verdict = judged(findings(preview), allowances(allow))
    code = FOUND if verdict.open else DONE
    return Part("Guard", code, markdown(preview, verdict, again), markdown=True)


def _protection(preview: Previewed) -> Iterator[Part]:
    """Where the engine would refuse to go on, half-way."""
    if preview.protected:
        text = (
            f"The state protects {', '.join(preview.protected)}, and this would delete or replace "
            "it: the update would stop there."
        )
        yield Part("Protection", FOUND, text)


def _costs(plan: Plan, state: dict[str, Any]) -> Iterator[Part]:
    """What changes of what is billed."""
    before = billed(of_state(state, plan.settings.region or "" if plan.settings else ""))
    if text := billing_change(before, plan.billed, plan.prices):
        yield Part("Costs", DONE, text)


def _others(state: dict[str, Any], preview: Previewed) -> Iterator[Part]:
    """What isn't the stack's and stands on it: whether what goes would be refused because of it."""
    found = strangers(state, preview.gone)
    shown = [*found.nobodys, *(one for one in found.stopping if one.is_anothers)]
    if shown:
        code = FOUND if found.stopping else DONE
        yield Part(_OTHERS, code, "\n".join(_told(shown, found)), markdown=True)
    if notes := [*found.notes]:
        yield Part(_OTHERS, DONE, "\n".join(notes))


_OTHERS: Final = "Others' things"


def _told(shown: Sequence[Stranger], found: Strangers) -> Iterator[str]:
    yield f"### {'❌ ' if found.stopping else ''}{_OTHERS}"
    yield ""
    yield _OTHERS_STOP if found.stopping else _OTHERS_STAND
    yield ""
    yield from told_of(shown, "This update")


_OTHERS_STAND = (
    "These stand on the stack's own resources, and no stack of the backend is known to hold them. "
    "They aren't in this update's way."
)
_OTHERS_STOP = (
    "The update would stop half-way: the cloud keeps what something stands on that isn't the "
    "stack's. Delete that first, where it was made, or take it into a stack: docs/recovery.md, "
    '"What others have put there".'
)


def preflight(document: str, *, deploys: bool) -> Part:
    """Whether the account would refuse something. One that can't be asked holds up nothing."""
    try:
        rows = asked(preview_of(document), os.environ, deploys=deploys)
    except (NotAPreviewError, UnreadError) as reason:
        return Part("Preflight", DONE, f"The account wasn't asked, so nothing is known:\n{reason}")
    return Part("Preflight", FOUND if stops(rows) else DONE, as_markdown(rows), markdown=True)


def rehearsal(stack: str) -> Part:
    """Whether the update ends well on a copy. One that can't be rehearsed isn't held up."""
    command = [sys.executable, "-m", "tools.sandbox", "rehearse", "--account", "--stack", stack]
    ended = run(command, more={})
    if ended.code == REFUSED:
        return Part("Rehearsal", FOUND, ended.out)
    answered = ended.code == DONE or bool(ended.out)
    return Part("Rehearsal", DONE if answered else NOT_JUDGED, ended.out or _NO_ANSWER)


_NO_ANSWER = "The rehearsal broke off; the log says why. REHEARSE=no leaves it out."


_DEFAULT: Final = "default"
FINDING: Final = f"{CHANGE_PROVIDER.id}:{_DEFAULT}"
"""By what such a change is allowed."""

_ENGINES_OWN: Final = {"version", "pluginDownloadURL", "__internal"}
_FROM_ENVIRONMENT: Final = {"region", "profile", "ecsRoleName"}
"""What the provider takes from the environment where the stack doesn't say it: that it isn't said
any more needn't mean anything."""


def provider_changes(state: Mapping[str, Any], config: Mapping[str, Any]) -> list[str]:
    """How the stack's own provider changes, each setting in a line; nothing while there is none.

    Args:
        state: the stack's state.
        config: its configuration, as `pulumi preview --json` has it.
    """
    held = [
        cast("Mapping[str, Any]", resource.get("inputs") or {})
        for resource in state.get("resources") or ()
        if resource.get("type") == kinds.PROVIDER and name_of(resource["urn"]).startswith(_DEFAULT)
    ]
    prefix = f"{PROVIDER}:"
    new = {
        key.removeprefix(prefix): _plain(value)
        for key, value in config.items()
        if key.startswith(prefix)
    }
    # After an upgrade the state has a provider for each version, the newest one last.
    return [*_differences(held[-1], new)] if held else []


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted({*old, *new} - _ENGINES_OWN):
        before, after = _plain(old.get(key)), new.get(key)
        unsaid = after is None and key in _FROM_ENVIRONMENT
        if before != after and not unsaid:
            yield told(before, after, key)


def _plain(value: object) -> object:
    """A value as its text says it: the provider keeps what isn't text as JSON."""
    if isinstance(value, Mapping):
        return SECRET if SIGNATURE in value else cast("object", value)
    if not isinstance(value, str):
        return value
    try:
        found: object = json.loads(value)
    except ValueError:
        return value
    # An account's number is text, all digits or not.
    return cast("object", found) if isinstance(found, dict | list | bool) else value
