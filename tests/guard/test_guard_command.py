"""`make guard`'s command: what it prints, allows, refuses and ends with."""

import io
import json
import re
import sys
from pathlib import Path

import pytest

from judging.guard import allowances
from tests.guard.previews import EIP, FOLDER, deleted, document, recorded
from tests.made import made
from tools import guard

TAKEN_OUT = str(FOLDER / "address-taken-out.json")
BOTH = "delete-address:shared-bandwidth-ip2 close-port:port-mappings-app2"

Printed = pytest.CaptureFixture[str]


def test_findings_end_with_1_and_a_row_each(capsys: Printed) -> None:
    assert guard.main([TAKEN_OUT]) == 1
    table = capsys.readouterr().out
    assert table.startswith("### Guard: 2 findings\n\nStack shop: 4 to delete.\n")
    rows = [line for line in table.splitlines() if line.startswith("| ❌ |")]
    assert len(rows) == 2
    assert all(row.count(" | ") == 4 for row in rows)
    assert f"make guard PREVIEW={TAKEN_OUT} ALLOW='{BOTH}'" in table


def test_the_next_command_judges_the_same_stack(
    capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def previewed(_stack: str | None, _config: str | None) -> str:
        return Path(TAKEN_OUT).read_text("utf-8")

    monkeypatch.setattr(guard, "_from_sandbox", previewed)
    assert guard.main(["--stack", "dev"]) == 1
    assert f"make guard STACK=dev ALLOW='{BOTH}'" in capsys.readouterr().out
    assert guard.main(["--config", "a b.yaml"]) == 1
    assert f"make guard 'CONFIG=a b.yaml' ALLOW='{BOTH}'" in capsys.readouterr().out


def test_many_findings_of_a_rule_are_allowed_by_the_rule(tmp_path: Path, capsys: Printed) -> None:
    file = tmp_path / "preview.json"
    many = [deleted(EIP, f"ip{number}", {}) for number in range(400)]
    file.write_text(document(*many), encoding="utf-8")
    assert guard.main([str(file)]) == 1
    (line,) = [one for one in capsys.readouterr().out.splitlines() if one.startswith("make guard")]
    assert line == f"make guard PREVIEW={file} ALLOW='delete-address:*'"
    assert guard.main([str(file), "--allow", "delete-address:*"]) == 0


def test_what_is_allowed_by_name_passes_and_is_still_shown(capsys: Printed) -> None:
    assert guard.main([TAKEN_OUT, "--allow", BOTH]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("### Guard: 2 findings, all allowed\n")
    assert shown.out.count("| allowed |") == 2
    assert "ALLOW=" not in shown.out
    assert shown.err == ""


def test_allowing_one_leaves_the_other_and_the_next_command_names_both(capsys: Printed) -> None:
    assert guard.main([TAKEN_OUT, "--allow", "close-port:port-mappings-app2"]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("### Guard: 2 findings, 1 allowed\n")
    assert f"ALLOW='{BOTH}'" in shown


def test_an_allowance_that_matches_nothing_is_told_with_the_nearest_name(capsys: Printed) -> None:
    assert guard.main([TAKEN_OUT, "--allow", "delete-address:shared-bandwidth-ip3"]) == 1
    shown = capsys.readouterr()
    assert "ALLOW names delete-address:shared-bandwidth-ip3, and nothing" in shown.err
    assert "Did you mean `delete-address:shared-bandwidth-ip2`?" in shown.out
    assert guard.main([str(FOLDER / "renamed.json"), "--allow", "open-port:x"]) == 0
    assert "ALLOW names open-port:x" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("allow", "code"),
    [
        ("delete-address:* close-port:*", 0),
        ("delete-address:shared-bandwidth-ip close-port:*", 1),
        ("delete-address close-port:*", 1),
        ("DELETE-ADDRESS:shared-bandwidth-ip2 close-port:*", 1),
        ("delete.address:shared-bandwidth-ip2 close-port:*", 1),
        ("*", 0),
        ("", 1),
    ],
)
def test_a_name_is_allowed_whole_and_a_star_stands_for_anything(allow: str, code: int) -> None:
    assert guard.main([TAKEN_OUT, "--allow", allow]) == code


def test_names_are_parted_by_blanks_lines_and_commas() -> None:
    assert allowances(" a:b,\tc:d\n e:f a:b ") == ("a:b", "c:d", "e:f")
    assert allowances(" , ") == ()


def test_json_is_one_document_with_the_same_verdict(capsys: Printed) -> None:
    arguments = [TAKEN_OUT, "--format", "json", "--allow", "close-port:port-mappings-app2 no:pe"]
    assert guard.main(arguments) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["stack"] == "shop"
    assert told["changes"] == {"create": 0, "update": 0, "replace": 0, "delete": 4}
    assert told["complete"] is True
    assert [(one["id"], one["allowed"]) for one in told["findings"]] == [
        ("delete-address:shared-bandwidth-ip2", False),
        ("close-port:port-mappings-app2", True),
    ]
    assert all({"rule", "resource", "urn", "what", "reason", "remedy"} <= one.keys()
               for one in told["findings"])  # fmt: skip
    assert told["unusedAllowances"] == ["no:pe"]


def test_nothing_found_is_said_in_two_lines(capsys: Printed) -> None:
    assert guard.main([str(FOLDER / "nothing-changed.json")]) == 0
    assert capsys.readouterr().out == "### Guard: nothing found\n\nStack shop: no changes.\n"


def test_a_preview_that_stopped_is_never_passed(capsys: Printed) -> None:
    assert guard.main([str(FOLDER / "protected-stopped.json"), "--allow", "*"]) == 2
    shown = capsys.readouterr()
    assert "--ignore-protect" in shown.out
    assert "--ignore-protect" in shown.err


class _Input(io.TextIOWrapper):
    """Standard input with some text, or at a terminal."""

    def __init__(self, text: str, *, terminal: bool = False) -> None:
        super().__init__(io.BytesIO(text.encode("utf-8")), encoding="ascii")
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize("arguments", [[], ["-"]])
def test_a_preview_is_read_from_standard_input(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", _Input(recorded("address-taken-out")))
    assert guard.main(arguments) == 1


def test_without_a_preview_at_a_terminal_it_asks_for_one(
    monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.setattr(sys, "stdin", _Input("", terminal=True))
    assert guard.main([]) == 2
    assert "Which preview?" in capsys.readouterr().err


def test_what_cant_be_judged_ends_with_2_and_one_message(tmp_path: Path, capsys: Printed) -> None:
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe{}")
    (tmp_path / "state.json").write_text('{"version": 3, "deployment": {}}', encoding="utf-8")
    for arguments, why in (
        ([str(tmp_path / "none.json")], "can't be read"),
        ([str(tmp_path)], "can't be read"),
        ([str(tmp_path / "bytes.json")], "isn't UTF-8"),
        ([str(tmp_path / "state.json")], "pulumi stack export"),
        ([str(FOLDER / "failed.json")], "The preview failed"),
        ([TAKEN_OUT, "--stack", "dev"], "not both"),
    ):
        assert guard.main(arguments) == 2
        shown = capsys.readouterr()
        assert why in shown.err
        assert shown.out == ""


def test_an_unknown_format_ends_with_2_as_whatever_isnt_judged(capsys: Printed) -> None:
    with pytest.raises(SystemExit) as stopped:
        guard.main([TAKEN_OUT, "--format", "jsn"])
    assert stopped.value.code == 2
    assert "did you mean json?" in capsys.readouterr().err


@pytest.mark.parametrize(
    "name",
    [
        "$(shell touch planted)",
        "$(touch planted)",
        "it's",
        "`touch planted`",
        "a;touch planted",
        "a$b",
    ],
)
def test_the_command_that_is_suggested_runs_nothing_when_it_is_pasted(
    name: str, tmp_path: Path, capsys: Printed
) -> None:
    file = tmp_path / "preview.json"
    file.write_text(document(deleted(EIP, name, {})), encoding="utf-8")
    assert guard.main([str(file)]) == 1
    (line,) = [one for one in capsys.readouterr().out.splitlines() if one.startswith("make guard")]
    (call,) = made(["bash", "-c", line], tmp_path)
    assert call[3:5] == ["--allow", f"delete-address:{name}"]
    assert call[-1] == str(file)
    assert not (tmp_path / "planted").exists()


@pytest.mark.parametrize("where", ["a name", "an allowance"])
def test_no_name_and_no_allowance_is_markdown_to_whoever_approves(
    where: str, tmp_path: Path, capsys: Printed
) -> None:
    file = tmp_path / "preview.json"
    live = "[x](https://example.com) <!-- @all ![](https://example.com/a.png) | allowed | a`b\u202e"
    name, allow = (live, "") if where == "a name" else ("ip1", re.sub(r"\s", "\u00a0", live))
    file.write_text(document(deleted(EIP, name, {"a": 1})), encoding="utf-8")
    assert guard.main([str(file), "--allow", allow.replace("\u00a0", "_")]) == 1
    shown = re.sub(r"```+sh\n.*?\n```+", "", capsys.readouterr().out, flags=re.DOTALL)
    outside = re.sub(r"`[^`\n]*`", "", shown)
    assert shown.count("`") % 2 == 0
    assert not re.search(r"\]\(|<!--|@all|https://|\u202e", outside), outside
    assert "\u202e" not in shown


def test_no_name_breaks_out_of_the_table(tmp_path: Path, capsys: Printed) -> None:
    file = tmp_path / "preview.json"
    name = "a|b`c\n<img> @all 'q'"
    file.write_text(document(deleted(EIP, name, {})), encoding="utf-8")
    assert guard.main([str(file)]) == 1
    shown = capsys.readouterr().out
    (row,) = [line for line in shown.splitlines() if line.startswith("| ❌")]
    assert row.count("`") % 2 == 0
    assert "a\\|b'c <img> @all 'q'`" in row
