"""docs/stack-file.md has every key and every rule, as the code has them."""

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import yaml

from stack.loader import settings_of_file
from tests.docs.pages import ROOT, blocks, tables
from tests.docs.stack_keys import stack_keys
from tests.mocked_cloud import run
from topologies import TOPOLOGIES
from topologies.builder import build

PAGE = ROOT / "docs" / "stack-file.md"
WITH_PIECES = ("changes", "unified-egress", "migrate-fixed-public-ip")
RULE_FILES = sorted(
    chain((ROOT / "stack").glob("*.py"), (ROOT / "topologies").rglob("*.py")),
)


def _told_rules() -> set[str]:
    return {row[0] for table in tables(PAGE) if table[0][0] == "Rule" for row in table[1:]}


def _text(node: ast.AST | None) -> str | None:
    """A string as the page writes it: … for what is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "…"
            for part in node.values
        )
    return None


def _strings(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        text = _text(node)
        if text is not None:
            yield text


def _rules(file: Path) -> Iterator[str]:
    """What is passed as a problem's rule, or called `rule` on its way there."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        text = None
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
            text = _text(node.args[2]) if len(node.args) > 2 else None
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "rule":
            text = _text(node.value)
        if text is not None:
            yield text


def test_the_table_has_every_key_with_its_default() -> None:
    (table,) = [table for table in tables(PAGE) if table[0][0] == "Key"]
    told = {row[0]: row[1] for row in table[1:]}
    assert told == {f"`{key}`": default for key, default, _ in stack_keys()}
    assert all(row[2] for row in table[1:])


def test_the_table_of_outputs_has_every_output(tmp_path: Path) -> None:
    (table,) = [table for table in tables(PAGE) if table[0][0] == "Output"]
    examples = ROOT / "examples" / "unified-egress"
    own = examples / "Pulumi.own-gateway.yaml"
    packed = tmp_path / own.name  # with a package of its own too
    text = re.sub(r"{bandwidth: \d+}", "{}", own.read_text("utf-8"))
    packed.write_text(text.replace("natGateway: {", "bandwidth: 100\n    natGateway: {"), "utf-8")
    outputs = set[str]()
    for file in (ROOT / "Pulumi.dev.yaml", packed, examples / "Pulumi.shared-gateway.yaml"):
        settings = settings_of_file(file, "dev", TOPOLOGIES)
        run(lambda settings=settings: outputs.update(build(settings)))
    told = [row[0].strip("`") for row in table[1:]]
    assert sorted(told) == sorted(outputs)


def test_every_rule_on_the_page_is_one_that_the_code_says() -> None:
    said = {text for file in RULE_FILES for text in _strings(file)}
    assert {rule for rule in _told_rules() if rule not in said} == set()


def test_every_rule_of_the_code_is_on_the_page() -> None:
    rules = {rule for file in RULE_FILES for rule in _rules(file)}
    assert len(rules) > 50
    assert rules - _told_rules() == set()


def test_the_pieces_of_stack_files_in_the_documents_are_yaml_without_surprises() -> None:
    pages = [PAGE, *(ROOT / "docs" / f"{name}.md" for name in WITH_PIECES)]
    pieces = [block.text for page in pages for block in blocks(page, "yaml")]
    assert len(pieces) >= 4
    for piece in pieces:
        assert isinstance(yaml.safe_load(piece), dict)
        assert not re.search(r"\t", piece)
