"""A YAML file read the way Pulumi reads it, with the line of everything in it.

PyYAML alone won't do: it keeps the last of two equal keys silently, forgets lines, and reads
YAML 1.1, in which `on` is true and `22:30` is 1350. Pulumi reads YAML 1.2.
"""

import re
from pathlib import Path
from typing import TypeAlias

import yaml

from stack.problems import KeyPath, Problem

Value: TypeAlias = "dict[str, Value] | list[Value] | str | int | float | bool | None"

_TAG = "tag:yaml.org,2002:"


class _Yaml12Loader(yaml.CSafeLoader):
    """libyaml's parser with YAML 1.2's idea of what is a number."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - PyYAML's own class attribute, typed there


for _name, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", list("-+0123456789")),
    ("float", r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
    ("merge", r"<<", ["<"]),
):
    _Yaml12Loader.add_implicit_resolver(_TAG + _name, re.compile(f"^(?:{_pattern})$"), _first)


class YamlFile:
    """The values of one YAML file, the problems met while reading, and where each value stands.

    Lines are looked up in the parsed tree when they are asked for: most files have no problem, and
    a thousand mappings shouldn't pay for positions that nobody reads.
    """

    def __init__(self, path: Path, text: str) -> None:
        """Parse `text`; what doesn't parse becomes a problem, not an exception."""
        self.path = path
        self.problems: list[Problem] = []
        self.values: Value = None
        self._root: yaml.Node | None = None
        self._open: set[int] = set()
        try:
            self._root = yaml.compose(text, Loader=_Yaml12Loader)
        except yaml.MarkedYAMLError as error:
            self._refuse_syntax(error)
        except yaml.YAMLError as error:
            self._refuse((), None, f"the file isn't YAML: {error}", "save it as UTF-8 text")
        if self._root is not None:
            self.values = self._construct(self._root, ())

    @classmethod
    def read(cls, path: Path) -> "YamlFile":
        """Read a file; one that can't be read is a problem too."""
        try:
            return cls(path, path.read_text(encoding="utf-8"))
        except OSError as error:
            unread = cls(path, "")
            unread._refuse((), None, f"the file can't be read: {error.strerror}", "check its path")
        except UnicodeDecodeError:
            unread = cls(path, "")
            unread._refuse((), None, "the file isn't UTF-8 text", "save it as UTF-8")
        return unread

    def line(self, path: KeyPath) -> int | None:
        """The line of the key (or list item) at `path`, or of its nearest ancestor that exists."""
        node, line = self._root, None
        for part in path:
            found = _child(node, part)
            if found is None:
                break
            line, node = found
        return line

    def _refuse(self, path: KeyPath, line: int | None, rule: str, remedy: str) -> None:
        self.problems.append(Problem(path, None, rule, remedy, line=line))

    def _refuse_syntax(self, error: yaml.MarkedYAMLError) -> None:
        mark = error.problem_mark or error.context_mark
        what = error.problem or error.context or "it can't be parsed"
        self._refuse(
            (),
            mark.line + 1 if mark else None,
            f"the file must be valid YAML: {what}",
            "look at this line and the one before: indentation, a missing colon, "
            "an unclosed quote or bracket",
        )

    def _construct(self, node: yaml.Node, path: KeyPath) -> Value:
        if id(node) in self._open:
            line = node.start_mark.line + 1
            self._refuse(path, line, "an anchor must not contain itself", "write the value out")
            return None
        self._open.add(id(node))
        try:
            if isinstance(node, yaml.MappingNode):
                return self._construct_mapping(node, path)
            if isinstance(node, yaml.SequenceNode):
                return [self._construct(item, (*path, i)) for i, item in enumerate(node.value)]
            return self._construct_scalar(node, path)
        finally:
            self._open.discard(id(node))

    def _construct_scalar(self, node: yaml.Node, path: KeyPath) -> Value:
        text = str(node.value)
        match node.tag.removeprefix(_TAG):
            case "str" | "merge":
                return text
            case "int":
                return int(text)
            case "bool":
                return text.lower() == "true"
            case "null":
                return None
            case "float":
                return float(text)
            case other:
                rule = f"the tag {other} has no meaning in a stack file"
                self._refuse(path, node.start_mark.line + 1, rule, "remove the tag")
                return text

    def _construct_mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Value]:
        merged: dict[str, Value] = {}
        own: dict[str, Value] = {}
        first_lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if key_node.tag == _TAG + "merge":
                self._merge(merged, value_node, path)
                continue
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(path, line, "a key must be plain text", "write the key as one word")
                continue
            key = str(key_node.value)
            if key in first_lines:
                self._refuse(
                    (*path, key),
                    line,
                    f"a key may be given once; {key} is given on line {first_lines[key]} already",
                    "remove one of the two, or give this entry a name of its own",
                )
            first_lines.setdefault(key, line)
            own[key] = self._construct(value_node, (*path, key))
        return {**merged, **own}

    def _merge(self, into: dict[str, Value], node: yaml.Node, path: KeyPath) -> None:
        value = self._construct(node, path)
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                for key, item in part.items():
                    into.setdefault(key, item)


def _child(node: yaml.Node | None, part: str | int) -> tuple[int, yaml.Node] | None:
    """The line and node of a mapping's value or a sequence's item."""
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            if str(key_node.value) == str(part):
                return key_node.start_mark.line + 1, value_node
    elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        item: yaml.Node = node.value[part]
        return item.start_mark.line + 1, item
    return None
