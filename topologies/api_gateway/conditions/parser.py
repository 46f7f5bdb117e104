"""From a condition's text to its syntax tree.

Written by hand as a recursive descent: the grammar has six rules, and a generated parser could
only say "unexpected token" where an author needs to read "text is quoted: write 'resource1'".

    condition  = all { "or" all }
    all        = part { "and" part }
    part       = "!" "(" condition ")" | "(" condition ")" | comparison
    comparison = operand operator operand
    operator   = "=" | "==" | "<>" | "!=" | "<" | "<=" | ">" | ">=" | [ "!" ] ( "like" | "in_cidr" )
    operand    = parameter | quoted text | number | "true" | "false" | name "(" ")"
    parameter  = "$" name | "${" name "}"
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from stack.problems import did_you_mean
from topologies.api_gateway.conditions.syntax import (
    And,
    Call,
    Comparison,
    Condition,
    ConditionError,
    Not,
    Number,
    Operand,
    Operator,
    Or,
    Parameter,
    Text,
    Truth,
)

DEEPEST = 50  # parentheses in parentheses: far beyond need, far below Python's own limit
KEYWORDS = frozenset({"and", "or", "not", "like", "in_cidr", "true", "false"})

# What word processors, PDF viewers and Chinese keyboards make of plain signs.
_TYPOGRAPHIC = dict(zip("‘’‚‛“”„‟＂＇（）＝＜＞！＄，", "''''\"\"\"\"\"'()=<>!$,", strict=True))  # noqa: RUF001 these very characters are looked for
_PATTERN = re.compile(
    r"""\s*(?:
      (?P<TEXT>'[^']*'|"[^"]*")
    | (?P<PARAMETER>\$(?:[A-Za-z_][A-Za-z0-9_]*|\{\s*[A-Za-z_][A-Za-z0-9_]*\s*\}))
    | (?P<SIGN>[=<>!&|~]+)
    | (?P<OPEN>\()
    | (?P<CLOSE>\))
    | (?P<WORD>[^\s()'"=<>!&|~$]+)
    )""",
    re.VERBOSE,
)
_SIGNS = {"==": Operator.EQUAL, "!=": Operator.UNEQUAL} | {
    operator.value: operator for operator in Operator if not operator.value.strip("=<>")
}
_WORDS = {"like": Operator.LIKE, "in_cidr": Operator.IN_CIDR}
_NEGATED = {Operator.LIKE: Operator.NOT_LIKE, Operator.IN_CIDR: Operator.NOT_IN_CIDR}
_SLIPS = {
    "===": "=",
    "=>": ">=",
    "=<": "<=",
    "&&": "and",
    "&": "and",
    "||": "or",
    "|": "or",
    "=~": "like",
    "~": "like",
    "!": "!like, !in_cidr or <>",
}
_OTHER_WORDS = {"is": "=", "equals": "=", "eq": "=", "contains": "like '%…%'", "in": "in_cidr"}
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATORS_SHOWN = "=, <>, <, <=, >, >=, like, !like, in_cidr or !in_cidr"


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
    """A piece of a condition: `text` is without quotes, and without the `$` and its braces."""

    kind: Kind
    text: str
    position: int
    source: str
    """As it was written."""


def tokens_of(text: str) -> list[Token]:
    """The tokens of a condition, with an END after the last; raises ConditionError."""
    tokens: list[Token] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _PATTERN.match(text, position)
        if match is None or match.lastgroup is None:
            raise _unreadable(text, position + len(text[position:]) - len(text[position:].lstrip()))
        kind, source = Kind[match.lastgroup], match[match.lastgroup]
        start = match.start(match.lastgroup)
        if kind is Kind.WORD:
            _refuse_typography(source, start)
        name = source[1:].strip("{}").strip()
        bare = {Kind.TEXT: source[1:-1], Kind.PARAMETER: name}.get(kind, source)
        tokens.append(Token(kind, bare, start, source))
        position = match.end()
    return [*tokens, Token(Kind.END, "", end, "")]


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
    rule = "a $ is followed by the name of a parameter: a letter or _, then letters and digits"
    return ConditionError(position, rule, "write a name after it, such as $userId")


def in_braces(text: str) -> str:
    """A condition with each of its parameters in braces; raises ConditionError."""
    for token in reversed(tokens_of(text)):
        if token.kind is Kind.PARAMETER:
            end = token.position + len(token.source)
            text = f"{text[: token.position]}${{{token.text}}}{text[end:]}"
    return text


def parse(text: str) -> Condition:
    """The condition that a text says; raises ConditionError where it says none."""
    return _Parser(tokens_of(text)).whole()


class _Parser:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._open: list[int] = []

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._next
        self._at += token.kind is not Kind.END
        return token

    def _word(self, word: str) -> bool:
        return self._next.kind is Kind.WORD and self._next.text.lower() == word

    def whole(self) -> Condition:
        if self._next.kind is Kind.END:
            rule = "a condition says when its route is taken; this one is empty"
            raise ConditionError(0, rule, "write one, such as $target = 'resource1'")
        condition = self._either()
        token = self._next
        if token.kind is Kind.CLOSE:
            rule = "this parenthesis closes none that is open"
            raise ConditionError(token.position, rule, "remove it, or open one before it")
        if token.kind is not Kind.END:
            raise self._not_joined(token)
        return condition

    def _either(self) -> Condition:
        parts = self._joined("or", self._all)
        return parts[0] if len(parts) == 1 else Or(parts)

    def _all(self) -> Condition:
        parts = self._joined("and", self._part)
        return parts[0] if len(parts) == 1 else And(parts)

    def _joined(self, word: str, part: Callable[[], Condition]) -> tuple[Condition, ...]:
        parts = [part()]
        while self._word(word):
            self._take()
            parts.append(part())
        return tuple(parts)

    def _part(self) -> Condition:
        token, after = self._next, self._tokens[min(self._at + 1, len(self._tokens) - 1)]
        negation = token.source == "!" or self._word("not")
        if negation and after.kind is Kind.OPEN:
            self._take()
            return Not(self._in_parentheses())
        if negation:
            rule = f"{token.source} before a comparison is followed by a parenthesis"
            raise ConditionError(token.position, rule, "write !( … ), with the comparison inside")
        return self._in_parentheses() if token.kind is Kind.OPEN else self._comparison()

    def _in_parentheses(self) -> Condition:
        start = self._take()
        self._open.append(start.position)
        if len(self._open) > DEEPEST:
            rule = f"parentheses are nested at most {DEEPEST} deep"
            raise ConditionError(start.position, rule, "say the same with fewer of them")
        condition = self._either()
        token = self._next
        if token.kind is Kind.END:
            rule = "this parenthesis is never closed"
            raise ConditionError(self._open[-1], rule, "close it where its condition ends")
        if token.kind is not Kind.CLOSE:
            raise self._not_joined(token)
        self._take()
        self._open.pop()
        return condition

    def _comparison(self) -> Comparison:
        left = self._operand()
        position = self._next.position
        operator = self._operator(left)
        return Comparison(left, operator, self._operand(), position)

    def _operator(self, left: Operand) -> Operator:
        token = self._take()
        word = token.text.lower()
        if token.kind is Kind.SIGN and token.text in _SIGNS:
            return _SIGNS[token.text]
        if token.kind is Kind.WORD and word in _WORDS:
            return _WORDS[word]
        if token.source == "!" or (token.kind is Kind.WORD and word == "not"):
            following = self._next.text.lower() if self._next.kind is Kind.WORD else ""
            if following in _WORDS:
                self._take()
                return _NEGATED[_WORDS[following]]
        raise _no_operator(token, left)

    def _operand(self) -> Operand:
        token = self._take()
        match token.kind:
            case Kind.TEXT:
                return Text(token.text, token.position)
            case Kind.PARAMETER:
                return Parameter(token.text, token.position)
            case Kind.WORD:
                return self._plain(token)
            case _:
                raise _no_operand(token)

    def _plain(self, token: Token) -> Operand:
        if _NUMBER.fullmatch(token.text):
            return Number(token.text, token.position)
        if token.text.lower() in {"true", "false"}:
            return Truth(token.text.lower(), token.position)
        if token.text.lower() in KEYWORDS:
            raise _no_operand(token)
        if self._next.kind is Kind.OPEN and _NAME.fullmatch(token.text):
            self._take()
            if self._take().kind is not Kind.CLOSE:
                rule = "functions of conditions take no arguments"
                raise ConditionError(token.position, rule, f"write {token.text}()")
            return Call(token.text, token.position)
        if _NAME.fullmatch(token.text) and self._compared(self._next):
            rule = "a parameter starts with $"
            raise ConditionError(token.position, rule, f"write ${token.text}")
        if token.text.lower() in {"null", "none", "nil"}:
            rule = "there is no null: a comparison with a parameter that is absent is false"
            raise ConditionError(token.position, rule, "write !($userId like '%') for its absence")
        rule = "text is written in quotes"
        raise ConditionError(token.position, rule, f"write '{token.text}'")

    @staticmethod
    def _compared(token: Token) -> bool:
        return token.kind is Kind.SIGN or token.text.lower() in {*_WORDS, "not"}

    @staticmethod
    def _not_joined(token: Token) -> ConditionError:
        rule = "two conditions are joined by and, or by or"
        remedy = f"write one of them before {token.source}"
        near = _SLIPS.get(token.text) if token.kind is Kind.SIGN else None
        if token.kind is Kind.WORD:
            near = did_you_mean(token.text, ("and", "or"))
        return ConditionError(token.position, rule, f"did you mean {near}?" if near else remedy)


def _no_operand(token: Token) -> ConditionError:
    rule = "a comparison has a value on both sides"
    remedy = "write a parameter such as $userId, text in quotes, or a number"
    if token.kind is not Kind.END:
        rule += f"; here is {token.source}"
    return ConditionError(token.position, rule, remedy)


def _no_operator(token: Token, left: Operand) -> ConditionError:
    if token.kind in {Kind.END, Kind.CLOSE} or token.text.lower() in {"and", "or"}:
        rule = f"{left} alone is no comparison"
        return ConditionError(token.position, rule, f"compare it with a value: {left} = 'value'")
    if token.kind not in {Kind.SIGN, Kind.WORD}:
        rule = f"an operator stands between {left} and {token.source}"
        return ConditionError(token.position, rule, f"write {_OPERATORS_SHOWN}")
    near = _SLIPS.get(token.text) or _OTHER_WORDS.get(token.text.lower())
    near = near or did_you_mean(token.text, [*_WORDS, *_SIGNS])
    remedy = f"did you mean {near}?" if near else f"use {_OPERATORS_SHOWN}"
    return ConditionError(token.position, f"{token.source} is no operator of conditions", remedy)
