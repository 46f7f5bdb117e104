"""The tables of the components' pages are made of the code, and a stale one is told."""

import ast
from pathlib import Path

import pytest

from stack.problems import NotDoneError
from tools import reference
from tools.reference import Field, arguments_of, classes_of, fields_of, page_with

CODE = '''
class AddressArgs(TypedDict):
    """An address."""

    name: NotRequired[str | None]
    """What it is called,
    in the cloud."""

class DoorArgs(AddressArgs):
    """Arguments."""

    addresses: Mapping[str, AddressArgs]
    """Where it is."""

class Door(Component):
    """A door."""

    door_id: "pulumi.Output[str]"
    """Its id."""

    def __init__(self): ...
'''
PAGE = """# Door

By hand.

## Arguments

old

## Resources and names

By hand, too.
"""
CLASSES = {node.name: node for node in ast.parse(CODE).body if isinstance(node, ast.ClassDef)}


def test_a_class_has_its_bases_fields_before_its_own() -> None:
    assert fields_of("DoorArgs", CLASSES) == [
        Field("name", "NotRequired[str | None]", "What it is called, in the cloud."),
        Field("addresses", "Mapping[str, AddressArgs]", "Where it is."),
    ]


def test_what_stands_in_a_field_is_told_after_the_arguments_that_have_it() -> None:
    assert arguments_of("Door", CLASSES) == ["DoorArgs", "AddressArgs"]


def test_the_tables_are_written_and_all_else_stays() -> None:
    page = page_with(PAGE, CLASSES)
    assert r"| `name` | `str \| None` | no | What it is called, in the cloud. |" in page
    assert "| `addresses` | `Mapping[str, AddressArgs]` | yes | Where it is. |" in page
    assert "### `Door` outputs" in page
    assert "| `door_id` | `pulumi.Output[str]` | Its id. |" in page
    assert "old" not in page
    assert page.startswith("# Door\n\nBy hand.\n\n## Arguments\n")
    assert page.endswith("\n## Resources and names\n\nBy hand, too.\n")
    assert page_with(page, CLASSES) == page


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (PAGE.replace("# Door", "# Window", 1), "begins with a component's name"),
        (PAGE.replace("## Arguments", "## Inputs"), "The page of Door needs the headings"),
    ],
)
def test_a_page_without_a_place_for_them_is_told(page: str, said: str) -> None:
    with pytest.raises(NotDoneError, match=said):
        page_with(page, CLASSES)


def test_a_check_writes_nothing_and_names_what_is_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "door.py").write_text(CODE, encoding="utf-8")
    page = tmp_path / "door.md"
    page.write_text(PAGE, encoding="utf-8")
    for name in ("ROOT", "LIBRARY", "PAGES"):
        monkeypatch.setattr(reference, name, tmp_path)
    monkeypatch.setattr(reference, "SCHEMA", tmp_path / "schema.json")

    def schema(_: object) -> dict[str, str]:
        return {"name": "doors"}

    monkeypatch.setattr(reference, "package_schema", schema)
    assert classes_of(tmp_path).keys() == CLASSES.keys()
    assert reference.main(["--check"]) == 1
    assert page.read_text("utf-8") == PAGE
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0
    (tmp_path / "schema.json").write_text("{}", encoding="utf-8")
    assert reference.main(["--check"]) == 1
