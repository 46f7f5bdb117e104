"""A YAML file read the way Pulumi reads it, with the line of everything in it.

PyYAML alone won't do: it keeps the last of two equal keys silently, forgets lines, and reads
YAML 1.1. Pulumi decides what an unquoted word means with Go's yaml.v3, which is neither that (`on`
and `22:30` are text) nor quite 1.2 (`017` is fifteen, `1_000` a thousand). What the tools show and
what the program gets must be the same value, so its rules are followed here to the letter.

What a stack file may say is not known here.
"""

import datetime as dt
import math
import re
from pathlib import Path
from typing import ClassVar, Final, Self, TypeAlias

import yaml
from yaml.reader import ReaderError

from stack.problems import KeyPath, Problem

Scalar: TypeAlias = str | int | float | bool | None
Value: TypeAlias = "dict[str, Value] | list[Value] | Scalar"
Place: TypeAlias = tuple[int, int]
"""Line and column, both counted from 1."""

MISREAD: Final = "without quotes, Pulumi takes this for"
"""Begins the rules about words that Pulumi takes for something else than they look like."""

_TAG = "tag:yaml.org,2002:"
_UNTAGGED = "!untagged"
_KINDS: Final[dict[str, tuple[type, ...]]] = {
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "null": (type(None),),
}
DEEPEST = 64  # levels; a stack file has about eight, and Python's own stack ends somewhere
LARGEST_MB = 4  # ten thousand port mappings are less than one; 55 took 38 seconds and 1.7 GB
MOST_ALIASED = 400_000  # values; Pulumi too refuses files whose anchors multiply without end


class _UntypedLoader(yaml.CSafeLoader):
    """libyaml's parser, leaving open what unquoted words mean."""

    def resolve(self, kind: type[yaml.Node], value: str, implicit: tuple[bool, bool]) -> str:
        """The tag of a node that is written without one."""
        del value  # what it means is decided when it is constructed
        if kind is yaml.ScalarNode:
            return _UNTAGGED if implicit[0] else _TAG + "str"
        return _TAG + ("seq" if kind is yaml.SequenceNode else "map")


class _TooLargeError(Exception):
    """The file's values are nested too deeply, or its anchors multiply too often."""

    def __init__(self, line: int, rule: str, remedy: str) -> None:
        super().__init__(rule)
        self.line, self.rule, self.remedy = line, rule, remedy


class YamlFile:
    """The values of one YAML file, the problems met while reading, and where each value stands.

    Lines are looked up in the parsed tree when they are asked for: most files have no problem, and
    a thousand mappings shouldn't pay for positions that nobody reads.
    """

    largest_mb: ClassVar[int] = LARGEST_MB

    def __init__(self, path: Path, text: str) -> None:
        """Parse `text`; what doesn't parse becomes a problem, not an exception."""
        self.path = path
        self.problems: list[Problem] = []
        self.values: Value = None
        self._root: yaml.Node | None = None
        self._open: list[int] = []
        self._seen: set[int] = set()
        self._aliased = 0
        self._index: dict[int, dict[str, tuple[Place, yaml.Node]]] = {}
        try:
            _refuse_too_large(text, self.largest_mb)
            self._root = yaml.compose(text, Loader=_UntypedLoader)
            if self._root is not None:
                self.values = self._construct(self._root, ())
        except yaml.MarkedYAMLError as error:
            self._refuse_syntax(error)
        except ReaderError as error:
            line = text.encode()[: error.position].count(b"\n") + 1
            rule = f"the file must be valid YAML: {error.reason}"
            self._refuse((), line, rule, "remove the character, or save the file as UTF-8 text")
        except _TooLargeError as error:
            self._refuse((), error.line, error.rule, error.remedy)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file; one that can't be read is a problem too."""
        try:
            return cls(path, path.read_text(encoding="utf-8-sig"))
        except OSError as error:
            rule, remedy = f"the file can't be read: {error.strerror}", "check its path"
            line = None
        except UnicodeDecodeError as error:
            rule, remedy = "the file isn't UTF-8 text", "save it as UTF-8"
            line = error.object[: error.start].count(b"\n") + 1
        unread = cls(path, "")
        unread._refuse((), line, rule, remedy)
        return unread

    def line(self, path: KeyPath) -> int | None:
        """The line of the key (or list item) at `path`, or of its nearest ancestor that exists."""
        place = self.place(path)
        return place[0] if place is not None else None

    def place(self, path: KeyPath) -> Place | None:
        """Line and column of the key at `path`, or of its nearest ancestor that exists."""
        way = self._way(path)
        return way[-1][0] if way else None

    def has(self, path: KeyPath) -> bool:
        """Whether something stands at `path`."""
        return self._root is not None and len(self._way(path)) == len(path)

    def written(self, path: KeyPath) -> str | None:
        """The word at `path` as it is spelled; None where no word stands there."""
        way = self._way(path)
        node = way[-1][1] if way and len(way) == len(path) else None
        return str(node.value) if isinstance(node, yaml.ScalarNode) else None

    def _way(self, path: KeyPath) -> list[tuple[Place, yaml.Node]]:
        """The keys that lead to `path`, as far as they exist: their places, and what they have."""
        node, way = self._root, list[tuple[Place, yaml.Node]]()
        for part in path:
            child = self._child(node, part)
            if child is None:
                break
            way.append(child)
            node = child[1]
        return way

    def _child(self, node: yaml.Node | None, part: str | int) -> tuple[Place, yaml.Node] | None:
        if isinstance(node, yaml.SequenceNode):
            if not isinstance(part, int) or not 0 <= part < len(node.value):
                return None
            item: yaml.Node = node.value[part]
            return _place(item), item
        return self._children(node).get(str(part)) if isinstance(node, yaml.MappingNode) else None

    def _children(self, node: yaml.MappingNode) -> dict[str, tuple[Place, yaml.Node]]:
        """A mapping's keys, the merged ones at the place where they are written."""
        if id(node) in self._index:
            return self._index[id(node)]
        found = self._index[id(node)] = {}  # before its merges, which might lead back here
        merged = dict[str, tuple[Place, yaml.Node]]()
        for key_node, value_node in node.value:
            if _is_merge(key_node):
                sources = (
                    value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node]
                )
                for source in sources:
                    if isinstance(source, yaml.MappingNode):
                        merged = {**self._children(source), **merged}
            else:
                found[str(key_node.value)] = (_place(key_node), value_node)
        found.update(merged | found)
        return found

    def _refuse(self, path: KeyPath, line: int | None, rule: str, remedy: str) -> None:
        self.problems.append(Problem(path, None, rule, remedy, line=line))

    def _refuse_syntax(self, error: yaml.MarkedYAMLError) -> None:
        mark = error.problem_mark or error.context_mark
        what = error.problem or error.context or "it can't be parsed"
        remedy = (
            "look at this line and the one before: indentation, a missing colon, "
            "an unclosed quote or bracket"
        )
        if "flow" in (error.context or ""):
            remedy = (
                "within { } and [ ], text that has any of them stands in quotes: "
                'path: "/users/[id]"; or one of them isn\'t closed'
            )
        if "another document" in what:
            what, remedy = "a stack file is one document", "remove what follows this ---"
        rule = f"the file must be valid YAML: {what}"
        if "nesting depth" in what:  # libyaml has a limit of its own, far above ours
            rule, remedy = _TOO_DEEP
        self._refuse((), mark.line + 1 if mark else None, rule, remedy)

    def _construct(self, node: yaml.Node, path: KeyPath) -> Value:
        line = node.start_mark.line + 1
        if id(node) in self._seen:
            self._count_alias(line)
        self._seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return self._construct_scalar(node, path)
        if id(node) in self._open:
            self._refuse(path, line, "an anchor must not contain itself", "write the value out")
            return None
        self._open.append(id(node))
        try:
            if isinstance(node, yaml.MappingNode):
                return self._construct_mapping(node, path)
            return [self._construct(item, (*path, i)) for i, item in enumerate(node.value)]
        finally:
            self._open.pop()

    def _count_alias(self, line: int) -> None:
        self._aliased += 1
        if self._aliased > MOST_ALIASED:
            rule = f"a file's anchors may stand for {MOST_ALIASED} values at most"
            raise _TooLargeError(line, rule, "write out what is meant")
        if len(self._open) > DEEPEST:
            raise _TooLargeError(line, *_TOO_DEEP)

    def _construct_scalar(self, node: yaml.ScalarNode, path: KeyPath) -> Value:
        text, line = str(node.value), node.start_mark.line + 1
        tag = node.tag.removeprefix(_TAG)
        if tag == "str":
            return text
        if tag == _UNTAGGED:
            if is_date(text):
                rule = "without quotes, Pulumi takes this for a point in time and rewrites it"
                self._refuse(path, line, rule, f'write it in quotes: "{text}"')
                return text
            value = meaning(text)
            if _OCTAL.fullmatch(text) and value != int(text):
                rule = f"without quotes, Pulumi takes this for an octal number, {value}"
                remedy = f'write it in quotes: "{text}"; or the number without 0 in front: '
                self._refuse(path, line, rule, f"{remedy}{int(text)}")
            return value
        value = meaning(text)
        if tag in _KINDS and isinstance(value, _KINDS[tag]):
            return value
        self._refuse(path, line, f"the tag {tag} has no meaning here", "remove the tag")
        return text

    def _construct_mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Value]:
        merged: dict[str, Value] = {}
        own: dict[str, Value] = {}
        first_lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
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
            if _is_merge(key_node):
                self._merge(merged, value_node, path)
                continue
            if key_node.tag == _UNTAGGED and (is_date(key) or not isinstance(meaning(key), str)):
                rule = "a key must be text, and without quotes this one is something else"
                self._refuse((*path, key), line, rule, f'write it in quotes: "{key}"')
            own[key] = self._construct(value_node, (*path, key))
        return {**merged, **own}

    def _merge(self, into: dict[str, Value], node: yaml.Node, path: KeyPath) -> None:
        value = self._construct(node, path)
        for part in value if isinstance(value, list) else [value]:
            if not isinstance(part, dict):
                rule = "<< takes a map, or a list of maps, from an anchor"
                line = node.start_mark.line + 1
                self._refuse((*path, "<<"), line, rule, "give it the alias of a map: <<: *name")
            else:
                into |= part | into


def _is_merge(key: yaml.Node) -> bool:
    return key.tag in {_UNTAGGED, _TAG + "merge"} and key.value == "<<"


def _place(node: yaml.Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1


_TOO_DEEP = (f"values may be nested {DEEPEST} levels deep", "look for brackets that aren't closed")


def _refuse_too_large(text: str, largest_mb: int) -> None:
    """Refuse a deep file before it becomes a tree, which takes a deep stack to build."""
    if len(text) > largest_mb * 1024**2:
        rule = f"a file has at most {largest_mb} MB"
        raise _TooLargeError(1, rule, "divide what it says into several stacks")
    if text.count("[") + text.count("{") + text.count("- ") + text.count(":") <= DEEPEST:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_UntypedLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise _TooLargeError(line, *_TOO_DEEP)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


_WORDS: Final[dict[str, Scalar]] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_NUMBER_STARTS = frozenset("+-.0123456789")
_BASES = (
    (re.compile(r"[-+]?0[xX][0-9a-fA-F]+"), 16),
    (re.compile(r"[-+]?0[bB][01]+"), 2),
    (re.compile(r"[-+]?0[oO]?[0-7]+"), 8),
    (re.compile(r"[-+]?(?:0|[1-9][0-9]{0,19})"), 10),
)
_OCTAL = re.compile(r"0[0-7]+")  # as C has it, and Pulumi's own parser
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_DATE = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt ][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}.*)?"
)
_LOWEST_INTEGER, _HIGHEST_INTEGER = -(2**63), 2**64 - 1
_FIRST_WITH_EXPONENT = 1e21  # Pulumi's JSON has 1e+21, which Python reads as float


def meaning(text: str) -> Scalar:
    """The value of an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    # Underscores may stand between digits, except in front and in numbers that start with a dot.
    plain = text if text[0] == "." else text.replace("_", "")
    number = _integer(plain)
    return _float(plain, text) if number is None else number


def is_date(text: str) -> bool:
    """Whether Pulumi takes an unquoted scalar for a point in time (and changes its spelling)."""
    match = _DATE.fullmatch(text) if text[:1].isdigit() else None
    if match is None:
        return False
    try:
        dt.date(*(int(part) for part in match.groups()))
    except ValueError:
        return False
    return True


def _integer(plain: str) -> int | None:
    for pattern, base in _BASES:
        if pattern.fullmatch(plain):
            value = int(plain, base)
            return value if _LOWEST_INTEGER <= value <= _HIGHEST_INTEGER else None
    return None


def _float(plain: str, text: str) -> Scalar:
    if not _FLOAT.fullmatch(plain):
        return text
    value = float(plain)
    if math.isinf(value):
        return text
    # 150.0 leaves Pulumi's JSON as 150.
    return int(value) if value.is_integer() and abs(value) < _FIRST_WITH_EXPONENT else value
