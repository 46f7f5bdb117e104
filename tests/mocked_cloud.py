"""Pulumi's mocks, answering as the sandbox's cloud would, and every registration as it was made.

The answers come from the sandbox's own kinds, so that a mock can't drift from it. Registrations are
the requests that the engine would get: parents, dependencies, aliases and options included.
"""

import asyncio
import warnings
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, cast
from unittest import mock
from zlib import crc32

import pulumi
from google.protobuf import json_format
from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import SETTINGS
from pulumi.runtime.stack import run_pulumi_func

from facts.contract import Contract, contract_of
from tests.mock_outputs import mock_outputs

PROJECT, STACK = "alicloud-gateways", "dev"
ORGANIZATION = "organization"  # what backends without any call theirs
_PROVIDERS = "pulumi:providers:"


class Registration:
    """One resource as the engine would get it."""

    def __init__(self, request: resource_pb2.RegisterResourceRequest) -> None:
        self.request = request
        self.type: str = request.type
        self.name: str = request.name
        self.parent: str = last(request.parent)
        self.inputs: Mapping[str, Any] = json_format.MessageToDict(request.object)
        self.after = {last(urn) for urn in request.dependencies}
        aliases = cast("Iterable[Any]", request.aliases)
        self.aliases: set[str] = {str(alias.spec.name) for alias in aliases}
        # The reference is the provider's URN and its id.
        self.provider: str = last(request.provider.rpartition("::")[0])

    @property
    def kind(self) -> str:
        """The last word of the type: ForwardEntry."""
        return self.type.rsplit(":", 1)[-1]

    @property
    def contract(self) -> Contract:
        return contract_of(self.type)


class Registered:
    """Everything that a program registered."""

    def __init__(self) -> None:
        self.all: list[Registration] = []
        self.outputs: dict[str, dict[str, Any]] = {}
        """What components put out, by their names."""

    def __getitem__(self, name: str) -> Registration:
        (found,) = [one for one in self.resources if one.name == name]
        return found

    def names(self, kind: str) -> list[str]:
        return sorted(one.name for one in self.all if one.kind == kind)

    @property
    def resources(self) -> list[Registration]:
        """The cloud's resources, without components and providers."""
        return [
            one for one in self.all if one.request.custom and not one.type.startswith(_PROVIDERS)
        ]

    @property
    def components(self) -> list[Registration]:
        return [one for one in self.all if not one.request.custom]


class Cloud(Mocks):
    """A cloud that agrees to everything, and that nobody may ask for anything.

    What it hands out goes by the resource's name: the same in whichever order they arrive.
    """

    def call(self, args: MockCallArgs) -> Any:
        raise AssertionError(f"a component asked the cloud: {args.token}")

    def number(self, name: str) -> int:
        """What a resource of this name gets its ids and addresses by."""
        return crc32(name.encode())

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        if not args.custom:
            return "", {}
        inputs = cast("dict[str, Any]", args.inputs)
        if args.typ.startswith(_PROVIDERS):
            return f"{args.name}-id", inputs
        # A secret somewhere inside a value makes all of it one, and hides it from the cloud.
        secret = [name for name, value in inputs.items() if rpc.is_rpc_secret(value)]
        plain = {name: rpc.unwrap_rpc_secret(value) for name, value in inputs.items()}
        state = mock_outputs(args.typ, plain, self.number(args.name))
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
    ) -> Any:
        outputs = self.registered.outputs.setdefault(last(request.urn), {})
        outputs.update(json_format.MessageToDict(request.outputs))
        answer = cast("Callable[[Any], Any]", super().RegisterResourceOutputs)
        return answer(request)


def run(
    program: Callable[[], object],
    config: Mapping[str, str] | None = None,
    *,
    preview: bool = False,
    cloud: Mocks | None = None,
) -> Registered:
    """Run a program to its end; deprecated inputs and unawaited outputs are errors.

    Args:
        program: what to run.
        config: the stack's.
        preview: whether nothing is to be made.
        cloud: who answers; one that agrees to everything unless given.
    """
    registered = Registered()

    async def main() -> None:
        monitor = _Monitor(registered, cloud or Cloud())
        set_mocks(
            monitor.mocks,
            project=PROJECT,
            stack=STACK,
            organization=ORGANIZATION,
            preview=preview,
            monitor=monitor,
        )
        pulumi.runtime.set_all_config(dict(config or {}))
        await run_pulumi_func(lambda: _to_its_end(program))

    with warnings.catch_warnings(), asyncio.Runner() as runner:
        warnings.simplefilter("error", DeprecationWarning)
        warnings.filterwarnings("ignore", module="pulumi_alicloud.*")
        runner.run(main())
    return registered


def value_of(output: pulumi.Output[Any]) -> Any:
    """What an output came to, in a program that has run to its end."""
    return asyncio.run(output.future())


async def _to_its_end(program: Callable[[], object]) -> None:
    """Run a program, and the asynchronous entry point that it may give to `pulumi.run`."""
    entries: list[Callable[[], Awaitable[object]]] = []
    with mock.patch.object(pulumi, "run", entries.append):
        program()
    for entry in entries:
        await entry()
    # Pulumi's own wait takes minutes for a long chain (see `topologies.program.when_known`).
    outputs = cast("set[asyncio.Task[Any]]", cast("Any", SETTINGS).outputs)
    while pending := [task for task in outputs if not task.done()]:
        await asyncio.wait(pending)


def last(urn: str) -> str:
    """The resource's name in a URN."""
    return urn.rsplit("::", 1)[-1]
