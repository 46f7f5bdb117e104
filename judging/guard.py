"""The guard: every rule over a preview, what is allowed of what they find, and the report of it.

The report is for people (a Markdown table, fit for a comment on a pull request) and for programs.
For whoever approves the run it has what changes from which value to which; no secret is shown.
"""

import json
import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from facts import kinds
from judging.altering import alteration_findings
from judging.apis import api_findings
from judging.findings import HIDDEN, RULES, Finding
from judging.lasting import loss_findings, protection_findings, secret_findings, tier_findings
from judging.ports import port_findings
from judging.preview import Op, Preview
from judging.rights import rights_findings
from judging.stakes import STAKES
from judging.values import changed_inputs, input_differences
from stack.markdown import block, code, plain
from stack.problems import did_you_mean


@dataclass(frozen=True)
class Verdict:
    """What was found, what of it is allowed, and which allowances did nothing."""

    findings: tuple[Finding, ...]
    allowed: frozenset[str]
    """The ids of findings that are allowed."""

    unused: tuple[str, ...]
    """Allowances that match nothing."""

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that nobody has allowed."""
        return tuple(finding for finding in self.findings if finding.id not in self.allowed)


def allowances(text: str) -> tuple[str, ...]:
    """The names in `ALLOW`, which blanks or commas part."""
    return tuple(dict.fromkeys(re.split(r"[\s,]+", text.strip()))) if text.strip(" ,\t\n") else ()


def judged(findings: Sequence[Finding], names: Sequence[str]) -> Verdict:
    """The findings with what is allowed. `*` in a name stands for anything."""
    ids = [finding.id for finding in findings]
    return Verdict(
        tuple(findings),
        frozenset(id_ for id_ in ids if allowed(id_, names)),
        tuple(name for name in names if not any(map(_form(name).fullmatch, ids))),
    )


def allowed(id_: str, names: Iterable[str]) -> bool:
    """Whether a finding of this id is meant."""
    return any(_form(name).fullmatch(id_) for name in names)


def _form(name: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in name.split("*")), re.DOTALL)


_FOUNDATIONS: Final = frozenset(
    {
        *(kind for kind, stake in STAKES.items() if stake.lasting),
        *(kinds.SECURITY_GROUP, kinds.INSTANCE, kinds.EIP_ASSOCIATION, *kinds.LOAD_BALANCERS),
        *(kinds.VPC, kinds.VSWITCH, kinds.ENI, kinds.ENI_ATTACHMENT),
    }
)
"""What ways in depend on: replaced, it takes them along."""

_ORDER = {rule.id: place for place, rule in enumerate(RULES)}


def findings(preview: Preview) -> tuple[Finding, ...]:
    """What somebody should have meant, sorted by rule and name."""
    found: dict[tuple[str, str, str], list[str]] = {}
    rules = {rule.id: rule for rule in RULES}
    comes = {change.type for change in preview.changes if change.op is Op.CREATE}
    goes = {
        change.urn for change in preview.changes if change.op is Op.DELETE and change.type in comes
    }
    for one in (one for judge in _JUDGES for one in judge(preview)):
        found.setdefault((one.rule.id, one.resource, one.urn), []).append(one.what)
    return tuple(
        Finding(rules[rule], resource, urn, "; ".join(dict.fromkeys(whats)), urn in goes)
        for (rule, resource, urn), whats in sorted(
            found.items(), key=lambda item: (_ORDER[item[0][0]], *item[0][1:])
        )
    )


def _hidden(preview: Preview) -> Iterator[Finding]:
    """A preview that can't show what goes along with what is replaced."""
    if preview.shows_replacements:
        return
    carriers = sorted(
        change.name
        for change in preview.changes
        if change.op is Op.REPLACE
        and change.old is not None
        and change.old.replaced_first
        and change.type in _FOUNDATIONS
    )
    if carriers:
        what = f"replaces {', '.join(carriers)}, and doesn't show what is deleted along"
        yield Finding(HIDDEN, preview.stack, "", what)


_JUDGES: tuple[Callable[[Preview], Iterator[Finding]], ...] = (
    loss_findings,
    alteration_findings,
    port_findings,
    api_findings,
    rights_findings,
    protection_findings,
    tier_findings,
    secret_findings,
    _hidden,
)


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
        if (states := change.altered)
        for key in changed_inputs(change, present)
        for difference in input_differences(*states, key)
    ]


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
        lines += [_row(finding, verdict) for finding in verdict.findings]
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
                "id": finding.id,
                "rule": finding.rule.id,
                "resource": finding.resource,
                "urn": finding.urn,
                "what": finding.what,
                "reason": finding.rule.reason,
                "remedy": finding.remedy,
                "allowed": finding.id in verdict.allowed,
            }
            for finding in verdict.findings
        ],
        "unusedAllowances": list(verdict.unused),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _names(findings: Sequence[Finding]) -> list[str]:
    """What allows them: each by its name, or by its rule where there are many of one."""
    found = Counter(finding.rule.id for finding in findings)
    return list(
        dict.fromkeys(
            finding.id if found[finding.rule.id] <= _MOST_NAMES else f"{finding.rule.id}:*"
            for finding in findings
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
    counts = Counter(change.op for change in preview.changes)
    return {op.value: counts[op] for op in Op if op is not Op.SAME}


def _row(finding: Finding, verdict: Verdict) -> str:
    mark = "allowed" if finding.id in verdict.allowed else "❌"
    rule = finding.rule
    # What a rule says is ours, and Markdown; what is said of a resource has names of others in it.
    cells = (mark, code(finding.id), plain(finding.what), rule.reason, finding.remedy)
    return f"| {' | '.join(cells)} |"


def _unused(name: str, verdict: Verdict) -> str:
    near = did_you_mean(name, [finding.id for finding in verdict.findings])
    hint = f" Did you mean {code(near)}?" if near is not None else ""
    return f"ALLOW names {code(name)}, and nothing of that name was found.{hint}"
