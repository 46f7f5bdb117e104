"""The rules of cloud services that others reach through a network: API Gateway's range above all.

Source: Cloud Enterprise Network, "Use Enterprise Edition transit routers to enable ECS instances to
access OSS across regions" and "ResolveAndRouteServiceInCen".
"""

from collections.abc import Iterator

from stack.network_rules import CLOUD_RANGE, cidr_problem, parse_cidr
from stack.problems import KeyPath, Problem, choose_from
from stack.settings import StackSettings
from topologies.cross_region.attachments import (
    Joined,
    network_at,
)
from topologies.cross_region.settings import (
    SECTION,
    CrossRegionSettings,
    Edition,
)

_ATTACHMENTS: KeyPath = (SECTION, "attachments")


def service_problems(
    settings: StackSettings, section: CrossRegionSettings, places: dict[str, Joined]
) -> Iterator[Problem]:
    for key, service in section.services.items():
        where = (SECTION, "services", key)
        range_ = parse_cidr(service.range)
        problem = cidr_problem((*where, "range"), service.range, range(11, 33))
        if problem is not None:
            yield problem
        elif range_ is not None and not range_.subnet_of(CLOUD_RANGE):
            rule = f"a cloud service's range is a part of {CLOUD_RANGE}"
            remedy = "look it up: API Gateway's console shows the instance's range"
            yield Problem((*where, "range"), service.range, rule, remedy)
        if service.attachment not in section.attachments:
            yield Problem(
                (*where, "attachment"),
                service.attachment,
                "this must name an attachment of crossRegion.attachments",
                choose_from(service.attachment, section.attachments, "attachment"),
                missing=(*_ATTACHMENTS, service.attachment),
            )
        elif section.attachments[service.attachment].data_center is not None:
            rule = "a cloud service is reached through a network, not through a data centre"
            yield Problem((*where, "attachment"), service.attachment, rule, "name a network's")
    if section.services and section.edition is Edition.TRANSIT_ROUTER:
        for key, place in places.items():
            if all(service.attachment == key for service in section.services.values()):
                continue  # what others reach through it, it has a way to
            yield from _route_table_problems(settings, key, place)


def _route_table_problems(settings: StackSettings, key: str, place: Joined) -> Iterator[Problem]:
    network = network_at(settings.common, place.network)
    if place.data_center is not None or network is None or network.vpc.id is None:
        return
    if network.vpc.route_table is None:
        rule = "routes to cloud services are added to the VPC's route table, which isn't known"
        remedy = f"add routeTable: vtb-… to the vpc that {key} attaches"
        yield Problem((*_ATTACHMENTS, key), network.vpc.id, rule, remedy)
