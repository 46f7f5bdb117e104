"""An inventory for people and for programs: tables, a page, a document, or a diagram."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from enum import Enum
from typing import Final

from rich.console import RenderableType

from judging.preview import entries_of, items_of
from stack.markdown import line, plain, visible
from tools.inventory.drawing import as_mermaid
from tools.inventory.tables import Inventory, tables_of
from tools.plan.tables import folded, page_of, table_of, titled

_NOTHING: Final = "Nothing that this lists is there."


def as_tables(inventory: Inventory) -> str:
    """For a terminal."""
    return page_of([*_parts(inventory)][:-1] or [_NOTHING])


def _parts(inventory: Inventory) -> Iterator[RenderableType]:
    for one in tables_of(inventory):
        rows = ([*map(line, row)] for row in one.rows)
        yield from (titled(one.title), table_of(one.headers, rows), "")
    for title, said in _lists(inventory):
        yield titled(title)
        for one in said:
            first, *more = map(visible, one.split("\n"))
            yield from folded(first, indent=2)
            yield from (part for each in more for part in folded("  " + each, indent=2))
        yield ""


def as_markdown(inventory: Inventory) -> str:
    """For a page or an issue."""
    lines: list[str] = []
    for one in tables_of(inventory):
        lines += [f"## {one.title}", "", _row(one.headers), _row(["---"] * len(one.headers))]
        lines += [*(_row([*map(plain, row)]) for row in one.rows), ""]
    for title, said in _lists(inventory):
        lines += [f"## {title}", "", *(f"- {plain(one)}" for one in said), ""]
    return "\n".join(lines[:-1] or [_NOTHING]) + "\n"


def as_json(inventory: Inventory) -> str:
    """For a program: the model as it is, with the stack that holds each id."""
    said: object = json.loads(json.dumps(asdict(inventory.account), default=_plain))
    held = {one: inventory.holders.of(one) for one in _ids(said)}
    document = {**entries_of(said), "heldBy": held, "findings": [*inventory.findings]}
    return json.dumps(document, indent=2) + "\n"


FORMS: Final = {
    "table": as_tables,
    "json": as_json,
    "markdown": as_markdown,
    "mermaid": as_mermaid,
}


def _plain(value: object) -> object:
    assert isinstance(value, Enum)
    return value.value


def _ids(said: object) -> Iterator[str]:
    """The ids of everything in a document."""
    inside = entries_of(said)
    if "id" in inside:
        yield str(inside["id"])
    for value in (*inside.values(), *items_of(said)):
        yield from _ids(value)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _lists(inventory: Inventory) -> Iterator[tuple[str, Sequence[str]]]:
    if inventory.findings:
        yield "What is wrong", inventory.findings
    if gaps := inventory.account.gaps:
        yield "What this identity may not see", [one.what for one in gaps]
    if unread := inventory.holders.unread:
        yield "Whose states couldn't be had", unread
