"""What two stacks would both take of one NAT gateway, where their files stand beside each other.

Warnings, not problems: a file that stands there needn't be a stack that is up. Where both are, the
cloud refuses the second entry.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from stack.beside import file_of, stacks_beside
from stack.claims import Holder, taken_by_neighbours
from stack.filling import stacks_referred_to
from stack.held import NOTHING_HELD
from stack.loader import file_values, settings_of_file
from stack.placing import placed
from stack.problems import Problem, StackFileError
from stack.settings import StackSettings
from stack.yaml_file import YamlFile
from topologies import TOPOLOGIES, chosen

# The section is written out: a stack without it doesn't pay for its package.
_MAPPINGS = ("sharedBandwidth", "portMappings")


def neighbour_warnings(path: Path, settings: StackSettings) -> list[Problem]:
    """What `settings`, of the file at `path`, takes and another stack of the folder takes as well.

    Only of a stack that refers to others: one that doesn't has its gateway to itself, or its own
    plan isn't the place to say so.
    """
    own = _referred(path)
    if not own:
        return []
    others = {
        name: _holders(found)
        for name in stacks_beside(path)
        if name != settings.stack and (found := _shares(path, name, own)) is not None
    }
    mine = _holders(settings)
    found = [*taken_by_neighbours(mine, others), *_too_many(settings, mine, others)]
    return placed(found, YamlFile.read(path), {})


def _referred(path: Path) -> set[str]:
    return stacks_referred_to(path, TOPOLOGIES, file_values)


def _shares(path: Path, name: str, own: set[str]) -> StackSettings | None:
    """The settings of a stack that is referred to, or that refers to the same as we do."""
    file = file_of(name, path)
    if file is None or (name not in own and not own & _referred(file)):
        return None
    try:
        return settings_of_file(file, name, TOPOLOGIES)
    except StackFileError:
        return None  # its own plan says what is wrong with it


def _holders(settings: StackSettings) -> list[Holder]:
    return [
        holder
        for topology, section in chosen(settings)
        for holder in topology.claims(settings, section, NOTHING_HELD).wanted
        if holder.shared
    ]


def _too_many(
    settings: StackSettings, mine: list[Holder], others: Mapping[str, list[Holder]]
) -> Iterator[Problem]:
    limit = settings.common.quotas.dnat_entries_per_gateway
    counted = Counter(holder.shared for holder in mine if holder.path[:-1] == _MAPPINGS)
    for table, count in counted.items():
        theirs = sum(
            holder.shared == table and holder.path[:-1] == _MAPPINGS
            for holders in others.values()
            for holder in holders
        )
        if count <= limit < count + theirs:
            yield Problem(
                _MAPPINGS,
                f"{count + theirs} entries",
                f"the stacks on this gateway have {count + theirs} port mappings together, and the "
                f"quota dnatEntriesPerGateway allows {limit}",
                "give some of them a gateway of their own, or have the quota raised and say so",
            )
