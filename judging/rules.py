"""Every rule over a preview, in the order in which findings are told; and what is allowed."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from facts import kinds
from judging.altering import alteration_findings
from judging.apis import api_findings
from judging.callers import caller_findings
from judging.findings import HIDDEN, RULES, Finding
from judging.lasting import loss_findings, protection_findings, secret_findings, tier_findings
from judging.ports import port_findings
from judging.preview import Op, Preview
from judging.rights import rights_findings
from judging.stakes import LASTING


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
        return tuple(one for one in self.findings if one.id not in self.allowed)


def allowances(text: str) -> tuple[str, ...]:
    """The names in `ALLOW`, which blanks or commas part."""
    return tuple(dict.fromkeys(re.split(r"[\s,]+", text.strip()))) if text.strip(" ,\t\n") else ()


def judged(findings: Sequence[Finding], names: Sequence[str]) -> Verdict:
    """The findings with what is allowed. `*` in a name stands for anything."""
    ids = [one.id for one in findings]
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
        *LASTING,
        kinds.SECURITY_GROUP,
        kinds.INSTANCE,
        *kinds.LOAD_BALANCERS,
        kinds.EIP_ASSOCIATION,
        kinds.VPC,
        kinds.VSWITCH,
        kinds.ENI,
        kinds.ENI_ATTACHMENT,
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
    caller_findings,
    rights_findings,
    protection_findings,
    tier_findings,
    secret_findings,
    _hidden,
)
