"""`make native-life` with the real engine and language host, and the simulated plugin.

The real plugin isn't to be had here. The simulated one works on the very account that is served, so
that what the life leads it to is what it counts.
"""

import os
import shlex
from pathlib import Path

import pytest

from sandbox.paths import BIN, SANDBOX_VARIABLE
from tests.made import ROOT
from tools.native_life import main

pytestmark = pytest.mark.engine

LANGUAGE_HOST, PLUGIN = "pulumi-language-python", "pulumi-resource-alicloud"


def test_a_stack_of_production_lives_from_up_to_destroy(
    tmp_path: Path,
    engine: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "pulumi").symlink_to(engine)
    python = shlex.quote(str(ROOT / ".venv" / "bin" / "python"))
    store = f'"$(ls "${SANDBOX_VARIABLE}"/*/cloud.db)"'
    plugin = f"{python} {shlex.quote(str(ROOT / 'sandbox'))} provider --plugin --store {store}"
    host = shlex.quote(str(BIN / LANGUAGE_HOST))
    for name, command in {PLUGIN: plugin, LANGUAGE_HOST: f'{host} "$@"'}.items():
        (folder / name).write_text(f"#!/bin/sh\nexec {command}\n", "utf-8")
        (folder / name).chmod(0o700)
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), os.environ["PATH"]]))
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv(SANDBOX_VARIABLE, str(tmp_path / "sandbox"))
    code = main(["--stack", "prod"])
    said = capfd.readouterr()
    assert code == 0, said.err
    told = [line.partition(":")[0] for line in said.out.splitlines()]
    lowered = ["protected no more", "up", "destroy"]
    assert told[1:] == ["up", "up without a change", "refresh", "up without a change", *lowered]
