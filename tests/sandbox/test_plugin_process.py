"""Plugins in Python, run as the engine asks a language host to."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from google.protobuf import struct_pb2
from pulumi.runtime.proto import language_pb2

from sandbox.language_host import run_plugin

Ends = list[Callable[[], None]]


def asked(folder: Path, program: str, *arguments: str) -> language_pb2.RunPluginRequest:
    (folder / "__main__.py").write_text(program, encoding="utf-8")
    options = struct_pb2.Struct()
    options.update({"virtualenv": sys.prefix})
    info = language_pb2.ProgramInfo(
        root_directory=str(folder), program_directory=str(folder), options=options
    )
    return language_pb2.RunPluginRequest(
        pwd=str(folder), args=arguments, env=["SAID=by the engine", "odd"], info=info
    )


def test_what_a_plugin_prints_and_how_it_ends_reach_the_engine(tmp_path: Path) -> None:
    program = """
import os, sys
print(sys.argv[1:], os.getcwd(), os.environ["SAID"])
print("beside", file=sys.stderr)
sys.exit(3)
"""
    answers = [*run_plugin(asked(tmp_path, program, "127.0.0.1:1"), lambda _: None)]
    printed = b"".join(answer.stdout for answer in answers).decode()
    assert printed == f"['127.0.0.1:1'] {tmp_path.resolve()} by the engine\n"
    assert b"".join(answer.stderr for answer in answers) == b"beside\n"
    assert answers[-1].WhichOneof("output") == "exitcode"
    assert answers[-1].exitcode == 3


@pytest.mark.timeout(60)
def test_a_plugin_ends_when_the_engine_is_done_with_it(tmp_path: Path) -> None:
    end: Ends = []
    program = "import time; print('ready', flush=True); time.sleep(600)"
    running = run_plugin(asked(tmp_path, program), end.append)
    assert next(running).stdout == b"ready\n"
    end[0]()
    assert [answer.exitcode for answer in running] == [-9]
