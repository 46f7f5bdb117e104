"""The gRPC server around the provider."""

from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, cast

import grpc
from pulumi.runtime.proto.provider_pb2_grpc import add_ResourceProviderServicer_to_server

from sandbox.cloud import Store
from sandbox.provider.ram_check import RamCheck
from sandbox.provider.servicer import Servicer

__all__ = ["Server", "serve"]

# More than the engine ever has under way at once, so that waiting for an entry blocks nobody.
_THREADS = 64
_ANY_SIZE = -1


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
