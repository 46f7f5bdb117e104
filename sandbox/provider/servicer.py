"""The provider protocol over a store: what the Pulumi engine calls, and the server around it.

Several provider instances (one for each region) share one process. Each has a connection of its
own, so the gRPC peer tells them apart; `Configure` says which region a peer means.
"""

import json
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn, Protocol, TypeVar, cast

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, plugin_pb2
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto.engine_pb2_grpc import EngineStub
from pulumi.runtime.proto.provider_pb2_grpc import (
    ResourceProviderServicer,
    add_ResourceProviderServicer_to_server,
)
from typing_extensions import override

from sandbox.cloud import CallerKilledError, CloudError, LostAnswerError, Store
from sandbox.provider import resources
from sandbox.provider.client import Client
from sandbox.provider.ram_check import RamCheck
from sandbox.provider.resources import InitFailedError, Metadata
from sandbox.provider.values import read_struct

__all__ = ["Server", "Servicer", "serve"]

# The SDK that our stacks are written against.
_VERSION = "4.0.0"
# The real provider's, when neither config nor environment says one.
_DEFAULT_REGION = "cn-beijing"
# More than the engine ever has under way at once, so that waiting for an entry blocks nobody.
_THREADS = 64
_ANY_SIZE = -1
_Answer = TypeVar("_Answer")


class Context(Protocol):
    """The part of a gRPC call's context that is used here."""

    def peer(self) -> str: ...
    def abort(self, code: grpc.StatusCode, details: str) -> NoReturn: ...
    def set_trailing_metadata(self, trailing_metadata: Metadata) -> None: ...


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit  # Not reached: nothing outlives that signal.


class _EngineLog:
    """The engine's log, once it has said where it listens; silent before and when it is gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._address = ""
        self._stub: EngineStub | None = None

    def attach(self, address: str) -> None:
        with self._lock:
            if address and address != self._address:
                self._address, self._stub = address, None

    def warn(self, urn: str, message: str) -> None:
        """Show a warning beside a resource."""
        with self._lock:
            if not self._address:
                return
            if self._stub is None:
                self._stub = EngineStub(grpc.insecure_channel(self._address))
            stub = self._stub
        request = engine_pb2.LogRequest(
            severity=engine_pb2.WARNING, message=message, urn=urn, streamId=0
        )
        try:
            # pulumi's stubs leave the request type of `Log` open
            stub.Log(request)  # pyright: ignore[reportUnknownMemberType]
        except grpc.RpcError:
            # A warning that nobody hears is no reason to fail what it is about.
            return


class Servicer(ResourceProviderServicer):
    """Answers the engine.

    Args:
        store: the cloud.
        die: what to do when the fault plan wants this process killed.
        ram: says which calls the provider's identity may make; any without one.
    """

    def __init__(
        self, store: Store, die: Callable[[], NoReturn] = _die, ram: RamCheck | None = None
    ) -> None:
        self._store = store
        self._die = die
        self._ram = ram
        self._regions: dict[str, str] = {}
        self._log = _EngineLog()

    def _region(self, context: Context) -> str:
        """That of the provider instance that asks."""
        return self._regions.get(context.peer(), _DEFAULT_REGION)

    def _client(self, context: Context) -> Client:
        return Client(self._store, self._region(context), ram=self._ram)

    def _answer(self, context: Context, work: Callable[[], _Answer]) -> _Answer:
        """Turn what the cloud refuses into a message that the engine shows."""
        try:
            return work()
        except CloudError as refusal:
            context.abort(grpc.StatusCode.UNKNOWN, str(refusal))
        except (LookupError, LostAnswerError) as problem:
            context.abort(grpc.StatusCode.UNKNOWN, " ".join(map(str, problem.args)))
        except InitFailedError as failure:
            context.set_trailing_metadata(failure.metadata)
            context.abort(grpc.StatusCode.UNKNOWN, str(failure))
        except CallerKilledError:
            self._die()

    # --- the plugin ---------------------------------------------------------------------------

    @override
    def Handshake(
        self, request: proto.ProviderHandshakeRequest, context: Context
    ) -> proto.ProviderHandshakeResponse:
        self._log.attach(request.engine_address)
        return proto.ProviderHandshakeResponse(accept_secrets=True)

    @override
    def Attach(self, request: plugin_pb2.PluginAttach, context: Context) -> Empty:
        self._log.attach(request.address)
        return Empty()

    @override
    def GetPluginInfo(self, request: Empty, context: Context) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=_VERSION)

    @override
    def CheckConfig(self, request: proto.CheckRequest, context: Context) -> proto.CheckResponse:
        return proto.CheckResponse(inputs=request.news)

    @override
    def DiffConfig(self, request: proto.DiffRequest, context: Context) -> proto.DiffResponse:
        return proto.DiffResponse(changes=proto.DiffResponse.DIFF_NONE)

    @override
    def Configure(
        self, request: proto.ConfigureRequest, context: Context
    ) -> proto.ConfigureResponse:
        arguments = read_struct(request.args).values
        region = arguments.get("region") or request.variables.get("alicloud:config:region")
        region = region or os.environ.get("ALICLOUD_REGION") or _DEFAULT_REGION
        self._regions[context.peer()] = _plain(region)
        return proto.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    @override
    def Cancel(self, request: Empty, context: Context) -> Empty:
        return Empty()

    # --- resources ----------------------------------------------------------------------------

    @override
    def Check(self, request: proto.CheckRequest, context: Context) -> proto.CheckResponse:
        response, warnings = self._answer(context, lambda: resources.check(request))
        for warning in warnings:
            self._log.warn(request.urn, warning)
        return response

    @override
    def Diff(self, request: proto.DiffRequest, context: Context) -> proto.DiffResponse:
        return self._answer(context, lambda: resources.diff(request))

    @override
    def Create(self, request: proto.CreateRequest, context: Context) -> proto.CreateResponse:
        return self._answer(context, lambda: resources.create(request, self._client(context)))

    @override
    def Read(self, request: proto.ReadRequest, context: Context) -> proto.ReadResponse:
        return self._answer(context, lambda: resources.read(request, self._client(context)))

    @override
    def Update(self, request: proto.UpdateRequest, context: Context) -> proto.UpdateResponse:
        return self._answer(context, lambda: resources.update(request, self._client(context)))

    @override
    def Delete(self, request: proto.DeleteRequest, context: Context) -> Empty:
        self._answer(context, lambda: resources.delete(request, self._client(context)))
        return Empty()

    @override
    def Invoke(self, request: proto.InvokeRequest, context: Context) -> proto.InvokeResponse:
        """None is simulated: our topologies name what exists instead of looking it up."""
        context.abort(
            grpc.StatusCode.UNKNOWN,
            f"the sandbox doesn't simulate the data source {request.tok!r}. State what it would "
            "look up (an id, a zone) in the stack file.",
        )


def _plain(region: object) -> str:
    """Provider arguments may arrive as JSON."""
    text = str(region)
    return str(json.loads(text)) if text.startswith('"') else text


class Server(Protocol):
    """The part of a gRPC server that its owner needs."""

    def stop(self, grace: float | None) -> object: ...


def serve(servicer: Servicer | Store, port: int = 0) -> tuple[Server, int]:
    """Serve on 127.0.0.1; answers the server and its port, a free one unless stated."""
    if isinstance(servicer, Store):
        servicer = Servicer(servicer, ram=RamCheck.of_environment())
    server = grpc.server(
        ThreadPoolExecutor(max_workers=_THREADS),
        options=[
            ("grpc.max_receive_message_length", _ANY_SIZE),
            ("grpc.max_send_message_length", _ANY_SIZE),
        ],
    )
    add_ResourceProviderServicer_to_server(servicer, server)
    bound = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    return cast("Server", server), bound
