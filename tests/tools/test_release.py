"""A release is made whole or not at all, and what is published is what was tagged."""

import datetime as dt
import hashlib
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tools import release
from tools.release import ReleaseError, build, make, problems

DAY = dt.date(2026, 11, 29)
PROJECT = (
    '[project]\nname = "doors"\nversion = "1.3.9" # the one place\nrequires-python = ">=3.11"\n'
)
CHANGES = "### Added\n\n- A door.\n\n### States\n\n- Go on unchanged.\n"
CHANGELOG = (
    f"# Changelog\n\n## [Unreleased]\n\n{CHANGES}\n## [1.3.9] - 2026-10-01\n\n- The first.\n"
)


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of version 1.3.9, with something to release."""
    folder = tmp_path / "doors"
    (folder / release.STATES / "1.3.9").mkdir(parents=True)
    (folder / release.STATES / "1.3.9" / "state.json").write_text("{}\n")
    (folder / release.PROJECT).parent.mkdir()
    (folder / release.PROJECT).write_text(PROJECT)
    (folder / release.CHANGELOG).write_text(CHANGELOG)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "config", "user.name", "somebody")
    git(folder, "config", "user.email", "somebody@example.com")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=A door")
    return folder


def keeper(root: Path) -> Callable[[str], None]:
    def keep(version: str) -> None:
        kept = root / release.STATES / version / "dev"
        kept.mkdir(parents=True)
        (kept / "state.json").write_text("{}\n")

    return keep


def seen(root: Path) -> tuple[str, ...]:
    """All that a release could change."""
    texts = [(root / file).read_text() for file in (release.PROJECT, release.CHANGELOG)]
    looks = git(root, "log", "--format=%H %s"), git(root, "status", "--porcelain", "-uall")
    return (*looks, git(root, "tag"), *texts)


def test_a_release_is_one_commit_and_its_tag(root: Path) -> None:
    before = git(root, "rev-parse", "HEAD")
    make(root, "1.4.0", DAY, keeper(root))
    assert git(root, "status", "--porcelain") == ""
    assert git(root, "log", "--format=%P %s", "-1") == f"{before} Version 1.4.0"
    assert git(root, "rev-parse", "v1.4.0^{commit}") == git(root, "rev-parse", "HEAD")
    assert git(root, "cat-file", "-t", "v1.4.0") == "tag"
    assert git(root, "show", "--name-only", "--format=").splitlines() == [
        "CHANGELOG.md",
        "components/pyproject.toml",
        "tests/data/states/1.4.0/dev/state.json",
    ]


def test_the_version_and_the_changelog_say_so_and_keep_everything_else(root: Path) -> None:
    make(root, "1.4.0", DAY, keeper(root))
    was, now = PROJECT.splitlines(), (root / release.PROJECT).read_text().splitlines()
    assert [line for line in now if line not in was] == ['version = "1.4.0" # the one place']
    assert len(now) == len(was)
    text = (root / release.CHANGELOG).read_text()
    assert text == CHANGELOG.replace(
        "## [Unreleased]", "## [Unreleased]\n\n## [1.4.0] - 2026-11-29"
    )
    assert release.section_of(text, "## [Unreleased]") == ""
    assert release.section_of(text, "## [1.4.0]") == CHANGES.strip()


def test_a_version_that_cant_be_set_is_not_passed_over() -> None:
    with pytest.raises(ReleaseError, match="no line"):
        release.with_version('[project]\nname = "doors"\nversion="1.3.9"\n', "1.4.0")


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("", "not ''"),
        ("1.4", "not '1.4'"),
        ("v1.4.0", "not 'v1.4.0'"),
        ("1.4.0-rc1", "not '1.4.0-rc1'"),
        ("../../..", "three numbers"),
        ("01.4.0", "three numbers"),
        ("1.3.9", "has 1.3.9 already"),
        ("1.3.10", None),
        ("1.2.99", "has 1.3.9 already"),
    ],
)
def test_a_version_is_three_numbers_and_newer(root: Path, version: str, said: str | None) -> None:
    found = list(problems(root, version))
    assert bool(found) == (said is not None), found
    assert said is None or said in found[0]


def on_a_branch(root: Path) -> None:
    git(root, "switch", "--quiet", "--create", "idea")


def detached(root: Path) -> None:
    git(root, "switch", "--quiet", "--detach")


def with_a_changed_file(root: Path) -> None:
    (root / release.PROJECT).write_text(PROJECT + "\n")


def with_a_new_file(root: Path) -> None:
    (root / "note.txt").write_text("mine\n")


def tagged(root: Path) -> None:
    git(root, "tag", "v1.4.0")


def kept_already(root: Path) -> None:
    keeper(root)("1.4.0")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message=States")


def rewritten(root: Path, changes: str) -> None:
    (root / release.CHANGELOG).write_text(CHANGELOG.replace(CHANGES, changes))
    git(root, "commit", "--quiet", "--all", "--message=Changelog")


def with_nothing_to_say(root: Path) -> None:
    rewritten(root, "")


def with_an_empty_part_on_states(root: Path) -> None:
    rewritten(root, "### States\n\n### Added\n\n- A door.\n")


def without_a_part_on_states(root: Path) -> None:
    rewritten(root, "### Added\n\n- A door.\n")


@pytest.mark.parametrize(
    ("so", "said"),
    [
        (on_a_branch, "This is the branch idea"),
        (detached, "the branch (none)"),
        (with_a_changed_file, "M components/pyproject.toml"),
        (with_a_new_file, "?? note.txt"),
        (tagged, "a tag v1.4.0 already"),
        (kept_already, "tests/data/states/1.4.0 is there already"),
        (with_nothing_to_say, "nothing under Unreleased"),
        (with_an_empty_part_on_states, "doesn't say under ### States"),
        (without_a_part_on_states, "doesn't say under ### States"),
    ],
)
def test_what_speaks_against_a_release_is_said_before_anything_is_done(
    root: Path, so: Callable[[Path], None], said: str
) -> None:
    so(root)
    before = seen(root)
    with pytest.raises(ReleaseError, match="No release") as refusal:
        make(root, "1.4.0", DAY, lambda _: pytest.fail("it began"))
    assert said in str(refusal.value)
    assert seen(root) == before


def test_everything_that_speaks_against_it_is_said_at_once(root: Path) -> None:
    on_a_branch(root)
    with_nothing_to_say(root)
    with_a_new_file(root)
    assert len(list(problems(root, "1.2"))) == 4


def keeping_fails(root: Path) -> Callable[[str], None]:
    def keep(version: str) -> None:
        keeper(root)(version)
        raise ReleaseError("no engine")

    return keep


def somebody_stops_it(root: Path) -> Callable[[str], None]:
    def keep(version: str) -> None:
        keeper(root)(version)
        raise KeyboardInterrupt

    return keep


def the_commit_is_refused(root: Path) -> Callable[[str], None]:
    hook = root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    return keeper(root)


def the_tag_is_refused(root: Path) -> Callable[[str], None]:
    """It would be signed by a program that fails; commits aren't signed."""
    git(root, "config", "tag.gpgSign", "true")
    git(root, "config", "gpg.program", "false")
    return keeper(root)


@pytest.mark.parametrize(
    "so", [keeping_fails, somebody_stops_it, the_commit_is_refused, the_tag_is_refused]
)
def test_a_release_that_fails_half_way_leaves_everything_as_it_was(
    root: Path, so: Callable[[Path], Callable[[str], None]]
) -> None:
    keep = so(root)
    before = seen(root)
    with pytest.raises((ReleaseError, KeyboardInterrupt)):
        make(root, "1.4.0", DAY, keep)
    assert seen(root) == before


def test_what_somebody_else_does_meanwhile_is_neither_released_nor_lost(root: Path) -> None:
    def edited(version: str) -> None:
        keeper(root)(version)
        (root / release.CHANGELOG).write_text(CHANGELOG + "- More.\n")

    with pytest.raises(ReleaseError, match=r"meanwhile.*\n.*CHANGELOG"):
        make(root, "1.4.0", DAY, edited)
    assert (root / release.CHANGELOG).read_text() == CHANGELOG + "- More.\n"
    git(root, "stash", "--quiet")

    def committed(version: str) -> None:
        keeper(root)(version)
        git(root, "commit", "--quiet", "--allow-empty", "--message=Meanwhile")

    with pytest.raises(ReleaseError, match="meanwhile"):
        make(root, "1.4.0", DAY, committed)
    assert git(root, "log", "--format=%s", "-1") == "Meanwhile"
    assert git(root, "tag") == ""


def test_what_is_published_is_what_was_tagged(root: Path, tmp_path: Path) -> None:
    make(root, "1.4.0", DAY, keeper(root))
    (root / "later.txt").write_text("not in it\n")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message=Later")
    archive, sums, notes = build(root, "v1.4.0", tmp_path / "dist")
    assert notes.read_text() == CHANGES
    digest, name = sums.read_text().split()
    assert (name, hashlib.sha256(archive.read_bytes()).hexdigest()) == (archive.name, digest)
    with tarfile.open(archive) as packed:
        files = {one.name for one in packed.getmembers() if one.isfile()}
        (project,) = [one for one in files if one.endswith(release.PROJECT)]
        text = packed.extractfile(project)
        assert text is not None
        assert b'version = "1.4.0"' in text.read()
    tracked = git(root, "ls-tree", "-r", "--name-only", "v1.4.0").splitlines()
    assert files == {f"alicloud-gateways-1.4.0/{file}" for file in tracked}


def test_a_tag_by_hand_is_not_published(root: Path, tmp_path: Path) -> None:
    git(root, "tag", "v1.5.0")
    with pytest.raises(ReleaseError, match="is on version"):
        build(root, "v1.5.0", tmp_path / "dist")
    with pytest.raises(ReleaseError, match=r"v9\.9\.9"):
        build(root, "v9.9.9", tmp_path / "dist")
    (root / release.PROJECT).write_text(PROJECT.replace("1.3.9", "1.5.1"))
    git(root, "commit", "--quiet", "--all", "--message=By hand")
    git(root, "tag", "v1.5.1")
    with pytest.raises(ReleaseError, match=r"CHANGELOG.md says nothing of 1.5.1"):
        build(root, "v1.5.1", tmp_path / "dist")
    assert not (tmp_path / "dist").exists()


def test_the_command_says_why_not_and_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert release.main(["make", "0.0.1"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "already: take a later number" in said.err
    assert said.err.endswith("Nothing was changed.\n")
