"""Findings that are meant: allowed by name, for one run."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from judging.findings import Finding


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
