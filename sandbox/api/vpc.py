"""VPC, version 2016-04-28: networks, NAT gateways and their entries, EIPs, bandwidth packages."""

from collections.abc import Mapping
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
    listed,
    tags,
)
from sandbox.api.tagging import tag_actions
from sandbox.cloud import ACCOUNT_ID, KINDS, CloudError, Resource
from sandbox.cloud.core import Session
from sandbox.cloud.eip.address import PAY_AS_YOU_GO, package_of

__all__ = ["BANDWIDTH_PACKAGES", "PRODUCT"]

_VPC = Subject("vpc", ("VpcId",))
_VSWITCH = Subject("vswitch", ("VSwitchId",))
_NAT = Subject("nat_gateway", ("NatGatewayId",), {"Name": "nat_gateway_name"})
_FORWARD = Subject(
    "forward_entry",
    ("ForwardEntryId",),
    any_case=frozenset({"ExternalPort", "InternalPort", "IpProtocol"}),
)
_SNAT = Subject("snat_entry", ("SnatEntryId",))
_EIP = Subject("eip_address", ("AllocationId",), {"Name": "address_name"})
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
    """That of an EIP's package, where it is in one."""
    package = session.get("common_bandwidth_package", package_of(session, eip.id))
    return (package or eip).text("bandwidth")


def _addresses(session: Session, package: Resource) -> object:
    packed = session.find("common_bandwidth_package_attachment", bandwidth_package_id=package.id)
    eips = [session.need("eip_address", one["instance_id"]) for one in packed]
    # The cloud's own spelling.
    return {
        "PublicIpAddresse": [
            {"AllocationId": one.id, "IpAddress": one["ip_address"]} for one in eips
        ]
    }


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
    "CreationTime": "create_time",
    "Description": "description",
    "EnabledIpv6": "enable_ipv6",
    "Ipv6CidrBlock": "ipv6_cidr_block",
    "IsDefault": "is_default",
    "OwnerId": _owner,
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
    "RegionId": REGION,
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
    "BandwidthPackageId": Joined(_package),
    "BusinessStatus": _normal,
    "ChargeType": _charge_type,
    "DeletionProtection": "deletion_protection",
    "Description": "description",
    "EipBandwidth": "bandwidth",
    "HDMonitorStatus": "high_definition_monitor_log_status",
    "ISP": "isp",
    "InstanceId": _bound("instance_id"),
    "InstanceType": _bound("instance_type"),
    "InternetChargeType": "internet_charge_type",
    "Mode": _bound("mode"),
    "Netmode": "netmode",
    "PrivateIpAddress": _bound("private_ip_address"),
    "RegionId": REGION,
    "ResourceGroupId": "resource_group_id",
    "Status": "status",
    "Tags": tags("Key", "Value"),
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
    "Status": "status",
    "Tags": tags("Key", "Value"),
}


# --- actions with a way of their own --------------------------------------------------------------


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


# --- the table ------------------------------------------------------------------------------------

_TABLE: tuple[Action, ...] = (
    Create(
        name="CreateVpc",
        subject=_VPC,
        takes=("CidrBlock", "Description", "EnableIpv6", "ResourceGroupId", "Tag", "VpcName"),
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
        filters={"VpcName": "VpcName", "ResourceGroupId": "ResourceGroupId"},
    ),
    Get(name="DescribeVpcAttribute", subject=_VPC, needs=("VpcId",), fields=_VPC_FIELDS),
    Modify(
        name="ModifyVpcAttribute",
        subject=_VPC,
        needs=("VpcId",),
        takes=("Description", "VpcName"),
    ),
    Delete(name="DeleteVpc", subject=_VPC, needs=("VpcId",)),
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
            *("InternetChargeType", "Name", "NatType", "NetworkType", "Tag", "VSwitchId"),
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
            *("Bandwidth", "Description", "ISP", "InstanceChargeType", "InternetChargeType"),
            *("IpAddress", "Name", "Netmode", "ResourceGroupId", "Tag"),
        ),
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
            *("Description", "ISP", "InternetChargeType"),
            *("Name", "Ratio", "ResourceGroupId", "Tag"),
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
    *tag_actions(
        {
            "COMMONBANDWIDTHPACKAGE": _PACKAGE,
            "EIP": _EIP,
            "NATGATEWAY": _NAT,
            "VPC": _VPC,
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
