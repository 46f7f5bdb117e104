"""Run the program without an engine and note what it registers.

Owns the stand-in for Pulumi's resource monitor. It answers each registration with the inputs and,
for every field that the cloud computes, a symbol such as `${shared-bandwidth-ip3.ipAddress}`: an
invented address would look like a fact. Which fields are computed is `facts.contract`'s to say.

The run is a preview: a field that is answered with nothing becomes unknown, and is shown as such
where it is used. (In a run that isn't, it would become None, and the input that depends on it
would vanish without a word.)
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Never

from google.protobuf.struct_pb2 import Struct, Value
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import SETTINGS
from pulumi.runtime.stack import run_pulumi_func

from facts.contract import contract_of
from stack.naming import NAMESPACE
from stack.pulumi_wire import SECRET_SIGNATURE, SIGNATURE, UNKNOWN, name_of, type_of
from stack.settings import StackSettings
from topologies.builder import build

SECRET = "[secret]"  # noqa: S105 - what is shown in a secret's place
KNOWN_LATER = "[known after creation]"

COMPUTED_WITH = frozenset({"mac"})
"""Fields that a component doesn't pass on but makes something of, which a symbol wouldn't fit: a
network interface's MAC address goes into a script, and into file names there."""

STACK_TYPE = "pulumi:pulumi:Stack"

PROVIDER_TYPES = "pulumi:providers:"
"""How the type of a provider instance starts: registered like a resource, and none of the cloud."""


@dataclass(frozen=True)
class RecordedResource:
    """One registration, as the engine would receive it."""

    type: str
    """The provider's token: alicloud:vpc/forwardEntry:ForwardEntry."""

    name: str
    parent: str | None
    """The name of the component that it belongs to."""

    inputs: Mapping[str, Any]
    """camelCase; computed values as symbols, secrets hidden."""

    ignore_changes: tuple[str, ...] = ()
    provider: str = ""
    """The provider instance, where it isn't the default one."""

    parent_type: str | None = None
    """The component's type: alicloud-gateways:index:NatGateway."""


@dataclass(frozen=True)
class RecordedComponent:
    """One registration of a component: nothing in the cloud, and a line of the state."""

    type: str
    name: str


def record(settings: StackSettings) -> list[RecordedResource]:
    """Every resource that the program registers for `settings`, sorted by name; no components.

    Raises:
        LookupError: a resource's type has no contract; the message says how to add it.
    """
    return record_all(settings)[0]


def record_all(
    settings: StackSettings,
) -> tuple[list[RecordedResource], list[RecordedComponent]]:
    """As `record`, and the components, sorted by name.

    Raises:
        LookupError: a resource's type has no contract; the message says how to add it.
    """
    monitor = _RecordingMonitor()
    # A loop and a context of its own: nothing of this run stays behind in the caller's.
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        runner.run(_run(settings, monitor))
    return (
        sorted(monitor.recorded, key=lambda resource: (resource.name, resource.type)),
        sorted(monitor.components, key=lambda component: component.name),
    )


async def _run(settings: StackSettings, monitor: MockMonitor) -> None:
    # In this context alone: an earlier run that failed may have left tasks behind, of a loop that
    # is closed by now.
    outputs: set[asyncio.Task[Any]] = set()
    SETTINGS.outputs = outputs  # pyright: ignore[reportAttributeAccessIssue] - a context variable
    set_mocks(
        monitor.mocks,
        project=NAMESPACE,
        stack=settings.stack,
        preview=True,
        logger=_silent_logger(),
        monitor=monitor,
    )

    async def program() -> None:
        build(settings)
        # Pulumi's own wait looks at every outstanding task each time that one is done, which at a
        # thousand entries takes minutes. It finds them all done after this one.
        while pending := [task for task in outputs if not task.done()]:
            await asyncio.wait(pending)

    await run_pulumi_func(program)


def _silent_logger() -> logging.Logger:
    logger = logging.getLogger(__name__)
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    return logger


def _unanswerable(what: str) -> NotImplementedError:
    return NotImplementedError(f"the program asks the cloud ({what}); a plan can't answer that")


class _NoLookups(Mocks):
    """Refuses what a plan can't answer: questions to the cloud."""

    def call(self, args: MockCallArgs) -> Never:
        raise _unanswerable(args.token)

    def new_resource(self, args: MockResourceArgs) -> Never:
        raise _unanswerable(args.name)


class _RecordingMonitor(MockMonitor):
    """Notes each request as it arrives, before Pulumi's own mocks would simplify it."""

    def __init__(self) -> None:
        super().__init__(_NoLookups())
        self.recorded: list[RecordedResource] = []
        self.components: list[RecordedComponent] = []

    def RegisterResource(  # noqa: N802 - the protocol's name
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        urn = self.make_urn(request.parent, request.type, request.name)
        if not request.custom:
            if request.type != STACK_TYPE:
                self.components.append(RecordedComponent(request.type, request.name))
            return resource_pb2.RegisterResourceResponse(urn=urn)
        answer = Struct()
        answer.CopyFrom(request.object)
        hidden = {*request.additionalSecretOutputs}
        if not request.type.startswith(PROVIDER_TYPES):
            contract = contract_of(request.type)
            hidden |= {field.camel for field in contract.fields.values() if field.sensitive}
            for field in contract.computed.values():
                # Only text can hold a symbol; other computed fields stay unknown.
                if (
                    field.type == "String"
                    and field.camel not in answer.fields
                    and field.camel not in COMPUTED_WITH
                ):
                    answer[field.camel] = symbol(request.name, field.camel)
        self.recorded.append(_recorded(request, hidden))
        return resource_pb2.RegisterResourceResponse(
            urn=urn, id=symbol(request.name, "id"), object=answer
        )

    # Pulumi's own versions of these two make event loops in passing and leave them open.

    def Invoke(self, request: resource_pb2.ResourceInvokeRequest) -> Never:  # noqa: N802 - as above
        raise _unanswerable(request.tok)

    def ReadResource(self, request: resource_pb2.ReadResourceRequest) -> Never:  # noqa: N802 - as above
        raise _unanswerable(request.name)


def symbol(resource: str, field: str) -> str:
    """What stands for a value that only the cloud can say."""
    return f"${{{resource}.{field}}}"


def _recorded(request: resource_pb2.RegisterResourceRequest, hidden: set[str]) -> RecordedResource:
    inputs = {
        key: SECRET if key in hidden else _shown(value)
        for key, value in sorted(request.object.fields.items())
    }
    return RecordedResource(
        type=request.type,
        name=request.name,
        parent=_component(request.parent),
        inputs=inputs,
        ignore_changes=tuple(request.ignoreChanges),
        provider=request.provider,
        parent_type=type_of(request.parent) if _component(request.parent) else None,
    )


def _component(urn: str) -> str | None:
    """The parent's name; none for what belongs to the stack itself."""
    if not urn or type_of(urn) == STACK_TYPE:
        return None
    return name_of(urn)


def _shown(value: Value) -> Any:  # noqa: ANN401 - plain values of any kind
    """A protocol value as plain data: nothing secret, whole numbers whole."""
    match value.WhichOneof("kind"):
        case "struct_value":
            return _shown_map(value.struct_value.fields)
        case "list_value":
            return [_shown(item) for item in value.list_value.values]
        case "string_value":
            return KNOWN_LATER if value.string_value == UNKNOWN else value.string_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case _:
            return value.bool_value if value.HasField("bool_value") else None


def _shown_map(fields: Mapping[str, Value]) -> Any:  # noqa: ANN401 - plain values of any kind
    """A map; or what the protocol wraps in one: secrets, resources, assets and archives."""
    if SIGNATURE not in fields:
        return {key: _shown(item) for key, item in sorted(fields.items())}
    if fields[SIGNATURE].string_value == SECRET_SIGNATURE:
        return SECRET
    if "urn" in fields:
        return symbol(name_of(fields["urn"].string_value), "id")
    places = [fields[key].string_value for key in ("path", "uri") if key in fields]
    return f"[contents of {places[0]}]" if places else "[contents]"
