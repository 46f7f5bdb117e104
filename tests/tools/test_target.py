"""Which stack, file and state folder a command line means."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from stack.naming import stack_name_problems
from stack.target import Target, TargetError, new_target, said_to_make, stack_of, target


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml", "shop.yaml"):
        (tmp_path / name).write_text("config: {}\n")
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "Pulumi.dev.yaml").write_text("config: {}\n")
    return tmp_path


def test_without_anything_said_it_is_dev(root: Path) -> None:
    found = target(None, None, root)
    assert (found.stack, found.file, found.key) == ("dev", root / "Pulumi.dev.yaml", "dev")


def test_a_stack_is_found_by_its_name(root: Path) -> None:
    assert target("prod", None, root).file == root / "Pulumi.prod.yaml"


def test_a_file_names_its_stack(root: Path) -> None:
    assert target(None, str(root / "shop.yaml"), root).stack == "shop"


def test_a_stack_file_given_by_its_path_shares_the_stacks_state(root: Path) -> None:
    assert target(None, str(root / "Pulumi.prod.yaml"), root) == target("prod", None, root)


def test_files_of_one_name_dont_share_a_state(root: Path) -> None:
    example = target(None, str(root / "examples" / "Pulumi.dev.yaml"), root)
    assert example.stack == "dev"
    assert example.key.startswith("dev-")
    assert example.key != target("dev", None, root).key


def test_one_file_has_one_state_however_its_path_is_written(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root / "examples")
    keys = {target(None, path, root).key for path in ("../shop.yaml", str(root / "shop.yaml"))}
    assert len(keys) == 1


def test_a_stack_that_is_named_keeps_its_name(root: Path) -> None:
    found = target("trial", str(root / "shop.yaml"), root)
    assert (found.stack, found.key) == ("trial", "trial")


@pytest.mark.parametrize(
    ("name", "stack"),
    [
        ("Pulumi.prod.yaml", "prod"),
        ("anything.yaml", "anything"),
        ("two words.yml", "two-words"),
        ("2024.yaml", "stack-2024"),
        ("店.yaml", "stack"),
        ("no-suffix", "no-suffix"),
        ("a" * 90 + ".yaml", "a" * 64),
    ],
)
def test_a_file_name_becomes_a_name_that_the_cloud_takes(name: str, stack: str) -> None:
    assert stack_of(Path(name)) == stack
    assert list(stack_name_problems(stack)) == []


def test_a_stack_is_said_to_make_as_it_was_meant(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    (root / "two words.yaml").write_text("config: {}\n")
    assert said_to_make(target(None, None, root), root) == "STACK=dev"
    assert said_to_make(target(None, "Pulumi.prod.yaml", root), root) == "STACK=prod"
    assert said_to_make(target(None, "shop.yaml", root), root) == "CONFIG=shop.yaml"
    assert said_to_make(target(None, "two words.yaml", root), root) == "'CONFIG=two words.yaml'"
    for stack, config in (("trial", "shop.yaml"), (None, "examples/Pulumi.dev.yaml")):
        found = target(stack, config, root)
        said = dict(word.split("=") for word in said_to_make(found, root).split())
        assert target(said.get("STACK"), said["CONFIG"], root) == found


def test_an_unknown_stack_is_answered_with_those_there_are(root: Path) -> None:
    with pytest.raises(TargetError, match=r"Did you mean prod\?\n.*: dev, prod\."):
        target("prd", None, root)


def test_an_unknown_file_is_answered_with_the_nearest(root: Path) -> None:
    with pytest.raises(TargetError, match=r"Did you mean .*shop\.yaml\?"):
        target(None, str(root / "shp.yaml"), root)


def test_an_unknown_folder_is_named(root: Path) -> None:
    with pytest.raises(TargetError, match=r"no folder .*elsewhere"):
        target(None, str(root / "elsewhere" / "shop.yaml"), root)


OUT = (
    ".",
    "..",
    "...",
    "../elsewhere",
    "a/b",
    "/tmp",
    "",
    " ",
    "-rf",
    "a\nb",
    "a b",
    "$(id)",
    "a" * 65,
)


@pytest.mark.parametrize("name", OUT)
@pytest.mark.parametrize("which", [target, new_target])
def test_a_stacks_name_leads_out_of_no_folder(
    name: str, which: Callable[[str | None, str | None, Path], Target], root: Path
) -> None:
    with contextlib.suppress(OSError):  # what no file can be called
        (root / f"Pulumi.{name}.yaml").write_text("config: {}\n")
    for config in (None, str(root / "shop.yaml"), str(root / "new.yaml")):
        with pytest.raises(TargetError):
            which(name, config, root)
