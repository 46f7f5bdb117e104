"""What an unquoted word of a stack file means: text, a number, true or false, or nothing.

Pulumi decides that with Go's yaml.v3, which is neither YAML 1.1 (`on` and `22:30` are text) nor
quite 1.2 (`017` is fifteen, `1_000` a thousand). What the tools show and what the program gets must
be the same value, so its rules are followed here to the letter.
"""

import datetime as dt
import math
import re
from typing import Final, TypeAlias

Scalar: TypeAlias = str | int | float | bool | None

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
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_DATE = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt ][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}.*)?"
)
_LOWEST_INTEGER, _HIGHEST_INTEGER = -(2**63), 2**64 - 1
_FIRST_WITH_EXPONENT = (
    1e21  # where Pulumi's JSON starts to write 1e+21, which Python reads as float
)


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
            value = int(plain.lower().replace("0o", "0"), base) if base == 8 else int(plain, base)  # noqa: PLR2004 - octal
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
