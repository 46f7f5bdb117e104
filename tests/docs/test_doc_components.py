"""A component's page says what its code says, and its example runs."""

import ast
import builtins
import re
from collections.abc import Iterator
from pathlib import Path

import pulumi
import pytest

import components
from facts.contract import contract_of
from tests.docs.pages import ROOT, blocks, headings, prose, tables
from tests.mocked_cloud import Registered, run

PAGES = sorted((ROOT / "docs" / "components").glob("*.md"))
EACH = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
_PROVIDER_CODE = "\n".join(
    file.read_text("utf-8") for file in sorted((ROOT / "sandbox").rglob("*.py"))
)


def _component(page: Path) -> str:
    """The component that a page is of."""
    return headings(page)[0][1]


_EVERY_CLASS = {
    node.name: node
    for file in sorted((ROOT / "components").rglob("*.py"))
    for node in ast.parse(file.read_text("utf-8")).body
    if isinstance(node, ast.ClassDef)
}


def _classes(page: Path) -> Iterator[ast.ClassDef]:
    """The component, its arguments, and whatever else stands in a field of these."""
    left, seen = [_component(page), f"{_component(page)}Args"], set[str]()
    while left:
        name = left.pop()
        if name in _EVERY_CLASS and name not in seen:
            seen.add(name)
            yield _EVERY_CLASS[name]
            left += re.findall(r"\w+", " ".join(_annotations(_EVERY_CLASS[name]).values()))


def _annotations(class_: ast.ClassDef) -> dict[str, str]:
    """Name and type of each field, quoted or not, inherited ones first."""
    inherited: dict[str, str] = {}
    for base in class_.bases:
        if isinstance(base, ast.Name) and base.id in _EVERY_CLASS:
            inherited |= _annotations(_EVERY_CLASS[base.id])
    return inherited | {
        node.target.id: ast.unparse(node.annotation).strip("'")
        for node in class_.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }


def _tables_by_heading(page: Path) -> dict[str, list[list[str]]]:
    """The tables of arguments and outputs by the class that their heading names."""
    names = [re.sub(r"[`]| outputs", "", words) for level, words in headings(page) if level == 3]
    told = [table for table in tables(page) if table[0][0] in {"Argument", "Output"}]
    return dict(zip(names, told, strict=True))


def test_every_component_has_its_page_and_no_page_is_of_anything_else() -> None:
    kinds = {one for one in vars(components).values() if isinstance(one, type)}
    named = {one.__name__ for one in kinds if issubclass(one, pulumi.ComponentResource)}
    assert sorted(_component(page) for page in PAGES) == sorted(named)


@EACH
def test_the_tables_have_every_argument_and_output_with_its_type(page: Path) -> None:
    told = _tables_by_heading(page)
    assert set(told) == {class_.name for class_ in _classes(page)}
    for class_ in _classes(page):
        rows = told[class_.name][1:]
        arguments = told[class_.name][0][0] == "Argument"
        wanted = [
            [f"`{name}`", *_type_cells(annotation, arguments=arguments)]
            for name, annotation in _annotations(class_).items()
        ]
        assert [row[:-1] for row in rows] == wanted, class_.name
        assert all(row[-1] for row in rows), f"{class_.name}: what does each mean?"


def _type_cells(annotation: str, *, arguments: bool) -> list[str]:
    optional = re.fullmatch(r"NotRequired\[(.*)\]", annotation)
    type_ = f"`{optional[1] if optional else annotation}`"
    return [type_, "no" if optional else "yes"] if arguments else [type_]


def _example(page: Path) -> Registered:
    (block,) = blocks(page, "python")
    code = compile(block.text, str(page), "exec")
    return run(lambda: exec(code, {"__name__": "__main__"}))


@EACH
@pytest.mark.usefixtures("library")
def test_the_example_registers_only_resources_that_the_page_names(page: Path) -> None:
    made = _example(page)
    (table,) = [table for table in tables(page) if table[0] == ["Resource", "Name", "When"]]
    (component,) = {one.name for one in made.components}
    named = {row[0].strip("`"): row[1].strip("`").replace("<name>", component) for row in table[1:]}
    assert made.resources
    for one in made.resources:
        pattern = re.sub(r"<\w+>", r"[\\w-]+", re.escape(named[one.type]))
        assert re.fullmatch(pattern, one.name), f"{one.name} isn't named {named[one.type]}"


@EACH
def test_the_types_on_the_page_are_the_provider_s(page: Path) -> None:
    for token in set(re.findall(r"`(alicloud:[^`]+)`", prose(page))):
        assert contract_of(token)


@EACH
def test_the_cloud_s_errors_on_the_page_are_the_sandbox_s(page: Path) -> None:
    errors = prose(page).split("## Errors", 1)[1]
    for code in re.findall(r"`([A-Z][A-Za-z]+(?:\.[A-Za-z.]+)?)`", errors):
        assert hasattr(builtins, code) or f'"{code}"' in _PROVIDER_CODE, f"who says {code}?"
