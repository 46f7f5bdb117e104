"""The `network` section: the VPC, its vSwitches and the hosts that everything else points to."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from facts import kinds
from stack.arguments import TAGS, Made, resource
from stack.ids import InstanceId, RouteTableId, SecurityGroupId, VpcId, VSwitchId
from stack.model import Model, Name


class DiskCategory(StrEnum):
    """Categories of system disk that instances sold today accept."""

    CLOUD_ESSD = "cloud_essd"
    CLOUD_ESSD_ENTRY = "cloud_essd_entry"
    CLOUD_AUTO = "cloud_auto"
    CLOUD_EFFICIENCY = "cloud_efficiency"
    CLOUD_SSD = "cloud_ssd"


class VpcSettings(Made):
    """A VPC to create (`cidr`), or one that exists (`id`, and `cidr` so that it can be checked)."""

    makes = resource(kinds.VPC, cidrBlock="cidr", vpcName="name", tags=TAGS)

    cidr: str | None = Field(default=None, examples=["192.168.0.0/16"])
    """The VPC's IPv4 range, /8 to /28, from the private ranges."""

    id: VpcId | None = Field(default=None, examples=["vpc-uf6abc"])
    """Use the VPC with this id instead of creating one."""

    name: str | None = None
    """Its name in the cloud; `<stack>-vpc` unless given, of one of `networks` `<stack>-<name>`."""

    route_table: RouteTableId | None = Field(default=None, examples=["vtb-uf6abc"])
    """The id of the system route table of a VPC that exists; only where routes are added to it."""


class VSwitchSettings(Made):
    """A vSwitch to create, or one that exists (`id`, with its own `cidr` and `zone`)."""

    makes = resource(
        kinds.VSWITCH, "vpcId", cidrBlock="cidr", zoneId="zone", vswitchName="name", tags=TAGS
    )

    cidr: str = Field(examples=["192.168.1.0/24"])
    """The vSwitch's IPv4 range, /16 to /29, inside the VPC's."""

    zone: str = Field(examples=["cn-shanghai-a"])
    """The zone that it lies in."""

    id: VSwitchId | None = Field(default=None, examples=["vsw-uf6abc"])
    """Use the vSwitch with this id instead of creating one."""

    name: str | None = None
    """Its name in the cloud; `<stack>-<name>` unless given."""

    was: Name | None = None
    """What this entry was called before: its resource is kept over the rename."""


class InstanceSettings(Made):
    """An ECS instance to create for a host."""

    makes = resource(
        kinds.INSTANCE,
        "availabilityZone instanceChargeType instanceName internetMaxBandwidthOut vpcId",
        imageId="image",
        instanceType="type",
        keyName="keyPair",
        privateIp="the host's ip",
        securityGroups="securityGroups",
        systemDiskCategory="disk",
        tags=TAGS,
        vswitchId="the host's vswitch",
    )

    type: str = Field(examples=["ecs.t6-c1m1.large"], pattern=r"^ecs\..+")
    """The instance type."""

    image: str = Field(examples=["aliyun_3_x64_20G_alibase_20240528.vhd"])
    """The image's id."""

    key_pair: str | None = Field(default=None, min_length=2, examples=["ops"])
    """The name of an ECS key pair for logging in; without it the image's own password holds."""

    security_groups: Annotated[list[SecurityGroupId], Field(min_length=1, max_length=5)] | None = (
        None
    )
    """Ids of security groups that exist. Without them one is created for the host, which lets in
    what the port mappings send to it and nothing else."""

    disk: DiskCategory = Field(default=DiskCategory.CLOUD_ESSD, strict=False)
    """The category of its system disk."""


class HostSettings(Model):
    """A server: by its private address, by its instance id too, or created here."""

    ip: str = Field(examples=["192.168.1.1"])
    """Its private address, inside its vSwitch."""

    vswitch: str = Field(examples=["apps"])
    """The name of its vSwitch."""

    instance_id: InstanceId | None = Field(default=None, examples=["i-uf6abc"])
    """The id of the ECS instance that has this address."""

    instance: InstanceSettings | None = None
    """Create the ECS instance."""

    eni_quantity: Annotated[int, Field(ge=1)] | None = Field(default=None, examples=[3])
    """How many network interfaces its instance type takes, the first one included (EniQuantity of
    DescribeInstanceTypes); only where a second one is wanted and the type isn't known here."""

    was: Name | None = None
    """What this entry was called before: its instance is kept over the rename, and its place behind
    load balancers."""


class NetworkSettings(Model):
    """The VPC, its vSwitches and hosts, shared by every topology of the stack."""

    vpc: VpcSettings = Field(examples=[{"cidr": "192.168.0.0/16"}])
    """The VPC: created, or one that exists."""

    vswitches: dict[Name, VSwitchSettings] = Field(
        min_length=1, examples=[{"apps": {"cidr": "192.168.1.0/24", "zone": "cn-shanghai-a"}}]
    )
    """vSwitches by name."""

    hosts: dict[Name, HostSettings] = Field(
        default_factory=dict[Name, HostSettings],
        examples=[{"ecs1": {"ip": "192.168.1.1", "vswitch": "apps"}}],
    )
    """Servers by name."""

    @property
    def exists(self) -> bool:
        """Whether the stack has a network at all."""
        return bool(self.vswitches)


class OtherNetworkSettings(NetworkSettings):
    """A VPC beside the stack's own, in this region or another."""

    region: str | None = Field(default=None, examples=["cn-zhangjiakou"])
    """The region that it lies in; the stack's unless given."""

    was: Name | None = None
    """What this entry was called before: its VPC and all that lies in it are kept over the rename.
    """


def no_network() -> NetworkSettings:
    """What a stack has that says nothing of a network: topologies of APIs alone need none."""
    return NetworkSettings.model_construct(vpc=VpcSettings(), vswitches={}, hosts={})
