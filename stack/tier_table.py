"""Which tier judges a stack: never its own file's alone.

The table stands outside the stack files and belongs to other people (CODEOWNERS), so that a change
to a stack can't bring its own, milder judge along. `docs/adr/0025-who-judges.md` says why.
"""

from pathlib import Path
from typing import Final

from stack.file.yaml_file import YamlFile
from stack.problems import Problem, describe
from stack.tiers import Tier, strictest, tier_named

TABLE: Final = "tiers.yaml"
"""Beside the program: each stack's name, and its tier."""

TIER_OUTPUT: Final = "tier"
"""What a stack puts out of it."""

_REMEDY: Final = "write a line such as prod: production"


class TierTableError(Exception):
    """The table can't be read; `str()` says where and why."""


def tier_in_table(root: Path, stack: str) -> Tier | None:
    """The tier that the table gives a stack; None where it has none, or there is no table.

    Raises:
        TierTableError: the table isn't one.
    """
    path = root / TABLE
    if not path.is_file():
        return None
    file = YamlFile.read(path)
    values = {} if file.values is None else file.values
    problems = [*file.problems]
    if isinstance(values, dict):
        problems += [
            Problem((name,), said, f"a tier is {', '.join(Tier)}", _REMEDY, line=file.line((name,)))
            for name, said in values.items()
            if tier_named(said) is None
        ]
    else:
        problems.append(Problem((), values, "it gives each stack a tier", _REMEDY))
    if problems:
        raise TierTableError("\n".join(describe(Path(TABLE), one) for one in problems))
    assert isinstance(values, dict)
    return tier_named(values.get(stack))


def judging_tier(said: Tier, deployed: object, listed: Tier | None) -> Tier:
    """The tier that judges a stack: the strictest of all that is known of it.

    Args:
        said: by its file.
        deployed: its output of that name, as the last update left it; whatever it is.
        listed: by the table.
    """
    return strictest(said, tier_named(deployed) or said, listed or said)
