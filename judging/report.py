"""A verdict for people (a Markdown table, fit for a comment on a pull request) and for programs.

For whoever approves the run it has what changes from which value to which; no secret is shown.
"""

import json
import shlex
from collections import Counter
from collections.abc import Sequence
from typing import Any

from judging.findings import Finding
from judging.preview import Op, Preview
from judging.rules import Verdict
from judging.values import changed_inputs, differences
from stack.markdown import block, code, plain
from stack.problems import did_you_mean

_MOST = 200
_MOST_NAMES = 10
"""Of one rule's findings, for a command that somebody still reads before running it."""


def values_of(preview: Preview) -> list[str]:
    """The changed values of each resource that stays, folded away; nothing where there are none."""
    lines = _lines(preview)
    if not lines:
        return []
    more = len(lines) - _MOST
    left = [f"… and {more} lines more: preview with --diff"] if more > 0 else []
    summary = f"<summary>Values ({len(lines)} changed)</summary>"
    text = "\n".join([*lines[:_MOST], *left])
    return ["", "<details>", summary, "", *block(text), "", "</details>"]


def _lines(preview: Preview) -> list[str]:
    present = preview.present_urns()
    return [
        f"{change.name}  {difference}"
        for change in preview.changes
        if change.op in {Op.UPDATE, Op.REPLACE} and change.old and change.new
        for key in changed_inputs(change, present)
        for difference in differences(change.old.inputs.get(key), change.new.inputs.get(key), key)
    ]


_DONE = {Op.CREATE: "create", Op.UPDATE: "update", Op.REPLACE: "replace", Op.DELETE: "delete"}


def markdown(preview: Preview, verdict: Verdict, again: Sequence[str] = ("make", "guard")) -> str:
    """The table, with what is to be done about it.

    Args:
        preview: what was judged.
        verdict: how.
        again: the command that judges the same once more, to which ALLOW= is added.
    """
    lines = [f"### Guard: {_headline(verdict)}", "", _summary(preview)]
    if verdict.findings:
        lines += ["", "| | Finding | The run | Why it matters | If it isn't meant |"]
        lines += ["|---|---|---|---|---|"]
        lines += [_row(one, verdict) for one in verdict.findings]
    if preview.refused:
        lines += ["", _STOPPED]
    for name in verdict.unused:
        lines += ["", _unused(name, verdict)]
    if verdict.open:
        names = "ALLOW=" + shlex.quote(" ".join(_names(verdict.findings)))
        lines += ["", "Meant? Allow by name, for one run:", ""]
        lines += block(" ".join([*map(shlex.quote, again), names]), "sh")
    lines += values_of(preview)
    return "\n".join(lines) + "\n"


def as_json(preview: Preview, verdict: Verdict) -> str:
    """One document; its keys are a promise."""
    document: dict[str, Any] = {
        "stack": preview.stack,
        "changes": _counts(preview),
        "complete": not preview.refused,
        "findings": [
            {
                "id": one.id,
                "rule": one.rule.id,
                "resource": one.resource,
                "urn": one.urn,
                "what": one.what,
                "reason": one.rule.reason,
                "remedy": one.remedy,
                "allowed": one.id in verdict.allowed,
            }
            for one in verdict.findings
        ],
        "unusedAllowances": list(verdict.unused),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _names(findings: Sequence[Finding]) -> list[str]:
    """What allows them: each by its name, or by its rule where there are many of one."""
    found = Counter(one.rule.id for one in findings)
    return list(
        dict.fromkeys(
            one.id if found[one.rule.id] <= _MOST_NAMES else f"{one.rule.id}:*" for one in findings
        )
    )


_STOPPED = (
    "The engine stopped at a protected resource, so this isn't all. Preview with "
    "`--ignore-protect` to see everything; a preview that stopped is never passed."
)


def _headline(verdict: Verdict) -> str:
    if not verdict.findings:
        return "nothing found"
    count, left = len(verdict.findings), len(verdict.open)
    what = "1 finding" if count == 1 else f"{count} findings"
    if not left:
        return f"{what}, allowed" if count == 1 else f"{what}, all allowed"
    return what if left == count else f"{what}, {count - left} allowed"


def _summary(preview: Preview) -> str:
    counts = ", ".join(f"{count} to {op}" for op, count in _counts(preview).items() if count)
    return f"Stack {plain(preview.stack)}: {counts or 'no changes'}."


def _counts(preview: Preview) -> dict[str, int]:
    found = Counter(change.op for change in preview.changes)
    return {word: found[op] for op, word in _DONE.items()}


def _row(finding: Finding, verdict: Verdict) -> str:
    mark = "allowed" if finding.id in verdict.allowed else "❌"
    rule = finding.rule
    # What a rule says is ours, and Markdown; what is said of a resource has names of others in it.
    cells = (mark, code(finding.id), plain(finding.what), rule.reason, finding.remedy)
    return f"| {' | '.join(cells)} |"


def _unused(name: str, verdict: Verdict) -> str:
    near = did_you_mean(name, [one.id for one in verdict.findings])
    hint = f" Did you mean {code(near)}?" if near is not None else ""
    return f"ALLOW names {code(name)}, and nothing of that name was found.{hint}"
