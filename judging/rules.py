"""Every rule over a preview, in the order in which findings are told."""

from collections.abc import Callable, Iterator

from judging.altering import alteration_findings
from judging.apis import api_findings
from judging.callers import caller_findings
from judging.findings import HIDDEN, RULES, Finding
from judging.groups import FOUNDATIONS
from judging.lasting import loss_findings, protection_findings
from judging.plain_secrets import secret_findings
from judging.ports import port_findings
from judging.preview import Op, Preview
from judging.rights import rights_findings
from judging.tiers import tier_findings

_ORDER = {rule.id: place for place, rule in enumerate(RULES)}


def findings(preview: Preview) -> tuple[Finding, ...]:
    """What somebody should have meant, sorted by rule and name."""
    found: dict[tuple[str, str, str], list[str]] = {}
    rules = {rule.id: rule for rule in RULES}
    for one in (one for judge in _JUDGES for one in judge(preview)):
        found.setdefault((one.rule.id, one.resource, one.urn), []).append(one.what)
    return tuple(
        Finding(rules[rule], resource, urn, "; ".join(dict.fromkeys(whats)))
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
        and change.type in FOUNDATIONS
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
