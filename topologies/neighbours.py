"""What two stacks would both take of one NAT gateway, where their files stand beside each other.

Warnings, not problems: a file that stands there needn't be a stack that is up. Where both are, the
cloud refuses the second entry.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from stack.claims import Holder, taken_by_neighbours
from stack.problems import Problem, StackFileError, dotted
from stack.settings import StackSettings
from stack.stack_file import StackFile
from stack.state import NOTHING_HELD
from topologies import chosen

# The section is written out: a stack without it doesn't pay for its package.
_MAPPINGS = ("sharedBandwidth", "portMappings")


def neighbour_warnings(file: StackFile) -> list[Problem]:
    """What a sound stack file takes and that of another stack of the folder takes as well.

    Only of a stack that refers to others: one that doesn't has its gateway to itself, or its own
    plan isn't the place to say so.
    """
    if not file.stacks:
        return []
    others = {
        other.stack: _holders(settings)
        for other in file.everything_beside()
        if (other.stack in file.stacks or file.stacks & other.stacks)
        and (settings := _settings(other)) is not None
    }
    mine = _holders(file.settings)
    found = [*_taken_twice(mine, others), *_too_many(file.settings, mine, others)]
    return file.source.placed(found)


def _settings(file: StackFile) -> StackSettings | None:
    try:
        return file.settings
    except StackFileError:
        return None  # its own plan says what is wrong with it


def _holders(settings: StackSettings) -> list[Holder]:
    return [
        holder
        for topology, section in chosen(settings)
        for holder in topology.claims(settings, section, NOTHING_HELD).wanted
        if holder.shared
    ]


def _taken_twice(mine: list[Holder], others: Mapping[str, list[Holder]]) -> Iterator[Problem]:
    for holder, claim, name, other in taken_by_neighbours(mine, others):
        rule = (
            f"{dotted(other.path)} of the stack {name} has {claim.label} on the same gateway, and "
            "the cloud gives it to one"
        )
        remedy = "use another one in one of the two, or keep one of the two stacks down"
        yield Problem(holder.path, claim.label, rule, remedy)


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
