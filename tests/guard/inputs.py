"""Every input of every kind, changed: what has to be named, and what hasn't.

What is harmless is said here once more, apart from the guard's own table, so that whoever moves an
input there has to say so twice. All others come from the provider's own facts.
"""

import itertools
from collections.abc import Iterator
from typing import Any

from facts import kinds
from facts.contract import TOKENS, Field

HARMLESS = {
    kinds.VPC: "cidrBlock ipv4CidrMask ipv4IpamPoolId secondaryCidrBlocks secondaryCidrMask "
    "systemRouteTableDescription systemRouteTableName vpcName",
    kinds.VSWITCH: "vswitchName",
    kinds.NAT_GATEWAY: "natGatewayName",
    kinds.BANDWIDTH_PACKAGE: "bandwidthPackageName zone",
    kinds.PACKAGE_ATTACHMENT: "cancelCommonBandwidthPackageIpBandwidth ipType",
    kinds.EIP: "addressName logProject logStore",
    kinds.FORWARD_ENTRY: "forwardEntryName",
    kinds.SNAT_ENTRY: "eipAffinity snatEntryName",
    kinds.SECURITY_GROUP: "securityGroupName",
    kinds.INSTANCE: "autoRenewPeriod creditSpecification deploymentSetId instanceName "
    "internetChargeType isOutdated maintenanceNotify maintenanceTime "
    "operatorType periodUnit privatePoolOptionsId privatePoolOptionsMatchCriteria "
    "secondaryPrivateIpAddressCount secondaryPrivateIps spotDuration systemDiskBurstingEnabled "
    "systemDiskDescription systemDiskName systemDiskPerformanceLevel systemDiskProvisionedIops "
    "volumeTags",
    kinds.ENI: "ipv4PrefixCount ipv4Prefixes networkInterfaceName privateIpAddresses privateIps "
    "privateIpsCount queueNumber secondaryPrivateIpAddressCount",
    kinds.ENI_ATTACHMENT: "waitForNetworkConfigurationReady",
    kinds.LOAD_BALANCER: "internetChargeType loadBalancerName modificationProtectionReason",
    kinds.LISTENER: "cookie cookieTimeout enableHttp2 establishedTimeout gzip "
    "healthCheckInterval healthCheckTimeout healthyThreshold idleTimeout persistenceTimeout "
    "requestTimeout scheduler stickySession stickySessionType unhealthyThreshold",
    kinds.FUNCTION: "code cpu customContainerConfig customRuntimeConfig diskSize "
    "environmentVariables gpuConfig handler instanceConcurrency instanceLifecycleConfig layers "
    "memorySize runtime sessionAffinity sessionAffinityConfig timeout",
    kinds.ROLE: "version",
    kinds.ROLE_POLICY: "version",
    kinds.USER: "comments displayName email mobile",
    kinds.API_INSTANCE: "duration instanceName skipWaitSwitch",
    kinds.API: "backendEnabled backendId fcServiceConfig httpServiceConfig httpVpcServiceConfig "
    "mockServiceConfig requestParameters serviceType",
    kinds.PLUGIN: "pluginName",
    kinds.ALARM: "compositeExpression dimensions escalationsCritical escalationsInfo "
    "escalationsWarn metricDimensions prometheuses silenceTime webhook",
    kinds.FLOW_LOG: "aggregationInterval flowLogName ipVersion",
    kinds.VPN_GATEWAY: "vpnGatewayName",
    kinds.CUSTOMER_GATEWAY: "customerGatewayName",
    kinds.VPN_CONNECTION: "effectImmediately vpnConnectionName",
    kinds.CEN: "cenInstanceName",
    kinds.CEN_PACKAGE: "autoRenew cenBandwidthPackageName",
    kinds.TRANSIT_ROUTER: "transitRouterDescription transitRouterName",
    kinds.ROUTER_TABLE: "transitRouterRouteTableDescription transitRouterRouteTableName",
    kinds.ROUTER_ATTACHMENT: "orderType transitRouterAttachmentDescription "
    "transitRouterAttachmentName transitRouterVpcAttachmentName",
    kinds.ROUTER_LINK: "bandwidthType cenBandwidthPackageId defaultLinkType "
    "transitRouterAttachmentDescription transitRouterAttachmentName "
    "transitRouterPeerAttachmentName",
    kinds.ROUTER_LINE_ATTACHMENT: "orderType transitRouterAttachmentDescription "
    "transitRouterAttachmentName",
    kinds.ROUTER_ROUTE: "transitRouterRouteEntryDescription transitRouterRouteEntryName",
}
EVERYWHERE = "activityId autoPay description dryRun name period pricingCycle resourceGroupId tags"
BY_HAND = {
    kinds.API: "appCodeAuthType authType constantParameters forceNonceCheck requestConfig "
    "stageNames systemParameters",
    kinds.API_GROUP: "basePath vpcIntranetEnable",
    kinds.FORWARD_ENTRY: "externalIp externalPort internalIp internalPort ipProtocol",
    kinds.INSTANCE: "internetMaxBandwidthOut",
    kinds.PLUGIN: "pluginData",
}
"""What only means something together with the rest, and is changed case by case."""


def harmless_inputs(kind: str) -> Iterator[Field]:
    """The inputs of a kind that may change without a word."""
    quiet = {*EVERYWHERE.split(), *HARMLESS.get(kind, "").split()}
    return (one for one in _in_place(kind) if one.camel in quiet)


def telling_inputs(kind: str) -> Iterator[Field]:
    """The inputs of a kind of which a change has to be named."""
    quiet = {*EVERYWHERE.split(), *HARMLESS.get(kind, "").split(), *BY_HAND.get(kind, "").split()}
    return (one for one in _in_place(kind) if one.camel not in quiet)


def _in_place(kind: str) -> Iterator[Field]:
    return (one for one in TOKENS[kind].inputs.values() if not one.replaces)


def changes_of(field: Field) -> list[tuple[Any, Any]]:
    """An input's values before and after, as many as it takes to loosen it once."""
    if field.one_of:
        # One value alone stands beside a range: -1, where there is no limit.
        (only, *more) = field.one_of
        return [*itertools.permutations(field.one_of, 2)] if more else [(None, only), (only, 1)]
    match field.type:
        case "Bool":
            return [(True, False), (False, True)]
        case "Int" | "Float":
            return [(1, 2), (2, 1)]
        case "Map":
            return [({"a": "1"}, {"a": "2"})]
        case "List" | "Set":
            return [(["one"], ["one", "two"]), (["one", "two"], ["one"]), (["one"], ["two"])]
        case _:
            return [("one", "two")]
