"""Every kind of resource that the sandbox knows. A new kind is listed here and nowhere else."""

from collections.abc import Mapping

from sandbox.cloud import apigateway, cen, slb, vpn
from sandbox.cloud.bandwidth import BandwidthPackage, BandwidthPackageAttachment
from sandbox.cloud.cloud_assistant import Command, Invocation
from sandbox.cloud.ecs import Instance
from sandbox.cloud.eip import EipAddress
from sandbox.cloud.eip_association import EipAssociation
from sandbox.cloud.eni import NetworkInterface, NetworkInterfaceAttachment
from sandbox.cloud.forward import ForwardEntry
from sandbox.cloud.function import Function
from sandbox.cloud.kind import Kind
from sandbox.cloud.nat import NatGateway
from sandbox.cloud.ram import Role, RolePolicy, RolePolicyAttachment
from sandbox.cloud.route_entry import RouteEntry
from sandbox.cloud.security import SecurityGroup, SecurityGroupRule
from sandbox.cloud.snat import SnatEntry
from sandbox.cloud.vpc import Vpc, VSwitch

__all__ = ["KINDS"]

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Vpc(),
        VSwitch(),
        NatGateway(),
        BandwidthPackage(),
        BandwidthPackageAttachment(),
        EipAddress(),
        EipAssociation(),
        ForwardEntry(),
        SnatEntry(),
        SecurityGroup(),
        SecurityGroupRule(),
        Instance(),
        NetworkInterface(),
        NetworkInterfaceAttachment(),
        Command(),
        Invocation(),
        apigateway.GatewayInstance(),
        apigateway.Group(),
        apigateway.Api(),
        apigateway.App(),
        apigateway.AppAttachment(),
        apigateway.VpcAccess(),
        apigateway.Plugin(),
        apigateway.PluginAttachment(),
        apigateway.LogConfig(),
        apigateway.AccessControlList(),
        apigateway.AclEntryAttachment(),
        apigateway.InstanceAclAttachment(),
        Function(),
        Role(),
        RolePolicy(),
        RolePolicyAttachment(),
        slb.LoadBalancer(),
        slb.Listener(),
        slb.ServerGroup(),
        slb.ServerGroupServerAttachment(),
        RouteEntry(),
        cen.CenInstance(),
        cen.InstanceAttachment(),
        cen.BandwidthPackage(),
        cen.BandwidthPackageAttachment(),
        cen.BandwidthLimit(),
        cen.RouteService(),
        cen.PublishedRoute(),
        cen.TransitRouter(),
        cen.RouteTable(),
        cen.VpcAttachment(),
        cen.PeerAttachment(),
        cen.VbrAttachment(),
        cen.TableAssociation(),
        cen.TablePropagation(),
        cen.RouterRouteEntry(),
        vpn.Gateway(),
        vpn.CustomerGateway(),
        vpn.Connection(),
    )
}
