"""One list of stacks: which there are, where their files are, and what changes go through."""

from pathlib import Path

import pytest

from stack.file.references import REFERENCE_KEY
from stack.listing import TABLE, TierTableError, files_by_stack, listed, sequences
from stack.stack_file import StackFile
from stack.target import Target, TargetError, known_stacks, new_target, said_to_make, target
from topologies import TOPOLOGIES

LIST = """\
dev: development
prod: production
stacks/shop:
  dev: development
  prod: production
stacks/pay:
  prod: production
"""
FILES = ("Pulumi.dev.yaml", "Pulumi.prod.yaml", "stacks/shop/Pulumi.dev.yaml")
FOLDERS = ("stacks/shop/Pulumi.prod.yaml", "stacks/pay/Pulumi.prod.yaml")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / TABLE).write_text(LIST, encoding="utf-8")
    for name in (*FILES, *FOLDERS):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("config: {}\n", encoding="utf-8")
    return tmp_path


def order(text: str, root: Path) -> list[list[str]]:
    (root / TABLE).write_text(text, encoding="utf-8")
    return [[one.stack for one in some] for some in sequences(listed(root))]


def test_changes_go_through_a_folders_stacks_in_the_lists_order(root: Path) -> None:
    found = [[one.stack for one in some] for some in sequences(listed(root))]
    assert found == [["dev", "prod"], ["shop-dev", "shop-prod"], ["pay-prod"]]


def test_nothing_comes_to_a_stack_from_one_that_matters_more(root: Path) -> None:
    text = "a: development\nb: development\nc: production\nme: development\nd: production\n"
    assert order(text, root) == [["a", "b", "c"], ["me", "d"]]


def test_a_folder_between_two_stacks_of_the_root_doesnt_part_them(root: Path) -> None:
    text = "a: staging\nstacks/shop:\n  dev: development\nb: production\n"
    assert order(text, root) == [["a", "b"], ["shop-dev"]]


def test_a_stack_of_a_folder_is_meant_by_its_name_and_by_its_file(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    by_name = target("shop-prod", None, root)
    assert by_name == Target("shop-prod", root / FOLDERS[0], "shop-prod")
    by_file = target(None, FOLDERS[0], root)
    assert (by_file.stack, by_file.key) == ("shop-prod", "shop-prod")
    assert target("shop-prod", FOLDERS[0], root).key == "shop-prod"
    assert said_to_make(by_file, root) == "STACK=shop-prod"


def test_two_stacks_of_one_name_in_two_folders_have_states_of_their_own(root: Path) -> None:
    found = [target(None, str(root / name), root) for name in (*FILES, *FOLDERS)]
    assert len({one.key for one in found}) == len({one.stack for one in found}) == len(found)


@pytest.mark.parametrize(
    ("stack", "config"),
    [("prod", FOLDERS[0]), ("shop-prod", FILES[1]), (None, "Pulumi.shop-prod.yaml")],
)
def test_no_name_leads_to_another_stacks_state(stack: str | None, config: str, root: Path) -> None:
    (root / "Pulumi.shop-prod.yaml").write_text("config: {}\n", encoding="utf-8")
    with pytest.raises(TargetError, match=r"STACK=shop-prod, and no CONFIG"):
        target(stack, str(root / config), root)


def test_a_stack_that_is_listed_and_has_no_file_yet_is_made_where_the_list_says(
    root: Path,
) -> None:
    (root / FOLDERS[1]).unlink()
    with pytest.raises(TargetError, match=r"no file Pulumi\.prod\.yaml in stacks/pay"):
        target("pay-prod", None, root)
    assert new_target("pay-prod", None, root).file == root / FOLDERS[1]


def test_who_misspells_a_stack_of_a_folder_is_told_it(root: Path) -> None:
    with pytest.raises(TargetError, match=r"Did you mean shop-prod\?"):
        target("shop-prd", None, root)


def test_stacks_refer_to_each_other_across_folders_by_the_names_that_they_have(root: Path) -> None:
    assert {*files_by_stack(root)} == {"dev", "prod", "shop-dev", "shop-prod", "pay-prod"}
    assert known_stacks(root) == sorted(files_by_stack(root))
    for name in (*FILES, *FOLDERS):
        file = StackFile(root / name, target(None, str(root / name), root).stack, TOPOLOGIES)
        assert {one.stack for one in file.everything_beside()} | {file.stack} == {
            *files_by_stack(root)
        }
        other = file.beside("shop-dev")
        assert other is not None
        assert other.path == root / "stacks/shop/Pulumi.dev.yaml"
        assert file.beside("nobody") is None


def test_a_file_that_no_list_has_refers_to_those_of_its_own_folder(root: Path) -> None:
    folder = root / "examples"
    folder.mkdir()
    for name in ("shop", "shared"):
        (folder / f"Pulumi.{name}.yaml").write_text(f"# {REFERENCE_KEY}\n", encoding="utf-8")
    file = StackFile(folder / "Pulumi.shop.yaml", "shop", TOPOLOGIES)
    assert [one.stack for one in file.everything_beside()] == ["shared"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("shop-dev: development\nstacks/shop: {dev: development}\n", "tiers.yaml:2  stacks/shop"),
        ("a/shop: {dev: development}\nb/shop: {dev: development}\n", "would share one state"),
        ("../shop: {dev: development}\n", "stands in this repository"),
        ("/shop: {dev: development}\n", "stands in this repository"),
        (".: {dev: development}\n", "stands in this repository"),
        ("stacks/shop: {dev: {a: b}}\n", "a tier is development, staging, production"),
        ("stacks/a shop: {dev: development}\n", "a stack's name starts every name in the cloud"),
        ("$(id): development\n", "a stack's name starts every name in the cloud"),
    ],
)
def test_a_list_in_which_two_could_be_one_or_a_name_could_be_none_is_refused(
    text: str, told: str, root: Path
) -> None:
    (root / TABLE).write_text(text, encoding="utf-8")
    with pytest.raises(TierTableError) as refused:
        listed(root)
    assert told in str(refused.value)
    with pytest.raises(TierTableError):
        target(None, str(root / FOLDERS[0]), root)
