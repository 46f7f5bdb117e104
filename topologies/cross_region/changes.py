"""Changes of the section that no single update can carry out, whoever holds what."""

from collections.abc import Iterator

from stack.problems import Problem
from stack.settings import StackSettings
from stack.state import StackState
from topologies.cross_region.holdings import held_attachments
from topologies.cross_region.settings import SECTION, CrossRegionSettings, Edition


def cross_region_changes(
    _settings: StackSettings, section: CrossRegionSettings, state: StackState
) -> Iterator[Problem]:
    """Another edition, while what the former one attached is still attached."""
    (other,) = (edition for edition in Edition if edition is not section.edition)
    held = sorted(key for key, _ in held_attachments(other, state))
    if held and section.attachments:
        yield Problem(
            (SECTION, "edition"),
            section.edition.value,
            f"the state has attachments of the edition {other.value} "
            f"({', '.join(held)}), and what is attached has its routes from one of them",
            f"do it in two steps: first say edition: {other.value}, take attachments, links and "
            "services out, with the functions' calls that need them, and run up; "
            f"then put them back with edition: {section.edition.value} and run up again",
        )
