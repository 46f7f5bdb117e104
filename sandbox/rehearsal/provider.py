"""The provider of a rehearsal: the sandbox's own, on a cloud that a state remembers.

In a thread of this process, and its cloud in memory: nothing of it is ever on a disk.

What takes a while in the cloud takes one here too: two changes that nothing keeps apart are to
meet, as they would in the cloud's five seconds, and one is tried again. The first few take long
enough for a slow machine; each that follows takes a little less, so that a long chain doesn't take
minutes.
"""

from collections.abc import Collection, Generator
from contextlib import contextmanager
from typing import Final

from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2 as proto
from typing_extensions import override

from facts.contract import contract_of
from sandbox.cloud import KINDS, Store
from sandbox.provider import serve
from sandbox.provider.quirks import cloud_id
from sandbox.provider.servicer import Context, Servicer
from sandbox.provider.values import read_struct
from stack.pulumi_wire import type_of

__all__ = ["attached"]

_FIRST_SECONDS: Final = 0.4
_NEXT: Final = 0.7
_LEAST_SECONDS: Final = 0.002


class _Told(Servicer):
    """Learns from the engine, which decrypts the state, what the state has encrypted.

    The engine asks of each resource what has changed before it does anything with it.
    """

    def __init__(self, store: Store, encrypted: Collection[str]) -> None:
        super().__init__(store)
        self._encrypted = encrypted
        self._seconds: dict[str, float] = {}

    def _take_time(self, urn: str) -> None:
        """Let the next change of a kind that takes a while take less than the one before."""
        duration = KINDS[contract_of(type_of(urn)).kind].duration
        if duration:
            seconds = self._seconds.get(duration, _FIRST_SECONDS)
            setattr(self._store, duration, seconds)
            self._seconds[duration] = max(seconds * _NEXT, _LEAST_SECONDS)

    @override
    def Create(self, request: proto.CreateRequest, context: Context) -> proto.CreateResponse:
        if not request.preview:
            self._take_time(request.urn)
        return super().Create(request, context)

    @override
    def Update(self, request: proto.UpdateRequest, context: Context) -> proto.UpdateResponse:
        if not request.preview:
            self._take_time(request.urn)
        return super().Update(request, context)

    @override
    def Delete(self, request: proto.DeleteRequest, context: Context) -> Empty:
        self._take_time(request.urn)
        return super().Delete(request, context)

    @override
    def Diff(self, request: proto.DiffRequest, context: Context) -> proto.DiffResponse:
        if request.urn in self._encrypted:
            contract = contract_of(type_of(request.urn))
            self._store.reveal(
                contract.kind,
                cloud_id(contract.kind, request.id),
                contract.to_snake(read_struct(request.olds).values),
                region=self._region(context),
            )
        return super().Diff(request, context)


@contextmanager
def attached(store: Store, encrypted: Collection[str]) -> Generator[int]:
    """Serve a cloud while the context lasts; yields the port.

    Args:
        store: the cloud.
        encrypted: the URNs of what the state encrypts a part of.
    """
    server, port = serve(_Told(store, encrypted))
    try:
        yield port
    finally:
        server.stop(None)
