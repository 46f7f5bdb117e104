"""Settings of a dedicated instance: what it is, who calls it from inside, and from outside."""

from enum import StrEnum

from pydantic import Field

from stack.ids import ApiInstanceId
from stack.model import Model, Name


class AclMode(StrEnum):
    """What an access control list means."""

    ALLOW = "allow"
    """Nobody but these."""

    DENY = "deny"
    """Everybody but these."""


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

    mode: AclMode = Field(strict=False, examples=["allow"])
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


class InstanceSettings(Model):
    """A dedicated instance: created, or one that exists."""

    id: ApiInstanceId | None = Field(default=None, examples=["apigateway-sh-uf6abc"])
    """Use the instance with this id instead of creating one."""

    name: str | None = Field(default=None, examples=["shop"], pattern=r"^[A-Za-z0-9_-]+$")
    """Its name in the cloud; `<stack>-gateway` unless given."""

    spec: str | None = Field(default=None, examples=["api.s1.small"], pattern=r"^api\.")
    """Its size. Needed for a new one; it is billed by the hour."""

    https_policy: str = Field(default="HTTPS2_TLS1_2", examples=["HTTPS2_TLS1_2"])
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
