"""Nothing is removed outside the project's own folder, whatever a stack or a link is called."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from stack.target import TargetError
from tools.pipeline import deploy, drift, reports, review


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with a stack file that somebody has called so that its name leads upwards."""
    folder = tmp_path / "checkout"
    for name in (".git/config", "Pulumi.dev.yaml", "Pulumi....yaml", "Pulumi...yaml", "kept/a"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("config: {}\n")
    for module in (review, deploy, drift, reports):
        monkeypatch.setattr(module, "ROOT", folder)
    monkeypatch.setenv("PATH", "")
    return folder


def everything(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if ".pipeline" not in path.parts}


@pytest.mark.parametrize("name", ["..", ".", "../checkout/kept", "../..", ".git", ""])
@pytest.mark.parametrize("command", [review.main, deploy.main, drift.main])
def test_no_stacks_name_makes_a_command_remove_the_checkout(
    checkout: Path, name: str, command: Callable[[Sequence[str]], int]
) -> None:
    before = everything(checkout)
    assert command(["--stack", name]) == 2
    assert everything(checkout) == before


@pytest.mark.parametrize("name", ["..", ".", "../kept", "a/../../kept", "/", "a/b"])
def test_a_folder_that_isnt_the_projects_own_is_never_emptied(checkout: Path, name: str) -> None:
    before = everything(checkout)
    with pytest.raises(TargetError, match="leads out"):
        reports.fresh_folder(name)
    assert everything(checkout) == before


@pytest.mark.parametrize("linked", [".pipeline", ".pipeline/dev"])
def test_a_link_in_the_repository_leads_no_command_astray(
    checkout: Path, linked: str, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere" / "dev").mkdir(parents=True)
    (tmp_path / "elsewhere" / "dev" / "a").touch()
    (checkout / linked).parent.mkdir(exist_ok=True)
    (checkout / linked).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(TargetError, match="leads out"):
        reports.fresh_folder("dev")
    assert (tmp_path / "elsewhere" / "dev" / "a").exists()


def test_what_a_run_leaves_is_its_owners_alone(checkout: Path) -> None:
    folder = reports.fresh_folder("dev")
    assert [oct(one.stat().st_mode & 0o777) for one in (folder, folder.parent)] == ["0o700"] * 2
    assert folder == checkout / ".pipeline" / "dev"
