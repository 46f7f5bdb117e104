"""What `make deploy` is told, and what it makes of a review and of how the update ended."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import pytest

from stack.command_line import DONE, FOUND, NOT_JUDGED
from tools.pipeline import deploy
from tools.pipeline.engine import CHANGES
from tools.pipeline.reviewing import Part, Review
from tools.pipeline.shell import Ended

MAY = Review("dev", (Part("Guard", DONE),), tier="production", digest="seen", changes=2)


@dataclass
class Engine:
    """Ends as a test says, and notes what it is asked for."""

    up_ends: int = DONE
    settled_ends: int = DONE
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
    approved: str | None = "seen"


DEPLOYED = ("dev as production", "up", "settled")
CASES = {
    "what is ready is deployed": Case(MAY, 0, "Deployed.", asked=DEPLOYED),
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
        replace(MAY, digest="another"), 0, "Deployed.", asked=DEPLOYED, approved=None
    ),
    "an approval that is empty is none": Case(
        MAY, 1, "an approval is asked for, and the one given is empty", approved=""
    ),
    "what has no digest hasn't been judged": Case(
        replace(MAY, digest=""), 2, "Nothing was deployed.", approved=""
    ),
    "nor does it run where nobody has to approve it": Case(
        replace(MAY, digest=""), 2, "Nothing was deployed.", approved=None
    ),
    "nothing to do is nothing done": Case(
        replace(MAY, changes=0), 0, "There was nothing to deploy."
    ),
    "an update that fails is told": Case(
        MAY, 1, "The update failed half-way.", Engine(up_ends=255), DEPLOYED[:2]
    ),
    "what would change again is told": Case(
        MAY, 1, "Deployed, but not settled", Engine(settled_ends=CHANGES), DEPLOYED
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_deploys_what_was_approved_and_nothing_speaks_against(
    case: Case,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def reviewed(stack: str, *, allow: str, after: str, deploys: bool) -> Review:
        assert (stack, allow, after, deploys) == ("dev", "open-port:*", "qa", True)
        return case.found

    engine = replace(case.engine, asked=[])
    monkeypatch.setattr(deploy, "reviewed", reviewed)
    monkeypatch.setattr(deploy, "Engine", engine)
    monkeypatch.setattr(deploy, "ROOT", tmp_path)
    kept = tmp_path / ".pipeline" / "dev"
    kept.mkdir(parents=True)
    words = ["--stack", "dev", "--allow", "open-port:*", "--after", "qa"]
    words += [] if case.approved is None else ["--approved", case.approved]
    assert deploy.main(words) == case.code
    assert case.said in (kept / "deployment.md").read_text("utf-8")
    assert case.said in capsys.readouterr().out
    assert tuple(engine.asked) == case.asked
