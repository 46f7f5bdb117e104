"""A dedicated instance: what it is, who calls it from inside and from outside, and where it can be.

Source: API Gateway, "Use instance-level access control" and "AddAccessControlListEntry".
"""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from facts import kinds
from stack.arguments import Made, resource
from stack.ids import ApiInstanceId
from stack.model import Model, Name
from stack.naming import rename_problems
from stack.network_rules import cidr_problem, vswitch_problems
from stack.problems import KeyPath, Problem
from stack.settings import StackSettings

AclMode = Literal["allow", "deny"]


class AclEntrySettings(Model):
    """A range of addresses."""

    cidr: str = Field(examples=["203.0.113.0/24"])
    """The range; a single address with /32."""

    comment: str | None = Field(default=None, examples=["The office"])
    """What it is."""

    was: Name | None = None
    """What this entry was called before: it is kept over the rename."""


class AclSettings(Model):
    """An access control list. It decides for every API of the instance, before any of them."""

    name: str | None = Field(default=None, examples=["shop"])
    """Its name in the cloud; `<stack>-gateway` unless given. Another one means another list."""

    mode: AclMode = Field(examples=["allow"])
    """allow: nobody but these; deny: everybody but these."""

    entries: dict[Name, AclEntrySettings] = Field(
        min_length=1, examples=[{"office": {"cidr": "203.0.113.0/24"}}]
    )
    """Ranges by name."""


class IngressSettings(Model):
    """In-VPC access: calls from a VPC to the instance, without the internet."""

    vswitch: str = Field(examples=["apps"])
    """The vSwitch that the instance gets an address in."""

    owner_id: str = Field(examples=["1234567890123456"], pattern=r"^[0-9]+$")
    """The id of the account that the VPC belongs to (`aliyun sts GetCallerIdentity`)."""


class InstanceSettings(Made):
    """A dedicated instance: created, or one that exists."""

    makes = resource(
        kinds.API_INSTANCE,
        "paymentType",
        httpsPolicy="httpsPolicy",
        ingressVpcId="ingress",
        ingressVpcOwnerId="ingress",
        ingressVswitchId="ingress",
        instanceName="name",
        instanceSpec="spec",
        vpcSlbIntranetEnable="selfCall",
        zoneId="zone",
    )

    id: ApiInstanceId | None = Field(default=None, examples=["apigateway-sh-uf6abc"])
    """Use the instance with this id instead of creating one."""

    name: str | None = Field(default=None, examples=["shop"], pattern=r"^[A-Za-z0-9_-]+$")
    """Its name in the cloud; `<stack>-gateway` unless given."""

    spec: str | None = Field(default=None, examples=["api.s1.small"], pattern=r"^api\.")
    """Its size. Needed for a new one; it is billed by the hour."""

    https_policy: str = Field(
        default="HTTPS2_TLS1_2", examples=["HTTPS2_TLS1_2", "HTTPS2_TLS1_0", "HTTPS1_1_TLS1_0"]
    )
    """Which versions of TLS clients may use; HTTPS2_TLS1_2 (1.2 and newer) unless given."""

    zone: str | None = Field(default=None, examples=["cn-shanghai-MAZ1(a,b)"])
    """The zones that it lies in; the cloud chooses unless given. It can't be moved later."""

    ingress: IngressSettings | None = None
    """In-VPC access. An instance has one VPC that calls it."""

    self_call: bool = False
    """Whether groups of it may be called by the gateway itself over the intranet."""

    acl: AclSettings | None = Field(
        default=None,
        examples=[{"mode": "allow", "entries": {"office": {"cidr": "203.0.113.0/24"}}}],
    )
    """From which addresses it takes connections out of the internet; any without. Of an instance
    that exists, too."""


_EVERYBODY = "0.0.0.0/0"


def instance_problems(
    settings: StackSettings, path: KeyPath, instance: InstanceSettings
) -> Iterator[Problem]:
    """What an instance at `path` may not say."""
    if instance.acl is not None:
        yield from _acl_problems((*path, "acl"), instance.acl)
    new: dict[str, object] = {
        "name": instance.name,
        "spec": instance.spec,
        "zone": instance.zone,
        "ingress": instance.ingress and instance.ingress.model_dump(by_alias=True),
        "selfCall": instance.self_call or None,
    }
    if "https_policy" in instance.model_fields_set:
        new["httpsPolicy"] = instance.https_policy
    if instance.id is not None:
        for key, value in new.items():
            if value is not None:
                rule = f"an instance that exists keeps its {key}"
                yield Problem((*path, key), value, rule, f"remove {key}, or id to create one")
        return
    if instance.spec is None:
        rule = "a new instance has a size"
        remedy = "add spec: api.s1.small, or the id of an instance that exists"
        yield Problem((*path, "spec"), None, rule, remedy)
    if instance.ingress is not None:
        where = (*path, "ingress", "vswitch")
        yield from place_problems(settings, instance.ingress.vswitch, where)


def instance_warnings(
    path: KeyPath, instance: InstanceSettings, *, calls_a_group: bool
) -> Iterator[Problem]:
    """What an instance at `path` may say, and probably doesn't mean.

    Args:
        path: where it stands.
        instance: its settings.
        calls_a_group: whether a group has a domain by which the gateway calls itself.
    """
    if instance.acl is not None:
        mode = instance.acl.mode
        for key, entry in instance.acl.entries.items():
            if entry.cidr == _EVERYBODY:
                rule = "this range is everybody, so that nobody gets in"
                if mode == "allow":
                    rule = "this range is everybody, so that nobody is kept out"
                where = (*path, "acl", "entries", key, "cidr")
                yield Problem(where, entry.cidr, rule, "write the ranges that are meant")
    if instance.self_call and not calls_a_group:
        rule = "the gateway calls a group by its self-call domain, and no group has one"
        remedy = (
            "make it: aliyun cloudapi CreateIntranetDomain --GroupId …, with an id of the output "
            "apiGroups; then write it into selfCallDomain of that group"
        )
        yield Problem((*path, "selfCall"), instance.self_call, rule, remedy)


def _acl_problems(path: KeyPath, acl: AclSettings) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for key, entry in acl.entries.items():
        where = (*path, "entries", key, "cidr")
        problem = cidr_problem(where, entry.cidr, range(33))
        if problem is not None:
            yield problem
            continue
        owner = owners.setdefault(entry.cidr, key)
        if owner != key:
            rule = f"a range is in a list once; {owner} is it already"
            yield Problem(where, entry.cidr, rule, f"remove {key} or {owner}")
    yield from rename_problems((*path, "entries"), acl.entries)


def place_problems(settings: StackSettings, vswitch: str, path: KeyPath) -> Iterator[Problem]:
    """Why nothing of the gateway can lie in this vSwitch."""
    yield from vswitch_problems(settings.common, vswitch, path)
    found = settings.common.network_of_vswitch(vswitch)
    if found is not None:
        yield from region_problems(settings, found[0], path, vswitch)


def region_problems(
    settings: StackSettings, network: str | None, path: KeyPath, value: str
) -> Iterator[Problem]:
    """Why the gateway doesn't reach into a network, by whose name or part it stands at `path`."""
    region = settings.region_of(network)
    if region != settings.region:
        rule = (
            f"the gateway is in {settings.region} and connects to VPCs there alone; {value} is in "
            f"{region}"
        )
        remedy = "use a VPC of the gateway's region, and crossRegion to get from there to others"
        yield Problem(path, value, rule, remedy)
