"""docs/organisations.md: the list that it shows is one, and a new version merges as it says."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from stack.listing import TABLE, TierTableError, listed, sequences
from stack.target import TargetError, target
from tests.docs.pages import ROOT, blocks, commands, text_of

PAGE = ROOT / "docs" / "organisations.md"


def shown_list(folder: Path) -> Path:
    """A repository with the stacks of the page."""
    (piece,) = blocks(PAGE, "yaml")
    (folder / TABLE).write_text(piece.text, encoding="utf-8")
    for one in listed(folder):
        (folder / one.file).parent.mkdir(parents=True, exist_ok=True)
        (folder / one.file).write_text("config: {}\n", encoding="utf-8")
    return folder


def test_the_list_of_the_page_has_two_applications_side_by_side(tmp_path: Path) -> None:
    found = [[one.stack for one in some] for some in sequences(listed(shown_list(tmp_path)))]
    assert found == [["shop-dev", "shop-prod"], ["pay-dev", "pay-staging", "pay-prod"]]
    by_file = target(None, str(tmp_path / "stacks/shop/Pulumi.prod.yaml"), tmp_path)
    assert by_file.stack == target("shop-prod", None, tmp_path).stack == "shop-prod"


def test_what_would_share_a_state_is_refused_in_the_words_of_the_page(tmp_path: Path) -> None:
    shown_list(tmp_path)
    with pytest.raises(TargetError) as refused:
        target("prod", str(tmp_path / "stacks/shop/Pulumi.prod.yaml"), tmp_path)
    assert "two files or two names never share a state" in str(refused.value).replace("\n", " ")
    (tmp_path / TABLE).write_text(
        "a/shop: {prod: production}\nb/shop: {prod: production}\n", encoding="utf-8"
    )
    with pytest.raises(TierTableError) as twice:
        listed(tmp_path)
    told = "is the stack shop-prod already, and two would share one state"
    assert told in str(twice.value)
    for words in (told, "two files or two names never share a state"):
        assert words in text_of(PAGE)


def test_a_new_version_merges_into_a_fork_that_has_its_stacks_in_folders(tmp_path: Path) -> None:
    """Of this project's files as many as can get into each other's way."""

    def git(folder: Path, *words: str) -> str:
        identity = {
            f"GIT_{who}_{what}": "t@example.com"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        done = subprocess.run(
            ["git", *words],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **identity},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    upstream, fork = tmp_path / "upstream", tmp_path / "fork"
    names = ("tiers.yaml", "promotion.yaml", "CODEOWNERS", ".gitlab/stacks.yml", "Pulumi.dev.yaml")
    for name in (*names, "Makefile", ".gitlab-ci.yml", "tools/stacks.py"):
        (upstream / name).parent.mkdir(parents=True, exist_ok=True)
        (upstream / name).write_bytes((ROOT / name).read_bytes())
    git(upstream, "init", "--quiet", "--initial-branch=main")
    git(upstream, "add", "--all")
    git(upstream, "commit", "--quiet", "--message=First")
    git(tmp_path, "clone", "--quiet", str(upstream), str(fork))

    shown_list(fork)
    for name in ("promotion.yaml", "CODEOWNERS", ".gitlab/stacks.yml"):
        (fork / name).write_text("ours\n", encoding="utf-8")
    git(fork, "add", "--all")
    git(fork, "commit", "--quiet", "--message=Ours")
    for name in ("Makefile", ".gitlab-ci.yml", "tools/stacks.py", "Pulumi.dev.yaml"):
        text = (upstream / name).read_text("utf-8")
        (upstream / name).write_text(f"# newer\n{text}", encoding="utf-8")
    git(upstream, "commit", "--quiet", "--all", "--message=Newer")
    git(upstream, "tag", "v1.1.0")

    told = [one for one in commands(PAGE) if one.startswith("git ")]
    assert len(told) == 3
    for command in told:
        git(fork, *shlex.split(command.replace("<this repository>", str(upstream)))[1:])
    for name in ("Makefile", ".gitlab-ci.yml", "tools/stacks.py", "Pulumi.dev.yaml"):
        assert (fork / name).read_text("utf-8").startswith("# newer\n")
    assert [one.stack for one in listed(fork)][:2] == ["shop-dev", "shop-prod"]
    assert (fork / "CODEOWNERS").read_text("utf-8") == "ours\n"
