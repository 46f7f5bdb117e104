"""What a review makes of a rehearsal."""

from collections.abc import Sequence

import pytest

from stack.command_line import DONE, FOUND, NOT_JUDGED
from tools.pipeline import reviewing
from tools.pipeline.reviewing import rehearsal
from tools.pipeline.shell import Ended


@pytest.mark.parametrize(
    ("ended", "code", "text"),
    [
        (Ended(0, "all 5 changes end well\n"), DONE, "all 5 changes end well\n"),
        (Ended(2, "this update fails half-way\n"), FOUND, "this update fails half-way\n"),
        (Ended(1, "Not rehearsed: a bucket.\n"), DONE, "Not rehearsed: a bucket.\n"),
        (Ended(1, ""), NOT_JUDGED, "The rehearsal broke off"),
    ],
)
def test_a_rehearsal_passes_unless_something_fails_in_it_or_it_broke_off(
    monkeypatch: pytest.MonkeyPatch, ended: Ended, code: int, text: str
) -> None:
    asked: list[Sequence[str]] = []

    def run(command: Sequence[str], **_: object) -> Ended:
        asked.append(command[1:])
        return ended

    monkeypatch.setattr(reviewing, "run", run)
    part = rehearsal("prod")
    assert (part.title, part.code) == ("Rehearsal", code)
    assert text in part.text
    assert asked == [["-m", "tools.sandbox", "rehearse", "--account", "--stack", "prod"]]
