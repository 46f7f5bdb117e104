"""Two stacks in a folder of their own, for tests of what moves between them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stack.file.yaml_file import YamlFile
from tests.docs.pages import ROOT
from tools.promote.__main__ import main

NAMESPACE = "alicloud-gateways"


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


class Pair:
    """Copies of dev's and staging's stack files, and the command between them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.source, self.target = folder / "Pulumi.dev.yaml", folder / "Pulumi.staging.yaml"
        self._capsys = capsys
        for file in (self.source, self.target):
            file.write_bytes((ROOT / file.name).read_bytes())
        self.before = self.text

    @property
    def text(self) -> str:
        """The target's text as it is now."""
        return self.target.read_bytes().decode("utf-8")

    def edit(self, file: Path, old: str, new: str) -> None:
        """Replace a piece that stands in a file once."""
        text = file.read_bytes().decode("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        file.write_bytes(text.replace(old, new).encode("utf-8"))
        self.before = self.text

    def edit_dev(self, old: str, new: str) -> None:
        self.edit(self.source, old, new)

    def edit_staging(self, old: str, new: str) -> None:
        self.edit(self.target, old, new)

    def run(self, *more: str) -> Ended:
        """The command with these options."""
        self._capsys.readouterr()
        code = main(["--from", str(self.source), "--to", str(self.target), *more])
        shown = self._capsys.readouterr()
        return Ended(code, shown.out, shown.err)

    def promote(self, *more: str) -> Ended:
        """Promote without the preview."""
        return self.run("--no-preview", *more)

    def check(self, *more: str) -> Ended:
        """Look, and write nothing."""
        before = self.text
        ended = self.run("--check", *more)
        assert self.text == before
        return ended

    def changed(self) -> tuple[list[str], list[str]]:
        """The target's lines that are gone, and those that are new."""
        old, new = self.before.splitlines(), self.text.splitlines()
        return [line for line in old if line not in new], [line for line in new if line not in old]

    def refused(self, *more: str, code: int = 2) -> str:
        """Promote, which has to fail and to write nothing; what it said."""
        ended = self.promote(*more)
        assert (ended.code, self.text) == (code, self.before), ended.err
        return ended.err

    def values(self, section: str) -> Any:
        """What the target's file says under a key."""
        top: Any = YamlFile.read(self.target).values
        return top["config"][f"{NAMESPACE}:{section}"]
