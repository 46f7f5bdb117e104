"""VPC, version 2016-04-28: networks, NAT gateways and their entries, EIPs, bandwidth packages.

Route tables are in `routes`, VPN gateways in `vpn`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.api.actions import (
    ID,
    REGION,
    Action,
    Call,
    Create,
    Delete,
    Describe,
    Field,
    Get,
    Joined,
    Modify,
    Own,
    Product,
    Subject,
    flag,
    listed,
    tags,
)
from sandbox.api.places import told_regions, zones_of
from sandbox.api.requests import Said
from sandbox.api.routes import FLOW_LOG, ROUTES
from sandbox.api.tagging import of_type, tag_actions
from sandbox.api.vpn import CONNECTION, CUSTOMER, GATEWAY, VPN
from sandbox.cloud import ACCOUNT_ID, KINDS, Attributes, CloudError, Resource
from sandbox.cloud.core import Session
from sandbox.cloud.eip.address import PAY_AS_YOU_GO, package_of
from sandbox.cloud.vpc.network import free_addresses

__all__ = ["BANDWIDTH_PACKAGES", "PRODUCT"]

_VPC = Subject("vpc", ("VpcId",), {"EnableIPv6": "enable_ipv6", "UserCidr": "user_cidrs"})
_VSWITCH = Subject("vswitch", ("VSwitchId",))
_FORWARD = Subject(
    "forward_entry",
    ("ForwardEntryId",),
    any_case=frozenset({"ExternalPort", "InternalPort", "IpProtocol"}),
)
_NAT = Subject(
    "nat_gateway", ("NatGatewayId",), {"Name": "nat_gateway_name", "Spec": "specification"}
)
_SNAT = Subject("snat_entry", ("SnatEntryId",))
_EIP = Subject("eip_address", ("AllocationId",), {"Name": "address_name"})
_MONITORED = Subject(
    "eip_address", ("InstanceId",), {"Status": "high_definition_monitor_log_status"}
)
_BOUND = Subject("eip_association", ("AllocationId", "InstanceId"))
_PACKAGE = Subject(
    "common_bandwidth_package",
    ("BandwidthPackageId",),
    {"Name": "bandwidth_package_name"},
)
_PACKED = Subject(
    "common_bandwidth_package_attachment",
    ("BandwidthPackageId", "IpInstanceId"),
    {"IpInstanceId": "instance_id"},
)
_CAPPED = Subject(
    "common_bandwidth_package_attachment",
    ("BandwidthPackageId", "EipId"),
    {"Bandwidth": "bandwidth_package_bandwidth"},
)
_NO_CAP = "Cancelled"


# --- fields that other resources tell -------------------------------------------------------------


def _ids(kind: str, item: str, by: str) -> Joined:
    """The ids of the resources of a kind that name one."""
    return Joined(
        lambda session, one: {item: [user.id for user in session.find(kind, **{by: one.id})]}
    )


def _bound(attribute: str) -> Joined:
    """What an EIP's association says."""

    def tell(session: Session, eip: Resource) -> object:
        found = session.find("eip_association", allocation_id=eip.id)
        return found[0].text(attribute) if found else ""

    return Joined(tell)


def _package(session: Session, eip: Resource) -> object:
    return package_of(session, eip.id) or ""


def _bandwidth(session: Session, eip: Resource) -> object:
    """An EIP's cap within its package, or what the package has; its own where it is in none."""
    for packed in session.find("common_bandwidth_package_attachment", instance_id=eip.id):
        if (cap := packed["bandwidth_package_bandwidth"]) != _NO_CAP:
            return cap
        return _package_bandwidth(session, eip)
    return eip.text("bandwidth")


def _package_bandwidth(session: Session, eip: Resource) -> object:
    package = session.get("common_bandwidth_package", package_of(session, eip.id))
    return package.text("bandwidth") if package else ""


def _addresses(session: Session, package: Resource) -> object:
    packed = session.find("common_bandwidth_package_attachment", bandwidth_package_id=package.id)
    eips = [session.need("eip_address", one["instance_id"]) for one in packed]
    # The cloud's own spelling.
    return {
        "PublicIpAddresse": [
            {"AllocationId": one.id, "IpAddress": one["ip_address"]} for one in eips
        ]
    }


def _of_vpc(attribute: str) -> Callable[[Session, Resource], object]:
    """What a network says for all that is in it."""

    def tell(session: Session, resource: Resource) -> object:
        vpc = session.get("vpc", resource["vpc_id"])
        return vpc.text(attribute) if vpc else ""

    return tell


def _protection(resource: Resource) -> object:
    return {"SecurityProtectionType": resource["security_protection_types"] or []}


def _charge_type(resource: Resource) -> object:
    return "PostPaid" if resource["payment_type"] in PAY_AS_YOU_GO else "PrePaid"


def _owner(_: Resource) -> object:
    return int(ACCOUNT_ID)


def _normal(_: Resource) -> object:
    """The business status: nobody owes anything here."""
    return "Normal"


# --- rows -----------------------------------------------------------------------------------------

_VPC_FIELDS: Mapping[str, Field] = {
    "VpcId": ID,
    "VpcName": "vpc_name",
    "CidrBlock": "cidr_block",
    "CreationTime": "create_time",
    "Description": "description",
    "DnsHostnameStatus": "dns_hostname_status",
    "EnabledIpv6": "enable_ipv6",
    "Ipv6CidrBlock": "ipv6_cidr_block",
    "IsDefault": "is_default",
    "OwnerId": _owner,
    "RegionId": REGION,
    "ResourceGroupId": "resource_group_id",
    "SecondaryCidrBlocks": listed("SecondaryCidrBlock", "secondary_cidr_blocks"),
    "Status": "status",
    "Tags": tags("Key", "Value"),
    "UserCidrs": listed("UserCidr", "user_cidrs"),
    "VRouterId": "router_id",
    "VSwitchIds": _ids("vswitch", "VSwitchId", "vpc_id"),
}
_VSWITCH_FIELDS: Mapping[str, Field] = {
    "VSwitchId": ID,
    "VSwitchName": "vswitch_name",
    "CidrBlock": "cidr_block",
    "AvailableIpAddressCount": Joined(free_addresses),
    "CreationTime": "create_time",
    "Description": "description",
    "EnabledIpv6": "enable_ipv6",
    "Ipv6CidrBlock": "ipv6_cidr_block",
    "IsDefault": "is_default",
    "OwnerId": _owner,
    "ResourceGroupId": Joined(_of_vpc("resource_group_id")),
    "RouteTable": Joined(
        lambda session, vswitch: {
            "RouteTableId": _of_vpc("route_table_id")(session, vswitch),
            "RouteTableType": "System",
        }
    ),
    "Status": "status",
    "Tags": tags("Key", "Value"),
    "VpcId": "vpc_id",
    "ZoneId": "zone_id",
}
_NAT_FIELDS: Mapping[str, Field] = {
    "NatGatewayId": ID,
    "Name": "nat_gateway_name",
    "BusinessStatus": _normal,
    "DeletionProtection": "deletion_protection",
    "Description": "description",
    "EipBindMode": "eip_bind_mode",
    "ForwardTableIds": listed("ForwardTableId", "forward_table_ids"),
    "IcmpReplyEnabled": "icmp_reply_enabled",
    "InstanceChargeType": "instance_charge_type",
    "InternetChargeType": "internet_charge_type",
    "IpLists": Joined(
        lambda session, gateway: {
            "IpList": [
                {"AllocationId": eip.id, "IpAddress": eip["ip_address"], "UsingStatus": "Available"}
                for one in session.find("eip_association", instance_id=gateway.id)
                if (eip := session.get("eip_address", one["allocation_id"]))
            ]
        }
    ),
    "NatGatewayPrivateInfo": lambda gateway: {
        "PrivateIpAddress": gateway["private_ip"],
        "VswitchId": gateway["vswitch_id"],
    },
    "NatType": "nat_type",
    "NetworkType": "network_type",
    "PrivateLinkEnabled": flag("private_link_enabled"),
    "RegionId": REGION,
    "ResourceGroupId": Joined(_of_vpc("resource_group_id")),
    "SnatTableIds": listed("SnatTableId", "snat_table_ids"),
    "Spec": "specification",
    "Status": "status",
    "Tags": tags("TagKey", "TagValue"),
    "VpcId": "vpc_id",
}
_FORWARD_FIELDS: Mapping[str, Field] = {
    "ForwardEntryId": ID,
    "ForwardEntryName": "forward_entry_name",
    "ForwardTableId": "forward_table_id",
    "ExternalIp": "external_ip",
    "ExternalPort": "external_port",
    "InternalIp": "internal_ip",
    "InternalPort": "internal_port",
    "IpProtocol": "ip_protocol",
    "NatGatewayId": "nat_gateway_id",
    "Status": "status",
}
_SNAT_FIELDS: Mapping[str, Field] = {
    "SnatEntryId": ID,
    "SnatEntryName": "snat_entry_name",
    "SnatTableId": "snat_table_id",
    "EipAffinity": lambda entry: str(entry["eip_affinity"]),
    "NatGatewayId": "nat_gateway_id",
    "SnatIp": "snat_ip",
    "SourceCIDR": "source_cidr",
    "SourceVSwitchId": "source_vswitch_id",
    "Status": "status",
}
_EIP_FIELDS: Mapping[str, Field] = {
    "AllocationId": ID,
    "IpAddress": "ip_address",
    "Name": "address_name",
    "AllocationTime": "create_time",
    "Bandwidth": Joined(_bandwidth),
    "BandwidthPackageBandwidth": Joined(_package_bandwidth),
    "BandwidthPackageId": Joined(_package),
    "BusinessStatus": _normal,
    "ChargeType": _charge_type,
    "DeletionProtection": "deletion_protection",
    "Description": "description",
    "EipBandwidth": "bandwidth",
    "HDMonitorStatus": "high_definition_monitor_log_status",
    "ISP": "isp",
    "InstanceId": _bound("instance_id"),
    "InstanceRegionId": Joined(
        lambda session, eip: (
            eip.region if session.find("eip_association", allocation_id=eip.id) else ""
        )
    ),
    "InstanceType": _bound("instance_type"),
    "InternetChargeType": "internet_charge_type",
    "Mode": _bound("mode"),
    "Netmode": "netmode",
    "PrivateIpAddress": _bound("private_ip_address"),
    "PublicIpAddressPoolId": "public_ip_address_pool_id",
    "RegionId": REGION,
    "ResourceGroupId": "resource_group_id",
    "SecurityProtectionTypes": _protection,
    "Status": "status",
    "Tags": tags("Key", "Value"),
    "VpcId": _bound("vpc_id"),
    "Zone": "zone",
}
_PACKAGE_FIELDS: Mapping[str, Field] = {
    "BandwidthPackageId": ID,
    "Name": "bandwidth_package_name",
    "Bandwidth": "bandwidth",
    "BusinessStatus": _normal,
    "CreationTime": "create_time",
    "DeletionProtection": "deletion_protection",
    "Description": "description",
    "ISP": "isp",
    "InstanceChargeType": _charge_type,
    "InternetChargeType": "internet_charge_type",
    "PublicIpAddresses": Joined(_addresses),
    "Ratio": "ratio",
    "RegionId": REGION,
    "ResourceGroupId": "resource_group_id",
    "SecurityProtectionTypes": _protection,
    "Status": "status",
    "Tags": tags("Key", "Value"),
    "Zone": "zone",
}


# --- actions with a way of their own --------------------------------------------------------------


def _any_eip(said: Said) -> Attributes:
    """A new EIP is any: none can be asked for by its id here, as one that somebody reserved."""
    if identity := said.text("InstanceId"):
        raise CloudError("InvalidInstanceId.NotFound", f"{identity} isn't reserved for anybody.")
    return {}


def _unassociate(call: Call) -> dict[str, Any]:
    """Unbind an EIP from what it is bound to, which the caller may leave unsaid."""
    eip, said = call.said.text("AllocationId"), call.said.text("InstanceId")

    def look(session: Session) -> list[Resource]:
        session.need("eip_address", eip)
        return session.find("eip_association", allocation_id=eip)

    bound = call.store.ask("eip_association", look, region=call.region)
    if not bound or (said and bound[0]["instance_id"] != said):
        raise CloudError(
            KINDS["eip_association"].not_found, f"{eip} isn't bound to {said or 'it'}."
        )
    force = call.said.flag("Force")
    call.store.delete("eip_association", bound[0].id, region=call.region, force=force)
    return {}


def _dns(said: Said) -> Attributes:
    """Host names are on or off there, and have a status here."""
    if "EnableDnsHostname" not in said:
        return {}
    on = said.flag("EnableDnsHostname")
    return {"dns_hostname_status": "ENABLED" if on else "DISABLED"}


def _reblock(change: Callable[[list[str], str], list[str]]) -> Callable[[Call], dict[str, Any]]:
    """Add a block to a network's, or take one from them."""

    def do(call: Call) -> dict[str, Any]:
        block = call.said.text("SecondaryCidrBlock")
        call.store.update(
            "vpc",
            call.said.text("VpcId"),
            lambda vpc: {
                "secondary_cidr_blocks": change(vpc["secondary_cidr_blocks"] or [], block)
            },
            region=call.region,
        )
        return {}

    return do


def _without(blocks: list[str], block: str) -> list[str]:
    if block not in blocks:
        raise CloudError("InvalidCidrBlock.NotFound", f"{block} isn't among {', '.join(blocks)}.")
    return [one for one in blocks if one != block]


def _rebind(call: Call) -> dict[str, Any]:
    """Change the mode that an EIP is bound in."""
    eip = call.said.text("InstanceId")

    def look(session: Session) -> Resource:
        session.need("eip_address", eip)
        if bound := session.find("eip_association", allocation_id=eip):
            return bound[0]
        raise CloudError("IncorrectEipStatus", f"{eip} isn't bound to anything.")

    bound = call.store.ask("eip_association", look, region=call.region)
    mode = _BOUND.stated(call.said, ["Mode"])
    call.store.update("eip_association", bound.id, mode, region=call.region)
    return {}


def _on_any(
    name: str,
    which: tuple[str, str],
    kinds: Mapping[str, Subject],
    parameter: str,
    changes: Callable[[Said], Attributes],
) -> Action:
    """An action that sets something of a resource of any of several kinds.

    Args:
        name: the action's.
        which: the parameters that say the kind and the id.
        kinds: those that it is for, by what they are called there.
        parameter: what it sets.
        changes: the attributes that this states.
    """
    kind, identity = which

    def about(call: Call) -> list[tuple[Subject, str]]:
        return [(of_type(kinds, call.said, kind)[1], call.said.text(identity))]

    def do(call: Call) -> dict[str, Any]:
        for subject, found in about(call):
            call.store.update(subject.kind, found, changes(call.said), region=call.region)
        return {}

    return Own(
        name=name,
        subject=next(iter(kinds.values())),
        needs=(identity, kind, parameter),
        takes=("ClientToken",),
        do=do,
        of=about,
    )


def _told_zones(call: Call) -> dict[str, Any]:
    rows = [
        {"ZoneId": one, "LocalName": one, "ZoneType": "AvailabilityZone"}
        for one in zones_of(call.region)
    ]
    return {"Zones": {"Zone": rows}}


def _told_nat_zones(call: Call) -> dict[str, Any]:
    """Every zone has NAT gateways here, as far as zones are known."""
    return {"Zones": [{"LocalName": one, "ZoneId": one} for one in zones_of(call.region)]}


# --- the table ------------------------------------------------------------------------------------

_TABLE: tuple[Action, ...] = (
    Create(
        name="CreateVpc",
        subject=_VPC,
        takes=(
            *("CidrBlock", "Description", "EnableIpv6", "ResourceGroupId", "Tag"),
            *("UserCidr", "VpcName"),
        ),
        reads=_dns,
        also=("EnableDnsHostname",),
        tells={
            "VpcId": ID,
            "VRouterId": "router_id",
            "RouteTableId": "route_table_id",
            "ResourceGroupId": "resource_group_id",
        },
    ),
    Describe(
        name="DescribeVpcs",
        subject=_VPC,
        takes=("Tag",),
        fields={
            **_VPC_FIELDS,
            "NatGatewayIds": _ids("nat_gateway", "NatGatewayIds", "vpc_id"),
            "RouterTableIds": listed("RouterTableIds", "route_table_id"),
        },
        inside=("Vpcs", "Vpc"),
        filters={
            "EnableIpv6": "EnabledIpv6",
            "IsDefault": "IsDefault",
            "ResourceGroupId": "ResourceGroupId",
            "VpcName": "VpcName",
        },
    ),
    Get(
        name="DescribeVpcAttribute",
        subject=_VPC,
        needs=("VpcId",),
        fields={**_VPC_FIELDS, "ClassicLinkEnabled": flag("classic_link_enabled")},
    ),
    Modify(
        name="ModifyVpcAttribute",
        subject=_VPC,
        needs=("VpcId",),
        takes=("CidrBlock", "Description", "EnableIPv6", "VpcName"),
        reads=_dns,
        also=("EnableDnsHostname",),
    ),
    *(
        Modify(
            name=f"{verb}VpcClassicLink",
            subject=_VPC,
            needs=("VpcId",),
            reads=lambda _, on=on: {"classic_link_enabled": on},
        )
        for verb, on in (("Enable", True), ("Disable", False))
    ),
    Own(
        name="AssociateVpcCidrBlock",
        subject=_VPC,
        needs=("SecondaryCidrBlock", "VpcId"),
        takes=("IpVersion",),
        do=_reblock(lambda blocks, block: [*blocks, block]),
    ),
    Own(
        name="UnassociateVpcCidrBlock",
        subject=_VPC,
        needs=("SecondaryCidrBlock", "VpcId"),
        do=_reblock(_without),
    ),
    Delete(
        name="DeleteVpc",
        subject=_VPC,
        needs=("VpcId",),
        takes=("ForceDelete",),
        forced_by="ForceDelete",
    ),
    Create(
        name="CreateVSwitch",
        subject=_VSWITCH,
        needs=("CidrBlock", "VpcId", "ZoneId"),
        takes=("Description", "Tag", "VSwitchName"),
        tells={"VSwitchId": ID},
    ),
    Describe(
        name="DescribeVSwitches",
        subject=_VSWITCH,
        takes=("Tag",),
        fields=_VSWITCH_FIELDS,
        inside=("VSwitches", "VSwitch"),
        filters={"VpcId": "VpcId", "VSwitchName": "VSwitchName", "ZoneId": "ZoneId"},
    ),
    Get(
        name="DescribeVSwitchAttributes",
        subject=_VSWITCH,
        needs=("VSwitchId",),
        fields=_VSWITCH_FIELDS,
    ),
    Modify(
        name="ModifyVSwitchAttribute",
        subject=_VSWITCH,
        needs=("VSwitchId",),
        takes=("Description", "VSwitchName"),
    ),
    Delete(name="DeleteVSwitch", subject=_VSWITCH, needs=("VSwitchId",)),
    Create(
        name="CreateNatGateway",
        subject=_NAT,
        needs=("VpcId",),
        takes=(
            *("Description", "EipBindMode", "IcmpReplyEnabled", "InstanceChargeType"),
            *("InternetChargeType", "Name", "NatType", "NetworkType", "PrivateLinkEnabled"),
            *("Spec", "Tag", "VSwitchId"),
        ),
        unless_stated={"nat_type": "Enhanced"},
        tells={
            "NatGatewayId": ID,
            "ForwardTableIds": listed("ForwardTableId", "forward_table_ids"),
            "SnatTableIds": listed("SnatTableId", "snat_table_ids"),
        },
    ),
    Describe(
        name="DescribeNatGateways",
        subject=_NAT,
        takes=("Tag",),
        fields=_NAT_FIELDS,
        inside=("NatGateways", "NatGateway"),
        filters={
            name: name
            for name in ("InstanceChargeType", "Name", "NatType", "NetworkType", "Status", "VpcId")
        },
    ),
    Modify(
        name="ModifyNatGatewayAttribute",
        subject=_NAT,
        needs=("NatGatewayId",),
        takes=("Description", "EipBindMode", "IcmpReplyEnabled", "Name"),
    ),
    Modify(
        name="ModifyNatGatewaySpec",
        subject=_NAT,
        needs=("NatGatewayId", "Spec"),
        takes=("Spec",),
        also=("AutoPay",),
    ),
    Modify(
        name="UpdateNatGatewayNatType",
        subject=_NAT,
        needs=("NatGatewayId", "NatType", "VSwitchId"),
        takes=("NatType", "VSwitchId"),
    ),
    Delete(name="DeleteNatGateway", subject=_NAT, needs=("NatGatewayId",), takes=("Force",)),
    Create(
        name="CreateForwardEntry",
        subject=_FORWARD,
        needs=(
            *("ForwardTableId", "ExternalIp", "ExternalPort"),
            *("InternalIp", "InternalPort", "IpProtocol"),
        ),
        takes=("ForwardEntryName", "PortBreak"),
        tells={"ForwardEntryId": ID},
    ),
    Describe(
        name="DescribeForwardTableEntries",
        subject=_FORWARD,
        fields=_FORWARD_FIELDS,
        inside=("ForwardTableEntries", "ForwardTableEntry"),
        filters={
            name: name for name in _FORWARD_FIELDS if name not in {"ForwardEntryId", "Status"}
        },
        one_of=("ForwardTableId", "NatGatewayId"),
    ),
    Modify(
        name="ModifyForwardEntry",
        subject=_FORWARD,
        needs=("ForwardEntryId", "ForwardTableId"),
        within="ForwardTableId",
        takes=(
            *("ExternalIp", "ExternalPort", "ForwardEntryName"),
            *("InternalIp", "InternalPort", "IpProtocol", "PortBreak"),
        ),
    ),
    Delete(
        name="DeleteForwardEntry",
        subject=_FORWARD,
        needs=("ForwardEntryId", "ForwardTableId"),
        within="ForwardTableId",
    ),
    Create(
        name="CreateSnatEntry",
        subject=_SNAT,
        needs=("SnatIp", "SnatTableId"),
        takes=("EipAffinity", "SnatEntryName", "SourceCIDR", "SourceVSwitchId"),
        tells={"SnatEntryId": ID},
    ),
    Describe(
        name="DescribeSnatTableEntries",
        subject=_SNAT,
        fields=_SNAT_FIELDS,
        inside=("SnatTableEntries", "SnatTableEntry"),
        filters={
            name: name
            for name in _SNAT_FIELDS
            if name not in {"EipAffinity", "SnatEntryId", "Status"}
        },
        one_of=("SnatTableId", "NatGatewayId"),
    ),
    Modify(
        name="ModifySnatEntry",
        subject=_SNAT,
        needs=("SnatEntryId", "SnatTableId"),
        within="SnatTableId",
        takes=("EipAffinity", "SnatEntryName", "SnatIp"),
    ),
    Delete(
        name="DeleteSnatEntry",
        subject=_SNAT,
        needs=("SnatEntryId", "SnatTableId"),
        within="SnatTableId",
    ),
    Create(
        name="AllocateEipAddress",
        subject=_EIP,
        takes=(
            *("AutoPay", "Bandwidth", "Description", "ISP", "InstanceChargeType"),
            *("InternetChargeType", "IpAddress", "Name", "Netmode", "Period", "PricingCycle"),
            *("PublicIpAddressPoolId", "ResourceGroupId", "SecurityProtectionTypes", "Tag"),
            "Zone",
        ),
        reads=_any_eip,
        also=("InstanceId",),
        tells={
            "AllocationId": ID,
            "EipAddress": "ip_address",
            "ResourceGroupId": "resource_group_id",
        },
    ),
    Describe(
        name="DescribeEipAddresses",
        subject=_EIP,
        takes=("Tag",),
        fields=_EIP_FIELDS,
        inside=("EipAddresses", "EipAddress"),
        filters={
            "AssociatedInstanceId": "InstanceId",
            "AssociatedInstanceType": "InstanceType",
            "ChargeType": "ChargeType",
            "EipAddress": "IpAddress",
            "EipName": "Name",
            "ISP": "ISP",
            "ResourceGroupId": "ResourceGroupId",
            "Status": "Status",
        },
        most=100,
    ),
    Modify(
        name="ModifyEipAddressAttribute",
        subject=_EIP,
        needs=("AllocationId",),
        takes=("Bandwidth", "Description", "Name"),
    ),
    Modify(
        name="SetHighDefinitionMonitorLogStatus",
        subject=_MONITORED,
        needs=("InstanceId", "InstanceType", "LogProject", "LogStore", "Status"),
        takes=("LogProject", "LogStore", "Status"),
        also=("InstanceType",),
    ),
    Get(
        name="DescribeHighDefinitionMonitorLogAttribute",
        subject=_MONITORED,
        needs=("InstanceId", "InstanceType"),
        fields={
            "InstanceId": ID,
            "InstanceType": lambda _: "EIP",
            "LogProject": "log_project",
            "LogStore": "log_store",
        },
    ),
    Own(
        name="ModifyEipForwardMode",
        subject=_BOUND,
        needs=("InstanceId", "Mode"),
        takes=("ClientToken",),
        do=_rebind,
        of=lambda call: [(_EIP, call.said.text("InstanceId"))],
    ),
    Delete(name="ReleaseEipAddress", subject=_EIP, needs=("AllocationId",)),
    Create(
        name="AssociateEipAddress",
        subject=_BOUND,
        needs=("AllocationId", "InstanceId"),
        takes=("InstanceType", "Mode", "PrivateIpAddress", "VpcId"),
        unless_stated={"instance_type": "EcsInstance"},
    ),
    Own(
        name="UnassociateEipAddress",
        subject=_BOUND,
        needs=("AllocationId",),
        takes=("ClientToken", "Force", "InstanceId", "InstanceType", "PrivateIpAddress"),
        do=_unassociate,
    ),
    Create(
        name="CreateCommonBandwidthPackage",
        subject=_PACKAGE,
        needs=("Bandwidth",),
        takes=(
            *("Description", "ISP", "InternetChargeType", "Name", "Ratio", "ResourceGroupId"),
            *("SecurityProtectionTypes", "Tag", "Zone"),
        ),
        tells={"BandwidthPackageId": ID, "ResourceGroupId": "resource_group_id"},
    ),
    Describe(
        name="DescribeCommonBandwidthPackages",
        subject=_PACKAGE,
        takes=("Tag",),
        fields=_PACKAGE_FIELDS,
        inside=("CommonBandwidthPackages", "CommonBandwidthPackage"),
        filters={"Name": "Name", "ResourceGroupId": "ResourceGroupId"},
    ),
    Modify(
        name="ModifyCommonBandwidthPackageAttribute",
        subject=_PACKAGE,
        needs=("BandwidthPackageId",),
        takes=("Description", "Name"),
    ),
    Modify(
        name="ModifyCommonBandwidthPackageSpec",
        subject=_PACKAGE,
        needs=("BandwidthPackageId", "Bandwidth"),
        takes=("Bandwidth",),
    ),
    Delete(
        name="DeleteCommonBandwidthPackage",
        subject=_PACKAGE,
        needs=("BandwidthPackageId",),
        takes=("Force",),
    ),
    Create(
        name="AddCommonBandwidthPackageIp",
        subject=_PACKED,
        needs=("BandwidthPackageId", "IpInstanceId"),
        takes=("IpType",),
    ),
    Delete(
        name="RemoveCommonBandwidthPackageIp",
        subject=_PACKED,
        needs=("BandwidthPackageId", "IpInstanceId"),
    ),
    Modify(
        name="ModifyCommonBandwidthPackageIpBandwidth",
        subject=_CAPPED,
        needs=("Bandwidth", "BandwidthPackageId", "EipId"),
        takes=("Bandwidth",),
    ),
    Modify(
        name="CancelCommonBandwidthPackageIpBandwidth",
        subject=_CAPPED,
        needs=("BandwidthPackageId", "EipId"),
        reads=lambda _: {"bandwidth_package_bandwidth": _NO_CAP},
    ),
    *ROUTES,
    *VPN,
    Own(
        name="DescribeRegions",
        subject=_VPC,
        takes=("AcceptLanguage", "ProductType"),
        do=told_regions("vpc"),
    ),
    Own(name="DescribeZones", subject=_VPC, takes=("AcceptLanguage", "ZoneType"), do=_told_zones),
    Own(
        name="ListEnhanhcedNatGatewayAvailableZones",  # The cloud's own spelling.
        subject=_VPC,
        takes=("AcceptLanguage",),
        do=_told_nat_zones,
    ),
    _on_any(
        "DeletionProtection",
        ("Type", "InstanceId"),
        {"CBWP": _PACKAGE, "EIP": _EIP, "NATGW": _NAT},
        "ProtectionEnable",
        lambda said: {"deletion_protection": said.flag("ProtectionEnable")},
    ),
    _on_any(
        "MoveResourceGroup",
        ("ResourceType", "ResourceId"),
        {"BandwidthPackage": _PACKAGE, "Eip": _EIP, "FlowLog": FLOW_LOG, "Vpc": _VPC},
        "NewResourceGroupId",
        lambda said: {"resource_group_id": said.text("NewResourceGroupId")},
    ),
    *tag_actions(
        {
            "COMMONBANDWIDTHPACKAGE": _PACKAGE,
            "CUSTOMERGATEWAY": CUSTOMER,
            "EIP": _EIP,
            "FLOWLOG": FLOW_LOG,
            "NATGATEWAY": _NAT,
            "VPC": _VPC,
            "VPNCONNECTION": CONNECTION,
            "VPNGATEWAY": GATEWAY,
            "VSWITCH": _VSWITCH,
        },
        untag="UnTagResources",
    ),
)
BANDWIDTH_PACKAGES: Mapping[str, tuple[str, ...]] = {
    "CreateBandwidthPackage": ("CreateCommonBandwidthPackage", "AllocateEipAddress"),
    "DescribeBandwidthPackages": ("DescribeCommonBandwidthPackages", "DescribeEipAddresses"),
    "AddBandwidthPackageIps": ("AllocateEipAddress", "AddCommonBandwidthPackageIp"),
    "RemoveBandwidthPackageIps": ("RemoveCommonBandwidthPackageIp", "ReleaseEipAddress"),
    "ModifyBandwidthPackageSpec": ("ModifyCommonBandwidthPackageSpec",),
    "ModifyBandwidthPackageAttribute": ("ModifyCommonBandwidthPackageAttribute",),
    "DeleteBandwidthPackage": ("DeleteCommonBandwidthPackage",),
}
"""Actions that the cloud had for a gateway's own bandwidth packages, each with what is called
today. Version 2014-05-26 had them, in which NAT gateways were born."""

PRODUCT: Final = Product("vpc", "2016-04-28", _TABLE, BANDWIDTH_PACKAGES)
