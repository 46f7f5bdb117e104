"""What several kinds of plugins share: status codes, headers, lists and texts with parameters."""

import re
from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import Field

from stack.problems import KeyPath, Problem, choose_from

StatusCode = Annotated[int, Field(ge=100, le=599)]

_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
# RFC 9110: a field name is a token.
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def placeholder_problems(
    path: KeyPath, text: str | None, declared: Iterable[str]
) -> Iterator[Problem]:
    """`${name}` in what is sent back stands for a parameter."""
    names = set(declared)
    for name in _PLACEHOLDER.findall(text or ""):
        if name not in names:
            rule = f"${{{name}}} stands for a parameter, and parameters has no {name}"
            yield Problem(path, text, rule, choose_from(name, names, "parameter"))


def header_problems(path: KeyPath, headers: Iterable[str]) -> Iterator[Problem]:
    """Names of HTTP headers in a list: their form, and each once."""
    seen: set[str] = set()
    for index, name in enumerate(headers):
        if not _HEADER.fullmatch(name):
            rule = "a header's name has no spaces, commas or colons"
            yield Problem((*path, index), name, rule, "write one name an item: X-Request-Id")
        elif name.casefold() in seen:
            yield Problem((*path, index), name, "a header is listed once", "remove one of the two")
        seen.add(name.casefold())


def header_name_problems(path: KeyPath, headers: Iterable[str]) -> Iterator[Problem]:
    """Names of HTTP headers that are keys of a map: their form, and each once."""
    for problem in header_problems(path, headers):
        remedy = "write it as Content-Type, and give each one value"
        yield Problem((*path, str(problem.value)), problem.value, problem.rule, remedy)


def once_problems(path: KeyPath, values: Iterable[object], what: str) -> Iterator[Problem]:
    """Each item of a list stands there once."""
    seen: set[object] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield Problem((*path, index), value, f"{what} is listed once", "remove one of the two")
        seen.add(value)
