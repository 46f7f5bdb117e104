"""What each component takes and puts out, as its code says it: for people, and for Pulumi.

Each page of `docs/components/` has its tables of arguments and outputs from the docstrings; the
rest of it is written by hand: what the component owns, an example, what replaces what. The schema
of the Pulumi package, by which its SDKs in other languages are made, has its words from there, too.

`python -m tools reference` writes them, `--check` fails where one is stale.
"""

import argparse
import ast
import inspect
import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pulumi.provider.experimental.component import ComponentProvider

from components import _provider
from facts.contract import camel
from stack.command_line import DONE, ROOT, command, tell
from stack.problems import NotDoneError

PAGES = ROOT / "docs" / "components"
LIBRARY = ROOT / "components"
SCHEMA = LIBRARY / "schema.json"

_GENERATED = re.compile(r"^## Arguments\n.*?(?=^## Resources and names$)", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r"^# (\w+)$", re.MULTILINE)


class Field(NamedTuple):
    """An argument, or an output."""

    name: str
    type: str
    words: str


Classes = Mapping[str, ast.ClassDef]


def classes_of(library: Path) -> dict[str, ast.ClassDef]:
    """Every class of the library by its name; no two have the same."""
    return {
        node.name: node
        for file in sorted(library.rglob("*"))
        if file.suffix == ".py"
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    }


def fields_of(name: str, classes: Classes) -> list[Field]:
    """A class's fields, those of its bases first."""
    class_ = classes[name]
    found = [
        field
        for base in class_.bases
        if isinstance(base, ast.Name) and base.id in classes
        for field in fields_of(base.id, classes)
    ]
    for node, after in zip(class_.body, [*class_.body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            words = ""
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                words = " ".join(str(after.value.value).split())
            found.append(Field(node.target.id, ast.unparse(node.annotation).strip("'"), words))
    return found


def arguments_of(component: str, classes: Classes) -> list[str]:
    """The component's arguments, and whatever else stands in a field of these, as it is met."""
    found: list[str] = []
    left = [f"{component}Args"]
    while left:
        name = left.pop(0)
        if name in classes and name not in found:
            found.append(name)
            left += re.findall(r"\w+", " ".join(one.type for one in fields_of(name, classes)))
    return found


def reference(component: str, classes: Classes) -> str:
    """The part of a component's page that its code says."""
    return "\n".join(_lines(component, classes)) + "\n"


def _lines(component: str, classes: Classes) -> Iterator[str]:
    yield "## Arguments"
    for name in arguments_of(component, classes):
        yield from ("", f"### `{name}`", "", "| Argument | Type | Required | Meaning |")
        yield "|---|---|---|---|"
        for one in fields_of(name, classes):
            optional = re.fullmatch(r"NotRequired\[(.*)\]", one.type)
            type_ = _cell(optional[1] if optional else one.type)
            yield (
                f"| `{one.name}` | `{type_}` | {'no' if optional else 'yes'} | {_cell(one.words)} |"
            )
    yield from ("", "## Outputs", "", f"### `{component}` outputs", "")
    yield from ("| Output | Type | Meaning |", "|---|---|---|")
    for one in fields_of(component, classes):
        yield f"| `{one.name}` | `{_cell(one.type)}` | {_cell(one.words)} |"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


def page_with(page: str, classes: Classes) -> str:
    """A page, with what the code says now.

    Raises:
        NotDoneError: it isn't a component's, or has no place for it.
    """
    title = _TITLE.search(page)
    if title is None or title[1] not in classes:
        raise NotDoneError("A page of docs/components begins with a component's name: # Network")
    text = reference(title[1], classes)
    made, places = _GENERATED.subn(lambda _: text, page)
    if places != 1:
        raise NotDoneError(
            f"The page of {title[1]} needs the headings ## Arguments and ## Resources and names, "
            "in this order and once"
        )
    return made


# --- the package's schema ------------------------------------------------------------------------


def package_schema(classes: Classes) -> dict[str, Any]:
    """The schema of the Pulumi package, but for its version, which the host knows."""
    made = ComponentProvider(_provider.components(), _provider.NAME).schema
    schema: dict[str, Any] = json.loads(made or "")
    del schema["version"]
    for token, one in schema["types"].items():
        _describe(token.rpartition(":")[2], one, "properties", classes)
    for token, one in schema["resources"].items():
        name = token.rpartition(":")[2]
        _describe(f"{name}Args", one, "inputProperties", classes)
        _describe(name, one, "properties", classes)
    project = tomllib.loads((LIBRARY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = {key: project[key] for key in ("description", "keywords", "license")}
    return {**schema, **told}


def _describe(name: str, one: dict[str, Any], part: str, classes: Classes) -> None:
    """Say what a type is, and each of its properties, inherited ones too."""
    one["description"] = inspect.cleandoc(ast.get_docstring(classes[name]) or "")
    words = {camel(field.name): field.words for field in fields_of(name, classes)}
    for key, property_ in one[part].items():
        property_["description"] = words[key]
        _say_nothing_of_entries(property_)


def _say_nothing_of_entries(property_: dict[str, Any]) -> None:
    """The analyzer repeats a map's or a list's words of what is in it; the engine drops them."""
    for part in ("additionalProperties", "items"):
        if part in property_:
            property_[part].pop("description", None)
            _say_nothing_of_entries(property_[part])


def _texts() -> Iterator[tuple[Path, str]]:
    """Every file that is made of the code, with what it has to say."""
    classes = classes_of(LIBRARY)
    for file in sorted(PAGES.glob("*.md")):
        yield file, page_with(file.read_text(encoding="utf-8"), classes)
    schema = json.dumps(package_schema(classes), indent=1, sort_keys=True, ensure_ascii=False)
    yield SCHEMA, schema + "\n"


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="only fail where one is stale")


@command("reference", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Write pages and schema, or check that they are fresh; returns the exit code."""
    for file, text in _texts():
        if file.is_file() and file.read_text(encoding="utf-8") == text:
            continue
        if options.check:
            raise NotDoneError(f"{file.relative_to(ROOT)} is stale; run: make docs")
        file.write_text(text, encoding="utf-8", newline="\n")
        tell(f"{file.relative_to(ROOT)} is written")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
