"""What is at stake with each kind of resource: when it goes, when it is replaced, when it changes.

One row a kind; `docs/guard.md` has them for people, and a test holds both against the provider's
own facts, so that no kind and no input is forgotten. A kind without a row isn't understood, and so
is an input that no row names.

Source: what the provider does on an update (`docs/provider-notes.md`, `docs/changes.md`).
"""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from functools import partial
from typing import Final

from facts import kinds
from judging.findings import (
    CLOSE_EGRESS,
    DELETED,
    INTERRUPT,
    LESS_BANDWIDTH,
    LOOSEN_API,
    LOOSEN_FUNCTION,
    LOOSEN_NETWORK,
    LOOSEN_PORT,
    LOOSEN_RIGHTS,
    MUTE,
    RESTART_SERVER,
    UNPROTECT,
    WIPE_DISK,
    GuardRule,
)


@dataclass(frozen=True)
class Stake:
    """What a kind of resource puts at stake. Inputs that replace it are the provider's to say."""

    lost: str = ""
    """What is lost when it is deleted or replaced, by the name of its rules; nothing by itself
    unless given."""

    _: KW_ONLY
    lasting: bool = False
    """Others know it by its address, its domain or its place: told even where what it stands on is
    told already."""

    changes: Mapping[GuardRule, str] = field(default_factory=dict[GuardRule, str])
    """Inputs whose change, in place, is a finding."""

    judged: str = ""
    """Inputs that have judges of their own: ports, addresses, who may call, protection."""

    harmless: str = ""
    """Inputs whose change, in place, opens nothing, shuts nobody out and takes nothing down."""

    @property
    def deleted(self) -> str:
        """What its deletion loses."""
        return self.lost if self.lost in DELETED else ""

    def rules_of(self, key: str) -> list[GuardRule]:
        """The rules about a change of an input."""
        return [rule for rule, keys in self.changes.items() if key in keys.split()]

    def knows(self, key: str) -> bool:
        """Whether an input has a place in this row, or in every row."""
        known = {*self.judged.split(), *self.harmless.split(), *ALWAYS_HARMLESS, *ALWAYS_JUDGED}
        return key in known or bool(self.rules_of(key))


_lasting: Final = partial(Stake, lasting=True)

ALWAYS_HARMLESS: Final = frozenset(
    {
        *("description", "name", "tags", "dryRun", "resourceGroupId"),
        *("period", "pricingCycle", "autoPay", "activityId"),
    }
)
"""Names, words and bills, whatever they belong to."""

ALWAYS_JUDGED: Final = frozenset({"deletionProtection", "deleteProtection"})

_ROUTER_ATTACHMENT: Final[dict[GuardRule, str]] = {
    LOOSEN_NETWORK: (
        "autoPublishRouteEnabled routeTableAssociationEnabled routeTablePropagationEnabled"
    )
}
_ROUTER_NAMES: Final = "transitRouterAttachmentDescription transitRouterAttachmentName"

_ROUTES: Final = (
    *(kinds.ROUTE, kinds.CEN_ROUTE, kinds.CEN_SERVICE),
    *(kinds.ROUTER_ASSOCIATION, kinds.ROUTER_PROPAGATION),
)
_JUDGED_AS_A_WHOLE: Final = (
    *(kinds.SECURITY_GROUP_RULE, kinds.COMMAND, kinds.INVOCATION, kinds.APP_ATTACHMENT),
    *(kinds.PLUGIN_ATTACHMENT, kinds.ACCESS_LIST_RANGE, kinds.ACCESS_LIST_BINDING),
)
STAKES: Final[Mapping[str, Stake]] = {
    **dict.fromkeys(_JUDGED_AS_A_WHOLE, Stake()),
    **dict.fromkeys(_ROUTES, Stake("route")),
    kinds.VPC: Stake(
        changes={
            LOOSEN_NETWORK: "enableIpv6 ipv6Isp classicLinkEnabled dnsHostnameStatus "
            "systemRouteTableRoutePropagationEnable",
            UNPROTECT: "forceDelete",
        },
        harmless="cidrBlock ipv4CidrMask ipv4IpamPoolId secondaryCidrBlocks secondaryCidrMask "
        "systemRouteTableDescription systemRouteTableName vpcName",
    ),
    kinds.VSWITCH: Stake(
        changes={LOOSEN_NETWORK: "enableIpv6 ipv6CidrBlockMask vpcIpv6CidrBlock"},
        harmless="vswitchName",
    ),
    kinds.NAT_GATEWAY: _lasting(
        "nat-gateway",
        changes={
            UNPROTECT: "force",
            INTERRUPT: "vswitchId natType eipBindMode specification",
            LOOSEN_NETWORK: "networkType icmpReplyEnabled",
        },
        harmless="natGatewayName",
    ),
    kinds.BANDWIDTH_PACKAGE: _lasting(
        "bandwidth-package",
        changes={UNPROTECT: "force", LESS_BANDWIDTH: "bandwidth"},
        harmless="bandwidthPackageName zone",
    ),
    kinds.PACKAGE_ATTACHMENT: Stake(
        changes={LESS_BANDWIDTH: "bandwidthPackageBandwidth"},
        harmless="cancelCommonBandwidthPackageIpBandwidth ipType",
    ),
    kinds.EIP: _lasting(
        "address",
        changes={INTERRUPT: "mode", LESS_BANDWIDTH: "bandwidth"},
        harmless="addressName logProject logStore",
    ),
    kinds.OLDER_EIP: _lasting("address", changes={INTERRUPT: "mode", LESS_BANDWIDTH: "bandwidth"}),
    kinds.EIP_ASSOCIATION: Stake("binding", changes={INTERRUPT: "mode", UNPROTECT: "force"}),
    # Replaced with its gateway or with the binding of its address, which are told.
    kinds.FORWARD_ENTRY: Stake(
        changes={INTERRUPT: "portBreak"},
        judged="externalIp externalPort internalIp internalPort ipProtocol",
        harmless="forwardEntryName",
    ),
    kinds.SNAT_ENTRY: Stake(
        "egress", changes={CLOSE_EGRESS: "snatIp"}, harmless="eipAffinity snatEntryName"
    ),
    kinds.SECURITY_GROUP: Stake(
        changes={LOOSEN_PORT: "innerAccess innerAccessPolicy"}, harmless="securityGroupName"
    ),
    kinds.INSTANCE: _lasting(
        "server",
        changes={
            WIPE_DISK: "imageId",
            RESTART_SERVER: "cpuOptions dataDisks enableHighDensityMode enableJumboFrame hostName "
            "instanceType kmsEncryptedPassword kmsEncryptionContext networkInterfaces "
            "password passwordInherit privateIp status stoppedMode systemDiskSize userData "
            "vpcId vswitchId maintenanceAction keyName",
            LOOSEN_PORT: "allocatePublicIp httpEndpoint httpTokens ipv6Addresses securityGroups",
            LOOSEN_RIGHTS: "roleName imageOptions keyName kmsEncryptedPassword password "
            "passwordInherit userData",
            UNPROTECT: "autoReleaseTime forceDelete renewalStatus instanceChargeType "
            "includeDataDisks systemDiskAutoSnapshotPolicyId",
            LESS_BANDWIDTH: "internetMaxBandwidthIn internetMaxBandwidthOut",
        },
        judged="internetMaxBandwidthOut",
        harmless="autoRenewPeriod creditSpecification deploymentSetId instanceName "
        "internetChargeType isOutdated maintenanceNotify maintenanceTime "
        "operatorType periodUnit privatePoolOptionsId privatePoolOptionsMatchCriteria "
        "secondaryPrivateIpAddressCount secondaryPrivateIps spotDuration "
        "systemDiskBurstingEnabled systemDiskDescription systemDiskName "
        "systemDiskPerformanceLevel systemDiskProvisionedIops volumeTags",
    ),
    kinds.ENI: Stake(
        "interface",
        changes={
            LOOSEN_PORT: "securityGroupIds securityGroups sourceDestCheck ipv6AddressCount "
            "ipv6Addresses",
            UNPROTECT: "deleteOnRelease",
        },
        harmless="ipv4PrefixCount ipv4Prefixes networkInterfaceName privateIpAddresses privateIps "
        "privateIpsCount queueNumber secondaryPrivateIpAddressCount",
    ),
    kinds.ENI_ATTACHMENT: Stake("interface", harmless="waitForNetworkConfigurationReady"),
    kinds.LOAD_BALANCER: _lasting(
        "load-balancer",
        changes={
            INTERRUPT: "instanceChargeType loadBalancerSpec specification status",
            UNPROTECT: "modificationProtectionStatus paymentType",
            LESS_BANDWIDTH: "bandwidth",
        },
        harmless="internetChargeType loadBalancerName modificationProtectionReason",
    ),
    kinds.OLDER_LOAD_BALANCER: _lasting(
        "load-balancer",
        changes={
            INTERRUPT: "specification loadBalancerSpec status",
            LESS_BANDWIDTH: "bandwidth",
        },
        harmless="internetChargeType loadBalancerName",
    ),
    kinds.LISTENER: Stake(
        "listener",
        changes={
            LOOSEN_PORT: "aclId aclIds aclStatus aclType caCertificateId proxyProtocolV2Enabled "
            "serverCertificateId sslCertificateId tlsCipherPolicy xForwardedFor",
            INTERRUPT: "masterSlaveServerGroupId serverGroupId healthCheck healthCheckConnectPort "
            "healthCheckDomain healthCheckHttpCode healthCheckMethod healthCheckType "
            "healthCheckUri",
            UNPROTECT: "deleteProtectionValidation",
            LESS_BANDWIDTH: "bandwidth",
        },
        harmless="cookie cookieTimeout enableHttp2 establishedTimeout gzip "
        "healthCheckInterval healthCheckTimeout healthyThreshold idleTimeout persistenceTimeout "
        "requestTimeout scheduler stickySession stickySessionType unhealthyThreshold",
    ),
    kinds.SERVER_GROUP: Stake(
        "listener", changes={INTERRUPT: "servers", UNPROTECT: "deleteProtectionValidation"}
    ),
    kinds.SERVER_GROUP_SERVER: Stake("balanced-server"),
    kinds.FUNCTION: Stake(
        "function",
        changes={
            LOOSEN_FUNCTION: "customDns internetAccess invocationRestriction nasConfig "
            "ossMountConfig vpcConfig instanceIsolationMode logConfig",
            LOOSEN_RIGHTS: "role",
        },
        harmless="code cpu customContainerConfig customRuntimeConfig diskSize environmentVariables "
        "gpuConfig handler instanceConcurrency instanceLifecycleConfig layers memorySize runtime "
        "sessionAffinity sessionAffinityConfig timeout",
    ),
    kinds.ROLE: Stake(
        "role",
        changes={LOOSEN_RIGHTS: "ramUsers services maxSessionDuration", UNPROTECT: "force"},
        judged="assumeRolePolicyDocument document",
        harmless="version",
    ),
    kinds.ROLE_POLICY: Stake(
        "permission",
        changes={LOOSEN_RIGHTS: "statements rotateStrategy", UNPROTECT: "force"},
        judged="document policyDocument",
        harmless="version",
    ),
    **dict.fromkeys(
        (kinds.ROLE_POLICY_ATTACHMENT, kinds.USER_POLICY_ATTACHMENT), Stake("permission")
    ),
    kinds.USER: Stake(
        "permission", changes={UNPROTECT: "force"}, harmless="comments displayName email mobile"
    ),
    kinds.USER_KEY: Stake("permission", changes={LOOSEN_RIGHTS: "status"}),
    kinds.API_INSTANCE: _lasting(
        "api-instance",
        changes={
            LOOSEN_API: "httpsPolicy ingressVpcId ingressVpcOwnerId ingressVswitchId ipv6Enabled "
            "egressIpv6Enable vpcSlbIntranetEnable toConnectVpcIpBlocks deleteVpcIpBlock",
            INTERRUPT: "instanceSpec",
        },
        harmless="duration instanceName skipWaitSwitch",
    ),
    kinds.API_GROUP: _lasting(
        "api-group", changes={LOOSEN_API: "userLogConfig"}, judged="basePath vpcIntranetEnable"
    ),
    kinds.API: Stake(
        judged="appCodeAuthType authType constantParameters forceNonceCheck requestConfig "
        "stageNames systemParameters",
        harmless="backendEnabled backendId requestParameters fcServiceConfig httpServiceConfig "
        "httpVpcServiceConfig mockServiceConfig serviceType",
    ),
    kinds.API_APP: _lasting("app"),
    kinds.VPC_ACCESS: Stake("authorization"),
    kinds.PLUGIN: Stake(judged="pluginData", harmless="pluginName"),
    kinds.API_LOG: Stake("log", changes={LOOSEN_API: "slsLogStore slsProject"}),
    kinds.ALARM: Stake(
        "alarm",
        changes={MUTE: "contactGroups effectiveInterval enabled endTime startTime targets"},
        harmless="compositeExpression dimensions escalationsCritical escalationsInfo "
        "escalationsWarn metricDimensions prometheuses silenceTime webhook",
    ),
    kinds.FLOW_LOG: Stake(
        "log", changes={MUTE: "status"}, harmless="aggregationInterval flowLogName ipVersion"
    ),
    kinds.ACCESS_LIST: Stake(judged="aclEntrys"),
    kinds.VPN_GATEWAY: _lasting(
        "vpn-gateway",
        changes={
            INTERRUPT: "disasterRecoveryVswitchId",
            LOOSEN_NETWORK: "autoPropagate enableIpsec enableSsl",
        },
        harmless="vpnGatewayName",
    ),
    kinds.CUSTOMER_GATEWAY: Stake("tunnel", harmless="customerGatewayName"),
    kinds.VPN_CONNECTION: Stake(
        "tunnel",
        changes={
            LOOSEN_NETWORK: "autoConfigRoute bgpConfig enableTunnelsBgp ikeConfig ipsecConfig "
            "localSubnets networkType remoteSubnets tunnelOptionsSpecifications",
            INTERRUPT: "enableDpd enableNatTraversal healthCheckConfig",
        },
        harmless="effectImmediately vpnConnectionName",
    ),
    kinds.CEN: _lasting(
        "cen", changes={LOOSEN_NETWORK: "protectionLevel"}, harmless="cenInstanceName"
    ),
    kinds.CEN_ATTACHMENT: _lasting(
        "cen", changes={LOOSEN_NETWORK: "cenOwnerId childInstanceOwnerId"}
    ),
    kinds.CEN_PACKAGE: _lasting(
        "cen",
        changes={LESS_BANDWIDTH: "bandwidth"},
        harmless="autoRenew cenBandwidthPackageName",
    ),
    kinds.CEN_PACKAGE_ATTACHMENT: Stake("cen"),
    kinds.CEN_LINK: Stake("cen", changes={LESS_BANDWIDTH: "bandwidthLimit"}),
    kinds.TRANSIT_ROUTER: _lasting("cen", harmless="transitRouterDescription transitRouterName"),
    kinds.ROUTER_TABLE: Stake(
        "route", harmless="transitRouterRouteTableDescription transitRouterRouteTableName"
    ),
    kinds.ROUTER_ATTACHMENT: _lasting(
        "cen",
        changes={
            **_ROUTER_ATTACHMENT,
            INTERRUPT: "cenId zoneMappings options transitRouterVpcAttachmentOptions",
            UNPROTECT: "forceDelete",
        },
        harmless=f"{_ROUTER_NAMES} orderType transitRouterVpcAttachmentName",
    ),
    kinds.ROUTER_LINK: _lasting(
        "cen",
        changes={**_ROUTER_ATTACHMENT, LESS_BANDWIDTH: "bandwidth"},
        harmless=f"{_ROUTER_NAMES} bandwidthType cenBandwidthPackageId defaultLinkType "
        "transitRouterPeerAttachmentName",
    ),
    kinds.ROUTER_LINE_ATTACHMENT: Stake(
        "cen", changes=_ROUTER_ATTACHMENT, harmless=f"{_ROUTER_NAMES} orderType"
    ),
    kinds.ROUTER_ROUTE: Stake(
        "route", harmless="transitRouterRouteEntryDescription transitRouterRouteEntryName"
    ),
}
