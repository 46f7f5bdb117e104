"""Warnings to whoever runs the engine."""

import threading

import grpc
from pulumi.runtime.proto import engine_pb2
from pulumi.runtime.proto.engine_pb2_grpc import EngineStub

__all__ = ["EngineLog"]


class EngineLog:
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
