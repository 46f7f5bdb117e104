"""A language host without a program, for engine commands that run none.

`pulumi import` asks the project's language host which packages the program needs, before it does
what it is for. Python's language host isn't to be had here, and the program runs in this process
anyway; so the engine is given this address instead, which answers that nothing is needed.
"""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
import yaml
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2
from typing_extensions import override


class _NoProgram(language_pb2_grpc.LanguageRuntimeServicer):
    """Needs nothing, runs nothing."""

    @override
    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        return language_pb2.GetRequiredPackagesResponse()

    @override
    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo()


@contextmanager
def no_program(project: Path) -> Generator[None]:
    """Make the project file, a copy, name a host of this process while the context lasts."""
    before = project.read_text(encoding="utf-8")
    server = grpc.server(ThreadPoolExecutor(max_workers=2))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(_NoProgram(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    document = yaml.safe_load(before)
    document["runtime"] = {"name": "client", "options": {"address": f"127.0.0.1:{port}"}}
    project.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    try:
        yield
    finally:
        project.write_text(before, encoding="utf-8")
        server.stop(None)
