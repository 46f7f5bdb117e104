"""The `functions` section: functions of Function Compute 3.0, and what the cloud calls them.

Source: Function Compute 3.0, "CreateFunction"; Resource Access Management, "CreateRole".
"""

import re
from enum import StrEnum
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import ConfigDict, Field, RootModel

from facts import kinds
from stack.arguments import TAGS, Made, resource
from stack.ids import NamedSecurityGroupId, RoleArn
from stack.model import Model, Name
from stack.naming import resource_name
from stack.secrets import EXAMPLE, TextOrSecret

FUNCTIONS = "functions"
SECTION = "functions"

DEFAULT_TIMEOUT = 10  # seconds: what an API waits unless told otherwise
LONGEST: Final = 64  # of functions, and of RAM roles
_NAME = re.compile(rf"[A-Za-z_][A-Za-z0-9_-]{{0,{LONGEST - 1}}}")
_INVOKER, _NETWORK = "-invoker", "-network"

DiskSize = Literal[512, 10240]


class Runtime(StrEnum):
    """Runtimes that take a folder as it is. Those that need a build or an image aren't offered."""

    PYTHON_3_12 = "python3.12"
    PYTHON_3_10 = "python3.10"
    PYTHON_3_9 = "python3.9"
    NODEJS_20 = "nodejs20"
    NODEJS_18 = "nodejs18"
    NODEJS_16 = "nodejs16"
    PHP_7_2 = "php7.2"


class FunctionNetworkSettings(Model):
    """The VPC that a function reaches, by network cards of its own in some vSwitches."""

    vswitches: Annotated[list[str], Field(min_length=1)] = Field(examples=[["functions"]])
    """Names of vSwitches, all of one network. The function runs in that network's region."""

    security_group: NamedSecurityGroupId | None = Field(default=None, examples=["sg-uf6abc"])
    """The id of the security group that it is in. Without it one is created, which lets nothing
    in."""


class FunctionLogSettings(Model):
    """Where what a function prints is kept: a Logstore of Simple Log Service, which exists."""

    project: str = Field(min_length=1, examples=["shop-logs"])
    """The project, in the function's region."""

    store: str = Field(min_length=1, examples=["functions"])
    """The Logstore in it."""


class FunctionSettings(Made):
    """One function: its code, and what it runs with."""

    makes = resource(
        kinds.FUNCTION,
        code="code",
        cpu="cpu",
        description="description",
        diskSize="disk",
        environmentVariables="environment",
        functionName="name",
        handler="handler",
        instanceConcurrency="concurrency",
        internetAccess="internetAccess",
        logConfig="logs",
        memorySize="memory",
        role="role",
        runtime="runtime",
        tags=TAGS,
        timeout="timeout",
        vpcConfig="network",
    )

    code: str = Field(examples=["phone-lookup"])
    """The folder of its code, relative to the stack file."""

    handler: str = Field(
        default="index.handler",
        pattern=r"^[A-Za-z0-9_/-]+\.[A-Za-z_]\w*$",
        examples=["index.handler"],
    )
    """The file, without its ending, and the function in it."""

    runtime: Runtime = Field(default=Runtime.PYTHON_3_12, strict=False)
    """The language and its version."""

    name: str | None = Field(default=None, examples=["phone-lookup"])
    """Its name in the cloud; `<stack>-<key>` unless given. Another name is another function."""

    description: str | None = Field(default=None, max_length=256)
    """A sentence about it."""

    memory: Annotated[int, Field(ge=128, le=32_768, multiple_of=64)] = 512
    """MB, in steps of 64; 1 to 4 GB for each vCPU."""

    cpu: Annotated[float, Field(ge=0.05, le=16, strict=False)] = 0.35
    """vCPUs, in steps of 0.05."""

    disk: DiskSize = 512
    """MB of its temporary disk: 512 or 10240, which is billed beside the rest."""

    concurrency: Annotated[int, Field(ge=1, le=200, examples=[10])] | None = None
    """Calls that one instance may take at a time; one unless given. To go back to one, write 1."""

    logs: FunctionLogSettings | None = Field(
        default=None, examples=[{"project": "shop-logs", "store": "functions"}]
    )
    """Where what it prints is kept; nowhere unless given."""

    timeout: Annotated[int, Field(ge=1, le=86_400)] = DEFAULT_TIMEOUT
    """Seconds that one call may take. An API in front of it has to wait at least as long."""

    environment: dict[str, TextOrSecret] = Field(
        default_factory=dict[str, TextOrSecret], examples=[{"MODE": "fast", "APP_CODE": EXAMPLE}]
    )
    """Environment variables. Secrets by Pulumi's secret configuration."""

    network: FunctionNetworkSettings | None = Field(
        default=None, examples=[{"vswitches": ["functions"]}]
    )
    """The VPC that it reaches; none unless given."""

    calls: dict[str, str] = Field(
        default_factory=dict[str, str], examples=[{"ORDERS_URL": "orders"}]
    )
    """APIs of this stack that it calls inside, without the internet: the variable that gets the
    API's address, and the API's name."""

    role: RoleArn | None = Field(default=None, examples=["acs:ram::123456789012****:role/lookup"])
    """The ARN of the RAM role that it acts under. In a network it needs one that may manage network
    interfaces, which is made unless given, but for production."""

    internet_access: bool = True
    """Whether it reaches the internet."""

    was: str | None = None
    """What it was called in this file before."""


Functions: TypeAlias = dict[Name, FunctionSettings]


class FunctionsSettings(RootModel[Functions]):
    """Functions of Function Compute, by name."""

    model_config = ConfigDict(frozen=True, strict=True)


def function_name(stack: str, key: str, function: FunctionSettings) -> str:
    """The function's name in the cloud, which knows no dots there."""
    if function.name is not None:
        return function.name
    return resource_name(stack, key).replace(".", "-")


def is_function_name(name: str) -> bool:
    """Whether a function can have this name."""
    return _NAME.fullmatch(name) is not None


def invoker_name(function: str) -> str:
    """The name of the role by which the gateway invokes a function."""
    return _role_name(function) + _INVOKER


def network_role_name(function: str) -> str:
    """The name of the role that a function in a network acts under."""
    return _role_name(function) + _NETWORK


def _role_name(function: str) -> str:
    """RAM knows no underscores."""
    return function.replace("_", "-").strip("-")
