"""`make ram-policy`, as people call it."""

import json
from pathlib import Path

import pytest

from tests.permissions.stacks import ACCOUNT
from tools.ram_policy import __main__ as ram_policy

Printed = pytest.CaptureFixture[str]


def test_json_is_one_document_with_every_policy(capsys: Printed) -> None:
    assert ram_policy.main(["--stack", "prod", "--account", ACCOUNT, "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["stack"], shown["account"]) == ("prod", ACCOUNT)
    assert [(one["name"], one["role"]) for one in shown["policies"]] == [
        ("alicloud-gateways-prod-preview", "preview"),
        ("alicloud-gateways-prod-deploy", "deploy"),
        ("alicloud-gateways-prod-guard-rails", "guard-rails"),
        ("alicloud-gateways-prod-guard-rails-sealed", "guard-rails"),
    ]


def test_the_table_says_what_on_what_and_when(capsys: Printed) -> None:
    assert ram_policy.main(["--stack", "prod", "--role", "deploy"]) == 0
    shown = capsys.readouterr().out
    assert "alicloud-gateways-prod-deploy · " in shown
    assert "acs:vpc:cn-shanghai:*:natgateway/*" in shown
    assert "ram:ServiceName StringEquals nat.aliyuncs.com" in shown
    assert "preview" not in shown


def test_files_are_what_ram_takes(tmp_path: Path, capsys: Printed) -> None:
    folder = tmp_path / "policies"
    assert ram_policy.main(["--stack", "prod", "--out", str(folder), "--format", "json"]) == 0
    shown = {one["name"]: one for one in json.loads(capsys.readouterr().out)["policies"]}
    written = {file.stem: file.read_text("utf-8") for file in folder.iterdir()}
    assert written.keys() == shown.keys()
    for name, text in written.items():
        assert json.loads(text) == shown[name]["document"]
        assert len(text.rstrip("\n")) == shown[name]["characters"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--account", "mine"], "An account is its number"),
        (["--break-glass", "a role"], "A role's name has 1 to 64"),
        (["--stack", "nowhere"], "There is no stack nowhere"),
        (["--out", "/dev/null/there"], "can't be read or written"),
    ],
)
def test_a_wrong_call_is_told_and_prints_nothing(
    arguments: list[str], said: str, capsys: Printed
) -> None:
    assert ram_policy.main(arguments) == 1
    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--role", "deply"], "there is no role deply: did you mean deploy?"),
        (["--format", "yaml"], "there is no format yaml: "),
    ],
)
def test_a_word_that_isnt_known_is_told(arguments: list[str], said: str, capsys: Printed) -> None:
    with pytest.raises(SystemExit) as stopped:
        ram_policy.main(arguments)
    assert stopped.value.code == 1
    assert said in capsys.readouterr().err


def test_a_file_that_is_refused_has_no_policies(tmp_path: Path, capsys: Printed) -> None:
    file = tmp_path / "Pulumi.shop.yaml"
    file.write_text("config:\n  alicloud-gateways:topology: nothing\n", encoding="utf-8")
    assert ram_policy.main(["--config", str(file)]) == 2
    told = capsys.readouterr()
    assert "topology" in told.err
    assert told.out == ""
