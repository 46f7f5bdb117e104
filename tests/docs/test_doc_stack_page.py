"""The pages of the stack file and of its sections have every key and rule, as the code has them."""

import ast
import re
import shutil
from collections.abc import Iterator
from functools import cache
from itertools import chain, pairwise
from pathlib import Path
from typing import cast

import yaml

from stack.stack_file import StackFile
from tests.docs.pages import API_GATEWAY, FUNCTIONS, PRIVATE_CALLS, ROOT, blocks, tables
from tests.docs.stack_keys import stack_keys, told_keys
from tests.mocked_cloud import run
from topologies import TOPOLOGIES
from topologies.builder import build

PAGE = ROOT / "docs" / "stack-file.md"
WITH_KEYS = (PAGE, API_GATEWAY, FUNCTIONS, PRIVATE_CALLS)
WITH_PIECES = (
    "alarms",
    "changes",
    "unified-egress",
    "migrate-fixed-public-ip",
    "api-gateway",
    "arguments",
    "functions",
    "private-calls",
    "stack-references",
)
OTHERS = {"stack/listing.py", "topologies/neighbours.py"}
"""What judges another file, and what warns of other stacks."""

RULE_FILES = sorted(
    file
    for file in chain((ROOT / "stack").rglob("*.py"), (ROOT / "topologies").rglob("*.py"))
    if file.relative_to(ROOT).as_posix() not in OTHERS
)


# What a mistake is made with, and which of its arguments is the rule.
MAKERS = {
    "Problem": 2,
    "ConditionProblem": 0,
    "_Warning": 0,
    "DeclarationProblem": 1,
    "ConditionError": 0,
    "refuse": 2,
    "_refuse": 2,
    "warn": 2,
}


def _told_rules() -> set[str]:
    return {
        row[0]
        for page in WITH_KEYS
        for table in tables(page)
        if table[0][0] == "Rule"
        for row in table[1:]
    }


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


@cache
def _nodes(file: Path) -> list[ast.AST]:
    """Everything that a file's code consists of."""
    return [*ast.walk(ast.parse(file.read_text("utf-8")))]


def _strings(file: Path) -> Iterator[str]:
    for node in _nodes(file):
        text = _text(node)
        if text is not None:
            yield text.strip()


def _rules(file: Path) -> Iterator[str]:
    """What is passed as a mistake's rule, as text or under a name on its way there."""
    nodes = _nodes(file)
    given = [rule for node in nodes if (rule := _rule_argument(node)) is not None]
    names = {"rule"} | {rule.id for rule in given if isinstance(rule, ast.Name)}
    texts = [_text(rule) for rule in given]
    texts += [text for name, text in _assigned(nodes) if name in names]
    for text in texts:
        # One that is put together from others, "…: …", is on the page as those.
        if text is not None and re.search(r"[A-Za-z]", text):
            yield text.strip()


def _rule_argument(node: ast.AST) -> ast.expr | None:
    if not isinstance(node, ast.Call):
        return None
    name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
    place = MAKERS.get(name)
    return node.args[place] if place is not None and len(node.args) > place else None


def _statements(node: ast.AST) -> list[ast.stmt | None]:
    """Those directly below a node, in their order, with None where a block ends."""
    found: list[ast.stmt | None] = []
    for block in (getattr(node, "body", None), getattr(node, "orelse", None)):
        if isinstance(block, list):
            found += [*cast("list[ast.stmt]", block), None]
    return found


def _assigned(nodes: list[ast.AST]) -> Iterator[tuple[str, str]]:
    """Names and the texts that they are given, with what the next line adds."""
    for node in nodes:
        for statement, following in pairwise(_statements(node)):
            match statement:
                case ast.Assign(targets=[ast.Name(name)], value=value):
                    text = _text(value)
                case _:
                    continue
            match following:
                case ast.AugAssign(target=ast.Name(added), value=more) if added == name:
                    text = f"{text}{_text(more)}"
                case _:
                    pass
            if text is not None:
                yield name, text


def test_the_tables_have_every_key_with_its_default() -> None:
    told = [row for page in WITH_KEYS for row in told_keys(page)]
    assert {key: default for key, default, _ in told} == {
        key: default for key, default, _ in stack_keys()
    }
    assert len(told) == len({key for key, _, _ in told}), "a key stands on one page, once"
    assert all(meaning for _, _, meaning in told)


def test_the_table_of_outputs_has_every_output(tmp_path: Path) -> None:
    (table,) = [table for table in tables(PAGE) if table[0][0] == "Output"]
    examples = ROOT / "examples" / "unified-egress"
    apis = ROOT / "examples" / "api-gateway" / "self-call" / "Pulumi.self-call.yaml"
    functions = ROOT / "examples" / "api-gateway" / "serverless" / "Pulumi.serverless.yaml"
    own = examples / "Pulumi.own-gateway.yaml"
    packed = tmp_path / own.name  # with a package of its own too
    text = re.sub(r"{bandwidth: \d+}", "{}", own.read_text("utf-8"))
    packed.write_text(text.replace("natGateway: {", "bandwidth: 100\n    natGateway: {"), "utf-8")
    outputs = set[str]()
    dev, shared = ROOT / "Pulumi.dev.yaml", examples / "Pulumi.shared-gateway.yaml"
    calls = ROOT / "examples" / "private-calls"
    basic = calls / "across-regions" / "Pulumi.basic.yaml"
    router = calls / "across-regions" / "Pulumi.transit-router.yaml"
    hosts = ROOT / "examples" / "shared-bandwidth" / "Pulumi.created-hosts.yaml"
    more = (router, hosts, _with_vpn(calls, tmp_path), _with_balancer(calls, tmp_path))
    for file in (dev, packed, shared, apis, functions, basic, *more):
        settings = StackFile(file, "dev", TOPOLOGIES).settings
        run(lambda settings=settings: outputs.update(build(settings)))
    told = [row[0].strip("`") for row in table[1:]]
    assert sorted(told) == sorted(outputs)


def _with_balancer(calls: Path, folder: Path) -> Path:
    """The example of one region, with a load balancer in front of its server."""
    values = yaml.safe_load((calls / "same-region" / "Pulumi.same-region.yaml").read_text("utf-8"))
    balancer = {"vswitch": "apps", "port": 80, "servers": {"web": 8080}}
    section = values["config"]["alicloud-gateways:apiGateway"]
    section["loadBalancers"] = {"ingress": balancer}
    section["vpcAccess"]["web"] = {"loadBalancer": "ingress", "port": 80}
    file = folder / "examples" / "private-calls" / "same-region" / "Pulumi.same-region.yaml"
    file.write_text(yaml.safe_dump(values), encoding="utf-8")
    return file


def _with_vpn(calls: Path, folder: Path) -> Path:
    """The example of a data centre, which is reached by VPN instead of a leased line."""
    file = shutil.copytree(calls.parent, folder / "examples") / "private-calls" / "hybrid"
    (folder / "Pulumi.yaml").touch()  # what the examples name lies in the project
    file /= "Pulumi.hybrid.yaml"
    values = yaml.safe_load(file.read_text("utf-8"))
    section = values["config"]["alicloud-gateways:crossRegion"]
    (piece,) = [block for block in blocks(PRIVATE_CALLS, "yaml") if "vpn:" in block.text]
    told = yaml.safe_load(piece.text)["crossRegion"]["dataCenters"]["office"]
    told["vpn"]["backupVswitch"] = "gateway-2"
    section["dataCenters"]["office"] = told
    del section["attachments"]["office"]
    file.write_text(yaml.safe_dump(values), encoding="utf-8")
    return file


def test_every_rule_on_the_page_is_one_that_the_code_says() -> None:
    said = {text for file in RULE_FILES for text in chain(_strings(file), _rules(file))}
    assert {rule for rule in _told_rules() if rule not in said} == set()


def test_every_rule_of_the_code_is_on_the_page() -> None:
    rules = {rule for file in RULE_FILES for rule in _rules(file)}
    assert len(rules) > 200
    assert rules - _told_rules() == set()


def test_the_pieces_of_stack_files_in_the_documents_are_yaml_without_surprises() -> None:
    pages = [PAGE, *(ROOT / "docs" / f"{name}.md" for name in WITH_PIECES)]
    pieces = [block.text for page in pages for block in blocks(page, "yaml")]
    assert len(pieces) >= 4
    for piece in pieces:
        assert isinstance(yaml.safe_load(piece), dict)
        assert not re.search(r"\t", piece)
