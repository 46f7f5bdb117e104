"""A program runs in its own environment, from its own folder, with nothing of the sandbox's."""

import json
import os
import subprocess
import sysconfig
import time
import venv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import struct_pb2
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2, resource_pb2, resource_pb2_grpc
from typing_extensions import override

from sandbox.engine import ENGINE_VARIABLE
from sandbox.engine.versions import OLDEST_VERSION
from sandbox.language_host import LanguageHost
from sandbox.paths import BIN, SANDBOX_VARIABLE

ENDS = "import pulumi; raise pulumi.RunError('that is all')"


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """As much of an engine as a program needs that registers nothing but its stack."""

    @override
    def SupportsFeature(
        self, request: resource_pb2.SupportsFeatureRequest, context: grpc.ServicerContext
    ) -> resource_pb2.SupportsFeatureResponse:
        return resource_pb2.SupportsFeatureResponse()

    @override
    def RegisterResource(
        self, request: resource_pb2.RegisterResourceRequest, context: grpc.ServicerContext
    ) -> resource_pb2.RegisterResourceResponse:
        return resource_pb2.RegisterResourceResponse(urn="urn:pulumi:s::p::pulumi:pulumi:Stack::s")

    @override
    def RegisterResourceOutputs(
        self, request: resource_pb2.RegisterResourceOutputsRequest, context: grpc.ServicerContext
    ) -> Empty:
        return Empty()


@pytest.fixture(scope="module")
def monitor() -> Iterator[str]:
    """The address of one."""
    server = grpc.server(ThreadPoolExecutor(max_workers=2))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(Monitor(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None)


@dataclass(frozen=True)
class Project:
    """A project's folder, and in it an environment that has Pulumi and nothing else."""

    folder: Path
    monitor: str

    def run(self, program: str, host: Any = None, **options: str) -> language_pb2.RunResponse:
        """Let a host run a program as the engine does."""
        (self.folder / "__main__.py").write_text(program, encoding="utf-8")
        info = language_pb2.ProgramInfo(
            root_directory=str(self.folder),
            program_directory=str(self.folder),
            entry_point=".",
            options=struct_pb2.Struct(),
        )
        info.options.update({"virtualenv": "own", **options})
        request = language_pb2.RunRequest(
            info=info, project="p", stack="s", parallel=1, monitor_address=self.monitor
        )
        one: Any = host or LanguageHost()
        return one.Run(request, None)


@pytest.fixture
def project(tmp_path: Path, monitor: str) -> Project:
    venv.create(tmp_path / "own", symlinks=True)
    packages = sysconfig.get_path("purelib", vars={"base": str(tmp_path / "own")})
    (Path(packages) / "pulumi.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return Project(tmp_path, monitor)


def test_a_program_runs_with_its_environments_python_and_its_folder_first(project: Project) -> None:
    program = f"""
import json, os, sys
with open("seen.json", "w") as file:
    json.dump([sys.prefix, sys.path[0], os.getcwd(), sys.argv, __name__], file)
{ENDS}
"""
    assert project.run(program).bail
    seen = json.loads((project.folder / "seen.json").read_text("utf-8"))
    main = str(project.folder / "__main__.py")
    assert seen == [
        str(project.folder / "own"),
        str(project.folder),
        str(project.folder),
        [main],
        "__main__",
    ]


def test_a_program_cant_import_what_only_the_sandbox_has(
    project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    """It would pass here, and fail wherever the sandbox isn't."""
    assert project.run("import components").bail
    assert "No module named 'components'" in capfd.readouterr().err
    (project.folder / "components.py").write_text("ITS_OWN = True", encoding="utf-8")
    assert project.run(f"from components import ITS_OWN; {ENDS}").bail
    assert "that is all" in capfd.readouterr().err


def test_a_program_that_ends_well_is_none_to_talk_of(project: Project) -> None:
    assert project.run("import pulumi; pulumi.export('a', 1)") == language_pb2.RunResponse()


def test_an_environment_that_isnt_there_is_told_with_what_to_do(project: Project) -> None:
    answer = project.run(ENDS, virtualenv=".venv")
    assert f"there is no {project.folder / '.venv' / 'bin' / 'python'}" in answer.error
    assert "python3 -m venv" in answer.error


def test_an_environment_without_pulumi_says_so(
    project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    venv.create(project.folder / "empty", symlinks=True)
    assert "ended with 1" in project.run(ENDS, virtualenv="empty").error
    assert "has no Pulumi SDK" in capfd.readouterr().err


def test_a_program_that_ends_by_itself_is_no_success(project: Project) -> None:
    assert "ended with 3" in project.run("import os; os._exit(3)").error


@pytest.mark.timeout(60)
def test_what_the_engine_waits_for_in_a_program_ends_when_the_run_is_cancelled(
    project: Project,
) -> None:
    program = """
import asyncio, pathlib, pulumi
async def waiting():
    pathlib.Path("ready").touch()
    await asyncio.sleep(600)
async def ended():
    try:
        await serving
    except asyncio.CancelledError:
        pathlib.Path("ended").touch()
serving = asyncio.create_task(waiting(), name="serving /pulumirpc.Callbacks/Invoke")
pulumi.export("a", pulumi.Output.from_input(ended()))
"""
    host: Any = LanguageHost()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(project.run, program, host)
        while not (project.folder / "ready").exists():
            assert not running.done(), running.result()
            time.sleep(0.02)
        host.Cancel(Empty(), None)
        assert running.result() == language_pb2.RunResponse()
    assert (project.folder / "ended").exists()


def test_what_the_scripts_start_gets_no_path_of_theirs(tmp_path: Path) -> None:
    """The engine hands its environment on to everything that it starts."""
    engine = tmp_path / "engine"
    said = f"#!/bin/sh\n[ $1 = version ] && echo v{OLDEST_VERSION} || echo path: $PYTHONPATH\n"
    engine.write_text(said, encoding="utf-8")
    engine.chmod(0o700)
    told = subprocess.run(
        [str(BIN / "pulumi"), "preview"],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": "/the/users",
            ENGINE_VARIABLE: str(engine),
            SANDBOX_VARIABLE: str(tmp_path / "sandbox"),
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "path: /the/users\n"
