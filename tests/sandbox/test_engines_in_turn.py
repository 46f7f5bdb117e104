"""Several engines serve one process, one after the other, on whatever ports are free."""

from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime import _grpc_settings as sdk
from pulumi.runtime.proto import resource_pb2_grpc
from typing_extensions import override

from sandbox import driver


class _Engine(resource_pb2_grpc.ResourceMonitorServicer):
    @override
    def SignalAndWaitForShutdown(self, request: Empty, context: grpc.ServicerContext) -> Empty:
        return Empty()


def _ask(address: str) -> grpc.Channel:
    """Ask an engine something on a channel as the SDK makes it; the SDK leaves it open."""
    channel = grpc.insecure_channel(address, options=sdk._GRPC_CHANNEL_OPTIONS)  # pyright: ignore[reportPrivateUsage]
    resource_pb2_grpc.ResourceMonitorStub(channel).SignalAndWaitForShutdown(Empty())
    return channel


def test_a_program_reaches_an_engine_on_the_port_of_one_that_has_gone() -> None:
    assert driver.driver  # which has told the SDK how to connect
    first, second = (grpc.server(ThreadPoolExecutor(max_workers=1)) for _ in range(2))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(_Engine(), first)
    port = first.add_insecure_port("127.0.0.1:0")
    first.start()
    left_open = _ask(f"127.0.0.1:{port}")
    first.stop(None).wait()
    with pytest.raises(grpc.RpcError):
        resource_pb2_grpc.ResourceMonitorStub(left_open).SignalAndWaitForShutdown(Empty())

    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(_Engine(), second)
    assert second.add_insecure_port(f"127.0.0.1:{port}") == port
    second.start()
    try:
        _ask(f"127.0.0.1:{port}").close()
    finally:
        second.stop(None)
        left_open.close()
