"""A component's page says what its code says, and its example runs."""

import builtins
import re
from pathlib import Path

import pulumi
import pytest

import components
from facts.contract import contract_of
from tests.docs.pages import ROOT, blocks, headings, prose, tables
from tests.mocked_cloud import Registered, run
from tools.reference import classes_of, fields_of, page_with

PAGES = sorted((ROOT / "docs" / "components").glob("*.md"))
EACH = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
_PROVIDER_CODE = "\n".join(
    file.read_text("utf-8") for file in sorted((ROOT / "sandbox").rglob("*.py"))
)


def _component(page: Path) -> str:
    """The component that a page is of."""
    return headings(page)[0][1]


CLASSES = classes_of(ROOT / "components")


def test_every_component_has_its_page_and_no_page_is_of_anything_else() -> None:
    kinds = {one for one in vars(components).values() if isinstance(one, type)}
    named = {one.__name__ for one in kinds if issubclass(one, pulumi.ComponentResource)}
    assert sorted(_component(page) for page in PAGES) == sorted(named)


@EACH
def test_the_tables_are_what_the_code_says_now(page: Path) -> None:
    text = page.read_text("utf-8")
    assert page_with(text, CLASSES) == text, "make docs"


def test_every_argument_and_output_says_what_it_is() -> None:
    public = {name for name, one in vars(components).items() if isinstance(one, type)}
    for name in public & CLASSES.keys():
        assert [one.name for one in fields_of(name, CLASSES) if not one.words] == [], name


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
