"""What stands on a stack's own resources in an account, asked about each of them alone.

The account may be large and a stack's part of it small: nothing is asked that isn't about an id of
the stack's. What is found is told by the provider's types and inputs, as a state would have it,
whoever made it. Who that was, is no question of the account's.

Source: the pages of the actions, for what they filter by and answer.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from facts import kinds
from judging.account import apis, holding, links
from judging.account.reading import AbsentError, Listing, Reader, side_by_side
from judging.preview import entries_of, items_of

__all__ = ["Ground", "Standing", "rights_about", "standing"]

_TOGETHER: Final = 50
"""Addresses that are asked about in one call."""


@dataclass(frozen=True)
class Ground:
    """A resource of a stack's, on which something may stand."""

    type: str
    """The provider's, as Pulumi calls it."""

    id: str
    """The cloud's."""

    region: str
    address: str = ""
    """The public one, of an address that is bound to a gateway of others."""

    within: str = ""
    """The id of what it is in: an API's group, a vSwitch's VPC."""


@dataclass(frozen=True)
class Standing:
    """Something that stands on one."""

    type: str
    id: str
    region: str
    on: str
    """The id of what it stands on."""

    name: str
    """What people call it; its id where it has no name."""

    inputs: Mapping[str, Any] = field(hash=False)
    """The provider's, as far as they say what it stands on and what it opens."""


_Answer = Mapping[str, Any]
_Found = tuple[str, str, str, Mapping[str, Any]]
"""Type, id, name and inputs."""


@dataclass(frozen=True)
class _Question:
    """What is asked about one ground, or about several together."""

    of: str
    """The type of those that it is asked about."""

    listing: Listing
    said: Callable[[Sequence[Ground]], Mapping[str, str]]
    """The parameters that say which."""

    told: Callable[[_Answer], Iterable[_Found]]
    """What is made of each answer; what it was asked by is in it as well."""

    together: int = 1
    on: Callable[[_Answer], object] | None = None
    """Which one an answer is about, by its id, where the question alone doesn't say so."""


def _by(parameter: str, **more: str) -> Callable[[Sequence[Ground]], Mapping[str, str]]:
    """By their ids, and what is said besides."""
    return lambda grounds: {parameter: ",".join(one.id for one in grounds), **more}


def _within(grounds: Sequence[Ground]) -> Mapping[str, str]:
    return {"ApiId": grounds[0].id, "GroupId": grounds[0].within}


def _in_its_vpc(grounds: Sequence[Ground]) -> Mapping[str, str]:
    return {"VpcId": grounds[0].within}


def _through(parameter: str) -> Callable[[Sequence[Ground]], Mapping[str, str]]:
    """By the gateway that an address is bound to, and the address."""
    return lambda grounds: {
        "NatGatewayId": grounds[0].id.rpartition(":")[2],
        parameter: grounds[0].address,
    }


def standing(reader: Reader, grounds: Iterable[Ground]) -> list[Standing]:
    """All that stands on some resources; each thing once, on the first that it was found on.

    Raises:
        UnreadError: the account couldn't be read.
    """
    found: dict[tuple[str, str], Standing] = {}
    for some in side_by_side(_asked(grounds), lambda asked: [*_answered(reader, *asked)]):
        for one in some:
            found.setdefault((one.type, one.id), one)
    return list(found.values())


def _asked(grounds: Iterable[Ground]) -> Iterator[tuple[_Question, Sequence[Ground]]]:
    """Each question with those that it is asked about."""
    alike: defaultdict[tuple[str, str], list[Ground]] = defaultdict(list)
    for ground in grounds:
        alike[ground.type, ground.region].append(ground)
    for (type_, _), each in alike.items():
        for question in _QUESTIONS:
            if question.of == type_:
                for first in range(0, len(each), question.together):
                    yield question, each[first : first + question.together]


def _answered(reader: Reader, question: _Question, grounds: Sequence[Ground]) -> Iterator[Standing]:
    region, said = grounds[0].region, question.said(grounds)
    try:
        answers = reader.listed(question.listing, region, **said)
    except AbsentError:  # on what is gone, nothing stands
        return
    ids = {one.id for one in grounds}
    for answer in answers:
        on = str(question.on(answer)) if question.on is not None else grounds[0].id
        if on not in ids or str(answer.get("Status")).lower() in _GOING:
            continue
        for type_, id_, name, inputs in question.told({**said, **answer}):
            yield Standing(type_, id_, region, on, name or id_, inputs)


def _dnat(answer: _Answer) -> Iterator[_Found]:
    yield (
        kinds.FORWARD_ENTRY,
        str(answer["ForwardEntryId"]),
        str(answer.get("ForwardEntryName") or ""),
        {
            "forwardTableId": answer.get("ForwardTableId"),
            "externalIp": answer.get("ExternalIp"),
            "externalPort": answer.get("ExternalPort"),
            "ipProtocol": str(answer.get("IpProtocol")).lower(),
            "internalIp": answer.get("InternalIp"),
            "internalPort": answer.get("InternalPort"),
        },
    )


def _snat(answer: _Answer) -> Iterator[_Found]:
    vswitch, source = answer.get("SourceVSwitchId"), answer.get("SourceCIDR")
    yield (
        kinds.SNAT_ENTRY,
        str(answer["SnatEntryId"]),
        str(answer.get("SnatEntryName") or ""),
        {
            "snatTableId": answer.get("SnatTableId"),
            "snatIp": answer.get("SnatIp"),
            **({"sourceVswitchId": vswitch} if vswitch else {"sourceCidr": source}),
        },
    )


def _bound(answer: _Answer) -> Iterator[_Found]:
    """An address's binding, and its place in a package."""
    eip, name = str(answer["AllocationId"]), str(answer.get("IpAddress") or "")
    if to := str(answer.get("InstanceId") or ""):
        inputs = {
            "allocationId": eip,
            "instanceId": to,
            "instanceType": answer.get("InstanceType"),
        }
        yield kinds.EIP_ASSOCIATION, f"{eip}:{to}", name, inputs
    if package := str(answer.get("BandwidthPackageId") or ""):
        inputs = {"bandwidthPackageId": package, "instanceId": eip}
        yield kinds.PACKAGE_ATTACHMENT, f"{package}:{eip}", name, inputs


def _binding(answer: _Answer) -> Iterator[_Found]:
    """An address's binding alone: its package is another's business."""
    return (one for one in _bound(answer) if one[0] == kinds.EIP_ASSOCIATION)


def _packed(answer: _Answer) -> Iterator[_Found]:
    package = str(answer["BandwidthPackageId"])
    # The cloud's own spelling.
    held = items_of(entries_of(answer.get("PublicIpAddresses")).get("PublicIpAddresse"))
    for one in map(entries_of, held):
        eip = str(one["AllocationId"])
        inputs = {"bandwidthPackageId": package, "instanceId": eip}
        yield (
            kinds.PACKAGE_ATTACHMENT,
            f"{package}:{eip}",
            str(one.get("IpAddress") or ""),
            inputs,
        )


def _vswitch(answer: _Answer) -> Iterator[_Found]:
    inputs = {name: answer.get(given) for name, given in _VSWITCH.items()}
    yield (
        kinds.VSWITCH,
        str(answer["VSwitchId"]),
        str(answer.get("VSwitchName") or ""),
        inputs,
    )


_VSWITCH: Final = {"vpcId": "VpcId", "cidrBlock": "CidrBlock", "zoneId": "ZoneId"}


def _vswitch_of(answer: _Answer) -> object:
    """Where a NAT gateway is, by which the cloud doesn't look for one."""
    return entries_of(answer.get("NatGatewayPrivateInfo")).get("VswitchId")


def _gateway(answer: _Answer) -> Iterator[_Found]:
    inputs = {"vpcId": answer.get("VpcId"), "vswitchId": _vswitch_of(answer)}
    yield (
        kinds.NAT_GATEWAY,
        str(answer["NatGatewayId"]),
        str(answer.get("Name") or ""),
        inputs,
    )


def _group(answer: _Answer) -> Iterator[_Found]:
    if answer.get("ServiceManaged"):
        return
    yield (
        kinds.SECURITY_GROUP,
        str(answer["SecurityGroupId"]),
        str(answer.get("SecurityGroupName") or ""),
        {"vpcId": answer.get("VpcId")},
    )


def _card(answer: _Answer) -> Iterator[_Found]:
    """A server that lies there, or a further card; a service's own goes with the service."""
    groups = items_of(entries_of(answer.get("SecurityGroupIds")).get("SecurityGroupId"))
    vswitch = answer.get("VSwitchId")
    if answer.get("ServiceManaged"):
        return
    if answer.get("Type") == "Primary":
        server = str(answer.get("InstanceId"))
        inputs = {"vswitchId": vswitch, "securityGroups": groups}
        yield kinds.INSTANCE, server, "", inputs
    elif answer.get("Type") == "Secondary":
        inputs = {"vswitchId": vswitch, "securityGroupIds": groups}
        name = str(answer.get("NetworkInterfaceName") or "")
        yield kinds.ENI, str(answer["NetworkInterfaceId"]), name, inputs


def _card_in(answer: _Answer) -> Iterator[_Found]:
    """A further card's place in a server; the first is the server's own."""
    if answer.get("Type") != "Secondary" or answer.get("ServiceManaged"):
        return
    card, server = str(answer["NetworkInterfaceId"]), str(answer["InstanceId"])
    inputs = {"networkInterfaceId": card, "instanceId": server}
    name = str(answer.get("NetworkInterfaceName") or "")
    yield kinds.ENI_ATTACHMENT, f"{card}:{server}", name, inputs


def _balancer(answer: _Answer) -> Iterator[_Found]:
    given = {"vswitchId": "VSwitchId", "addressType": "AddressType", "address": "Address"}
    inputs = {name: answer.get(one) for name, one in given.items()}
    name = str(answer.get("LoadBalancerName") or "")
    yield kinds.LOAD_BALANCER, str(answer["LoadBalancerId"]), name, inputs


def _vpn_gateway(answer: _Answer) -> Iterator[_Found]:
    inputs = {"vpcId": answer.get("VpcId"), "vswitchId": answer.get("VSwitchId")}
    yield kinds.VPN_GATEWAY, str(answer["VpnGatewayId"]), str(answer.get("Name") or ""), inputs


def _vpn_connection(answer: _Answer) -> Iterator[_Found]:
    inputs = {"vpnGatewayId": answer.get("VpnGatewayId")}
    name = str(answer.get("Name") or "")
    yield kinds.VPN_CONNECTION, str(answer["VpnConnectionId"]), name, inputs


def _access(answer: _Answer) -> Iterator[_Found]:
    """Leave for API Gateway to reach something in a VPC."""
    inputs = {
        "vpcId": str(answer.get("VpcId")),
        "instanceId": str(answer.get("InstanceId")),
        "port": str(answer.get("Port")),
    }
    name = str(answer.get("Name") or "")
    yield kinds.VPC_ACCESS, ":".join(inputs.values()), name, {**inputs, "name": name}


def _api(answer: _Answer) -> Iterator[_Found]:
    inputs = {"groupId": answer["GroupId"], "name": answer.get("ApiName")}
    yield kinds.API, str(answer["ApiId"]), str(answer.get("ApiName") or ""), inputs


def _api_group(answer: _Answer) -> Iterator[_Found]:
    name = str(answer.get("GroupName") or "")
    inputs = {"instanceId": answer.get("InstanceId"), "name": name}
    yield kinds.API_GROUP, str(answer["GroupId"]), name, inputs


def _caller(answer: _Answer) -> Iterator[_Found]:
    """An app that may call an API."""
    inputs = {
        "groupId": str(answer["GroupId"]),
        "apiId": str(answer["ApiId"]),
        "appId": str(answer["AppId"]),
        "stageName": str(answer.get("StageName")),
    }
    name = str(answer.get("AppName") or answer.get("ApiName") or "")
    yield kinds.APP_ATTACHMENT, ":".join(inputs.values()), name, inputs


def _plugged(answer: _Answer) -> Iterator[_Found]:
    """An API with a plugin on it."""
    inputs = {
        "groupId": str(answer["GroupId"]),
        "apiId": str(answer["ApiId"]),
        "pluginId": str(answer["PluginId"]),
        "stageName": str(answer.get("StageName")),
    }
    name = str(answer.get("ApiName") or "")
    yield kinds.PLUGIN_ATTACHMENT, ":".join(inputs.values()), name, inputs


def _child(answer: _Answer) -> Iterator[_Found]:
    child = str(answer["ChildInstanceId"])
    inputs = {
        "instanceId": str(answer["CenId"]),
        "childInstanceId": child,
        "childInstanceType": str(answer["ChildInstanceType"]),
        "childInstanceRegionId": str(answer["ChildInstanceRegionId"]),
    }
    yield kinds.CEN_ATTACHMENT, ":".join(inputs.values()), child, inputs


def _attached(kind: str, by: str, given: str) -> Callable[[_Answer], Iterator[_Found]]:
    """What hangs on a transit router: by what the provider and the cloud call what it leads to."""

    def told(answer: _Answer) -> Iterator[_Found]:
        inputs = {
            "cenId": answer.get("CenId"),
            "transitRouterId": answer.get("TransitRouterId"),
            by: answer.get(given),
        }
        name = str(answer.get("TransitRouterAttachmentName") or "")
        yield kind, str(answer["TransitRouterAttachmentId"]), name, inputs

    return told


_on_vpc = _attached(kinds.ROUTER_ATTACHMENT, "vpcId", "VpcId")
_on_line = _attached(kinds.ROUTER_LINE_ATTACHMENT, "vbrId", "VbrId")
_on_peer = _attached(kinds.ROUTER_LINK, "peerTransitRouterId", "PeerTransitRouterId")

_GOING: Final = ("deleting", "releasing")
"""What the cloud says of something that is in nobody's way in a moment."""

_HOLDER: Final = "AssociatedInstanceId"
_KIND_OF_HOLDER: Final = "AssociatedInstanceType"
_EIP: Final = "AllocationId"


def _eip_of(answer: _Answer) -> object:
    return answer.get(_EIP)


def _held_by(kind: str) -> Callable[[Sequence[Ground]], Mapping[str, str]]:
    return _by(_HOLDER, **{_KIND_OF_HOLDER: kind})


_CALLERS: Final = Listing("cloudapi", "DescribeAuthorizedApps", ("AuthorizedApps", "AuthorizedApp"))
_BALANCERS: Final = Listing("slb", "DescribeLoadBalancers", ("LoadBalancers", "LoadBalancer"))
_VPN_GATEWAYS: Final = Listing("vpc", "DescribeVpnGateways", ("VpnGateways", "VpnGateway"))
_VPN_CONNECTIONS: Final = Listing(
    "vpc", "DescribeVpnConnections", ("VpnConnections", "VpnConnection")
)
_QUESTIONS: Final = (
    _Question(kinds.NAT_GATEWAY, holding.DNAT, _by("NatGatewayId"), _dnat),
    _Question(kinds.NAT_GATEWAY, holding.SNAT, _by("NatGatewayId"), _snat),
    _Question(kinds.NAT_GATEWAY, holding.EIPS, _held_by("Nat"), _binding),
    _Question(kinds.EIP_ASSOCIATION, holding.DNAT, _through("ExternalIp"), _dnat),
    _Question(kinds.EIP_ASSOCIATION, holding.SNAT, _through("SnatIp"), _snat),
    _Question(kinds.ENI, holding.EIPS, _held_by("NetworkInterface"), _binding),
    _Question(kinds.INSTANCE, holding.EIPS, _held_by("EcsInstance"), _binding),
    _Question(kinds.EIP, holding.EIPS, _by(_EIP), _bound, together=_TOGETHER, on=_eip_of),
    _Question(kinds.BANDWIDTH_PACKAGE, holding.PACKAGES, _by("BandwidthPackageId"), _packed),
    _Question(kinds.VPC, holding.VSWITCHES, _by("VpcId"), _vswitch),
    _Question(kinds.VPC, holding.GATEWAYS, _by("VpcId"), _gateway),
    _Question(kinds.VPC, holding.GROUPS, _by("VpcId"), _group),
    _Question(kinds.VPC, _VPN_GATEWAYS, _by("VpcId"), _vpn_gateway),
    _Question(kinds.VPC, apis.ACCESSES, _by("VpcId"), _access),
    _Question(kinds.VPN_GATEWAY, _VPN_CONNECTIONS, _by("VpnGatewayId"), _vpn_connection),
    _Question(kinds.INSTANCE, holding.CARDS, _by("InstanceId"), _card_in),
    _Question(kinds.VSWITCH, _BALANCERS, _by("VSwitchId"), _balancer),
    _Question(kinds.VSWITCH, holding.GATEWAYS, _in_its_vpc, _gateway, on=_vswitch_of),
    _Question(kinds.VSWITCH, holding.CARDS, _by("VSwitchId"), _card),
    _Question(kinds.SECURITY_GROUP, holding.CARDS, _by("SecurityGroupId"), _card),
    _Question(kinds.API_INSTANCE, apis.GROUPS, _by("InstanceId"), _api_group),
    _Question(kinds.API_GROUP, apis.APIS, _by("GroupId"), _api),
    _Question(kinds.API, _CALLERS, _within, _caller),
    _Question(kinds.API_APP, apis.CALLABLE, _by("AppId"), _caller),
    _Question(kinds.PLUGIN, apis.BOUND, _by("PluginId"), _plugged),
    _Question(kinds.CEN, links.CHILDREN, _by("CenId"), _child),
    _Question(kinds.TRANSIT_ROUTER, links.VPCS, _by("TransitRouterId"), _on_vpc),
    _Question(kinds.TRANSIT_ROUTER, links.LINES, _by("TransitRouterId"), _on_line),
    _Question(kinds.TRANSIT_ROUTER, links.PEERS, _by("TransitRouterId"), _on_peer),
)


def rights_about(types: Container[str]) -> list[str]:
    """What RAM calls the rights to ask what stands on resources of some types."""
    return sorted({one.listing.right for one in _QUESTIONS if one.of in types})
