"""Wire the section: VPNs to data centres, then the CEN of the chosen edition with what it joins."""

from collections.abc import Mapping
from typing import Any, Literal, cast

import pulumi

from components import (
    BasicCen,
    BasicCenArgs,
    CenArgs,
    CenAttachmentArgs,
    CenBandwidthPackageArgs,
    CenLinkArgs,
    CenServiceArgs,
    DataCenterRouteArgs,
    DataCenterVpn,
    DataCenterVpnArgs,
    RouterAttachmentArgs,
    RouterLinkArgs,
    RouterServiceArgs,
    TransitRouters,
    TransitRoutersArgs,
    VpnGatewayArgs,
)
from stack.naming import cloud_name, resource_name
from topologies.context import Built, Context
from topologies.cross_region.attachments import Joined, joined, vswitches_by_zone
from topologies.cross_region.settings import (
    SECTION,
    BandwidthPackageSettings,
    CrossRegionSettings,
    DataCenterSettings,
    Edition,
    LinkSettings,
    VpnSettings,
)
from topologies.cross_region.views import service_requests
from topologies.names import CROSS_REGION, VPN
from topologies.renames import renamed
from topologies.secrets import secret_of


def build(context: Context, section: CrossRegionSettings) -> Built:
    """Register the topology."""
    outputs: dict[str, Any] = {}
    vpns = {
        name: _vpn(context, section, name, center, center.vpn)
        for name, center in sorted(section.data_centers.items())
        if center.vpn is not None
    }
    # Of gateways that are made here: those of others are known already.
    known = {name: vpn.gateway_addresses for name, vpn in vpns.items()}
    addresses = {name: found for name, found in known.items() if found is not None}
    if addresses:
        outputs["vpnAddresses"] = addresses
    if vpns:
        outputs["vpnGatewayIds"] = {name: vpn.gateway_id for name, vpn in vpns.items()}
    if section.attachments:
        places = joined(context.settings, section)
        basic = section.edition is Edition.BASIC
        cen = _basic(context, section, places) if basic else _routers(context, section, places)
        outputs["cenId"] = cen.cen_id
        if isinstance(cen, TransitRouters):
            outputs["transitRouterIds"] = cen.router_ids
        if cen.package_id is not None:
            outputs["cenBandwidthPackageId"] = cen.package_id
        requests = service_requests(section, places)
        if requests:
            outputs["serviceRequests"] = {
                name: pulumi.Output.all(
                    cen=cen.cen_id, vpc=context.networks.vpc_ids[request.network]
                ).apply(lambda known, request=request: request.command(known["cen"], known["vpc"]))
                for name, request in requests.items()
            }
    return Built(outputs)


def _vpn(
    context: Context,
    section: CrossRegionSettings,
    name: str,
    center: DataCenterSettings,
    wanted: VpnSettings,
) -> DataCenterVpn:
    settings = context.settings
    network, _ = settings.common.network_of_vswitch(wanted.vswitch) or (None, None)
    cloud_name = resource_name(settings.stack, name)
    key = secret_of((SECTION, "dataCenters", name, "vpn", "preSharedKey"))
    arguments = DataCenterVpnArgs(
        vpc_id=context.networks.vpc_ids[network],
        route_table_id=context.networks.route_table_ids[network],
        device_address=wanted.device,
        pre_shared_key=key,
        cloud_cidrs=_cloud_ranges(context, section, network),
        routes={
            one: DataCenterRouteArgs(cidr_block=range_) for one, range_ in center.ranges.items()
        },
        connection_name=cloud_name,
        device_name=cloud_name,
        deletion_protection=settings.protected,
        tags=settings.common.tags,
    )
    if wanted.gateway is not None:
        arguments["gateway_id"] = wanted.gateway
    else:
        arguments["gateway"] = VpnGatewayArgs(
            vswitch_id=context.networks.vswitch_ids[wanted.vswitch],
            backup_vswitch_id=context.networks.vswitch_ids[wanted.backup_vswitch],
            bandwidth=wanted.bandwidth,
            gateway_name=cloud_name,
        )
    own = renamed(center.was, VPN, after=context.networks.networks)
    options = context.regions.options(settings.region_of(network), own)
    return DataCenterVpn(f"{VPN}-{name}", arguments, options)


def _cloud_ranges(context: Context, section: CrossRegionSettings, network: str | None) -> list[str]:
    """What a data centre reaches: its VPC, and cloud services through it."""
    settings = context.settings.common.every_network.get(network)
    own = [settings.vpc.cidr] if settings is not None and settings.vpc.cidr is not None else []
    if settings is not None and not own:
        own = sorted(vswitch.cidr for vswitch in settings.vswitches.values())
    services = sorted(
        service.range
        for service in section.services.values()
        if section.attachments[service.attachment].network == network
    )
    return [*own, *services]


def _basic(
    context: Context, section: CrossRegionSettings, places: Mapping[str, Joined]
) -> BasicCen:
    # This way is for leased lines of the service's own region; the others need the request.
    lines = {place.region for place in places.values() if place.data_center is not None}
    services: dict[str, CenServiceArgs] = {}
    for key, service in section.services.items():
        if places[service.attachment].region in lines:
            services[key] = CenServiceArgs(
                host=service.range, attachment=service.attachment, was=service.was
            )
    arguments = BasicCenArgs(
        **_common(context, section),
        attachments={key: _attachment(context, section, one) for key, one in places.items()},
        links={key: _link(link) for key, link in section.links.items()},
        bandwidth_package=_package(context, section.bandwidth_package),
        services=services,
    )
    return BasicCen(CROSS_REGION, arguments, _regional(context, places))


def _routers(
    context: Context, section: CrossRegionSettings, places: Mapping[str, Joined]
) -> TransitRouters:
    attachments: dict[str, RouterAttachmentArgs] = {}
    for key, place in places.items():
        attached = RouterAttachmentArgs(
            **_attachment(context, section, place),
            attachment_name=cloud_name(context.settings.stack, key, section.attachments[key].name),
        )
        network = context.settings.common.every_network.get(place.network)
        if place.data_center is None and network is not None:
            zones = vswitches_by_zone(section.attachments[key], network)
            attached["vswitches"] = {
                zone: context.networks.vswitch_ids[name] for zone, name in zones.items()
            }
            attached["route_table_id"] = context.networks.route_table_ids.get(place.network)
        attachments[key] = attached
    arguments = TransitRoutersArgs(
        **_common(context, section),
        attachments=attachments,
        links={
            key: RouterLinkArgs(
                **_link(link),
                link_name=cloud_name(context.settings.stack, key, link.name),
            )
            for key, link in section.links.items()
        },
        bandwidth_package=_package(context, section.bandwidth_package),
        services={
            key: RouterServiceArgs(
                cidr=service.range, attachment=service.attachment, was=service.was
            )
            for key, service in section.services.items()
        },
        router_ids=section.cen.routers,
    )
    return TransitRouters(CROSS_REGION, arguments, _regional(context, places))


def _regional(context: Context, places: Mapping[str, Joined]) -> pulumi.ResourceOptions:
    """The provider of each region, by its id."""
    regions = sorted({place.region for place in places.values()})
    return pulumi.ResourceOptions(
        providers={region: context.regions.explicit(region) for region in regions}
    )


def _common(context: Context, section: CrossRegionSettings) -> CenArgs:
    """What both editions' components take."""
    return CenArgs(
        cen_id=section.cen.id,
        cen_name=cloud_name(context.settings.stack, "cen", section.cen.name),
        tags=context.settings.common.tags,
    )


def _attachment(context: Context, section: CrossRegionSettings, place: Joined) -> CenAttachmentArgs:
    center = section.data_centers[place.data_center] if place.data_center is not None else None
    return CenAttachmentArgs(
        region=place.region,
        vpc_id=context.networks.vpc_ids[place.network] if center is None else None,
        vbr_id=center.vbr if center is not None else None,
        was=section.attachments[place.key].was,
    )


def _link(link: LinkSettings) -> CenLinkArgs:
    one, other = link.regions
    return CenLinkArgs(regions=(one, other), bandwidth=link.bandwidth, was=link.was)


def _package(
    context: Context, wanted: BandwidthPackageSettings | None
) -> CenBandwidthPackageArgs | None:
    if wanted is None:
        return None
    if wanted.id is not None:
        return CenBandwidthPackageArgs(package_id=wanted.id, is_attached=wanted.attached)
    return CenBandwidthPackageArgs(
        bandwidth=wanted.bandwidth or 0,
        payment_type=wanted.charge_type.value,
        period=cast("Literal[1, 2, 3, 6, 12] | None", wanted.months),
        auto_renew=wanted.auto_renew,
        package_name=resource_name(context.settings.stack, "cen"),
    )
