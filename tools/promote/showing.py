"""A promotion as tables for people, and as one JSON document for pipelines."""

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.text import Text

from stack.file.tree import MISSING
from stack.problems import Problem, dotted, quoted
from stack.secrets import pulumi_path
from tools.plan.as_json import problem_document
from tools.plan.tables import page_of, table_of
from tools.promote.differences import Move, Need, Stay, without_secrets
from tools.promote.previewing import Effects, Line
from tools.promote.promoting import Promotion
from tools.promote.snippets import rendered

if TYPE_CHECKING:
    from rich.console import RenderableType


def titled(text: str) -> Text:
    """A heading."""
    return Text(text, style="bold")


_LONGEST = 28  # characters of a value in a table


def promotion_tables(promotion: Promotion) -> str:
    """What would move, what stays, and what is in the way."""
    found, source, target = promotion.found, promotion.source.stack, promotion.target.stack
    parts: list[RenderableType] = [titled(f"From {source} to {target}: {promotion.target.path}")]
    if found.moves:
        rows = [(one.action.value, *_row(one)) for one in found.moves]
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
    for one in stays:
        by_reason.setdefault(one.why, []).append(one)
    for why, those in by_reason.items():
        yield (f"— {why}", "", "")
        yield from ((dotted(one.path), _cell(one.target), _cell(one.source)) for one in those)


def needs_report(promotion: Promotion) -> str:
    """What stands in the way of new entries, each with what to do."""
    target = promotion.target
    count = len(promotion.found.needs)
    words = "1 value of its own" if count == 1 else f"{count} values of its own"
    first = f"{target.path} needs {words}; nothing was written."
    return "\n\n".join([first, *(_need(one, promotion) for one in promotion.found.needs)])


def _need(need: Need, promotion: Promotion) -> str:
    return f"{dotted(need.path)}\n  rule:   {need.why}\n  remedy: {_remedy(need, promotion)}"


def _remedy(need: Need, promotion: Promotion) -> str:
    target = promotion.target
    if need.secret:
        return f"pulumi config set --stack {target.stack} --secret --path {_path(need)}"
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


def effects_tables(effects: Effects, stack: str) -> str:
    """What the preview would do, the doors first."""
    parts: list[RenderableType] = [titled(f"What up would do to {stack}")]
    for word, lines in (
        ("opens", effects.opens),
        ("closes", effects.closes),
        ("replaces", effects.replaces),
        ("deletes", effects.deletes),
    ):
        if lines:
            rows = [(one.name, one.type, one.what) for one in lines]
            parts += ["", titled(f"It {word}"), table_of(("Resource", "Kind", ""), rows)]
    if not (effects.opens or effects.closes or effects.replaces or effects.deletes):
        parts += ["", "It opens, closes, replaces and deletes nothing."]
    counts = ", ".join(f"{count} {word}" for word, count in sorted(effects.steps.items()))
    return page_of([*parts, "", f"Steps: {counts or 'none'}"])


def promotion_json(promotion: Promotion, effects: Effects | None, *, written: bool) -> str:
    """The whole document, indented, ending in a new line. Its keys are a promise."""
    found = promotion.found
    document: dict[str, Any] = {
        "from": promotion.source.stack,
        "to": promotion.target.stack,
        "file": str(promotion.target.path),
        "drifted": found.drifted,
        "moves": [_move_document(one) for one in found.moves],
        "startsWith": [dotted(path) for path in found.starts],
        "needs": [
            {"path": dotted(one.path), "rule": one.why, "remedy": _remedy(one, promotion)}
            for one in found.needs
        ],
        "onlyInTarget": [dotted(path) for path in found.only_in_target],
        "stays": [_stay_document(one) for one in found.stays],
        "problems": [problem_document(one) for one in promotion.problems],
        "warnings": [problem_document(one) for one in promotion.warnings],
        "written": written,
        "preview": None if effects is None else effects_document(effects),
    }
    return json.dumps(document, indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def refusal_json(source: str, target: str, problems: Sequence[Problem]) -> str:
    """The document where one of the files was refused."""
    empty: dict[str, Any] = {"from": source, "to": target, "file": None, "drifted": None}
    empty |= {key: [] for key in ("moves", "startsWith", "needs", "onlyInTarget", "stays")}
    empty |= {"problems": [problem_document(one) for one in problems], "warnings": []}
    return json.dumps({**empty, "written": False, "preview": None}, indent=2) + "\n"


def effects_document(effects: Effects) -> dict[str, Any]:
    """What a preview would do, as data."""
    return {
        "opens": _lines(effects.opens),
        "closes": _lines(effects.closes),
        "replaces": _lines(effects.replaces),
        "deletes": _lines(effects.deletes),
        "steps": effects.steps,
    }


def _lines(lines: Iterable[Line]) -> list[dict[str, str]]:
    return [{"name": one.name, "kind": one.type, "what": one.what} for one in lines]


def _move_document(move: Move) -> dict[str, Any]:
    return {
        "action": move.action.value,
        "path": dotted(move.path),
        "old": _plain(move.old),
        "new": _plain(move.new),
    }


def _stay_document(stay: Stay) -> dict[str, Any]:
    return {
        "path": dotted(stay.path),
        "source": _plain(stay.source),
        "target": _plain(stay.target),
        "why": stay.why,
    }


def _row(move: Move) -> tuple[str, str, str]:
    return dotted(move.path), _cell(move.old), _cell(move.new)


def _plain(value: object) -> object:
    return None if value is MISSING else without_secrets(value)


def _cell(value: object) -> str:
    if value is None or value is MISSING:
        return ""
    text = rendered(without_secrets(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _path(need: Need) -> str:
    return quoted(pulumi_path(need.path))
