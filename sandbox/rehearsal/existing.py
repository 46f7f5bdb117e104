"""What a rehearsal's cloud has to begin with: what the state remembers, and what the stack uses.

The first is the way back from what the provider puts into a state, under the cloud's own names. A
value that the state encrypts isn't looked at: the engine hands it over in the rehearsal itself,
when it asks what has changed.

The second exists as far as the stack file tells of it, in no state of the stack's. What others have
put on it isn't known: a rehearsal finds everything of theirs free.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from facts.contract import TOKENS
from facts.kinds import PROVIDER
from facts.zones import area_of
from sandbox.cloud import Attributes
from sandbox.provider.quirks import cloud_id
from stack.arguments import Made
from stack.ids import is_unknown
from stack.network import NetworkSettings
from stack.pulumi_wire import is_secret
from stack.settings import StackSettings

if TYPE_CHECKING:  # A stack without a section doesn't pay for its package.
    from topologies.api_gateway.settings import ApiGatewaySettings
    from topologies.cross_region.settings import CrossRegionSettings
    from topologies.functions.settings import FunctionsSettings
    from topologies.nat.settings import NatGatewaySettings, PackageSettings, PublicIpSettings
    from topologies.unified_egress.settings import UnifiedEgressSettings

__all__ = ["Remembered", "existing", "remembered"]

_PULUMI: Final = "pulumi:"

_ANYTHING: Final = "0.0.0.0/0"
"""The range of a VPC that isn't told: nothing is outside of it."""

_MOST: Final = 10_000
"""Mbit/s of a package that isn't told."""


@dataclass(frozen=True)
class Remembered:
    """One resource of the cloud, as far as it is told."""

    urn: str
    """Empty of what the state doesn't have."""

    kind: str
    id: str
    """The cloud's."""

    region: str
    attributes: Attributes
    """Without those that the state encrypts."""

    is_whole: bool = True
    """Whether the state encrypts none."""


def remembered(deployment: Mapping[str, Any], region: str) -> Iterator[Remembered]:
    """The cloud's resources in a state, in the state's order.

    Args:
        deployment: the state, as `pulumi stack export` has it.
        region: that of providers whose region the state doesn't say.

    Raises:
        LookupError: the sandbox doesn't know a type of resource; the text says which.
    """
    resources: list[Mapping[str, Any]] = list(deployment.get("resources") or ())
    regions = {
        f"{one['urn']}::{one.get('id', '')}": _region_of(one) or region
        for one in resources
        if one["type"] == PROVIDER
    }
    for resource in resources:
        is_there = resource.get("custom") and not resource.get("pendingReplacement")
        if is_there and not resource["type"].startswith(_PULUMI):
            yield _resource(resource, regions.get(str(resource.get("provider")), region))


def _region_of(provider: Mapping[str, Any]) -> str:
    values: Mapping[str, Any] = {
        **(provider.get("inputs") or {}),
        **(provider.get("outputs") or {}),
    }
    region = values.get("region")
    return region if isinstance(region, str) else ""


def _resource(resource: Mapping[str, Any], region: str) -> Remembered:
    token = str(resource["type"])
    contract = TOKENS.get(token)
    if contract is None:
        raise LookupError(token)
    # Where an operation hasn't ended well, there may be no more than what was asked for.
    known: Mapping[str, Any] = resource.get("outputs") or resource.get("inputs") or {}
    told = {name: value for name, value in known.items() if not is_secret(value)}
    attributes = contract.to_snake(told)
    return Remembered(
        urn=str(resource["urn"]),
        kind=contract.kind,
        id=cloud_id(contract.kind, str(resource["id"])),
        region=region,
        attributes={name: one for name, one in attributes.items() if one is not None},
        is_whole=len(told) == len(known),
    )


def existing(settings: StackSettings, own: Iterable[Remembered]) -> list[Remembered]:
    """What the stack file names by its id, before what stands on it.

    Args:
        settings: the stack's; references to other stacks are filled in as far as they are known.
        own: what the stack's state has.
    """
    found = _Existing(settings, list(own))
    return [one for one in found.all() if one.id and not is_unknown(one.id)]


class _Existing:
    def __init__(self, settings: StackSettings, own: list[Remembered]) -> None:
        self._settings = settings
        self._region = settings.region or ""
        self._own = own
        self._vpcs = {name: self._vpc(name, one) for name, one in self._networks.items()}

    @property
    def _networks(self) -> Mapping[str | None, NetworkSettings]:
        return self._settings.common.every_network

    def all(self) -> Iterator[Remembered]:
        for name in self._networks:
            yield from self._network(name)
        sections = cast("Mapping[str, Any]", self._settings.sections)
        ways = {
            "shared-bandwidth": self._nat,
            "unified-egress": self._servers,
            "cross-region": self._cross_region,
            "functions": self._functions,
            "api-gateway": self._api_gateway,
        }
        for topology, way in ways.items():
            if topology in sections:
                yield from way(sections[topology])

    # --- networks -----------------------------------------------------------------------------

    def _vpc(self, name: str | None, network: NetworkSettings) -> str:
        """The id of a network's VPC: the stack file's, or that of the state's."""
        if network.vpc.id is not None:
            return network.vpc.id
        region = self._settings.region_of(name)
        same = (
            one.id
            for one in self._own
            if one.kind == "vpc"
            and one.region == region
            and one.attributes.get("cidr_block") == network.vpc.cidr
        )
        return next(same, "")

    def _vswitch(self, name: str) -> dict[str, Any]:
        """Where something in a vSwitch lies."""
        placed = self._settings.common.network_of_vswitch(name)
        if placed is None:
            return {}
        vpc, vswitch = self._vpcs[placed[0]], placed[1].vswitches[name]
        same = (
            one.id
            for one in self._own
            if one.kind == "vswitch"
            and one.attributes.get("vpc_id") == vpc
            and one.attributes.get("cidr_block") == vswitch.cidr
        )
        return {"vpc_id": vpc, "vswitch_id": vswitch.id or next(same, "")}

    def _region_of_vswitch(self, name: str) -> str:
        placed = self._settings.common.network_of_vswitch(name)
        return (self._settings.region_of(placed[0]) if placed else None) or self._region

    def _network(self, name: str | None) -> Iterator[Remembered]:
        network = self._networks[name]
        region, vpc = self._settings.region_of(name) or "", network.vpc
        if vpc.id is not None:
            told = {"cidr_block": vpc.cidr or _ANYTHING, "route_table_id": vpc.route_table}
            yield _thing("vpc", vpc.id, region, told)
        for vswitch in network.vswitches.values():
            if vswitch.id is not None:
                place = {"vpc_id": self._vpcs[name], "zone_id": vswitch.zone}
                yield _thing("vswitch", vswitch.id, region, {"cidr_block": vswitch.cidr, **place})
        for host in network.hosts.values():
            if host.instance_id is not None:
                place = {
                    "availability_zone": network.vswitches[host.vswitch].zone,
                    **self._vswitch(host.vswitch),
                }
                yield _thing("instance", host.instance_id, region, {"private_ip": host.ip, **place})
            if host.instance is not None:
                yield from self._groups(host.instance.security_groups, host.vswitch)

    def _groups(self, ids: Iterable[str] | None, vswitch: str) -> Iterator[Remembered]:
        vpc = self._vswitch(vswitch).get("vpc_id", "")
        for id_ in ids or ():
            yield _thing("security_group", id_, self._region_of_vswitch(vswitch), {"vpc_id": vpc})

    # --- NAT gateways and servers -------------------------------------------------------------

    def _nat(self, section: Any) -> Iterator[Remembered]:  # noqa: ANN401 - of either topology
        package: PackageSettings = section.bandwidth_package
        gateway: NatGatewaySettings | None = section.nat_gateway
        addresses: Mapping[str, PublicIpSettings] = section.public_ips
        # What exists is taken to be of the line that the rest says: another one isn't to be had.
        line = next((one for made in (package, *addresses.values()) if (one := _line(made))), None)
        if package.id is not None:
            told = {"bandwidth": str(section.bandwidth or _MOST), "isp": line}
            yield _thing("common_bandwidth_package", package.id, self._region, told)
        if gateway is not None and gateway.id is not None:
            tables = {
                "forward_table_ids": gateway.forward_table_id,
                "snat_table_ids": gateway.snat_table_id,
            }
            told = {"vpc_id": self._vpcs.get(None, ""), **tables}
            yield _thing("nat_gateway", gateway.id, self._region, told)
        for address in addresses.values():
            if address.id is not None:
                told = {"ip_address": address.address, "isp": line}
                yield _thing("eip_address", address.id, self._region, told)
                if getattr(address, "bound", False) and gateway is not None:
                    yield from self._bound(address.id, gateway.id, package.id)

    def _bound(self, eip: str, gateway: str | None, package: str | None) -> Iterator[Remembered]:
        """What another stack has bound: on the gateway, and in its package."""
        if gateway is not None:
            told = {"allocation_id": eip, "instance_id": gateway, "instance_type": "Nat"}
            yield _thing("eip_association", f"{eip}:{gateway}", self._region, told)
        if package is not None:
            told = {"bandwidth_package_id": package, "instance_id": eip}
            kind = "common_bandwidth_package_attachment"
            yield _thing(kind, f"{package}:{eip}", self._region, told)

    def _servers(self, section: "UnifiedEgressSettings") -> Iterator[Remembered]:
        yield from self._nat(section)
        for server in section.servers.values():
            yield from self._groups(server.eni.security_groups, server.eni.vswitch)

    # --- the others ---------------------------------------------------------------------------

    def _cross_region(self, section: "CrossRegionSettings") -> Iterator[Remembered]:
        cen, package = section.cen.id, section.bandwidth_package
        if cen is not None:
            yield _thing("cen_instance", cen, self._region, {})
        for region, router in section.cen.routers.items():
            told = {"cen_id": cen, "region_id": region}
            yield _thing("cen_transit_router", router, region, told)
        if package is not None and package.id is not None:
            areas = {area_of(one) for link in section.links.values() for one in link.regions}
            told = {"bandwidth": _MOST, "geographic_region_ids": sorted(map(str, areas))}
            yield _thing("cen_bandwidth_package", package.id, self._region, told)
            if package.attached and cen is not None:
                told = {"instance_id": cen, "bandwidth_package_id": package.id}
                kind = "cen_bandwidth_package_attachment"
                yield _thing(kind, package.id, self._region, told)
        for center in section.data_centers.values():
            if center.vpn is not None and center.vpn.gateway is not None:
                place = self._vswitch(center.vpn.vswitch)
                second = self._vswitch(center.vpn.backup_vswitch).get("vswitch_id")
                told = {**place, "disaster_recovery_vswitch_id": second}
                region = self._region_of_vswitch(center.vpn.vswitch)
                yield _thing("vpn_gateway", center.vpn.gateway, region, told)

    def _functions(self, section: "FunctionsSettings") -> Iterator[Remembered]:
        for function in section.root.values():
            if function.network is not None and function.network.security_group is not None:
                yield from self._groups(
                    [function.network.security_group], function.network.vswitches[0]
                )

    def _api_gateway(self, section: "ApiGatewaySettings") -> Iterator[Remembered]:
        if section.instance is not None and section.instance.id is not None:
            yield _thing("api_gateway_instance", section.instance.id, self._region, {})
        for access in section.vpc_access.values():
            vpc, target = access.vpc, access.instance_id or ""
            if vpc is not None:
                yield _thing("vpc", vpc, self._region, {"cidr_block": _ANYTHING})
            kind = {"i": "instance", "lb": "slb_load_balancer"}.get(target.partition("-")[0])
            if kind is not None:
                told = {"vpc_id": vpc or self._vpcs.get(access.network, "")}
                yield _thing(kind, target, self._region, told)


def _line(made: Made) -> object:
    return made.arguments.get("isp")


def _thing(kind: str, identity: str, region: str, told: Mapping[str, Any]) -> Remembered:
    known = {name: value for name, value in told.items() if value is not None and value != ""}
    return Remembered("", kind, identity, region, known)
