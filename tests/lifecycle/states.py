"""States that earlier versions made, kept so that later ones can be held against them.

    make keep-state VERSION=1.4.0

builds each example on the simulated cloud and keeps, in `tests/data/states/<version>/<example>`,
the stack file, what it names, the exported state and the cloud as it was. `test_old_states` puts
them back and previews. A version's folder is written once, at its release, and never again.
"""

import argparse
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import yaml

from sandbox.engine import find_engine
from tests.cloud_dump import dump, restore
from tests.lifecycle.account import ROOT, Account
from tests.lifecycle.conftest import Stack

FOLDER = ROOT / "tests" / "data" / "states"
EXAMPLES = (
    "Pulumi.dev.yaml",
    "examples/shared-bandwidth/Pulumi.egress.yaml",
    "examples/unified-egress/Pulumi.own-gateway.yaml",
    "examples/api-gateway/self-call/Pulumi.self-call.yaml",
    "examples/api-gateway/serverless/Pulumi.serverless.yaml",
    "examples/private-calls/across-regions/Pulumi.transit-router.yaml",
    "examples/private-calls/across-regions/Pulumi.basic.yaml",
)
"""One for each topology at least, and each of its parts that has resources of its own."""

STATE, CLOUD, UPDATES = "state.json", "cloud.json", "updates.yaml"
_LEFT_OUT = {"created", "modified", "sourcePosition", "stackTrace", "time"}


def stack_file(kept: Path) -> Path:
    """The stack file of a kept state."""
    (file,) = kept.glob("Pulumi.*.yaml")
    return file


def stack_of(kept: Path) -> str:
    """Its stack's name."""
    return stack_file(kept).name.removeprefix("Pulumi.").removesuffix(".yaml")


def updates(kept: Path) -> dict[str, str]:
    """What a preview of it may update in place, each with the reason."""
    file = kept / UPDATES
    return yaml.safe_load(file.read_text("utf-8")) if file.exists() else {}


def put_back(kept: Path, stack: Stack) -> None:
    """Make a stack's cloud, stack file and state those that were kept."""
    folder = stack.file.parent
    _lay_out(kept, folder)
    state = json.loads((kept / STATE).read_text("utf-8"))
    cloud = json.loads((kept / CLOUD).read_text("utf-8"))
    stack.put_back(folder / stack_file(kept).name, cloud, state["deployment"])


def put_back_in_account(kept: Path, account: Account) -> None:
    """The same, of a copy of the project, which may be another program."""
    _lay_out(kept, account.folder)
    cloud = account.file(".sandbox/account/cloud.db")
    cloud.parent.mkdir(parents=True, exist_ok=True)
    restore(cloud, json.loads((kept / CLOUD).read_text("utf-8")))
    shutil.copyfile(kept / STATE, account.file(STATE))
    account.succeed(f"pulumi stack init {stack_of(kept)} && pulumi stack import --file {STATE}")


def _lay_out(kept: Path, folder: Path) -> None:
    """The stack file, and what it names."""
    for one in kept.iterdir():
        if one.is_dir():
            shutil.copytree(one, folder / one.name)
        elif one.name not in {STATE, CLOUD, UPDATES}:
            shutil.copyfile(one, folder / one.name)


def keep(version: str, example: str, account: Account) -> Path:
    """Build an example in a fresh account and keep what came of it."""
    source = ROOT / example
    kept = FOLDER / version / source.name.removeprefix("Pulumi.").removesuffix(".yaml")
    kept.mkdir(parents=True)
    text = source.read_text("utf-8")
    text = re.sub(r"^# yaml-language-server: .*\n", "", text)
    for name in _named_files(text):
        beside = source.parent / name
        where = kept / Path(name).name
        if beside.is_dir():
            shutil.copytree(beside, where, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(beside, where)
        text = text.replace(name, Path(name).name)
    (kept / source.name).write_text(text, encoding="utf-8")
    for one in kept.iterdir():
        if one.is_dir():
            shutil.copytree(one, account.file(one.name))
        else:
            shutil.copyfile(one, account.file(one.name))
    account.succeed(f"pulumi stack init {stack_of(kept)} && pulumi up --yes")
    exported: object = json.loads(account.succeed("pulumi stack export"))
    _write(kept / STATE, _slim(exported))
    _write(kept / CLOUD, dump(account.file(".sandbox/account/cloud.db")))
    return kept


def _named_files(text: str) -> Iterator[str]:
    """What a stack file names beside itself: the code of functions."""
    config: dict[str, Any] = yaml.safe_load(text)["config"]
    for function in config.get("alicloud-gateways:functions", {}).values():
        yield str(function["code"])


def _slim(value: object) -> object:
    """Without times and places in source code, which differ at every run."""
    if isinstance(value, dict):
        inner = cast("dict[str, object]", value)
        return {key: _slim(one) for key, one in inner.items() if key not in _LEFT_OUT}
    return [_slim(one) for one in cast("list[object]", value)] if isinstance(value, list) else value


def _write(file: Path, value: object) -> None:
    file.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Keep what this version makes of each example."""
    parser = argparse.ArgumentParser(prog="python -m tests.lifecycle.states", description=__doc__)
    parser.add_argument("version", help="of this program; a folder of that name is written")
    version: str = parser.parse_args().version
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*", version):
        sys.exit("Say which version this is: make keep-state VERSION=1.4.0")
    if (FOLDER / version).exists():
        sys.exit(f"{version} is kept already; what a version made never changes.")
    engine = find_engine(print)
    for example in EXAMPLES:
        with tempfile.TemporaryDirectory() as folder:
            kept = keep(version, example, Account.made(Path(folder) / "project", engine))
        sys.stdout.write(f"kept: {kept.relative_to(ROOT)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
