"""`was: old-name`: an entry that carries its resources over a rename.

Pulumi knows a resource by its name. Without `was`, renaming an entry means a new resource and the
end of the old one, which for a public address or a taken port can't be undone or can't be done.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

from stack.problems import KeyPath, Problem


class Renameable(Protocol):
    """An entry of a map that may say what it was called before."""

    @property
    def was(self) -> str | None: ...


def rename_problems(path: KeyPath, entries: Mapping[str, Renameable]) -> Iterator[Problem]:
    """`was` names an entry that is gone, and no two entries come from the same one."""
    heirs: dict[str, str] = {}
    for key, entry in entries.items():
        if entry.was is None:
            continue
        where = (*path, key, "was")
        if entry.was in entries:
            yield Problem(
                where,
                entry.was,
                f"was names what {key} was called before, and {entry.was} is still here",
                f"remove {entry.was}, or remove this was",
            )
        elif entry.was in heirs:
            yield Problem(
                where,
                entry.was,
                f"{heirs[entry.was]} says that it was {entry.was} already",
                "only one entry can carry on the old one's resources; remove one of the two",
            )
        heirs.setdefault(entry.was, key)
