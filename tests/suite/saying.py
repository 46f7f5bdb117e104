"""What a file says of other files, beside what it imports: names of modules, and paths.

A guess that rather says too much: whatever looks like a path is one, from wherever it may start,
and what isn't known of it (`ROOT / "examples" / name`) may be anything.
"""

import ast
import re
import runpy
from dataclasses import dataclass, field
from fnmatch import translate
from functools import cache
from pathlib import Path, PurePosixPath

from typing_extensions import override

PACKAGES = (
    *("facts", "components", "stack", "topologies", "judging", "sandbox", "policy", "tools"),
    *("bench", "tests"),
)
_ROOT = Path(__file__).resolve().parents[2]
_COMMANDS = runpy.run_path(str(_ROOT / "tools" / "__main__.py"))["COMMANDS"]
"""Read, not imported: every test has this module, and none uses every command for that."""

_MODULE = re.compile(
    rf"(?:-m |RUN\) )(?:tools ([\w-]+)|([\w.]+))|\b((?:{'|'.join(PACKAGES)})\.[\w.]+)"
)
_NAMING = {".md", ".py", ".sh", ".toml", ".yaml", ".yml", ""}
"""Kinds of files that may name a module."""

_PATH = re.compile(r"[\w*.-]+(/[\w*.-]+)*")
_DATA = re.compile(r"\b(?:code|file)[:=] *\"?[./]*(\w[\w./-]*)")
"""Where a stack file or a page names a document, or the code of a function."""


@dataclass
class Said:
    """Names of modules, as they may be imported or started, and paths or patterns of files."""

    modules: set[str] = field(default_factory=set[str])
    beside: set[str] = field(default_factory=set[str])
    """Modules without a package: pytest puts the folder of each test on the path."""
    paths: set[str] = field(default_factory=set[str])


def said(file: str, text: str) -> Said:
    """What a file of the repository says."""
    path = PurePosixPath(file)
    if path.suffix != ".py":
        found = Said(paths=set(_DATA.findall(text)))
    else:
        visitor = _Python(path)
        visitor.visit(ast.parse(text))
        found = visitor.said
        if path.parts[0] in PACKAGES:  # what is imported there is known already
            text = "\n".join(visitor.texts)
    if path.suffix in _NAMING:
        found.modules |= {_module(one) for one in _MODULE.finditer(text)}
    return found


def _module(named: re.Match[str]) -> str:
    """What is started or imported; `tools guard` is the command of that name."""
    command: tuple[str, ...] | None = _COMMANDS.get(named[1])
    return command[0].removesuffix(".__main__") if command else named[2] or named[3] or "tools"


@cache
def leads(path: str) -> re.Pattern[str]:
    """The files to which a path leads, from wherever: one of that name, or all in such a folder."""
    inner = translate(path).removeprefix("(?s:").removesuffix(r")\Z")
    return re.compile(rf"(?s:(?:.*/)?{inner}(?:/.*)?)")


class _Python(ast.NodeVisitor):
    """The strings of a Python file, but for its docstrings, and what it makes of them."""

    def __init__(self, path: PurePosixPath) -> None:
        self.texts: list[str] = []
        self.said = Said()
        self._path = path

    @override
    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.said.beside.add(node.module or "")

    @override
    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    @override
    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.texts.append(node.value)
            if "/" in node.value or "." in node.value or node.value == "Makefile":
                self._lead(node.value)

    @override
    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self.texts.append(_pattern(node).replace("*", " "))
        self._lead(_pattern(node))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    @override
    def visit_BinOp(self, node: ast.BinOp) -> None:
        if not isinstance(node.op, ast.Div):
            self.generic_visit(node)
            return
        self._lead(_pattern(node))
        for part in _parts(node):
            if not isinstance(part, ast.Constant):
                self.visit(part)

    @override
    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute):
            given = [_pattern(one) for one in node.args]
            if node.func.attr in {"glob", "rglob"}:
                path = _known("/".join((_pattern(node.func.value), *given)))
                self.said.paths |= {path} if path.strip("*") else set()
            if node.func.attr == "with_suffix":  # of `Path(__file__)`
                self.said.paths |= {self._path.stem + one for one in given}
            if node.func.attr == "with_name":
                self.said.paths |= {str(self._path.with_name(one)) for one in given}
        self.generic_visit(node)

    def _lead(self, path: str) -> None:
        """Take a path, unless it leads everywhere, such as `*.yaml`."""
        path = _known(path)
        letters = len(re.findall(r"\w", re.sub(r"\.\w+$", "", path)))
        if _PATH.fullmatch(path) and (letters > 2 or "*" not in path):
            self.said.paths.add(path)


def _parts(node: ast.expr) -> list[ast.expr]:
    """What stands between slashes."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return [*_parts(node.left), *_parts(node.right)]
    return [node]


def _pattern(node: ast.expr) -> str:
    """The path that an expression makes, with `*` for what isn't known of it."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_pattern, node.values))
    parts = _parts(node)
    return "/".join(map(_pattern, parts)) if len(parts) > 1 else "*"


def _known(path: str) -> str:
    """A path from where something is known of it."""
    return re.sub(r"^(\*/)+", "", path)
