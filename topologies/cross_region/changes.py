"""Changes of the section that no single update can carry out, whoever holds what."""

from collections.abc import Iterator

from stack.held import HeldState
from stack.problems import Problem
from stack.settings import StackSettings
from topologies.cross_region.holdings import ATTACHED, COMPONENT
from topologies.cross_region.settings import SECTION, CrossRegionSettings, Edition


def cross_region_changes(
    _settings: StackSettings, section: CrossRegionSettings, state: HeldState
) -> Iterator[Problem]:
    """Another edition, while what the former one attached is still attached."""
    other = Edition.BASIC if section.edition is Edition.TRANSIT_ROUTER else Edition.TRANSIT_ROUTER
    held = [
        key for kind in ATTACHED[other] for key, _ in state.all(kind, f"{COMPONENT}-attachment")
    ]
    if held and section.attachments:
        yield Problem(
            (SECTION, "edition"),
            section.edition.value,
            f"the state has attachments of the edition {other.value} "
            f"({', '.join(sorted(held))}), and what is attached has its routes from one of them",
            f"do it in two steps: first say edition: {other.value}, take attachments, links and "
            "services out, with the functions' calls that need them, and run up; "
            f"then put them back with edition: {section.edition.value} and run up again",
        )
