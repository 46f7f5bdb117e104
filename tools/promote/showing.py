"""What a promotion did: tables for people, one document for pipelines."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from stack.file.tree import MISSING
from stack.problems import Problem, dotted, quoted
from stack.secrets import pulumi_path
from tools.plan.plan import problem_document
from tools.plan.tables import page_of, table_of, titled
from tools.promote.comparing import Move, Need, Stay, without_secrets
from tools.promote.promoting import Promotion
from tools.promote.yaml_nodes import rendered
from tools.sandbox.effects import Effects

if TYPE_CHECKING:
    from rich.console import RenderableType


_LONGEST = 28  # characters of a value in a table


def promotion_tables(promotion: Promotion) -> str:
    """What would move, what stays, and what is in the way."""
    found, source, target = promotion.found, promotion.source.stack, promotion.target.stack
    parts: list[RenderableType] = [titled(f"From {source} to {target}: {promotion.target.path}")]
    if found.moves:
        rows = [(m.action.value, dotted(m.path), _cell(m.old), _cell(m.new)) for m in found.moves]
        parts += ["", titled("Moves"), table_of(("", "Setting", target, source), rows)]
    if found.starts:
        parts += ["", titled(f"New in {target}, with {source}'s value to start with")]
        parts += [f"  {dotted(path)}" for path in found.starts]
    if found.only_in_target:
        parts += ["", titled(f"Only in {target}; it stays")]
        parts += [f"  {dotted(path)}" for path in found.only_in_target]
    if found.stays:
        headers = ("Setting", target, source)
        parts += ["", titled("Differs, and stays"), table_of(headers, _stays(found.stays))]
    if not found.drifted:
        parts += ["", f"Nothing to move: {target} has everything of {source}."]
    return page_of(parts)


def _stays(stays: Sequence[Stay]) -> Iterable[tuple[str, str, str]]:
    """Rows, below a line for each reason."""
    by_reason: dict[str, list[Stay]] = {}
    for stay in stays:
        by_reason.setdefault(stay.why, []).append(stay)
    for why, those in by_reason.items():
        yield (f"— {why}", "", "")
        yield from ((dotted(one.path), _cell(one.target), _cell(one.source)) for one in those)


def needs_report(promotion: Promotion) -> str:
    """What stands in the way of new entries, each with what to do."""
    target = promotion.target
    count = len(promotion.found.needs)
    words = "1 value of its own" if count == 1 else f"{count} values of its own"
    first = f"{target.path} needs {words}; nothing was written."
    needs = [
        f"{dotted(one.path)}\n  rule:   {one.why}\n  remedy: {_remedy(one, promotion)}"
        for one in promotion.found.needs
    ]
    return "\n\n".join([first, *needs])


def _remedy(need: Need, promotion: Promotion) -> str:
    target = promotion.target
    if need.secret:
        path = quoted(pulumi_path(need.path))
        return f"pulumi config set --stack {target.stack} --secret --path {path}"
    if need.by_hand:
        return f"write it into {target.path} by hand"
    return f"write the entry into {target.path}, or give the value: SET={'.'.join(need.path)}=…"


def leftover_hint(promotion: Promotion) -> str:
    """What can be done about entries that only the target has."""
    first = dotted(promotion.found.only_in_target[0])
    return (
        f"To take one out of {promotion.target.path}: REMOVE={first}\n"
        f"To say that it is meant to differ: a line in promotion.yaml."
    )


def promotion_json(promotion: Promotion, effects: Effects | None, *, written: bool) -> str:
    """The whole document, indented, ending in a new line. Its keys are a promise."""
    found = promotion.found
    document: dict[str, Any] = {
        "from": promotion.source.stack,
        "to": promotion.target.stack,
        "file": str(promotion.target.path),
        "drifted": found.drifted,
        "moves": [_document(move) for move in found.moves],
        "startsWith": [dotted(path) for path in found.starts],
        "needs": [
            {"path": dotted(one.path), "rule": one.why, "remedy": _remedy(one, promotion)}
            for one in found.needs
        ],
        "onlyInTarget": [dotted(path) for path in found.only_in_target],
        "stays": [_document(stay) for stay in found.stays],
        "problems": [problem_document(problem) for problem in promotion.problems],
        "warnings": [problem_document(warning) for warning in promotion.warnings],
        "written": written,
        "preview": None if effects is None else asdict(effects),
    }
    return json.dumps(document, indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def refusal_json(source: str, target: str, problems: Sequence[Problem]) -> str:
    """The document where one of the files was refused."""
    empty: dict[str, Any] = {"from": source, "to": target, "file": None, "drifted": None}
    empty |= {key: [] for key in ("moves", "startsWith", "needs", "onlyInTarget", "stays")}
    empty |= {"problems": [problem_document(problem) for problem in problems], "warnings": []}
    return json.dumps({**empty, "written": False, "preview": None}, indent=2) + "\n"


def _document(line: Move | Stay) -> dict[str, Any]:
    """One of a promotion's lines as data, its keys in their order, with no secret in it."""
    return {
        key: dotted(value)
        if key == "path"
        else without_secrets(None if value is MISSING else value)
        for key, value in vars(line).items()
    }


def _cell(value: object) -> str:
    if value is None or value is MISSING:
        return ""
    text = rendered(without_secrets(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
