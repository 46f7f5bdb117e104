"""What is at stake with each kind of resource: when it goes, when it is replaced, when it changes.

One row a kind; `docs/guard.md` has them for people, and a test holds both against the provider's
own facts, so that no kind and no input is forgotten. A kind without a row isn't understood, and so
is an input that no row names.

Source: what the provider does on an update (`docs/provider-notes.md`, `docs/changes.md`).
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Final

from facts import kinds
from judging.findings import (
    CLOSE_EGRESS,
    INTERRUPT,
    LESS_BANDWIDTH,
    LOOSEN_API,
    LOOSEN_FUNCTION,
    LOOSEN_NETWORK,
    LOOSEN_PORT,
    LOOSEN_RIGHTS,
    RESTART_SERVER,
    UNPROTECT,
    WIPE_DISK,
    GuardRule,
)

_NONE: Final[Mapping[GuardRule, str]] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Stake:
    """What a kind of resource puts at stake. Inputs that replace it are the provider's to say."""

    deleted: str = ""
    """What is lost when it is deleted, by the name of its rules; nothing by itself unless given."""

    replaced: str = ""
    """The same when it is replaced."""

    lasting: bool = False
    """Others know it by its address, its domain or its place: told even where what it stands on is
    told already."""

    changes: Mapping[GuardRule, str] = field(default_factory=lambda: _NONE)
    """Inputs whose change, in place, is a finding."""

    judged: str = ""
    """Inputs that have judges of their own: ports, addresses, who may call, protection."""

    harmless: str = ""
    """Inputs whose change, in place, opens nothing, shuts nobody out and takes nothing down."""

    def rules_of(self, key: str) -> list[GuardRule]:
        """The rules about a change of an input."""
        return [rule for rule, keys in self.changes.items() if key in keys.split()]

    def knows(self, key: str) -> bool:
        """Whether an input has a place in this row, or in every row."""
        known = {*self.judged.split(), *self.harmless.split(), *ALWAYS_HARMLESS, *ALWAYS_JUDGED}
        return key in known or bool(self.rules_of(key))


def _lost(
    what: str,
    *,
    lasting: bool = False,
    changes: Mapping[GuardRule, str] = _NONE,
    judged: str = "",
    harmless: str = "",
) -> Stake:
    """A kind that is lost, whether it is deleted or replaced."""
    return Stake(
        deleted=what,
        replaced=what,
        lasting=lasting,
        changes=changes,
        judged=judged,
        harmless=harmless,
    )


_lasting = partial(_lost, lasting=True)


ALWAYS_HARMLESS: Final = frozenset(
    {
        *("description", "name", "tags", "dryRun", "resourceGroupId"),
        *("period", "pricingCycle", "autoPay", "activityId"),
    }
)
"""Names, words and bills, whatever they belong to."""

ALWAYS_JUDGED: Final = frozenset({"deletionProtection", "deleteProtection"})

TIGHT: Final[Mapping[str, tuple[object, ...]]] = {
    "aclStatus": ("on",),
    "autoReleaseTime": (None, ""),
    "deleteOnRelease": (False, None),
    "deleteProtectionValidation": (True,),
    "egressIpv6Enable": (False, None),
    "enableIpv6": (False, None),
    "enableSsl": (False, None),
    "force": (False, "False", "false", None),
    "forceDelete": (False, None),
    "httpEndpoint": ("disabled",),
    "httpTokens": ("required",),
    "icmpReplyEnabled": (False,),
    "innerAccess": (False,),
    "innerAccessPolicy": ("Drop",),
    "internetAccess": (False,),
    "ipv6Enabled": (False, None),
    "modificationProtectionStatus": ("ConsoleProtection",),
    "networkType": ("intranet", "private"),
    "renewalStatus": ("AutoRenewal",),
    "sourceDestCheck": (True,),
    "systemRouteTableRoutePropagationEnable": (False,),
    "autoPublishRouteEnabled": (False,),
    "routeTableAssociationEnabled": (False,),
    "routeTablePropagationEnabled": (False,),
}
"""The safest values of inputs: a change to one of them loosens nothing."""

_VERSION: Final = re.compile(r"1_[0-9]\w*$")
_ENCRYPTION: Final = frozenset({"httpsPolicy", "tlsCipherPolicy"})
_BANDWIDTHS: Final = frozenset(
    {
        *("bandwidth", "bandwidthLimit", "bandwidthPackageBandwidth"),
        *("internetMaxBandwidthIn", "internetMaxBandwidthOut"),
    }
)
"""Inputs in Mbit/s."""

_UNLIMITED: Final = -1
"""A listener's bandwidth, where its balancer's own is the limit."""


def tightens(key: str, old: object, new: object) -> bool:
    """Whether a change of an input can loosen nothing, by its new value or by both."""
    if key in _ENCRYPTION:
        # HTTPS2_TLS1_2 and tls_cipher_policy_1_2_strict: the older, the lesser text.
        before, after = (_VERSION.search(str(one)) for one in (old, new))
        return before is not None and after is not None and before[0] <= after[0]
    if key in _BANDWIDTHS:
        # Where none is said any more, the cloud keeps what there was.
        return any(one in {None, ""} for one in (old, new)) or _mbits(old) <= _mbits(new)
    return key in TIGHT and new in TIGHT[key]


def _mbits(value: object) -> float:
    """A bandwidth as a number, in whichever form it stands; none where it isn't known."""
    try:
        number = float(str(value))
    except ValueError:
        return math.nan  # neither more nor less than any other
    return math.inf if number == _UNLIMITED else number


_ROUTER_ATTACHMENT: Final[dict[GuardRule, str]] = {
    LOOSEN_NETWORK: (
        "autoPublishRouteEnabled routeTableAssociationEnabled routeTablePropagationEnabled"
    )
}
_ROUTER_NAMES: Final = "transitRouterAttachmentDescription transitRouterAttachmentName"

STAKES: Final[Mapping[str, Stake]] = {
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
    kinds.ROUTE: _lost("route"),
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
    kinds.EIP_ASSOCIATION: Stake(
        replaced="binding", changes={INTERRUPT: "mode", UNPROTECT: "force"}
    ),
    # Replaced with its gateway or with the binding of its address, which are told.
    kinds.FORWARD_ENTRY: Stake(
        changes={INTERRUPT: "portBreak"},
        judged="externalIp externalPort internalIp internalPort ipProtocol",
        harmless="forwardEntryName",
    ),
    kinds.SNAT_ENTRY: Stake(
        deleted="egress",
        replaced="egress",
        changes={CLOSE_EGRESS: "snatIp"},
        harmless="eipAffinity snatEntryName",
    ),
    kinds.SECURITY_GROUP: Stake(
        changes={LOOSEN_PORT: "innerAccess innerAccessPolicy"}, harmless="securityGroupName"
    ),
    kinds.SECURITY_GROUP_RULE: Stake(),
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
    kinds.ENI: _lost(
        "interface",
        changes={
            LOOSEN_PORT: "securityGroupIds securityGroups sourceDestCheck ipv6AddressCount "
            "ipv6Addresses",
            UNPROTECT: "deleteOnRelease",
        },
        harmless="ipv4PrefixCount ipv4Prefixes networkInterfaceName privateIpAddresses privateIps "
        "privateIpsCount queueNumber secondaryPrivateIpAddressCount",
    ),
    kinds.ENI_ATTACHMENT: _lost("interface", harmless="waitForNetworkConfigurationReady"),
    kinds.COMMAND: Stake(),
    kinds.INVOCATION: Stake(),
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
    kinds.LISTENER: _lost(
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
    kinds.SERVER_GROUP: _lost(
        "listener",
        changes={INTERRUPT: "servers", UNPROTECT: "deleteProtectionValidation"},
    ),
    kinds.SERVER_GROUP_SERVER: _lost("balanced-server"),
    kinds.FUNCTION: _lost(
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
    kinds.ROLE: _lost(
        "role",
        changes={LOOSEN_RIGHTS: "ramUsers services maxSessionDuration", UNPROTECT: "force"},
        judged="assumeRolePolicyDocument document",
        harmless="version",
    ),
    kinds.ROLE_POLICY: _lost(
        "permission",
        changes={LOOSEN_RIGHTS: "statements rotateStrategy", UNPROTECT: "force"},
        judged="document policyDocument",
        harmless="version",
    ),
    kinds.ROLE_POLICY_ATTACHMENT: _lost("permission"),
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
        "api-group",
        changes={LOOSEN_API: "userLogConfig"},
        judged="basePath vpcIntranetEnable",
    ),
    kinds.API: Stake(
        judged="appCodeAuthType authType constantParameters forceNonceCheck requestConfig "
        "stageNames systemParameters",
        harmless="backendEnabled backendId requestParameters fcServiceConfig httpServiceConfig "
        "httpVpcServiceConfig mockServiceConfig serviceType",
    ),
    kinds.API_APP: _lasting("app"),
    kinds.APP_ATTACHMENT: Stake(),
    kinds.VPC_ACCESS: _lost("authorization"),
    kinds.PLUGIN: Stake(judged="pluginData", harmless="pluginName"),
    kinds.PLUGIN_ATTACHMENT: Stake(),
    kinds.API_LOG: _lost("log", changes={LOOSEN_API: "slsLogStore slsProject"}),
    kinds.ACCESS_LIST: Stake(judged="aclEntrys"),
    kinds.ACCESS_LIST_RANGE: Stake(),
    kinds.ACCESS_LIST_BINDING: Stake(),
    kinds.VPN_GATEWAY: _lasting(
        "vpn-gateway",
        changes={
            INTERRUPT: "disasterRecoveryVswitchId",
            LOOSEN_NETWORK: "autoPropagate enableIpsec enableSsl",
        },
        harmless="vpnGatewayName",
    ),
    kinds.CUSTOMER_GATEWAY: _lost("tunnel", harmless="customerGatewayName"),
    kinds.VPN_CONNECTION: _lost(
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
    kinds.CEN_PACKAGE_ATTACHMENT: _lost("cen"),
    kinds.CEN_LINK: _lost("cen", changes={LESS_BANDWIDTH: "bandwidthLimit"}),
    kinds.CEN_SERVICE: _lost("route"),
    kinds.CEN_ROUTE: _lost("route"),
    kinds.TRANSIT_ROUTER: _lasting("cen", harmless="transitRouterDescription transitRouterName"),
    kinds.ROUTER_TABLE: _lost(
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
    kinds.ROUTER_LINE_ATTACHMENT: _lost(
        "cen", changes=_ROUTER_ATTACHMENT, harmless=f"{_ROUTER_NAMES} orderType"
    ),
    kinds.ROUTER_ASSOCIATION: _lost("route"),
    kinds.ROUTER_PROPAGATION: _lost("route"),
    kinds.ROUTER_ROUTE: _lost(
        "route", harmless="transitRouterRouteEntryDescription transitRouterRouteEntryName"
    ),
}

LASTING: Final[Mapping[str, str]] = {
    kind: stake.deleted for kind, stake in STAKES.items() if stake.lasting
}
"""What can't be made again, or not as it was."""
