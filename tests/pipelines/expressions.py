"""GitHub's expressions, as far as our workflows use them.

Source: GitHub's documentation, "Evaluate expressions in workflows and actions". What isn't known
here is refused, so that a workflow can't use something that no test has run.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, cast

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>\d+)|(?P<name>[A-Za-z_][\w-]*)"
    r"|(?P<sign>==|!=|&&|\|\||[!().,*]))"
)
_PLACE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)

Functions = Mapping[str, Callable[..., Any]]


class Expression:
    """One expression, read token by token."""

    def __init__(self, text: str, contexts: Mapping[str, Any], functions: Functions) -> None:
        self._tokens = _tokens(text)
        self._contexts = contexts
        self._functions = functions

    def value(self) -> Any:
        found = self._either()
        assert self._peek() == "", f"what is {self._peek()} doing there?"
        return found

    def _peek(self) -> str:
        return self._tokens[0] if self._tokens else ""

    def _take(self, expected: str = "") -> str:
        token = self._tokens.pop(0)
        assert not expected or token == expected, f"{token} instead of {expected}"
        return token

    def _either(self) -> Any:
        found = self._both()
        while self._peek() == "||":
            self._take()
            other = self._both()
            found = found if _true(found) else other
        return found

    def _both(self) -> Any:
        found = self._compared()
        while self._peek() == "&&":
            self._take()
            other = self._compared()
            found = other if _true(found) else found
        return found

    def _compared(self) -> Any:
        found = self._single()
        while self._peek() in {"==", "!="}:
            sign = self._take()
            same = _plain(found) == _plain(self._single())
            found = same if sign == "==" else not same
        return found

    def _single(self) -> Any:
        token = self._take()
        if token == "!":
            return not _true(self._single())
        if token == "(":
            found = self._either()
            self._take(")")
            return found
        return self._named(token) if token[0].isalpha() else _literal(token)

    def _named(self, token: str) -> Any:
        if token in {"true", "false"}:
            return token == "true"
        if self._peek() == "(":
            return self._called(token)
        assert token in self._contexts, f"there is no context {token}"
        found: Any = self._contexts[token]
        while self._peek() == ".":
            self._take()
            name = self._take()
            found = cast("Mapping[str, Any]", found).get(name) if found else None
        return found

    def _called(self, name: str) -> Any:
        self._take("(")
        given: list[Any] = []
        while self._peek() != ")":
            given.append(self._either())
            if self._peek() == ",":
                self._take()
        self._take(")")
        assert name in self._functions, f"there is no function {name}"
        return self._functions[name](*given)


def evaluate(text: str, contexts: Mapping[str, Any], functions: Functions) -> Any:
    """The value of one expression, with or without its braces."""
    whole = _PLACE.fullmatch(text.strip())
    return Expression(whole[1] if whole else text, contexts, functions).value()


def holds(text: str, contexts: Mapping[str, Any], functions: Functions) -> bool:
    """Whether a condition (`if:`) holds."""
    return _true(evaluate(text, contexts, functions))


def filled(text: str, contexts: Mapping[str, Any], functions: Functions) -> str:
    """A text with its expressions replaced by their values."""
    return _PLACE.sub(
        lambda found: _spelled(Expression(found[1], contexts, functions).value()), text
    )


def _literal(token: str) -> Any:
    return int(token) if token.isdigit() else token[1:-1].replace("''", "'")


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    at = 0
    while text[at:].strip():
        token = _TOKEN.match(text, at)
        assert token, f"this is no expression: {text[at:]}"
        found.append(token[0].strip())
        at = token.end()
    return found


def _true(value: Any) -> bool:
    return value not in (None, "", 0, False)


def _plain(value: Any) -> Any:
    """Comparisons are loose: nothing is an empty text, and case doesn't matter."""
    if value is None:
        return ""
    return value.lower() if isinstance(value, str) else value


def _spelled(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)
