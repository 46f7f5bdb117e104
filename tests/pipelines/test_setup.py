"""`make setup-pipelines`: what it shows is what it runs, once and again, as far as nothing fails.

`gh`, `glab` and `aliyun` are stand-ins that note their calls, know what they have made, and fail at
the call that a test names.
"""

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stack.command_line import DONE, FAILED
from stack.listing import TABLE
from tests.pipelines.checkers import with_shellcheck
from tests.pipelines.machine import ROOT
from tools.setup_pipelines import __main__ as setup

ACCOUNT = "1234567890123456"
BACKEND = "s3://states/{stack}?endpoint=https://s3.oss-cn-shanghai.aliyuncs.com&region=cn-shanghai"
FORGES = ("github", "gitlab")
PROGRAM = Path(__file__).with_name("stand_in.sh")


@dataclass
class Place:
    """A forge and an account, and who works on them."""

    folder: Path

    def calls(self) -> list[list[str]]:
        """What was called since this was asked last."""
        file = self.folder / "calls"
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        file.unlink(missing_ok=True)
        return [call.split("\037")[:-1] for call in text.split("\036")[:-1]]

    def fails_at(self, number: int) -> None:
        """Let the call of this number be refused, counted from now on."""
        (self.folder / "count").write_text("0", encoding="utf-8")
        (self.folder / "fails").write_text(str(number), encoding="utf-8")

    def made(self, name: str) -> str:
        """What something is like that was made."""
        return (self.folder / "made" / name).read_text(encoding="utf-8").rstrip("\n")

    def everything(self) -> dict[str, str]:
        """All that was made."""
        return {file.name: file.read_text("utf-8") for file in (self.folder / "made").iterdir()}

    def forget(self) -> None:
        """Begin anew."""
        for file in (self.folder / "made").iterdir():
            if not file.name.startswith("provider-"):
                file.unlink()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """With a provider of either forge, and the project's production stack alone."""
    for name in ("made", "bin", "project"):
        (tmp_path / name).mkdir()
    for name in ("gh", "glab", "aliyun"):
        program = tmp_path / "bin" / name
        program.write_bytes(PROGRAM.read_bytes())
        program.chmod(0o755)
    for forge in FORGES:
        (tmp_path / "made" / f"provider-{forge}").touch()
    (tmp_path / "account").write_text(ACCOUNT, encoding="utf-8")
    one = Place(tmp_path)
    one.fails_at(0)
    project = tmp_path / "project"
    (project / TABLE).write_text("prod: production\n", encoding="utf-8")
    (project / "Pulumi.prod.yaml").write_bytes((ROOT / "Pulumi.prod.yaml").read_bytes())
    monkeypatch.setattr(setup, "ROOT", project)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return one


def ran(forge: str, *more: str, apply: bool = True) -> int:
    given = ["--forge", forge, "--repo", "shop/infrastructure", "--account", ACCOUNT]
    reviewers = ["--reviewers", "alice shop/platform"] if forge == "github" else []
    words = [*given, "--backend", BACKEND, *reviewers, *more]
    return setup.main([*words, "--apply"] if apply else words)


def shown(forge: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert ran(forge, apply=False) == DONE
    return capsys.readouterr().out


def writes(calls: Sequence[Sequence[str]]) -> list[str]:
    """The calls that change something that isn't set to what it is."""
    again = ("UpdateRole", "CreateRole", "CreatePolicy", "AttachPolicyToRole", "variable")
    return [
        " ".join(call[:4])
        for call in calls
        if not any(word in call for word in again)
        and ("CreatePolicyVersion" in call or "--method" in call)
    ]


@pytest.mark.parametrize("forge", FORGES)
def test_it_is_shown_and_nothing_is_called_before_somebody_says_so(
    forge: str, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    script = shown(forge, capsys)
    assert place.calls() == []
    assert place.everything().keys() == {f"provider-{one}" for one in FORGES}
    # What was shown is what is run.
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    by_hand = place.calls()
    place.forget()
    assert ran(forge) == DONE
    assert place.calls() == by_hand


@pytest.mark.parametrize("forge", FORGES)
def test_shellcheck_finds_nothing(forge: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--forge", forge, "--repo", "shop/infrastructure", "--account", ACCOUNT]
    assert setup.main(given) == DONE
    done = subprocess.run(
        ["shellcheck", "-"],
        input=capsys.readouterr().out,
        env={**os.environ, "PATH": f"{with_shellcheck()}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("forge", FORGES)
def test_run_again_it_changes_nothing_and_what_has_changed_is_brought_up(
    forge: str, place: Place
) -> None:
    assert ran(forge) == DONE
    place.calls()
    before = place.everything()
    assert ran(forge) == DONE
    assert place.everything() == before
    again = [one for one in writes(place.calls()) if not one.startswith("glab")]
    assert again == []

    policy = place.folder / "made" / "policy-alicloud-gateways-prod-deploy"
    policy.write_text('{"Version":"1","Statement":[]}', encoding="utf-8")
    assert ran(forge) == DONE
    assert place.everything() == before
    assert [call[2] for call in place.calls()].count("CreatePolicyVersion") == 1


@pytest.mark.parametrize("forge", FORGES)
def test_whatever_fails_ends_it_there_and_says_where(
    forge: str, place: Place, capfd: pytest.CaptureFixture[str]
) -> None:
    assert ran(forge) == DONE
    total = len(place.calls())
    assert total > 20
    for number in range(1, total + 1):
        place.forget()
        place.fails_at(number)
        capfd.readouterr()
        assert ran(forge) == FAILED, number
        assert len(place.calls()) == number
        said = capfd.readouterr().err
        assert "Forbidden: no permission" in said
        assert said.splitlines()[-1].startswith("Stopped at: the "), said
    # Once the cause is gone, it goes on from there.
    place.fails_at(0)
    assert ran(forge) == DONE


def trusted(place: Place, role: str) -> tuple[str, dict[str, Any]]:
    """The subject that a role trusts, and how it is compared."""
    (statement,) = json.loads(place.made(f"role-{role}"))["Statement"]
    ((how, what),) = (
        (how, one["oidc:sub"]) for how, one in statement["Condition"].items() if "oidc:sub" in one
    )
    equals = statement["Condition"]["StringEquals"]
    assert equals["oidc:aud"] == ["sts.aliyuncs.com"]
    (provider,) = statement["Principal"]["Federated"]
    return f"{how} {' '.join(what)}", {"iss": equals["oidc:iss"], "provider": provider}


def test_on_github_a_role_trusts_one_environment_of_one_repository(place: Place) -> None:
    assert ran("github") == DONE
    subject = "StringEquals repo:shop/infrastructure:environment:"
    expected = {
        "iss": ["https://token.actions.githubusercontent.com"],
        "provider": f"acs:ram::{ACCOUNT}:oidc-provider/github",
    }
    assert trusted(place, "gateways-prod-deploy") == (f"{subject}prod", expected)
    assert trusted(place, "gateways-prod-preview") == (f"{subject}preview-prod", expected)
    for name, role in (("prod", "deploy"), ("preview-prod", "preview")):
        arn = f"acs:ram::{ACCOUNT}:role/gateways-prod-{role}"
        assert place.made(f"variable-ALIBABA_CLOUD_ROLE_ARN-{name}") == arn
        assert place.made(f"variable-PULUMI_BACKEND_URL-{name}") == BACKEND.format(stack="prod")


def test_on_gitlab_a_role_trusts_one_branch_of_one_project(place: Place) -> None:
    assert ran("gitlab", "--issuer", "https://git.example.com") == DONE
    subject = "project_path:shop/infrastructure:ref_type:branch:ref:"
    deploys, told = trusted(place, "gateways-prod-deploy")
    assert (deploys, told["iss"]) == (f"StringEquals {subject}main", ["https://git.example.com"])
    assert trusted(place, "gateways-prod-preview")[0] == f"StringLike {subject}*"
    calls = [call for call in place.calls() if call[:3] == ["glab", "variable", "set"]]
    assert {call[9]: "--protected" in call for call in calls} == {
        "preview-prod": False,
        "prod": True,
    }


def test_production_asks_its_reviewers_and_deploys_from_the_main_branch(place: Place) -> None:
    assert ran("github") == DONE
    made = json.loads(place.made("environment-prod"))
    assert made["reviewers"] == [{"type": "User", "id": 77}, {"type": "Team", "id": 77}]
    assert made["prevent_self_review"] is True
    assert place.made("branches-prod") == "main"
    # An environment that a workflow has made by naming it isn't left open.
    (place.folder / "made" / "environment-prod").write_text("{}", encoding="utf-8")
    assert ran("github") == DONE
    assert json.loads(place.made("environment-prod")) == made


def test_reviews_may_only_read_and_production_never_deletes_what_cant_be_had_back(
    place: Place,
) -> None:
    assert ran("github") == DONE
    attached = {
        role: sorted(
            name.removeprefix("attached-").removesuffix(f"-gateways-prod-{role}")
            for name in place.everything()
            if name.startswith("attached-") and name.endswith(f"-gateways-prod-{role}")
        )
        for role in ("preview", "deploy")
    }
    assert attached == {
        "preview": ["alicloud-gateways-prod-preview", "gateways-prod-preview-state"],
        "deploy": [
            "alicloud-gateways-prod-deploy",
            "alicloud-gateways-prod-guard-rails",
            "gateways-prod-deploy-state",
        ],
    }

    def actions(policy: str) -> set[str]:
        statements = json.loads(place.made(f"policy-{policy}"))["Statement"]
        return {action for one in statements for action in one["Action"]}

    assert actions("gateways-prod-preview-state") == {"oss:ListObjects", "oss:GetObject"}
    assert "oss:PutObject" in actions("gateways-prod-deploy-state")
    state = json.loads(place.made("policy-gateways-prod-deploy-state"))["Statement"]
    assert state[1]["Resource"] == ["acs:oss:*:*:states/prod/*"]
    assert state[0]["Condition"] == {"StringLike": {"oss:Prefix": ["prod/*"]}}


def test_no_secret_is_asked_for_and_what_is_left_is_told(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    del place
    for forge in FORGES:
        script, (_, left) = (text := shown(forge, capsys)), text.split("cat <<'END'")
        assert "PASSPHRASE" not in script.replace(left, "")
        for environment in ("preview-prod", "prod"):
            assert f" {environment}" in left


def _another_account(place: Place) -> None:
    (place.folder / "account").write_text("999999999999", encoding="utf-8")


def _no_provider(place: Place) -> None:
    (place.folder / "made" / "provider-github").unlink()


def _no_program(place: Place) -> None:
    (place.folder / "bin" / "aliyun").unlink()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_another_account, f"aliyun works in another account than {ACCOUNT}."),
        (_no_provider, "Make it in the console, which fetches its fingerprint"),
        (_no_program, "There is no aliyun on the PATH."),
    ],
)
def test_nothing_is_made_where_something_is_missing_or_another_account_is_meant(
    spoil: Callable[[Place], None], told: str, place: Place, capfd: pytest.CaptureFixture[str]
) -> None:
    spoil(place)
    before = place.everything()
    assert ran("github") == FAILED
    assert told in capfd.readouterr().err
    assert place.everything() == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--repo", ""], "REPO=shop/infrastructure"),
        (["--repo", "shop/a b"], "REPO=shop/infrastructure"),
        (["--repo", "shop/*"], "REPO=shop/infrastructure"),
        (["--account", "x"], "ACCOUNT=1234567890123456"),
        (["--provider", "$(id)"], "A provider is its name"),
        (["--issuer", "http://x"], "An issuer is an address"),
        (["--reviewers", "a;b"], "Reviewers are users and teams"),
    ],
)
def test_a_wrong_call_is_refused_before_it_becomes_a_script(
    words: list[str], told: str, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    del place
    assert ran("github", *words, apply=False) == FAILED
    said = capsys.readouterr()
    assert said.out == ""
    assert told in said.err


def test_stacks_never_share_a_folder_of_states(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    del place
    given = ["--forge", "github", "--repo", "shop/infrastructure", "--account", ACCOUNT]
    (setup.ROOT / TABLE).write_text("dev: development\nprod: production\n", encoding="utf-8")
    (setup.ROOT / "Pulumi.dev.yaml").write_bytes((ROOT / "Pulumi.dev.yaml").read_bytes())
    assert setup.main([*given, "--backend", "s3://states"]) == FAILED
    assert "write {stack} into BACKEND" in capsys.readouterr().err


def test_which_forge_it_is_is_told_by_the_program_that_is_there(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--repo", "shop/infrastructure", "--account", ACCOUNT]
    assert setup.main(given) == FAILED
    assert "Both gh and glab are on the PATH: say FORGE=" in capsys.readouterr().err
    (place.folder / "bin" / "gh").unlink()
    assert setup.main(given) == DONE
    assert "glab api" in capsys.readouterr().out
