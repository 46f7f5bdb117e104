"""What has changed in a repository, and which tests that has run."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.suite import changed
from tests.suite.changed import Choice, NoBaseError, base_of, changed_since, chosen, files_of
from tests.suite.uses import Uses

Git = Callable[..., str]


def always(value: object) -> Callable[..., object]:
    """A stand-in for a function, whatever it is asked."""

    def answer(*_asked: object) -> object:
        return value

    return answer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def git(folder: Path) -> Git:
    """A repository with two files on main, and a branch that everything below happens on."""

    def run(*words: str) -> str:
        who = ("-c", "user.name=test", "-c", "user.email=test@example.com")
        done = subprocess.run(
            ["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    run("init", "--quiet", "--initial-branch=main")
    for name in ("kept.py", "moved.md"):
        (folder / name).write_text(f"{name}\n", encoding="utf-8")
    (folder / ".gitignore").write_text("*.log\n", encoding="utf-8")
    run("add", ".")
    run("commit", "--quiet", "--message=first")
    run("switch", "--quiet", "--create=work")
    return run


def test_whatever_differs_from_where_the_branch_left_main_has_changed(
    folder: Path, git: Git
) -> None:
    base = git("rev-parse", "HEAD")
    git("mv", "moved.md", "renamed.md")
    git("commit", "--quiet", "--message=a rename")
    git("switch", "--quiet", "main")
    (folder / "later.py").write_text("of somebody else\n", encoding="utf-8")
    git("add", ".")
    git("commit", "--quiet", "--message=main goes on")
    git("switch", "--quiet", "work")
    (folder / "kept.py").write_text("edited\n", encoding="utf-8")
    (folder / "näu.py").write_text("new\n", encoding="utf-8")
    (folder / "of-a-run.log").write_text("ignored\n", encoding="utf-8")
    assert base_of(folder) == base
    assert changed_since(base, folder) == {"kept.py", "moved.md", "renamed.md", "näu.py"}
    assert files_of(folder) == {".gitignore", "kept.py", "renamed.md", "näu.py"}


def test_where_there_is_nothing_to_compare_with_that_is_said(folder: Path, git: Git) -> None:
    with pytest.raises(NoBaseError, match="There is no commit v9"):
        changed_since("v9", folder)
    git("branch", "--quiet", "-D", "main")
    with pytest.raises(NoBaseError, match="make test-changed BASE=HEAD~1"):
        base_of(folder)


def test_each_change_has_its_tests_run_and_says_so(uses: Uses) -> None:
    choice = chosen({".gitlab-ci.yml", "tests/tools/test_plan.py"}, uses)
    assert {"tests/pipelines/test_gitlab.py", "tests/tools/test_plan.py"} <= set(choice.modules)
    assert "tests/stack/test_loader.py" not in choice.modules
    assert "tests/tools/test_plan.py" in choice.why["tests/tools/test_plan.py"]
    assert "tests/pipelines/test_gitlab.py" in choice.why[".gitlab-ci.yml"]


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("of/nobody.txt", "nothing says who uses it"),
        ("pyproject.toml", "every test goes by it"),
    ],
)
def test_everything_is_run_where_it_can_t_be_told(uses: Uses, file: str, reason: str) -> None:
    choice = chosen({file}, uses)
    assert choice.why[file].endswith(reason)
    assert "tests/stack/test_loader.py" in choice.modules
    assert "examples/private-calls/test_caller.py" in choice.modules


def test_tests_with_an_engine_run_where_their_module_was_edited_and_are_named_otherwise(
    uses: Uses,
) -> None:
    edited, used = "tests/lifecycle/test_guard.py", "tests/lifecycle/account.py"
    choice = chosen({edited, used}, uses)
    assert choice.with_engine == [edited]
    assert "tests/lifecycle/test_pulumi_cli.py" in choice.left_out
    assert edited not in choice.left_out


@pytest.mark.parametrize(("modules", "code"), [(["tests/stack/test_kinds.py"], 0), (["gone"], 1)])
def test_the_command_runs_what_was_chosen_and_ends_as_the_tests_do(
    modules: list[str],
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    choice = Choice({"facts/kinds.py": "some"}, modules, [], ["tests/lifecycle/test_guard.py"])
    monkeypatch.setattr(changed, "changed_since", always({"facts/kinds.py"}))
    monkeypatch.setattr(changed, "Uses", always(None))
    monkeypatch.setattr(changed, "chosen", always(choice))
    monkeypatch.setattr(changed, "PYTEST", [*changed.PYTEST[:3], "-p", "no:cacheprovider"])
    assert changed.main(["--base", "HEAD"]) == code
    told = capfd.readouterr().out
    assert "1 file differs from HEAD.\n  facts/kinds.py: some\n" in told
    assert (" passed" in told) is (code == 0)
    assert "the tests with an engine of\n  tests/lifecycle/test_guard.py\n" in told


def test_where_nothing_has_changed_nothing_is_run(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(changed, "changed_since", always(set[str]()))
    assert changed.main(["--base", "HEAD"]) == 0
    assert capfd.readouterr().out == "Nothing differs from HEAD.\n"
