"""A stack's review: everything that is known about a run before it runs.

The same for a pull request, before a deployment, and by hand. Each part is run even where an
earlier one found something, so that one look shows everything; only a refused stack file and a
state that can't be read leave nothing to look at.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from judging.findings import CHANGE_PROVIDER, LOWER_TIER
from judging.rules import allowances, allowed
from stack.command_line import ROOT, rehearses
from stack.held import HeldState, name_of, outputs_in
from stack.loader import settings_of_file
from stack.placing import NAMESPACE, placed
from stack.problems import StackFileError
from stack.settings import StackSettings
from stack.target import Target
from stack.tier_table import TIER_OUTPUT, TierTableError, judging_tier, tier_in_table
from stack.tiers import Tier
from stack.yaml_file import YamlFile
from tools.pipeline.engine import Engine
from tools.pipeline.home_provider import FINDING, provider_changes
from tools.pipeline.judges import judges
from tools.pipeline.sameness import digest, steps_of
from tools.pipeline.shell import Ended, run
from topologies import TOPOLOGIES, change_problems, protected_problems

READY, FOUND, NOT_JUDGED = 0, 1, 2
REFUSED = 2
"""The sandbox's word for an update that it doesn't begin."""


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
        return self.code == READY


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
        """`READY`, or why not: something was found, or there was nothing to judge."""
        return max([part.code for part in self.parts] + ([] if self.digest else [NOT_JUDGED]))


def review(goal: Target, folder: Path, *, allow: str = "", promoted_from: str = "") -> Review:
    """Look at what `pulumi up` would do to a stack.

    Args:
        goal: the stack.
        folder: where the preview's document is kept.
        allow: findings of the guard that are meant, by name.
        promoted_from: the stack before this one, if its changes have to have come here.
    """
    planned = _python("tools.plan", "--stack", goal.stack)
    if planned.code != READY:
        return Review(goal.stack, (Part("Stack file", NOT_JUDGED, planned.out),))
    promotion = _promotion(promoted_from, goal.stack)
    settings = settings_of_file(goal.file, goal.stack, TOPOLOGIES)
    state = Engine(goal.stack).state()
    if state is None:
        return Review(goal.stack, (Part("State", NOT_JUDGED, _NO_STATE),))
    try:
        tier = _judging(settings, state, allow)
    except TierTableError as reason:
        return Review(goal.stack, (Part("Tiers", NOT_JUDGED, str(reason)),))
    engine = Engine(goal.stack, tier)
    before = [
        part for part in (_pending(state), _impossible(goal, settings, state)) if part is not None
    ]
    document = engine.steps()
    kept = folder / "preview.json"
    kept.write_text(document.out, encoding="utf-8")
    # Its standard output alone is for readers: what else it says has text of others in it.
    guarded = _python("tools.guard", str(kept), "--allow", allow, both=False)
    shown = engine.preview()
    steps = _document(document)
    policies = _policies(shown)
    unseen = policies.title != _PREVIEW and (steps is None or document.code != READY)
    acts = len(steps_of(steps)) if steps is not None else 0
    # What can't begin, or begins with nothing to do, isn't rehearsed.
    begins = acts and document.code == READY and not before
    return Review(
        goal.stack,
        (
            *before,
            Part("Guard", guarded.code, guarded.out or _NO_VERDICT, markdown=bool(guarded.out)),
            *_provider(state, steps or {}, allow),
            policies,
            *((Part(_PREVIEW, NOT_JUDGED, _NO_DOCUMENT),) if unseen else ()),
            *((rehearsal(goal.stack),) if begins and rehearses() else ()),
        ),
        tier=tier,
        digest=digest(steps, {"tier": tier, "files": judges()})
        if steps is not None and document.code == READY
        else "",
        changes=acts + len(outputs_of(shown.out)),
        promoted_from=promoted_from,
        in_step=promotion is None or promotion.code == READY,
        details=_details(promotion, shown),
    )


_NO_STATE = (
    "The stack's state can't be read, for the reason above. A stack is made once, by hand: "
    "docs/pipelines.md says how."
)


_PREVIEW = "Preview"
_NO_VERDICT = "The guard had nothing to judge; the log says why."
_NO_DOCUMENT = (
    "The engine didn't say what it would do in a form that can be approved, for the reason in the "
    "log: so nothing was judged."
)


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
        yield Part("Provider", READY if meant else FOUND, "\n".join(lines))


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


def _impossible(goal: Target, settings: StackSettings, state: dict[str, Any]) -> Part | None:
    """Changes that the cloud can't do in one run, of which a preview knows nothing."""
    held = HeldState(state)
    problems = [*change_problems(settings, held), *protected_problems(settings, held)]
    if not problems:
        return None
    file = YamlFile.read(goal.file)
    text = str(StackFileError(goal.file, placed(problems, file, {})))
    return Part("Changes", NOT_JUDGED, text)


def _promotion(source: str, goal: str) -> Ended | None:
    if not source:
        return None
    return _python("tools.promote", "--from", source, "--to", goal, "--check")


def _document(preview: Ended) -> dict[str, Any] | None:
    try:
        found: object = json.loads(preview.out)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None  # pyright: ignore[reportUnknownVariableType] - the guard has judged its shape


def _policies(shown: Ended) -> Part:
    """What the engine says about policies at the end of its preview, or why it made none."""
    found = _VERDICT.search(shown.out)
    if found is not None:
        return Part("Policies", READY if shown.code == READY else FOUND, found["text"].rstrip())
    if shown.code == READY:
        return Part("Policies", READY)
    return Part(_PREVIEW, FOUND, shown.out[-_LONGEST_REASON:])


def rehearsal(stack: str) -> Part:
    """Whether the update ends well on a copy. One that can't be rehearsed isn't held up."""
    command = [sys.executable, "-m", "tools.sandbox", "rehearse", "--account", "--stack", stack]
    ended = run(command, more={})
    if ended.code == REFUSED:
        return Part("Rehearsal", FOUND, ended.out)
    answered = ended.code == READY or bool(ended.out)
    return Part("Rehearsal", READY if answered else NOT_JUDGED, ended.out or _NO_ANSWER)


def outputs_of(shown: str) -> list[str]:
    """The outputs of the stack that a preview for people says will change."""
    found = _OUTPUTS.search(shown)
    return _OUTPUT.findall(found["text"]) if found is not None else []


_OUTPUTS = re.compile(r"^Outputs:\n(?P<text>(?:[ \t]+.*\n|\n)*)", re.MULTILINE)
_OUTPUT = re.compile(r"^  [ ]{0,2}[-+~] {1,2}(\w+)\s*:", re.MULTILINE)

_NO_ANSWER = "The rehearsal broke off; the log says why. REHEARSE=no leaves it out."

_VERDICT = re.compile(
    r"^Policies:\n(?P<text>.*?)(?=^(?:Diagnostics|Outputs|Resources|Duration|error):|\Z)",
    re.MULTILINE | re.DOTALL,
)
_LONGEST_REASON = 4000


def _details(promotion: Ended | None, shown: Ended) -> str:
    waiting = promotion.out if promotion is not None and promotion.code != READY else ""
    preview = shown.out if shown.code == READY or _VERDICT.search(shown.out) else ""
    return "\n".join(part.rstrip() for part in (waiting, preview) if part.strip())


def _python(module: str, *arguments: str, both: bool = True) -> Ended:
    return run([sys.executable, "-m", module, *arguments], both=both, more={})
