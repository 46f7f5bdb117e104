"""What reviews and drifts look like to people, and what a pipeline gives the engine."""

from pathlib import Path

import pytest

from stack.command_line import DONE, FOUND, NOT_JUDGED
from tools.pipeline import reports
from tools.pipeline.engine import engine_environment
from tools.pipeline.reports import drift_report, review_report
from tools.pipeline.reviewing import Part, Review

DIGEST = "f" * 64
GUARD = Part("Guard", FOUND, "### Guard: 1 finding\n\n| | Finding |\n", markdown=True)


def test_the_verdict_stands_first() -> None:
    ready = Review("dev", (Part("Policies", DONE),), changes=2)
    assert review_report(ready) == "## dev: 2 changes, ready\n"
    assert review_report(Review("dev", ())).startswith("## dev: nothing to do\n")
    one = Review("dev", (Part("Policies", DONE),), changes=1)
    assert review_report(one).startswith("## dev: 1 change, ready\n")
    stopped = Review("dev", (GUARD, Part("Policies", FOUND, "x is open")), changes=2)
    assert review_report(stopped).startswith("## dev: stopped by guard and policies\n")


@pytest.mark.parametrize(
    ("codes", "code"),
    [((DONE,), DONE), ((DONE, FOUND), FOUND), ((FOUND, NOT_JUDGED), NOT_JUDGED)],
)
def test_the_worst_part_decides(codes: tuple[int, ...], code: int) -> None:
    assert Review("dev", tuple(Part("Part", one) for one in codes), digest=DIGEST).code == code
    assert Review("dev", tuple(Part("Part", one) for one in codes)).code == NOT_JUDGED


def test_text_cant_break_out_of_its_block() -> None:
    text = "```\n</details> @everybody\n````\n"
    shown = review_report(Review("dev", (Part("Policies", FOUND, text),)))
    assert "`````text\n```\n</details> @everybody\n````\n`````" in shown


def test_long_text_is_cut_and_says_so() -> None:
    report = drift_report("dev", "a line\n" * 5_000)
    assert len(report) < 20_000
    assert "characters more are in the job's log" in report


def test_how_a_finding_is_allowed_is_said_where_there_is_one() -> None:
    allowed = "run this pipeline by hand"
    assert allowed in review_report(Review("dev", (GUARD,)))
    assert allowed not in review_report(Review("dev", (Part("Guard", DONE),)))


def test_what_isnt_promoted_names_the_command() -> None:
    waiting = Review("staging", (), promoted_from="dev", in_step=False)
    assert "`make promote FROM=dev TO=staging` moves it." in review_report(waiting)


KEYS = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "STS.key",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "secret",
    "ALIBABA_CLOUD_SECURITY_TOKEN": "token",
}
BUCKET = "s3://shop?endpoint=https://s3.oss-cn-shanghai.aliyuncs.com&region=cn-shanghai"


def test_a_state_in_a_bucket_of_oss_is_reached_with_the_clouds_keys() -> None:
    given = {**KEYS, "PULUMI_BACKEND_URL": BUCKET}
    assert engine_environment(given) == {
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "AWS_ACCESS_KEY_ID": "STS.key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_SESSION_TOKEN": "token",
    }


@pytest.mark.parametrize(
    "more",
    [
        {"PULUMI_BACKEND_URL": "s3://elsewhere"},
        {"PULUMI_BACKEND_URL": "file:///tmp"},
        {"PULUMI_BACKEND_URL": BUCKET, "AWS_ACCESS_KEY_ID": "the bucket's own"},
        {},
    ],
)
def test_keys_of_the_cloud_go_nowhere_else(more: dict[str, str]) -> None:
    assert engine_environment({**KEYS, **more}) == {"PULUMI_SKIP_UPDATE_CHECK": "true"}


def test_reports_and_values_are_kept_for_later_jobs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "ROOT", tmp_path)
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    folder = reports.fresh_folder("dev")
    (folder / "older.md").write_text("of an earlier run")
    folder = reports.fresh_folder("dev")
    reports.keep(folder, "review", "## dev\n", {"REVIEW_CHANGES": "2"})
    assert sorted(file.name for file in folder.iterdir()) == ["review.env", "review.md"]
    assert (folder / "review.env").read_text() == "REVIEW_CHANGES=2\n"
    assert summary.read_text() == "## dev\n\n"
