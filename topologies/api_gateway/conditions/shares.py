"""Grey releases by percent: which users a condition picks by the last digits of their ids."""

from fractions import Fraction

from topologies.api_gateway.conditions.declarations import NAME
from topologies.api_gateway.conditions.evaluation import evaluate
from topologies.api_gateway.conditions.syntax import (
    PATTERNS,
    Comparison,
    Condition,
    Operator,
    Or,
    Parameter,
    Text,
    comparisons_of,
)

WHOLE = 100
_MOST_DIGITS = 4  # 10,000 ids to try


def share_of_ids(condition: Condition, name: str) -> Fraction | None:
    """The share of decimal ids that a condition picks, their last digits evenly distributed.

    None where it asks for more than the last four digits of that one parameter.
    """
    digits = 0
    for comparison in comparisons_of(condition):
        suffix = _suffix(comparison, name)
        if suffix is None:
            return None
        digits = max(digits, len(suffix))
    ids = 10**digits
    picked = sum(evaluate(condition, {name: f"{number:0{digits}d}"}) for number in range(ids))
    return Fraction(picked, ids)


def percentage_condition(parameter: str, percent: int) -> str:
    """A condition that picks so many percent of the users, by the last two digits of their ids.

    Whoever is picked stays picked when the percentage grows: full tens go by the last digit, the
    rest by two digits that end in the next one. 100 picks everybody with an id, which leaves the
    API's own backend to those without. Nobody (0) is no condition at all: ValueError, as for
    everything else that two digits can't say.
    """
    if not NAME.fullmatch(parameter):
        raise ValueError(f"{parameter!r} can't be a parameter; name one such as userId")
    if not 1 <= percent <= WHOLE:
        raise ValueError(
            f"{percent} percent can't be picked; give 1 to 100, and leave the route out for nobody"
        )
    if percent == WHOLE:
        return str(_ends(parameter, ""))
    tens, ones = divmod(percent, 10)
    suffixes = [str(digit) for digit in range(tens)]
    suffixes += [f"{digit}{tens}" for digit in range(ones)]
    parts = tuple(_ends(parameter, suffix) for suffix in suffixes)
    return str(parts[0] if len(parts) == 1 else Or(parts))


def _ends(parameter: str, suffix: str) -> Comparison:
    return Comparison(Parameter(parameter), Operator.LIKE, Text(f"%{suffix}"))


def _suffix(comparison: Comparison, name: str) -> str | None:
    """The last digits that a comparison asks for; None where it asks for anything else."""
    match comparison:
        case Comparison(Parameter(parameter), operator, Text(pattern)) if (
            parameter == name and operator in PATTERNS and pattern.startswith("%")
        ):
            suffix = pattern.lstrip("%")
            numeric = suffix.isascii() and suffix.isdigit()
            return suffix if not suffix or (numeric and len(suffix) <= _MOST_DIGITS) else None
        case _:
            return None
