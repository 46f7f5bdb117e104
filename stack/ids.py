"""Ids of what exists: what they look like, and the types of settings that hold one.

A setting of these types takes the id itself, or says which output of another stack has it
(`{stack: shared, output: vpcId}`). The settings always hold text: what is written in the other form
is filled in before they are read (`stack.file.references`). Where that can't be done yet, as in a
plan, a text stands there that says what it will be, is different from every id, and is the same for
the same output; `is_unknown` tells it from an id.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from stack.model import Model, broken_rule
from stack.problems import KeyPath, dotted

_IPV4 = r"\d{1,3}(\.\d{1,3}){3}"
_UNKNOWN = re.compile(r"^\$\{.+ of .+\}$")

_PART = r"[A-Za-z0-9._-]{1,100}"  # Pulumi's own limit; the name becomes that of a file
STACK_PATTERN = rf"^{_PART}(/{_PART}/{_PART})?$"
"""A stack of this project by its name alone, or any as organization/project/stack."""


class ReferenceSettings(Model):
    """An output of another stack."""

    stack: str = Field(pattern=STACK_PATTERN, examples=["shared"])
    """The other stack: one of this project by its name, any other as organization/project/stack."""

    output: str = Field(min_length=1, examples=["vswitchIds.apps"])
    """The output's name; of one that is a map, the entry's name too, behind a dot."""


def unknown(reference: ReferenceSettings) -> str:
    """What stands for an output that can't be read yet."""
    return promised(reference.stack, reference.output)


def promised(stack: str, output: str) -> str:
    """What stands for an output of a stack, wherever it is referred to."""
    return f"${{{output} of {stack}}}"


def unknown_at(path: KeyPath) -> str:
    """The same for a reference that nothing can be made of, by its place."""
    return f"${{{dotted(path)} of another stack}}"


def is_unknown(text: str) -> bool:
    """Whether a text stands for an output that can't be read yet."""
    return _UNKNOWN.fullmatch(text) is not None


@dataclass(frozen=True)
class IdKind:
    """One kind of id (or of what is given out like one), and what it looks like."""

    what: str
    """What it is, as rules say it."""

    start: str = ""
    """What it starts with; empty where that isn't always the same."""

    form: str = ".+"
    """What else it looks like: a regular expression for all of it."""

    strict: bool = False
    """Whether one that is written in the stack file must start so, too; an output always must."""

    also: tuple["IdKind", ...] = ()
    """Other kinds that do in its place."""

    def takes(self, other: "IdKind") -> bool:
        """Whether an id of the other kind can stand where one of this kind is needed."""
        return other.what in {self.what, *(kind.what for kind in self.also)}

    def fits(self, text: str) -> bool:
        """Whether `text` looks like one."""
        return text.startswith(self.start) and re.fullmatch(self.form, text) is not None

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Text; what is a map here was meant as a reference, and has been filled in by now."""
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Text, or the reference."""
        text = handler(schema)
        if self.strict:
            text["pattern"] = f"^{re.escape(self.start)}".replace(r"\-", "-")
        return {"anyOf": [text, handler(ReferenceSettings.__pydantic_core_schema__)]}

    def _checked(self, text: str) -> str:
        if self.strict and not is_unknown(text) and not self.fits(text):
            raise broken_rule(
                f"{self.what} is needed here, and starts with {self.start}",
                f"write {self.start}…, or which stack puts it out: {{stack: shared, output: …}}",
            )
        return text


VPC = IdKind("the id of a VPC", "vpc-")
ROUTE_TABLE = IdKind("the id of a route table", "vtb-", strict=True)
VSWITCH = IdKind("the id of a vSwitch", "vsw-")
INSTANCE = IdKind("the id of an ECS instance", "i-")
SECURITY_GROUP = IdKind("the id of a security group", "sg-")
NAMED_SECURITY_GROUP = IdKind(SECURITY_GROUP.what, SECURITY_GROUP.start, strict=True)
EIP = IdKind("the id of an EIP", "eip-")
ADDRESS = IdKind("an IPv4 address", form=_IPV4)
PACKAGE = IdKind("the id of a bandwidth package", "cbwp-")
NAT_GATEWAY = IdKind("the id of a NAT gateway", "ngw-")
FORWARD_TABLE = IdKind("the id of a DNAT table", "ftb-")
SNAT_TABLE = IdKind("the id of an SNAT table", "stb-")
CEN = IdKind("the id of a CEN", "cen-")
ROUTER = IdKind("the id of a transit router", "tr-")
CEN_PACKAGE = IdKind("the id of a CEN's bandwidth package", "cenbwp-")
BORDER_ROUTER = IdKind("the id of a border router", "vbr-")
VPN_GATEWAY = IdKind("the id of a VPN gateway", "vpn-")
API_INSTANCE = IdKind("the id of an API Gateway instance", "api")
BALANCER = IdKind("the id of a load balancer", "lb-")
TARGET = IdKind(
    "the id of a server or a load balancer, or an address",
    form=rf"(i-|lb-).+|{_IPV4}",
    also=(INSTANCE, BALANCER, ADDRESS),
)
ROLE = IdKind("the ARN of a role", "acs:ram::")
OTHER = IdKind("something else")
"""What no setting takes: outputs of this kind are for people and pipelines."""

OutputKinds: TypeAlias = "dict[str, IdKind | OutputKinds]"
"""What a stack puts out, known from its settings alone: by name, what each value will be."""

VpcId = Annotated[str, VPC]
RouteTableId = Annotated[str, ROUTE_TABLE]
VSwitchId = Annotated[str, VSWITCH]
InstanceId = Annotated[str, INSTANCE]
SecurityGroupId = Annotated[str, SECURITY_GROUP]
NamedSecurityGroupId = Annotated[str, NAMED_SECURITY_GROUP]
EipId = Annotated[str, EIP]
PublicAddress = Annotated[str, ADDRESS]
PackageId = Annotated[str, PACKAGE]
NatGatewayId = Annotated[str, NAT_GATEWAY]
ForwardTableId = Annotated[str, FORWARD_TABLE]
SnatTableId = Annotated[str, SNAT_TABLE]
CenId = Annotated[str, CEN]
RouterId = Annotated[str, ROUTER]
CenPackageId = Annotated[str, CEN_PACKAGE]
BorderRouterId = Annotated[str, BORDER_ROUTER]
VpnGatewayId = Annotated[str, VPN_GATEWAY]
ApiInstanceId = Annotated[str, API_INSTANCE]
TargetId = Annotated[str, TARGET]
RoleArn = Annotated[str, ROLE]
