"""The rules of the `crossRegion` section. Pure functions from settings to problems."""

from collections.abc import Iterator

from stack.naming import REGION_KEY, name_problems, rename_problems
from stack.problems import Problem
from stack.secrets import plain_secret_problems
from stack.settings import StackSettings
from topologies.cross_region.attachment_rules import (
    attachment_problems,
    cen_problems,
    overlap_problems,
    zone_warnings,
)
from topologies.cross_region.data_center_rules import data_center_problems, data_center_warnings
from topologies.cross_region.joined import joined
from topologies.cross_region.link_rules import link_problems, link_warnings, package_problems
from topologies.cross_region.service_rules import service_problems
from topologies.cross_region.settings import SECTION, CrossRegionSettings, Edition


def cross_region_problems(
    settings: StackSettings, section: CrossRegionSettings
) -> Iterator[Problem]:
    """Everything that the section may not say."""
    places = joined(settings, section)
    if settings.region is None and section.attachments:
        rule = "what is joined is told apart by regions, and the stack's isn't known"
        remedy = f"add {REGION_KEY}: cn-shanghai"
        yield Problem((SECTION, "attachments"), None, rule, remedy)
    yield from plain_secret_problems(section, (SECTION,))
    yield from name_problems((SECTION, "cen", "name"), section.cen.name)
    yield from cen_problems(section, places)
    yield from attachment_problems(settings, section)
    yield from overlap_problems(settings, places)
    yield from link_problems(section, places)
    if section.bandwidth_package is not None:
        yield from package_problems(section, section.bandwidth_package)
    yield from service_problems(settings, section, places)
    yield from data_center_problems(settings, section)
    for key, entries in (
        ("attachments", section.attachments),
        ("links", section.links),
        ("services", section.services),
        ("dataCenters", section.data_centers),
    ):
        yield from rename_problems((SECTION, key), entries)


def cross_region_warnings(
    settings: StackSettings, section: CrossRegionSettings
) -> Iterator[Problem]:
    """What the section may say, and probably doesn't mean."""
    places = joined(settings, section)
    yield from link_warnings(section, places)
    yield from data_center_warnings(settings, section)
    if section.edition is Edition.TRANSIT_ROUTER:
        for key, place in places.items():
            yield from zone_warnings(settings, section, key, place)
