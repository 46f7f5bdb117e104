"""Conditions cut into words, quoted text, parameters, signs and parentheses."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from topologies.api_gateway.conditions.syntax import ConditionError


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    """Keywords, numbers, function names, and text that somebody forgot to quote."""

    TEXT = auto()
    PARAMETER = auto()
    SIGN = auto()
    OPEN = auto()
    CLOSE = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a condition: `text` is without quotes and without the `$`."""

    kind: Kind
    text: str
    position: int
    source: str
    """As it was written."""


# What word processors, PDF viewers and Chinese keyboards make of plain signs.
_TYPOGRAPHIC = dict(zip("‘’‚‛“”„‟＂＇（）＝＜＞！＄，", "''''\"\"\"\"\"'()=<>!$,", strict=True))  # noqa: RUF001 these very characters are looked for
_PATTERN = re.compile(
    r"""\s*(?:
      (?P<TEXT>'[^']*'|"[^"]*")
    | (?P<PARAMETER>\$[A-Za-z_][A-Za-z0-9_]*)
    | (?P<SIGN>[=<>!&|~]+)
    | (?P<OPEN>\()
    | (?P<CLOSE>\))
    | (?P<WORD>[^\s()'"=<>!&|~$]+)
    )""",
    re.VERBOSE,
)


def tokens_of(text: str) -> list[Token]:
    """The tokens of a condition, with an END after the last; raises ConditionError."""
    found: list[Token] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _PATTERN.match(text, position)
        if match is None or match.lastgroup is None:
            raise _unreadable(text, position + len(text[position:]) - len(text[position:].lstrip()))
        kind, source = Kind[match.lastgroup], match[match.lastgroup]
        start = match.start(match.lastgroup)
        if kind is Kind.WORD:
            _refuse_typography(source, start)
        bare = {Kind.TEXT: source[1:-1], Kind.PARAMETER: source[1:]}.get(kind, source)
        found.append(Token(kind, bare, start, source))
        position = match.end()
    return [*found, Token(Kind.END, "", end, "")]


def _refuse_typography(word: str, start: int) -> None:
    for offset, character in enumerate(word):
        if character in _TYPOGRAPHIC:
            rule = f"{character} is a typographic sign that conditions don't know"
            raise ConditionError(start + offset, rule, f"write {_TYPOGRAPHIC[character]} instead")


def _unreadable(text: str, position: int) -> ConditionError:
    character = text[position]
    if character in "'\"":
        rest = text[position + 1 :]
        curly = next((sign for sign in rest if _TYPOGRAPHIC.get(sign) == character), None)
        remedy = f"close it with another {character}"
        if curly is not None:
            remedy = f"write {character} where it ends; {curly} doesn't close it"
        return ConditionError(position, "the quoted text has no end", remedy)
    if name := re.match(r"\$\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}", text[position:]):
        return ConditionError(
            position, "a parameter is written without braces", f"write ${name[1]}"
        )
    rule = "a $ is followed by the name of a parameter: a letter or _, then letters and digits"
    return ConditionError(position, rule, "write a name after it, such as $userId")
