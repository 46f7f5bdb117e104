"""A stack file is changed in the lines that are asked for, and in no others."""

from pathlib import Path

import pytest

from stack.file.yaml_file import YamlFile
from tools.promote.yaml_edits import CannotEditError, YamlEdits
from tools.promote.yaml_nodes import Snippet, YamlText, cut_snippet, plain_snippet, rendered

TEXT = """\
# top
config:
  # about a
  a: {x: 1, 'y':  "2"} # one
  # about maps
  maps:
    # about p
    p: {k: v} # two
    # about q

    # more about q
    q:
      z: 1 # three
      # the end of q
    # about r
    r: {spare: true}

  empty: {} # nothing
  none:
  # about list
  list: [a,   b]
# end
"""
MAPS = ("config", "maps")
THEIRS = Snippet("q", "{z: 2, y: [1]}", ("# theirs", "q:", "  z: 2", "  y: [1]"))


def changed(edit: YamlEdits) -> list[str]:
    """Lines that are gone with `-`, and new ones with `+`."""
    new = edit.result().splitlines()
    old = TEXT.splitlines()
    return [f"-{line}" for line in old if line not in new] + [
        f"+{line}" for line in new if line not in old
    ]


def edits() -> YamlEdits:
    return YamlEdits(TEXT)


def test_a_text_without_edits_stays_as_it_is() -> None:
    assert edits().result() == TEXT


def test_a_value_is_replaced_and_its_comment_stays() -> None:
    edit = edits()
    edit.put(("config", "a", "y"), plain_snippet("y", 3))
    assert changed(edit) == [
        "-  a: {x: 1, 'y':  \"2\"} # one",
        "+  a: {x: 1, 'y':  3} # one",
    ]


def test_an_entry_goes_in_after_the_one_it_follows_and_before_the_next_ones_comments() -> None:
    edit = edits()
    edit.insert(MAPS, Snippet("n", "{}", ("# about n", "n: {} # four")), ["p"])
    lines = edit.result().splitlines()
    at = lines.index("    # about n")
    assert lines[at - 1 : at + 3] == [
        "    p: {k: v} # two",
        "    # about n",
        "    n: {} # four",
        "    # about q",
    ]


def test_an_entry_whose_neighbours_are_unknown_goes_to_the_end() -> None:
    edit = edits()
    edit.insert(MAPS, plain_snippet("n", {"a": 1}), ["elsewhere"])
    edit.insert(MAPS, plain_snippet("m", {"a": 1}))
    lines = edit.result().splitlines()
    at = lines.index("    n: {a: 1}")
    assert lines[at - 1 : at + 3] == [
        "    r: {spare: true}",
        "    n: {a: 1}",
        "    m: {a: 1}",
        "",
    ]


@pytest.mark.parametrize("name", ["empty", "none"])
def test_an_empty_map_gets_lines(name: str) -> None:
    edit = edits()
    edit.insert(("config", name), Snippet("n", "{}", ("# about n", "n: {}")))
    values = YamlFile(Path(), edit.result()).values
    assert isinstance(values, dict)
    config = values["config"]
    assert isinstance(config, dict)
    assert config[name] == {"n": {}}
    assert "    # about n\n    n: {}\n" in edit.result()
    assert "# nothing" in edit.result()


def test_a_map_that_isnt_there_is_made() -> None:
    edit = edits()
    edit.insert(("config", "new", "inner"), plain_snippet("n", 1))
    edit.insert(("config", "new", "inner"), plain_snippet("m", 2))
    assert edit.result().endswith(
        "  list: [a,   b]\n  new:\n    inner:\n      n: 1\n      m: 2\n# end\n"
    )


def test_a_map_in_brackets_gets_entries_in_brackets() -> None:
    edit = edits()
    edit.insert(("config", "a"), Snippet("n", "5", ("# lost", "n: 5")), ["x"])
    edit.insert(("config", "a", "deep"), plain_snippet("m", 2))
    assert "  a: {x: 1, n: 5, 'y':  \"2\", deep: {m: 2}} # one\n" in edit.result()


def test_a_removed_entry_takes_its_comments_along() -> None:
    edit = edits()
    edit.remove((*MAPS, "r"))
    assert changed(edit) == ["-    # about r", "-    r: {spare: true}"]


def test_the_first_entrys_comment_stays_for_it_may_be_about_all() -> None:
    edit = edits()
    edit.remove((*MAPS, "p"))
    assert changed(edit) == ["-    p: {k: v} # two"]


@pytest.mark.parametrize(
    ("keys", "left"),
    [("x", "{'y':  \"2\"}"), ("y", "{x: 1}"), ("xy", "{}")],
)
def test_entries_in_brackets_are_removed_with_their_commas(keys: str, left: str) -> None:
    edit = edits()
    for key in keys:
        edit.remove(("config", "a", key))
    assert f"  a: {left} # one\n" in edit.result()


def test_a_map_whose_last_entry_goes_is_an_empty_one() -> None:
    edit = edits()
    for key in "pqr":
        edit.remove((*MAPS, key))
    assert "  maps: {}\n\n  empty:" in edit.result()


@pytest.mark.parametrize("path", [MAPS, ("config", "a")])
def test_every_entry_of_a_map_can_be_replaced_by_another(path: tuple[str, ...]) -> None:
    edit = edits()
    for entry in YamlText(TEXT).entries(path) or ():
        edit.remove((*path, entry.key))
    edit.insert(path, plain_snippet("n", 1))
    values = YamlFile(Path(), edit.result()).values
    assert isinstance(values, dict)
    config = values["config"]
    assert isinstance(config, dict)
    assert config[path[-1]] == {"n": 1}


def test_a_key_is_renamed_and_everything_of_it_stays() -> None:
    edit = edits()
    edit.rename((*MAPS, "q"), "front")
    edit.put((*MAPS, "q", "was"), plain_snippet("was", "q"))
    assert changed(edit) == ["-    q:", "+    front:", "+      was: q"]


def test_a_map_on_lines_is_replaced_by_one_on_lines() -> None:
    edit = edits()
    edit.put((*MAPS, "q"), THEIRS)
    assert changed(edit) == ["-      z: 1 # three", "+      z: 2", "+      y: [1]"]


def test_an_entry_is_cut_out_with_its_comments() -> None:
    snippet = cut_snippet(YamlText(TEXT), (*MAPS, "q"), {"z": 1})
    assert snippet.lines == ("# more about q", "q:", "  z: 1 # three")


def test_an_entry_with_anchors_is_written_out() -> None:
    text = "a: &one {x: 1}\nb: {c: *one}\n"
    assert cut_snippet(YamlText(text), ("b",), {"c": {"x": 1}}).lines == ("b: {c: {x: 1}}",)


def test_what_is_written_through_an_anchor_isnt_edited() -> None:
    edit = YamlEdits("a: &one {x: 1}\nb: *one\n")
    edit.insert(("b",), plain_snippet("n", 1))
    with pytest.raises(CannotEditError, match="b is an alias"):
        edit.result()


@pytest.mark.parametrize(
    "value",
    [
        *("on", "22:30", "017", "2024-01-02", "1_000", "a, b", "a: b", "中文", "", "a\nb", " x "),
        *("*", "# no comment", None, True, 1, 1.5, [], {}, {"b": {"x": [1, "{"]}, "a": None}),
    ],
)
def test_a_value_is_written_so_that_it_is_read_as_itself(value: object) -> None:
    text = f"a: {{b: {rendered(value)}, c: 1}}\nd: {rendered(value)}\n"
    assert YamlFile(Path(), text).values == {"a": {"b": value, "c": 1}, "d": value}


def test_the_last_line_needs_no_line_break() -> None:
    edit = YamlEdits("a:\n  b: 1")
    edit.insert(("a",), plain_snippet("c", 2))
    assert YamlFile(Path(), edit.result()).values == {"a": {"b": 1, "c": 2}}
