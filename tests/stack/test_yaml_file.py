"""A stack file is read as Pulumi reads it, with the line of every key."""

import math
import time
from pathlib import Path

import pytest

from stack.file.yaml_file import DEEPEST, LARGEST_MB, YamlFile, meaning

FILE = Path("Pulumi.dev.yaml")


def read(text: str) -> YamlFile:
    return YamlFile(FILE, text)


def rules(text: str) -> list[str]:
    return [problem.rule for problem in read(text).problems]


# Each pair was produced by gopkg.in/yaml.v3 3.0.1, the parser in the Pulumi CLI, except that whole
# floats are integers: so they leave Pulumi's JSON.
AS_GO_READS_THEM = {
    "on": "on", "off": "off", "yes": "yes", "no": "no", "y": "y", "n": "n",
    "true": True, "True": True, "TRUE": True, "tRue": "tRue", "false": False,
    "22:30": "22:30", "1:2:3": "1:2:3",
    "0o17": 15, "0O17": 15, "-0o17": -15, "+0o17": 15, "0o8": "0o8",
    "0x1F": 31, "-0x1F": -31, "0x1_F": 31, "0x": "0x", "0x1G": "0x1G",
    "0b101": 5, "-0b1": -1,
    "1_000": 1000, "1__0": 10, "_1": "_1", "9000_9010": 90009010, "1_0.5": 10.5,
    "+5": 5, "-5": -5, "05": 5, "08": 8, "0": 0, "00": 0, "-0": 0,
    "1e3": 1000, "1E3": 1000, "1e+3": 1000, "1.5": 1.5, "1.": 1, ".5": 0.5, ".5e3": 500,
    "-.5": -0.5, "+1.5": 1.5, ".": ".", "+": "+", "..5": "..5",
    ".inf": math.inf, "-.inf": -math.inf, "Infinity": "Infinity", "+.NaN": "+.NaN",
    "~": None, "null": None, "Null": None, "nULL": "nULL", '""': "", "=": "=", "<<": "<<",
    "12345678901234567890": 12345678901234567890,
    "123456789012345678901234567890": 1.2345678901234568e29, "1e400": "1e400",
    "!!str 5": "5", '!!int "5"': 5, "!!int 5": 5, "!!float 5": 5, '"5"': "5", "'on'": "on",
    "9000-9010": "9000-9010", "1.2.3.4": "1.2.3.4", "10.0.0.0/8": "10.0.0.0/8",
}  # fmt: skip


@pytest.mark.parametrize(("written", "value"), AS_GO_READS_THEM.items())
def test_a_word_means_what_it_means_to_pulumi(written: str, value: object) -> None:
    file = read(f"key: {written}\n")
    assert repr(file.values) == repr({"key": value})  # repr tells 1 from 1.0 and from True
    assert file.problems == []


def test_nan_is_a_number_that_is_none() -> None:
    value = meaning(".nan")
    assert isinstance(value, float)
    assert math.isnan(value)


@pytest.mark.parametrize(
    "date", ["2001-01-01", "2001-1-1", "2001-12-14 21:59:43", "2001-12-14t21:59:43Z"]
)
def test_a_date_without_quotes_is_refused_since_pulumi_rewrites_it(date: str) -> None:
    (problem,) = read(f"a: 1\nkey: {date}\n").problems
    assert (problem.line, problem.path) == (2, ("key",))
    assert problem.remedy == f'write it in quotes: "{date}"'


@pytest.mark.parametrize(("written", "value"), {"017": 15, "0150": 104}.items())
def test_a_number_that_pulumi_reads_as_octal_is_refused(written: str, value: int) -> None:
    file = read(f"a: 1\nkey: {written}\n")
    assert file.values == {"a": 1, "key": value}
    (problem,) = file.problems
    assert (problem.line, problem.path) == (2, ("key",))
    assert f"an octal number, {value}" in problem.rule
    assert problem.remedy.startswith(f'write it in quotes: "{written}"')
    assert rules("key: 007\n") == rules("key: 0o17\n") == rules("key: 08\n") == []


@pytest.mark.parametrize("text", ['"2001-01-01"', "2001-13-01", "2001-01-01x", "1-1-2001"])
def test_what_only_looks_like_a_date_is_text(text: str) -> None:
    assert rules(f"key: {text}\n") == []


@pytest.mark.parametrize(
    "tag", ["!!bool yes", "!!int x", "!!binary aGVsbG8=", "!mine x", "!!null x"]
)
def test_a_tag_that_changes_nothing_for_the_better_is_refused(tag: str) -> None:
    (problem,) = read(f"a: 1\nkey: {tag}\n").problems
    assert problem.line == 2
    assert "tag" in problem.rule
    assert problem.remedy == "remove the tag"


def test_every_key_and_item_has_its_line() -> None:
    file = read("top:\n  one: 1\n  list:\n    - a\n    - b: 2\n  flow: {x: 1,\n    y: 2}\n")
    lines = {
        ("top",): 1,
        ("top", "one"): 2,
        ("top", "list"): 3,
        ("top", "list", 0): 4,
        ("top", "list", 1, "b"): 5,
        ("top", "flow", "x"): 6,
        ("top", "flow", "y"): 7,
    }
    assert {path: file.line(path) for path in lines} == lines


def test_what_is_missing_has_the_line_of_what_should_hold_it() -> None:
    file = read("a:\n  b:\n    c: 1\n")
    assert file.line(("a", "b", "nothing", "here")) == 2
    assert file.line(("nothing",)) is None
    assert not file.has(("a", "b", "nothing"))
    assert file.has(("a", "b", "c"))


def test_a_key_given_twice_is_refused_at_the_second_with_the_line_of_the_first() -> None:
    (problem,) = read("a: 1\nb: 2\na: 3\n").problems
    assert (problem.line, problem.path) == (3, ("a",))
    assert "line 1" in problem.rule
    assert "remove one" in problem.remedy


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("a:\n  b:\n    c: 1\n    c: 2\n", ("a", "b", "c"), 4),
        ("a: {b: 1,\n c: 2, b: 3}\n", ("a", "b"), 2),
        ("a:\n  - x: 1\n    x: 2\n", ("a", 0, "x"), 3),
        ('a: 1\n"a": 2\n', ("a",), 2),
        ("a: &a {x: 1}\nb:\n  <<: *a\n  <<: *a\n", ("b", "<<"), 4),
    ],
)
def test_a_key_given_twice_is_found_at_any_depth(
    text: str, path: tuple[str | int, ...], line: int
) -> None:
    (problem,) = read(text).problems
    assert (problem.path, problem.line) == (path, line)


def test_a_key_given_three_times_is_refused_twice() -> None:
    assert [problem.line for problem in read("a: 1\na: 2\na: 3\n").problems] == [2, 3]


@pytest.mark.parametrize("key", ["80", "true", "1.5", "2001-01-01", "~", "0x1F"])
def test_a_key_that_isnt_text_is_refused_as_pulumi_would(key: str) -> None:
    (problem,) = read(f"a: 1\n{key}: x\n").problems
    assert problem.line == 2
    assert problem.remedy == f'write it in quotes: "{key}"'
    assert rules(f'a: 1\n"{key}": x\n') == []


def test_a_key_that_is_a_list_or_a_map_is_refused() -> None:
    assert rules("? [a, b]\n: x\n") == ["a key must be plain text"]
    assert rules("? {a: b}\n: x\n") == ["a key must be plain text"]


def test_an_alias_stands_for_its_anchor() -> None:
    assert read("a: &x {b: 1}\nc: *x\n").values == {"a": {"b": 1}, "c": {"b": 1}}


def test_merged_keys_give_way_to_a_maps_own_and_to_earlier_ones() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  x: 3\n  <<: [*a, *b]\n"
    file = read(text)
    assert isinstance(file.values, dict)
    assert file.values["c"] == {"x": 3, "y": 1, "z": 2}


def test_a_merged_key_has_the_line_where_it_is_written() -> None:
    file = read("a: &a\n  x: 1\n  y: 1\nc:\n  x: 3\n  <<: *a\n")
    assert file.line(("c", "x")) == 5
    assert file.line(("c", "y")) == 3


def test_only_an_unquoted_merge_key_merges() -> None:
    file = read('a: &a {x: 1}\nc: {"<<": *a}\n')
    assert file.values == {"a": {"x": 1}, "c": {"<<": {"x": 1}}}


@pytest.mark.parametrize("what", ["5", "text", "[1, 2]", "~"])
def test_merging_what_isnt_a_map_is_refused(what: str) -> None:
    problems = read(f"a: 1\nb:\n  <<: {what}\n").problems
    assert {problem.line for problem in problems} == {3}
    assert all("map" in problem.rule for problem in problems)


@pytest.mark.parametrize("text", ["a: &a [*a]\n", "a: &a {b: *a}\n", "a: &a\n  <<: *a\n"])
def test_an_anchor_that_contains_itself_is_refused(text: str) -> None:
    file = read(text)
    assert "an anchor must not contain itself" in [problem.rule for problem in file.problems]
    assert file.line(("a", "b", "b", "b")) == 1


def test_anchors_that_multiply_without_end_are_refused_soon() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for n in range(1, 12):
        bomb += f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n"
    started = time.process_time()
    (problem,) = read(bomb).problems
    assert "anchors" in problem.rule
    assert time.process_time() - started < 10


@pytest.mark.parametrize("depth", [DEEPEST + 1, 5000, 200_000])
def test_a_bottomless_file_is_refused_without_a_crash(depth: int) -> None:
    (problem,) = read("a:\n  " + "[" * depth + "]" * depth + "\n").problems
    assert "levels deep" in problem.rule
    assert problem.line == 2


def test_a_stack_of_aliases_can_be_too_deep_too() -> None:
    text = "a0: &a0 {x: 1}\n" + "".join(
        f"a{n}: &a{n} {{x: *a{n - 1}}}\n" for n in range(1, DEEPEST * 3)
    )
    file = read(text)
    assert len(file.problems) <= 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", 3),
        ("a: 1\n b: 2\n", 2),
        ("a: 1\nb: 'open\n", 3),
        ("a: 1\n\tb: 2\n", 2),
        ("a: 1\nb: *nowhere\n", 2),
        ("a: 1\nb: @x\n", 2),
        ("a: 1\nb: x: y\n", 2),
    ],
)
def test_what_doesnt_parse_is_one_problem_with_a_line(text: str, line: int) -> None:
    (problem,) = read(text).problems
    assert problem.rule.startswith("the file must be valid YAML: ")
    assert problem.line == line
    assert problem.remedy


def test_brackets_in_text_within_braces_are_told_to_stand_in_quotes() -> None:
    (problem,) = read("a: {path: /users/[id], method: GET}\n").problems
    assert problem.line == 1
    assert problem.remedy == (
        "within { } and [ ], text that has any of them stands in quotes: "
        'path: "/users/[id]"; or one of them isn\'t closed'
    )


def test_a_second_document_is_refused() -> None:
    (problem,) = read("a: 1\n---\nb: 2\n").problems
    assert "one document" in problem.rule
    assert problem.line == 2


@pytest.mark.parametrize("character", ["\x00", "\x07", "\ufffe"])
def test_a_character_that_yaml_forbids_is_refused_with_its_line(character: str) -> None:
    (problem,) = read(f"a: ü\nb: {character}\n").problems
    assert problem.line == 2
    assert "\n" not in problem.rule


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "~\n"])
def test_an_empty_file_holds_nothing_and_is_valid_yaml(text: str) -> None:
    file = read(text)
    assert file.values is None
    assert file.problems == []
    assert file.line(("config",)) is None


def test_a_file_that_is_too_large_to_be_read_in_time_is_refused_unread(tmp_path: Path) -> None:
    entry = "  a{}: {{publicIp: ip1, port: {}, host: ecs1}}\n"
    whole = "".join(entry.format(n, n) for n in range(20_000))
    assert read(f"a:\n{whole}").problems == []
    path = tmp_path / "Pulumi.large.yaml"
    path.write_text("a:\n" + whole * 5, encoding="utf-8")
    file = YamlFile.read(path)
    (problem,) = file.problems
    assert problem.rule == f"a file has at most {LARGEST_MB} MB"
    assert file.values is None


def test_a_file_that_isnt_there_is_a_problem(tmp_path: Path) -> None:
    (problem,) = YamlFile.read(tmp_path / "none.yaml").problems
    assert "can't be read" in problem.rule
    assert problem.line is None


def test_a_folder_is_a_file_that_cant_be_read(tmp_path: Path) -> None:
    (problem,) = YamlFile.read(tmp_path).problems
    assert "can't be read" in problem.rule


def test_a_file_that_isnt_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("a: 1\nb: ü\n".encode("latin-1"))
    (problem,) = YamlFile.read(path).problems
    assert problem.rule == "the file isn't UTF-8 text"
    assert problem.line == 2


def test_a_byte_order_mark_is_skipped_as_pulumi_skips_it(tmp_path: Path) -> None:
    path = tmp_path / "mark.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    file = YamlFile.read(path)
    assert (file.values, file.problems) == ({"a": 1}, [])


def test_windows_line_ends_keep_the_lines_right() -> None:
    file = read("a: 1\r\nb:\r\n  c: x\r\n")
    assert file.values == {"a": 1, "b": {"c": "x"}}
    assert file.line(("b", "c")) == 3
