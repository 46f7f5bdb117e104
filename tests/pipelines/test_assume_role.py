"""A runner's token for keys of the cloud: what is asked, what is written, what is never shown."""

import stat
from pathlib import Path

import pytest

from tests.pipelines.machine import secret
from tests.pipelines.token_service import TokenService
from tools import assume_role

TOKEN = secret("jwt", "pipeline")
GIVEN = {
    "ALIBABA_CLOUD_ROLE_ARN": "acs:ram::1234567890123456:role/pipeline",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1234567890123456:oidc-provider/gitlab",
    "ALIBABA_CLOUD_OIDC_TOKEN": TOKEN,
    "ALIBABA_CLOUD_ROLE_SESSION_NAME": "gitlab-99",
    "ALIBABA_CLOUD_ROLE_SESSION_EXPIRATION": "7200",
}
Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, sts: TokenService) -> None:
    for name, value in {**GIVEN, "ALIBABA_CLOUD_STS_ENDPOINT": sts.url}.items():
        monkeypatch.setenv(name, value)


def test_the_keys_are_written_for_their_owner_alone_and_not_shown(
    sts: TokenService, tmp_path: Path, capsys: Printed
) -> None:
    file = tmp_path / "keys"
    file.write_text("older")
    assert assume_role.main([str(file)]) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text() == (
        "export ALIBABA_CLOUD_ACCESS_KEY_ID='secret keys of pipeline'\n"
        "export ALIBABA_CLOUD_ACCESS_KEY_SECRET='secret keys of pipeline'\n"
        "export ALIBABA_CLOUD_SECURITY_TOKEN='secret keys of pipeline'\n"
    )
    shown = capsys.readouterr()
    assert shown.out.startswith("Acting as acs:ram::1234567890123456:role/pipeline until 2026")
    assert "secret" not in shown.out + shown.err
    (asked,) = sts.asked
    assert {key: asked[key] for key in ("Action", "Version", "RoleArn", "OIDCToken")} == {
        "Action": "AssumeRoleWithOIDC",
        "Version": "2015-04-01",
        "RoleArn": GIVEN["ALIBABA_CLOUD_ROLE_ARN"],
        "OIDCToken": TOKEN,
    }
    assert (asked["RoleSessionName"], asked["DurationSeconds"]) == ("gitlab-99", "7200")


def test_a_refusal_gives_the_services_reason_and_no_file(
    sts: TokenService, tmp_path: Path, capsys: Printed
) -> None:
    sts.refusal = {"Code": "AuthenticationFail.OIDCToken.Expired", "Message": "It has expired."}
    assert assume_role.main([str(tmp_path / "keys")]) == 1
    shown = capsys.readouterr().err
    assert shown == (
        "The role can't be assumed: AuthenticationFail.OIDCToken.Expired: It has expired.\n"
    )
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("name", list(GIVEN)[:3])
def test_what_isnt_set_is_named(
    name: str, tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(name)
    assert assume_role.main([str(tmp_path / "keys")]) == 1
    assert f"{name} must be set" in capsys.readouterr().err


def test_no_answer_is_told_without_a_traceback(
    tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_STS_ENDPOINT", "http://127.0.0.1:9")
    assert assume_role.main([str(tmp_path / "keys")]) == 1
    assert capsys.readouterr().err.startswith("The security token service gave no answer")


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("", "https://sts.aliyuncs.com"),
        ("sts-vpc.cn-shanghai.aliyuncs.com", "https://sts-vpc.cn-shanghai.aliyuncs.com"),
        ("https://sts.example", "https://sts.example"),
    ],
)
def test_an_endpoint_may_be_named_as_clusters_name_it(given: str, url: str) -> None:
    assert assume_role.endpoint({"ALIBABA_CLOUD_STS_ENDPOINT": given}) == url


def test_without_a_file_it_says_how(capsys: Printed) -> None:
    with pytest.raises(SystemExit) as ended:
        assume_role.main([])
    assert ended.value.code == 1
    assert "assume-role [-h] FILE" in capsys.readouterr().err
