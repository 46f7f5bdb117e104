"""What `make deploy` is told, and what it makes of a review and of how the update ended."""

import os
import shutil
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.pipelines.machine import ROOT
from tools import deploy
from tools.pipeline.engine import CHANGES
from tools.pipeline.reviewing import FOUND, NOT_JUDGED, READY, Part, Review
from tools.pipeline.shell import Ended

MAY = Review("dev", (Part("Guard", READY),), tier="production", digest="seen", changes=2)


@dataclass
class Engine:
    """Ends as a test says, and notes what it is asked for."""

    up_ends: int = READY
    settled_ends: int = READY
    asked: list[str] = field(default_factory=list[str])

    def __call__(self, stack: str, tier: str) -> "Engine":
        self.asked.append(f"{stack} as {tier}")
        return self

    def up(self) -> Ended:
        self.asked.append("up")
        return Ended(self.up_ends, "")

    def settled(self) -> Ended:
        self.asked.append("settled")
        return Ended(self.settled_ends, "")


class Case(NamedTuple):
    found: Review
    code: int
    said: str
    engine: Engine = Engine()
    asked: tuple[str, ...] = ()
    approved: str = "seen"


DONE = ("dev as production", "up", "settled")
CASES = {
    "what is ready is deployed": Case(MAY, 0, "Deployed.", asked=DONE),
    "what is found stops it": Case(
        replace(MAY, parts=(Part("Guard", FOUND),)), 1, "Nothing was deployed."
    ),
    "what can't be judged stops it": Case(
        replace(MAY, parts=(Part("State", NOT_JUDGED),)), 2, "Nothing was deployed."
    ),
    "what isn't promoted stops it": Case(
        replace(MAY, promoted_from="qa", in_step=False), 1, "qa has changes to promote first."
    ),
    "another preview than the approved one stops it": Case(
        replace(MAY, digest="another"), 1, "this isn't the preview that was approved."
    ),
    "by hand, nobody has to have approved it": Case(
        replace(MAY, digest="another"), 0, "Deployed.", asked=DONE, approved=""
    ),
    "nothing to do is nothing done": Case(
        replace(MAY, changes=0), 0, "There was nothing to deploy."
    ),
    "an update that fails is told": Case(
        MAY, 1, "The update failed half-way.", Engine(up_ends=255), DONE[:2]
    ),
    "what would change again is told": Case(
        MAY, 1, "Deployed, but not settled", Engine(settled_ends=CHANGES), DONE
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_deploys_what_was_approved_and_nothing_speaks_against(
    case: Case,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def reviewed(stack: str, *, allow: str, after: str) -> Review:
        assert (stack, allow, after) == ("dev", "open-port:*", "qa")
        return case.found

    engine = replace(case.engine, asked=[])
    monkeypatch.setattr(deploy, "reviewed", reviewed)
    monkeypatch.setattr(deploy, "Engine", engine)
    monkeypatch.setattr(deploy, "ROOT", tmp_path)
    kept = tmp_path / ".pipeline" / "dev"
    kept.mkdir(parents=True)
    words = ["--stack", "dev", "--allow", "open-port:*", "--after", "qa"]
    assert deploy.main([*words, "--approved", case.approved]) == case.code
    assert case.said in (kept / "deployment.md").read_text("utf-8")
    assert case.said in capsys.readouterr().out
    assert tuple(engine.asked) == case.asked


PLANTED = "$(touch planted)\"; touch planted; echo '`touch planted`"
TOLD = {
    "review": ["--stack", "staging", "--allow", PLANTED, "--after", "dev"],
    "deploy": ["--stack", "staging", "--allow", PLANTED, "--after", "dev", "--approved", "seen"],
    "drift": ["--stack", "staging"],
}


@pytest.mark.parametrize("what", TOLD)
def test_make_hands_on_what_the_environment_says_and_runs_none_of_it(
    what: str, tmp_path: Path
) -> None:
    shutil.copyfile(ROOT / "Makefile", tmp_path / "Makefile")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n", encoding="utf-8")
    python.chmod(0o755)
    for name in ("requirements.txt", ".venv/.program"):
        (tmp_path / name).touch()
    given = {"STACK": "staging", "ALLOW": PLANTED, "AFTER": "dev", "APPROVED": "seen"}
    said = subprocess.run(
        ["make", "-s", what],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], **given},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said.splitlines() == ["-m", f"tools.{what}", *TOLD[what]]
    assert not (tmp_path / "planted").exists()
