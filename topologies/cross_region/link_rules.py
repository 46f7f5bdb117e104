"""The rules of bandwidth between regions: links, and the package that they may share.

Source: Cloud Enterprise Network, "CreateCenBandwidthPackage" and "SetCenInterRegionBandwidthLimit".
"""

from collections.abc import Iterator
from typing import Final

from facts.zones import area_of
from stack.problems import KeyPath, Problem, choose_from
from topologies.cross_region.attachments import (
    Joined,
    unlinked_pairs,
)
from topologies.cross_region.settings import (
    SECTION,
    BandwidthPackageSettings,
    ChargeType,
    CrossRegionSettings,
    Edition,
)

_MONTHS: Final = (1, 2, 3, 6, 12)
_SMALLEST: Final = 2  # Mbit/s of a package


def link_problems(section: CrossRegionSettings, places: dict[str, Joined]) -> Iterator[Problem]:
    regions = {place.region for place in places.values()}
    for key, link in section.links.items():
        where = (SECTION, "links", key, "regions")
        shown = ", ".join(link.regions)
        if len(link.pair) == 1:
            yield Problem(where, shown, "a link joins two regions", "name another region")
            continue
        for index, region in enumerate(link.regions):
            if region not in regions and len(places) == len(section.attachments):
                rule = f"nothing is attached in {region}"
                remedy = choose_from(region, regions, "region")
                yield Problem((*where, index), region, rule, remedy)
    lonely = [region for region in sorted(regions) if not _has_link(section, region)]
    helped: set[str] = set()
    for region in lonely if len(regions) > 1 else ():
        # A link to one that has none either is the remedy for both.
        if region not in helped:
            rule = f"{region} has no bandwidth to any other region, so nothing passes"
            others = sorted(regions - {region}, key=lambda one: (one in lonely, one))
            other = others[0]
            helped.add(other)
            remedy = f"add to links: {{regions: [{region}, {other}], bandwidth: 2}}"
            yield Problem((SECTION, "links"), None, rule, remedy)
    yield from _bandwidth_problems(section)


def _bandwidth_problems(section: CrossRegionSettings) -> Iterator[Problem]:
    package, links = section.bandwidth_package, section.links
    if package is None:
        if section.edition is Edition.BASIC and links:
            rule = "links of the basic edition have their bandwidth from a package"
            needed = max(_SMALLEST, sum(link.bandwidth for link in links.values()))
            remedy = f"add bandwidthPackage: {{bandwidth: {needed}}}"
            yield Problem((SECTION, "bandwidthPackage"), None, rule, remedy)
        return
    total = sum(link.bandwidth for link in links.values())
    if package.bandwidth is not None and total > package.bandwidth:
        rule = f"links have no more than their package together, which has {package.bandwidth}"
        remedy = f"give the package {total} Mbit/s, or links less"
        yield Problem((SECTION, "links"), f"{total} Mbit/s", rule, remedy)
    areas = {area_of(region) for link in links.values() for region in link.regions}
    if len(areas) > 1 or areas - {"China", None}:
        rule = "a package made here is for the Chinese mainland"
        remedy = "remove bandwidthPackage: transit routers' links are then paid by traffic"
        if section.edition is Edition.BASIC:
            remedy = "give the id of a package for these areas"
        if package.id is None:
            shown = ", ".join(sorted(area for area in areas if area is not None))
            yield Problem((SECTION, "bandwidthPackage"), shown, rule, remedy)


def package_problems(
    section: CrossRegionSettings, package: BandwidthPackageSettings
) -> Iterator[Problem]:
    where: KeyPath = (SECTION, "bandwidthPackage")
    if (package.bandwidth is None) == (package.id is None):
        rule = "a package is created (bandwidth) or exists (id)"
        # One that is there and can't be read isn't missing.
        missing = (*where, "bandwidth") if package.id is None else None
        yield Problem(where, package.id, rule, "give one of the two", missing=missing)
    if not section.links:
        rule = "a package is for links, and there are none"
        yield Problem(where, None, rule, "add links, or remove bandwidthPackage")
    if package.attached and package.id is None:
        rule = "a package that is created here isn't attached yet"
        yield Problem((*where, "attached"), package.attached, rule, "remove attached")
    if package.id is not None:
        yield from _existing_problems(where, package)
        return
    subscribed = package.charge_type is ChargeType.SUBSCRIPTION
    if package.months is not None and (not subscribed or package.months not in _MONTHS):
        shown = ", ".join(str(months) for months in _MONTHS)
        rule = f"a subscription (chargeType: PrePaid) is for {shown} months"
        yield Problem((*where, "months"), package.months, rule, "correct it, or remove months")
    if package.auto_renew and not subscribed:
        rule = "only a subscription (chargeType: PrePaid) is renewed"
        yield Problem((*where, "autoRenew"), package.auto_renew, rule, "remove autoRenew")


def _existing_problems(where: KeyPath, package: BandwidthPackageSettings) -> Iterator[Problem]:
    for key, value, given in (
        ("chargeType", package.charge_type.value, "charge_type" in package.model_fields_set),
        ("months", package.months, package.months is not None),
        ("autoRenew", package.auto_renew, package.auto_renew),
    ):
        if given:
            rule = "a package that exists keeps how it is paid"
            yield Problem((*where, key), value, rule, f"remove {key}")


def _has_link(section: CrossRegionSettings, region: str) -> bool:
    return any(region in link.pair for link in section.links.values())


def link_warnings(section: CrossRegionSettings, places: dict[str, Joined]) -> Iterator[Problem]:
    """What links and their package may say, and probably don't mean."""
    for one, other in unlinked_pairs(section, {place.region for place in places.values()}):
        if _has_link(section, one) and _has_link(section, other):
            rule = f"{one} and {other} have no bandwidth between them, so nothing passes there"
            remedy = f"add to links: {{regions: [{one}, {other}], bandwidth: 2}}"
            yield Problem((SECTION, "links"), None, rule, remedy)
    package = section.bandwidth_package
    bought = package is not None and package.id is None
    if package is not None and bought and package.charge_type is ChargeType.SUBSCRIPTION:
        rule = "a subscription is paid at once, and destroy leaves it in the cloud"
        where = (SECTION, "bandwidthPackage", "chargeType")
        remedy = "say chargeType: PostPaid, unless it is meant"
        yield Problem(where, package.charge_type.value, rule, remedy)
