"""Unit tests of programs that use these components: what a program registers, without an engine.

    from alicloud_gateways.testing import run

    def test_the_shop_is_reached_by_https_alone() -> None:
        made = run("__main__.py")
        assert made["doors-web"].inputs["externalPort"] == "443"

The cloud of such a test agrees to everything, and answers what components read: ids that carry the
resource's name, and addresses of the ranges for documentation. It knows no rule of the real one.
"""

import asyncio
import runpy
import warnings
from collections.abc import Awaitable, Callable, Iterable, Mapping
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any, Final, cast
from unittest import mock
from zlib import crc32

import pulumi
from google.protobuf import json_format
from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.rpc_manager import RPCManager
from pulumi.runtime.settings import SETTINGS, get_root_resource
from pulumi.runtime.stack import run_pulumi_func

Program = Callable[[], object] | str | Path
"""A function that registers resources, or the file of a program."""

_PROVIDERS: Final = "pulumi:providers:"
_PUBLIC: Final = IPv4Network("203.0.113.0/24")  # for documentation, nobody's
_PRIVATE: Final = IPv4Network("192.168.0.0/24")
_HOSTS: Final = 254

ANSWERS: Final[Mapping[str, Mapping[str, str]]] = {
    "alicloud:apigateway/api:Api": {"apiId": "{name}"},
    "alicloud:apigateway/group:Group": {
        "subDomain": "{name}.alicloudapi.com",
        "vpcDomain": "{name}-vpc.alicloudapi.com",
    },
    "alicloud:cen/transitRouter:TransitRouter": {"transitRouterId": "tr-{name}"},
    "alicloud:cen/transitRouterPeerAttachment:TransitRouterPeerAttachment": {
        "transitRouterAttachmentId": "tr-attach-{name}"
    },
    "alicloud:cen/transitRouterRouteTable:TransitRouterRouteTable": {
        "transitRouterRouteTableId": "vtb-{name}"
    },
    "alicloud:cen/transitRouterVbrAttachment:TransitRouterVbrAttachment": {
        "transitRouterAttachmentId": "tr-attach-{name}"
    },
    "alicloud:cen/transitRouterVpcAttachment:TransitRouterVpcAttachment": {
        "transitRouterAttachmentId": "tr-attach-{name}"
    },
    "alicloud:ecs/ecsNetworkInterface:EcsNetworkInterface": {
        "mac": "{mac}",
        "primaryIpAddress": "{private_address}",
    },
    "alicloud:ecs/eipAddress:EipAddress": {"ipAddress": "{address}"},
    "alicloud:fc/v3Function:V3Function": {"functionArn": "acs:fc:::functions/{name}"},
    "alicloud:ram/role:Role": {"arn": "acs:ram:::role/{name}"},
    "alicloud:slb/applicationLoadBalancer:ApplicationLoadBalancer": {
        "address": "{private_address}"
    },
    "alicloud:vpc/forwardEntry:ForwardEntry": {"forwardEntryId": "fwd-{name}"},
    "alicloud:vpc/natGateway:NatGateway": {
        "forwardTableIds": "ftb-{name}",
        "snatTableIds": "stb-{name}",
    },
    "alicloud:vpc/network:Network": {"routeTableId": "vtb-{name}"},
    "alicloud:vpc/snatEntry:SnatEntry": {"snatEntryId": "snat-{name}"},
    "alicloud:vpn/gateway:Gateway": {
        "internetIp": "{address}",
        "disasterRecoveryInternetIp": "{address}",
    },
}
"""What the cloud says by itself of a resource, where components read it, by the resource's type."""


class Registration:
    """One resource as the engine would get it."""

    type: str
    """Its type: `alicloud:vpc/forwardEntry:ForwardEntry`."""

    name: str
    """Its name: `doors-web`."""

    parent: str
    """The name of its component; of the stack, for what belongs to none."""

    inputs: Mapping[str, Any]
    """What the program says of it, by the provider's names: `externalPort`."""

    after: set[str]
    """Names of what it waits for."""

    aliases: set[str]
    """Names that it had before."""

    provider: str
    """The name of its provider; empty for the default one."""

    request: resource_pb2.RegisterResourceRequest
    """All of it, in the engine's words: protection, what is deleted first, hooks."""

    def __init__(self, request: resource_pb2.RegisterResourceRequest) -> None:
        """Read what the engine would get."""
        self.request = request
        self.type = request.type
        self.name = request.name
        self.parent = last(request.parent)
        self.inputs = json_format.MessageToDict(request.object)
        self.after = {last(urn) for urn in request.dependencies}
        aliases = cast("Iterable[Any]", request.aliases)
        self.aliases = {str(alias.spec.name) for alias in aliases}
        # The reference is the provider's URN and its id.
        self.provider = last(request.provider.rpartition("::")[0])

    @property
    def kind(self) -> str:
        """The last word of its type: `ForwardEntry`."""
        return self.type.rsplit(":", 1)[-1]


class Registered:
    """Everything that a program registered."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.all: list[Registration] = []
        self.outputs: dict[str, dict[str, Any]] = {}
        """What components put out, by their names."""
        self.exports: dict[str, Any] = {}
        """What the program exports; None for what is unknown in a preview."""

    def __getitem__(self, name: str) -> Registration:
        """The one resource of the cloud that has this name.

        Raises:
            LookupError: there is none, or more than one; the message has the names that there are.
        """
        found = [one for one in self.resources if one.name == name]
        if len(found) != 1:
            names = ", ".join(sorted(one.name for one in self.resources)) or "none"
            message = f"{len(found)} resources are called {name}; registered are: {names}"
            raise LookupError(message)
        return found[0]

    def names(self, kind: str) -> list[str]:
        """The names of all resources of a kind: `ForwardEntry`."""
        return sorted(one.name for one in self.all if one.kind == kind)

    @property
    def resources(self) -> list[Registration]:
        """The cloud's resources, without components and providers."""
        return [
            one for one in self.all if one.request.custom and not one.type.startswith(_PROVIDERS)
        ]

    @property
    def components(self) -> list[Registration]:
        """What resources belong to."""
        return [one for one in self.all if not one.request.custom]


class Cloud(Mocks):
    """A cloud that agrees to everything, and that nobody may ask for anything.

    What it hands out goes by the resource's name: the same in whichever order they arrive.
    """

    def call(self, args: MockCallArgs) -> Any:  # noqa: ANN401 - the protocol's type
        """Refuse: a component looks nothing up. A program that does needs a cloud of its own."""
        message = f"the program asked the cloud: {args.token}"
        raise AssertionError(message)

    def number(self, name: str) -> int:
        """What a resource of this name gets its ids and addresses by."""
        return crc32(name.encode())

    def answers(self, args: MockResourceArgs, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """All that the cloud says of a resource, what it was told included."""
        number = self.number(args.name) % _HOSTS
        own = {
            key: form.format(
                name=args.name,
                address=_PUBLIC[1 + number],
                private_address=_PRIVATE[1 + number],
                mac=f"00:16:3e:00:00:{number:02x}",
            )
            for key, form in ANSWERS.get(args.typ, {}).items()
        }
        return {**own, **inputs}

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        """Make a resource: `<name>-id`, and its answers."""
        if not args.custom:
            return "", {}
        inputs = cast("dict[str, Any]", args.inputs)
        if args.typ.startswith(_PROVIDERS):
            return f"{args.name}-id", inputs
        # A secret somewhere inside a value makes all of it one, and hides it from the cloud.
        secret = [name for name, value in inputs.items() if rpc.is_rpc_secret(value)]
        plain = {name: rpc.unwrap_rpc_secret(value) for name, value in inputs.items()}
        state = self.answers(args, plain)
        kept = {name: rpc.wrap_rpc_secret(state[name]) for name in secret}
        return f"{args.name}-id", {**state, **kept}


class _Monitor(MockMonitor):
    def __init__(self, registered: Registered, cloud: Mocks) -> None:
        super().__init__(cloud)
        self.registered = registered

    def RegisterResource(  # noqa: N802 - the protocol's name
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        if request.type != "pulumi:pulumi:Stack":
            self.registered.all.append(Registration(request))
        answer = cast("Callable[[Any], Any]", super().RegisterResource)  # untyped in the SDK
        return answer(request)

    def RegisterResourceOutputs(  # noqa: N802 - the protocol's name
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> Any:  # noqa: ANN401 - the protocol's type
        outputs = self.registered.outputs.setdefault(last(request.urn), {})
        outputs.update(json_format.MessageToDict(request.outputs))
        answer = cast("Callable[[Any], Any]", super().RegisterResourceOutputs)
        return answer(request)


def run(  # noqa: PLR0913 - each is something that a stack has
    program: Program,
    config: Mapping[str, str] | None = None,
    *,
    preview: bool = False,
    cloud: Mocks | None = None,
    project: str = "project",
    stack: str = "dev",
    organization: str = "organization",
) -> Registered:
    """Run a program to its end; deprecated inputs and unawaited outputs are errors.

    Args:
        program: what to run.
        config: the stack's: `{"alicloud:region": "cn-shanghai"}`.
        preview: whether nothing is to be made.
        cloud: who answers; one that agrees to everything unless given.
        project: the project's name.
        stack: the stack's.
        organization: the stack's.
    """
    registered = Registered()

    async def main() -> None:
        monitor = _Monitor(registered, cloud or Cloud())
        set_mocks(
            monitor.mocks,
            project=project,
            stack=stack,
            organization=organization,
            preview=preview,
            monitor=monitor,
        )
        # A run that failed leaves what it was waiting for, which would fail this one.
        own = cast("Any", SETTINGS)
        own.outputs, own.rpc_manager = set[Any](), RPCManager()
        pulumi.runtime.set_all_config(dict(config or {}))
        await run_pulumi_func(lambda: _to_its_end(program))
        exports = cast("Any", get_root_resource()).outputs
        known = await pulumi.Output.all(**exports).future()
        registered.exports = cast("dict[str, Any]", known or {})

    with warnings.catch_warnings(), asyncio.Runner() as runner:
        warnings.simplefilter("error", DeprecationWarning)
        warnings.filterwarnings("ignore", module="pulumi_alicloud.*")
        runner.run(main())
    return registered


def value_of(output: pulumi.Output[Any]) -> Any:  # noqa: ANN401 - whatever an output holds
    """What an output came to, in a program that has run to its end."""
    return asyncio.run(output.future())


async def _to_its_end(program: Program) -> None:
    """Run a program, and the asynchronous entry point that it may give to `pulumi.run`."""
    entries: list[Callable[[], Awaitable[object]]] = []
    with mock.patch.object(pulumi, "run", entries.append):
        if callable(program):
            program()
        else:
            runpy.run_path(str(program), run_name="__main__")
    for entry in entries:
        await entry()
    # Pulumi's own wait takes minutes for a long chain.
    outputs = cast("set[asyncio.Task[Any]]", cast("Any", SETTINGS).outputs)
    while pending := [task for task in outputs if not task.done()]:
        await asyncio.wait(pending)


def last(urn: str) -> str:
    """The resource's name in a URN."""
    return urn.rsplit("::", 1)[-1]
